"""Counts for one question, by group-bys over the projections: the same few queries at a post and at a large hub.

What comes out is not yet protected; only `core/stats/report.py` may show it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from math import fsum
from typing import Any

from elearn.core.projections.completions import COMPLETION
from elearn.core.stats.counted import Count, Counted
from elearn.core.stats.hiding import COURSE, NESTED, hidden_of
from elearn.core.stats.measures import (
    ALLOWED,
    COLUMNS,
    DIMENSIONS,
    GROUPS,
    PERIOD,
    Filters,
    Period,
    group_of,
    period_after,
    period_of,
    span_of,
)
from elearn.core.stats.privacy import is_small
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.tables import Span, Where
from elearn.ports import Transaction
from elearn.services.certificate_states import certificates_by_state
from elearn.services.opinions import opinions
from elearn.services.outcomes import outcomes_there

MOST_PERIODS = 60
"""Up to here also periods in which nobody was trained are listed; a clock in 1970 must not make 600 empty lines."""

MOST_CELLS = 3000
"""Of a table of two dimensions: beyond that nobody reads it, and protecting it takes seconds."""

_ALWAYS = {"sex": ("female", "male")}
"""Values listed even when nobody has them: that no woman was trained is a finding."""


def count(tx: Transaction, filters: Filters, scope: Where) -> Counted:
    """Return everything counted. scope: conditions on completions that the reader can't change."""
    return _Counting(tx, filters, scope).everything()


class _Counting:
    """One question over one view of the store."""

    def __init__(self, tx: Transaction, filters: Filters, scope: Where) -> None:
        self._tx = tx
        self._filters = filters
        self._scope = scope
        self._narrow: Where = {**scope, **filters.columns_chosen}
        there = outcomes_there(tx, self._narrow)
        self._outcomes = {course: outcome for course, outcome in there.items() if filters.takes(outcome)}
        self._of_groups = any(name in filters.chosen for name in GROUPS)
        if self._of_groups:
            self._narrow[COURSE] = tuple(sorted(self._outcomes))
        self._where = self._timed(self._narrow)

    def everything(self) -> Counted:
        """Return the counts."""
        tx = self._tx
        periods = self._periods()
        tables: dict[str, Sequence[Count]] = {name: self._lines(name, self._narrow) for name in COLUMNS}
        tables |= {name: self._group_lines(name) for name in GROUPS}
        tables[PERIOD] = [self._total(self._within(period), period.code) for period in periods]
        parts = self._parts()
        return Counted(
            total=self._total(self._where),
            mean_score=self._mean_score(),
            told_apart=self._told_apart(parts),
            tables={name: tables[name] for name in DIMENSIONS},
            certificates=certificates_by_state(tx, self._where, self._filters),
            groups={name: {course: group_of(name, one) for course, one in self._outcomes.items()} for name in GROUPS},
            parts=parts,
            heard=opinions(tx, self._scope, self._filters),
            **self._crosses(tables, periods),
        )

    def _timed(self, where: Where) -> Where:
        if not (self._filters.since or self._filters.until):
            return where
        return {**where, "passed_at": span_of(self._filters.since, self._filters.until, self._filters.calendar)}

    def _total(self, where: Where, value: str = "") -> Count:
        persons = self._tx.tables.group(COMPLETION, (), where, distinct="person")
        return Count(value, int(persons[0]["n"]), self._tx.tables.count(COMPLETION, where))

    def _lines(self, dimension: str, narrow: Where) -> list[Count]:
        """Return a line for each value there is under the filters, at whatever time, in the order tables show."""
        there = self._tx.tables.group(COMPLETION, (dimension,), narrow)
        counts = _by_value(self._tx, (dimension,), self._timed(narrow))
        values = {str(row[dimension] or "") for row in there}
        if dimension not in narrow:
            values.update(_ALWAYS.get(dimension, ()))
        return [counts.get((value,), Count(value, 0, 0)) for value in _ordered(dimension, values)]

    def _courses_of(self, dimension: str) -> dict[str, Where]:
        """Return each line of a dimension in `GROUPS`, in the order of tables, as the condition for its courses."""
        courses: dict[str, list[str]] = defaultdict(list)
        for course, outcome in self._outcomes.items():
            courses[group_of(dimension, outcome)].append(course)
        return {value: {COURSE: tuple(sorted(courses[value]))} for value in _ordered(dimension, {*courses})}

    def _group_lines(self, dimension: str) -> list[Count]:
        return [self._total({**self._where, **only}, value) for value, only in self._courses_of(dimension).items()]

    def _parts(self) -> list[Counted]:
        """Return the counts of each course by itself where the question is asked of an outcome or area."""
        if not self._of_groups:
            return []
        alone = replace(self._filters, outcome="", area="")
        return [count(self._tx, replace(alone, course=course), self._scope) for course in sorted(self._outcomes)]

    def _told_apart(self, parts: Sequence[Counted]) -> bool:
        """Tell whether a report with fewer filters hides one of the numbers on the way to this one.

        Otherwise a hidden line could be read by filtering for it, or for its complements. For an outcome or area that
        is so where one of its courses could not be shown: the others, asked for one by one, would leave it.
        """
        if self._of_groups:
            return any(part.told_apart or is_small(part.total.persons) for part in parts)
        chosen = self._filters.columns_chosen
        hidden: dict[frozenset[str], bool] = {frozenset(): False}
        for size in range(1, len(chosen) + 1):
            for names in combinations(sorted(chosen), size):
                known = frozenset(names)
                hidden[known] = any(
                    hidden[known - {name}] or self._hides(name, {one: chosen[one] for one in names if one != name})
                    for name in names
                )
        return hidden[frozenset(chosen)]

    def _hides(self, dimension: str, wider: Mapping[str, str]) -> bool:
        narrow = {**self._scope, **wider}
        if is_small(self._total(self._timed(narrow)).persons):
            return True
        found = hidden_of(dimension, self._lines(dimension, narrow))
        return found is None or self._filters.chosen[dimension] in found

    def _mean_score(self) -> float | None:
        rows = [row for row in self._tx.tables.group(COMPLETION, ("score",), self._where) if row["score"] is not None]
        passed = sum(row["n"] for row in rows)
        return fsum(row["score"] * row["n"] for row in rows) / passed if passed else None

    def _periods(self) -> list[Period]:
        """Return the periods with completions, and those between and around them if they are not too many."""
        found = list(self._periods_with_completions())
        filters = self._filters
        if not found:
            return []
        first = (
            period_of(date.fromisoformat(max(filters.since, "0001-01-01")), filters.by) if filters.since else found[0]
        )
        last = period_of(date.fromisoformat(min(filters.until, filters.on)), filters.by) if filters.until else found[-1]
        return _filled(min(first, found[0], key=_begins), max(last, found[-1], key=_begins), filters.by) or found

    def _periods_with_completions(self) -> Iterator[Period]:
        asked = self._where.get("passed_at", Span())
        after = asked.at_least
        while True:
            where = {**self._where, "passed_at": Span(after, asked.before)}
            rows = self._tx.tables.select(COMPLETION, where, order=("passed_at",), limit=1)
            if not rows:
                return
            period = period_of(_local_day(rows[0]["passed_at"], self._filters.calendar), self._filters.by)
            yield period
            after = span_of("", period.until, self._filters.calendar).before
            if after is None:
                return

    def _within(self, period: Period) -> Where:
        """Return the condition for a period, cut to the days asked for."""
        asked = self._where.get("passed_at", Span())
        own = span_of(period.since, period.until, self._filters.calendar)
        starts = [at for at in (asked.at_least, own.at_least) if at is not None]
        ends = [at for at in (asked.before, own.before) if at is not None]
        return {**self._where, "passed_at": Span(max(starts, default=None), min(ends, default=None))}

    def _crosses(self, tables: Mapping[str, Sequence[Count]], periods: Sequence[Period]) -> dict[str, Any]:
        """Return the cross table, and where one of its sides is an outcome or area, the one by courses beneath it."""
        rows, columns = self._filters.rows, self._filters.columns
        other = columns if rows in GROUPS else rows
        beneath = (rows in GROUPS or columns in GROUPS) and other not in NESTED
        if len(tables[rows]) * len(tables[columns]) > MOST_CELLS:
            return {"cross": None}
        if beneath and len(tables[COURSE]) * len(tables[other]) > MOST_CELLS:
            return {"cross": None}
        by_course = self._cells(COURSE, other, periods) if beneath else {}
        return {"cross": self._cells(rows, columns, periods), "by_course": by_course}

    def _cells(self, rows: str, columns: str, periods: Sequence[Period]) -> dict[tuple[str, str], Count]:
        """Return the cells that hold somebody."""
        sides = {name: self._slices(name, periods) for name in (rows, columns) if name not in COLUMNS}
        if not sides:
            found = _by_value(self._tx, (rows, columns), self._where)
            return {(key[0], key[1]): counted for key, counted in found.items()}
        if rows not in sides:
            return {(row, column): one for (column, row), one in self._cells(columns, rows, periods).items()}
        cells: dict[tuple[str, str], Count] = {}
        for row, only in sides[rows].items():
            where = {**self._where, **only}
            if columns in sides:
                more = sides[columns].items()
                found = {(column,): self._total({**where, **_both(only, also)}) for column, also in more}
            else:
                found = _by_value(self._tx, (columns,), where)
            cells |= {(row, column): one for (column,), one in found.items() if one.persons}
        return cells

    def _slices(self, dimension: str, periods: Sequence[Period]) -> dict[str, Where]:
        """Return the conditions for the lines of a dimension that is no column."""
        if dimension == PERIOD:
            return {period.code: {"passed_at": self._within(period)["passed_at"]} for period in periods}
        return self._courses_of(dimension)


