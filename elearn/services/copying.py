"""A node's data from one store to another: all of it or nothing, compared before it counts.

Everything happens in one write of the new store, from one view of the old one. What was copied is read back inside that
write; if a single value came out otherwise, nothing of it stays.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TypeVar

from elearn.core.ledger.entry import Entry
from elearn.core.projections.all import CURSOR, FOLDED_TABLES
from elearn.core.vocab.errors import Conflict
from elearn.core.vocab.kept import KEPT_TABLES
from elearn.core.vocab.tables import Row, Table
from elearn.ports import Store, Transaction
from elearn.services.node import known
from elearn.services.record import projections_behind

T = TypeVar("T")
LEDGER = "ledger"
EMPTY = sha256().hexdigest()
"""The digest of a table without rows."""
_AT_ONCE = 50
"""Values of a key: what is read at once must fit into memory, and a picture has up to 250 kB."""
_TOLD_EVERY = 500

Told = Callable[[str, int, int], None]
"""Of (what, done, total), from time to time."""


@dataclass(frozen=True)
class Copied:
    """What is in the new store now. digests: table (or "ledger") -> SHA-256 of all that is in it, the same in both."""

    entries: int
    rows: int
    folded: bool
    digests: dict[str, str]


def copy_store(source: Store, target: Store, told: Told = lambda _what, _done, _total: None) -> Copied:
    """Copy everything into an empty store. Screens that are behind the ledger are left to be folded at the next start.

    Raises Refused("node.not-set-up") if there is nothing to copy, Conflict("store.not-empty", holds=) and
    Conflict("copy.differs", what=); then nothing was kept.
    """
    with source.reading() as old:
        known(old)
        return target.write(lambda new: _copy(old, new, told))


def _copy(old: Transaction, new: Transaction, told: Told) -> Copied:
    _must_be_empty(new)
    folded = not projections_behind(old)
    tables = (*KEPT_TABLES, *((CURSOR, *FOLDED_TABLES) if folded else ()))
    digests, rows = {}, 0
    for table in tables:
        count = old.tables.count(table)
        for row in _counted(_rows(old, table), table.name, count, told):
            new.tables.put(table, row)
        digests[table.name] = _same(table.name, digest_of_rows(old, table), digest_of_rows(new, table))
        rows += count
    for entry in _counted(old.ledger.every(), LEDGER, old.ledger.size(), told):
        new.ledger.append(entry)
    _same("heads of chains", _heads(old), _heads(new))
    digests[LEDGER] = _same(LEDGER, _digest_of_entries(old, told), _digest_of_entries(new, told))
    return Copied(new.ledger.size(), rows, folded, digests)


def _must_be_empty(tx: Transaction) -> None:
    holds = [table.name for table in (*KEPT_TABLES, CURSOR, *FOLDED_TABLES) if tx.tables.count(table)]
    if tx.ledger.size():
        holds.insert(0, LEDGER)
    if holds:
        raise Conflict("store.not-empty", holds=", ".join(holds))


def _same(what: str, before: str, after: str) -> str:
    if before != after:
        raise Conflict("copy.differs", what=what)
    return after


def _rows(tx: Transaction, table: Table) -> Iterator[Row]:
    """Yield all rows by key, a part of them in memory at a time."""
    first = table.key[0]
    values = (row[first] for row in tx.tables.group(table, (first,)))
    while part := tuple(islice(values, _AT_ONCE)):
        yield from tx.tables.select(table, {first: part})


def digest_of_rows(tx: Transaction, table: Table) -> str:
    """Return the SHA-256 of all rows of a table by key, a part of them in memory at a time."""
    digest = sha256()
    for row in _rows(tx, table):
        values = [row[column] for column in table.columns]
        digest.update(json.dumps(values, sort_keys=True, default=bytes.hex).encode() + b"\n")
    return digest.hexdigest()


def _digest_of_entries(tx: Transaction, told: Told) -> str:
    """Return the digest of all entries in their order, and of what their statements say, not of how they are kept."""
    digest = sha256()
    for entry in _counted(tx.ledger.every(), "compared", tx.ledger.size(), told):
        digest.update(_words(entry))
    return digest.hexdigest()


def _words(entry: Entry) -> bytes:
    words = (entry.node, entry.number, entry.digest, entry.stored, entry.statement.digest)
    return json.dumps(words).encode() + b"\n"


def _heads(tx: Transaction) -> str:
    heads = (tx.ledger.head(node) for node in sorted(tx.ledger.vector()))
    return json.dumps([(head.node, head.number, head.digest) for head in heads])


def _counted(things: Iterable[T], what: str, total: int, told: Told) -> Iterator[T]:
    for done, thing in enumerate(things, 1):
        yield thing
        if done % _TOLD_EVERY == 0 or done == total:
            told(what, done, total)
