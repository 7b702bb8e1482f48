"""What officers use at work after a course: who used it, what stopped them, and what colleagues have seen.

Of officers whose exam is 80 days past or more, three things are counted: how many are due, how many of them answered,
and of how many a colleague spoke. Lines of fewer than 10 officers are flagged, of fewer than 5 hidden, with what would
tell them, each of the three by itself; what is hidden of those due is hidden of the others too. Courses and languages
that the report does not show are left out here with all they add to a sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from elearn.core.stats.privacy import hidden_lines, is_small

CAUTION = 10
"""Below so many officers a share is flagged: one more of them would change it by a tenth."""

TOTAL = "total"
DUE, ANSWERED, OBSERVED = "due", "answered", "observed"
STAGES = (DUE, ANSWERED, OBSERVED)

State = Literal["shown", "none"]


@dataclass(frozen=True)
class Followed:
    """Officers of one line of one stage, counted. named: what they said -> how many of them; {} for those due."""

    value: str
    persons: int
    named: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StageCounted:
    """Counts of one stage, not yet protected: the same lines, in the same order, in each stage.

    told_apart: a report with fewer filters hides this very number.
    """

    stage: str
    total: Followed
    courses: Sequence[Followed]
    languages: Sequence[Followed]
    told_apart: bool = False


@dataclass(frozen=True)
class FollowedLine:
    """One line. None: not shown. due, answered, observed: officers; rate: share of those due who answered; shares: what
    was said -> share of those who answered ("used", what stopped them), of those a colleague spoke of ("seen"), 0..1;
    flagged: stages of fewer than 10 officers."""

    value: str
    due: int | None
    answered: int | None
    observed: int | None
    rate: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowUp:
    """state: "shown"; "none": nobody is due yet, of whom something may be shown.

    courses, languages: lines in the order of tables; left_out: whether the report hides courses or languages, whose
    officers, if there are any, are in no number here.
    """

    state: State
    total: FollowedLine | None = None
    courses: tuple[FollowedLine, ...] = ()
    languages: tuple[FollowedLine, ...] = ()
    left_out: bool = False

    @property
    def flags(self) -> bool:
        """Tell whether a line is to be read with care."""
        return any(line.flagged for line in self.every)

    @property
    def every(self) -> tuple[FollowedLine, ...]:
        """Return all lines."""
        return (*((self.total,) if self.total else ()), *self.courses, *self.languages)


def make_follow_up(counted: Sequence[StageCounted], left_out: bool = False) -> FollowUp:
    """Return the protected figures. counted: the stages in their order, of courses and languages that are shown."""
    if not any(one.total.persons for one in counted if one.stage == DUE):
        return FollowUp("none", left_out=left_out)
    totals = [[one.total] for one in counted]
    return FollowUp(
        state="shown",
        total=_lines(counted, totals)[0],
        courses=_lines(counted, [one.courses for one in counted]),
        languages=_lines(counted, [one.languages for one in counted]),
        left_out=left_out,
    )


def hidden_of_stages(totals: Sequence[int], counts: Sequence[Sequence[int]]) -> list[frozenset[int] | None]:
    """Return which lines each stage hides; None: all of them. The first stage holds those due.

    Lines hidden of those due are one line to the others: what the printed ones leave of the sum is then known of them
    together at the most, and hidden with a further line where that is few.
    """
    found: list[frozenset[int] | None] = []
    due: frozenset[int] | None = frozenset()
    for total, persons in zip(totals, counts, strict=True):
        found.append(None if due is None or is_small(total) else _hidden_beside(due, persons))
        due = found[0]
    return found


def _hidden_beside(due: frozenset[int], persons: Sequence[int]) -> frozenset[int] | None:
    others = [at for at in range(len(persons)) if at not in due]
    together = [sum(persons[at] for at in due)] if due else []
    hidden = hidden_lines([*together, *(persons[at] for at in others)])
    if hidden is None:
        return None
    return due | {others[at - len(together)] for at in hidden if at >= len(together)}


def _lines(counted: Sequence[StageCounted], stages: Sequence[Sequence[Followed]]) -> tuple[FollowedLine, ...]:
    totals, counts = [one.total.persons for one in counted], [[one.persons for one in lines] for lines in stages]
    hidden = hidden_of_stages(totals, counts)
    if any(one.told_apart for one in counted if one.stage == DUE):
        hidden = [None] * len(counted)
    hidden = [None if one.told_apart else found for one, found in zip(counted, hidden, strict=True)]
    return tuple(
        _line([_shown(lines[at], at, found) for lines, found in zip(stages, hidden, strict=True)], stages[0][at].value)
        for at in range(len(stages[0]))
    )


def _shown(one: Followed, at: int, hidden: frozenset[int] | None) -> Followed | None:
    return None if hidden is None or at in hidden else one


def _line(stages: Sequence[Followed | None], value: str) -> FollowedLine:
    due, answered, observed = stages
    shares: dict[str, float] = {}
    for stage in (answered, observed):
        if stage is not None and stage.persons:
            shares |= {name: round(n / stage.persons, 4) for name, n in stage.named.items()}
    return FollowedLine(
        value=value,
        due=None if due is None else due.persons,
        answered=None if answered is None else answered.persons,
        observed=None if observed is None else observed.persons,
        rate=round(answered.persons / due.persons, 4)
        if answered is not None and due is not None and due.persons
        else None,
        shares=shares,
        flagged=tuple(name for name, one in zip(STAGES, stages, strict=True) if one and 0 < one.persons < CAUTION),
    )
