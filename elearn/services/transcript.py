"""The transcript of training: an officer's courses and certificates, in the language asked for beside English."""

from collections.abc import Callable

from elearn.core.content.version import without_build
from elearn.core.credential.transcript import Said, Section, TranscriptPage
from elearn.core.vocab.dates import format_date, local_date
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.services.certificate_words import agency_name
from elearn.services.my_record import MyRecord, RecordCertificate, RecordCourse, my_record
from elearn.services.node import About, Node, known

NONE = Said("–")
Words = Callable[[str], str]
"""Says one thing in the language it is given."""


def transcript_pdf(node: Node, person: str, language: str) -> bytes:
    """Return the transcript as PDF. Raises NotFound("person.unknown"), and as `ports.Press.transcript`."""
    return node.press.transcript(transcript_page(node, person, language))


def transcript_printable(node: Node, person: str, language: str) -> str:
    """Return the transcript as a page a browser can print. Raises NotFound("person.unknown")."""
    return node.press.transcript_printable(transcript_page(node, person, language))


def transcript_page(node: Node, person: str, language: str) -> TranscriptPage:
    """Return the transcript put into words. language: tag of the local words. Raises NotFound("person.unknown")."""
    with node.store.reading() as tx:
        mine = known(tx)
    writer = _Writer(node, mine, language if language in LANGUAGES else SOURCE, person)
    return writer.page()


class _Writer:
    """Puts one record into words, in two languages at once."""

    def __init__(self, node: Node, mine: About, language: str, person: str) -> None:
        self._node, self._mine, self._language = node, mine, language
        self._local = my_record(node, person, language)
        self._words = tuple(_words_of(node.phrases.say, tag) for tag in (language, SOURCE))
        self._english = self._local if language == SOURCE else my_record(node, person, SOURCE)

    def page(self) -> TranscriptPage:
        """Return the page."""
        record, mine = self._local, self._mine
        now = self._node.now()
        return TranscriptPage(
            language=self._language,
            heading=self._label("heading"),
            issuer=mine.issuer or mine.name,
            person_name=record.name,
            facts=self._facts(record, now),
            sections=(self._courses(), self._certificates()),
            notes=(self._label("how-to-check"),),
            made_on=local_date(now, mine.country),
            watermark=self._words[0]["watermark"] if mine.demo else "",
        )

    def _facts(self, record: MyRecord, now: str) -> tuple[tuple[Said, Said], ...]:
        agency = record.person["agency"] or ""
        facts = (
            ("number", Said(record.service_number)),
            ("agency", self._both(lambda tag: agency_name(self._node, agency, tag))),
            ("post", Said(record.person["post"] or "")),
            ("made-on", self._day(now)),
            ("made-at", Said(self._mine.name)),
        )
        return tuple((self._label(label), value) for label, value in facts if value.local)

    def _courses(self) -> Section:
        english = {one.course: one for one in self._english.courses}
        taken = sorted(self._local.courses, key=lambda one: (one.registered_at, one.course))
        return Section(
            heading=self._label("courses"),
            columns=self._labels("course", "version", "begun", "lessons", "score", "completed"),
            rows=tuple(self._course(one, english[one.course]) for one in taken),
            nothing=self._label("no-course"),
        )

    def _course(self, one: RecordCourse, english: RecordCourse) -> tuple[Said, ...]:
        return (
            _said(one.title, english.title),
            Said(without_build(one.version) or NONE.local),
            self._day(one.registered_at),
            Said(str(one.lessons_done)),
            NONE if one.best_score is None else self._percent(one.best_score),
            self._day(one.completed_at),
        )

    def _certificates(self) -> Section:
        english = {one.number: one for one in self._english.certificates}
        # One replaced by a newer certificate says nothing that the newer one does not.
        certificates = [one for one in self._local.certificates if one.state != "replaced"]
        held = sorted(certificates, key=lambda one: (one.issued_at, one.number))
        return Section(
            heading=self._label("certificates"),
            columns=self._labels("course", "version", "certificate", "issued", "until", "state"),
            rows=tuple(self._certificate(one, english[one.number]) for one in held),
            nothing=self._label("no-certificate"),
        )

    def _certificate(self, one: RecordCertificate, english: RecordCertificate) -> tuple[Said, ...]:
        return (
            _said(one.title, english.title),
            Said(without_build(one.version) or NONE.local),
            Said(one.number),
            self._day(one.issued_at),
            self._day(one.expires_at) if one.expires_at else self._label("no-expiry"),
            self._label(one.state),
        )

    def _percent(self, score: float) -> Said:
        return Said(self._node.phrases.say(self._language, "%(percent)s %%", percent=round(score * 100)))

    def _day(self, instant: str) -> Said:
        if not instant:
            return NONE
        return self._both(lambda tag: format_date(tag, instant, country=self._mine.country))

    def _labels(self, *names: str) -> tuple[Said, ...]:
        return tuple(self._label(name) for name in names)

    def _label(self, name: str) -> Said:
        local, english = self._words
        return _said(local[name], english[name])

    def _both(self, words: Words) -> Said:
        return _said(words(self._language), words(SOURCE))


def _said(local: str, english: str) -> Said:
    return Said(local, english if english != local else "")


def _words_of(say: Callable[[str, str], str], language: str) -> dict[str, str]:
    """Return every fixed word of a transcript in a language."""
    return {
        "heading": say(language, "Transcript of training"),
        "number": say(language, "Service number"),
        "agency": say(language, "Service"),
        "post": say(language, "Post"),
        "made-on": say(language, "Made on"),
        "made-at": say(language, "Made at"),
        "courses": say(language, "Courses"),
        "course": say(language, "Course"),
        "version": say(language, "Version"),
        "begun": say(language, "Begun"),
        "lessons": say(language, "Lessons read"),
        "score": say(language, "Best score"),
        "completed": say(language, "Completed"),
        "no-course": say(language, "No course begun yet."),
        "certificates": say(language, "Certificates"),
        "certificate": say(language, "Certificate number"),
        "issued": say(language, "Issued on"),
        "until": say(language, "Valid until"),
        "no-expiry": say(language, "No expiry"),
        "state": say(language, "State"),
        "valid": say(language, "valid"),
        "expired": say(language, "expired"),
        "revoked": say(language, "revoked"),
        "no-certificate": say(language, "No certificate yet."),
        "how-to-check": say(
            language, "Each certificate can be checked at any post by its number. No connection is needed."
        ),
        "watermark": say(language, "DEMONSTRATION"),
    }
