"""What would change for officers if a course's files were published now: units added, gone or changed, by language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elearn.core.content.package import Package, read_course
from elearn.core.content.version import SAME, needed_class, raised
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import LESSON_PAGE, PACKAGE, QUESTION_TEXT
from elearn.ports import Transaction
from elearn.services.node import Node

ADDED, GONE, CHANGED = "added", "gone", "changed"


@dataclass(frozen=True)
class Difference:
    """One unit that differs. language: tag, "" for the structure; change: added, gone or changed."""

    language: str
    unit: str
    change: str


@dataclass(frozen=True)
class Comparison:
    """served, files: versions; needed: least class of edit by the structures (same, clarification, meaning); wanted:
    the version that class asks for, "" where nothing differs; differences: by language and unit."""

    course: str
    served: str
    files: str
    needed: str
    wanted: str
    differences: tuple[Difference, ...]


def compare(node: Node, course: str) -> Comparison:
    """Compare a course's files with what is served. Raises NotFound("course.unknown"), Invalid("course.damaged"),
    Invalid("course.not-published")."""
    read = read_course(course, node.course_files.read(course), node.clock.now().date())
    if read.package is None:
        raise Invalid("course.damaged", course=course, errors=len(read.findings))
    package = read.package
    with node.store.reading() as tx:
        rows = tx.tables.select(PACKAGE, {"course": course, "current": 1}, limit=1)
        if not rows:
            raise Invalid("course.not-published", course=course)
        old, new = _units_served(tx, rows[0]), _units_of(package)
    needed = needed_class(rows[0]["structure"], package.structure)
    found = tuple(sorted(_differences(old, new), key=lambda one: (one.language, one.unit)))
    served = str(rows[0]["version"])
    wanted = raised(served, needed) if found or needed != SAME else ""
    return Comparison(course, served, package.version, needed, wanted, found)


Units = dict[tuple[str, str], Any]


def _units_served(tx: Transaction, row: Mapping[str, Any]) -> Units:
    units: Units = {("", name): value for name, value in _structure(row["structure"])}
    for tag, texts in row["texts"].items():
        units |= {(tag, unit): value for unit, value in _texts(texts)}
    for one in tx.tables.select(LESSON_PAGE, {"digest": row["digest"]}):
        units[(one["language"], f"lesson/{one['lesson']}/body")] = one["html"]
    for one in tx.tables.select(QUESTION_TEXT, {"digest": row["digest"]}):
        units[(one["language"], f"question/{one['question']}")] = one["words"]
    return units


def _units_of(package: Package) -> Units:
    units: Units = {("", name): value for name, value in _structure(package.structure)}
    for tag, texts in package.texts.items():
        units |= {(tag, unit): value for unit, value in _texts(texts)}
    units |= {(tag, f"lesson/{lesson}/body"): page.html for (lesson, tag), page in package.pages.items()}
    units |= {(tag, f"question/{question}"): words for (question, tag), words in package.questions.items()}
    return units


def _structure(structure: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in structure.items():
        if name in {"questions", "facts", "pictures", "media"}:
            yield from ((f"{name}/{key}", one) for key, one in value.items())
        elif name != "version":
            yield name, value


def _texts(texts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in texts.items():
        if name in {"objectives", "lessons", "glossary"}:
            yield from ((f"{name}/{key}", one) for key, one in value.items())
        else:
            yield name, value


def _differences(old: Units, new: Units) -> Iterator[Difference]:
    for language, unit in {*old, *new}:
        key = (language, unit)
        if key not in old:
            yield Difference(language, unit, ADDED)
        elif key not in new:
            yield Difference(language, unit, GONE)
        elif old[key] != new[key]:
            yield Difference(language, unit, CHANGED)
