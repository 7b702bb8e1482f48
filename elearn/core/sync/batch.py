"""Batches: a stretch of one node's chain on the wire. JSON lines, compressed with zstd; the first line is the header.

Small enough for a line that is cut often (500 entries or 512 KB before compression), and bounded in every way when
read: what comes in may have been made to fill a disk.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import zstandard

from elearn.core.ledger.entry import Entry, Head
from elearn.core.sync.talk import hex_part, number_part, part, said, text_part
from elearn.core.vocab.errors import ElearnError, Invalid
from elearn.core.xapi.canonical import canonical_json
from elearn.core.xapi.statement import Statement

MOST_ENTRIES = 500
FULL_BYTES = 512 * 1024
LARGEST_TEXT_BYTES = 4 * 1024 * 1024
LARGEST_ENTRY_BYTES = LARGEST_TEXT_BYTES - FULL_BYTES
_WINDOW_BYTES = 8 * 1024 * 1024
_LEVEL = 9


@dataclass(frozen=True)
class SignedHead:
    """The end of a chain as its node signed it. A signed head no chain leads to shows a removed or altered entry."""

    head: Head
    signature: bytes

    def said(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"number": self.head.number, "digest": self.head.digest, "signature": self.signature.hex()}


@dataclass(frozen=True)
class Batch:
    """entries: of ``head``'s node, numbered from ``after`` + 1 on, without a gap."""

    after: int
    head: SignedHead
    entries: tuple[Entry, ...]

    @property
    def origin(self) -> str:
        """Return whose chain it is."""
        return self.head.head.node


def head_message(head: Head) -> bytes:
    """Return the bytes a node signs to stand by the end of its chain."""
    return b"elearn head\n" + canonical_json({"node": head.node, "number": head.number, "digest": head.digest})


def head_said(node: str, value: dict[str, Any]) -> SignedHead:
    """Return the signed head that was said of a node. Raises Invalid("peer.part")."""
    head = Head(node, number_part(value, "number"), hex_part(value, "digest", 32).hex())
    return SignedHead(head, hex_part(value, "signature", 64))


def cut(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries from the front that make one batch.

    Raises Invalid("batch.entry-too-large", number=, id=) for an entry no batch can hold.
    """
    taken: list[Entry] = []
    size = 0
    for entry in entries:
        size += len(_line(entry))
        if size > LARGEST_ENTRY_BYTES and not taken:
            raise Invalid("batch.entry-too-large", number=entry.number, id=entry.statement.id)
        if taken and (size > FULL_BYTES or len(taken) == MOST_ENTRIES):
            break
        taken.append(entry)
    return tuple(taken)


def pack(batch: Batch) -> bytes:
    """Return the batch as it travels."""
    header = {
        "origin": batch.origin,
        "after": batch.after,
        "count": len(batch.entries),
        "head": batch.head.said(),
    }
    text = b"\n".join([json.dumps(header).encode(), *(_line(entry) for entry in batch.entries)])
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
        origin = text_part(header, "origin", 64)
        after, count = number_part(header, "after"), number_part(header, "count")
        head = head_said(origin, part(header, "head", dict))
    except Invalid as error:
        raise Invalid("batch.line", line=1, reason=str(error)) from None
    if count != len(lines) - 1:
        raise Invalid("batch.count", given=len(lines) - 1, said=count)
    entries = tuple(_entry(origin, at, line) for at, line in enumerate(lines[1:], 2))
    return Batch(after, head, entries)


def _line(entry: Entry) -> bytes:
    value = {"number": entry.number, "digest": entry.digest, "statement": entry.statement.body}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _entry(origin: str, at: int, line: bytes) -> Entry:
    try:
        value = said(line)
        body = part(value, "statement", dict)
        text_part(body, "id", 36)
        return Entry(origin, number_part(value, "number"), hex_part(value, "digest", 32).hex(), Statement(body))
    except ElearnError as error:
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
