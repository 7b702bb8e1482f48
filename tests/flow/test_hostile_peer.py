"""Peers that mean harm, over real sockets: each gets a clear refusal, costs bounded memory, and others are answered."""

import base64
import json
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests
import zstandard
from exchange_scenes import let_pass, rows
from real_line import node_in, served

from elearn.adapters.http_peer import LARGEST_ANSWER_BYTES
from elearn.adapters.system import Ed25519Keys
from elearn.cli.measuring.process import Running, resident_mb, running
from elearn.core.ledger.entry import Head
from elearn.core.projections.completions import COMPLETION
from elearn.core.sync.batch import LARGEST_TEXT_BYTES, Batch, SignedHead, batch_of, head_message, pack
from elearn.core.sync.signatures import claimed_nonce, sign_answer, sign_request
from elearn.core.sync.talk import DOWN, ENTRIES, HELLO, LARGEST_BODY_BYTES, OWN, TALK, UP, VECTOR, Asked, body_of
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.nodes import NodeKind
from elearn.services.answer import answer
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.key_loss import report_lost
from elearn.services.node import Node, fact
from elearn.services.operator import operator
from elearn.services.posts import give_code

ROOT = Path(__file__).parent.parent.parent
GROWTH_MB = 150
"""What a hub may take more while it is attacked: one body of each of its threads, unpacked and read, fits well in."""


@dataclass
class Scene:
    """A hub that serves, a post of it, and another post that wishes it harm."""

    hub: Node
    post: Node
    bad: Node
    port: int

    def sent(self, path: str, body: bytes, node: Node | None = None, **changed: str) -> tuple[int, str]:
        """Send a body as the hostile post, or another; return (status, code)."""
        by = node or self.bad
        headers = sign_request("POST", path, body, key_id=by.keys.key_id, nonce="n", sign=by.keys.sign) | changed
        answered = requests.post(f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers, timeout=30)
        return answered.status_code, answered.json().get("code", "")

    def batch(self, of: Node) -> Batch:
        """Return all entries of a node, its head signed by it."""
        with of.store.reading() as tx:
            mine = str(fact(tx, "id"))
            entries = tuple(tx.ledger.entries(mine))
        head = Head(mine, entries[-1].number, entries[-1].digest)
        return batch_of(Head(mine), entries, SignedHead(head, of.keys.sign(head_message(head))))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        hub = stack.enter_context(node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9))
        post = stack.enter_context(node_in(tmp_path / "post", series=1))
        bad = stack.enter_context(node_in(tmp_path / "bad", series=2))
        port = stack.enter_context(served(hub))
        for node in (post, bad):
            enrol(node, f"http://127.0.0.1:{port}", give_code(hub, "Huay Xai"))
            let_pass(node, 3)
        yield Scene(hub, post, bad, port)


def test_entries_of_another_node_are_refused(scene: Scene) -> None:
    assert scene.sent(ENTRIES, pack(scene.batch(scene.post))) == (403, "batch.foreign")
    assert rows(scene.hub, COMPLETION) == []


def test_a_head_its_node_never_signed_is_refused(scene: Scene) -> None:
    batch = scene.batch(scene.bad)
    forged = replace(batch, head=SignedHead(batch.head.head, scene.post.keys.sign(head_message(batch.head.head))))
    further = Head(batch.origin, 2, batch.end)
    short = replace(batch, head=SignedHead(further, scene.bad.keys.sign(head_message(further))))

    assert scene.sent(ENTRIES, pack(forged)) == (403, "batch.head-signature")
    assert scene.sent(ENTRIES, pack(short)) == (409, "chain.head")
    assert rows(scene.hub, COMPLETION) == []


def test_a_chain_that_does_not_lead_to_its_end_is_refused(scene: Scene) -> None:
    batch = scene.batch(scene.bad)

    assert scene.sent(ENTRIES, pack(replace(batch, statements=batch.statements[::-1]))) == (409, "chain.altered")
    assert rows(scene.hub, COMPLETION) == []


def test_a_wrong_digest_an_unknown_key_and_a_lost_one_are_refused(scene: Scene) -> None:
    body = body_of({"talk": TALK, "after": "-"})
    stranger = replace(scene.bad, keys=Ed25519Keys(b"\x55" * 32))

    assert scene.sent(VECTOR, body, **{"Content-Digest": "sha-256=:" + "A" * 43 + "=:"}) == (403, "peer.signature")
    assert scene.sent(VECTOR, body, stranger) == (403, "peer.unknown-key")
    assert scene.sent(VECTOR, body) == (200, "")
    with scene.bad.store.reading() as tx:
        mine = str(fact(tx, "id"))
    report_lost(scene.hub, operator(scene.hub), mine, "2026-11-20", "stolen")
    assert scene.sent(VECTOR, body) == (403, "peer.key-lost")


