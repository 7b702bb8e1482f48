"""Courses from files to the store: publishing, the trainer's workshop, previews.

A damaged course never stops a post: its findings are kept and shown, the last good package goes on being served.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from elearn import __version__
from elearn.core.content.finding import Finding, Findings, by_place
from elearn.core.content.lesson_pages import MEDIA_ADDRESS, page_of
from elearn.core.content.model import Words
from elearn.core.content.package import Package, ReadCourse, cited_facts, facts_of, read_course
from elearn.core.content.page import PAGE_FORM
from elearn.core.content.parse import is_raster
from elearn.core.content.raster import KINDS, read_header
from elearn.core.content.review import Review, reviews_due
from elearn.core.content.rules_path import requires_of, shelf_findings
from elearn.core.content.terms import TermList, read_term_lists
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import PACKAGE
from elearn.core.vocab.languages import pick
from elearn.core.vocab.nodes import Power
from elearn.core.xapi.build import build
from elearn.core.xapi.canonical import digest_of, sha256_hex
from elearn.core.xapi.verbs import PUBLISHED, course_iri
from elearn.ports import Transaction
from elearn.services.behind import changed_in_meaning
from elearn.services.fetching import is_overruled
from elearn.services.lesson_terms import TermNote, link_glossary
from elearn.services.media import Picture
from elearn.services.node import Node, fact, keep_fact
from elearn.services.offering import has_sources, keep_sources, kept_back
from elearn.services.publishing import Version, against_current, put_package, signers, versions
from elearn.services.record import record_in, saying_for

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one course. digest: of the package that is served now, None if there is none yet.

    published: another package became the one that is served, just now; errors: 0 unless they forbade publishing;
    findings: () for files that did not change since they were published; draft: the course says it is being written,
    so it was not published.
    """

    course: str
    digest: str | None
    published: bool
    errors: int
    warnings: int
    findings: tuple[Finding, ...]
    draft: bool = False


@dataclass(frozen=True)
class LanguageState:
    """How far a language of a course is; the fields of `core.content.digest.TranslationState`.

    meaning: those behind of which the source changed in meaning.
    """

    language: str
    state: str
    units: int
    current: int
    behind: tuple[str, ...]
    missing: tuple[str, ...]
    unstamped: tuple[str, ...]
    meaning: tuple[str, ...] = ()


@dataclass(frozen=True)
class CourseState:
    """A course in the workshop. files: published | changed (not published yet) | draft | damaged | absent (gone).

    titles: language -> title; version: in course.yaml, "" if unreadable; lessons: ids, for the preview; languages:
    tags of which there are words in the files; signed_by: names of nodes that vouch for what is served; reviews: facts
    to be read again now or soon.
    """

    course: str
    code: str
    titles: dict[str, str]
    version: str
    files: str
    versions: tuple[Version, ...]
    translation: tuple[LanguageState, ...]
    lessons: tuple[str, ...]
    languages: tuple[str, ...]
    findings: tuple[Finding, ...]
    signed_by: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    kept_back: bool = False

    def title(self, language: str) -> str:
        """Return the title in a language, else in English, else the id."""
        return pick(self.titles, language) or self.course

    @property
    def errors(self) -> int:
        """Return how many findings are errors."""
        return sum(one.severity == "error" for one in self.findings)

    @property
    def warnings(self) -> int:
        """Return how many findings are warnings."""
        return len(self.findings) - self.errors


@dataclass(frozen=True)
class Preview:
    """A lesson as it would be published. sources: as in LESSON_PAGE; findings: of this lesson's file only; terms: those
    of the glossary that html links to."""

    course: str
    lesson: str
    language: str
    title: str
    summary: str
    html: str
    sources: list[dict[str, Any]]
    findings: tuple[Finding, ...]
    terms: tuple[TermNote, ...]


def publish(node: Node, course: str, person: str | None = None) -> str:
    """Publish a course from its files; return the digest of the package served now.

    person: who does it; recorded as a statement if it changes what is served. Raises NotFound("course.unknown"),
    Invalid("course.damaged", course=, errors=), Invalid("course.draft", course=): nothing was changed.
    """
    outcome = _publish(node, course, person)
    if outcome.draft:
        raise Invalid("course.draft", course=course)
    if outcome.errors:
        raise Invalid("course.damaged", course=course, errors=outcome.errors)
    return str(outcome.digest)


