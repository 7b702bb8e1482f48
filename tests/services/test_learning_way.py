"""Prerequisites, one more try, the own answers after a pass, and renewing a certificate, as a post keeps them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from small_course import (
    RIGHT,
    answer_exam,
    certificate_of,
    pass_pretest,
    publish,
    question,
    read_lessons,
    ready_for_exam,
    structure,
)

from elearn.core.learning.path import Gate
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.projections.tries import TRY
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT
from elearn.core.vocab.roles import Role
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.verbs import TRY_GIVEN
from elearn.services import learn, look_back, my_record, results, sit, tries
from elearn.services.accounts import Session
from elearn.services.node import Node
from elearn.services.record import rebuild_projections

STRICT = {"attempts": {"limit": 1, "wait_minutes": 0}}
ANSWERS = {"exam": {"minutes": 30, "draw": {"o-look": 2, "o-stop": 2}, "review": "answers-after-pass"}}
RENEWAL = {"draw": {"o-stop": 1}, "within_months": 12}


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


def teach(node: Node, **changes: Any) -> None:
    node.store.write(lambda tx: publish(tx, structure(**changes)))


def days_go_by(node: Node, days: int) -> None:
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(timedelta(days=days))


def rows(node: Node, table: Table) -> list[Row]:
    with node.store.reading() as tx:
        return tx.tables.select(table)


def exam_line(node: Node, person: str) -> Any:
    return learn.course_page(node, person, "seals", "en").exam


def fail_exam(node: Node, person: str) -> str:
    attempt = sit.start(node, person, "seals", "exam", "en")
    sit.submit(node, person, attempt, anyway=True)
    return attempt


def pass_exam(node: Node, person: str, wrong: tuple[str, ...] = ()) -> str:
    attempt = sit.start(node, person, "seals", "exam", "en")
    answer_exam(node, person, attempt, wrong)
    sit.submit(node, person, attempt)
    return attempt


# what a course requires


@pytest.fixture
def two(post: Node) -> Node:
    """A post with the course and another, boats, that requires it."""
    teach(post)
    boats = structure(id="boats", code="T2", requires=["seals"])
    post.store.write(lambda tx: publish(tx, boats))
    return post


def test_a_closed_course_can_be_looked_at_but_not_begun(two: Node) -> None:
    noy = officer(two)
    page = learn.course_page(two, noy, "boats", "en")

    assert page.card.closed
    assert (page.card.state, page.card.next, page.card.next_id) == ("new", "requires", "seals")
    assert [(one.id, one.title, one.language) for one in page.required] == [("seals", "Seals", "en")]
    assert page.outcomes == ("The officer can read a seal.",)
    assert {card.id: card.closed for card in learn.my_courses(two, noy, "en")} == {"boats": True, "seals": False}
    for kind in ("pretest", "exam"):
        with pytest.raises(Refused, match=r"sitting\.requires-first"):
            sit.start(two, noy, "boats", kind, "en")
    with pytest.raises(Refused, match=r"lesson\.requires-first"):
        learn.lesson(two, noy, "boats", "looking", "en")
    with pytest.raises(Refused, match=r"lesson\.requires-first"):
        learn.finish_lesson(two, noy, "boats", "stopping", "en")
    assert rows(two, ATTEMPT) == []


def test_it_opens_with_the_pass_and_stays_open_when_the_certificate_has_ended(two: Node) -> None:
    noy = officer(two)
    certificate_of(two, noy)

    assert not learn.course_page(two, noy, "boats", "en").card.closed
    days_go_by(two, 800)
    assert learn.course_page(two, noy, "seals", "en").card.state == "expired"
    assert not learn.course_page(two, noy, "boats", "en").card.closed
    assert sit.start(two, noy, "boats", "pretest", "en")


def test_who_had_begun_before_the_rule_goes_on(post: Node) -> None:
    teach(post)
    post.store.write(lambda tx: publish(tx, structure(id="boats", code="T2")))
    noy, malee = officer(post), officer(post, "Malee")
    pass_pretest(post, noy, "boats")
    post.store.write(lambda tx: publish(tx, structure(id="boats", code="T2", version="1.1.0", requires=["seals"])))

    assert not learn.course_page(post, noy, "boats", "en").card.closed
    assert learn.lesson(post, noy, "boats", "looking", "en").id == "looking"
    assert learn.course_page(post, malee, "boats", "en").card.closed


def test_a_required_course_that_is_not_on_this_post_closes_nothing(post: Node) -> None:
    teach(post, requires=["gone"])

    assert not learn.course_page(post, officer(post), "seals", "en").card.closed


# one more try


@pytest.fixture
def stuck(post: Node) -> tuple[Node, str]:
    """A post and an officer who has used the one try there is."""
    teach(post, **STRICT)
    noy = officer(post)
    ready_for_exam(post, noy)
    fail_exam(post, noy)
    return post, noy


def somebody(node: Node, role: str) -> Session:
    person = officer(node, f"A {role}", role=role)
    return Session("s", person, f"A {role}", "LA-1", Role(role), "en", "csrf", False, (), "2026-11-24T08:00:00.000000Z")


def told(node: Node, person: str) -> list[str]:
    with node.store.reading() as tx:
        row = tx.tables.get(ACCOUNT, person)
    assert row is not None
    return [one["code"] for one in row["notice"]]


@pytest.mark.parametrize("role", ["trainer", "administrator"])
def test_a_try_given_opens_the_exam_once_more_and_the_officer_is_told(stuck: tuple[Node, str], role: str) -> None:
    node, noy = stuck
    chief = somebody(node, role)
    assert exam_line(node, noy).gate is Gate.USED_UP
    assert [(one.person, one.name, one.title) for one in tries.used_up(node, chief, "en")] == [
        (noy, "Noy Vong", "Seals")
    ]

    tries.give_try(node, chief, noy, "seals", "  The power failed twice.  ")

    assert (exam_line(node, noy).gate, exam_line(node, noy).tries_left) == (Gate.OPEN, 1)
    assert tries.used_up(node, chief, "en") == []
    [kept] = rows(node, TRY)
    assert (kept["person"], kept["course"], kept["given_by"]) == (noy, "seals", chief.person)
    assert kept["reason"] == "The power failed twice."
    with node.store.reading() as tx:
        [said] = [one for one in tx.ledger.about(noy) if one.verb == TRY_GIVEN]
    assert (said.actor, said.subject, said.course) == (chief.person, noy, "seals")
    assert told(node, noy) == ["notice.try-given"]
    fail_exam(node, noy)
    assert exam_line(node, noy).gate is Gate.USED_UP


def test_a_try_is_given_once_however_often_it_is_pressed(stuck: tuple[Node, str]) -> None:
    node, noy = stuck
    chief = somebody(node, "trainer")
    tries.give_try(node, chief, noy, "seals", "ill")

    with pytest.raises(Refused, match=r"try\.not-needed"):
        tries.give_try(node, chief, noy, "seals", "ill")
    assert len(rows(node, TRY)) == 1


def test_nobody_gives_a_try_without_permission_reason_or_to_oneself(stuck: tuple[Node, str]) -> None:
    node, noy = stuck
    chief = somebody(node, "trainer")
    for role in ("officer", "coordinator"):
        with pytest.raises(Refused, match="permission"):
            tries.give_try(node, somebody(node, role), noy, "seals", "ill")
        with pytest.raises(Refused, match="permission"):
            tries.used_up(node, somebody(node, role), "en")
    with pytest.raises(Invalid, match=r"reason\.empty"):
        tries.give_try(node, chief, noy, "seals", "  ")
    with pytest.raises(Invalid, match=r"reason\.too-long"):
        tries.give_try(node, chief, noy, "seals", "x" * 501)
    with pytest.raises(Refused, match=r"try\.own"):
        tries.give_try(node, chief, chief.person, "seals", "ill")
    with pytest.raises(NotFound, match=r"officer\.unknown"):
        tries.give_try(node, chief, "nobody", "seals", "ill")
    with pytest.raises(NotFound, match=r"course\.unknown"):
        tries.give_try(node, chief, noy, "boats", "ill")

    assert rows(node, TRY) == []
    assert exam_line(node, noy).gate is Gate.USED_UP


def test_a_try_given_is_still_there_when_everything_is_folded_anew(stuck: tuple[Node, str]) -> None:
    node, noy = stuck
    tries.give_try(node, somebody(node, "trainer"), noy, "seals", "ill")
    before = rows(node, TRY)

    rebuild_projections(node)

    assert rows(node, TRY) == before
    assert exam_line(node, noy).tries_left == 1


# the own answers


def test_after_a_pass_the_own_answers_are_shown_with_what_is_said_of_them(post: Node) -> None:
    teach(post, pass_mark=0.5, **ANSWERS)
    noy = officer(post)
    ready_for_exam(post, noy)
    attempt = sit.start(post, noy, "seals", "exam", "en")
    asked = [mark.id for mark in sit.sitting(post, noy, attempt).marks]
    wrong = next(one for one in asked if one != "e-six")
    answer_exam(post, noy, attempt, (wrong,))
    sit.submit(post, noy, attempt)

    assert results.result(post, noy, attempt, "en").answers
    seen = [look_back.look_back(post, noy, attempt, "en", one) for one in asked]
    assert [one.check.question.id for one in seen] == asked
    assert {one.check.question.id: one.check.right for one in seen} == {one: one != wrong for one in asked}
    for one in seen:
        given = set(one.check.question.chosen)
        assert {said.key for said in one.check.feedback} == given
        assert one.check.right == (given == set(RIGHT[one.check.question.id]))
    assert [(mark.id, mark.right) for mark in seen[0].marks] == [(one, one != wrong) for one in asked]
    assert look_back.look_back(post, noy, attempt, "en").number == 1
    unasked = next(one for one in RIGHT if one.startswith("e-") and one not in asked)
    with pytest.raises(NotFound, match=r"question\.not-asked"):
        look_back.look_back(post, noy, attempt, "en", unasked)


def test_a_question_without_an_answer_is_shown_as_such(post: Node) -> None:
    plan = structure(pass_mark=0.5, **ANSWERS)
    plan["questions"]["e-six"]["critical"] = False
    post.store.write(lambda tx: publish(tx, plan))
    noy = officer(post)
    ready_for_exam(post, noy)
    attempt = sit.start(post, noy, "seals", "exam", "en")
    asked = [mark.id for mark in sit.sitting(post, noy, attempt).marks]
    for one in asked[1:]:
        sit.answer(post, noy, attempt, one, RIGHT[one])
    sit.submit(post, noy, attempt, anyway=True)
    check = look_back.look_back(post, noy, attempt, "en").check

    assert (check.answered, check.right, check.feedback) == (False, False, ())


def test_the_own_answers_are_not_shown_after_a_fail_nor_while_it_runs_nor_to_others(post: Node) -> None:
    teach(post, **ANSWERS)
    noy, malee = officer(post), officer(post, "Malee")
    ready_for_exam(post, noy)
    running = sit.start(post, noy, "seals", "exam", "en")
    with pytest.raises(Refused, match=r"attempt\.not-shown"):
        look_back.look_back(post, noy, running, "en")
    sit.submit(post, noy, running, anyway=True)
    with pytest.raises(Refused, match=r"attempt\.not-shown"):
        look_back.look_back(post, noy, running, "en")
    assert not results.result(post, noy, running, "en").answers
    passed = pass_exam(post, noy)

    with pytest.raises(NotFound, match=r"attempt\.unknown"):
        look_back.look_back(post, malee, passed, "en")
    assert look_back.look_back(post, noy, passed, "en").total == 4


def test_without_the_rule_nobody_sees_answers_and_a_later_rule_does_not_open_an_older_exam(post: Node) -> None:
    teach(post)
    noy = officer(post)
    ready_for_exam(post, noy)
    attempt = pass_exam(post, noy)
    teach(post, version="1.1.0", **ANSWERS)

    assert not results.result(post, noy, attempt, "en").answers
    with pytest.raises(Refused, match=r"attempt\.not-shown"):
        look_back.look_back(post, noy, attempt, "en")


# how long it holds, and renewing


@pytest.mark.parametrize(
    ("go_by", "left", "stage"), [(600, 130, 0), (641, 89, 90), (671, 59, 60), (701, 29, 30), (730, 0, 30)]
)
def test_the_days_left_are_told_on_every_page(post: Node, go_by: int, left: int, stage: int) -> None:
    teach(post)
    noy = officer(post)
    certificate_of(post, noy)
    days_go_by(post, go_by)
    card = learn.my_courses(post, noy, "en")[0]
    held = my_record.my_record(post, noy, "en").certificates[0]

    assert abs((card.days_left or 0) - left) <= 1
    assert card.stage == stage
    assert learn.course_page(post, noy, "seals", "en").card == card
    assert (held.days_left, held.stage) == (card.days_left, card.stage)


def test_a_renewal_is_short_gives_a_new_certificate_and_keeps_the_old_one(post: Node) -> None:
    teach(post, renewal=RENEWAL)
    noy = officer(post)
    first = certificate_of(post, noy)
    assert exam_line(post, noy).questions == 4
    days_go_by(post, 680)
    line = exam_line(post, noy)
    attempt = sit.start(post, noy, "seals", "exam", "en")
    asked = [mark.id for mark in sit.sitting(post, noy, attempt).marks]
    answer_exam(post, noy, attempt)
    sit.submit(post, noy, attempt)
    second = results.result(post, noy, attempt, "en").certificate

    assert (line.gate, line.short, line.questions) == (Gate.OPEN, True, 1)
    assert asked == ["e-six"]
    held = my_record.my_record(post, noy, "en").certificates
    assert [(one.number, one.state) for one in held] == [(second, "valid"), (first, "valid")]
    assert learn.course_page(post, noy, "seals", "en").card.certificate == second
    assert exam_line(post, noy).gate is Gate.DONE
    with post.store.reading() as tx:
        said = [one.result_extension("short") for one in tx.ledger.about(noy) if one.attempt == attempt]
    assert said.count(True) == 1


def test_long_after_the_end_lessons_are_read_again_and_the_whole_exam_is_sat(post: Node) -> None:
    teach(post, renewal=RENEWAL)
    noy = officer(post)
    certificate_of(post, noy)
    days_go_by(post, 731 + 370)
    page = learn.course_page(post, noy, "seals", "en")

    assert (page.card.state, page.card.lessons_done) == ("expired", 0)
    assert (page.card.next, page.card.next_id) == ("lesson", "looking")
    assert page.pretest is not None
    assert page.pretest.gate is Gate.DONE
    with pytest.raises(Refused, match=r"sitting\.lessons-first"):
        sit.start(post, noy, "seals", "exam", "en")
    read_lessons(post, noy)
    attempt = pass_exam(post, noy)
    assert results.result(post, noy, attempt, "en").asked == 4
    assert learn.course_page(post, noy, "seals", "en").card.state == "passed"


def test_a_renewal_under_way_stays_with_its_questions_and_its_version(post: Node) -> None:
    teach(post, renewal=RENEWAL)
    noy = officer(post)
    certificate_of(post, noy)
    days_go_by(post, 680)
    attempt = sit.start(post, noy, "seals", "exam", "en")
    plan = structure(version="2.0.0", renewal={"draw": {"o-look": 2}})
    plan["questions"]["e-six"] = question("o-stop", "exam", correct=["b"], critical=True)
    post.store.write(lambda tx: publish(tx, plan))
    assert [mark.id for mark in sit.sitting(post, noy, attempt).marks] == ["e-six"]
    answer_exam(post, noy, attempt)
    sit.submit(post, noy, attempt)
    found = results.result(post, noy, attempt, "en")

    assert (found.passed, found.version, found.asked) == (True, "1.0.0", 1)
    assert my_record.my_record(post, noy, "en").certificates[0].version == "1.0.0"


def test_optional_lessons_are_shown_and_not_counted(post: Node) -> None:
    looking, stopping = structure()["lessons"]
    teach(post, lessons=[{**looking, "optional": True}, stopping])
    noy = officer(post)
    pass_pretest(post, noy)
    learn.finish_lesson(post, noy, "seals", "stopping", "en")
    page = learn.course_page(post, noy, "seals", "en")

    assert [(one.id, one.optional, one.advised) for one in page.lessons] == [
        ("looking", True, False),
        ("stopping", False, False),
    ]
    assert (page.card.lessons, page.card.lessons_done, page.card.minutes) == (1, 1, 10)
    assert exam_line(post, noy).gate is Gate.OPEN
    assert learn.lesson(post, noy, "seals", "looking", "en").id == "looking"
