"""Every kind of question as check, in the pre-test and in the exam; scenarios step by step; how sure an officer is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node, officer, sqlite_node
from kinds_course import COURSE, STRUCTURES, WORDS, with_kinds
from kinds_scenes import answer, check, form_of, kinds_package, ready_for_exam, wrong_answer

from elearn.core.learning.grade import mark
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.checks import CHECK_ANSWER
from elearn.core.projections.reviews import REVIEW
from elearn.core.questions.all import kind_of
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.services import find, learn, refreshers, results, sit
from elearn.services.node import Node
from elearn.services.refresher_sets import learned

ROOT = Path(__file__).resolve().parents[2]
KIND = pytest.mark.parametrize("kind", list(STRUCTURES))
SAFE = ["start[.]a", "near[.]a"]


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = with_kinds(memory_node(), tmp_path_factory.mktemp("courses"))
    yield node
    node.store.close()


@pytest.fixture
def noy(post: Node) -> str:
    return officer(post)


@pytest.fixture
def reader(post: Node) -> str:
    """Return an officer whose lessons are open."""
    person = officer(post)
    sit.submit(post, person, sit.start(post, person, COURSE, "pretest", "en"), anyway=True)
    return person


def asked(post: Node, question: str) -> Any:
    return kinds_package(post).course.question(question)


def rows(post: Node, table: Any, **where: Any) -> list[dict[str, Any]]:
    with post.store.reading() as tx:
        return list(tx.tables.select(table, where))


@KIND
def test_a_check_is_answered_wrong_then_right_with_feedback(post: Node, reader: str, kind: str) -> None:
    question = asked(post, f"c-{kind}")

    wrong = check(post, reader, question, wrong_answer(question))
    right = check(post, reader, question)

    assert (wrong.answered, wrong.right, right.answered, right.right) == (True, False, True, True)
    for view in (wrong, right):
        assert view.feedback
        assert all(said.text.startswith(("Because", "Look")) for said in view.feedback)
    assert not all(said.right for said in wrong.feedback) or kind in {"multiple", "hotspot"}
    assert all(said.right for said in right.feedback)


@pytest.mark.parametrize("language", list(WORDS))
def test_every_kind_is_shown_in_every_language(post: Node, reader: str, language: str) -> None:
    view = learn.lesson(post, reader, COURSE, "looking", language)

    assert [one.question.kind for one in view.checks] == list(STRUCTURES)
    for one in view.checks:
        assert one.question.language == language
        if one.question.kind != "fillin":
            assert one.question.stem == f"{WORDS[language]['which']} {WORDS[language]['seal']} (c-{one.question.kind})?"
        else:
            assert one.question.stem.count("______") == 2
            assert "gap" not in one.question.stem


def test_nothing_shown_before_an_answer_holds_a_key(post: Node, reader: str) -> None:
    view = learn.lesson(post, reader, COURSE, "looking", "en")

    told = repr(view.checks)
    secrets = (
        "Because 1",
        "Because seal",
        "correct",
        "accepted",
        "pairs",
        "tolerance",
        "12.5",
        "'unsafe': 'true'",
        "'near'",
    )
    for secret in secrets:
        assert secret not in told, secret
    assert "seal car" not in told


def test_no_words_of_a_question_hold_what_may_be_typed(post: Node) -> None:
    for row in rows(post, QUESTION_TEXT):
        assert "accepted" not in row["words"]


def test_what_may_be_typed_is_not_found_by_searching(post: Node) -> None:
    find.refresh(post)

    assert find.find(post, "en", "seal car") == []
    assert find.find(post, "en", "Look seal") != []


@KIND
def test_every_kind_counts_in_pre_test_and_exam(post: Node, noy: str, kind: str) -> None:
    attempt = sit.start(post, noy, COURSE, "pretest", "en")
    question = asked(post, f"p-{kind}")
    answer(post, noy, attempt, question, wrong_answer(question))
    sit.submit(post, noy, attempt, anyway=True)

    assert rows(post, ANSWER, attempt=attempt)[0]["response"] == wrong_answer(question)
    worth = mark(question, wrong_answer(question)).score
    assert results.result(post, noy, attempt, "en").score == pytest.approx(worth / len(STRUCTURES))


def test_an_exam_of_every_kind_is_passed_in_another_language(post: Node, noy: str) -> None:
    ready_for_exam(post, noy, "my")
    attempt = sit.start(post, noy, COURSE, "exam", "my")
    for kind in STRUCTURES:
        question = asked(post, f"e-{kind}")
        drawn = sit.sitting(post, noy, attempt, question=question.id).question
        assert drawn.language == "my"
        answer(post, noy, attempt, question, kind_of(question).right(question))
    sit.submit(post, noy, attempt)

    found = results.result(post, noy, attempt, "my")
    assert (found.score, found.passed, found.right, found.asked) == (1.0, True, 10, 10)
    assert found.certificate


def test_parts_of_answers_count_in_the_exam(post: Node, noy: str) -> None:
    ready_for_exam(post, noy)
    attempt = sit.start(post, noy, COURSE, "exam", "en")
    for kind in STRUCTURES:
        question = asked(post, f"e-{kind}")
        half = kind in {"multiple", "match", "fillin", "hotspot", "scenario"}
        answer(post, noy, attempt, question, wrong_answer(question) if half else kind_of(question).right(question))
    sit.submit(post, noy, attempt)

    found = results.result(post, noy, attempt, "en")
    assert found.score == pytest.approx((5 + 0.0 + 0.5 * 4) / 10)
    assert (found.right, found.passed) == (5, False)


@KIND
def test_the_form_of_a_page_says_the_response(post: Node, noy: str, kind: str) -> None:
    attempt = sit.start(post, noy, COURSE, "pretest", "en")
    question = asked(post, f"p-{kind}")
    with post.store.reading() as tx:
        kept = tx.tables.select(ANSWER, {"attempt": attempt})
        assert kept == []
    shown = next(tuple(one["options"]) for one in _drawn(post, attempt) if one["id"] == question.id)
    for stage in kind_of(question).stages(kind_of(question).right(question)):
        form = form_of(question, shown, stage)
        sit.answer(
            post, noy, attempt, question.id, {name: [v] if isinstance(v, str) else v for name, v in form.items()}
        )

    [row] = rows(post, ANSWER, attempt=attempt)
    assert (row["response"], row["score"]) == (kind_of(question).right(question), 1.0)


def _drawn(post: Node, attempt: str) -> list[dict[str, Any]]:
    [row] = rows(post, ATTEMPT, attempt=attempt)
    return list(row["questions"])


# --- scenarios


def step(post: Node, person: str, attempt: str, node: str, option: str) -> Any:
    return sit.answer(post, person, attempt, "p-scenario", {"node": [node], "answer": [option]})


def test_each_step_is_kept_and_none_is_taken_back(post: Node, noy: str) -> None:
    attempt = sit.start(post, noy, COURSE, "pretest", "en")

    first = step(post, noy, attempt, "start", "b")

    assert (first.stay, first.answered) == (True, 0)
    [row] = rows(post, ANSWER, attempt=attempt)
    assert (row["response"], row["score"]) == (["start[.]b"], None)
    for node, option in (("start", "a"), ("start", "c")):
        with pytest.raises(Invalid) as refused:
            step(post, noy, attempt, node, option)
        assert refused.value.code == "answer.step-gone"
    with pytest.raises(Invalid):
        sit.answer(post, noy, attempt, "p-scenario", SAFE)
    assert step(post, noy, attempt, "start", "b").answered == 0  # sent twice is said once
    last = step(post, noy, attempt, "near", "a")
    assert (last.stay, last.answered) == (True, 1)
    with pytest.raises(Invalid) as refused:
        step(post, noy, attempt, "start", "a")
    assert refused.value.code == "answer.step-gone"
    [row] = rows(post, ANSWER, attempt=attempt)
    assert (row["response"], row["score"]) == (["start[.]b", "near[.]a"], 0.5)


def test_a_scenario_under_way_is_a_question_still_open(post: Node, noy: str) -> None:
    attempt = sit.start(post, noy, COURSE, "pretest", "en")
    step(post, noy, attempt, "start", "a")

    view = sit.sitting(post, noy, attempt, question="p-scenario")

    assert view.answered == 0
    assert not next(one for one in view.marks if one.id == "p-scenario").answered
    assert (view.question.closed, view.question.parts["node"]["key"]) == (False, "near")
    with pytest.raises(Refused):
        sit.submit(post, noy, attempt)
    sit.submit(post, noy, attempt, anyway=True)
    assert results.result(post, noy, attempt, "en").score == 0.0


def test_a_critical_error_ends_it_at_once_and_says_why(post: Node, noy: str) -> None:
    attempt = sit.start(post, noy, COURSE, "pretest", "en")
    step(post, noy, attempt, "start", "c")

    view = sit.sitting(post, noy, attempt, question="p-scenario").question

    assert (view.closed, view.parts["end"], view.parts["node"]) == (True, "critical", None)
    assert [(one["consequence"], one["mark"]) for one in view.parts["steps"]] == [("Because 3", "critical")]


def test_how_unsafe_a_step_was_is_told_at_the_end_and_not_before(post: Node, reader: str) -> None:
    under_way = learn.check_answer(post, reader, COURSE, "looking", "c-scenario", ["start[.]b"], "en")
    ended = learn.check_answer(post, reader, COURSE, "looking", "c-scenario", ["start[.]b", "near[.]b"], "en")

    assert [one["mark"] for one in under_way.question.parts["steps"]] == [""]
    assert (under_way.answered, under_way.feedback) == (False, ())
    assert [one["mark"] for one in ended.question.parts["steps"]] == ["unsafe", "unsafe"]
    assert (ended.answered, ended.right, ended.question.parts["unsafe"]) == (True, False, 2)


def test_in_a_lesson_an_ended_scenario_may_be_played_again(post: Node, reader: str) -> None:
    question = asked(post, "c-scenario")
    check(post, reader, question, ["start[.]c"])
    view = learn.lesson(post, reader, COURSE, "looking", "en", again="c-scenario")
    assert view.checks[-1].question.parts["node"]["key"] == "start"

    learn.check_answer(post, reader, COURSE, "looking", "c-scenario", {"node": ["start"], "answer": ["a"]}, "en")
    told = learn.check_answer(post, reader, COURSE, "looking", "c-scenario", {"node": ["near"], "answer": ["a"]}, "en")

    assert (told.right, told.question.parts["end"]) == (True, "good")


def test_a_step_of_a_scenario_is_no_answer_to_be_refreshed(post: Node, reader: str) -> None:
    learn.check_answer(post, reader, COURSE, "looking", "c-scenario", ["start[.]a"], "en")
    assert rows(post, REVIEW, subject=reader, question="c-scenario") == []

    learn.check_answer(post, reader, COURSE, "looking", "c-scenario", SAFE, "en")

    assert [row["right"] for row in rows(post, REVIEW, subject=reader, question="c-scenario")] == [1]


def test_a_lesson_is_not_completed_with_a_scenario_under_way(post: Node, reader: str) -> None:
    for kind in STRUCTURES:
        if kind != "scenario":
            check(post, reader, asked(post, f"c-{kind}"))
    learn.check_answer(post, reader, COURSE, "looking", "c-scenario", ["start[.]a"], "en")

    with pytest.raises(Refused) as refused:
        learn.finish_lesson(post, reader, COURSE, "looking", "en")

    assert (refused.value.code, refused.value.details["n"]) == ("lesson.checks-open", 1)
    learn.check_answer(post, reader, COURSE, "looking", "c-scenario", SAFE, "en")
    learn.finish_lesson(post, reader, COURSE, "looking", "en")


AT_WORK = """
import sys
from pathlib import Path
from cast import officer, sqlite_node
from kinds_course import COURSE, with_kinds
from elearn.services import sit

