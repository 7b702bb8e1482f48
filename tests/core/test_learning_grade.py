"""From answers to a result: the pass mark, the critical questions, and what to read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_course import RIGHT, structure

from elearn.core.learning.blueprint import draw
from elearn.core.learning.course import course_of
from elearn.core.learning.grade import Gain, ObjectiveScore, gain, grade, is_right, lessons_to_read
from elearn.core.vocab.errors import Invalid

COURSE = course_of(structure())
# Of the stopping questions e-six is critical and always drawn.
DRAWN = draw(COURSE, "exam", 1)
ASKED = [one.id for one in DRAWN]
ALL_RIGHT = {name: RIGHT[name] for name in ASKED}
ANSWERS = st.fixed_dictionaries({}, optional={name: st.sets(st.sampled_from("abc"), min_size=1) for name in RIGHT})


def test_all_right_is_a_full_score_with_nothing_to_read_again() -> None:
    result = grade(COURSE, DRAWN, ALL_RIGHT)

    assert (result.score, result.passed, result.right, result.asked) == (1.0, True, 4, 4)
    assert (result.missed, result.critical_missed) == ((), ())
    assert result.objectives == (ObjectiveScore("o-look", 2, 2), ObjectiveScore("o-stop", 2, 2))


def test_exactly_the_pass_mark_is_a_pass() -> None:
    wrong = next(name for name in ASKED if COURSE.questions[name].objective == "o-look")

    result = grade(COURSE, DRAWN, {**ALL_RIGHT, wrong: ["b" if RIGHT[wrong] == ["a"] else "a"]})

    assert (result.score, result.passed, result.missed) == (0.75, True, ("o-look",))


def test_a_critical_question_missed_is_a_fail_whatever_the_score() -> None:
    result = grade(COURSE, DRAWN, {**ALL_RIGHT, "e-six": ["b"]})

    assert (result.score, result.passed, result.critical_missed) == (0.75, False, ("e-six",))


def test_what_was_not_answered_is_wrong() -> None:
    result = grade(COURSE, DRAWN, {})

    assert (result.score, result.passed, result.missed) == (0.0, False, ("o-look", "o-stop"))


@pytest.mark.parametrize(
    ("marked", "right"), [(["a", "c"], True), (["c", "a"], True), (["a"], False), (["a", "b", "c"], False)]
)
def test_several_right_options_must_all_be_marked_and_no_other(marked: list[str], right: bool) -> None:
    course = course_of(structure(exam={"minutes": 0, "draw": {"o-stop": 3}}))

    result = grade(course, draw(course, "exam", 1), {"e-four": marked})

    assert result.right == int(right)


@pytest.mark.parametrize("pass_mark", [0.05, 0.1, 0.35, 0.55, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95])
def test_no_pass_is_lost_to_the_way_machines_write_fractions(pass_mark: float) -> None:
    questions = {
        f"e-{n}": {"kind": "choice", "objective": "o-look", "use": "exam", "options": ["a", "b"], "correct": ["a"]}
        for n in range(20)
    }
    course = course_of(structure(questions=questions, pass_mark=pass_mark, exam={"minutes": 0, "draw": {"o-look": 20}}))
    enough = round(pass_mark * 20)
    drawn = draw(course, "exam", 1)

    assert grade(course, drawn, {f"e-{n}": ["a"] for n in range(enough)}).passed is True
    assert grade(course, drawn, {f"e-{n}": ["a"] for n in range(enough - 1)}).passed is False


@given(ANSWERS, st.integers(0, 2**63 - 1))
def test_a_result_agrees_with_itself(answers: dict[str, set[str]], seed: int) -> None:
    drawn = draw(COURSE, "exam", seed)

    result = grade(COURSE, drawn, {name: sorted(keys) for name, keys in answers.items()})

    assert sum(one.right for one in result.objectives) == result.right
    assert sum(one.asked for one in result.objectives) == result.asked == 4
    assert result.right / 4 <= result.score <= 1
    assert result.passed == (result.score >= 0.75 and not result.critical_missed)
    assert set(result.missed) == {one.objective for one in result.objectives if one.right < one.asked}


@given(ANSWERS)
def test_one_more_right_answer_never_lowers_a_result(answers: dict[str, set[str]]) -> None:
    given_answers = {name: sorted(keys) for name, keys in answers.items()}
    before = grade(COURSE, DRAWN, given_answers)

    for name in ASKED:
        after = grade(COURSE, DRAWN, {**given_answers, name: RIGHT[name]})

        assert after.score >= before.score
        assert after.passed >= before.passed


def test_the_gain_counts_only_linked_questions_asked_both_times() -> None:
    course = course_of(structure(exam={"minutes": 0, "draw": {"o-look": 3, "o-stop": 3}}))
    drawn = draw(course, "exam", 1)

    assert gain(course, {"p-one": ["b"], "p-two": ["b"]}, drawn, RIGHT) == Gain(2, 0.5, 1.0)
    assert gain(course, {"p-one": ["b"]}, drawn, RIGHT) == Gain(1, 0.0, 1.0)
    assert gain(course, {}, drawn, RIGHT) is None


def test_what_to_read_again_is_the_lessons_of_what_was_missed() -> None:
    assert lessons_to_read(COURSE, ["o-stop"]) == [("stopping", ("o-stop",))]
    assert lessons_to_read(COURSE, ["o-stop", "o-look"]) == [("looking", ("o-look",)), ("stopping", ("o-stop",))]
    assert lessons_to_read(COURSE, []) == []


def test_a_kind_of_question_this_program_does_not_know_is_named() -> None:
    course = course_of(structure(questions={"e-odd": {**structure()["questions"]["e-one"], "kind": "oral"}}))

    with pytest.raises(Invalid) as refused:
        is_right(course.questions["e-odd"], ["a"])

    assert refused.value.code == "question.kind"
    assert refused.value.details == {"question": "e-odd", "kind": "oral"}
