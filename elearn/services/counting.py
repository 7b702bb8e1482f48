"""Counts for one question, by group-bys over the projections: the same few queries at a post and at a large hub.

What comes out is not yet protected; only `core/stats/report.py` may show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from math import fsum
from typing import Any

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.completions import COMPLETION
from elearn.core.stats.measures import (
    ALLOWED,
    COLUMNS,
    PERIOD,
    Filters,
    Period,
    period_after,
    period_of,
    span_of,
)
from elearn.core.stats.privacy import is_small
from elearn.core.stats.report import CERTIFICATE_STATES, EXPIRING_DAYS, Count, Counted, hidden_of
from elearn.core.vocab.dates import end_of_day, local_date
from elearn.core.vocab.kept import REVOCATION
from elearn.core.vocab.tables import Row, Span, Where
from elearn.ports import Transaction

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
        self._where = self._where_of(filters.chosen)

    def everything(self) -> Counted:
        """Return the counts."""
        periods = self._periods()
        tables: dict[str, Sequence[Count]] = {name: self._lines(name, self._filters.chosen) for name in COLUMNS}
        tables[PERIOD] = [self._total(self._within(period), period.code) for period in periods]
        return Counted(
            total=self._total(self._where),
            mean_score=self._mean_score(),
            told_apart=self._told_apart(),
            tables=tables,
            certificates=self._certificates(),
            cross=self._cross(tables, periods),
        )

    def _where_of(self, chosen: Mapping[str, str]) -> Where:
        where: Where = {**self._scope, **chosen}
        if self._filters.since or self._filters.until:
            where["passed_at"] = span_of(self._filters.since, self._filters.until, self._filters.calendar)
        return where

    def _total(self, where: Where, value: str = "") -> Count:
        persons = self._tx.tables.group(COMPLETION, (), where, distinct="person")
        return Count(value, int(persons[0]["n"]), self._tx.tables.count(COMPLETION, where))

    def _lines(self, dimension: str, chosen: Mapping[str, str]) -> list[Count]:
        """Return a line for each value there is under the filters, at whatever time, in the order tables show."""
        where = self._where_of(chosen)
        there = self._tx.tables.group(COMPLETION, (dimension,), {**self._scope, **chosen})
        counts = _by_value(self._tx, (dimension,), where)
        values = {str(row[dimension] or "") for row in there}
        if dimension not in chosen:
            values.update(_ALWAYS.get(dimension, ()))
        return [counts.get((value,), Count(value, 0, 0)) for value in _ordered(dimension, values)]

    def _told_apart(self) -> bool:
        """Tell whether a report with fewer filters hides one of the numbers on the way to this one.

        Otherwise a hidden line could be read by filtering for it, or for its complements.
        """
        chosen = self._filters.chosen
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
        lines = self._lines(dimension, wider)
        if is_small(self._total(self._where_of(wider)).persons):
            return True
        found = hidden_of(dimension, lines)
        value = self._filters.chosen[dimension]
        return found is None or any(lines[index].value == value for index in found)

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

    def _cross(
        self, tables: Mapping[str, Sequence[Count]], periods: Sequence[Period]
    ) -> dict[tuple[str, str], Count] | None:
        rows, columns = self._filters.rows, self._filters.columns
        if len(tables[rows]) * len(tables[columns]) > MOST_CELLS:
            return None
        if PERIOD not in {rows, columns}:
            found = _by_value(self._tx, (rows, columns), self._where)
            return {(key[0], key[1]): counted for key, counted in found.items()}
        other = columns if rows == PERIOD else rows
        cells: dict[tuple[str, str], Count] = {}
        for period in periods:
            for (value,), counted in _by_value(self._tx, (other,), self._within(period)).items():
                cells[(period.code, value) if rows == PERIOD else (value, period.code)] = counted
        return cells

    def _certificates(self) -> list[Count]:
        """Return the certificates of these completions by their state at the end of the day asked for."""
        attempts = {row["attempt"] for row in self._tx.tables.group(COMPLETION, ("attempt",), self._where)}
        columns = ("attempt", "number", "person", "issued_at", "expires_at", "revoked_at")
        listed = {row["number"]: row["revoked_at"] for row in self._tx.tables.select(REVOCATION)}
        persons: dict[str, set[str]] = {state: set() for state in CERTIFICATE_STATES}
        numbers = dict.fromkeys(CERTIFICATE_STATES, 0)
        on = date.fromisoformat(self._filters.on)
        at = _end(on, self._filters.calendar)
        latest = date.max - timedelta(days=EXPIRING_DAYS)
        soon = _end(min(on, latest) + timedelta(days=EXPIRING_DAYS), self._filters.calendar)
        for row in self._tx.tables.group(CERTIFICATE, columns, {"issued_at": Span()}):
            if row["attempt"] not in attempts:
                continue
            state = _state_of(row, listed.get(row["number"]), at, soon)
            if state:
                persons[state].add(row["person"])
                numbers[state] += 1
        return [Count(state, len(persons[state]), numbers[state]) for state in CERTIFICATE_STATES]


def _state_of(certificate: Row, listed: str | None, at: str, soon: str) -> str:
    """Return the state at an instant, "" before it was issued. listed: when the hub's list says it was taken back."""
    if certificate["issued_at"] > at:
        return ""
    revoked_at = min((told for told in (certificate["revoked_at"], listed) if told), default=None)
    if revoked_at and revoked_at <= at:
        return "revoked"
    if not certificate["expires_at"]:
        return "valid"
    if certificate["expires_at"] < at:
        return "expired"
    return "expiring" if certificate["expires_at"] <= soon else "valid"


def _by_value(tx: Transaction, by: tuple[str, ...], where: Where) -> dict[tuple[str, ...], Count]:
    persons = tx.tables.group(COMPLETION, by, where, distinct="person")
    completions = {_key(row, by): row["n"] for row in tx.tables.group(COMPLETION, by, where)}
    return {_key(row, by): Count(_key(row, by)[0], row["n"], completions[_key(row, by)]) for row in persons}


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


def _end(day: date, country: str) -> str:
    try:
        return end_of_day(day, country)
    except OverflowError:
        return f"{day.isoformat()}T23:59:59.999999Z"
