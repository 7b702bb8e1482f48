"""The translation safety lock: where a source changed since, the stale words are never alone and not examined."""

from cast import memory_node, officer
from small_course import pass_pretest, publish, ready_for_exam

from elearn.services import learn, sit
from elearn.services.node import Node

BEHIND = {"km": {"state": "draft", "behind": ["question/e-one", "question/p-one", "question/c-one"]}}


def _post() -> Node:
    node = memory_node()
    node.store.write(lambda tx: publish(tx, translation=BEHIND))
    return node


def test_an_exam_in_that_language_does_not_draw_stale_questions() -> None:
    node = _post()

    for number in range(6):
        person = officer(node, name=f"Officer {number}")
        ready_for_exam(node, person)
        khmer = sit.start(node, person, "seals", "exam", "km")
        assert "e-one" not in {mark.id for mark in sit.sitting(node, person, khmer).marks}


def test_a_stale_question_that_is_asked_all_the_same_shows_the_source_beside() -> None:
    node = _post()
    person = officer(node, name="Sok Dara")
    attempt = sit.start(node, person, "seals", "pretest", "km")

    stale = sit.sitting(node, person, attempt, question="p-one").question
    fresh = sit.sitting(node, person, attempt, question="p-two").question

    assert stale.behind
    assert stale.stem == "ខ្មែរ What about p-one?"
    assert stale.source_stem == "What about p-one?"
    assert {one.source for one in stale.options} == {f"option {key} of p-one" for key in "abc"}
    assert not fresh.behind
    assert fresh.source_stem == ""


def test_in_the_source_language_nothing_is_stale() -> None:
    node = _post()
    person = officer(node, name="Sok Dara")
    attempt = sit.start(node, person, "seals", "pretest", "en")

    question = sit.sitting(node, person, attempt, question="p-one").question

    assert not question.behind
    assert question.source_stem == ""


def test_a_stale_check_of_a_lesson_shows_the_source_beside() -> None:
    node = _post()
    person = officer(node, name="Sok Dara")
    pass_pretest(node, person)

    checks = {one.question.id: one.question for one in learn.lesson(node, person, "seals", "looking", "km").checks}

    assert checks["c-one"].source_stem == "What about c-one?"
    assert checks["c-two"].source_stem == ""
