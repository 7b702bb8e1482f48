"""Courses on paper: the book of a course and its job aids as PDF, made in the background, kept until they are other.

A file is named by everything that goes into it: package, language, the words of the interface and who issues it. So
what is kept is never stale, and nothing is lost where it is thrown away.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from elearn import __version__
from elearn.core.book.book import BOOK, BOOK_FORM, JOB_AIDS, KINDS, Book
from elearn.core.book.markup import has_job_aids
from elearn.core.content.page import PAGE_FORM
from elearn.core.learning.path import path
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.core.xapi.canonical import digest_of
from elearn.ports import PagesTold, Shelved, Transaction
from elearn.services.book_words import book_in_words, book_words, published_at
from elearn.services.node import Node, known
from elearn.services.packages import Package, current_package
from elearn.services.standing import standing

_KEY_DIGITS = 32
_aids_in: dict[tuple[str, str], bool] = {}
"""Whether a package has job aids in a language: asked on every page of a course, and never other for one digest."""


@dataclass(frozen=True)
class Offer:
    """What can be printed of a course. kind: `BOOK` or `JOB_AIDS`; size: bytes of the PDF, 0 = not made yet."""

    kind: str
    size: int


@dataclass(frozen=True)
class Ordered:
    """How it stands with a book that was asked for. language: of its words; press: whether a PDF can be made here."""

    course: str
    course_title: str
    kind: str
    language: str
    draft: bool
    shelved: Shelved
    press: bool = True


def offers(node: Node, person: str, course: str, language: str) -> tuple[Offer, ...]:
    """Return what an officer can print of a course, () while its lessons are closed.

    Raises NotFound("course.unknown").
    """
    with node.store.reading() as tx:
        package = current_package(tx, course)
        try:
            _must_be_open(tx, node, person, package)
        except Refused:
            return ()
        kinds = KINDS if _has_aids(tx, package, package.language(language)) else (BOOK,)
        keys = [_key(tx, node, package, kind, language) for kind in kinds]
    return tuple(Offer(kind, node.shelf.look(key).size) for kind, key in zip(kinds, keys, strict=True))


def order(node: Node, person: str, course: str, kind: str, language: str, *, again: bool = False) -> Ordered:
    """Have a book made if it is not there, and return how it stands. again: also if it failed before.

    Raises NotFound("course.unknown" | "book.unknown"), Refused("lesson.requires-first" | "lesson.pretest-first").
    """
    with node.store.reading() as tx:
        package = _package_for(tx, node, person, course, kind, language)
        key = _key(tx, node, package, kind, language)
    shelved, press = node.shelf.look(key), True
    if shelved.state in {"none", "failed"}:
        press = node.press.missing() is None
        if press and (again or shelved.state == "none"):
            shelved = node.shelf.order(key, lambda told: node.press.book(_book(node, package, kind, language), told))
    title = str(package.words(language).get("title", course))
    return Ordered(course, title, kind, package.language(language), package.draft(language), shelved, press)


def pdf(node: Node, person: str, course: str, kind: str, language: str) -> tuple[str, bytes] | None:
    """Return (name of the file, PDF), None where it is not ready. Raises as `order`."""
    with node.store.reading() as tx:
        package = _package_for(tx, node, person, course, kind, language)
        key = _key(tx, node, package, kind, language)
    content = node.shelf.read(key)
    return None if content is None else (file_name(package, kind, language), content)


def printable(node: Node, person: str, course: str, kind: str, language: str) -> str:
    """Return the book as a page a browser can print, for where there is no press. Raises as `order`."""
    with node.store.reading() as tx:
        package = _package_for(tx, node, person, course, kind, language)
    return node.press.book_printable(_book(node, package, kind, language))


def make(node: Node, course: str, kind: str, language: str, told: PagesTold) -> tuple[str, bytes]:
    """Return (name of the file, PDF), made here and now, for an operator. told: as in `ports.Press.book`.

    Raises NotFound("course.unknown" | "book.unknown" | "book.language"), Unavailable as `ports.Press.book`.
    """
    with node.store.reading() as tx:
        package = current_package(tx, course)
        if language not in package.texts:
            raise NotFound("book.language", course=course, languages=", ".join(package.texts))
        _must_be(tx, package, kind, language)
    return file_name(package, kind, language), node.press.book(_book(node, package, kind, language), told)


def file_name(package: Package, kind: str, language: str) -> str:
    """Return a name that tells files of different courses, versions and languages apart."""
    version = package.course.version.replace("+", "-")
    return f"{package.course.id}-{version}-{kind}-{package.language(language)}.pdf"


def _book(node: Node, package: Package, kind: str, language: str) -> Book:
    with node.store.reading() as tx:
        return book_in_words(tx, node, package, kind, package.language(language))


def _package_for(  # noqa: PLR0917 - as `order`
    tx: Transaction, node: Node, person: str, course: str, kind: str, language: str
) -> Package:
    package = current_package(tx, course)
    _must_be_open(tx, node, person, package)
    _must_be(tx, package, kind, language)
    return package


def _must_be_open(tx: Transaction, node: Node, person: str, package: Package) -> None:
    """Let only those pass who may read every lesson: to others a book would be a way around it."""
    found = path(package.course, standing(tx, person, package.course.id), node.now())
    if found.missing:
        raise Refused("lesson.requires-first", course=package.course.id)
    if not all(step.open for step in found.lessons):
        raise Refused("lesson.pretest-first", course=package.course.id)


def _must_be(tx: Transaction, package: Package, kind: str, language: str) -> None:
    there = kind == BOOK or (kind == JOB_AIDS and _has_aids(tx, package, package.language(language)))
    if not there:
        raise NotFound("book.unknown", course=package.course.id, kind=kind)


def _has_aids(tx: Transaction, package: Package, language: str) -> bool:
    asked = package.digest, language
    if asked not in _aids_in:
        rows = (tx.tables.get(LESSON_PAGE, package.digest, one.id, language) for one in package.course.lessons)
        _aids_in[asked] = any(has_job_aids(row["html"]) for row in rows if row)
    return _aids_in[asked]


def _key(tx: Transaction, node: Node, package: Package, kind: str, language: str) -> str:
    mine, tag = known(tx), package.language(language)
    made_of: Mapping[str, object] = {
        "program": [__version__, BOOK_FORM, PAGE_FORM],
        "package": package.digest,
        "version": package.course.version,
        "published": published_at(tx, package),
        "kind": kind,
        "language": tag,
        "words": asdict(book_words(node, package, tag)),
        "node": [mine.issuer or mine.name, mine.country, mine.demo],
    }
    return digest_of(made_of)[:_KEY_DIGITS]