def test_an_old_request_sent_again_changes_nothing(scene: Scene) -> None:
    body = pack(scene.batch(scene.bad))
    headers = sign_request("POST", ENTRIES, body, key_id=scene.bad.keys.key_id, nonce="n", sign=scene.bad.keys.sign)
    url = f"http://127.0.0.1:{scene.port}{ENTRIES}"
    first = requests.post(url, data=body, headers=headers, timeout=30)
    let_pass(scene.bad, 2)
    assert exchange_once(scene.bad).ok
    before = rows(scene.hub, COMPLETION)
    again = requests.post(url, data=body, headers=headers, timeout=30)

    assert (first.status_code, again.status_code) == (200, 200)
    assert len(before) == 5
    assert rows(scene.hub, COMPLETION) == before
    assert again.json()["held"] != first.json()["held"]
    assert exchange_once(scene.bad).sent == 0


def _line(text: bytes) -> bytes:
    return zstandard.compress(text)


UNSIZED = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(10**8))
NEGATIVE = body_of({"talk": TALK, "time": "2026-11-24T08:00:00Z", "state": "x", "head": -1})
DEEP = b"[" * 100_000
BAD: list[tuple[str, str, bytes, tuple[int, str]]] = [
    ("deep JSON", DOWN, b'{"parts":' + DEEP, (400, "peer.unreadable")),
    ("deep JSON in a batch", ENTRIES, _line(DEEP), (400, "batch.line")),
    ("no batch", ENTRIES, b"\x00" * 5000, (400, "batch.torn")),
    ("bomb", ENTRIES, zstandard.compress(bytes(LARGEST_TEXT_BYTES * 60)), (400, "batch.too-large")),
    ("bomb that hides its size", ENTRIES, UNSIZED, (400, "batch.torn")),
    ("ten thousand lines", ENTRIES, _line(b"{}\n" * 10_000), (400, "batch.count")),
    ("oversized", ENTRIES, bytes(LARGEST_BODY_BYTES + 1), (413, "peer.too-large")),
    ("negative place", OWN, b'{"at":[-1]}', (400, "peer.part")),
    ("negative head", HELLO, NEGATIVE, (400, "peer.part")),
    ("endless number", HELLO, b'{"talk":' + b"9" * 5000 + b"}", (400, "peer.unreadable")),
    ("all places", OWN, body_of({"at": list(range(100_000))}), (400, "peer.part")),
    ("unknown part", UP, body_of({"part": "x" * 41, "digest": "", "value": []}), (400, "peer.part")),
    ("a million people", UP, body_of({"part": "people", "digest": "", "value": [0] * 400_000}), (400, "peer.part")),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "refusal"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_what_is_meant_to_break_the_hub_is_refused_with_a_code(
    scene: Scene, path: str, body: bytes, refusal: tuple[int, str]
) -> None:
    assert scene.sent(path, body) == refusal
    assert exchange_once(scene.post).ok


# --- a hub that is a process of its own


@contextmanager
def real_hub(tmp_path: Path) -> Iterator[tuple[Running, Node]]:
    """Give a hub that runs as it does anywhere, and a post of it."""
    (tmp_path / "no-courses").mkdir()
    with node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9) as hub, node_in(tmp_path / "post", series=1) as post:
        with served(hub) as port:
            enrol(post, f"http://127.0.0.1:{port}", give_code(hub, "Huay Xai"))
        hub.store.close()
        environment = {**os.environ, "ELEARN_DATA": str(tmp_path / "hub"), "ELEARN_DATABASE": ""}
        environment["ELEARN_COURSES"] = str(tmp_path / "no-courses")
        with running(["-m", "elearn", "hub", "--quiet"], environment, ROOT, "/sign-in") as server:
            [row] = rows(post, PEER)
            url = f"http://{server.host}"
            post.store.write(lambda tx: tx.tables.put(PEER, {**row, "url": url}))
            assert exchange_once(post).ok
            yield server, post


