"""Courses and lessons as an officer meets them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cast import memory_node, officer, sqlite_node
from small_course import certificate_of, pass_pretest, publish, read_lessons, ready_for_exam, structure

from elearn.core.learning.path import Gate
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import PACKAGE
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi import verbs
from elearn.services import learn, sit
from elearn.services.learning_pages import CheckView, FeedbackView
from elearn.services.node import Node


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def said(node: Node, person: str) -> list[str]:
    """Return the verbs of everything in the ledger about the officer, in order."""
    with node.store.reading() as tx:
        return [statement.verb.rsplit("/", 1)[1] for statement in tx.ledger.about(person)]


def check(node: Node, person: str, question: str, keys: list[str]) -> CheckView:
    return learn.check_answer(node, person, "seals", "looking", question, keys, "en")


def test_a_new_officer_sees_every_course_and_is_offered_the_pre_test(post: Node) -> None:
    noy = officer(post)

    card = learn.my_courses(post, noy, "km")[0]

    assert (card.id, card.code, card.title, card.language) == ("seals", "T1", "ខ្មែរ Seals", "km")
    assert (card.state, card.next, card.next_id, card.lessons_done, card.lessons) == ("new", "pretest", "", 0, 2)
    assert said(post, noy) == []


def test_a_course_not_in_the_officers_language_is_shown_in_english_and_says_so(post: Node) -> None:
    card = learn.my_courses(post, officer(post), "th")[0]

    assert (card.title, card.language) == ("Seals", "en")


def test_a_translation_nobody_reviewed_or_behind_its_source_says_so(post: Node) -> None:
    states = {"en": {"state": "source"}, "km": {"state": "draft", "behind": ["lesson/looking/p1", "question/c-one"]}}
    post.store.write(lambda tx: publish(tx, structure(), states))
    noy = officer(post)
    pass_pretest(post, noy)

    page = learn.lesson(post, noy, "seals", "looking", "km")

    assert (page.draft, page.behind) == (True, ("p1",))
    assert page.source_html == '<p id="p1">A broken seal is reported.</p>'
    assert [one.question.behind for one in page.checks] == [True, False]
    assert learn.my_courses(post, noy, "km")[0].draft is True
    assert learn.my_courses(post, noy, "en")[0].draft is False
    assert learn.lesson(post, noy, "seals", "looking", "en").source_html == ""


def test_lessons_are_closed_until_the_pre_test_is_handed_in(post: Node) -> None:
    noy = officer(post)

    for errand in (
        lambda: learn.lesson(post, noy, "seals", "looking", "en"),
        lambda: learn.finish_lesson(post, noy, "seals", "stopping", "en"),
        lambda: check(post, noy, "c-one", ["a"]),
    ):
        with pytest.raises(Refused, match=r"lesson\.pretest-first"):
            errand()
    assert said(post, noy) == []


def test_a_lesson_shows_its_page_and_checks_without_a_key_or_feedback(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)

    page = learn.lesson(post, noy, "seals", "looking", "km")

    assert page.html == '<p id="p1">ខ្មែរ A broken seal is reported.</p>'
    assert (page.title, page.number, page.before, page.after) == ("ខ្មែរ Looking", 1, "", "stopping")
    assert (page.done, page.checks_open) == (False, 2)
    assert [(one.question.id, one.answered, one.feedback) for one in page.checks] == [
        ("c-one", False, ()),
        ("c-two", False, ()),
    ]
    assert "feedback" not in repr(page).replace("feedback=()", "")
    assert "correct" not in repr(page)


def test_a_check_answered_shows_feedback_on_what_was_chosen_only(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)

    wrong = check(post, noy, "c-two", ["a", "b"])

    assert wrong.answered is True
    assert wrong.right is False
    assert wrong.feedback == (
        FeedbackView("a", "feedback a of c-two", False),
        FeedbackView("b", "feedback b of c-two", True),
    )


def test_a_check_may_be_tried_again_and_the_last_answer_stands(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)
    check(post, noy, "c-one", ["b"])

    again = check(post, noy, "c-one", ["a"])

    assert again == learn.lesson(post, noy, "seals", "looking", "en").checks[0]
    assert again.right is True


def test_the_same_answer_pressed_twice_is_said_once(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)
    before = len(said(post, noy))

    check(post, noy, "c-one", ["b"])
    check(post, noy, "c-one", ["b"])

    assert said(post, noy)[before:] == ["answered"]


def test_a_lesson_is_finished_only_when_every_check_has_an_answer(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)
    check(post, noy, "c-one", ["c"])

    with pytest.raises(Refused) as refused:
        learn.finish_lesson(post, noy, "seals", "looking", "en")

    assert refused.value.code == "lesson.checks-open"
    assert refused.value.details == {"lesson": "looking", "n": 1}
    assert learn.course_page(post, noy, "seals", "en").card.lessons_done == 0


def test_a_lesson_is_finished_with_wrong_answers_too_and_once(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)

    read_lessons(post, noy)
    learn.finish_lesson(post, noy, "seals", "looking", "en")

    assert said(post, noy).count("completed") == 2
    page = learn.course_page(post, noy, "seals", "en")
    assert [(line.id, line.done, line.advised) for line in page.lessons] == [
        ("looking", True, False),
        ("stopping", True, False),
    ]
    assert (page.exam.gate, page.exam.questions, page.exam.minutes) == (Gate.OPEN, 4, 30)
    assert (page.card.next, page.card.state) == ("exam", "started")


def test_the_first_thing_done_enrols_and_nothing_else_does(post: Node) -> None:
    noy = officer(post)
    learn.course_page(post, noy, "seals", "en")
    assert said(post, noy) == []

    pass_pretest(post, noy)
    read_lessons(post, noy)

    assert said(post, noy).count("registered") == 1
    with post.store.reading() as tx:
        row = tx.tables.get(PROGRESS, noy, "seals")
    assert row is not None
    assert (row["version"], sorted(row["lessons"])) == ("1.0.0", ["looking", "stopping"])


def test_the_course_page_tells_the_whole_way(post: Node) -> None:
    noy = officer(post)
    number = certificate_of(post, noy)

    page = learn.course_page(post, noy, "seals", "km")

    assert (page.card.state, page.card.next, page.card.next_id) == ("passed", "certificate", number)
    assert page.pretest is not None
    assert page.pretest.gate is Gate.DONE
    assert page.exam.gate is Gate.DONE
    assert [(one.kind, one.score, one.success) for one in page.history] == [
        ("exam", 1.0, True),
        ("pretest", 0.5, False),
    ]
    assert page.outcomes == ("ខ្មែរ The officer can read a seal.",)
    assert learn.my_courses(post, noy, "km") == [page.card]


def test_one_officers_way_is_not_anothers(post: Node) -> None:
    noy, som = officer(post), officer(post, "Som Chan")
    certificate_of(post, noy)

    assert learn.my_courses(post, som, "en")[0].state == "new"
    assert said(post, som) == []


@pytest.mark.parametrize(
    ("errand", "kind", "code"),
    [
        (lambda node, noy: learn.course_page(node, noy, "none", "en"), NotFound, "course.unknown"),
        (lambda node, noy: learn.lesson(node, noy, "seals", "none", "en"), NotFound, "lesson.unknown"),
        (lambda node, noy: check(node, noy, "e-one", ["a"]), NotFound, "question.unknown"),
        (lambda node, noy: check(node, noy, "c-one", []), Invalid, "answer.empty"),
        (lambda node, noy: check(node, noy, "c-one", ["z"]), Invalid, "answer.option"),
        (lambda node, noy: check(node, noy, "c-one", ["a", "b"]), Invalid, "answer.one-only"),
    ],
)
def test_what_is_not_there_is_refused_by_name_and_nothing_is_said(
    post: Node, errand: Callable[[Node, str], object], kind: type[ElearnError], code: str
) -> None:
    noy = officer(post)
    pass_pretest(post, noy)
    before = said(post, noy)

    with pytest.raises(kind) as refused:
        errand(post, noy)

    assert refused.value.code == code
    assert said(post, noy) == before


def test_where_nobody_is_taught_nothing_can_be_sat() -> None:
    regional = memory_node(kind=NodeKind.REGIONAL_HUB)
    regional.store.write(publish)
    noy = officer(regional)

    with pytest.raises(Refused, match=r"node\.power"):
        sit.start(regional, noy, "seals", "pretest", "en")


def test_a_lesson_added_by_a_new_version_closes_the_exam_until_it_is_read(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    plan = structure(version="1.1.0")
    plan["lessons"].append({"id": "calling", "number": 3, "minutes": 5, "objectives": ["o-stop"], "checks": []})

    post.store.write(lambda tx: publish(tx, plan))

    page = learn.course_page(post, noy, "seals", "en")
    assert page.exam.gate is Gate.LESSONS_FIRST
    assert (page.card.next, page.card.next_id, page.card.lessons_done) == ("lesson", "calling", 2)


def test_what_was_said_is_xapi_with_the_version_pinned(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)
    check(post, noy, "c-two", ["c", "b"])

    with post.store.reading() as tx:
        last = tx.ledger.about(noy)[-1]
        digest = tx.tables.select(PACKAGE, {"current": 1})[0]["digest"]

    assert last.verb == verbs.ANSWERED
    assert last.object_id == "https://elearn.invalid/course/seals/question/c-two"
    assert last.result == {"response": "b[,]c", "score": {"scaled": 1.0}, "success": True}
    assert (last.extension("digest"), last.extension("version"), last.language) == (digest, "1.0.0", "en")
    assert last.extension("place") == "check"
    assert last.attempt is None
