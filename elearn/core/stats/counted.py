"""What was counted for one question, before anything is hidden: never to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from elearn.core.stats.followup import StageCounted
from elearn.core.stats.retention import WindowCounted
from elearn.core.stats.satisfaction import Heard

CERTIFICATES = "certificate"


@dataclass(frozen=True)
class Count:
    """How many persons, each once, and how many exams they passed (or certificates they hold)."""

    value: str
    persons: int
    completions: int


@dataclass(frozen=True)
class Counted:
    """Everything counted for one question, not yet protected.

    mean_score: 0..1, None if none; told_apart: a report with fewer filters hides this very number; tables: dimension
    -> counts in the order shown; cross: (row, column) -> count, None if it has too many cells.
    groups: dimension of `measures.GROUPS` -> {course: line it is counted in}; by_course: where one side of the cross is
    such a dimension, (course, value of the other side) -> count; parts: the same question asked of each course alone,
    where the question is asked of an outcome or area; heard: satisfaction forms, None where a filter is on that they
    do not know; recalled: answers to refreshers, followed: follow-ups after the exam, both of courses and languages
    that are shown.
    """

    total: Count
    mean_score: float | None
    told_apart: bool
    tables: Mapping[str, Sequence[Count]]
    certificates: Sequence[Count]
    cross: Mapping[tuple[str, str], Count] | None
    groups: Mapping[str, Mapping[str, str]]
    by_course: Mapping[tuple[str, str], Count] = field(default_factory=dict)
    parts: Sequence["Counted"] = ()
    heard: Sequence[Heard] | None = ()
    recalled: Sequence[WindowCounted] = ()
    followed: Sequence[StageCounted] = ()

    def lines(self, dimension: str) -> Sequence[Count]:
        """Return the counts of one table."""
        return self.certificates if dimension == CERTIFICATES else self.tables[dimension]
