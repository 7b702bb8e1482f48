"""Counts of answers to refreshers 30, 90 and 180 days after the exam for one question, not yet protected."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from elearn.core.projections.retention import RETENTION
from elearn.core.stats.counted import Counted
from elearn.core.stats.hiding import hidden_in
from elearn.core.stats.measures import ALLOWED, Filters, span_of
from elearn.core.stats.privacy import hidden_lines, is_small
from elearn.core.stats.retention import TOTAL, Recall, WindowCounted
from elearn.core.vocab.retention import WINDOWS
from elearn.core.vocab.tables import Where
from elearn.ports import Transaction


def with_recalls(tx: Transaction, scope: Where, filters: Filters, counted: Counted) -> Counted:
    """Return the same counts with those of each window, of the courses and languages that may be shown of them.

    scope: {"node": id} or {}. Days asked for are those of the latest answer in a window.
    """
    shown = {dimension: _shown(dimension, counted) for dimension in ("course", "language")}
    return replace(counted, recalled=[_Window(tx, scope, filters, shown, window).counted() for window in WINDOWS])


def _shown(dimension: str, counted: Counted) -> tuple[str, ...]:
    """Return the values of a table that its report prints."""
    hidden = hidden_in(dimension, counted)
    return () if hidden is None else tuple(one.value for one in counted.lines(dimension) if one.value not in hidden)


class _Window:
    """One window under one question."""

    def __init__(
        self, tx: Transaction, scope: Where, filters: Filters, shown: Mapping[str, tuple[str, ...]], window: int
    ) -> None:
        self._tx = tx
        self._shown = shown
        self._window = window
        self._chosen = filters.columns_chosen
        self._base: Where = {**scope, "window": window}
        if filters.since or filters.until:
            self._base["at"] = span_of(filters.since, filters.until, filters.calendar)

    def counted(self) -> WindowCounted:
        """Return the counts of the window."""
        where: Where = {**self._base, **self._chosen, **self._shown}
        return WindowCounted(
            window=self._window,
            total=self._by((), where).get(TOTAL, Recall(TOTAL, 0, 0, 0)),
            courses=_ordered("course", self._by(("course",), where)),
            languages=_ordered("language", self._by(("language",), where)),
            told_apart=self._told_apart(),
        )

    def _by(self, by: tuple[str, ...], where: Where) -> dict[str, Recall]:
        """Return value -> counts; the value is TOTAL without a dimension."""
        persons = {_value(row, by): row["n"] for row in self._tx.tables.group(RETENTION, by, where, distinct="person")}
        found: dict[str, Recall] = {}
        for row in self._tx.tables.group(RETENTION, (*by, "asked", "right"), where):
            value, n = _value(row, by), row["n"]
            known = found.get(value, Recall(value, persons.get(value, 0), 0, 0))
            found[value] = Recall(value, known.persons, known.asked + n * row["asked"], known.right + n * row["right"])
        return found

    def _told_apart(self) -> bool:
        """Tell whether a report with fewer filters hides a number on the way to this one: see `counting`."""
        hidden: dict[frozenset[str], bool] = {frozenset(): False}
        for size in range(1, len(self._chosen) + 1):
            for names in combinations(sorted(self._chosen), size):
                hidden[frozenset(names)] = any(
                    hidden[frozenset(names) - {name}] or self._hides(name, {*names} - {name}) for name in names
                )
        return hidden[frozenset(self._chosen)]

    def _hides(self, dimension: str, others: set[str]) -> bool:
        wider = {**self._base, **{name: self._chosen[name] for name in others}}
        total = self._by((), wider).get(TOTAL)
        if total is not None and is_small(total.persons):
            return True
        lines = _ordered(dimension, self._by((dimension,), wider))
        found = hidden_lines([one.persons for one in lines])
        return found is None or any(lines[at].value == self._chosen[dimension] for at in found)


def _value(row: Mapping[str, object], by: tuple[str, ...]) -> str:
    return str(row[by[0]] or "") if by else TOTAL


def _ordered(dimension: str, found: Mapping[str, Recall]) -> list[Recall]:
    listed = [value for value in ALLOWED.get(dimension, ()) if value in found]
    return [found[value] for value in [*listed, *sorted(found.keys() - {*listed})]]
