"""When a question is asked again: later after each right answer, tomorrow after a wrong one, the same on every node."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.core.learning.refresher import (
    A_SET,
    LONGEST_DAYS,
    NEW_A_SET,
    Asked,
    Plan,
    Review,
    due_at,
    dues,
    mixed,
)
from elearn.core.learning.refresher import plan as plan_by_dues
from elearn.core.questions.confidence import LEVELS
from elearn.core.vocab.times import instant_of, text_of

START = instant_of("2026-01-01T08:00:00.000000Z")


def at(days: float) -> str:
    return text_of(START + timedelta(days=days))


def answers(*given_: tuple[float, bool]) -> tuple[Review, ...]:
    return tuple(Review(at(days), f"id-{index}", right) for index, (days, right) in enumerate(given_))


def plan(pool: Collection[Asked], reviews: Mapping[Asked, Iterable[Review]], now: str) -> Plan:
    return plan_by_dues(pool, dues(reviews, now), now)


def days_until_due(reviews: tuple[Review, ...]) -> int:
    return (instant_of(due_at(reviews)) - instant_of(max(reviews).at)).days


def one(course: str, number: int) -> Asked:
    return Asked(course, f"q{number:02}")


def test_intervals_grow_while_answers_are_right() -> None:
    reviews, intervals, day = answers((0, True)), [], 0.0
    for index in range(6):
        intervals.append(days_until_due(reviews))
        day += intervals[-1]
        reviews = (*reviews, Review(at(day), f"later-{index}", True))

    assert intervals == [2, 11, 46, 163, LONGEST_DAYS, LONGEST_DAYS]


def test_a_wrong_answer_brings_the_question_back_soon() -> None:
    right = answers((0, True), (2, True), (13, True))
    wrong = answers((0, True), (2, True), (13, False))

    assert days_until_due(right) == 46
    assert days_until_due(wrong) <= 3
    assert days_until_due(answers((0, False))) == 1


def test_who_was_right_and_not_sure_of_it_is_asked_again_sooner() -> None:
    sure = {level: answers((0, True))[0] for level in ("", *LEVELS)}
    days = {level: days_until_due((Review(one.at, one.id, True, level),)) for level, one in sure.items()}

    assert days == {"": 2, "not-sure": 1, "fairly-sure": 2, "sure": 2}


def test_an_answer_read_a_moment_ago_says_nothing_about_memory() -> None:
    first = answers((0, False))
    tried_again = answers((0, False), (0.01, False), (0.02, True))

    assert due_at(tried_again) == due_at(first)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_order_of_the_answers_does_not_matter(data: st.DataObject) -> None:
    days = data.draw(st.lists(st.floats(0, 400), min_size=1, max_size=8))
    told = answers(*((day, data.draw(st.booleans())) for day in days))
    shuffled = tuple(data.draw(st.permutations(told)))
    pool = [one("a", 1)]

    assert due_at(shuffled) == due_at(told)
    assert plan(pool, {pool[0]: shuffled}, at(500)) == plan(pool, {pool[0]: told}, at(500))


def test_a_set_has_five_questions_and_the_most_overdue_come_first() -> None:
    pool = [one("a", number) for number in range(9)]
    reviews = {asked: answers((number, True)) for number, asked in enumerate(reversed(pool))}
    found = plan(pool, reviews, at(30))

    assert found.cards == tuple(reversed(pool))[:A_SET]
    assert found.due == 9


def test_equally_overdue_questions_come_by_course_and_name() -> None:
    pool = [one(course, number) for course in "ba" for number in (2, 1)]
    reviews = {asked: answers((0, True)) for asked in pool}

    assert plan(pool, reviews, at(30)).cards == (one("a", 1), one("b", 1), one("a", 2), one("b", 2))
    assert plan(list(reversed(pool)), reviews, at(30)) == plan(pool, reviews, at(30))


def test_new_questions_come_in_gradually_and_only_where_room_is_left() -> None:
    new = [one("b", number) for number in range(9)]
    known = [one("a", number) for number in range(4)]
    reviews = {asked: answers((0, True)) for asked in known}

    assert len(plan(new, {}, at(0)).cards) == NEW_A_SET
    assert set(plan([*new, *known], reviews, at(30)).cards) == {*known, new[0]}
    full = {asked: answers((0, True)) for asked in new[:5]}
    assert set(plan(new, full, at(30)).cards) == set(new[:5])


def test_nothing_due_says_when_the_next_question_comes() -> None:
    asked = one("a", 1)
    found = plan([asked], {asked: answers((0, True))}, at(0.5))

    assert found.cards == ()
    assert found.next_at == at(2)


def test_what_comes_due_within_the_shift_is_asked_at_its_beginning() -> None:
    asked = one("a", 1)
    reviews = {asked: answers((0, True))}

    assert plan([asked], reviews, at(2 - 8 / 24)).cards == (asked,)
    assert plan([asked], reviews, at(2 - 9 / 24)).cards == ()


def test_an_answer_from_a_clock_that_ran_ahead_is_not_believed() -> None:
    asked = one("a", 1)
    honest = {asked: answers((0, True))}
    ahead = {asked: answers((0, True), (3000, True))}

    assert plan([asked], ahead, at(5)) == plan([asked], honest, at(5))


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ((("a", 1), ("a", 2), ("b", 1), ("a", 3)), (("a", 1), ("b", 1), ("a", 2), ("a", 3))),
        ((("b", 1), ("c", 1), ("b", 2)), (("b", 1), ("c", 1), ("b", 2))),
        ((), ()),
    ],
)
def test_courses_take_turns(given_: tuple[tuple[str, int], ...], wanted: tuple[tuple[str, int], ...]) -> None:
    assert mixed([one(*card) for card in given_]) == [one(*card) for card in wanted]
