"""A clock in doubt is asked about, marks what is recorded, and never stands in anybody's way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from small_course import publish

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import NODE_FACT, PEER
from elearn.core.vocab.roles import Role
from elearn.core.vocab.times import text_of
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build
from elearn.core.xapi.statement import Statement
from elearn.services import clock_asked, clock_guard
from elearn.services.accounts import Session
from elearn.services.coordinate import figures, question
from elearn.services.node import Node, about, keep_fact
from elearn.services.record import record, saying_for

DAY = timedelta(days=1)


def administrator(node: Node) -> Session:
    person = officer(node, "Kham La")
    return Session("s", person, "Kham La", "LA-1", Role.ADMINISTRATOR, "en", "csrf", False, (), node.now())


@pytest.fixture(params=["memory", "sqlite"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def shift(node: Node, by: timedelta) -> None:
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(by)


def read_lesson(node: Node, person: str) -> Statement:
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    statement = build(saying, node.ids.new(), verbs.COMPLETED, verbs.lesson_iri("seals", "one"))
    record(node, statement)
    return statement


def doubted(node: Node, person: str) -> bool:
    return bool(read_lesson(node, person).extension("clock_uncertain"))


def kept(node: Node) -> str:
    with node.store.reading() as tx:
        mine = about(tx)
    assert mine is not None
    return (mine.clock_doubt or {}).get("kind", "")


def asked(node: Node, by: Session) -> clock_asked.ClockShown:
    return clock_asked.clock_shown(node, by)


def test_a_clock_that_went_back_is_doubted_until_it_is_set(node: Node) -> None:
    noy = officer(node)
    read_lesson(node, noy)
    clock_guard.look(node)
    shift(node, -3 * DAY)

    clock_guard.look(node)

    assert kept(node) == "back"
    assert doubted(node, noy)
    shift(node, 3 * DAY)
    clock_guard.look(node)
    assert kept(node) == ""
    assert not doubted(node, noy)


def test_a_leap_stays_a_doubt_although_entries_follow_it_until_a_person_answers(node: Node) -> None:
    noy, by = officer(node), administrator(node)
    read_lesson(node, noy)
    clock_guard.look(node)
    shift(node, 3000 * DAY)

    clock_guard.look(node)

    assert [doubted(node, noy), doubted(node, noy)] == [True, True]
    clock_guard.look(node)
    assert kept(node) == "leapt"
    clock_asked.say_right(node, by, asked(node, by).now)
    assert kept(node) == ""
    assert not doubted(node, noy)
    assert asked(node, by).said_at


def test_what_ran_ahead_is_overruled_by_a_persons_word_and_the_work_goes_on(node: Node) -> None:
    noy, by = officer(node), administrator(node)
    shift(node, 50 * DAY)
    read_lesson(node, noy)
    shift(node, -50 * DAY)
    assert doubted(node, noy)

    clock_asked.say_right(node, by, asked(node, by).now)

    assert [doubted(node, noy) for _ in range(3)] == [False] * 3


def test_a_hub_that_says_another_day_is_a_doubt_and_one_that_agrees_answers_a_leap(node: Node) -> None:
    noy = officer(node)
    clock_guard.look(node)
    shift(node, 400 * DAY)
    clock_guard.look(node)
    assert kept(node) == "leapt"

    shift(node, timedelta(minutes=1))
    hub_said(node, offset_ms=90_000)
    clock_guard.look(node)
    assert kept(node) == ""

    hub_said(node, offset_ms=-48 * 3600 * 1000)
    clock_guard.look(node)
    assert kept(node) == "hub"
    assert doubted(node, noy)


def hub_said(node: Node, offset_ms: int) -> None:
    row = {"node": "the-hub", "last_contact_at": text_of(node.clock.now()), "clock_offset_ms": offset_ms}
    node.store.write(lambda tx: (tx.tables.put(PEER, row), keep_fact(tx, "hub", "the-hub")))


def test_a_word_about_a_clock_that_was_set_since_is_not_taken(node: Node) -> None:
    by = administrator(node)
    seen = asked(node, by).now
    shift(node, -DAY)

    with pytest.raises(Refused, match=r"clock\.moved"):
        clock_asked.say_right(node, by, seen)


def test_reports_say_how_much_was_recorded_in_doubt(node: Node) -> None:
    noy, by = officer(node), administrator(node)
    read_lesson(node, noy)
    assert figures(node, by, question(node, {})).standing.doubtful == 0
    shift(node, -3 * DAY)

    read_lesson(node, noy)
    read_lesson(node, noy)

    assert figures(node, by, question(node, {})).standing.doubtful == 2


def test_looking_every_minute_writes_once_an_hour(node: Node) -> None:
    clock_guard.look(node)
    looked = node.store.write(lambda tx: tx.tables.get(NODE_FACT, clock_guard.LOOKED_AT))
    shift(node, timedelta(minutes=5))
    clock_guard.look(node)
    assert node.store.write(lambda tx: tx.tables.get(NODE_FACT, clock_guard.LOOKED_AT)) == looked
    shift(node, timedelta(hours=1))
    clock_guard.look(node)
    assert node.store.write(lambda tx: tx.tables.get(NODE_FACT, clock_guard.LOOKED_AT)) != looked