folder = Path(sys.argv[1])
node = with_kinds(sqlite_node(folder), folder / "courses")
noy = officer(node)
attempt = sit.start(node, noy, COURSE, "pretest", "en")
sit.answer(node, noy, attempt, "p-scenario", {"node": ["start"], "answer": ["b"]})
print(noy, attempt, flush=True)
sys.stdin.read()
"""


def test_a_step_survives_a_power_cut_and_cannot_be_taken_back_after_it(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", AT_WORK, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as work:
        assert work.stdout is not None
        noy, attempt = work.stdout.readline().decode().split()
        work.send_signal(signal.SIGKILL)

    node = sqlite_node(tmp_path, series=9)
    view = sit.sitting(node, noy, attempt, question="p-scenario").question
    with pytest.raises(Invalid) as refused:
        step(node, noy, attempt, "start", "a")
    saved = step(node, noy, attempt, "near", "a")
    node.store.close()

    assert (view.parts["node"]["key"], view.chosen) == ("near", ("start[.]b",))
    assert refused.value.code == "answer.step-gone"
    assert saved.answered == 1


# --- how sure


def test_how_sure_an_officer_is_stands_beside_the_answer_and_is_not_graded(post: Node, reader: str) -> None:
    given = {"answer": ["a"], "sure": ["sure"]}

    told = learn.check_answer(post, reader, COURSE, "looking", "c-choice", given, "en")

    assert (told.right, told.question.confidence, told.question.sure) == (False, True, "sure")
    [row] = rows(post, CHECK_ANSWER, subject=reader, question="c-choice")
    assert (row["confidence"], row["score"]) == ("sure", 0.0)
    assert learn.lesson(post, reader, COURSE, "looking", "en").checks[0].question.sure == "sure"


def test_the_same_answer_said_with_more_confidence_is_said_again(post: Node, noy: str) -> None:
    attempt = sit.start(post, noy, COURSE, "pretest", "en")
    for sure in ("not-sure", "sure", "sure"):
        sit.answer(post, noy, attempt, "p-number", {"answer": ["12,5"], "sure": [sure]})

    [row] = rows(post, ANSWER, attempt=attempt)
    assert (row["response"], row["confidence"]) == (["12.5"], "sure")
    assert sit.sitting(post, noy, attempt, question="p-number").question.sure == "sure"


def test_confidence_is_only_kept_where_it_is_asked(post: Node, reader: str) -> None:
    learn.check_answer(post, reader, COURSE, "looking", "c-multiple", {"answer": ["a"], "sure": ["sure"]}, "en")

    [row] = rows(post, CHECK_ANSWER, subject=reader, question="c-multiple")
    assert row["confidence"] is None


def test_a_level_of_confidence_that_is_none_is_refused(post: Node, reader: str) -> None:
    with pytest.raises(Invalid) as refused:
        learn.check_answer(post, reader, COURSE, "looking", "c-choice", {"answer": ["a"], "sure": ["very"]}, "en")

    assert refused.value.code == "answer.option"


# --- refreshers


def test_refreshers_ask_every_kind_but_scenarios(post: Node, noy: str) -> None:
    ready_for_exam(post, noy)
    attempt = sit.start(post, noy, COURSE, "exam", "en")
    for kind in STRUCTURES:
        question = asked(post, f"e-{kind}")
        answer(post, noy, attempt, question, kind_of(question).right(question))
    sit.submit(post, noy, attempt)
    with post.store.reading() as tx:
        pool = {one.question for one in learned(tx, noy, "en", post.now()).pool}

    assert pool == {f"{use}-{kind}" for use in "ce" for kind in STRUCTURES if kind != "scenario"}
    assert refreshers.offer(post, noy, "en").state in {"due", "rest"}
