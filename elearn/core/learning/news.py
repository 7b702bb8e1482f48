"""What is other in a course than in the version somebody read: for each lesson, and which lessons are new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.core.learning.course import Course
from elearn.core.vocab.errors import NotFound


@dataclass(frozen=True)
class Edition:
    """A published version. words: unit -> digest of its words in the source language, {} where that was not kept."""

    course: Course
    words: Mapping[str, str]


def lesson_differs(old: Edition | None, new: Edition, lesson: str) -> bool | None:
    """Tell whether a lesson of ``new`` says or asks something else than in ``old``; None where that can't be told.

    Looked at are its title, summary and text, its objectives, and the checks with their words. Minutes, order and
    drawings are not: nobody has to read a lesson again for those.
    """
    if old is None or not old.words or not new.words:
        return None
    return bool(_said(old, lesson) != _said(new, lesson))


def new_lessons(old: Edition, new: Edition) -> tuple[str, ...]:
    """Return the lessons that ``old`` does not have, in the order of the course."""
    before = {one.id for one in old.course.lessons}
    return tuple(one.id for one in sorted(new.course.lessons, key=lambda one: one.number) if one.id not in before)


def _said(edition: Edition, lesson: str) -> Any:
    try:
        one = edition.course.lesson(lesson)
    except NotFound:
        return None
    checks = [(edition.course.question(check), edition.words.get(f"question/{check}")) for check in one.checks]
    return edition.words.get(f"lesson/{lesson}"), sorted(one.objectives), checks
