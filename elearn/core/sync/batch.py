"""Batches: a stretch of one node's chain on the wire. JSON lines, compressed with zstd; the first line is the header.

Numbers and digests of the entries do not travel: they follow from where the batch begins and from what the statements
say. The header names the digest it begins after and the one it ends with, so that every change of any statement shows.
Small enough for a line that is cut often (500 entries or 1 MB before compression), and bounded in every way when read:
what comes in may have been made to fill a disk.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import zstandard

from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.sync.talk import TALK, hex_part, number_part, part, said, text_part
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid
from elearn.core.xapi.canonical import Reader, canonical_json
from elearn.core.xapi.statement import Statement

MOST_ENTRIES = 500
FULL_BYTES = 1024 * 1024
LARGEST_TEXT_BYTES = 4 * 1024 * 1024
LARGEST_ENTRY_BYTES = LARGEST_TEXT_BYTES - FULL_BYTES
_WINDOW_BYTES = 8 * 1024 * 1024
_LEVEL = 12


@dataclass(frozen=True)
class SignedHead:
    """A place in a chain as its node signed it. A signed head no chain leads to shows a removed or altered entry."""

    head: Head
    signature: bytes

    def said(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"number": self.head.number, "digest": self.head.digest, "signature": self.signature.hex()}


@dataclass(frozen=True)
class Batch:
    """The statements that follow ``start`` in its node's chain, without a gap. end: the digest of the last one's entry;
    head: signed by that node, at the end of the batch or further on."""

    start: Head
    end: str
    head: SignedHead
    statements: tuple[Statement, ...]

    @property
    def origin(self) -> str:
        """Return whose chain it is."""
        return self.start.node

    @property
    def last(self) -> Head:
        """Return where the chain stands after the batch."""
        return Head(self.origin, self.start.number + len(self.statements), self.end)


def head_message(head: Head) -> bytes:
    """Return the bytes a node signs to stand by a place in its chain."""
    return b"elearn head\n" + canonical_json({"node": head.node, "number": head.number, "digest": head.digest})


def head_said(node: str, value: dict[str, Any]) -> SignedHead:
    """Return the signed head that was said of a node. Raises Invalid("peer.part")."""
    head = Head(node, number_part(value, "number"), hex_part(value, "digest", 32).hex())
    return SignedHead(head, hex_part(value, "signature", 64))


def batch_of(start: Head, entries: tuple[Entry, ...], head: SignedHead) -> Batch:
    """Return the batch of entries that follow ``start``."""
    end = entries[-1].digest if entries else start.digest
    return Batch(start, end, head, tuple(entry.statement for entry in entries))


def entries_of(batch: Batch, start: Head) -> Iterator[Entry]:
    """Yield the entries of a batch as they follow ``start``, the same place as this node holds it.

    Raises Conflict("chain.fork") at once where the batch begins after another entry than the one held here, and
    Conflict("chain.altered") at the end if the chain does not lead to where the batch says.
    """
    if start != batch.start:
        raise Conflict("chain.fork", node=batch.origin, number=batch.start.number)
    head = start
    for statement in batch.statements:
        entry = follow(head, statement)
        head = head_after(entry)
        yield entry
    if head.digest != batch.end:
        raise Conflict("chain.altered", node=batch.origin, number=head.number, after=batch.start.number)


def cut(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries from the front that make one batch.

    Raises Invalid("batch.entry-too-large", number=, id=) for an entry no batch can hold.
    """
    taken: list[Entry] = []
    size = 0
    for entry in entries:
        size += len(entry.statement.line)
        if size > LARGEST_ENTRY_BYTES and not taken:
            raise Invalid("batch.entry-too-large", number=entry.number, id=entry.statement.id)
        if taken and (size > FULL_BYTES or len(taken) == MOST_ENTRIES):
            break
        taken.append(entry)
    return tuple(taken)


def pack(batch: Batch) -> bytes:
    """Return the batch as it travels."""
    header = {
        "talk": TALK,
        "origin": batch.origin,
        "after": batch.start.number,
        "start": batch.start.digest,
        "count": len(batch.statements),
        "end": batch.end,
        "head": batch.head.said(),
    }
    text = b"\n".join([json.dumps(header).encode(), *(statement.line for statement in batch.statements)])
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True, write_checksum=True).compress(text)


def unpack(data: bytes) -> Batch:
    """Return the batch that travelled. Chain and statements are not checked here.

    Raises Invalid("batch.torn", reason=), Invalid("batch.too-large", size_bytes=) before anything is unpacked,
    Invalid("batch.line", line=, reason=), Invalid("batch.count").
    """
    lines = _text(data).split(b"\n")
    if len(lines) > MOST_ENTRIES + 1:
        raise Invalid("batch.count", given=len(lines) - 1, most=MOST_ENTRIES)
    try:
        header = said(lines[0])
        if header.get("talk") != TALK:
            raise Invalid("peer.part", part="talk", wanted=f"version {TALK}")
        origin = text_part(header, "origin", 64)
        start = Head(origin, number_part(header, "after"), hex_part(header, "start", 32).hex())
        end, count = hex_part(header, "end", 32).hex(), number_part(header, "count")
        head = head_said(origin, part(header, "head", dict))
    except Invalid as error:
        raise Invalid("batch.line", line=1, reason=str(error)) from None
    if count != len(lines) - 1:
        raise Invalid("batch.count", given=len(lines) - 1, said=count)
    reader = Reader()
    return Batch(start, end, head, tuple(_statement(reader, at, line) for at, line in enumerate(lines[1:], 2)))


def outline(data: bytes) -> tuple[str, int, int]:
    """Return (origin, number it begins after, count) as a batch says, without reading its statements. Raises as
    `unpack`."""
    header = said(_text(data).partition(b"\n")[0])
    return text_part(header, "origin", 64), number_part(header, "after"), number_part(header, "count")


def _statement(reader: Reader, at: int, line: bytes) -> Statement:
    try:
        body, canonical = reader.read(line.decode())
        if not isinstance(body, dict):
            raise Invalid("peer.unreadable", reason="not a JSON object")
        text_part(body, "id", 36)
        return Statement.read(body, line, canonical)
    except (ElearnError, ValueError, RecursionError) as error:
        raise Invalid("batch.line", line=at, reason=str(error)) from None


def _text(data: bytes) -> bytes:
    """Unpack, but only what says its size beforehand, and only up to a limit: a small bomb would fill the memory."""
    try:
        size = zstandard.frame_content_size(data)
        if size < 0:
            raise Invalid("batch.torn", reason="the size is missing")
        if size > LARGEST_TEXT_BYTES:
            raise Invalid("batch.too-large", size_bytes=size, most_bytes=LARGEST_TEXT_BYTES)
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompress(
            data, max_output_size=LARGEST_TEXT_BYTES, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise Invalid("batch.torn", reason=str(error)) from None
