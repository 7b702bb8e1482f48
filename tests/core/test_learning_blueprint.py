"""Drawing a sitting: every draw keeps the blueprint, and the seed alone decides."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_course import question, structure

from elearn.core.learning.blueprint import draw, drawn_of, kept_form
from elearn.core.learning.course import course_of
from elearn.core.learning.shuffle import shuffled
from elearn.core.vocab.errors import Invalid

COURSE = course_of(structure())
SEEDS = st.integers(0, 2**63 - 1)


@given(SEEDS)
def test_every_draw_asks_as_many_of_each_objective_as_the_blueprint_says(seed: int) -> None:
    drawn = draw(COURSE, "exam", seed)

    assert Counter(COURSE.questions[one.id].objective for one in drawn) == {"o-look": 2, "o-stop": 2}
    assert {COURSE.questions[one.id].use for one in drawn} == {"exam"}
    assert len({one.id for one in drawn}) == 4


@given(SEEDS)
def test_the_options_of_every_question_are_a_permutation_of_its_own(seed: int) -> None:
    for one in draw(COURSE, "exam", seed):
        assert sorted(one.options) == sorted(COURSE.questions[one.id].options)


@given(SEEDS)
def test_a_critical_question_is_always_asked_where_it_fits(seed: int) -> None:
    assert "e-six" in {one.id for one in draw(COURSE, "exam", seed)}


def test_where_more_are_critical_than_fit_each_has_its_turn() -> None:
    questions = {f"e-{n}": question("o-look", "exam", critical=True) for n in range(5)}
    course = course_of(structure(questions=questions, exam={"minutes": 0, "draw": {"o-look": 2}}))

    seen = {one.id for seed in range(60) for one in draw(course, "exam", seed)}

    assert seen == set(questions)


@given(seed=st.integers(0, 2**53))
def test_an_exam_leaves_out_stale_questions_as_long_as_there_are_others(seed: int) -> None:
    asked = {one.id for one in draw(course_of(structure()), "exam", seed, stale={"e-one", "e-six"})}

    assert asked == {"e-two", "e-three", "e-four", "e-five"}


def test_where_too_few_are_fresh_the_blueprint_still_holds() -> None:
    asked = {one.id for one in draw(course_of(structure()), "exam", 7, stale={"e-one", "e-two"})}

    assert len(asked) == 4
    assert "e-three" in asked


def test_every_question_of_the_exam_is_reached_by_some_seed() -> None:
    seen = {one.id for seed in range(60) for one in draw(COURSE, "exam", seed)}

    assert seen == {"e-one", "e-two", "e-three", "e-four", "e-five", "e-six"}


def test_the_pre_test_asks_all_its_questions_and_nothing_else() -> None:
    assert {one.id for one in draw(COURSE, "pretest", 7)} == {"p-one", "p-two"}


@given(SEEDS)
def test_the_same_seed_draws_the_same_sitting(seed: int) -> None:
    assert draw(COURSE, "exam", seed) == draw(COURSE, "exam", seed)


def test_seeds_next_to_each_other_draw_other_sittings() -> None:
    sittings = [tuple(draw(COURSE, "exam", seed)) for seed in range(50)]

    assert all(one != other for one, other in pairwise(sittings))


def test_a_draw_survives_being_kept() -> None:
    drawn = draw(COURSE, "exam", 3)

    assert drawn_of(kept_form(drawn)) == drawn


def test_a_blueprint_that_wants_more_than_there_is_names_the_objective() -> None:
    course = course_of(structure(exam={"minutes": 0, "draw": {"o-look": 9}}))

    with pytest.raises(Invalid) as refused:
        draw(course, "exam", 1)

    assert refused.value.code == "blueprint.too-few"
    assert refused.value.details == {"course": "seals", "objective": "o-look", "needed": 9, "found": 3}


def test_only_pre_test_and_exam_are_drawn() -> None:
    with pytest.raises(Invalid, match=r"sitting\.kind"):
        draw(COURSE, "check", 1)


def test_a_structure_without_its_parts_is_refused_with_the_reason() -> None:
    broken: dict[str, Any] = structure()
    del broken["lessons"][0]["number"]

    with pytest.raises(Invalid, match=r"package\.structure.*number"):
        course_of(broken)


@given(st.lists(st.integers(), max_size=40), SEEDS, st.text(max_size=5))
def test_a_shuffle_loses_and_doubles_nothing(items: list[int], seed: int, label: str) -> None:
    assert Counter(shuffled(items, seed, label)) == Counter(items)


def test_a_shuffle_favours_no_order() -> None:
    """All 24 orders of four, 4,800 seeds: chi-square with 23 degrees of freedom stays under 49.7 (p = 0.001)."""
    counts = Counter(tuple(shuffled("abcd", seed, "fair")) for seed in range(4800))

    assert len(counts) == 24
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 49.7


def test_a_shuffle_is_the_same_for_all_time() -> None:
    """Draws made today must be drawable again by the programs of later years."""
    assert "".join(shuffled("abcdefghij", 2026, "golden")) == "fjdehcibga"
