"""What changed in a course since an officer read its lessons; which of them are to be read again.

A typo changes nothing. A clarification keeps the lesson read and tells the officer. Where the meaning changed, the
lesson is to be read again.
"""

from collections.abc import Mapping
from typing import Any

from elearn.core.content.version import CLARIFICATION, MEANING, edit_class
from elearn.core.learning.news import Edition, lesson_differs, new_lessons
from elearn.ports import Transaction
from elearn.services.packages import Package, package_if_held

Readings = Mapping[str, Mapping[str, Any]]
"""Lesson -> when, and in which version and package, it was read last (`projections.progress`)."""


NEW = "new"


def changes(tx: Transaction, package: Package, readings: Readings) -> dict[str, str]:
    """Return lesson -> "clarification" or "meaning" for lessons read that are other now, "new" for those added since.

    A lesson read in a package that is not here cannot be compared: across a change of meaning it counts as changed,
    otherwise not.
    """
    now = edition(package)
    found = dict.fromkeys(_added(tx, package, readings), NEW)
    for lesson, reading in readings.items():
        step = _step(package, reading)
        if step and lesson in package.lesson_ids:
            differs = lesson_differs(_read_in(tx, reading), now, lesson)
            if differs or (differs is None and step == MEANING):
                found[lesson] = step
    return found


def _added(tx: Transaction, package: Package, readings: Readings) -> tuple[str, ...]:
    """Return the lessons the course did not have when the officer last read one."""
    if not readings:
        return ()
    last = max(readings.values(), key=lambda one: (str(one["at"]), str(one["id"])))
    before = _read_in(tx, last) if _step(package, last) else None
    return new_lessons(before, edition(package)) if before else ()


def edition(package: Package) -> Edition:
    """Return the package as what can be compared."""
    return Edition(package.course, package.source_words)


def _step(package: Package, reading: Mapping[str, Any]) -> str:
    """Return the class of the step from the version read to the one taught now, "" for one that is not told."""
    if reading["digest"] == package.digest:
        return ""
    step = edit_class(str(reading["version"] or ""), package.course.version)
    return step if step in {CLARIFICATION, MEANING} else ""


def _read_in(tx: Transaction, reading: Mapping[str, Any]) -> Edition | None:
    held = package_if_held(tx, reading["digest"])
    return edition(held) if held else None
