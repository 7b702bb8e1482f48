"""Pre-test and exam: what is kept, what is refused, and what an officer is told afterwards."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from small_course import (
    RIGHT,
    answer_exam,
    certificate_of,
    pass_pretest,
    publish,
    question,
    ready_for_exam,
    structure,
)

from elearn.core.learning.grade import Gain
from elearn.core.learning.path import Gate
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.completions import COMPLETION
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.tables import Row, Table
from elearn.services import learn, results, sit
from elearn.services.learning_pages import ObjectiveBar, ReadAgain
from elearn.services.node import Node
from elearn.services.record import rebuild_projections


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def clock_of(node: Node) -> TickingClock:
    assert isinstance(node.clock, TickingClock)
    return node.clock


def rows(node: Node, table: Table) -> list[Row]:
    with node.store.reading() as tx:
        return tx.tables.select(table)


def size(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.ledger.size()


def started(node: Node) -> tuple[str, str]:
    """Return (officer, attempt) of an exam just started."""
    noy = officer(node)
    ready_for_exam(node, noy)
    return noy, sit.start(node, noy, "seals", "exam", "km")


def test_starting_twice_is_going_on_with_the_same_sitting(post: Node) -> None:
    noy, attempt = started(post)

    assert sit.start(post, noy, "seals", "exam", "en") == attempt
    assert len(rows(post, ATTEMPT)) == 2  # the pre-test, and this


def test_a_sitting_shows_one_question_in_the_language_it_was_started_in(post: Node) -> None:
    noy, attempt = started(post)

    view = sit.sitting(post, noy, attempt)

    assert view.language == "km"
    assert view.question.id == view.marks[0].id
    assert view.question.stem == f"ខ្មែរ What about {view.question.id}?"
    assert sorted(one.key for one in view.question.options) == ["a", "b", "c"]
    assert (view.number, view.total, view.answered, view.previous, view.next) == (1, 4, 0, "", view.marks[1].id)
    assert sit.sitting(post, noy, attempt, language="en").question.stem == f"What about {view.question.id}?"


def test_no_page_of_a_sitting_holds_a_key_or_feedback(post: Node) -> None:
    noy, attempt = started(post)
    answer_exam(post, noy, attempt)
    pages = [
        repr(sit.sitting(post, noy, attempt, question=one))
        for one in ("e-four", "e-six")
        if one in _asked(post, attempt)
    ]
    sit.submit(post, noy, attempt)
    pages.append(repr(results.result(post, noy, attempt, "en")))

    assert pages
    for page in pages:
        assert "feedback" not in page
        assert "correct" not in page
    assert "e-six" not in pages[-1]


def _asked(node: Node, attempt: str) -> list[str]:
    with node.store.reading() as tx:
        row = tx.tables.get(ATTEMPT, attempt)
    assert row is not None
    return [one["id"] for one in row["questions"]]


def test_options_are_shown_in_the_order_that_was_drawn_every_time(post: Node) -> None:
    noy, attempt = started(post)
    with post.store.reading() as tx:
        row = tx.tables.get(ATTEMPT, attempt)

    assert row is not None
    for drawn in row["questions"]:
        for _ in range(2):
            shown = sit.sitting(post, noy, attempt, question=drawn["id"]).question
            assert [one.key for one in shown.options] == drawn["options"]


def test_officers_after_each_other_get_other_sittings(post: Node) -> None:
    draws = []
    for _ in range(4):
        _, attempt = started(post)
        with post.store.reading() as tx:
            row = tx.tables.get(ATTEMPT, attempt)
        assert row is not None
        draws.append(repr(row["questions"]))

    assert len(set(draws)) == 4


def test_an_answer_is_kept_at_once_and_leads_to_the_next_without_one(post: Node) -> None:
    noy, attempt = started(post)
    first, second, *_ = _asked(post, attempt)

    saved = sit.answer(post, noy, attempt, first, RIGHT[first])

    assert (saved.answered, saved.total, saved.next) == (1, 4, second)
    view = sit.sitting(post, noy, attempt)
    assert (view.question.id, view.answered) == (second, 1)
    assert [mark.answered for mark in view.marks] == [True, False, False, False]
    assert sit.sitting(post, noy, attempt, question=first).question.chosen == tuple(RIGHT[first])


def test_going_on_goes_round_to_what_was_left_out(post: Node) -> None:
    noy, attempt = started(post)
    *others, last = _asked(post, attempt)

    assert sit.answer(post, noy, attempt, last, RIGHT[last]).next == others[0]
    for one in others:
        saved = sit.answer(post, noy, attempt, one, RIGHT[one])
    assert (saved.next, saved.answered) == ("", 4)


def test_an_answer_may_be_changed_until_it_is_handed_in(post: Node) -> None:
    noy, attempt = started(post)
    answer_exam(post, noy, attempt, wrong=("e-six",))
    sit.answer(post, noy, attempt, "e-six", ["a"])

    sit.submit(post, noy, attempt)

    assert results.result(post, noy, attempt, "en").score == 1.0
    with pytest.raises(Refused, match=r"attempt\.submitted"):
        sit.answer(post, noy, attempt, "e-six", ["b"])


def test_an_answer_changed_after_the_clock_went_back_is_still_the_later_one(post: Node) -> None:
    noy, attempt = started(post)
    sit.answer(post, noy, attempt, "e-six", ["b"])
    clock_of(post).shift(-timedelta(days=20000))

    sit.answer(post, noy, attempt, "e-six", ["a"])

    assert sit.sitting(post, noy, attempt, question="e-six").question.chosen == ("a",)
    assert rebuild_projections(post) == size(post)
    assert sit.sitting(post, noy, attempt, question="e-six").question.chosen == ("a",)


def test_the_same_answer_given_twice_is_said_once(post: Node) -> None:
    noy, attempt = started(post)
    sit.answer(post, noy, attempt, "e-six", ["a"])
    before = size(post)

    sit.answer(post, noy, attempt, "e-six", ["a"])

    assert size(post) == before


def test_a_pass_completes_the_course_and_issues_the_certificate_in_one_go(post: Node) -> None:
    noy, attempt = started(post)
    answer_exam(post, noy, attempt)
    before = size(post)

    sit.submit(post, noy, attempt)

    assert size(post) == before + 3
    found = results.result(post, noy, attempt, "km")
    assert (found.passed, found.score, found.read_again, found.critical) == (True, 1.0, (), ())
    certificate = rows(post, CERTIFICATE)[0]
    assert certificate["number"] == found.certificate
    assert (certificate["attempt"], certificate["person"], certificate["version"]) == (attempt, noy, "1.0.0")
    assert (certificate["language"], certificate["score"]) == ("km", 1.0)
    assert certificate["expires_at"] == "2028-11-24T16:59:59.999999Z"
    [completion] = rows(post, COMPLETION)
    assert (completion["attempt"], completion["sex"], completion["outcome"]) == (attempt, "female", "TA2-O4")


def test_a_fail_says_what_to_read_again_and_opens_the_exam_anew(post: Node) -> None:
    noy, attempt = started(post)
    answer_exam(post, noy, attempt, wrong=("e-six", "e-four", "e-five"))

    sit.submit(post, noy, attempt)

    found = results.result(post, noy, attempt, "en")
    assert (found.passed, found.score, found.right, found.asked) == (False, 0.625, 2, 4)  # half of e-four is right
    assert found.objectives == (
        ObjectiveBar("o-look", "How to look", 2, 2),
        ObjectiveBar("o-stop", "When to stop", 0, 2),
    )
    assert found.read_again == (ReadAgain("stopping", 2, "Stopping", ("When to stop",)),)
    assert found.critical == ("When to stop",)
    assert found.certificate == ""
    assert found.exam.gate is Gate.OPEN
    again = sit.start(post, noy, "seals", "exam", "en")
    assert again != attempt
    assert rows(post, CERTIFICATE) == rows(post, COMPLETION) == []


def test_a_pre_test_is_nobodys_pass_or_fail(post: Node) -> None:
    noy = officer(post)

    attempt = pass_pretest(post, noy)

    found = results.result(post, noy, attempt, "en")
    assert (found.passed, found.score, found.certificate, found.gain) == (None, 0.5, "", None)
    assert found.exam.gate is Gate.LESSONS_FIRST
    assert rows(post, CERTIFICATE) == rows(post, COMPLETION) == []


def test_a_pre_test_all_right_issues_nothing(post: Node) -> None:
    noy = officer(post)
    attempt = sit.start(post, noy, "seals", "pretest", "en")
    for one in ("p-one", "p-two"):
        sit.answer(post, noy, attempt, one, RIGHT[one])

    sit.submit(post, noy, attempt)

    assert rows(post, PROGRESS)[0]["pretest_score"] == 1.0
    assert rows(post, CERTIFICATE) == rows(post, COMPLETION) == []


def test_handing_in_twice_is_handing_in_once(post: Node) -> None:
    noy, attempt = started(post)
    answer_exam(post, noy, attempt)
    sit.submit(post, noy, attempt)
    before, result = size(post), results.result(post, noy, attempt, "en")

    sit.submit(post, noy, attempt)

    assert size(post) == before
    assert results.result(post, noy, attempt, "en") == result


def test_handing_in_from_many_tabs_at_the_same_moment_gives_one_certificate(post: Node) -> None:
    noy, attempt = started(post)
    answer_exam(post, noy, attempt)
    before = size(post)
    ready = threading.Barrier(8)

    def press() -> None:
        ready.wait()
        sit.submit(post, noy, attempt)

    tabs = [threading.Thread(target=press) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert size(post) == before + 3
    assert len(rows(post, CERTIFICATE)) == len(rows(post, COMPLETION)) == 1


def test_starting_from_many_tabs_at_the_same_moment_gives_one_sitting(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    ready = threading.Barrier(8)
    attempts: list[str] = []

    def press() -> None:
        ready.wait()
        attempts.append(sit.start(post, noy, "seals", "exam", "en"))

    tabs = [threading.Thread(target=press) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert len(set(attempts)) == 1


def test_handing_in_with_questions_left_is_asked_back_first(post: Node) -> None:
    noy, attempt = started(post)
    sit.answer(post, noy, attempt, "e-six", ["a"])

    with pytest.raises(Refused) as refused:
        sit.submit(post, noy, attempt)

    assert refused.value.code == "attempt.unanswered"
    assert refused.value.details == {"attempt": attempt, "n": 3}
    sit.submit(post, noy, attempt, anyway=True)
    assert results.result(post, noy, attempt, "en").score == 0.25


def test_a_course_edited_meanwhile_changes_nothing_in_a_running_sitting(post: Node) -> None:
    noy, attempt = started(post)
    before = sit.sitting(post, noy, attempt)
    plan = structure(version="2.0.0", pass_mark=1.0)
    plan["exam"] = {"minutes": 1, "draw": {"o-look": 1}}
    plan["questions"] = {"e-new": question("o-look", "exam", correct=["c"])}
    plan["lessons"], plan["pretest"] = [], []
    post.store.write(lambda tx: publish(tx, plan))

    after = sit.sitting(post, noy, attempt)
    answer_exam(post, noy, attempt, wrong=(_looking(post, attempt),))
    sit.submit(post, noy, attempt)

    assert (after.question, after.marks, after.minutes) == (before.question, before.marks, before.minutes)
    found = results.result(post, noy, attempt, "en")
    assert (found.score, found.passed, found.version, found.pass_mark) == (0.75, True, "1.0.0", 0.75)
    assert rows(post, CERTIFICATE)[0]["version"] == "1.0.0"
    # The meaning changed, so the course may be sat again at once.
    assert learn.course_page(post, noy, "seals", "en").card.state == "renew"


def _looking(node: Node, attempt: str) -> str:
    return next(one for one in _asked(node, attempt) if one in {"e-one", "e-two", "e-three"})


def test_time_runs_out_for_answers_but_not_for_handing_in(post: Node) -> None:
    noy, attempt = started(post)
    for one in _asked(post, attempt)[:3]:
        for keys in (["c"], ["a"], ["b"]):
            clock_of(post).shift(timedelta(minutes=4))
            if sit.sitting(post, noy, attempt).time_up:
                break
            sit.answer(post, noy, attempt, one, keys)

    with pytest.raises(Refused, match=r"attempt\.time-up"):
        sit.answer(post, noy, attempt, _asked(post, attempt)[3], ["a"])
    view = sit.sitting(post, noy, attempt)
    assert (view.time_up, view.time_left_s, view.answered) == (True, 0, 3)
    sit.submit(post, noy, attempt)
    assert results.result(post, noy, attempt, "en").asked == 4


def test_a_power_cut_of_an_hour_leaves_the_time_and_the_place(post: Node) -> None:
    noy, attempt = started(post)
    first, second, *_ = _asked(post, attempt)
    left = sit.answer(post, noy, attempt, first, RIGHT[first]).time_left_s
    assert left is not None

    clock_of(post).shift(timedelta(hours=1))

    view = sit.sitting(post, noy, attempt)
    assert view.question.id == second
    assert view.time_left_s is not None
    assert left - 301 <= view.time_left_s <= left - 299


def test_an_exam_without_a_limit_has_no_clock(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(exam={"minutes": 0, "draw": {"o-look": 2, "o-stop": 2}})))
    noy, attempt = started(post)
    clock_of(post).shift(timedelta(days=3))

    assert sit.answer(post, noy, attempt, "e-six", ["a"]).time_left_s is None


def test_an_attempt_belongs_to_one_officer(post: Node) -> None:
    _, attempt = started(post)
    som = officer(post, "Som Chan")
    before = size(post)

    errands: list[Callable[[], object]] = [
        lambda: sit.sitting(post, som, attempt),
        lambda: sit.answer(post, som, attempt, "e-six", ["a"]),
        lambda: sit.submit(post, som, attempt, anyway=True),
        lambda: results.result(post, som, attempt, "en"),
    ]
    for errand in errands:
        with pytest.raises(NotFound, match=r"attempt\.unknown"):
            errand()
    assert size(post) == before


@pytest.mark.parametrize(
    ("asked", "keys", "kind", "code"),
    [
        ("p-one", ["a"], NotFound, "question.not-asked"),
        ("none", ["a"], NotFound, "question.not-asked"),
        ("e-six", [], Invalid, "answer.empty"),
        ("e-six", ["z"], Invalid, "answer.option"),
        ("e-six", ["a", "b"], Invalid, "answer.one-only"),
    ],
)
def test_an_answer_that_was_not_on_offer_is_refused_and_not_kept(
    post: Node, asked: str, keys: list[str], kind: type[ElearnError], code: str
) -> None:
    noy, attempt = started(post)

    with pytest.raises(kind) as refused:
        sit.answer(post, noy, attempt, asked, keys)

    assert refused.value.code == code
    assert [row for row in rows(post, ANSWER) if row["attempt"] == attempt] == []


def test_sittings_that_are_not_open_say_why(post: Node) -> None:
    noy = officer(post)

    with pytest.raises(Invalid, match=r"sitting\.kind"):
        sit.start(post, noy, "seals", "check", "en")
    with pytest.raises(Refused, match=r"sitting\.pretest-first"):
        sit.start(post, noy, "seals", "exam", "en")
    pass_pretest(post, noy)
    with pytest.raises(Refused, match=r"sitting\.pretest-done"):
        sit.start(post, noy, "seals", "pretest", "en")
    with pytest.raises(Refused, match=r"sitting\.lessons-first"):
        sit.start(post, noy, "seals", "exam", "en")


def test_after_the_pass_there_is_nothing_more_to_sit(post: Node) -> None:
    noy = officer(post)
    certificate_of(post, noy)

    with pytest.raises(Refused, match=r"sitting\.passed"):
        sit.start(post, noy, "seals", "exam", "en")


def test_the_limit_of_attempts_and_the_wait_between_them_hold(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(attempts={"limit": 2, "wait_minutes": 60})))
    noy, attempt = started(post)
    sit.submit(post, noy, attempt, anyway=True)

    with pytest.raises(Refused) as waiting:
        sit.start(post, noy, "seals", "exam", "en")
    assert waiting.value.code == "sitting.wait"
    assert str(waiting.value.details["open_at"]).startswith("2026-11-24T09:0")
    clock_of(post).shift(timedelta(hours=1))
    sit.submit(post, noy, sit.start(post, noy, "seals", "exam", "en"), anyway=True)
    clock_of(post).shift(timedelta(hours=1))
    with pytest.raises(Refused, match=r"sitting\.used-up"):
        sit.start(post, noy, "seals", "exam", "en")


def test_a_result_is_not_shown_before_it_is_handed_in(post: Node) -> None:
    noy, attempt = started(post)

    with pytest.raises(Refused, match=r"attempt\.running"):
        results.result(post, noy, attempt, "en")


def test_the_gain_is_counted_on_linked_questions(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(exam={"minutes": 0, "draw": {"o-look": 3, "o-stop": 3}})))
    noy, attempt = started(post)
    answer_exam(post, noy, attempt)
    sit.submit(post, noy, attempt)

    assert results.result(post, noy, attempt, "en").gain == Gain(2, 0.5, 1.0)


def test_all_of_it_is_folded_the_same_from_the_ledger_alone(post: Node) -> None:
    noy = officer(post)
    certificate_of(post, noy)
    live = [rows(post, table) for table in (ATTEMPT, ANSWER, PROGRESS, CERTIFICATE, COMPLETION)]

    rebuild_projections(post)

    assert [rows(post, table) for table in (ATTEMPT, ANSWER, PROGRESS, CERTIFICATE, COMPLETION)] == live
