"""A courier file: what one node says to another, to be carried by hand. How it is laid out, and how it is read.

Outside one line says from whom it comes and for whom it is, by node ids, with its number: whoever carries it may read
that and nothing else. The rest is sealed to the receiver. Inside: a head, then pieces, then the sender's signature over
all of it. A file is read whole and its signature checked before anything in it is used: torn means not read at all.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from elearn.core.sync.talk import hex_part, number_part, part, said, text_part
from elearn.core.vocab.errors import ElearnError, Invalid, Refused
from elearn.core.xapi.canonical import canonical_json

FORM = 1
SUFFIX = ".courier"
FULL_BYTES = 4_000_000
"""Of the pieces in one file."""
FULL_BATCHES = 40
"""In one file, 20,000 entries: what a page takes in while somebody waits (ten seconds, measured)."""
LARGEST_FILE_BYTES = 15_000_000
"""What is read into memory at most; a page takes 16 MB."""
_LONGEST_LINE = 1000
_LARGEST_HEAD_BYTES = 2_000_000
_MOST_PIECES = 50_000
_PIECE = struct.Struct(">BHI")
_HEAD, _END = 0, 255
KINDS = {"batch": 1, "up": 2, "down": 3, "own": 4, "file": 5}
"""own: a batch of the receiver's own chain, handed back to one that was put back to an older state; file: of a
course package, named by its digest."""
_KIND_OF = {number: kind for kind, number in KINDS.items()}

Check = Callable[[bytes, bytes, bytes], bool]
"""check(public_key, message, signature) -> whether the signature is right."""


@dataclass(frozen=True)
class Cover:
    """What stands outside. sender, receiver: node ids; number: of the sender's files for this receiver, from 1 on;
    file: uuid; size: bytes that follow the line."""

    sender: str
    receiver: str
    number: int
    file: str
    size: int = 0


@dataclass(frozen=True)
class Piece:
    """One thing inside. kind: one of `KINDS`; name: of a part, or the id of the node whose chain it is."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Inside:
    """What is sealed in. head: see `services/courier_head.py`; public_key: whose signature over it was found right."""

    head: dict[str, Any]
    public_key: bytes
    pieces: tuple[Piece, ...]


def with_cover(cover: Cover, sealed: bytes) -> bytes:
    """Return a whole file."""
    words = {
        "elearn": "courier",
        "form": FORM,
        "from": cover.sender,
        "to": cover.receiver,
        "number": cover.number,
        "file": cover.file,
        "size": len(sealed),
    }
    return canonical_json(words) + b"\n" + sealed


def cover_of(start: bytes) -> Cover:
    """Return what stands outside a file, from its first bytes (a thousand are enough).

    Raises Invalid("courier.not-one") for any other file, Refused("courier.newer", there=, here=).
    """
    line, found, _ = start[:_LONGEST_LINE].partition(b"\n")
    try:
        value = said(line) if found else {}
        if value.get("elearn") != "courier":
            raise Invalid("courier.not-one")
        form = number_part(value, "form")
        if form > FORM:
            raise Refused("courier.newer", there=form, here=FORM)
        return Cover(
            sender=text_part(value, "from", 64),
            receiver=text_part(value, "to", 64),
            number=number_part(value, "number"),
            file=text_part(value, "file", 64),
            size=number_part(value, "size"),
        )
    except Invalid:
        raise Invalid("courier.not-one") from None


def sealed_in(content: bytes) -> tuple[Cover, bytes]:
    """Return what stands outside a whole file, and what is sealed.

    Raises as `cover_of`; Invalid: "courier.too-large" (size_bytes=, most_bytes=), "courier.torn" (missing= bytes).
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise Invalid("courier.too-large", size_bytes=len(content), most_bytes=LARGEST_FILE_BYTES)
    cover = cover_of(content)
    sealed = content[content.index(b"\n") + 1 :]
    if len(sealed) != cover.size:
        raise Invalid("courier.torn", missing=cover.size - len(sealed))
    return cover, sealed


def laid_out(cover: Cover, head: dict[str, Any], pieces: Iterable[Piece], sign: Callable[[bytes], bytes]) -> bytes:
    """Return what is to be sealed. sign: with the sender's key, the one the head names."""
    body = bytearray(_framed(_HEAD, "", canonical_json({**head, "cover": _inner(cover)})))
    for one in pieces:
        body += _framed(KINDS[one.kind], one.name, one.content)
    body += _framed(_END, "", sign(_message(bytes(body))))
    return bytes(body)


