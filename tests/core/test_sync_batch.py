"""Batches: come back as they went, are cut small, and are bounded however they were made."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.sync.batch import (
    FULL_BYTES,
    LARGEST_ENTRY_BYTES,
    LARGEST_TEXT_BYTES,
    MOST_ENTRIES,
    Batch,
    SignedHead,
    cut,
    pack,
    unpack,
)
from elearn.core.sync.vector import first_missing, split_known
from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.xapi.statement import Statement

NODE = "00000001-0000-4000-9000-000000000000"


def chain(count: int, size: int = 10) -> list[Entry]:
    head, entries = Head(NODE), []
    for number in range(count):
        body = {
            "id": f"00000000-0000-4000-8000-{number:012x}",
            "actor": {"account": {"homePage": "https://elearn.invalid/", "name": "ພະນັກງານ"}},
            "result": {"score": {"scaled": 0.1 + number / 7}, "response": "x" * size},
        }
        entries.append(follow(head, Statement(body)))
        head = head_after(entries[-1])
    return entries


def batch_of(entries: list[Entry]) -> Batch:
    last = entries[-1]
    return Batch(entries[0].number - 1, SignedHead(Head(NODE, last.number, last.digest), b"\x01" * 64), tuple(entries))


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

    assert unpack(pack(batch_of(entries))).entries == tuple(entries)


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
    ],
)
def test_a_header_that_is_wrong_is_refused_by_line(harm: Callable[[dict[str, Any]], None]) -> None:
    lines = lines_of(batch_of(chain(2)))
    harm(lines[0])

    with pytest.raises(Invalid) as refused:
        unpack(packed(lines))

    assert (refused.value.code, refused.value.details["line"]) == ("batch.line", 1)


@pytest.mark.parametrize("line", [[], {}, {"number": 2, "digest": "00", "statement": {"id": "x"}}, {"number": 2}, "x"])
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


def test_the_hub_lacks_what_comes_after_the_number_it_named() -> None:
    entries = chain(5)
    mine = Head(NODE, 5, entries[4].digest)

    assert first_missing(mine, Head(NODE), None) == 0
    assert first_missing(mine, Head(NODE, 3, entries[2].digest), entries[2]) == 3
    assert first_missing(mine, mine, entries[4]) == 5


def test_chains_that_are_not_the_same_are_told_apart() -> None:
    entries = chain(5)
    mine = Head(NODE, 5, entries[4].digest)

    with pytest.raises(Conflict) as forked:
        first_missing(mine, Head(NODE, 3, "f" * 64), entries[2])
    with pytest.raises(Conflict) as shorter:
        first_missing(mine, Head(NODE, 6, "f" * 64), None)

    assert (forked.value.code, forked.value.details) == ("chain.fork", {"number": 3})
    assert (shorter.value.code, shorter.value.details) == ("chain.shorter", {"here": 5, "there": 6})


def test_entries_are_split_at_what_is_held() -> None:
    entries = tuple(chain(5))

    assert split_known(entries, Head(NODE, 2, entries[1].digest)) == (entries[:2], entries[2:])
    assert split_known(entries, Head(NODE)) == ((), entries)
    assert split_known(entries, Head(NODE, 9, "0" * 64)) == (entries, ())
