"""Five questions a shift: which are asked, what is kept, and what a shared PC or a bad clock cannot do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import memory_node, officer, sqlite_node
from refresher_scenes import DAY, SHIFT, answer, later, passed, reviews, shift
from small_course import RIGHT, publish, ready_for_exam, structure

from elearn.core.projections.attempts import ANSWER
from elearn.core.projections.checks import CHECK_ANSWER
from elearn.core.projections.refreshers import REFRESHER_SET
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi.check import check
from elearn.services import learn, refresher_results, refreshers, sit
from elearn.services.node import Node
from elearn.services.record import rebuild_projections


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def asked(node: Node, person: str, attempt: str) -> list[str]:
    view = refreshers.question(node, person, attempt, 1, "en")
    return [refreshers.question(node, person, attempt, n, "en").check.question.id for n in range(1, view.total + 1)]


def size(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.ledger.size()


def begun(node: Node, days: int = 3) -> tuple[str, str]:
    """Return an officer who passed some days ago, and the set just started."""
    noy = officer(node)
    passed(node, noy)
    later(node, days * DAY)
    return noy, refreshers.start(node, noy, "en")


def test_who_has_learned_nothing_yet_is_offered_nothing(post: Node) -> None:
    noy = officer(post)

    assert refreshers.offer(post, noy, "en").state == "none"
    with pytest.raises(Refused, match=r"refresher\.nothing-due"):
        refreshers.start(post, noy, "en")


def test_before_the_exam_only_checks_already_answered_are_asked_again(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    later(post, 3 * DAY)
    attempt = refreshers.start(post, noy, "en")

    assert sorted(asked(post, noy, attempt)) == ["c-one", "c-two"]


def test_after_the_exam_its_questions_and_the_checks_are_asked_and_never_those_of_the_pre_test(post: Node) -> None:
    noy = officer(post)
    passed(post, noy)
    seen = set()
    for _ in range(30):
        later(post, DAY)
        seen |= {question for question, _ in shift(post, noy)}

    assert seen == {"c-one", "c-two", "e-one", "e-two", "e-three", "e-four", "e-five", "e-six"}


def test_the_answers_in_the_exam_are_the_first_reviews(post: Node) -> None:
    noy = officer(post)
    passed(post, noy)
    offered = refreshers.offer(post, noy, "en")
    later(post, timedelta(hours=1))
    attempt = refreshers.start(post, noy, "en")

    # The checks were answered wrong and come tomorrow; of the exam's questions two were not drawn, and are new.
    assert offered.questions == 2
    known = {row["question"] for row in reviews(post, noy)}
    assert not known & set(asked(post, noy, attempt))


def test_an_exam_that_is_not_handed_in_says_nothing_yet_and_holds_its_course_back(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    sitting = sit.start(post, noy, "seals", "exam", "en")
    later(post, 3 * DAY)

    assert refreshers.offer(post, noy, "en").state == "none"
    sit.submit(post, noy, sitting, anyway=True)
    assert refreshers.offer(post, noy, "en").state == "due"


def test_a_set_under_way_holds_back_what_belongs_to_an_exam_begun_meanwhile(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    later(post, 3 * DAY)
    attempt = refreshers.start(post, noy, "en")
    sit.start(post, noy, "seals", "exam", "en")

    with pytest.raises(Refused, match=r"refresher\.held-back"):
        refreshers.question(post, noy, attempt, 1, "en")
    with pytest.raises(Refused, match=r"refresher\.held-back"):
        refreshers.answer(post, noy, attempt, 1, ["a"], "en")
    assert refresher_results.end(post, noy, attempt, "en").open == 0


def test_a_question_whose_translation_is_behind_is_not_chosen(post: Node) -> None:
    states = {"en": {"state": "source"}, "km": {"state": "draft", "behind": ["question/c-one"]}}
    post.store.write(lambda tx: publish(tx, structure(), states))
    noy = officer(post)
    ready_for_exam(post, noy)
    later(post, 3 * DAY)

    assert asked(post, noy, refreshers.start(post, noy, "km")) == ["c-two"]


def test_a_question_shown_in_a_language_that_is_behind_has_its_source_beside_it(post: Node) -> None:
    states = {"en": {"state": "source"}, "km": {"state": "draft", "behind": ["question/c-one"]}}
    post.store.write(lambda tx: publish(tx, structure(), states))
    noy = officer(post)
    ready_for_exam(post, noy)
    later(post, 3 * DAY)
    attempt = refreshers.start(post, noy, "en")
    place = asked(post, noy, attempt).index("c-one") + 1
    shown = refreshers.question(post, noy, attempt, place, "km").check.question

    assert (shown.behind, shown.source_stem) == (True, "What about c-one?")
    assert all(option.source for option in shown.options)


def test_a_set_is_fixed_when_it_starts_and_starting_again_goes_on_with_it(post: Node) -> None:
    noy, attempt = begun(post)
    before = asked(post, noy, attempt)
    answer(post, noy, attempt, 1)
    answer(post, noy, attempt, 3, right=False)

    assert refreshers.start(post, noy, "en") == attempt
    assert asked(post, noy, attempt) == before
    offered = refreshers.offer(post, noy, "en")
    assert (offered.state, offered.attempt, offered.questions) == ("open", attempt, 3)
    assert refresher_results.end(post, noy, attempt, "en").open == 2


def test_nothing_of_the_key_is_in_a_view_before_the_answer(post: Node) -> None:
    noy, attempt = begun(post)
    view = refreshers.question(post, noy, attempt, 1, "en")

    assert (view.check.answered, view.check.feedback, view.check.question.chosen) == (False, (), ())
    assert "feedback" not in repr(view).replace("feedback=()", "")


def test_feedback_comes_at_once_and_the_first_answer_stands(post: Node) -> None:
    noy, attempt = begun(post)
    first = answer(post, noy, attempt, 1, right=False)
    entries = size(post)
    again = answer(post, noy, attempt, 1, right=True)

    assert (first.check.answered, first.check.right, len(first.check.feedback) > 0) == (True, False, True)
    assert again == first
    assert size(post) == entries


def test_a_wrong_answer_is_told_the_right_one_too_as_it_is_not_tried_again(post: Node) -> None:
    noy, attempt = begun(post)
    view = answer(post, noy, attempt, 1, right=False)
    question = view.check.question.id
    told = {one.key: one.right for one in view.check.feedback}

    assert {key for key, right in told.items() if right} >= set(RIGHT[question])
    assert view.check.question.chosen != tuple(RIGHT[question])
    right = answer(post, noy, attempt, 2, right=True)
    assert [one.key for one in right.check.feedback] == list(right.check.question.chosen)


def test_an_answer_that_is_none_is_refused_and_nothing_is_kept(post: Node) -> None:
    noy, attempt = begun(post)
    entries = size(post)
    for keys, code in (([], "answer.empty"), (["z"], "answer.option")):
        with pytest.raises(Invalid, match=code):
            refreshers.answer(post, noy, attempt, 1, keys, "en")

    assert size(post) == entries
    assert not refreshers.question(post, noy, attempt, 1, "en").check.answered


def test_what_is_said_of_a_set_passes_the_check_of_a_hub_and_touches_no_exam_nor_lesson(post: Node) -> None:
    noy, attempt = begun(post)
    with post.store.reading() as tx:
        before = [tx.tables.select(table) for table in (ANSWER, CHECK_ANSWER)]
    answer(post, noy, attempt, 1)
    with post.store.reading() as tx:
        said = [one for one in tx.ledger.about(noy) if one.extension("place") == "refresher"]
        after = [tx.tables.select(table) for table in (ANSWER, CHECK_ANSWER)]

    assert [one.verb.rsplit("/", 1)[1] for one in said] == ["initialized", "answered"]
    assert [check(one.body) for one in said] == said
    assert said[1].result_extension("passed_days") == 3
    assert after == before


def test_five_minutes_end_a_set_and_what_is_left_comes_again(post: Node) -> None:
    noy, attempt = begun(post)
    before = asked(post, noy, attempt)
    for place in (1, 2):
        later(post, timedelta(seconds=160))
        view = answer(post, noy, attempt, place)
    end = refresher_results.end(post, noy, attempt, "en")

    assert view.next == 0
    assert (end.answered, end.left, end.time_over, end.open) == (2, 3, True, 0)
    with pytest.raises(Refused, match=r"refresher\.over"):
        refreshers.answer(post, noy, attempt, 3, ["a"], "en")
    later(post, SHIFT)
    assert set(before[2:]) <= set(asked(post, noy, refreshers.start(post, noy, "en")))


def test_an_alarm_at_the_barrier_costs_no_time(post: Node) -> None:
    noy, attempt = begun(post)
    answer(post, noy, attempt, 1)
    later(post, timedelta(hours=3))
    view = answer(post, noy, attempt, 2)

    assert view.next == 3
    assert not refresher_results.end(post, noy, attempt, "en").time_over


def test_the_next_set_comes_a_shift_after_the_last_was_finished(post: Node) -> None:
    noy = officer(post)
    passed(post, noy)
    later(post, 30 * DAY)
    assert len(shift(post, noy)) == 5
    waiting = refreshers.offer(post, noy, "en")
    later(post, SHIFT - timedelta(minutes=1))

    assert waiting.state == "wait"
    with pytest.raises(Refused, match=r"refresher\.wait"):
        refreshers.start(post, noy, "en")
    later(post, timedelta(minutes=1))
    assert refreshers.offer(post, noy, "en").state == "due"
    assert len(shift(post, noy)) == 3


def test_a_set_left_unfinished_belongs_to_its_shift_and_its_questions_come_again(post: Node) -> None:
    noy, attempt = begun(post)
    left = asked(post, noy, attempt)[1:]
    answer(post, noy, attempt, 1)
    later(post, SHIFT)
    end = refresher_results.end(post, noy, attempt, "en")
    following = refreshers.start(post, noy, "en")

    assert (end.open, end.left, end.open_at) == (0, 4, "")
    assert following != attempt
    assert set(left) <= set(asked(post, noy, following))


def test_when_nothing_is_due_the_day_of_the_next_question_is_told(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    offered = refreshers.offer(post, noy, "en")

    assert offered.state == "rest"
    assert offered.next_at.startswith("2026-11-25")


def test_the_end_says_how_many_were_right_and_which_lesson_to_read_again(post: Node) -> None:
    noy = officer(post)
    passed(post, noy)
    later(post, 30 * DAY)
    given = shift(post, noy, knows=lambda question: question not in {"e-four", "e-five", "e-six"})
    with post.store.reading() as tx:
        attempt = tx.tables.select(REFRESHER_SET)[0]["attempt"]
    end = refresher_results.end(post, noy, attempt, "km")

    assert 0 < sum(right for _, right in given) < 5
    assert (end.right, end.answered) == (sum(right for _, right in given), 5)
    assert [(one.course, one.course_title) for one in end.read_again] == [("seals", "ខ្មែរ Seals")]
    assert [lesson.lesson for lesson in end.read_again[0].lessons] == ["stopping"]


def test_an_edit_under_a_running_set_changes_nothing_in_it(post: Node) -> None:
    noy, attempt = begun(post)
    before = asked(post, noy, attempt)
    changed = structure(version="2.0.0")
    changed["questions"] = {name: {**one, "correct": ["b"]} for name, one in changed["questions"].items()}
    post.store.write(lambda tx: publish(tx, changed))

    assert asked(post, noy, attempt) == before
    assert answer(post, noy, attempt, 1).check.right


def test_a_question_taken_out_of_the_course_is_asked_no_more(post: Node) -> None:
    noy = officer(post)
    passed(post, noy)
    changed = structure(version="1.1.0")
    del changed["questions"]["c-two"]
    changed["lessons"][0]["checks"] = ["c-one"]
    post.store.write(lambda tx: publish(tx, changed))
    later(post, 30 * DAY)

    assert {question for question, _ in shift(post, noy)}.isdisjoint({"c-two"})


def test_a_set_belongs_to_one_officer(post: Node) -> None:
    noy, attempt = begun(post)
    kham = officer(post, "Kham")

    for errand in (
        lambda: refreshers.question(post, kham, attempt, 1, "en"),
        lambda: refreshers.answer(post, kham, attempt, 1, ["a"], "en"),
        lambda: refresher_results.end(post, kham, attempt, "en"),
    ):
        with pytest.raises(NotFound, match=r"refresher\.unknown"):
            errand()
    with pytest.raises(NotFound, match=r"refresher\.not-asked"):
        refreshers.question(post, noy, attempt, 6, "en")


def test_two_officers_on_one_pc_have_each_their_own_set(post: Node) -> None:
    noy, kham = officer(post), officer(post, "Kham")
    for person in (noy, kham):
        passed(post, person)
    later(post, 3 * DAY)
    of_noy, of_kham = refreshers.start(post, noy, "en"), refreshers.start(post, kham, "en")
    for place in range(1, 6):
        answer(post, noy, of_noy, place, right=True)
        answer(post, kham, of_kham, place, right=False)

    assert of_noy != of_kham
    assert [refresher_results.end(post, noy, of_noy, "en").right] == [5]
    assert [refresher_results.end(post, kham, of_kham, "en").right] == [0]
    later(post, 2 * DAY)
    assert len(asked(post, kham, refreshers.start(post, kham, "en"))) == 5
    assert refreshers.offer(post, noy, "en").questions < 5


def test_a_clock_that_went_back_keeps_nobody_waiting_and_every_answer_in_its_order(post: Node) -> None:
    noy, attempt = begun(post, days=30)
    answer(post, noy, attempt, 1)
    later(post, timedelta(days=-20_000))
    view = answer(post, noy, attempt, 2)
    kept = reviews(post, noy, attempt=attempt)
    while view.next:
        view = answer(post, noy, attempt, view.next)
    following = shift(post, noy)

    assert len(kept) == 2
    assert kept[0]["at"] < kept[1]["at"]
    assert len(following) == 3
    assert refreshers.offer(post, noy, "en").state == "rest"
    with post.store.reading() as tx:
        last = [one for one in tx.ledger.about(noy) if one.extension("place") == "refresher"][-1]
    assert last.extension("clock_uncertain") is True


def test_the_plan_is_the_same_after_the_projections_were_folded_anew(post: Node) -> None:
    noy, attempt = begun(post)
    answer(post, noy, attempt, 1)
    answer(post, noy, attempt, 2, right=False)
    before = (asked(post, noy, attempt), refresher_results.end(post, noy, attempt, "en"))
    rebuild_projections(post)

    assert (asked(post, noy, attempt), refresher_results.end(post, noy, attempt, "en")) == before


def test_a_check_answered_again_and_again_counts_as_it_was_answered_first(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    learn.check_answer(post, noy, "seals", "looking", "c-one", RIGHT["c-one"], "en")
    kept = [row["right"] for row in reviews(post, noy, question="c-one")]

    # It was answered wrong first (small_course): the question comes back tomorrow, not in two days.
    assert kept == [0, 1]
    later(post, timedelta(hours=17))
    assert set(asked(post, noy, refreshers.start(post, noy, "en"))) == {"c-one", "c-two"}


def test_a_node_that_does_not_teach_asks_nothing() -> None:
    node = memory_node(kind=NodeKind.REGIONAL_HUB)
    node.store.write(publish)

    with pytest.raises(Refused, match=r"node\.power"):
        refreshers.start(node, officer(node), "en")
