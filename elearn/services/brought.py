"""Statements that officers brought along from other posts: kept beside the ledger, folded as if they were in it.

A node's chain has no gaps, so what was brought cannot stand in the ledger: it is some of another node's entries. It is
never sent on, for the node that made it sends it itself. When an entry comes by exchange after all, it takes the place
of what was brought, so that nothing is there twice.
"""

from collections.abc import Iterator

from elearn.core.ledger.entry import Entry
from elearn.core.vocab.kept import BROUGHT, BROUGHT_PART
from elearn.core.vocab.tables import Row
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction


def brought_find(tx: Transaction, statement_id: str) -> Entry | None:
    """Return the entry that was brought with this statement, or None."""
    row = tx.tables.get(BROUGHT, statement_id)
    return None if row is None else _entry(row)


def brought_about(tx: Transaction, subject: str, node: str = "") -> list[Entry]:
    """Return what was brought about a person, by (timestamp, id). node: only what this node said, "" = all."""
    where = {"subject": subject, "node": node} if node else {"subject": subject}
    return sorted((_entry(row) for row in tx.tables.select(BROUGHT, where)), key=lambda one: one.statement.when)


def brought_all(tx: Transaction) -> Iterator[Entry]:
    """Yield everything that was brought, a person at a time."""
    for row in tx.tables.group(BROUGHT, ("subject",)):
        yield from brought_about(tx, str(row["subject"]))


def keep_brought(tx: Transaction, entry: Entry) -> None:
    """Store an entry that was brought; that it is new is for the caller to know."""
    said = entry.statement
    place = {"node": entry.node, "number": entry.number, "digest": entry.digest}
    tx.tables.put(BROUGHT, {"id": said.id, "subject": said.subject, **place, "statement": said.body})


def drop_brought(tx: Transaction, statement_id: str) -> Statement | None:
    """Forget what was brought, for it has arrived by the ledger; return it, None if there was nothing."""
    found = brought_find(tx, statement_id)
    if found is None:
        return None
    tx.tables.delete(BROUGHT, {"id": statement_id})
    return found.statement


def names_of_origins(tx: Transaction, person: str) -> dict[str, str]:
    """Return node -> its name, for every node a part of the person's record was brought from."""
    return {row["node"]: str(row["name"]) for row in tx.tables.select(BROUGHT_PART, {"person": person})}


def _entry(row: Row) -> Entry:
    return Entry(row["node"], row["number"], row["digest"], Statement(row["statement"]))
