"""Follow-ups: open from day 80 until answered or passed again, confirmed by who sees no answer, lost by no clock."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node, officer, sqlite_node
from figures_scenes import coordinator, passed
from followup_scenes import shift, ticked
from small_course import publish

from elearn.core.projections.followups import FOLLOW_UP
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT
from elearn.core.vocab.roles import Role
from elearn.core.xapi.check import check
from elearn.services import followup, skills_seen
from elearn.services.followup import FollowUpLine, follow_ups_held, open_follow_ups
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.record import record
from elearn.services.record_copy import record_copy

COURSE = "seals"


@pytest.fixture(params=["memory", "sqlite"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    found = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    found.store.write(publish)
    yield found
    found.store.close()


def graduate(node: Node, name: str = "Noy Vong", **changes: Any) -> str:
    """Return an officer who has just passed."""
    person = officer(node, name)
    record(node, passed(node, person, node.now(), course=COURSE, **changes))
    return person


def is_open(node: Node, person: str) -> dict[str, bool]:
    with node.store.reading() as tx:
        return open_follow_ups(tx, node, person)


def held(node: Node, person: str) -> list[FollowUpLine]:
    with node.store.reading() as tx:
        return follow_ups_held(tx, person)


def code_of(error: pytest.ExceptionInfo[ElearnError]) -> str:
    return error.value.code


def test_the_form_opens_on_day_80_is_asked_for_to_day_150_and_stays_open(node: Node) -> None:
    person = graduate(node)
    shift(node, 79)
    early = is_open(node, person)
    shift(node, 1)
    due = is_open(node, person)
    shift(node, 71)

    assert (early, due, is_open(node, person)) == ({}, {COURSE: True}, {COURSE: False})
    followup.answer(node, person, COURSE, ticked("more", "time", "equipment"))
    [line] = held(node, person)
    assert (line.used, line.stopped) == ("more", ("equipment", "time"))
    assert is_open(node, person) == {}


def test_before_day_80_without_an_exam_and_twice_it_is_refused(node: Node) -> None:
    person, nobody = graduate(node), officer(node)
    for who in (person, nobody):
        with pytest.raises(Refused) as error:
            followup.form(node, who, COURSE, "en")
        assert code_of(error) == "followup.not-open"
    with pytest.raises(NotFound):
        followup.form(node, nobody, "unknown", "en")
    shift(node, 90)
    assert followup.form(node, person, COURSE, "km").course_title == "ខ្មែរ Seals"
    followup.answer(node, person, COURSE, ticked())

    with pytest.raises(Refused) as error:
        followup.answer(node, person, COURSE, ticked("never"))

    assert code_of(error) == "followup.answered"
    assert [line.used for line in held(node, person)] == ["once"]


def test_passing_again_closes_the_old_form_and_opens_another_80_days_later(node: Node) -> None:
    person = graduate(node)
    shift(node, 100)
    record(node, passed(node, person, node.now(), course=COURSE))

    assert is_open(node, person) == {}
    shift(node, 85)
    followup.answer(node, person, COURSE, ticked("more"))
    assert [line.used for line in held(node, person)] == ["more"]


def test_a_form_that_waits_while_the_clock_is_wrong_is_not_lost(node: Node) -> None:
    person, other = graduate(node), graduate(node, "Other")
    shift(node, 90)
    record(node, passed(node, other, node.now(), course="another"))
    shift(node, -20_000)

    assert is_open(node, person) == {}  # nothing the officer did says how much time went by: the form waits
    shift(node, 20_010)
    assert is_open(node, person) == {COURSE: True}


def test_an_exam_under_a_doubted_clock_counts_from_when_it_was_stored(node: Node) -> None:
    graduate(node, "First")
    person = officer(node)
    exam = passed(node, person, "1970-01-01T00:10:00.000000Z", course=COURSE)
    body = json.loads(json.dumps(exam.body))
    body["context"]["extensions"]["https://elearn.invalid/xapi/ext/clock_uncertain"] = True
    record(node, check(body))

    assert is_open(node, person) == {}
    shift(node, 81)
    assert is_open(node, person) == {COURSE: True}


def test_a_colleague_says_what_was_seen_and_never_what_was_answered(node: Node) -> None:
    chief = coordinator(node, Role.TRAINER)
    person, silent = graduate(node, "Noy"), graduate(node, "Kham")
    shift(node, 90)
    before = skills_seen.to_confirm(node, chief, "en")
    followup.answer(node, person, COURSE, ticked("never", "authority"))
    after = skills_seen.to_confirm(node, chief, "en")

    assert before == after
    assert {(one.person, one.name, one.course_title) for one in after} == {
        (person, "Noy", "Seals"),
        (silent, "Kham", "Seals"),
    }
    assert not {"used", "stopped", "answered_at"} & set(vars(after[0]))
    skills_seen.confirm(node, chief, person, COURSE, "yes")
    assert [one.person for one in skills_seen.to_confirm(node, chief, "en")] == [silent]
    assert skills_seen.how_many_wait(node, chief) == 1
    [line] = held(node, person)
    assert (line.used, line.seen) == ("never", "yes")


def test_a_word_can_come_before_the_answer_and_changes_nothing_in_the_form(node: Node) -> None:
    chief, person = coordinator(node), graduate(node)
    shift(node, 90)
    skills_seen.confirm(node, chief, person, COURSE, "not-observed")

    assert is_open(node, person) == {COURSE: True}
    assert vars(followup.form(node, person, COURSE, "en")).keys() == {"course", "course_title", "language", "passed_at"}
    followup.answer(node, person, COURSE, ticked())
    [line] = held(node, person)
    assert (line.used, line.seen) == ("once", "not-observed")


def test_nobody_confirms_the_own_skill_twice_too_early_or_of_who_is_gone(node: Node) -> None:
    chief, person, gone = coordinator(node), graduate(node), graduate(node)
    record(node, passed(node, chief.person, node.now(), course=COURSE))
    with pytest.raises(Refused) as early:
        skills_seen.confirm(node, chief, person, COURSE, "yes")
    shift(node, 90)
    node.store.write(lambda tx: tx.tables.put(ACCOUNT, {**tx.tables.get(ACCOUNT, gone), "active": 0}))  # type: ignore[dict-item]
    skills_seen.confirm(node, chief, person, COURSE, "no")
    with pytest.raises(Refused) as own:
        skills_seen.confirm(node, chief, chief.person, COURSE, "yes")
    with pytest.raises(Refused) as twice:
        skills_seen.confirm(node, chief, person, COURSE, "yes")
    with pytest.raises(NotFound) as left:
        skills_seen.confirm(node, chief, gone, COURSE, "yes")
    with pytest.raises(Invalid) as odd:
        skills_seen.confirm(node, chief, person, COURSE, "surely, at the bridge")

    assert [code_of(one) for one in (early, own, twice, left, odd)] == [
        "followup.not-open",
        "followup.own",
        "followup.confirmed",
        "officer.unknown",
        "followup.no-choice",
    ]
    assert [line.seen for line in held(node, person)] == ["no"]
    assert skills_seen.to_confirm(node, chief, "en") == []


@pytest.mark.parametrize("role", list(Role))
def test_trainers_coordinators_and_administrators_confirm_and_officers_do_not(role: Role) -> None:
    node = memory_node()
    node.store.write(publish)
    person = graduate(node)
    shift(node, 90)
    by = replace(coordinator(node, role), role=role)

    if role is Role.OFFICER:
        with pytest.raises(Refused):
            skills_seen.confirm(node, by, person, COURSE, "yes")
        with pytest.raises(Refused):
            skills_seen.to_confirm(node, by, "en")
        assert skills_seen.how_many_wait(node, by) == 0
    else:
        skills_seen.confirm(node, by, person, COURSE, "yes")
        assert [line.seen for line in held(node, person)] == ["yes"]


def test_the_own_record_and_its_copy_hold_both(node: Node) -> None:
    chief, person = coordinator(node), graduate(node)
    shift(node, 90)
    followup.answer(node, person, COURSE, ticked("once", "occasion"))
    skills_seen.confirm(node, chief, person, COURSE, "yes")

    [one] = my_record(node, person, "en").follow_ups
    copy = json.loads(record_copy(node, person, "en"))

    assert (one.title, one.said.used, one.said.stopped, one.said.seen) == ("Seals", "once", ("occasion",), "yes")
    assert copy["follow_ups"][0]["said"]["used"] == "once"
    assert sum("follow-up" in json.dumps(said["statement"]["object"]) for said in copy["statements"]) == 2


def test_what_is_recorded_passes_the_rules_for_statements(node: Node) -> None:
    chief, person = coordinator(node), graduate(node)
    shift(node, 90)
    followup.answer(node, person, COURSE, ticked())
    skills_seen.confirm(node, chief, person, COURSE, "yes")

    with node.store.reading() as tx:
        said = [entry.statement for entry in tx.ledger.every()]
        [row] = tx.tables.select(FOLLOW_UP)
    assert [check(one.body).id for one in said] == [one.id for one in said]
    assert (row["answered_days"], row["seen_by"]) == (90, chief.person)
