"""What is kept apart and was looked at: it stays for ever, but the light does not warn of it any more."""

from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import PEER, QUARANTINE
from elearn.core.vocab.revoking import REASON_LIMIT
from elearn.core.vocab.roles import Permission
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, fact


def note_apart(node: Node, by: Session, key: tuple[str, str, str], note: str) -> None:
    """Mark something kept apart as seen, with a note. key: (id, node, digest) of the row; said again, the note changes.

    Raises Refused("permission"), Invalid("reason.empty" | "reason.too-long"), NotFound("apart.unknown").
    """
    demand(by, Permission.MANAGE_NODE)
    note = note.strip()
    if not note:
        raise Invalid("reason.empty")
    if len(note) > REASON_LIMIT:
        raise Invalid("reason.too-long", limit=REASON_LIMIT)

    def work(tx: Transaction) -> None:
        row = tx.tables.get(QUARANTINE, *key)
        if row is None:
            raise NotFound("apart.unknown", id=key[0])
        tx.tables.put(QUARANTINE, {**row, "noted_at": node.now(), "noted_by": by.person, "note": note})
        _recount(tx)

    node.store.write(work)


def open_apart(tx: Transaction, origin: str) -> int:
    """Return how much of a node is kept apart that nobody has looked at yet."""
    return tx.tables.count(QUARANTINE, {"node": origin, "noted_at": None})


def _recount(tx: Transaction) -> None:
    """Have the light of this node know at once, not only after the next exchange."""
    hub = tx.tables.get(PEER, str(fact(tx, "hub", "") or ""))
    if hub is not None:
        state = {**(hub["state"] or {}), "apart": open_apart(tx, str(fact(tx, "id")))}
        tx.tables.put(PEER, {**hub, "state": state})