def publish_all(node: Node, progress: Progress | None = None) -> list[Outcome]:
    """Publish every course whose files changed since the last time; return what became of each.

    progress: told (number, of how many, course id) before a course is compiled. Unchanged files are only hashed.
    """
    courses = node.course_files.courses()
    outcomes = []
    for number, course in enumerate(courses, start=1):
        unchanged = _unchanged(node, course)
        if unchanged is None and progress:
            progress(number, len(courses), course)
        outcomes.append(unchanged or _publish(node, course, None, at_start=True))
        with _read_lock:
            _read_last.pop(course, None)  # 15 MB each, which a post that only serves does not need again
    _lists.cache_clear()
    return outcomes


def workshop(node: Node, today: date | None = None) -> list[CourseState]:
    """Return every course there is in files or in the store, by id. today: for reviews that are due; now if None."""
    day = today or node.clock.now().date()
    folders = node.course_files.courses()
    with node.store.reading() as tx:
        stored = [str(row["course"]) for row in tx.tables.group(PACKAGE, ("course",))]
        return [_state(tx, node, course, course in folders, day) for course in sorted({*folders, *stored})]


def course_state(node: Node, course: str, today: date | None = None) -> CourseState:
    """Return one course of the workshop, reading only its files. Raises NotFound("course.unknown")."""
    in_files = course in node.course_files.courses()
    with node.store.reading() as tx:
        if not in_files and not tx.tables.count(PACKAGE, {"course": course}):
            raise NotFound("course.unknown", course=course)
        return _state(tx, node, course, in_files, today or node.clock.now().date())


