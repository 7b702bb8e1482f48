"""Laws of grading that every kind of question keeps, whatever is answered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds_course import STRUCTURES, the_course
from kinds_scenes import form_of, wrong_answer

from elearn.core.learning.blueprint import Drawn, draw, in_lesson
from elearn.core.learning.course import Question
from elearn.core.learning.grade import grade, mark
from elearn.core.learning.shuffle import shuffled
from elearn.core.questions.all import KINDS, kind_of
from elearn.core.questions.base import PAIR, Grade, pattern, response_of
from elearn.core.vocab.errors import Invalid

COURSE = the_course()
EXAM = draw(COURSE, "exam", 7)
KIND = pytest.mark.parametrize("kind", list(STRUCTURES))
WILD = st.text(max_size=12) | st.sampled_from(
    ["", "a", "b", "gap-1", "true", "start", "[,]", "a[.]x", "12", "12,5", "๑๒", "-1", "seal"]
)
FORMS = st.dictionaries(
    st.sampled_from(
        ["answer", "node", "sure", "place-1", "place-2", "place-3", "place-4", "match-1", "match-2", "csrf"]
    ),
    st.lists(WILD, max_size=4),
    max_size=8,
)


def asked(kind: str, use: str = "e") -> Question:
    return COURSE.question(f"{use}-{kind}")


def response_in(form: Mapping[str, Any], question: Question, before: list[str]) -> list[str] | None:
    """Return the response a form says, None where it is refused."""
    kind = kind_of(question)
    try:
        return kind.parse_response(question, kind.from_form(question, form, in_lesson(question).options, before))
    except Invalid as error:
        refused = error
    assert refused.code.startswith("answer.")
    return None


@KIND
@settings(max_examples=40)
@given(form=FORMS, walked=st.booleans())
def test_whatever_a_form_holds_is_a_response_or_is_refused(kind: str, form: Any, walked: bool) -> None:
    question = asked(kind)
    before = kind_of(question).stages(kind_of(question).right(question))[0] if walked else []

    response = response_in(form, question, before)

    if response is not None:
        worth = mark(question, response)
        assert 0.0 <= worth.score <= 1.0
        assert worth.right == (worth.score == 1.0)
        assert response_of(pattern(response)) == response
        assert kind_of(question).parse_response(question, response) == response
        assert pattern(response).isprintable() or kind in {"text", "fillin"}


@KIND
@settings(max_examples=40)
@given(raw=st.lists(WILD, max_size=6))
def test_whatever_is_said_to_be_a_response_is_one_or_is_refused(kind: str, raw: list[str]) -> None:
    question = asked(kind)
    try:
        response = kind_of(question).parse_response(question, raw)
    except Invalid:
        return

    assert 0.0 <= mark(question, response).score <= 1.0


@KIND
def test_the_right_answer_is_worth_one_and_the_wrong_one_less(kind: str) -> None:
    question = asked(kind)

    assert mark(question, kind_of(question).right(question)) == Grade(1.0, True)
    for response in (kind_of(question).wrong(question), wrong_answer(question)):
        assert mark(question, response).right is False
        assert mark(question, response).score < 1
        assert kind_of(question).complete(question, response)
    assert mark(question, []) == Grade(0.0, False)


@KIND
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_a_form_filled_in_says_the_response_however_the_page_was_mixed(kind: str, seed: int) -> None:
    question = asked(kind)
    shown = next(one.options for one in draw(COURSE, "exam", seed) if one.id == question.id)
    for response in (kind_of(question).right(question), kind_of(question).wrong(question)):
        before: list[str] = []
        for stage in kind_of(question).stages(response):
            form = form_of(question, shown, stage)
            lists = {name: value if isinstance(value, list) else [value] for name, value in form.items()}
            before = kind_of(question).from_form(question, lists, shown, before)

        assert kind_of(question).parse_response(question, before) == response


@pytest.mark.parametrize("kind", ["multiple", "hotspot", "match"])
@given(st.data())
def test_the_order_of_answers_does_not_matter_where_it_should_not(kind: str, data: st.DataObject) -> None:
    question = asked(kind)
    parts = (
        [f"{one}{PAIR}{other}" for one in question.options for other in "xyz"] if kind == "match" else question.options
    )
    chosen = data.draw(st.lists(st.sampled_from(list(parts)), min_size=1, unique_by=lambda one: one[0]))
    other = data.draw(st.permutations(chosen))

    mine, theirs = (kind_of(question).parse_response(question, one) for one in (chosen, other))

    assert mine == theirs
    assert mark(question, mine) == mark(question, theirs)


@given(st.permutations("abcd"))
def test_an_order_is_worth_the_pairs_that_stand_the_right_way_round(order: list[str]) -> None:
    worth = mark(asked("order"), order)
    turned = mark(asked("order"), order[::-1])

    assert min(worth.score, turned.score) == 0
    assert (worth.score == 1.0) == (order == list("abcd")) == worth.right


@pytest.mark.parametrize(
    ("kind", "response", "score"),
    [
        ("multiple", ["a"], 0.5),
        ("multiple", ["a", "b", "c", "d"], 0.0),
        ("hotspot", ["a"], 0.5),
        ("hotspot", ["a", "b", "c"], 0.5),
        ("order", ["b", "a", "c", "d"], 2 / 3),
        ("order", ["d", "c", "b", "a"], 0.0),
        ("match", ["a[.]x"], 0.5),
        ("match", ["a[.]z", "b[.]z"], 0.5),
        ("match", ["a[.]z", "b[.]x"], 0.0),
        ("fillin", ["car", ""], 0.5),
        ("fillin", ["lorry", "car"], 0.0),
        ("number", ["12"], 1.0),
        ("number", ["13"], 1.0),
        ("number", ["13.01"], 0.0),
        ("number", ["-12.5"], 0.0),
        ("text", ["SEAL"], 1.0),
        ("text", ["封条"], 1.0),
        ("text", ["lorry"], 0.0),
        ("truefalse", ["false"], 0.0),
        ("scenario", ["start[.]a"], 0.0),
        ("scenario", ["start[.]a", "near[.]a"], 1.0),
        ("scenario", ["start[.]b", "near[.]a"], 0.5),
        ("scenario", ["start[.]b", "near[.]b"], 0.25),
        ("scenario", ["start[.]c"], 0.0),
    ],
)
def test_a_part_of_an_answer_is_worth_a_part(kind: str, response: list[str], score: float) -> None:
    worth = mark(asked(kind), response)

    assert worth.score == pytest.approx(score)
    assert worth.right == (score == 1.0)


RESPONSES = st.fixed_dictionaries(
    {},
    optional={
        one.id: st.sampled_from([kind_of(q).right(q), kind_of(q).wrong(q), wrong_answer(q)])
        for one in EXAM
        for q in [COURSE.question(one.id)]
    },
)


@given(RESPONSES)
def test_an_exam_is_worth_the_mean_of_its_answers(answers: dict[str, list[str]]) -> None:
    result = grade(COURSE, EXAM, answers)

    worth = [mark(COURSE.question(one.id), answers.get(one.id, ())) for one in EXAM]
    assert result.score == pytest.approx(sum(one.score for one in worth) / len(worth))
    assert result.right == sum(one.right for one in worth)
    assert result.right / result.asked <= result.score <= 1
    assert result.passed == (result.score >= 0.8 and not result.critical_missed)


@given(RESPONSES)
def test_a_critical_question_must_be_right_altogether(answers: dict[str, list[str]]) -> None:
    critical = "e-order"
    course = replace(
        COURSE, questions={**COURSE.questions, critical: replace(COURSE.question(critical), critical=True)}
    )
    everything = {one.id: kind_of(COURSE.question(one.id)).right(COURSE.question(one.id)) for one in EXAM}

    result = grade(course, EXAM, {**everything, critical: ["b", "a", "c", "d"]})

    assert result.score > 0.9
    assert (result.passed, result.critical_missed) == (False, (critical,))
    assert grade(course, EXAM, everything).passed
    assert (critical in grade(course, EXAM, answers).critical_missed) == (answers.get(critical) != everything[critical])


@given(st.integers(0, 2**32))
def test_the_order_things_are_shown_in_never_tells_their_order(seed: int) -> None:
    for one in draw(COURSE, "exam", seed):
        question = COURSE.question(one.id)
        if question.kind == "order":
            assert one.options != question.options
        assert sorted(one.options) == sorted([*question.options, *question.plan.get("targets", ())]) or not one.options


def test_lessons_mix_what_would_tell_the_answer_and_nothing_else() -> None:
    for kind in STRUCTURES:
        question = asked(kind, "c")
        shown = in_lesson(question)
        assert shown == in_lesson(question)
        if kind in {"choice", "multiple", "hotspot", "truefalse", "scenario", "fillin"}:
            assert shown == Drawn(question.id, question.options)


def test_an_old_draw_of_options_can_be_drawn_again() -> None:
    question = asked("multiple")

    drawn = next(one for one in EXAM if one.id == question.id)

    assert list(drawn.options) == shuffled(question.options, 7, f"options of {question.id}")


@KIND
def test_a_view_is_the_same_whatever_is_right(kind: str) -> None:
    question = asked(kind)
    words = {"stem": "?", "options": {}, "feedback": {}, "picture": '<svg viewBox="0 0 9 9"></svg>'}
    other = {
        "number": {"plan": {"answer": {"value": "3"}}},
        "match": {"plan": {**question.plan, "pairs": {"a": "y", "b": "x"}}},
        "text": {"accepted": {"answer": {"en": ["other"]}}},
        "fillin": {"accepted": {"gap-1": {"en": ["other"]}}},
        "scenario": {
            "plan": {
                "nodes": {
                    **question.plan["nodes"],
                    "start": {
                        "options": {
                            "a": {"next": "near", "unsafe": "true"},
                            "b": {"next": "near"},
                            "c": {"end": "true"},
                        }
                    },
                }
            }
            if kind == "scenario"
            else {}
        },
    }.get(kind, {"correct": frozenset(question.options[-1:])})
    changed = replace(question, **other)
    shown = in_lesson(question).options

    mine, theirs = (KINDS[kind].view(one, words, shown, []) for one in (question, changed))

    assert mine == theirs
