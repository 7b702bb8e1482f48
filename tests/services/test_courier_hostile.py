"""Files that are torn, altered, forged, replayed or for others: refused with a clear code, and nothing has changed."""

import errno
import json
import os
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cast import memory_node
from courier_scenes import carried, enrolled_by_file, id_of, made, read, stick_pair, there_and_back
from exchange_scenes import hub_node, let_pass, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.adapters.system import Ed25519Keys
from elearn.core.sync.courier import (
    LARGEST_FILE_BYTES,
    Cover,
    Piece,
    cover_of,
    laid_out,
    read_inside,
    sealed_in,
    with_cover,
)
from elearn.core.vocab.errors import ElearnError, Invalid, Refused, Unavailable
from elearn.core.vocab.kept import COURIER, KEPT_TABLES, PEER, PERSON, TRUSTED_KEY
from elearn.core.vocab.nodes import NodeKind
from elearn.services.chains import held_head
from elearn.services.courier_enrolment import enrol_by_file, make_enrolment_file
from elearn.services.courier_head import head_said
from elearn.services.courier_writing import write_files
from elearn.services.exchange import light
from elearn.services.node import Node, keep_fact
from elearn.services.operator import operator
from elearn.services.posts import give_code

BOTH_KEYS = Ed25519Keys(b"k" * 32)
COVER = Cover("a", "b", 1, "f")
HEAD = {"key": BOTH_KEYS.public_key.hex()}


def everything(node: Node) -> dict[str, Any]:
    """Return all that a node keeps, but for tables of the moment."""
    kept = {table.name: rows(node, table) for table in KEPT_TABLES}
    with node.store.reading() as tx:
        return kept | {"size": tx.ledger.size()}


def refused(node: Node, content: bytes) -> str:
    """Return the code a file is refused with, once it is sure that nothing has changed."""
    before = everything(node)
    with pytest.raises(ElearnError) as error:
        read(node, content)
    assert everything(node) == before
    return error.value.code


@pytest.fixture
def pair() -> tuple[Node, Node]:
    post, hub = stick_pair()
    there_and_back(post, hub)
    let_pass(post, 12)
    return post, hub


def resealed(post: Node, hub: Node, change: Callable[[bytes], bytes]) -> bytes:
    """Return a file whose inside was changed by somebody who can seal to the hub, as anybody can."""
    [content] = made(post)
    cover, sealed = sealed_in(content)
    return with_cover(cover, hub.box.seal(hub.box.recipient(), change(hub.box.open(sealed))))


def boundaries(content: bytes) -> list[int]:
    """Return the places of each kind at which a file may end: in the line, in age's head, its blocks, at the end."""
    line = content.index(b"\n")
    mac = content.index(b"\n---", line)
    return [
        0,
        1,
        line,
        line + 1,
        line + 30,
        mac,
        mac + 20,
        mac + 60,
        len(content) // 2,
        len(content) - 17,
        len(content) - 1,
    ]