def threads(server: Running) -> int:
    found = re.search(r"^Threads:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def test_half_open_lines_and_drops_stop_nobody_else(tmp_path: Path) -> None:
    with real_hub(tmp_path) as (server, post), ExitStack() as stack:
        before, memory = threads(server), resident_mb(server.process.pid)
        slow = [stack.enter_context(socket.create_connection(server.address)) for _ in range(250)]
        head = b"POST /peer/hello HTTP/1.1\r\nHost: hub\r\nContent-Length: 1000000\r\nX: "
        for place, one in enumerate(slow):
            one.sendall(head[: 20 + place % 50] if place % 3 else head + b"y\r\n\r\n" + b"x" * place)
        let_pass(post, 5)
        for drop in range(3):
            for one in slow:
                one.sendall(b"x")
            outcome = exchange_once(post)
            assert outcome.ok, (drop, outcome.error)

        assert threads(server) <= before + 2
        assert resident_mb(server.process.pid) - memory < GROWTH_MB


def test_bombs_from_many_at_once_cost_bounded_memory(tmp_path: Path) -> None:
    with real_hub(tmp_path) as (server, post):
        memory = resident_mb(server.process.pid)
        seen: list[int] = []

        def attack() -> None:
            for _, path, body, _ in BAD:
                headers = sign_request("POST", path, body, key_id=post.keys.key_id, nonce="n", sign=post.keys.sign)
                url = f"http://{server.host}{path}"
                seen.append(requests.post(url, data=body, headers=headers, timeout=60).status_code)

        attackers = [threading.Thread(target=attack) for _ in range(6)]
        for one in attackers:
            one.start()
        for one in attackers:
            one.join()

        assert len(seen) == 6 * len(BAD)
        assert set(seen) == {400, 413}
        assert exchange_once(post).ok
        assert resident_mb(server.process.pid) - memory < GROWTH_MB


# --- a hub that means harm


class FalseHub:
    """A line on which a hub's answers are changed. change: (what was asked, its answer as JSON) -> what is said."""

    def __init__(self, hub: Node, change: Callable[[Asked, Any], Any], by: Node | None = None) -> None:
        self._hub, self._change, self._by = hub, change, by or hub

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """Answer, changed and signed again."""
        asked = Asked(method, path, headers, body)
        given = answer(self._hub, asked)
        said = body_of(self._change(asked, json.loads(given.body)))
        keys = self._by.keys.present()
        signed = sign_answer(200, said, key_id=keys.key_id, nonce=claimed_nonce(headers), sign=keys.sign)
        return replace(given, body=said, headers=signed)


def test_an_answer_signed_by_another_is_no_answer(scene: Scene) -> None:
    outcome = exchange_once(replace(scene.post, peer=FalseHub(scene.hub, lambda _, given: given, scene.bad)))

    assert not outcome.ok
    assert outcome.error is not None
    assert outcome.error.code in {"peer.hub-key", "peer.unknown-key"}
    assert outcome.sent == 0


def _down_of(value: Any) -> Callable[[Asked, Any], Any]:
    def change(asked: Asked, given: Any) -> Any:
        if asked.path == HELLO:
            return {**given, "down": {"keys": "f" * 32, "revocations": "f" * 32}}
        return {"parts": {"keys": value, "revocations": value}} if asked.path == DOWN else given

    return change


@pytest.mark.parametrize("value", [None, 7, [], "x", {"keys": -1}, [[[]]] * 1000])
def test_parts_of_the_wrong_shape_from_a_hub_are_refused_and_change_nothing(scene: Scene, value: Any) -> None:
    before = rows(scene.post, PEER)[0]["public_key"]
    outcome = exchange_once(replace(scene.post, peer=FalseHub(scene.hub, _down_of(value))))

    assert not outcome.ok
    assert rows(scene.post, PEER)[0]["public_key"] == before
    assert exchange_once(scene.post).ok


def test_a_bomb_in_what_a_hub_gives_back_is_refused_before_it_is_unpacked(scene: Scene) -> None:
    assert exchange_once(scene.post).ok
    with scene.post.store.reading() as tx:
        mine = str(fact(tx, "id"))
    bomb = base64.b64encode(zstandard.compress(bytes(LARGEST_TEXT_BYTES * 60))).decode()

    def change(asked: Asked, given: Any) -> Any:
        if asked.path == HELLO:
            held = {"held": [[mine, 900, "ab" * 32]], "more": ""}
            name, country = "Vientiane", "LA"
            return {"talk": TALK, "time": given["time"], "name": name, "country": country, "holds_identities": True,
                    "chains": held, "down": {}, "up": {}}  # fmt: skip
        return {"digests": [None]} | ({"batch": bomb} if b"after" in asked.body else {}) if asked.path == OWN else given

    outcome = exchange_once(replace(scene.post, peer=FalseHub(scene.hub, change)))

    assert outcome.error is not None
    assert outcome.error.code in {"batch.too-large", "peer.strange-answer", "peer.part"}


def test_an_endless_answer_is_given_up(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        [row] = rows(scene.post, PEER)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        scene.post.store.write(lambda tx: tx.tables.put(PEER, {**row, "url": url}))
        given = 0

        def pour() -> None:
            nonlocal given
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
                try:
                    while given < LARGEST_ANSWER_BYTES * 20:
                        line.sendall(b"x" * 65536)
                        given += 65536
                except OSError:
                    return

        pouring = threading.Thread(target=pour)
        pouring.start()
        outcome = exchange_once(scene.post)
        pouring.join(30)

    assert outcome.error is not None
    assert outcome.error.code == "peer.strange-answer"
    assert given < LARGEST_ANSWER_BYTES * 3
