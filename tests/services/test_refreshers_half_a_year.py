"""A simulated officer over 180 days: intervals grow, forgetting shrinks, and what was wrong comes back soon.

The officer forgets as people do: what is not asked again fades, each right answer after a pause makes it fade more
slowly. The simulation knows nothing of how fsrs reckons, only of its own officer.
"""

import math
import random
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from statistics import median

import pytest
from cast import memory_node, officer
from refresher_scenes import later, passed, reviews, shift
from small_course import publish

from elearn.core.learning.refresher import Review, due_at
from elearn.core.projections.retention import RETENTION
from elearn.core.vocab.times import instant_of
from elearn.services.node import Node

DAYS = 180
SEEDS = range(4)
FRESH_DAYS = 12.0
"""Half of what was just learned is gone after so long."""


class Memory:
    """What an officer still knows; chance is seeded."""

    def __init__(self, node: Node, seed: int) -> None:
        self._node = node
        self._chance = random.Random(seed)
        self._known: dict[str, tuple[datetime, float]] = {}

    def learned(self, question: str, when: datetime) -> None:
        """Learn it for the first time."""
        self._known[question] = (when, FRESH_DAYS)

    def half_lives(self) -> list[float]:
        """Return after how many days half of each question is forgotten now."""
        return [half_life for _, half_life in self._known.values()]

    def likelihood(self, question: str, when: datetime) -> float:
        """Return how likely a right answer is, 0..1."""
        last, half_life = self._known.get(question, (when, FRESH_DAYS))
        return math.pow(0.5, (when - last).total_seconds() / 86_400 / half_life)

    def knows(self, question: str) -> bool:
        """Answer: right or wrong; feedback teaches either way, recalling teaches more the longer ago it was."""
        when = self._node.clock.now()
        likelihood = self.likelihood(question, when)
        right = self._chance.random() < likelihood
        _, half_life = self._known.get(question, (when, FRESH_DAYS))
        longer = half_life * (1 + 2.5 * (1 - likelihood) + 0.6) if right else max(2.0, half_life / 2)
        self._known[question] = (when, longer)
        return right


def days_until_due(answers: tuple[Review, ...]) -> int:
    return (instant_of(due_at(answers)) - instant_of(max(answers).at)).days


@cache
def half_a_year(seed: int) -> tuple[Node, str, Memory, list[tuple[int, str, bool]]]:
    """Return what is left after half a year of one shift a day (two days in seven are free), and every answer."""
    node = memory_node()
    node.store.write(publish)
    noy = officer(node)
    passed(node, noy)
    memory = Memory(node, seed)
    start = node.clock.now()
    for row in reviews(node, noy):
        memory.learned(row["question"], instant_of(row["at"]))
    given = []
    for day in range(1, DAYS + 1):
        later(node, start + timedelta(days=day) - node.clock.now())
        if day % 7 not in {5, 6}:
            given += [(day, question, right) for question, right in shift(node, noy, memory.knows)]
    return node, noy, memory, given


@pytest.mark.parametrize("seed", SEEDS)
def test_intervals_grow_with_every_right_answer_and_shrink_with_a_wrong_one(seed: int) -> None:
    node, noy, _, given = half_a_year(seed)
    answers: dict[str, list[Review]] = {}
    for row in reviews(node, noy, place="refresher"):
        answers.setdefault(row["question"], []).append(Review(row["at"], row["id"], bool(row["right"])))
    longest = 0
    for kept in answers.values():
        planned = [days_until_due(tuple(kept[:size])) for size in range(1, len(kept) + 1)]
        longest = max(longest, *planned)
        for before, after, review in zip(planned, planned[1:], kept[1:], strict=False):
            # In the first days growth is less than a day.
            grown = after > before or before == after <= 2
            assert grown if review.right else after <= max(1, before // 2)

    # All eight questions came.
    assert len(answers) == 8
    assert sum(len(kept) for kept in answers.values()) == len(given)
    assert longest > 60


def test_forgetting_shrinks_while_fewer_and_fewer_questions_are_asked() -> None:
    years = [half_a_year(seed) for seed in SEEDS]
    early = [right for *_, given in years for day, _, right in given if day <= 60]
    late = [right for *_, given in years for day, _, right in given if day > 120]
    half_lives = [half_life for _, _, memory, _ in years for half_life in memory.half_lives()]
    known = [
        memory.likelihood(question, node.clock.now())
        for node, _, memory, given in years
        for question in {question for _, question, _ in given}
    ]

    assert len(late) < len(early) / 2
    assert sum(late) / len(late) > sum(early) / len(early)
    assert median(half_lives) > 6 * FRESH_DAYS
    # Without being asked, one in ten thousand would be known still.
    assert math.pow(0.5, DAYS / FRESH_DAYS) < 0.0001
    assert sum(known) / len(known) > 0.8


def test_what_is_known_after_30_90_and_180_days_comes_out_of_it() -> None:
    node, noy, _, given = half_a_year(1)
    with node.store.reading() as tx:
        rows = {row["window"]: row for row in tx.tables.select(RETENTION)}
    first_of_window: dict[tuple[int, str], bool] = {}
    for day, question, right in given:
        for window, (first, last) in {30: (15, 59), 90: (60, 134), 180: (135, 270)}.items():
            if first <= day <= last:
                first_of_window.setdefault((window, question), right)
    wanted = {
        window: (
            sum(1 for key in first_of_window if key[0] == window),
            sum(right for key, right in first_of_window.items() if key[0] == window),
        )
        for window in rows
    }

    assert 30 in rows
    assert len(rows) >= 2
    assert {window: (row["asked"], row["right"]) for window, row in rows.items()} == wanted
    assert {row["person"] for row in rows.values()} == {noy}


def test_a_set_a_day_is_never_more_than_five_questions_and_seldom_nothing_at_the_beginning() -> None:
    _, _, _, given = half_a_year(2)
    by_day = {day: sum(1 for one, _, _ in given if one == day) for day, _, _ in given}

    assert max(by_day.values()) <= 5
    assert min(by_day) <= 2
    assert [later_ - earlier for earlier, later_ in pairwise(sorted(by_day))].count(1) > 3
