"""A post and its hub over real sockets: cut at any byte, killed, restarted, lied to; the figures end up the same."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import zstandard
from cast import TickingClock
from exchange_scenes import let_pass, rows
from followup_scenes import followed_up, observed
from real_line import Proxy, node_in, served
from satisfaction_scenes import let_answer

from elearn.adapters.system import Ed25519Keys
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.projections.followups import FOLLOW_UP
from elearn.core.projections.satisfaction import SATISFACTION
from elearn.core.sync.batch import LARGEST_TEXT_BYTES
from elearn.core.sync.signatures import sign_request
from elearn.core.sync.talk import DOWN, ENROL, ENTRIES, HELLO, LARGEST_BODY_BYTES, UP
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.kept import BALLOT, CONFIRMED, FORM_SETTLED, PEER, PERSON
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi.verbs import PASSED
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once, light
from elearn.services.node import Node
from elearn.services.posts import give_code, posts
from elearn.services.record import record

ROOT = Path(__file__).parent.parent.parent
PASSES = 600


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Node]:
    with node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9) as node:
        yield node


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Node]:
    with node_in(tmp_path / "post", series=1) as node:
        yield node


@pytest.fixture
def port(hub: Node) -> Iterator[int]:
    with served(hub) as port:
        yield port


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def move_to(post: Node, port: int) -> None:
    """Let the post look for its hub at another port."""
    [row] = rows(post, PEER)
    post.store.write(lambda tx: tx.tables.put(PEER, {**row, "url": address(port)}))


def assert_same(post: Node, hub: Node) -> None:
    for table in (*FOLDED_TABLES, PERSON):
        assert rows(hub, table) == rows(post, table), table.name


def test_the_hub_shows_the_same_figures_as_the_post(post: Node, hub: Node, port: int) -> None:
    let_pass(post, PASSES)
    name = enrol(post, address(port), give_code(hub, "Huay Xai"))

    outcome = exchange_once(post)

    assert (name, outcome.ok, outcome.sent, outcome.people) == ("Vientiane", True, PASSES, 1)
    assert len(rows(hub, COMPLETION)) == PASSES
    assert_same(post, hub)
    assert light(post).colour == "good"


def test_satisfaction_goes_up_five_together_and_what_waits_stays(post: Node, hub: Node, port: int) -> None:
    let_answer(post, 9)
    enrol(post, address(port), give_code(hub, "Huay Xai"))

    assert exchange_once(post).ok

    assert len(rows(hub, SATISFACTION)) == 5
    assert {row["subject"] for row in rows(hub, SATISFACTION)} == {"anonymous"}
    assert (len(rows(post, BALLOT)), rows(hub, BALLOT), rows(hub, FORM_SETTLED)) == (4, [], [])
    assert_same(post, hub)


def test_follow_ups_go_up_and_are_the_same_figures_at_the_hub(post: Node, hub: Node, port: int) -> None:
    let_pass(post, 6)
    enrol(post, address(port), give_code(hub, "Huay Xai"))
    assert exchange_once(post).ok
    with post.store.reading() as tx:
        exams = [entry.statement for entry in tx.ledger.every() if entry.statement.verb == PASSED]
    record(post, *(followed_up(one, post.ids.new(), "more", "time") for one in exams))
    record(post, *(observed(one, post.ids.new(), "yes", by=post.ids.new()) for one in exams[:5]))

    assert exchange_once(post).ok

    assert [(row["used"], row["stopped_time"]) for row in rows(hub, FOLLOW_UP)] == [("more", 1)] * 6
    assert sum(row["seen"] == "yes" for row in rows(hub, FOLLOW_UP)) == 5
    assert_same(post, hub)


def test_an_exchange_with_nothing_to_do_is_one_question_under_a_kilobyte(post: Node, hub: Node, port: int) -> None:
    let_pass(post, 3)
    with Proxy(port).running() as proxy:
        enrol(post, address(proxy.port), give_code(hub, "Huay Xai"))
        assert exchange_once(post).sent == 3
        assert exchange_once(post).ok
        proxy.up.clear()
        proxy.down.clear()

        assert exchange_once(post).ok

    assert proxy.up.count(b"POST ") == 1
    assert len(proxy.up) + len(proxy.down) < 1000


CUTS = (0, 1, 30, 400, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999)


@pytest.fixture(scope="module")
def one_exchange(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """What a whole exchange sends up, and down."""
    folder = tmp_path_factory.mktemp("whole")
    with (
        node_in(folder / "hub", kind=NodeKind.HUB, series=9) as hub,
        node_in(folder / "post", series=1) as post,
        served(hub) as port,
        Proxy(port).running() as proxy,
    ):
        let_pass(post, PASSES)
        enrol(post, address(port), give_code(hub, "Huay Xai"))
        move_to(post, proxy.port)
        assert exchange_once(post).ok
        return bytes(proxy.up), bytes(proxy.down)


@pytest.mark.parametrize("way", ["up", "down"])
@pytest.mark.parametrize("cut", CUTS)
def test_cut_at_any_byte_it_goes_on_where_it_was(
    post: Node, hub: Node, port: int, one_exchange: tuple[bytes, bytes], way: str, cut: float
) -> None:
    let_pass(post, PASSES)
    enrol(post, address(port), give_code(hub, "Huay Xai"))
    whole = len(one_exchange[0 if way == "up" else 1])
    at = cut if isinstance(cut, int) else int(whole * cut)

    with Proxy(port, **{f"{way}_left": at}).running() as proxy:
        move_to(post, proxy.port)
        first = exchange_once(post)
        standing, held = light(post), posts(hub)[0].held
        proxy.up_left = proxy.down_left = None
        second = exchange_once(post)

    assert proxy.stopped.is_set()
    assert not first.ok
    assert first.error.code in ("peer.no-line", "peer.strange-answer")
    assert standing.colour == ("waiting" if standing.waiting else "good")
    assert standing.waiting == PASSES - first.sent >= PASSES - held
    assert (second.ok, second.sent) == (True, PASSES - held)
    assert light(post).colour == "good"
    assert_same(post, hub)


def test_a_post_that_is_killed_in_the_middle_goes_on_when_it_starts_again(
    tmp_path: Path, hub: Node, port: int, one_exchange: tuple[bytes, bytes]
) -> None:
    folder = tmp_path / "post"
    with node_in(folder, series=1) as post:
        let_pass(post, PASSES)
        enrol(post, address(port), give_code(hub, "Huay Xai"))
        in_the_second_batch = one_exchange[0].rindex(b"POST /peer/entries") + 500
        with Proxy(port, up_left=in_the_second_batch, stall=True).running() as proxy:
            move_to(post, proxy.port)
            post.store.close()
            killed = subprocess.Popen(
                [sys.executable, "-m", "elearn", "sync", "now"],
                cwd=ROOT,
                env={**os.environ, "ELEARN_DATA": str(folder)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            reached = proxy.stopped.wait(30)
            ended_by_itself = killed.poll()
            killed.kill()
            killed.wait(10)
            assert (reached, ended_by_itself) == (True, None)
    with node_in(folder, series=1) as post:
        move_to(post, port)
        confirmed = rows(post, CONFIRMED)[0]["number"]
        outcome = exchange_once(post)

        assert 0 < confirmed < PASSES
        assert (outcome.ok, outcome.sent) == (True, PASSES - confirmed)
        assert_same(post, hub)


def test_a_hub_that_is_restarted_goes_on(tmp_path: Path, post: Node) -> None:
    folder = tmp_path / "hub"
    with node_in(folder, kind=NodeKind.HUB, series=9) as hub, served(hub) as port:
        enrol(post, address(port), give_code(hub, "Huay Xai"))
        let_pass(post, 10)
        exchange_once(post)
    let_pass(post, 5)
    down = exchange_once(post)
    with node_in(folder, kind=NodeKind.HUB, series=9) as hub, served(hub, port):
        up = exchange_once(post)

        assert (down.ok, down.error.code) == (False, "peer.no-line")
        assert (up.ok, up.sent) == (True, 5)
        assert_same(post, hub)


def test_everything_sent_again_byte_by_byte_changes_nothing(post: Node, hub: Node, port: int) -> None:
    let_pass(post, 20)
    with Proxy(port).running() as proxy:
        enrol(post, address(proxy.port), give_code(hub, "Huay Xai"))
        exchange_once(post)
        recorded = bytes(proxy.up)
    before = {table.name: rows(hub, table) for table in (*FOLDED_TABLES, PERSON)}

    requests = recorded.split(b"POST ")[1:]
    statuses = [replayed(port, b"POST " + request) for request in requests]

    assert {request.split(b" ", 1)[0].decode() for request in requests} == {ENROL, HELLO, ENTRIES, UP, DOWN}
    assert set(statuses) == {200}
    assert {table.name: rows(hub, table) for table in (*FOLDED_TABLES, PERSON)} == before
    assert len(rows(hub, PEER)) == 1


def replayed(port: int, request: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(request)
        return int(line.recv(100).split(b" ")[1])


def test_a_clock_in_1970_still_exchanges(tmp_path: Path, hub: Node, port: int) -> None:
    with node_in(tmp_path / "post", series=1, clock=TickingClock(datetime(1970, 1, 1, tzinfo=UTC))) as post:
        let_pass(post, 3)
        enrol(post, address(port), give_code(hub, "Huay Xai"))

        assert exchange_once(post).sent == 3
        assert_same(post, hub)


def enrolled(post: Node, hub: Node, port: int) -> Node:
    enrol(post, address(port), give_code(hub, "Huay Xai"))
    return post


def sent(port: int, path: str, body: bytes, node: Node, signed: bytes | None = None) -> tuple[int, Any]:
    """Send a body over HTTP, signed by the node as if it were ``signed``; return (status, what was answered)."""
    of = body if signed is None else signed
    headers = sign_request("POST", path, of, key_id=node.keys.key_id, nonce="n", sign=node.keys.sign)
    answered = requests.post(address(port) + path, data=body, headers=headers, timeout=20)
    assert answered.headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in answered.headers
    return answered.status_code, answered.json()


def test_an_altered_body_is_refused(post: Node, hub: Node, port: int) -> None:
    enrolled(post, hub, port)

    status, said = sent(port, HELLO, b'{"origins":[ ]}', post, signed=b'{"origins":[]}')

    assert (status, said["code"]) == (403, "peer.signature")


def test_a_foreign_key_is_refused(post: Node, hub: Node, port: int) -> None:
    enrolled(post, hub, port)
    stranger = replace(post, keys=Ed25519Keys(b"\x55" * 32))
    let_pass(post, 1)

    outcome = exchange_once(stranger)

    assert outcome.error.code == "peer.unknown-key"
    assert light(post).colour == "bad"
    assert rows(hub, COMPLETION) == []


def test_unsigned_requests_are_refused_on_every_path(hub: Node, port: int) -> None:
    for path in ("enrol", "hello", "vector", "entries", "own", "up", "down"):
        answered = requests.post(f"{address(port)}/peer/{path}", data=b"{}", timeout=20)
        assert answered.status_code in (400, 403)
        assert answered.json()["code"] in ("peer.signature", "peer.part")


def test_other_methods_and_paths_are_refused_as_json(post: Node, hub: Node, port: int) -> None:
    enrolled(post, hub, port)

    assert requests.get(f"{address(port)}/peer/hello", timeout=20).status_code == 405
    assert sent(port, "/peer/anything", b"{}", post) == (
        404,
        {"code": "peer.unknown-path", "details": {"path": "/peer/anything"}},
    )


def test_wrong_and_used_codes_are_refused(post: Node, hub: Node, port: int, tmp_path: Path) -> None:
    code = give_code(hub, "Huay Xai")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    with pytest.raises(ElearnError) as not_known:
        enrol(post, address(port), wrong)
    enrol(post, address(port), code)
    with node_in(tmp_path / "other", series=2) as other, pytest.raises(ElearnError) as used:
        enrol(other, address(port), code)

    assert not_known.value.code == "enrol.code-wrong"
    assert used.value.code == "enrol.code-used"


def test_a_bomb_is_refused_before_it_is_unpacked(post: Node, hub: Node, port: int) -> None:
    enrolled(post, hub, port)
    bomb = zstandard.compress(b"0" * (LARGEST_TEXT_BYTES * 50))

    status, said = sent(port, ENTRIES, bomb, post)

    assert (status, said["code"]) == (400, "batch.too-large")
    assert said["details"]["size_bytes"] == LARGEST_TEXT_BYTES * 50


@pytest.mark.parametrize("size", [LARGEST_BODY_BYTES + 1, 5 * LARGEST_BODY_BYTES])
def test_an_oversized_body_is_refused(post: Node, hub: Node, port: int, size: int) -> None:
    enrolled(post, hub, port)

    status, said = sent(port, ENTRIES, b"x" * size, post)

    assert (status, said["code"]) == (413, "peer.too-large")


def test_a_post_answers_no_other_nodes(post: Node) -> None:
    with served(post) as port:
        answered = requests.post(f"{address(port)}/peer/hello", data=b"{}", timeout=20)

    assert answered.status_code in (403, 404)
    assert "Signature" not in answered.headers


def test_a_machine_that_answers_in_place_of_the_hub_changes_nothing(post: Node, hub: Node, port: int) -> None:
    enrolled(post, hub, port)
    let_pass(post, 2)
    with served(post) as wrong_port:
        move_to(post, wrong_port)
        outcome = exchange_once(post)

    assert outcome.error.code == "peer.strange-answer"
    assert (light(post).colour, light(post).waiting) == ("waiting", 2)
    assert rows(hub, COMPLETION) == []


def test_a_redirect_is_not_followed(post: Node, hub: Node, port: int) -> None:
    enrolled(post, hub, port)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        move_to(post, listening.getsockname()[1])

        def redirect() -> None:
            line, _ = listening.accept()
            line.recv(65536)
            line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
            line.close()

        threading.Thread(target=redirect, daemon=True).start()
        outcome = exchange_once(post)

    assert outcome.error.code == "peer.strange-answer"
    assert "302" in outcome.error.details["reason"]