def findings_of(node: Node, course: str, today: date | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a course's files, also against what is published. Raises NotFound("course.unknown")."""
    read, _, _ = _read(node, course, today or node.clock.now().date())
    with node.store.reading() as tx:
        return _judge(tx, node, course, read).findings


def meaning_changed(node: Node, course: str) -> dict[str, tuple[str, ...]]:
    """Return language -> units behind of which the source changed in meaning. Raises NotFound("course.unknown")."""
    read = _read(node, course, node.clock.now().date())[0]
    with node.store.reading() as tx:
        return changed_in_meaning(tx, read.course, read.translation)


def preview(  # noqa: PLR0917 - an address this long
    node: Node, course: str, lesson: str, language: str, address: str = MEDIA_ADDRESS, today: date | None = None
) -> Preview:
    """Return a lesson compiled from the files as they are, published or not.

    address: where `picture_file` is served, with a slash at the end: pictures may not be published yet.
    Raises NotFound("course.unknown" | "lesson.unknown" | "lesson.no-words"), Invalid("course.damaged").
    """
    read, _, _ = _read(node, course, today or node.clock.now().date())
    if read.course is None:
        raise Invalid("course.damaged", course=course, errors=len(read.findings))
    if lesson not in {one.id for one in read.course.structure.lessons}:
        raise NotFound("lesson.unknown", course=course, lesson=lesson)
    words = read.course.words.get(language)
    if words is None or lesson not in words.bodies:
        raise NotFound("lesson.no-words", course=course, lesson=lesson, language=language)
    page = page_of(read.course, language, lesson, address)
    html, terms = link_glossary(page.html, _glossary(words), language)
    title, summary = (words.texts.get(f"lessons/{lesson}/{part}") for part in ("title", "summary"))
    return Preview(
        course=course,
        lesson=lesson,
        language=language,
        title=title.text if title else lesson,
        summary=summary.text if summary else "",
        html=html,
        sources=cited_facts(page, facts_of(read.course)),
        findings=tuple(one for one in read.findings if one.file == f"{language}/{lesson}.md"),
        terms=terms,
    )


def _glossary(words: Words) -> dict[str, dict[str, str]]:
    glossary: dict[str, dict[str, str]] = {}
    for path, text in words.texts.items():
        if path.startswith("glossary/"):
            term, _, part = path.removeprefix("glossary/").partition("/")
            glossary.setdefault(term, {})[part] = text.text
    return glossary


def picture_file(node: Node, course: str, name: str) -> Picture:
    """Return a picture out of a course's files, published or not. name: digest and kind, as pages name it.

    Raises NotFound("course.unknown" | "media.unknown").
    """
    for path, data in node.course_files.read(course).items():
        if is_raster(path) and (kind := read_header(data).kind) and name == f"{sha256_hex(data)}.{kind}":
            return Picture(KINDS[kind], data)
    raise NotFound("media.unknown", name=name)


@dataclass(frozen=True)
class _Verdict:
    """All findings about a course, also against what is published; refused: they forbid publishing."""

    findings: tuple[Finding, ...]
    refused: bool
    overruled: bool = False

    def count(self, severity: str) -> int:
        return sum(one.severity == severity for one in self.findings)


def _judge(tx: Transaction, node: Node, course: str, read: ReadCourse) -> _Verdict:
    beside = _shelf_findings(node, read)
    if read.package is None or read.course is None:
        return _Verdict(by_place((*read.findings, *beside)), True)
    last_source = fact(tx, _fact_name(course), {}).get("source")
    more = beside + against_current(tx, read.package, last_source, read.course.structure.at("version"))
    return _Verdict(by_place((*read.findings, *more)), any(one.severity == "error" for one in more))


def _publish(node: Node, course: str, person: str | None, *, at_start: bool = False) -> Outcome:
    """Publish unless something forbids it. at_start: nobody asked for it, so what a hub handed down stays served."""
    read, raw, files = _read(node, course, node.clock.now().date())
    draft = read.course is not None and read.course.structure.draft

    def work(tx: Transaction) -> Outcome:
        served, verdict = _served(tx, course), _judge(tx, node, course, read)
        if draft:
            keep_fact(tx, _fact_name(course), {"raw": raw, "draft": True, "warnings": verdict.count("warning")})
            return Outcome(course, served, False, 0, verdict.count("warning"), verdict.findings, draft=True)
        differs = read.package is not None and read.package.digest != served
        if at_start and read.package is not None and differs and is_overruled(tx, served, read.package.version):
            keep_fact(tx, _fact_name(course), {"raw": raw, "digest": served, "source": read.package.source})
            return Outcome(course, served, False, 0, 0, ())
        if read.package is None or verdict.refused:
            return Outcome(course, served, False, verdict.count("error"), verdict.count("warning"), verdict.findings)
        package = put_package(tx, read.package, files, node.now(), node.keys)
        kept = {"raw": raw, "digest": package.digest, "source": package.source, "warnings": verdict.count("warning")}
        keep_fact(tx, _fact_name(course), kept)
        if node.can(Power.ANSWER_POSTS):
            keep_sources(tx, package, files)
        changed = package.digest != served
        if person and changed:
            _record_publication(tx, node, package, person)
        return Outcome(course, package.digest, changed, 0, verdict.count("warning"), verdict.findings)

    return node.store.write(work)


def _record_publication(tx: Transaction, node: Node, package: Package, person: str) -> None:
    said = {"digest": package.digest, "version": package.version}
    saying = saying_for(tx, node, person)
    record_in(tx, node, build(saying, node.ids.new(), PUBLISHED, course_iri(package.course), extensions=said))


def _unchanged(node: Node, course: str) -> Outcome | None:
    raw = _raw_digest(node.course_files.read(course), node.course_files.terms())
    with node.store.reading() as tx:
        kept, served = fact(tx, _fact_name(course), {}), _served(tx, course)
        if served and node.can(Power.ANSWER_POSTS) and not has_sources(tx, served):
            return None  # published before it could be handed down
    if kept.get("raw") == raw and kept.get("draft"):
        return Outcome(course, served, False, 0, int(kept.get("warnings", 0)), (), draft=True)
    if kept.get("raw") != raw or served is None or kept.get("digest") != served:
        return None
    return Outcome(course, served, False, 0, int(kept.get("warnings", 0)), ())


def _served(tx: Transaction, course: str) -> str | None:
    rows = tx.tables.group(PACKAGE, ("digest",), {"course": course, "current": 1})
    return str(rows[0]["digest"]) if rows else None


def _state(tx: Transaction, node: Node, course: str, in_files: bool, today: date) -> CourseState:
    served = _served(tx, course)
    row = tx.tables.get(PACKAGE, served) if served else None
    read = _read(node, course, today)[0] if in_files else ReadCourse(None, None, {}, ())
    verdict = _judge(tx, node, course, read)
    if read.package is not None and read.package.digest != served and is_overruled(tx, served, read.package.version):
        verdict = replace(verdict, overruled=True)
    structure = read.course.structure if read.course else None
    words = read.course.words if read.course else {}
    titles = {tag: texts["title"] for tag, texts in row["texts"].items()} if row else {}
    titles |= {tag: one.texts["title"].text for tag, one in words.items() if "title" in one.texts}
    translation = read.translation or (row["translation"] if row else {})
    meaning = changed_in_meaning(tx, read.course, translation)
    return CourseState(
        course=course,
        code=structure.code if structure else (row["structure"]["code"] if row else ""),
        titles=titles,
        version=structure.version if structure else "",
        files=_files_state(in_files, read, served, verdict),
        kept_back=course in kept_back(tx),
        versions=versions(tx, course),
        signed_by=signers(tx, served, node.keys) if served else (),
        translation=tuple(_language(tag, state, meaning.get(tag, ())) for tag, state in translation.items()),
        lessons=tuple(one.id for one in structure.lessons) if structure else (),
        languages=tuple(words),
        findings=verdict.findings,
        reviews=reviews_due(read.course.facts, today) if read.course else (),
    )


def _files_state(in_files: bool, read: ReadCourse, served: str | None, verdict: _Verdict) -> str:
    if not in_files:
        return "absent"
    if verdict.overruled:
        return "overruled"
    if read.package is None or verdict.refused:
        return "damaged"
    if read.course is not None and read.course.structure.draft:
        return "draft"
    return "published" if read.package.digest == served else "changed"


def _language(tag: str, state: dict[str, Any], meaning: tuple[str, ...]) -> LanguageState:
    lists = {name: tuple(state.get(name, ())) for name in ("behind", "missing", "unstamped")}
    return LanguageState(tag, state["state"], state["units"], state["current"], **lists, meaning=meaning)


_read_last: dict[str, tuple[tuple[str, date], ReadCourse]] = {}
_read_lock = Lock()


def _read(node: Node, course: str, today: date) -> tuple[ReadCourse, str, dict[str, bytes]]:
    """Return what the files say, their digest and themselves.

    The last reading of each course is kept: it is a pure result. The files are not: pictures are large.
    """
    files, terms = node.course_files.read(course), node.course_files.terms()
    raw = _raw_digest(files, terms)
    with _read_lock:
        kept = _read_last.get(course)
    if kept and kept[0] == (raw, today):
        return kept[1], raw, files
    read = read_course(course, files, today, _lists(tuple(terms.items())))
    with _read_lock:
        _read_last[course] = ((raw, today), read)
    return read, raw, files


def _shelf_findings(node: Node, read: ReadCourse) -> tuple[Finding, ...]:
    """Return what is wrong with the courses it requires; the folders beside it are read only where it names some."""
    if read.course is None or not read.course.structure.requires:
        return ()
    files = node.course_files
    return shelf_findings(read.course, {one: requires_of(files.read(one)) for one in files.courses()})


@lru_cache(maxsize=1)
def _lists(files: tuple[tuple[str, bytes], ...]) -> dict[str, TermList]:
    """Return the term lists; what is wrong with a list is told by `courses check`, not with every course."""
    return read_term_lists(dict(files), Findings())


def _raw_digest(files: dict[str, bytes], terms: dict[str, bytes]) -> str:
    """Return a digest of the files, of the term lists and of the program that reads them: a new one makes the pages
    anew."""
    digests = [{name: sha256_hex(data) for name, data in some.items()} for some in (files, terms)]
    return digest_of({"files": digests[0], "terms": digests[1], "by": [PAGE_FORM, __version__]})


def _fact_name(course: str) -> str:
    return f"course:{course}"
