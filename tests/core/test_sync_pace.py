"""When the next exchange is due."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from elearn.core.sync.pace import EVERY_S, IDLE_S, LONGEST_S, is_due, pause_s

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MIDDLE = 5_000


def test_pauses_grow_while_there_is_no_line_and_no_further_than_an_hour() -> None:
    pauses = [pause_s(failures, True, MIDDLE) for failures in range(1, 12)]

    assert pauses[:4] == [EVERY_S, 2 * EVERY_S, 4 * EVERY_S, 8 * EVERY_S]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_S


def test_after_success_it_is_soon_if_something_waits_and_later_if_nothing_does() -> None:
    assert pause_s(0, True, MIDDLE) == EVERY_S
    assert pause_s(0, False, MIDDLE) == IDLE_S


@given(st.integers(0, 10_000), st.booleans(), st.integers(0, 2**63 - 1))
def test_chance_moves_a_pause_by_a_quarter_at_most(failures: int, waiting: bool, seed: int) -> None:
    middle = pause_s(failures, waiting, MIDDLE)

    assert 0.75 * middle <= pause_s(failures, waiting, seed) <= 1.25 * middle


def test_a_thousand_posts_do_not_knock_at_once() -> None:
    assert len({pause_s(5, True, seed * 7919) for seed in range(1000)}) > 900


def test_it_is_due_when_its_time_has_come() -> None:
    assert is_due(NOW, NOW)
    assert is_due(NOW, NOW - timedelta(days=9))
    assert not is_due(NOW, NOW + timedelta(minutes=5))


def test_a_next_try_set_by_a_wrong_clock_is_not_waited_for() -> None:
    in_1970 = datetime(1970, 1, 1, tzinfo=UTC)

    assert is_due(in_1970, NOW)
