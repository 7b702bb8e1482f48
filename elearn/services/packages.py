"""Published courses, read once: a package is named by its digest and never changes, so it may stay in memory.

Nothing about persons or sessions is kept here, and nothing that can be other tomorrow under the same digest.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from elearn.core.learning.course import Course, course_of
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import PACKAGE
from elearn.core.vocab.languages import SOURCE
from elearn.ports import Transaction

KEPT_IN_MEMORY = 24
"""Packages; one with all seven languages takes about 300 kB."""


@dataclass(frozen=True)
class Package:
    """A course version with its words. texts: language -> texts; translation: language -> state of its units."""

    digest: str
    course: Course
    texts: Mapping[str, Mapping[str, Any]]
    translation: Mapping[str, Mapping[str, Any]]

    def __hash__(self) -> int:
        """Return that of the digest, which names all there is in it."""
        return hash(self.digest)

    @property
    def lesson_ids(self) -> frozenset[str]:
        """Return the ids of the lessons."""
        return frozenset(one.id for one in self.course.lessons)

    @property
    def source_words(self) -> Mapping[str, str]:
        """Return unit -> digest of its words in the source language, {} of a package made before that was kept."""
        return next((state["digests"] for state in self.translation.values() if "digests" in state), {})

    def language(self, wanted: str) -> str:
        """Return the language to show: the one wanted, else English, else the first there is."""
        if wanted in self.texts:
            return wanted
        return SOURCE if SOURCE in self.texts else next(iter(self.texts), SOURCE)

    def words(self, language: str) -> Mapping[str, Any]:
        """Return the texts in the language to show for ``language``."""
        return self.texts.get(self.language(language), {})

    def draft(self, language: str) -> bool:
        """Tell whether the words shown are a translation that was not yet reviewed."""
        return bool(self.translation.get(self.language(language), {}).get("state") == "draft")

    def behind(self, language: str, unit: str) -> tuple[str, ...]:
        """Return the parts of a unit whose source was changed since: ``lesson/<id>``, ``lesson/<id>/p7``, ..."""
        parts = self.translation.get(self.language(language), {}).get("behind", ())
        return tuple(part for part in parts if part == unit or part.startswith(f"{unit}/"))

    def stale_paragraphs(self, language: str, lesson: str) -> tuple[str, ...]:
        """Return the anchors of a lesson's paragraphs behind their source; "" stands for the whole lesson."""
        unit = f"lesson/{lesson}"
        return tuple(part.removeprefix(unit).removeprefix("/") for part in self.behind(language, unit))

    def stale_questions(self, language: str) -> frozenset[str]:
        """Return the questions whose words in the language shown are behind their source."""
        behind = self.translation.get(self.language(language), {}).get("behind", ())
        return frozenset(part.removeprefix("question/") for part in behind if part.startswith("question/"))

    def objective(self, language: str, objective: str) -> str:
        """Return the short phrase of an objective."""
        return str(self.words(language).get("objectives", {}).get(objective, objective))

    def lesson_words(self, language: str, lesson: str) -> Mapping[str, str]:
        """Return {title, summary} of a lesson."""
        return {"title": lesson, "summary": "", **self.words(language).get("lessons", {}).get(lesson, {})}


_shelf: OrderedDict[str, Package] = OrderedDict()
_shelf_lock = Lock()


def package(tx: Transaction, digest: str) -> Package:
    """Return the package with this digest. Raises NotFound("package.unknown", digest=)."""
    with _shelf_lock:
        if digest in _shelf:
            _shelf.move_to_end(digest)
            return _shelf[digest]
    row = tx.tables.get(PACKAGE, digest)
    if row is None:
        raise NotFound("package.unknown", digest=digest)
    found = Package(digest, course_of(row["structure"]), row["texts"] or {}, row["translation"] or {})
    with _shelf_lock:
        _shelf[digest] = found
        while len(_shelf) > KEPT_IN_MEMORY:
            _shelf.popitem(last=False)
    return found


def package_if_held(tx: Transaction, digest: str | None) -> Package | None:
    """Return the package, None where this node does not hold it (an officer came from another post)."""
    try:
        return package(tx, digest) if digest else None
    except NotFound:
        return None


def current_package(tx: Transaction, course: str) -> Package:
    """Return the version of a course that is taught now. Raises NotFound("course.unknown", course=)."""
    rows = tx.tables.group(PACKAGE, ("digest",), {"current": 1, "course": course})
    if not rows:
        raise NotFound("course.unknown", course=course)
    return package(tx, str(rows[0]["digest"]))


def current_digests(tx: Transaction) -> list[str]:
    """Return the digests of all courses taught now, sorted."""
    return sorted(str(row["digest"]) for row in tx.tables.group(PACKAGE, ("course", "digest"), {"current": 1}))


def current_packages(tx: Transaction) -> list[Package]:
    """Return all courses taught now, by their codes."""
    found = [package(tx, digest) for digest in current_digests(tx)]
    return sorted(found, key=lambda one: (one.course.code, one.course.id))
