"""A record an officer takes along to another post: who it is, and what each node has said of the officer, signed.

A part is what one node says: the officer's statements with their numbers and digests in that node's chain, signed by
that node's key, kept and handed on word for word. The whole is signed by the node that made the file. A chain with
entries left out cannot be verified as a chain: the signatures stand in for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from elearn.core.ledger.entry import Entry
from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.talk import hex_part, number_part, part, said, text_part
from elearn.core.vocab.errors import ElearnError, Invalid
from elearn.core.xapi.canonical import canonical_json, sha256_hex
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import (
    DEACTIVATED,
    EXPORTED,
    KEY_LOST,
    KEY_RENEWED,
    PIN_RESET,
    PUBLISHED,
    RESPONDED,
    REVOCATION_APPROVED,
    REVOCATION_DECLINED,
    REVOCATION_EXPLAINED,
    REVOCATION_PROPOSED,
    ROLE_GIVEN,
    VOIDED,
)

FORM = "elearn record 1"
_OF_REVOCATIONS = (REVOCATION_EXPLAINED, REVOCATION_PROPOSED, REVOCATION_APPROVED, REVOCATION_DECLINED)
_OF_KEYS = (KEY_RENEWED, KEY_LOST)
STAYING = frozenset(
    (ROLE_GIVEN, PIN_RESET, DEACTIVATED, PUBLISHED, EXPORTED, RESPONDED, VOIDED, *_OF_REVOCATIONS, *_OF_KEYS)
)
"""What does not travel: it is no learning. Each post has its own account of an officer, and its own rules for it."""

MOST_PARTS = 40
LONGEST_NAME = 200
MOST_ENTRIES = 50_000
Check = Callable[[bytes, bytes, bytes], bool]
"""check(public_key, message, signature) -> whether the signature is right."""


@dataclass(frozen=True)
class Part:
    """What one node says. words: exactly what was signed; public_key: 32 bytes of the key that signed; name: of the
    node; entries: all about ``person``, of ``node``'s chain, by number, with gaps."""

    person: str
    node: str
    name: str
    country: str
    entries: tuple[Entry, ...]
    words: str
    public_key: bytes
    signature: bytes

    @property
    def key_id(self) -> str:
        """Return the id of the key that signed."""
        return key_id_of(self.public_key)

    @property
    def last(self) -> int:
        """Return the highest number in it, 0 if there is none."""
        return max((entry.number for entry in self.entries), default=0)


@dataclass(frozen=True)
class Carried:
    """A whole file. person: as an identity travels between post and hub; language: the officer's; node, name, country:
    of the node that made it at ``made_at``; demo: made by a demonstration."""

    person: dict[str, Any]
    language: str
    node: str
    name: str
    country: str
    made_at: str
    demo: bool
    parts: tuple[Part, ...]
    public_key: bytes

    @property
    def key_id(self) -> str:
        """Return the id of the key that signed the whole."""
        return key_id_of(self.public_key)


def part_words(person: str, node: str, name: str, country: str, entries: Iterable[Entry]) -> str:
    """Return what a node signs to stand by a part."""
    listed = [{"number": one.number, "digest": one.digest, "statement": one.statement.body} for one in entries]
    value = {"person": person, "node": node, "name": name, "country": country, "entries": listed}
    return canonical_json(value).decode()


def part_message(words: str) -> bytes:
    """Return the bytes that are signed for a part."""
    return b"elearn record part\n" + words.encode()


def head_message(head: str) -> bytes:
    """Return the bytes that are signed for the whole."""
    return b"elearn record head\n" + head.encode()


