"""What the satisfaction forms say, as figures: means and shares, never a single form, nothing about hidden courses.

An answer has no sex, service or rank, so it cannot be narrowed by them. How many answered about a course tells that at
least so many passed it: so courses, and languages, that the report does not show are left out here with all they add
to a sum. The share who answered is worked out from the officers the same report prints, and from nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from elearn.core.stats.privacy import LEAST
from elearn.core.vocab.satisfaction import HELPED, HIGH, ITEMS

UNKNOWN_OF_ANSWERS = frozenset(("country", "agency", "post", "sex", "rank_band"))
"""Filters that answers cannot be narrowed by."""

TOTAL = "total"

Persons = Mapping[str, int | None]
"""Value of a dimension -> officers as the report prints them, None where it does not."""

State = Literal["shown", "none", "filtered"]


@dataclass(frozen=True)
class Heard:
    """Answers about one course in one language, counted. ratings: item -> {1..5: how often}; helped: how often."""

    course: str
    language: str
    ratings: Mapping[str, Mapping[int, int]]
    helped: Mapping[str, int]

    @property
    def answers(self) -> int:
        """Return how many there are."""
        return sum(self.helped.values())


@dataclass(frozen=True)
class Opinion:
    """One line. means: item -> 1..5; high: item -> share of 4 and 5, 0..1; rate: share who answered, None if it is
    not known what they are a share of."""

    value: str
    answers: int
    rate: float | None
    means: dict[str, float]
    high: dict[str, float]


@dataclass(frozen=True)
class Choice:
    """How many said this would have helped them most. share: of all answers, 0..1."""

    value: str
    answers: int
    share: float


@dataclass(frozen=True)
class Satisfaction:
    """state: "shown"; "none": nothing there that may be shown; "filtered": a filter is on that answers do not know.

    left_out: whether the report hides courses or languages, whose answers, if there are any, are in no number here.
    """

    state: State
    total: Opinion | None = None
    courses: tuple[Opinion, ...] = ()
    languages: tuple[Opinion, ...] = ()
    helped: tuple[Choice, ...] = ()
    left_out: bool = False


def make_satisfaction(heard: Iterable[Heard] | None, courses: Persons, languages: Persons, rates: bool) -> Satisfaction:
    """Return the protected figures.

    heard: None for a question that has a filter in UNKNOWN_OF_ANSWERS; courses, languages: of the same report, in its
    order; rates: whether answers and officers are of the same time.
    """
    if heard is None:
        return Satisfaction("filtered")
    printed = [one for one in heard if courses.get(one.course) is not None and languages.get(one.language) is not None]
    seen = _large(printed)
    if not seen:
        return Satisfaction("none")
    by_course, by_language = _sums(seen, "course"), _sums(seen, "language")
    # A share of officers only where no answer of theirs is left out.
    known = rates and None not in languages.values()
    everybody = sum(persons or 0 for persons in courses.values()) if known and None not in courses.values() else None
    # Officers of a language are counted once in it, whatever they passed: comparable for one course only.
    of_language = languages if everybody and len(courses) == 1 else {}
    return Satisfaction(
        state="shown",
        total=_opinion(TOTAL, seen, everybody),
        courses=tuple(
            _opinion(one, by_course[one], courses[one] if known else None) for one in courses if one in by_course
        ),
        languages=tuple(
            _opinion(one, by_language[one], of_language.get(one)) for one in languages if one in by_language
        ),
        helped=_choices(seen),
        left_out=None in {*courses.values(), *languages.values()},
    )


def _large(heard: list[Heard]) -> list[Heard]:
    """Leave out courses and languages with fewer than five answers (one was taken back), until there are none."""
    small = [
        one
        for dimension in ("course", "language")
        for found in _sums(heard, dimension).values()
        for one in found
        if _answers(found) < LEAST
    ]
    return _large([one for one in heard if one not in small]) if small else heard


def _sums(heard: Iterable[Heard], dimension: str) -> dict[str, list[Heard]]:
    found: dict[str, list[Heard]] = {}
    for one in heard:
        found.setdefault(getattr(one, dimension), []).append(one)
    return found


def _answers(heard: Iterable[Heard]) -> int:
    return sum(one.answers for one in heard)


def _opinion(value: str, heard: list[Heard], persons: int | None) -> Opinion:
    answers = _answers(heard)
    counts = {item: _counts(heard, item) for item in ITEMS}
    return Opinion(
        value=value,
        answers=answers,
        # Who took two major versions of a course is one officer and may answer twice.
        rate=round(min(1.0, answers / persons), 4) if persons else None,
        means={item: round(sum(mark * n for mark, n in counts[item].items()) / answers, 2) for item in ITEMS},
        high={item: round(sum(n for mark, n in counts[item].items() if mark >= HIGH) / answers, 4) for item in ITEMS},
    )


def _counts(heard: Iterable[Heard], item: str) -> dict[int, int]:
    counts: dict[int, int] = {}
    for one in heard:
        for mark, n in one.ratings[item].items():
            counts[mark] = counts.get(mark, 0) + n
    return counts


def _choices(heard: list[Heard]) -> tuple[Choice, ...]:
    answers = _answers(heard)
    counts = {choice: sum(one.helped.get(choice, 0) for one in heard) for choice in HELPED}
    return tuple(Choice(choice, n, round(n / answers, 4)) for choice, n in counts.items())
