"""The list for the ceremony: who is called up for which certificate, unit by unit, in a language beside English."""

from collections.abc import Callable, Iterable
from itertools import groupby

from elearn.core.credential.ceremony import CalledUp, CeremonyList, Group
from elearn.core.credential.transcript import Said
from elearn.core.vocab.dates import format_date, local_date
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.people import Agency
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session
from elearn.services.certificate_choice import Choice, Chosen, course_title, found_in, may_choose, sorting
from elearn.services.node import Node, known
from elearn.services.paper_sessions import session_row


def ceremony_pdf(node: Node, by: Session, choice: Choice, language: str) -> bytes:
    """Return the list as PDF. Raises as `ceremony`, and as `ports.Press.ceremony`."""
    return node.press.ceremony(ceremony(node, by, choice, language))


def ceremony_printable(node: Node, by: Session, choice: Choice, language: str) -> str:
    """Return the list as a page a browser can print. Raises as `ceremony`."""
    return node.press.ceremony_printable(ceremony(node, by, choice, language))


def ceremony(node: Node, by: Session, choice: Choice, language: str) -> CeremonyList:
    """Return the list put into words: in the language chosen for the certificates, else in that of the page.

    Raises as `certificate_choice.found`, Refused("printing.nothing").
    """
    with node.store.reading() as tx:
        may_choose(tx, node, by, choice)
        good = found_in(tx, node, choice, language).good
        if not good:
            raise Refused("printing.nothing")
        of = choice.language or (language if language in LANGUAGES else SOURCE)
        return _Writer(tx, node, choice, of).list(good)


class _Writer:
    """Puts one list into words, in two languages at once."""

    def __init__(self, tx: Transaction, node: Node, choice: Choice, language: str) -> None:
        self._tx, self._node, self._choice, self._language = tx, node, choice, language
        self._mine = known(tx)
        self._titles: dict[tuple[str, str], Said] = {}

    def list(self, chosen: Iterable[Chosen]) -> CeremonyList:
        """Return the list. chosen: those that can be printed."""
        mine, say = self._mine, self._node.phrases.say
        return CeremonyList(
            language=self._language,
            heading=self._both(lambda tag: say(tag, "Certificates to be handed over")),
            issuer=mine.issuer or mine.name,
            facts=self._facts(len(tuple(chosen))),
            columns=(
                self._both(lambda tag: say(tag, "Name")),
                self._both(lambda tag: say(tag, "Course")),
                self._both(lambda tag: say(tag, "Certificate number")),
                self._both(lambda tag: say(tag, "Sign here")),
            ),
            groups=tuple(self._groups(chosen)),
            made_on=local_date(self._node.now(), mine.country),
            watermark=say(self._language, "DEMONSTRATION") if mine.demo else "",
        )

    def _facts(self, count: int) -> tuple[tuple[Said, Said], ...]:
        say, now = self._node.phrases.say, self._node.now()
        facts = [
            (
                self._both(lambda tag: say(tag, "Made on")),
                self._both(lambda tag: format_date(tag, now, country=self._mine.country)),
            ),
            (self._both(lambda tag: say(tag, "Made at")), Said(self._mine.name)),
            (self._both(lambda tag: say(tag, "Certificates")), Said(str(count))),
        ]
        if self._choice.session:
            place = str(session_row(self._tx, self._choice.session)["place"])
            facts.append((self._both(lambda tag: say(tag, "Where it is held")), Said(place)))
        return tuple(facts)

    def _groups(self, chosen: Iterable[Chosen]) -> Iterable[Group]:
        """Yield the units in the order of the language, in each the officers in the order chosen."""

        def unit(one: Chosen) -> tuple[bytes, str, str]:
            heading = self._unit(one.person).local
            return self._node.collation.key(self._language, heading), heading, ""

        sort = sorting(self._node, self._choice, self._language)
        for _, members in groupby(sorted(chosen, key=lambda one: (unit(one), sort(one))), key=unit):
            lines = tuple(members)
            called = tuple(CalledUp(one.name, self._title(one.row), one.number) for one in lines)
            yield Group(self._unit(lines[0].person), called)

    def _unit(self, person: Row | None) -> Said:
        agency, post = str(person["agency"] or "") if person else "", str(person["post"] or "") if person else ""
        say = self._node.phrases.say

        def words(tag: str) -> str:
            service = agency_words(say, agency, tag)
            if service and post:
                return say(tag, "%(agency)s, %(post)s", agency=service, post=post)
            return service or post or say(tag, "Not known")

        return self._both(words)

    def _title(self, row: Row) -> Said:
        key = (str(row["digest"]), str(row["course"]))
        if key not in self._titles:
            self._titles[key] = self._both(lambda tag: course_title(self._tx, row, tag))
        return self._titles[key]

    def _both(self, words: Callable[[str], str]) -> Said:
        local, english = words(self._language), words(SOURCE)
        return Said(local, english if english != local else "")


def agency_words(say: Callable[[str, str], str], agency: str, language: str) -> str:
    """Return the name of an agency in a language, "" for one not known."""
    names = {
        Agency.POLICE.value: say(language, "Police"),
        Agency.CUSTOMS.value: say(language, "Customs"),
        Agency.IMMIGRATION.value: say(language, "Immigration"),
        Agency.NARCOTICS.value: say(language, "Narcotics control"),
        Agency.BORDER_GUARD.value: say(language, "Border guard"),
        Agency.OTHER.value: say(language, "Other service"),
    }
    return names.get(agency, "")
