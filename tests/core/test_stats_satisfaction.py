"""Satisfaction as figures: means, shares and rates, and what is left out so that no hidden line can be worked out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.stats.satisfaction import Choice, Heard, Opinion, Satisfaction, make_satisfaction
from elearn.core.vocab.satisfaction import HELPED, ITEMS


def heard(n: int, course: str = "a", language: str = "lo", mark: int = 4, **ratings: dict[int, int]) -> Heard:
    """Return n answers, all with the same mark but for the items named."""
    return Heard(course, language, {**{item: {mark: n} for item in ITEMS}, **ratings}, {"practice": n})


def figures(*told: Heard, courses: Any = None, languages: Any = None, rates: bool = True) -> Satisfaction:
    return make_satisfaction(told, courses or {"a": 10}, languages or {"lo": 10}, rates)


def test_mean_and_share_of_each_statement_to_the_digit() -> None:
    found = figures(heard(7, useful={1: 2, 3: 1, 4: 1, 5: 3}))

    assert found.total is not None
    assert found.total.means == {"useful": 3.43, "understood": 4.0, "fair": 4.0, "fitting": 4.0, "easy": 4.0}
    assert found.total.high == {"useful": 0.5714, "understood": 1.0, "fair": 1.0, "fitting": 1.0, "easy": 1.0}
    assert (found.total.answers, found.total.rate) == (7, 0.7)
    assert [(one.value, one.answers, one.rate) for one in found.courses] == [("a", 7, 0.7)]


def test_what_would_have_helped_is_a_share_of_all_answers_in_the_order_of_the_form() -> None:
    one = Heard("a", "lo", {item: {5: 8} for item in ITEMS}, {"nothing": 2, "time": 6})

    found = figures(one)

    assert found.helped == (
        Choice("time", 6, 0.75),
        Choice("translation", 0, 0.0),
        Choice("practice", 0, 0.0),
        Choice("equipment", 0, 0.0),
        Choice("nothing", 2, 0.25),
    )


def test_lines_stand_in_the_order_of_the_report_and_add_up() -> None:
    told = [heard(5, "b", "km"), heard(6, "a", "lo"), heard(7, "b", "lo")]

    found = figures(*told, courses={"b": 20, "c": 5, "a": 9}, languages={"lo": 15, "km": 6})

    assert [(one.value, one.answers, one.rate) for one in found.courses] == [("b", 12, 0.6), ("a", 6, 0.6667)]
    assert [(one.value, one.answers) for one in found.languages] == [("lo", 13), ("km", 5)]
    assert found.total is not None
    assert (found.total.answers, found.total.rate) == (18, round(18 / 34, 4))


def test_by_language_there_is_a_rate_for_one_course_only() -> None:
    alone = figures(heard(5))
    among_others = figures(heard(5), courses={"a": 10, "b": 10})

    assert [one.rate for one in alone.languages or ()] == [0.5]
    assert [one.rate for one in among_others.languages or ()] == [None]


def test_no_rate_where_answers_and_exams_may_be_of_different_times() -> None:
    found = figures(heard(5), rates=False)

    assert found.total is not None
    assert [one.rate for one in (found.total, *found.courses, *found.languages)] == [None] * 3


def test_an_officer_who_answered_about_two_versions_does_not_make_more_than_all() -> None:
    found = figures(heard(12))

    assert found.courses[0].rate == 1.0


@pytest.mark.parametrize(
    ("courses", "languages"),
    [({"a": 8, "b": None}, {"lo": 8, "km": 5}), ({"a": 8, "b": 5}, {"lo": 8, "km": None}), ({"a": 8}, {"lo": 8})],
)
def test_what_the_report_does_not_show_is_left_out_of_every_sum(courses: Any, languages: Any) -> None:
    """Five answers about a hidden course tell that five passed it: not even that there are some may be seen."""
    with_it = figures(heard(6), heard(5, "b", "km", mark=1), courses=courses, languages=languages)
    without = figures(heard(6), courses=courses, languages=languages)

    assert with_it == without
    assert with_it.total is not None
    assert with_it.total.answers == 6


def test_a_hidden_language_takes_the_rates_with_it_and_a_hidden_course_that_of_all() -> None:
    told = [heard(6), heard(5, language="km")]

    hidden_language = figures(*told, languages={"lo": 12, "km": None})
    hidden_course = figures(heard(6), courses={"a": 12, "b": None})

    assert [one.rate for one in hidden_language.courses] == [None]
    assert [one.rate for one in hidden_course.courses] == [0.5]
    assert [found.total and found.total.rate for found in (hidden_language, hidden_course)] == [None, None]
    assert hidden_language.left_out
    assert hidden_course.left_out


def test_fewer_than_five_after_one_was_taken_back_are_not_shown() -> None:
    assert figures(heard(4)) == Satisfaction("none")
    both = figures(heard(4), heard(5, "b"), courses={"a": 9, "b": 9})
    assert [(one.value, one.answers) for one in both.courses] == [("b", 5)]
    # Without the four in Khmer, course b has four left; without them, Lao still has five.
    chain = [heard(5), heard(4, "b", "lo"), heard(4, "b", "km")]
    chained = figures(*chain, courses={"a": 9, "b": 9}, languages={"lo": 9, "km": 9})
    assert chained.total is not None
    assert (chained.total.answers, [one.value for one in chained.languages]) == (5, ["lo"])


def test_nothing_is_said_under_a_filter_that_answers_know_nothing_of() -> None:
    assert make_satisfaction(None, {"a": 10}, {"lo": 10}, rates=True) == Satisfaction("filtered")
    assert figures() == Satisfaction("none")


@given(
    counts=st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from(("lo", "km"))), st.integers(1, 12), max_size=6
    ),
    courses=st.fixed_dictionaries({name: st.none() | st.integers(0, 30) for name in "abc"}),
    languages=st.fixed_dictionaries({name: st.none() | st.integers(0, 30) for name in ("lo", "km")}),
)
def test_whatever_was_answered_no_line_is_small_or_hidden_or_tells_by_subtraction(
    counts: dict[tuple[str, str], int], courses: dict[str, int | None], languages: dict[str, int | None]
) -> None:
    told = [heard(n, course, language) for (course, language), n in counts.items()]

    found = figures(*told, courses=courses, languages=languages)

    lines: list[Opinion] = [*found.courses, *found.languages, *([found.total] if found.total else [])]
    assert all(one.answers >= 5 for one in lines)
    assert all(courses[one.value] is not None for one in found.courses)
    assert all(languages[one.value] is not None for one in found.languages)
    if found.total is not None:
        assert sum(one.answers for one in found.courses) == found.total.answers
        assert sum(one.answers for one in found.helped) == found.total.answers
        assert sum(one.answers for one in found.languages) == found.total.answers
    assert {one.value for one in found.helped} in (set(), set(HELPED))