def read_inside(cover: Cover, text: bytes, checks: Check) -> Inside:
    """Return what was sealed in, its signature right by the key it names. Whose key that is is not asked here.

    Raises Invalid("courier.torn", missing=0) for what does not end as it should, Invalid("courier.form", reason=),
    Refused("courier.signature").
    """
    frames, signed_bytes = _frames(text)
    if len(frames) < 2 or frames[0][0] != _HEAD or frames[-1][0] != _END:
        raise Invalid("courier.torn", missing=0)
    if len(frames[0][2]) > _LARGEST_HEAD_BYTES:
        raise Invalid("courier.form", reason="the head is too large")
    try:
        head = said(frames[0][2])
        public_key = hex_part(head, "key", 32)
        inner = part(head, "cover", dict)
    except ElearnError as error:
        raise Invalid("courier.form", reason=str(error)[:300]) from None
    if not checks(public_key, _message(text[:signed_bytes]), frames[-1][2]):
        raise Refused("courier.signature")
    if inner != _inner(cover):
        raise Refused("courier.signature", reason="the outside was changed")
    return Inside(head, public_key, tuple(_piece(*frame) for frame in frames[1:-1]))


def _inner(cover: Cover) -> dict[str, Any]:
    return {"from": cover.sender, "to": cover.receiver, "number": cover.number, "file": cover.file}


def _message(body: bytes) -> bytes:
    return b"elearn courier\n" + hashlib.sha256(body).digest()


def _framed(kind: int, name: str, content: bytes) -> bytes:
    words = name.encode()
    return _PIECE.pack(kind, len(words), len(content)) + words + content


def _frames(text: bytes) -> tuple[list[tuple[int, str, bytes]], int]:
    """Return the frames, and how many bytes stand before the last one."""
    found: list[tuple[int, str, bytes]] = []
    at = begin = 0
    while at < len(text):
        begin = at
        if at + _PIECE.size > len(text) or len(found) > _MOST_PIECES:
            raise Invalid("courier.torn", missing=0)
        kind, long_name, size = _PIECE.unpack_from(text, at)
        at += _PIECE.size
        end = at + long_name + size
        if end > len(text):
            raise Invalid("courier.torn", missing=end - len(text))
        try:
            name = text[at : at + long_name].decode()
        except UnicodeDecodeError:
            raise Invalid("courier.form", reason="a name that is no text") from None
        found.append((kind, name, text[at + long_name : end]))
        at = end
    return found, begin


def _piece(kind: int, name: str, content: bytes) -> Piece:
    if kind not in _KIND_OF or not 0 < len(name) <= 64 or not name.isprintable():
        raise Invalid("courier.form", reason=f"a piece of kind {kind}")
    return Piece(_KIND_OF[kind], name, content)


def enrolment_file(said_by_hub: dict[str, Any]) -> bytes:
    """Return the file that goes with a one-time code where there is no line."""
    return json.dumps({"elearn": "enrolment", "form": FORM, **said_by_hub}, indent=1, sort_keys=True).encode() + b"\n"


def read_enrolment_file(content: bytes) -> dict[str, Any]:
    """Return what a hub says of itself in such a file: {hub, proof}. Nothing of it is proven yet.

    Raises Invalid("enrolment-file.not-one"), Refused("courier.newer").
    """
    try:
        value = said(content[:_LARGEST_HEAD_BYTES])
        if value.get("elearn") != "enrolment":
            raise Invalid("enrolment-file.not-one")
        if number_part(value, "form") > FORM:
            raise Refused("courier.newer", there=value["form"], here=FORM)
        return {"hub": part(value, "hub", dict), "proof": text_part(value, "proof")}
    except Invalid:
        raise Invalid("enrolment-file.not-one") from None
