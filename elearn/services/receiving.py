"""What a hub takes in from a post: stretches of its chain, and the identities of its officers.

A batch whose chain is broken, forked or not signed is refused whole, naming the entry. An entry whose *content* can't
be taken (malformed, or an id that is known with other content) is kept in quarantine under its number: the chain stays
whole and can be checked on, nothing else of the batch is lost, and both sides show it.
"""

from dataclasses import dataclass
from typing import Any

from elearn.core.ledger.entry import Entry, Head, check_chain
from elearn.core.sync.batch import Batch, SignedHead, head_message
from elearn.core.sync.vector import split_known
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, Refused
from elearn.core.vocab.kept import QUARANTINE
from elearn.core.vocab.tables import Row, Span
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.record import receive_in

OTHER_CONTENT = "statement.other-content"
OTHER_PLACE = "statement.other-place"
OTHER_NODE = "statement.other-node"
NOT_FOLDED = "statement.not-folded"
_BAD_STATEMENT = (Invalid, Conflict, KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class Received:
    """held: the end of the chain held now; apart: {number, id, reason} of what lies in quarantine of this batch."""

    held: Head
    apart: tuple[dict[str, Any], ...]


def held_head(tx: Transaction, origin: str) -> Head:
    """Return the end of a chain as held here; what lies in quarantine counts, for it has its number."""
    head = tx.ledger.head(origin)
    apart = tx.tables.select(QUARANTINE, {"node": origin, "kind": "entry"}, order=("-number",), limit=1)
    if apart and apart[0]["number"] > head.number:
        return Head(origin, apart[0]["number"], apart[0]["digest"])
    return head


def whole_chain(tx: Transaction, origin: str) -> list[Entry]:
    """Return a chain as it was sent, what lies in quarantine in its place: only so can it be checked."""
    apart = [
        Entry(row["node"], row["number"], row["digest"], Statement(row["entry"]), row["seen_at"])
        for row in tx.tables.select(QUARANTINE, {"node": origin, "kind": "entry"})
        if row["entry"] is not None  # a post only notes what its hub keeps apart: it has the entry itself
    ]
    return sorted([*tx.ledger.entries(origin), *apart], key=lambda entry: entry.number)


def check_head(node: Node, caller: Row, signed: SignedHead) -> None:
    """Raise Refused: "batch.foreign" for another's chain, "batch.head-signature" for a head it did not sign."""
    if signed.head.node != caller["node"]:
        raise Refused("batch.foreign", origin=signed.head.node)
    if not node.keys.check(caller["public_key"], head_message(signed.head), signed.signature):
        raise Refused("batch.head-signature")


def receive_batch(node: Node, caller: Row, batch: Batch) -> Received:
    """Take in a batch of the caller's own chain. Sent again, it changes nothing.

    Raises as `check_head`; Invalid("batch.count") for an empty one; Conflict with node=, number=, id=: "chain.gap",
    "chain.altered", "chain.fork" (another entry is held at that number), "chain.head" (not what the head promises).
    """
    check_head(node, caller, batch.head)
    if not batch.entries:
        raise Invalid("batch.count", given=0)
    malformed = _malformed(batch)
    try:
        return node.store.write(lambda tx: _receive(tx, node, batch, malformed))
    except _BAD_STATEMENT as error:
        if isinstance(error, ElearnError) and error.code.startswith("chain."):
            raise
    # Something in it can't be folded, or is in it twice, and took the whole batch with it: one by one, to find it.
    for entry in batch.entries:
        _receive_alone(node, batch, entry, malformed)
    with node.store.reading() as tx:
        return _received(tx, batch)


def _malformed(batch: Batch) -> dict[int, str]:
    """Return number -> reason of the statements that break a rule."""
    reasons: dict[int, str] = {}
    for entry in batch.entries:
        try:
            statement = check(entry.statement.body)
        except Invalid as error:
            found = error.details.get("findings")
            reasons[entry.number] = f"{error.code}: {found[0]}" if isinstance(found, list) and found else str(error)
            continue
        if statement.extension("node") not in (None, batch.origin):
            reasons[entry.number] = OTHER_NODE
    return reasons


def _receive_alone(node: Node, batch: Batch, entry: Entry, malformed: dict[int, str]) -> None:
    alone = Batch(entry.number - 1, batch.head, (entry,))
    try:
        node.store.write(lambda tx: _receive(tx, node, alone, malformed))
    except _BAD_STATEMENT as error:
        if isinstance(error, ElearnError) and error.code.startswith("chain."):
            raise
        reason = {**malformed, entry.number: f"{NOT_FOLDED}: {type(error).__name__}: {error}"}
        node.store.write(lambda tx: _receive(tx, node, alone, reason))


def _receive(tx: Transaction, node: Node, batch: Batch, malformed: dict[int, str]) -> Received:
    held = held_head(tx, batch.origin)
    known, fresh = split_known(batch.entries, held)
    _check_known(tx, batch, known)
    _checked_chain(held, batch, fresh)
    taken: list[Entry] = []
    for entry in fresh:
        reason = malformed.get(entry.number) or _content_problem(tx, entry)
        if reason:
            tx.tables.put(QUARANTINE, _apart_row(node, entry, reason))
        else:
            taken.append(entry)
    receive_in(tx, node, taken)
    return _received(tx, batch)


def _check_known(tx: Transaction, batch: Batch, known: tuple[Entry, ...]) -> None:
    """Raise unless what is held already is what was sent: the same numbers, the same digests."""
    if not known:
        return
    last = known[-1].number
    here = {entry.number: entry.digest for entry in tx.ledger.entries(batch.origin, batch.after, last - batch.after)}
    here |= {row["number"]: row["digest"] for row in _apart(tx, batch.origin, batch.after, last)}
    for expected, entry in enumerate(known, batch.after + 1):
        if entry.number != expected:
            raise _gap(entry, expected)
        if here.get(entry.number) != entry.digest:
            raise Conflict("chain.fork", node=entry.node, number=entry.number, id=entry.statement.id)


def _checked_chain(held: Head, batch: Batch, fresh: tuple[Entry, ...]) -> None:
    """Raise unless the new entries follow what is held and lead to the head that was signed."""
    for entry in fresh:
        try:
            held = check_chain(held, (entry,))
        except ElearnError as error:
            error.details["id"] = entry.statement.id
            raise
    end = batch.head.head
    if fresh and (held.number > end.number or (held.number == end.number and held.digest != end.digest)):
        raise Conflict("chain.head", node=end.node, number=held.number, id=fresh[-1].statement.id)


def _content_problem(tx: Transaction, entry: Entry) -> str:
    held = tx.ledger.find(entry.statement.id)
    if held is None:
        return ""
    return OTHER_PLACE if held.statement.digest == entry.statement.digest else OTHER_CONTENT


def _gap(entry: Entry, expected: int) -> Conflict:
    return Conflict("chain.gap", node=entry.node, number=entry.number, expected=expected, id=entry.statement.id)


def _apart_row(node: Node, entry: Entry, reason: str) -> Row:
    return {
        "id": entry.statement.id,
        "node": entry.node,
        "digest": entry.digest,
        "kind": "entry",
        "number": entry.number,
        "reason": reason,
        "entry": entry.statement.body,
        "seen_at": node.now(),
    }


def _apart(tx: Transaction, origin: str, after: int, last: int) -> list[Row]:
    return tx.tables.select(QUARANTINE, {"node": origin, "number": Span(at_least=after + 1, before=last + 1)})


def _received(tx: Transaction, batch: Batch) -> Received:
    rows = _apart(tx, batch.origin, batch.after, batch.entries[-1].number)
    apart = tuple({"number": row["number"], "id": row["id"], "reason": row["reason"][:300]} for row in rows)
    return Received(held_head(tx, batch.origin), apart)
