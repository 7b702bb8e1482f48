"""How much of a course is still known 30, 90 and 180 days after the exam: shares of right answers to refreshers.

Counted are first answers in the windows of `core/vocab/retention.py`, of all officers asked, by course and by language.
Lines of fewer than 10 officers are flagged, of fewer than 5 hidden, with what would tell them. How many were asked
tells that at least so many passed: so courses and languages that the report does not show are left out here with all
they add to a sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from elearn.core.stats.privacy import hidden_lines, is_small

CAUTION = 10
"""Below so many officers a share is flagged: one more of them would change it by a tenth."""

TOTAL = "total"

State = Literal["shown", "none"]


@dataclass(frozen=True)
class Recall:
    """Answers counted. persons: officers asked; asked, right: their answers."""

    value: str
    persons: int
    asked: int
    right: int


@dataclass(frozen=True)
class WindowCounted:
    """Counts of one window, not yet protected. told_apart: a report with fewer filters hides this very number."""

    window: int
    total: Recall
    courses: Sequence[Recall]
    languages: Sequence[Recall]
    told_apart: bool = False


@dataclass(frozen=True)
class Recalled:
    """One line of one window. None: not shown. share: of right answers, 0..1; flagged: fewer than 10 officers."""

    value: str
    window: int
    persons: int | None
    asked: int | None
    share: float | None
    flagged: bool = False


@dataclass(frozen=True)
class Retention:
    """state: "shown"; "none": nobody was asked yet, of whom something may be shown.

    totals: a line a window; courses, languages: a line a value and window, values in the order of tables; left_out:
    whether the report hides courses or languages, whose answers, if there are any, are in no number here.
    """

    state: State
    totals: tuple[Recalled, ...] = ()
    courses: tuple[Recalled, ...] = ()
    languages: tuple[Recalled, ...] = ()
    left_out: bool = False

    @property
    def flags(self) -> bool:
        """Tell whether a line is to be read with care."""
        return any(line.flagged for line in (*self.totals, *self.courses, *self.languages))

    def lines(self, dimension: str) -> tuple[Recalled, ...]:
        """Return the lines of "total", "course" or "language"."""
        return {TOTAL: self.totals, "course": self.courses, "language": self.languages}[dimension]

    def rows(self, dimension: str) -> dict[str, dict[int, Recalled]]:
        """Return value -> window -> line, as tables show them."""
        found: dict[str, dict[int, Recalled]] = {}
        for line in self.lines(dimension):
            found.setdefault(line.value, {})[line.window] = line
        return found


def make_retention(counted: Sequence[WindowCounted], left_out: bool = False) -> Retention:
    """Return the protected figures. counted: the windows in their order, of courses and languages that are shown."""
    if not any(one.total.persons for one in counted):
        return Retention("none", left_out=left_out)
    return Retention(
        state="shown",
        totals=tuple(line for one in counted for line in _lines(one, [one.total])),
        courses=tuple(line for one in counted for line in _lines(one, one.courses)),
        languages=tuple(line for one in counted for line in _lines(one, one.languages)),
        left_out=left_out,
    )


def _lines(of: WindowCounted, recalls: Sequence[Recall]) -> list[Recalled]:
    if of.told_apart or is_small(of.total.persons):
        hidden: frozenset[int] | None = None
    else:
        hidden = hidden_lines([one.persons for one in recalls])
    return [
        _hidden(one, of.window) if hidden is None or at in hidden else _line(one, of.window)
        for at, one in enumerate(recalls)
    ]


def _line(one: Recall, window: int) -> Recalled:
    share = round(one.right / one.asked, 4) if one.asked else None
    return Recalled(one.value, window, one.persons, one.asked, share, 0 < one.persons < CAUTION)


def _hidden(one: Recall, window: int) -> Recalled:
    return Recalled(one.value, window, None, None, None)
