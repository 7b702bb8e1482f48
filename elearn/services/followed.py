"""Counts of the follow-ups 90 days after the exam for one question, not yet protected."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from elearn.core.projections.followups import FOLLOW_UP
from elearn.core.stats.counted import Counted
from elearn.core.stats.followup import ANSWERED, DUE, OBSERVED, STAGES, TOTAL, Followed, StageCounted, hidden_of_stages
from elearn.core.stats.hiding import hidden_in
from elearn.core.stats.measures import ALLOWED, Filters, span_of
from elearn.core.vocab.followup import FIRST_DAY, NEVER, SEEN, SEEN_RIGHT, STOPPED, USED
from elearn.core.vocab.tables import Row, Span, Where
from elearn.ports import Transaction

_ONLY: dict[str, Where] = {DUE: {}, ANSWERED: {"used": tuple(USED)}, OBSERVED: {"seen": tuple(SEEN)}}
"""Stage -> what is so of its officers."""
_SAID = {ANSWERED: ("used", *(f"stopped_{one}" for one in STOPPED)), OBSERVED: ("seen",)}

_People = dict[str, set[str]]


def with_follow_ups(tx: Transaction, scope: Where, filters: Filters, counted: Counted) -> Counted:
    """Return the same counts with those of each stage, of the courses and languages that may be shown of them.

    scope: {"node": id} or {}. Counted are exams of the days asked for, 80 days or more before the day of the report.
    """
    shown = {dimension: _shown(dimension, counted) for dimension in ("course", "language")}
    return replace(counted, followed=_FollowUps(tx, scope, filters, shown).stages())


def _shown(dimension: str, counted: Counted) -> tuple[str, ...]:
    """Return the values of a table that its report prints."""
    hidden = hidden_in(dimension, counted)
    return () if hidden is None else tuple(one.value for one in counted.lines(dimension) if one.value not in hidden)


def _due(filters: Filters) -> Span:
    """Return when an exam was passed whose follow-up is due on the day of the report, within the days asked for."""
    last = date.fromordinal(max(1, date.fromisoformat(filters.on).toordinal() - FIRST_DAY)).isoformat()
    return span_of(filters.since, min(last, filters.until or last), filters.calendar)


class _FollowUps:
    """The stages under one question."""

    def __init__(self, tx: Transaction, scope: Where, filters: Filters, shown: Mapping[str, tuple[str, ...]]) -> None:
        self._tx = tx
        self._chosen = filters.columns_chosen
        self._base: Where = {**scope, "passed_at": _due(filters)}
        self._where: Where = {**self._base, **self._chosen, **shown}
        self._known: dict[tuple[str, frozenset[str], tuple[str, ...]], dict[str, int]] = {}
        self._rows = {stage: self._said_in(stage) for stage in (ANSWERED, OBSERVED)}

    def stages(self) -> list[StageCounted]:
        """Return the counts of each stage."""
        total, courses, languages = (self._of_stages(by) for by in ((), ("course",), ("language",)))
        apart = self._told_apart() if any(one.persons for one in total[DUE]) else set()
        return [
            StageCounted(
                stage,
                next(iter(total[stage]), Followed(TOTAL, 0)),
                courses[stage],
                languages[stage],
                stage in apart,
            )
            for stage in STAGES
        ]

    def _of_stages(self, by: tuple[str, ...]) -> dict[str, list[Followed]]:
        """Return stage -> a line for each value that has somebody due, the same values in each."""
        due = {_value(row, by): int(row["n"]) for row in self._persons(by, self._where)}
        values = _ordered(by, due)
        found = {DUE: [Followed(value, due[value]) for value in values]}
        for stage in (ANSWERED, OBSERVED):
            people, named = self._said(stage, by)
            found[stage] = [
                Followed(
                    value,
                    len(people.get(value, ())),
                    {name: len(persons.get(value, ())) for name, persons in named.items()},
                )
                for value in values
            ]
        return found

    def _said(self, stage: str, by: tuple[str, ...]) -> tuple[_People, dict[str, _People]]:
        """Return who is in the stage, by value, and who said what: each officer once, whatever the exams."""
        people: _People = {}
        named: dict[str, _People] = {name: {} for name in _names(stage)}
        for row in self._rows[stage]:
            value = _value(row, by)
            people.setdefault(value, set()).add(row["person"])
            for name in _named(stage, row):
                named[name].setdefault(value, set()).add(row["person"])
        return people, named

    def _said_in(self, stage: str) -> list[Row]:
        """Return what was said, read once for all tables."""
        by = ("course", "language", "person", *_SAID[stage])
        return self._tx.tables.group(FOLLOW_UP, by, {**self._where, **_ONLY[stage]})

    def _persons(self, by: tuple[str, ...], where: Where) -> Iterable[Row]:
        return self._tx.tables.group(FOLLOW_UP, by, where, distinct="person")

    def _told_apart(self) -> set[str]:
        """Return the stages of which a report with fewer filters hides a number on the way to this: see `counting`."""
        hidden: dict[frozenset[str], set[str]] = {frozenset(): set()}
        for size in range(1, len(self._chosen) + 1):
            for names in map(frozenset, combinations(sorted(self._chosen), size)):
                hidden[names] = set().union(
                    *(hidden[names - {name}] | self._hides(name, names - {name}) for name in names)
                )
        return hidden[frozenset(self._chosen)]

    def _hides(self, dimension: str, others: frozenset[str]) -> set[str]:
        """Return the stages of which a report with these other filters hides the line of this one."""
        lines = {stage: self._wider(stage, others, (dimension,)) for stage in STAGES}
        totals = {stage: self._wider(stage, others, ()).get(TOTAL, 0) for stage in STAGES}
        values = _ordered((dimension,), lines[DUE])
        if self._chosen[dimension] not in values:
            return set()
        at = values.index(self._chosen[dimension])
        counts = [[lines[stage].get(value, 0) for value in values] for stage in STAGES]
        found = hidden_of_stages([totals[stage] for stage in STAGES], counts)
        return {stage for stage, one in zip(STAGES, found, strict=True) if one is None or at in one}

    def _wider(self, stage: str, others: frozenset[str], by: tuple[str, ...]) -> dict[str, int]:
        """Return value -> officers of a stage under fewer filters, read once."""
        key = (stage, others, by)
        if key not in self._known:
            where = {**self._base, **{name: self._chosen[name] for name in others}, **_ONLY[stage]}
            self._known[key] = {_value(row, by): int(row["n"]) for row in self._persons(by, where)}
        return self._known[key]


def _names(stage: str) -> tuple[str, ...]:
    return ("used", *STOPPED) if stage == ANSWERED else ("seen",)


def _named(stage: str, row: Mapping[str, Any]) -> list[str]:
    if stage == OBSERVED:
        return ["seen"] if row["seen"] == SEEN_RIGHT else []
    return [*(["used"] if row["used"] != NEVER else []), *(one for one in STOPPED if row[f"stopped_{one}"])]


def _value(row: Mapping[str, Any], by: tuple[str, ...]) -> str:
    return str(row[by[0]] or "") if by else TOTAL


def _ordered(by: tuple[str, ...], found: Mapping[str, int]) -> list[str]:
    listed = [value for value in (ALLOWED.get(by[0], ()) if by else ()) if value in found]
    return [*listed, *sorted(found.keys() - {*listed})]
