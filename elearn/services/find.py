"""Looking things up: lessons and glossary, in the officer's language first, then in English.

The index is a cache of the published packages. Questions are never in it, so no answer can be found by searching.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from elearn.core.content.page import PAGE_FORM
from elearn.core.search.passage import Hit, Passage
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.core.vocab.languages import SOURCE
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.packages import Package, current_digests, current_packages

_FORM = 1
"""Raised when the same packages give other passages."""


@dataclass(frozen=True)
class Found:
    """A hit, with the title of its course in the hit's language."""

    hit: Hit
    course_title: str


@dataclass(frozen=True)
class Term:
    """One term of a glossary."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class GlossaryPart:
    """The terms of one course, in the course's order. language: of the words; draft: not yet reviewed."""

    course: str
    course_title: str
    language: str
    draft: bool
    terms: tuple[Term, ...]


def find(node: Node, language: str, query: str, limit: int = 20) -> list[Found]:
    """Return the best places, those in ``language`` first, then English ones of places not found in it.

    Raises Unavailable("search.building") while the first index is built by another thread.
    """
    _refresh_if_free(node)
    hits = node.search.find(language, query, limit)
    if language != SOURCE and len(hits) < limit:
        there = {_place(one) for one in hits}
        hits += [one for one in node.search.find(SOURCE, query, limit) if _place(one) not in there]
    with node.store.reading() as tx:
        packages = {one.course.id: one for one in current_packages(tx)}
    return [Found(one, _course_title(packages.get(one.passage.course), one.passage)) for one in hits[:limit]]


def refresh(node: Node, progress: Callable[[int], None] | None = None) -> bool:
    """Build the index anew if what is published is not what it was built from; tell whether it was built.

    progress: told how many passages are done. Raises Unavailable("search.building") if another is building it.
    """
    with node.store.reading() as tx:
        fingerprint = _fingerprint(tx)
    if node.search.current(fingerprint):
        return False
    # Read in one go: a view of the store must not be held open for as long as an index takes to build.
    with node.store.reading() as tx:
        fingerprint = _fingerprint(tx)
        passages = list(_passages(tx))
    node.search.rebuild(fingerprint, passages, progress)
    return True


def glossary(node: Node, language: str) -> list[GlossaryPart]:
    """Return the glossary of every course taught here that has one."""
    with node.store.reading() as tx:
        packages = current_packages(tx)
    parts = [
        GlossaryPart(
            course=one.course.id,
            course_title=str(one.words(language).get("title", one.course.id)),
            language=one.language(language),
            draft=one.draft(language),
            terms=tuple(Term(*row) for row in _terms(one, language)),
        )
        for one in packages
    ]
    return [part for part in parts if part.terms]


def _refresh_if_free(node: Node) -> None:
    """Search what is published now; while another thread builds, what was published before is good enough."""
    try:
        refresh(node)
    except Unavailable as error:
        if error.code != "search.building":
            raise


def _fingerprint(tx: Transaction) -> str:
    return digest_of({"form": _FORM, "pages": PAGE_FORM, "packages": current_digests(tx)})


def _passages(tx: Transaction) -> Iterator[Passage]:
    for package in current_packages(tx):
        for language in package.texts:
            yield from _lesson_passages(tx, package, language)
            yield from _glossary_passages(package, language)


def _lesson_passages(tx: Transaction, package: Package, language: str) -> Iterator[Passage]:
    course = package.course.id
    for lesson in package.course.lessons:
        row = tx.tables.get(LESSON_PAGE, package.digest, lesson.id, language)
        for one in (row or {}).get("passages") or ():
            yield Passage(
                id=f"{course}/{language}/{lesson.id}/{one['anchor']}",
                language=language,
                kind="lesson",
                course=course,
                place=lesson.id,
                anchor=one["anchor"],
                title=one["title"],
                text=one["text"],
            )


def _glossary_passages(package: Package, language: str) -> Iterator[Passage]:
    course = package.course.id
    for term, name, meaning in _terms(package, language):
        yield Passage(
            id=f"{course}/{language}/glossary/{term}",
            language=language,
            kind="glossary",
            course=course,
            place=term,
            anchor=f"term-{course}-{term}",
            title=name,
            text=meaning,
        )


def _terms(package: Package, language: str) -> list[tuple[str, str, str]]:
    """Return (id, name, meaning) of every term."""
    terms = package.words(language).get("glossary", {})
    return [(term, str(words.get("name", term)), str(words.get("meaning", ""))) for term, words in terms.items()]


def _place(hit: Hit) -> tuple[str, str, str, str]:
    one = hit.passage
    return one.course, one.kind, one.place, one.anchor


def _course_title(package: Package | None, passage: Passage) -> str:
    return str(package.words(passage.language).get("title", passage.course)) if package else passage.course