def test_torn_anywhere_it_is_refused_whole(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [content] = made(post)

    codes = {refused(hub, content[:length]) for length in boundaries(content)}

    assert codes == {"courier.not-one", "courier.torn"}
    assert read(hub, content).problems == []


def test_longer_than_it_says_is_torn_too(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [content] = made(post)

    assert refused(hub, content + b"x") == "courier.torn"


def test_one_byte_altered_anywhere_it_is_refused_whole(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [content] = made(post)

    for at in boundaries(content)[1:]:
        altered = bytearray(content)
        altered[at] ^= 1
        assert refused(hub, bytes(altered)).startswith("courier.")
    assert read(hub, content).problems == []


@pytest.mark.parametrize(
    ("part", "value"), [("number", 7), ("file", "another"), ("from", "somebody"), ("to", "somebody")]
)
def test_what_stands_outside_cannot_be_changed(pair: tuple[Node, Node], part: str, value: Any) -> None:
    post, hub = pair
    [content] = made(post)
    line, _, sealed = content.partition(b"\n")

    code = refused(hub, json.dumps({**json.loads(line), part: value}).encode() + b"\n" + sealed)

    assert code == ("courier.not-here" if part == "to" else "courier.signature")


def test_opened_and_sealed_again_with_a_change_the_signature_is_wrong(pair: tuple[Node, Node]) -> None:
    post, hub = pair

    def change(text: bytes) -> bytes:
        return text.replace(b'"name":"Huay Xai"', b'"name":"Huay Xay"')

    assert refused(hub, resealed(post, hub, change)) == "courier.signature"


@pytest.mark.parametrize("cut", [0, 1, 6, 7, 200, -1, -64, -65, -71, -72])
def test_opened_cut_and_sealed_again_it_is_torn(pair: tuple[Node, Node], cut: int) -> None:
    post, hub = pair

    code = refused(hub, resealed(post, hub, lambda text: text[:cut]))

    assert code in {"courier.torn", "courier.signature"}


def test_a_file_for_another_node_cannot_be_passed_off(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    other = memory_node(series=2)
    enrolled_by_file(other, hub)
    carried(other, hub)
    [content] = made(hub, post)
    cover, sealed = sealed_in(content)
    text = post.box.open(sealed)

    assert refused(other, content) == "courier.not-here"
    forged = with_cover(replace(cover, receiver=id_of(other)), post.box.seal(other.box.recipient(), text))
    assert refused(other, forged) == "courier.signature"
    wrongly_labelled = with_cover(replace(cover, receiver=id_of(other)), sealed)
    assert refused(other, wrongly_labelled) == "courier.other-key"


def test_a_stranger_is_refused_and_its_own_key_does_not_help(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [peer] = rows(post, PEER)
    stranger = memory_node(series=5)
    for node_id, code in ((id_of(stranger), "courier.unknown-sender"), (id_of(post), "courier.other-signer")):
        cover = Cover(node_id, id_of(hub), 9, f"forged-{code}")
        with stranger.store.reading() as tx:
            carries = {
                "chains": {},
                "entries": 0,
                "people": 0,
                "back": 0,
                "files": 0,
                "of": 1,
                "parts": [],
                "more": False,
            }
            head = head_said(tx, stranger, peer, first=9, carries=carries)
        text = laid_out(cover, head, [], stranger.keys.sign)

        assert refused(hub, with_cover(cover, hub.box.seal(hub.box.recipient(), text))) == code


def test_a_post_whose_key_was_reported_lost_is_refused(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [row] = [row for row in rows(hub, TRUSTED_KEY) if row["node"] == id_of(post)]
    hub.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**row, "lost_from": "2026-11-24"}))
    [content] = made(post)

    assert refused(hub, content) == "peer.key-lost"


def test_an_older_file_of_the_hub_brings_nothing_back(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [older] = made(hub, post)
    carried(post, hub)
    carried(hub, post, down=True)
    confirmed = light(post)

    told = read(post, older)

    assert told.late
    assert light(post) == confirmed


def test_a_file_of_a_later_version_says_so(pair: tuple[Node, Node]) -> None:
    post, hub = pair
    [content] = made(post)
    line, _, sealed = content.partition(b"\n")

    later = json.dumps({**json.loads(line), "form": 2}).encode() + b"\n" + sealed

    assert refused(hub, later) == "courier.newer"


def test_a_file_of_another_talk_says_so(pair: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch) -> None:
    post, hub = pair
    monkeypatch.setattr("elearn.services.courier_head.TALK", 99)
    [content] = made(post)
    monkeypatch.undo()

    assert refused(hub, content) == "courier.version"


def test_more_than_a_file_can_be_is_not_even_looked_into(pair: tuple[Node, Node]) -> None:
    assert refused(pair[1], b"x" * (LARGEST_FILE_BYTES + 1)) == "courier.too-large"


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"[" * 5000, os.urandom(4000), b'{"elearn":"courier"}\nx'])
def test_anything_else_is_no_courier_file(pair: tuple[Node, Node], content: bytes) -> None:
    assert refused(pair[1], content) == "courier.not-one"


def test_a_hub_that_is_no_hub_of_this_post_any_more_is_refused() -> None:
    post, hub = stick_pair()
    there_and_back(post, hub)
    [content] = made(hub, post)
    other = memory_node(kind=NodeKind.HUB, series=8)
    other.store.write(lambda tx: keep_fact(tx, "name", "Luang Prabang"))
    enrolled_by_file(post, other)

    assert refused(post, content) == "courier.other-hub"


def test_a_disk_that_is_full_changes_nothing_and_the_same_file_is_read_later(pair: tuple[Node, Node]) -> None:
    """At each write in turn the disk is full; what was taken before stays, and reading goes on from there."""
    post, hub = pair
    [content] = made(post)
    store = hub.store
    failed = 0
    for allowed in range(40):
        full = FullAfter(store, allowed)
        try:
            told = read(replace(hub, store=full), content)
        except Unavailable:
            failed += 1
            with store.reading() as tx:
                assert tx.tables.get(COURIER, cover_of(content).file) is None
            continue
        assert told.problems == []
        break

    assert failed > 3
    assert rows(hub, PERSON) == rows(post, PERSON)
    with hub.store.reading() as tx, post.store.reading() as there:
        assert held_head(tx, id_of(post)) == held_head(there, id_of(post))


def test_a_disk_that_is_full_while_a_file_is_made_changes_nothing(pair: tuple[Node, Node]) -> None:
    post, _ = pair
    before = everything(post)

    with pytest.raises(Unavailable):
        write_files(replace(post, store=FullAfter(post.store, 0)), operator(post))

    assert everything(post) == before
    assert len(made(post)) == 1


class FullAfter:
    """A store whose disk is full after some writes."""

    def __init__(self, store: Any, allowed: int) -> None:
        self._store = store
        self._left = allowed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, work: Any) -> Any:
        if not self._left:
            raise Unavailable("disk.full", path="/nowhere", reason=os.strerror(errno.ENOSPC))
        self._left -= 1
        return self._store.write(work)


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (lambda value: {**value, "hub": {**value["hub"], "name": "Another"}}, "enrolment-file.other-code"),
        (
            lambda value: {**value, "hub": {**value["hub"], "box": {"recipient": "age1other"}}},
            "enrolment-file.other-code",
        ),
        (lambda value: {**value, "proof": "0" * 64}, "enrolment-file.other-code"),
        (lambda value: {**value, "elearn": "courier"}, "enrolment-file.not-one"),
        (lambda value: {**value, "form": 2}, "courier.newer"),
    ],
)
def test_an_enrolment_file_that_was_changed_enrols_nobody(spoilt: Callable[[Any], Any], code: str) -> None:
    post, hub = memory_node(series=1), hub_node()
    typed = give_code(hub, "Huay Xai")
    _, content = make_enrolment_file(hub, operator(hub), typed[:4])

    with pytest.raises(ElearnError) as error:
        enrol_by_file(post, operator(post), json.dumps(spoilt(json.loads(content))).encode(), typed)

    assert error.value.code == code
    assert rows(post, PEER) == []


