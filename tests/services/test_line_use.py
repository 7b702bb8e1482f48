"""What goes over the line is counted to the day, and stays within what the post may use; records before files."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, sqlite_node
from exchange_scenes import let_pass, pair

from elearn.core.sync import talk
from elearn.core.sync.talk import Answer
from elearn.core.vocab.errors import Invalid, Refused, Unavailable
from elearn.core.vocab.roles import Role
from elearn.services import exchange, line_use
from elearn.services.accounts import Session
from elearn.services.line_use import Metered
from elearn.services.node import Node, keep_fact

MB = 1024 * 1024


class Echo:
    """A peer that answers with as many bytes as it is told."""

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.calls = 0

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.calls += 1
        return Answer(200, {}, b"x" * self.size)


@pytest.fixture(params=["memory", "sqlite"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


def administrator(node: Node, role: Role = Role.ADMINISTRATOR) -> Session:
    return Session("s", "chief", "Kham La", "LA-1", role, "en", "csrf", False, (), node.now())


def test_all_bytes_of_both_ways_are_counted_with_their_headers() -> None:
    meter = Metered(Echo(1000), None, 0)

    meter.call("http://hub", "POST", "/peer/hello", b"y" * 500, {"Nonce": "abc"})

    assert 500 < meter.up < 700
    assert 1000 < meter.down < 1200


def test_what_does_not_fit_into_the_budget_is_not_sent() -> None:
    echo = Echo(600)
    meter = Metered(echo, 2000, used=500)
    meter.call("http://hub", "POST", "/peer/hello", b"", {})

    with pytest.raises(Unavailable, match=r"exchange\.budget"):
        meter.call("http://hub", "POST", "/peer/entries", b"z" * 900, {})

    assert echo.calls == 1


def test_files_leave_a_quarter_of_the_budget_for_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_use, "HEAVY", ("/peer/file",))
    meter = Metered(Echo(), 1000, used=700)

    with pytest.raises(Unavailable):
        meter.call("http://hub", "POST", "/peer/file/ab", b"", {})
    meter.call("http://hub", "POST", "/peer/hello", b"", {})


def test_the_paths_of_files_are_paths_of_the_talk() -> None:
    assert all(path.startswith("/peer/") for path in talk.HEAVY)


def test_an_exchange_stands_in_its_day_and_the_budget_holds_till_midnight_of_the_place() -> None:
    post, _, _ = pair()
    let_pass(post, 1)
    by = administrator(post)
    assert exchange.exchange_once(post).ok

    (day,) = line_use.days(post, by)
    assert (day.tries, day.came, day.code) == (1, 1, "")
    assert day.sent > 0
    assert day.up > 500
    line_use.set_budget(post, by, "1")
    post.store.write(lambda tx: tx.tables.put(line_use.LINE_DAY, {"day": day.day, "peer": "x", "up": MB, "down": 0}))

    outcome = exchange.exchange_once(post)
    assert outcome.error is not None
    assert outcome.error.code == "exchange.budget"
    assert exchange.light(post).colour != "bad"
    assert exchange.exchange_now(post, by).ok

    assert isinstance(post.clock, TickingClock)
    post.clock.shift(timedelta(days=1))
    assert exchange.exchange_once(post).ok
    assert [one.tries for one in line_use.days(post, by)] == [1, 3]


def test_days_are_kept_for_a_year_and_a_bit_and_shown_newest_first(node: Node) -> None:
    by = administrator(node)
    meter = Metered(Echo(), None, 0)
    assert isinstance(node.clock, TickingClock)
    for _ in range(5):
        node.store.write(lambda tx: line_use.note_use(tx, node, "hub", meter))
        node.clock.shift(timedelta(days=100))

    shown = [one.day for one in line_use.days(node, by)]

    assert shown == sorted(shown, reverse=True)
    assert len(shown) == 5
    node.store.write(lambda tx: line_use.note_use(tx, node, "hub", meter))
    assert len(line_use.days(node, by)) == 5


@pytest.mark.parametrize("typed", ["-1", "1.5", "many", "100001", "9" * 30])
def test_a_budget_that_is_no_number_of_megabytes_changes_nothing(node: Node, typed: str) -> None:
    by = administrator(node)
    line_use.set_budget(node, by, " 20 ")
    with pytest.raises(Invalid, match=r"exchange\.budget-number"):
        line_use.set_budget(node, by, typed)
    assert line_use.budget_mb(node) == 20
    line_use.set_budget(node, by, "")
    assert line_use.budget_mb(node) == 0


def test_only_who_looks_after_the_node_may(node: Node) -> None:
    trainer = administrator(node, Role.TRAINER)
    node.store.write(lambda tx: keep_fact(tx, line_use.BUDGET_MB, 3))
    with pytest.raises(Refused):
        line_use.set_budget(node, trainer, "5")
    with pytest.raises(Refused):
        line_use.days(node, trainer)
