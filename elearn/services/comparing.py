"""What would change for officers if a course's files were published now, unit by unit."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.core.content.difference import (
    Difference,
    LessonBody,
    Units,
    differences,
    structure_units,
    word_units,
)
from elearn.core.content.package import Package, read_course
from elearn.core.content.version import CLASSES, SAME, edit_class, raised
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import LESSON_PAGE, PACKAGE, QUESTION_TEXT
from elearn.ports import Transaction
from elearn.services.node import Node


@dataclass(frozen=True)
class Comparison:
    """served, files: versions; said: class of edit the step between them says; needed: the least it must be, the
    greatest of the units'; wanted: the version that class asks for, "" where the files' version says enough."""

    course: str
    served: str
    files: str
    said: str
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
    found = differences(old, new, (rows[0]["structure"], package.structure))
    served, files = str(rows[0]["version"]), package.version
    said = edit_class(served, files)
    needed = max((one.step for one in found), key=CLASSES.index, default=SAME)
    enough = CLASSES.index(said) >= CLASSES.index(needed)
    return Comparison(course, served, files, said, needed, "" if enough else raised(served, needed), tuple(found))


def _units_served(tx: Transaction, row: Mapping[str, Any]) -> Units:
    bodies: dict[str, dict[str, LessonBody]] = defaultdict(dict)
    for one in tx.tables.select(LESSON_PAGE, {"digest": row["digest"]}):
        bodies[one["language"]][one["lesson"]] = _body(one["html"], one["passages"])
    questions: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in tx.tables.select(QUESTION_TEXT, {"digest": row["digest"]}):
        questions[one["language"]][one["question"]] = one["words"]
    return _units(row["structure"], row["texts"], bodies, questions)


def _units_of(package: Package) -> Units:
    bodies: dict[str, dict[str, LessonBody]] = defaultdict(dict)
    for (lesson, tag), page in package.pages.items():
        bodies[tag][lesson] = _body(page.html, page.passages)
    questions: dict[str, dict[str, Any]] = defaultdict(dict)
    for (question, tag), words in package.questions.items():
        questions[tag][question] = words
    return _units(package.structure, package.texts, bodies, questions)


def _units(
    structure: Mapping[str, Any],
    texts: Mapping[str, Mapping[str, Any]],
    bodies: Mapping[str, Mapping[str, LessonBody]],
    questions: Mapping[str, Mapping[str, Any]],
) -> Units:
    units: Units = {("", unit): value for unit, value in structure_units(structure)}
    for tag, of_language in texts.items():
        found = word_units(of_language, bodies.get(tag, {}), questions.get(tag, {}))
        units |= {(tag, unit): value for unit, value in found}
    return units


def _body(html: str, passages: list[dict[str, str]]) -> LessonBody:
    return LessonBody(html, tuple(one["text"] for one in passages))