def test_a_code_of_another_post_does_not_enrol_a_second_one() -> None:
    hub = hub_node()
    first, second = memory_node(series=1), memory_node(series=2)
    code = give_code(hub, "Huay Xai")
    _, content = make_enrolment_file(hub, operator(hub), code[:4])
    for post in (first, second):
        enrol_by_file(post, operator(post), content, code)
    carried(first, hub)
    [late] = made(second)

    assert refused(hub, late) == "enrol.code-used"
    assert [row["node"] for row in rows(hub, PEER)] == [id_of(first)]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_file_is_read_as_it_was_laid_out_or_not_at_all(data: st.DataObject) -> None:
    names = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=20)
    pieces = tuple(
        Piece(kind, name, content)
        for kind, name, content in data.draw(
            st.lists(
                st.tuples(st.sampled_from(["batch", "up", "down", "own"]), names, st.binary(max_size=50)), max_size=5
            )
        )
    )
    text = laid_out(COVER, HEAD, pieces, BOTH_KEYS.sign)
    assert read_inside(COVER, text, BOTH_KEYS.check).pieces == pieces

    at = data.draw(st.integers(0, len(text) - 1))
    altered = bytearray(text)
    altered[at] ^= data.draw(st.integers(1, 255))
    for spoilt in (bytes(altered), text[:at]):
        with pytest.raises((Invalid, Refused)):
            read_inside(COVER, spoilt, BOTH_KEYS.check)


def test_a_piece_that_claims_to_be_huge_takes_no_memory() -> None:
    with pytest.raises(Invalid) as error:
        read_inside(COVER, struct.pack(">BHI", 0, 0, 0xFFFFFFFF) + b"x", BOTH_KEYS.check)

    assert error.value.code == "courier.torn"