def pack(carried: Carried, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the content of the file. sign: with the key of the node that makes it."""
    head = canonical_json(
        {
            "form": FORM,
            "person": carried.person,
            "language": carried.language,
            "node": carried.node,
            "name": carried.name,
            "country": carried.country,
            "made_at": carried.made_at,
            "demo": carried.demo,
            "parts": [sha256_hex(one.words.encode()) for one in carried.parts],
        }
    ).decode()
    parts = [
        {"words": one.words, "key": one.public_key.hex(), "signature": one.signature.hex()} for one in carried.parts
    ]
    signature = sign(head_message(head)).hex()
    return canonical_json({"head": head, "key": carried.public_key.hex(), "signature": signature, "parts": parts})


def unpack(content: bytes, checks: Check) -> Carried:
    """Return the record, its signatures right and its statements well formed. Whose keys these are is not asked here.

    Raises Invalid("carried.form", reason=), Invalid("carried.signature", name=) naming the node that did not sign so.
    """
    try:
        whole = said(content)
        text = part(whole, "head", str)
        head = said(text.encode())
        if head.get("form") != FORM:
            raise Invalid("carried.form", reason="another form")
        public_key, signature = hex_part(whole, "key", 32), hex_part(whole, "signature", 64)
        name = _name(head)
        if not checks(public_key, head_message(text), signature):
            raise Invalid("carried.signature", name=name)
        person = part(head, "person", dict)
        parts = _parts(part(whole, "parts", list), part(head, "parts", list), _person_id(person), checks)
        return Carried(
            person=person,
            language=text_part(head, "language", 20),
            node=text_part(head, "node", 64),
            name=name,
            country=text_part(head, "country", 2),
            made_at=text_part(head, "made_at", 40),
            demo=part(head, "demo", bool),
            parts=parts,
            public_key=public_key,
        )
    except ElearnError as error:
        if error.code.startswith("carried."):
            raise
        raise Invalid("carried.form", reason=str(error)[:300]) from None


def read_part(words: str, public_key: bytes, signature: bytes, checks: Check) -> Part:
    """Return a part. Raises Invalid("carried.form" | "carried.signature" | "peer.part")."""
    value = said(words.encode())
    name = _name(value)
    if not checks(public_key, part_message(words), signature):
        raise Invalid("carried.signature", name=name)
    person, node = text_part(value, "person", 36), text_part(value, "node", 64)
    listed = part(value, "entries", list)
    if len(listed) > MOST_ENTRIES:
        raise Invalid("carried.form", reason="too many entries")
    entries = tuple(_entry(one, person, node) for one in listed)
    if len({one.statement.id for one in entries}) != len(entries):
        raise Invalid("carried.form", reason="a statement is in it twice")
    return Part(person, node, name, text_part(value, "country", 2), entries, words, public_key, signature)


def _parts(given: list[Any], digests: list[Any], person: str, checks: Check) -> tuple[Part, ...]:
    if len(given) > MOST_PARTS or len(given) != len(digests):
        raise Invalid("carried.form", reason="number of parts")
    found = []
    for value, digest in zip(given, digests, strict=True):
        if not isinstance(value, dict):
            raise Invalid("carried.form", reason="a part is no object")
        words = part(value, "words", str)
        one = read_part(words, hex_part(value, "key", 32), hex_part(value, "signature", 64), checks)
        if sha256_hex(words.encode()) != digest or one.person != person:
            raise Invalid("carried.form", reason="a part of another record")
        found.append(one)
    if len({one.node for one in found}) != len(found):
        raise Invalid("carried.form", reason="two parts of one node")
    return tuple(found)


def _person_id(person: dict[str, Any]) -> str:
    found = text_part(person, "id", 36)
    try:
        sound = str(UUID(found)) == found
    except ValueError:
        sound = False
    if not sound:
        raise Invalid("carried.form", reason="the id of the person")
    return found


def _name(value: dict[str, Any]) -> str:
    """Return a node's name, which in some scripts has signs between words that are not printed."""
    name = part(value, "name", str)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("carried.form", reason="the name of a node")
    return name


def _entry(value: Any, person: str, node: str) -> Entry:
    if not isinstance(value, dict):
        raise Invalid("carried.form", reason="an entry is no object")
    statement: Statement = check(part(value, "statement", dict))
    if statement.verb in STAYING or statement.subject != person:
        raise Invalid("carried.form", reason=f"statement {statement.id} is not the officer's learning")
    if statement.extension("node") not in (None, node):
        raise Invalid("carried.form", reason=f"statement {statement.id} was made at another node")
    return Entry(node, number_part(value, "number"), hex_part(value, "digest", 32).hex(), statement)
