"""Which lines and cells of a report are not shown, by their values.

Courses lie within outcomes of the action plan, and those within areas. Protected each by itself, their tables would
tell on each other: an outcome printed beside all of its courses but one gives that one away. So outcomes and areas
print only what the tables of courses tell already, and a question asked of an outcome only what may be told of each of
its courses.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from elearn.core.stats.counted import Count, Counted
from elearn.core.stats.measures import AREA, GROUPS, OUTCOME
from elearn.core.stats.privacy import hidden_cells, hidden_lines

COURSE = "course"
NESTED = (COURSE, OUTCOME, AREA)
"""Dimensions of which each lies within the next."""

Hidden = frozenset[str] | None
"""Values of the lines that are hidden; None: no line can be shown."""

Cells = frozenset[tuple[str, str]] | None
_NOBODY = Count("", 0, 0)
_T = TypeVar("_T")


def hidden_of(dimension: str, counts: Sequence[Count]) -> Hidden:
    """Return what is hidden in a table that stands for itself.

    The share of women is asked for in every report: where few have stated none, men are hidden with them rather.
    """
    female = next((at for at, count in enumerate(counts) if dimension == "sex" and count.value == "female"), None)
    found = hidden_lines([count.persons for count in counts], wanted=female)
    return None if found is None else frozenset(counts[at].value for at in found)


def hidden_in(dimension: str, counted: Counted) -> Hidden:
    """Return what is hidden in one table of a report."""
    if counted.parts:
        return _together([hidden_in(dimension, part) for part in _counting(counted)])
    if dimension not in GROUPS:
        return hidden_of(dimension, counted.lines(dimension))
    courses = hidden_of(COURSE, counted.lines(COURSE))
    return None if courses is None else _groups_hidden(counted.groups[dimension], courses, total_shown=True)


def hidden_in_cross(rows: str, columns: str, counted: Counted) -> Cells:
    """Return the (row, column) that are hidden in the table of two dimensions; None: it can't be shown."""
    if counted.parts:
        return _together([hidden_in_cross(rows, columns, part) for part in _counting(counted)])
    if hidden_in(rows, counted) is None or hidden_in(columns, counted) is None or counted.cross is None:
        return None
    if rows in NESTED and columns in NESTED:
        return _nested(rows, columns, counted)
    if rows in GROUPS:
        return _grouped(rows, columns, counted)
    if columns in GROUPS:
        found = _grouped(columns, rows, counted)
        return None if found is None else frozenset((row, column) for column, row in found)
    return _plain(rows, columns, counted, counted.cross)


def _counting(counted: Counted) -> list[Counted]:
    return [part for part in counted.parts if part.total.persons]


def _together(parts: Sequence[frozenset[_T] | None]) -> frozenset[_T] | None:
    """Return what one of the parts hides: each of them is safe by itself, so their sum is."""
    found: set[_T] = set()
    for hidden in parts:
        if hidden is None:
            return None
        found |= hidden
    return frozenset(found)


def _groups_hidden(groups: Mapping[str, str], courses: frozenset[str], *, total_shown: bool) -> frozenset[str]:
    """Return the groups with a hidden course. One that holds them all is what the printed ones leave of the total."""
    found = frozenset(groups[course] for course in courses)
    return frozenset() if total_shown and len(found) == 1 else found


def _nested(rows: str, columns: str, counted: Counted) -> Cells:
    """Each line of the finer dimension stands in one cell alone, which tells what that line tells."""
    finer = min(rows, columns, key=NESTED.index)
    hidden, at = hidden_in(finer, counted) or frozenset(), (0 if finer == rows else 1)
    return frozenset(cell for cell, count in (counted.cross or {}).items() if cell[at] in hidden and count.persons)


def _grouped(dimension: str, other: str, counted: Counted) -> Cells:
    """Return the (group, value of the other dimension) that are hidden."""
    cells = _plain(COURSE, other, counted, counted.by_course)
    totals = hidden_in(other, counted)
    if cells is None or totals is None:
        return None
    found: set[tuple[str, str]] = set()
    for value in {value for _, value in cells}:
        courses = frozenset(course for course, there in cells if there == value)
        groups = _groups_hidden(counted.groups[dimension], courses, total_shown=value not in totals)
        found.update((group, value) for group in groups)
    return frozenset(found)


def _plain(rows: str, columns: str, counted: Counted, cells: Mapping[tuple[str, str], Count]) -> Cells:
    true_rows, true_columns = counted.lines(rows), counted.lines(columns)
    hidden_rows, hidden_columns = hidden_in(rows, counted), hidden_in(columns, counted)
    if hidden_rows is None or hidden_columns is None:
        return None
    found = hidden_cells(
        [[cells.get((row.value, column.value), _NOBODY).persons for column in true_columns] for row in true_rows],
        [row.persons for row in true_rows],
        [column.persons for column in true_columns],
        _places(true_rows, hidden_rows),
        _places(true_columns, hidden_columns),
    )
    return None if found is None else frozenset((true_rows[row].value, true_columns[at].value) for row, at in found)


def _places(counts: Sequence[Count], hidden: frozenset[str]) -> frozenset[int]:
    return frozenset(at for at, count in enumerate(counts) if count.value in hidden)
