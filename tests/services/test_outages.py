"""The time of an exam stands still while the post is off, and only then."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from small_course import publish, ready_for_exam

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import NODE_FACT, OUTAGE
from elearn.services import outages, sit
from elearn.services.node import Node

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def shift(node: Node, by: timedelta) -> None:
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(by)


def under_way(node: Node) -> tuple[str, str, int]:
    """Return (officer, attempt, seconds left) of an exam of half an hour that was just begun."""
    noy = officer(node)
    ready_for_exam(node, noy)
    attempt = sit.start(node, noy, "seals", "exam", "en")
    return noy, attempt, left(node, noy, attempt)


def left(node: Node, person: str, attempt: str) -> int:
    found = sit.sitting(node, person, attempt).time_left_s
    assert found is not None
    return found


def use_up(node: Node, person: str, attempt: str) -> int:
    """Answer one question again and again until less than five minutes are left; return the seconds left."""
    question = sit.sitting(node, person, attempt).marks[0].id
    turn = 0
    while left(node, person, attempt) > 290:
        shift(node, timedelta(seconds=min(280, left(node, person, attempt) - 150)))
        sit.answer(node, person, attempt, question, ["abc"[turn % 3]])
        turn += 1
    return left(node, person, attempt)


def rows(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.tables.count(OUTAGE)


def test_hours_without_power_cost_an_exam_nothing(post: Node) -> None:
    noy, attempt, before = under_way(post)
    outages.note_awake(post)

    shift(post, timedelta(hours=7))
    outages.note_start(post)

    assert before - 10 <= left(post, noy, attempt) <= before


def test_even_in_its_last_minutes(post: Node) -> None:
    noy, attempt, _ = under_way(post)
    last = use_up(post, noy, attempt)
    outages.note_awake(post)

    shift(post, timedelta(days=1))
    outages.note_start(post)

    assert last - 15 <= left(post, noy, attempt) <= last


def test_the_time_before_and_after_the_cut_is_charged(post: Node) -> None:
    noy, attempt, before = under_way(post)
    shift(post, 2 * MINUTE)
    outages.note_awake(post)
    shift(post, timedelta(hours=1))
    outages.note_start(post)

    shift(post, MINUTE)

    assert before - 200 <= left(post, noy, attempt) <= before - 180


def test_a_break_while_the_post_is_on_is_charged(post: Node) -> None:
    noy, attempt, before = under_way(post)
    for _ in range(4):
        shift(post, MINUTE)
        outages.note_awake(post)

    assert before - 260 <= left(post, noy, attempt) <= before - 240


def test_a_break_cannot_stretch_the_last_minutes(post: Node) -> None:
    noy, attempt, _ = under_way(post)
    use_up(post, noy, attempt)

    shift(post, 6 * MINUTE)

    with pytest.raises(Refused, match=r"attempt\.time-up"):
        sit.answer(post, noy, attempt, sit.sitting(post, noy, attempt).marks[1].id, ["a"])


def test_nothing_is_written_while_no_exam_is_under_way(post: Node) -> None:
    outages.note_awake(post)
    outages.note_start(post)

    with post.store.reading() as tx:
        assert tx.tables.get(NODE_FACT, "awake_at") is None
    assert rows(post) == 0


def test_a_clock_that_comes_back_in_the_past_costs_nothing(post: Node) -> None:
    noy, attempt, before = under_way(post)
    outages.note_awake(post)

    shift(post, timedelta(days=-20_000))
    outages.note_start(post)

    assert rows(post) == 0
    assert before <= left(post, noy, attempt) <= before + 5


def test_a_start_is_noted_once(post: Node) -> None:
    under_way(post)
    outages.note_awake(post)
    shift(post, timedelta(hours=1))

    outages.note_start(post)
    shift(post, timedelta(hours=1))
    outages.note_start(post)

    assert rows(post) == 1