def _by_value(tx: Transaction, by: tuple[str, ...], where: Where) -> dict[tuple[str, ...], Count]:
    persons = tx.tables.group(COMPLETION, by, where, distinct="person")
    completions = {_key(row, by): row["n"] for row in tx.tables.group(COMPLETION, by, where)}
    return {_key(row, by): Count(_key(row, by)[0], row["n"], completions[_key(row, by)]) for row in persons}


def _both(one: Where, other: Where) -> Where:
    """Return both conditions, each on days or on courses, as one."""
    both = {**one, **other}
    if COURSE in one and COURSE in other:
        both[COURSE] = tuple(sorted({*one[COURSE]} & {*other[COURSE]}))
    return both


def _key(row: Mapping[str, Any], by: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in by)


def _ordered(dimension: str, values: set[str]) -> list[str]:
    listed = [value for value in ALLOWED.get(dimension, ()) if value in values]
    others = sorted(values - {*listed, ""})
    return [*listed, *others, *([""] if "" in values else [])]


def _filled(first: Period, last: Period, by: str) -> list[Period]:
    """Return all periods from first to last, [] if they are too many."""
    found = [first]
    while found[-1].code != last.code:
        following = period_after(found[-1], by)
        if following is None or len(found) == MOST_PERIODS:
            return []
        found.append(following)
    return found


def _begins(period: Period) -> str:
    return period.since


def _local_day(instant: str, country: str) -> date:
    try:
        return local_date(instant, country)
    except OverflowError:  # a clock at the end of the calendar
        return date.fromisoformat(instant[:10])
