"""Batches: come back as they went, are cut small, and are bounded however they were made."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.sync.batch import (
    FULL_BYTES,
    LARGEST_ENTRY_BYTES,
    LARGEST_TEXT_BYTES,
    MOST_ENTRIES,
    Batch,
    SignedHead,
    cut,
    entries_of,
    pack,
    unpack,
)
from elearn.core.sync.batch import batch_of as batch
from elearn.core.sync.vector import POINTS, digest_of_heads, is_held_here, points_between, split_known
from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.xapi.statement import Statement

NODE = "00000001-0000-4000-9000-000000000000"
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)
_BODIES = st.builds(lambda id_, rest: {**rest, "id": str(id_)}, st.uuids(), st.dictionaries(_TEXTS, _JSON, max_size=4))


def linked(bodies: list[dict[str, Any]]) -> list[Entry]:
    head, entries = Head(NODE), []
    for body in bodies:
        entries.append(follow(head, Statement(body)))
        head = head_after(entries[-1])
    return entries


def chain(count: int, size: int = 10) -> list[Entry]:
    bodies = []
    for number in range(count):
        body = {
            "id": f"00000000-0000-4000-8000-{number:012x}",
            "actor": {"account": {"homePage": "https://elearn.invalid/", "name": "ພະນັກງານ"}},
            "result": {"score": {"scaled": 0.1 + number / 7}, "response": "x" * size},
        }
        bodies.append(body)
    return linked(bodies)


def batch_of(entries: list[Entry], start: Head | None = None) -> Batch:
    last = entries[-1]
    return batch(start or Head(NODE), tuple(entries), SignedHead(head_after(last), b"\x01" * 64))


def packed(lines: list[Any]) -> bytes:
    return zstandard.compress(b"\n".join(json.dumps(line).encode() for line in lines))


def lines_of(batch: Batch) -> list[Any]:
    return [json.loads(line) for line in zstandard.decompress(pack(batch)).split(b"\n")]


def test_a_batch_comes_back_as_it_went() -> None:
    batch = batch_of(chain(40))

    assert unpack(pack(batch)) == batch


def test_a_batch_ends_at_500_entries_or_at_512_kilobytes() -> None:
    small, large = cut(chain(MOST_ENTRIES + 3)), cut(chain(20, 100_000))

    assert len(small) == MOST_ENTRIES
    assert len(large) == FULL_BYTES // 100_000
    assert len(cut(chain(2, FULL_BYTES + 1))) == 1


def test_an_entry_no_batch_can_hold_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        cut(chain(1, LARGEST_ENTRY_BYTES + 1))

    assert refused.value.code == "batch.entry-too-large"
    assert refused.value.details["number"] == 1


def test_the_largest_entry_still_travels() -> None:
    entries = list(cut(chain(1, LARGEST_ENTRY_BYTES - 1000)))

    assert tuple(entries_of(unpack(pack(batch_of(entries))), Head(NODE))) == tuple(entries)


@given(st.lists(_BODIES, min_size=1, max_size=12), st.integers(0, 11))
def test_any_chain_comes_back_with_its_digests_from_any_place(bodies: list[dict[str, Any]], after: int) -> None:
    entries = linked(bodies)
    start = head_after(entries[after - 1]) if 0 < after < len(entries) else Head(NODE)
    sent = entries[start.number :]

    came = unpack(pack(batch_of(sent, start)))

    assert list(entries_of(came, start)) == sent
    assert came.last == head_after(sent[-1])


@given(st.lists(_BODIES, min_size=2, max_size=8, unique_by=repr), st.data())
def test_whatever_is_changed_left_out_or_moved_shows(bodies: list[dict[str, Any]], data: st.DataObject) -> None:
    sent = batch_of(linked(bodies))
    statements = list(sent.statements)
    at = data.draw(st.integers(0, len(statements) - 1))
    match data.draw(st.sampled_from(["change", "leave out", "move", "double"])):
        case "change":
            statements[at] = Statement({**statements[at].body, "changed": True})
        case "leave out":
            statements.pop(at)
        case "move":
            statements.insert((at + 1) % len(statements), statements.pop(at))
        case "double":
            statements.insert(at, statements[at])

    with pytest.raises(Conflict) as refused:
        list(entries_of(replace(sent, statements=tuple(statements)), Head(NODE)))

    assert refused.value.code == "chain.altered"


def test_a_batch_that_begins_after_another_entry_is_a_fork() -> None:
    entries = chain(4)

    with pytest.raises(Conflict) as refused:
        list(entries_of(batch_of(entries[2:], head_after(entries[1])), Head(NODE, 2, "f" * 64)))

    assert refused.value.code == "chain.fork"


def test_neither_number_nor_digest_of_an_entry_travels() -> None:
    entries = chain(40)
    text = zstandard.decompress(pack(batch_of(entries)))

    assert entries[-1].digest.encode() in text
    assert not any(entry.digest.encode() in text for entry in entries[:-1])


@pytest.mark.parametrize("kept", [0, 1, 10, -1])
def test_a_torn_batch_is_refused(kept: int) -> None:
    with pytest.raises(Invalid) as refused:
        unpack(pack(batch_of(chain(5)))[:kept])

    assert refused.value.code == "batch.torn"


def test_a_flipped_bit_is_noticed() -> None:
    data = bytearray(pack(batch_of(chain(5))))
    data[len(data) // 2] ^= 1

    with pytest.raises(Invalid):
        unpack(bytes(data))


def test_what_follows_the_batch_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        unpack(pack(batch_of(chain(5))) + b"more")

    assert refused.value.code == "batch.torn"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zstandard.compress(b"0" * (LARGEST_TEXT_BYTES + 1))

    with pytest.raises(Invalid) as refused:
        unpack(bomb)

    assert len(bomb) < 1000
    assert refused.value.code == "batch.too-large"


def test_a_bomb_that_hides_its_size_is_refused() -> None:
    bomb = zstandard.ZstdCompressor(write_content_size=False).compress(b"0" * (LARGEST_TEXT_BYTES + 1))

    with pytest.raises(Invalid) as refused:
        unpack(bomb)

    assert refused.value.code == "batch.torn"


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda header: header.pop(name)


@pytest.mark.parametrize(
    "harm",
    [
        _without("origin"),
        _without("head"),
        lambda header: header.update(after=-1),
        lambda header: header.update(after=True),
        lambda header: header["head"].update(signature="zz"),
        lambda header: header["head"].update(digest="AB" * 32),
        lambda header: header.update(origin="a" * 65),
        lambda header: header.update(talk=1),
        lambda header: header.update(end="00"),
        _without("start"),
    ],
)
def test_a_header_that_is_wrong_is_refused_by_line(harm: Callable[[dict[str, Any]], None]) -> None:
    lines = lines_of(batch_of(chain(2)))
    harm(lines[0])

    with pytest.raises(Invalid) as refused:
        unpack(packed(lines))

    assert (refused.value.code, refused.value.details["line"]) == ("batch.line", 1)


@pytest.mark.parametrize("line", [[], {}, {"id": ""}, {"id": 1}, {"id": "x" * 37}, "x"])
def test_an_entry_that_is_wrong_is_refused_by_line(line: Any) -> None:
    lines = lines_of(batch_of(chain(3)))
    lines[2] = line

    with pytest.raises(Invalid) as refused:
        unpack(packed(lines))

    assert (refused.value.code, refused.value.details["line"]) == ("batch.line", 3)


def test_another_count_than_was_said_is_refused() -> None:
    lines = lines_of(batch_of(chain(3)))

    for harmed in (lines[:-1], [*lines, lines[-1]]):
        with pytest.raises(Invalid) as refused:
            unpack(packed(harmed))
        assert refused.value.code == "batch.count"


def test_json_that_is_nested_without_end_is_refused() -> None:
    deep = zstandard.compress(b"[" * 100_000)

    with pytest.raises(Invalid):
        unpack(deep)


def test_what_is_held_here_is_told_from_another_chain_and_from_a_longer_one() -> None:
    held = Head(NODE, 3, "a" * 64)

    assert is_held_here(held, held)
    assert is_held_here(Head(NODE), Head(NODE))
    assert not is_held_here(held, Head(NODE, 3, "b" * 64))
    assert not is_held_here(held, None)


@given(st.integers(0, 5000), st.data())
def test_the_place_where_two_copies_part_is_found_in_a_few_questions(length: int, data: st.DataObject) -> None:
    same_up_to = data.draw(st.integers(0, length))
    same, other, questions = 0, length + 1, 0
    while points := points_between(same, other):
        questions += 1
        assert len(points) <= POINTS
        assert all(same < point < other for point in points)
        for point in points:
            if point > same_up_to:
                other = point
                break
            same = point

    assert same == same_up_to
    assert questions <= 4


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 9)), st.randoms())
def test_two_sides_that_hold_the_same_name_the_same_digest(numbers: dict[str, int], chance: Any) -> None:
    heads = [Head(node, number, "a" * 64) for node, number in numbers.items()]
    shuffled = list(heads)
    chance.shuffle(shuffled)
    further = [replace(head, number=head.number + 1) for head in heads]

    assert digest_of_heads(heads) == digest_of_heads(shuffled)
    assert digest_of_heads(heads) == digest_of_heads([*heads, Head("nothing held")])
    assert not heads or digest_of_heads(heads) != digest_of_heads(further)


def test_entries_are_split_at_what_is_held() -> None:
    entries = tuple(chain(5))

    assert split_known(entries, Head(NODE, 2, entries[1].digest)) == (entries[:2], entries[2:])
    assert split_known(entries, Head(NODE)) == ((), entries)
    assert split_known(entries, Head(NODE, 9, "0" * 64)) == (entries, ())
