"""An entry of a node's chain: a statement, its number, and a digest that pins all that came before it.

digest = SHA-256(previous digest || statement id || SHA-256(canonical statement)), all as ASCII text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.xapi.canonical import sha256_hex
from elearn.core.xapi.statement import Statement

ORIGIN = "0" * 64


@dataclass(frozen=True)
class Head:
    """The end of a node's chain. number 0 and digest ORIGIN: nothing yet."""

    node: str
    number: int = 0
    digest: str = ORIGIN


@dataclass(frozen=True)
class Entry:
    """One link. ``stored``: when this node stored it, strictly increasing on the node that stored it."""

    node: str
    number: int
    digest: str
    statement: Statement
    stored: str = ""


def link_digest(previous: str, statement: Statement) -> str:
    """Return the digest of the entry that follows the one with digest ``previous``."""
    return sha256_hex(f"{previous}{statement.id}{statement.digest}".encode())


def follow(head: Head, statement: Statement, stored: str = "") -> Entry:
    """Return the entry that follows ``head``."""
    return Entry(head.node, head.number + 1, link_digest(head.digest, statement), statement, stored)


def head_after(entry: Entry) -> Head:
    """Return the head once ``entry`` is the last."""
    return Head(entry.node, entry.number, entry.digest)


def check_chain(head: Head, entries: Iterable[Entry]) -> Head:
    """Return the head after ``entries``, which must follow ``head`` without gap or change.

    Raises Invalid("chain.foreign"), Conflict("chain.gap") or Conflict("chain.altered") naming node and number.
    """
    for entry in entries:
        if entry.node != head.node:
            raise Invalid("chain.foreign", node=entry.node, expected=head.node)
        if entry.number != head.number + 1:
            raise Conflict("chain.gap", node=entry.node, number=entry.number, expected=head.number + 1)
        if entry.digest != link_digest(head.digest, entry.statement):
            raise Conflict("chain.altered", node=entry.node, number=entry.number)
        head = head_after(entry)
    return head


def check_none_lost(node: str, held: Iterable[Entry], wanted: Mapping[str, Entry]) -> None:
    """Raise Conflict("entry.lost", id=, node=) unless every entry held is among those wanted, with its content.

    wanted: statement id -> entry; all must be of ``node``.
    """
    for entry in held:
        found = wanted.get(entry.statement.id)
        if found is None or found.node != node or found.statement.digest != entry.statement.digest:
            raise Conflict("entry.lost", id=entry.statement.id, node=node)
