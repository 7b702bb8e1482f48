"""Keys between real programs: renewed while the post runs, followed, cut off on the line, lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import TickingClock
from key_scenes import id_of, issued
from real_line import Proxy, node_in, served
from small_course import publish

from elearn.core.vocab.kept import PEER
from elearn.core.vocab.nodes import NodeKind
from elearn.ports import Transaction
from elearn.services.enrolment import enrol
from elearn.services.exchange import Outcome, exchange_once
from elearn.services.key_loss import report_lost
from elearn.services.key_renewal import renew, settle
from elearn.services.node import Node
from elearn.services.operator import operator
from elearn.services.posts import give_code
from elearn.services.verify import verify_payload

ROOT = Path(__file__).parents[2]


@dataclass
class Three:
    """A hub that is served, and two posts with a line to it."""

    hub: Node
    post: Node
    other: Node
    url: str


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    with ExitStack() as opened:
        hub = opened.enter_context(node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9, clock=_clock()))
        post = opened.enter_context(node_in(tmp_path / "post", series=1, clock=_clock()))
        other = opened.enter_context(node_in(tmp_path / "other", series=2, clock=_clock()))
        url = f"http://127.0.0.1:{opened.enter_context(served(hub))}"
        for node in (hub, post, other):
            node.store.write(publish)
            settle(node)
        for node in (post, other):
            enrol(node, url, give_code(hub, "Huay Xai"))
        yield Three(hub, post, other, url)


def _clock() -> TickingClock:
    """Days before today: what a program of its own records comes after it."""
    return TickingClock(datetime.now(UTC) - timedelta(days=5))


def exchanged(*nodes: Node) -> None:
    for node in nodes:
        outcome = exchange_once(node)
        assert outcome.ok, outcome.error


def command(node: Node, *words: str) -> str:
    """Run a command in a process of its own, in the folder of a node that runs."""
    environment = {**os.environ, "ELEARN_DATA": str(node.settings.data)}
    ran = subprocess.run(
        [sys.executable, "-m", "elearn", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def code_of(outcome: Outcome) -> str:
    return outcome.error.code if outcome.error else ""


def test_a_key_renewed_at_the_terminal_while_the_post_runs_is_known_everywhere_after_two_exchanges(
    three: Three,
) -> None:
    before, old = issued(three.post), three.post.keys.key_id
    exchanged(three.post, three.other)

    said = command(three.post, "keys", "renew")
    shown = command(three.post, "keys", "show").splitlines()
    after = issued(three.post)
    states = [verify_payload(three.other, one, "en").state for one in (before, after)]
    exchanged(three.post, three.other)

    assert said.splitlines()[0].removeprefix("New key: ").replace(" ", "") == three.post.keys.key_id != old
    assert [line[:19].replace(" ", "") for line in shown] == [three.post.keys.key_id, old]
    assert states == ["valid", "unknown_issuer"]
    assert [verify_payload(three.other, one, "en").state for one in (before, after)] == ["valid", "valid"]


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_line_that_is_cut_while_the_new_key_is_told_tells_it_the_next_time(three: Three, way: str) -> None:
    exchanged(three.post)
    renew(three.post, operator(three.post))
    port = int(three.url.rpartition(":")[2])
    for bytes_left in (0, 500, 1000, 1500, 2000):
        with Proxy(port, **{f"{way}_left": bytes_left}).running() as proxy:
            through(three.post, proxy.port)
            assert code_of(exchange_once(three.post)) in ("peer.no-line", "peer.strange-answer", "")
    through(three.post, port)

    exchanged(three.post)


def through(node: Node, port: int) -> None:
    """Let a post call its hub by another port."""

    def work(tx: Transaction) -> None:
        [row] = tx.tables.select(PEER)
        tx.tables.put(PEER, {**row, "url": f"http://127.0.0.1:{port}"})

    node.store.write(work)


def test_both_sides_renew_before_they_meet_again(three: Three) -> None:
    before = issued(three.hub)
    exchanged(three.post, three.other)
    for node in (three.hub, three.post, three.hub, three.post):
        renew(node, operator(node))
    after = issued(three.post)

    exchanged(three.post, three.other)

    assert [verify_payload(three.other, one, "en").state for one in (before, after)] == ["valid", "valid"]


def test_a_machine_reported_lost_is_refused_at_once_and_its_late_certificates_everywhere(three: Three) -> None:
    before = issued(three.post)
    exchanged(three.post)
    for node in (three.hub, three.post, three.other):
        assert isinstance(node.clock, TickingClock)
        node.clock.shift(timedelta(days=3))
    after = issued(three.post)
    day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()

    report_lost(three.hub, operator(three.hub), id_of(three.post), day, "Stolen")

    assert code_of(exchange_once(three.post)) == "peer.key-lost"
    exchanged(three.other)
    assert [verify_payload(three.other, one, "en").state for one in (before, after)] == ["valid", "key_lost"]
