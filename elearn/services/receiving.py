"""What a hub takes in from a post or a hub below: stretches of chains.

A batch whose chain is broken, forked or not signed is refused whole, naming the entry. An entry whose *content* can't
be taken (malformed, or an id that is known with other content) is kept in quarantine under its number: the chain stays
whole and can be checked on, nothing else of the batch is lost, and both sides show it.
"""

from dataclasses import dataclass
from typing import Any

from elearn.core.ledger.entry import Entry, Head
from elearn.core.sync.batch import Batch, entries_of
from elearn.core.sync.vector import split_known
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, Refused
from elearn.core.vocab.kept import QUARANTINE
from elearn.core.vocab.tables import Row, Span
from elearn.core.xapi.check import check_statement
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.chains import held_head, keep_head, may_send, place_of, signed_by_origin
from elearn.services.node import Node
from elearn.services.record import receive_new_in

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


def receive_batch(node: Node, caller: str, batch: Batch) -> Received:
    """Take in a batch of the caller's own chain, or of a node it vouches for. Sent again, it changes nothing.

    Raises Refused: "batch.foreign" for another's chain, "batch.head-signature" for a head its node did not sign;
    Invalid("batch.count") for an empty one; Conflict with node=, number=: "chain.gap", "chain.altered", "chain.fork"
    (another entry is held at that number), "chain.head" (not what the head promises).
    """
    _check_sender(node, caller, batch)
    malformed = _malformed(batch)
    try:
        return node.store.write(lambda tx: _receive(tx, node, batch, malformed))
    except _BAD_STATEMENT as error:
        if isinstance(error, ElearnError) and error.code.startswith("chain."):
            raise
    # Something in it can't be folded, or is in it twice, and took the whole batch with it: one by one, to find it.
    with node.store.reading() as tx:
        _, fresh = _fitting(tx, batch)
    for entry in fresh:
        _receive_alone(node, entry, malformed)
    return node.store.write(lambda tx: _receive(tx, node, batch, malformed))


def _check_sender(node: Node, caller: str, batch: Batch) -> None:
    if not batch.statements:
        raise Invalid("batch.count", given=0)
    with node.store.reading() as tx:
        if not may_send(tx, caller, batch.origin):
            raise Refused("batch.foreign", origin=batch.origin)
        if not signed_by_origin(tx, node, batch.head):
            raise Refused("batch.head-signature")
    end, last = batch.head.head, batch.last
    if last.number > end.number or (last.number == end.number and last.digest != end.digest):
        raise Conflict("chain.head", node=end.node, number=last.number)


def _malformed(batch: Batch) -> dict[int, str]:
    """Return number -> reason of the statements that break a rule."""
    reasons: dict[int, str] = {}
    for number, statement in enumerate(batch.statements, batch.start.number + 1):
        reason = _problem(statement, batch.origin)
        if reason:
            reasons[number] = reason
    return reasons


def _problem(statement: Statement, origin: str) -> str:
    try:
        check_statement(statement)
    except Invalid as error:
        found = error.details.get("findings")
        return f"{error.code}: {found[0]}" if isinstance(found, list) and found else str(error)
    return "" if statement.extension("node") in (None, origin) else OTHER_NODE


def _receive(tx: Transaction, node: Node, batch: Batch, malformed: dict[int, str]) -> Received:
    known, fresh = _fitting(tx, batch)
    _check_known(tx, batch, known)
    _take(tx, node, fresh, malformed)
    keep_head(tx, node, batch.head)
    rows = _apart(tx, batch.origin, batch.start.number, batch.last.number)
    apart = tuple({"number": row["number"], "id": row["id"], "reason": row["reason"][:300]} for row in rows)
    return Received(held_head(tx, batch.origin), apart)


def _fitting(tx: Transaction, batch: Batch) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return (entries held already, entries that are new), once the chain leads from what is held to its end."""
    held, first = held_head(tx, batch.origin), batch.start.number
    start = place_of(tx, batch.origin, first) if first <= held.number else None
    if start is None:
        raise Conflict("chain.gap", node=batch.origin, number=first + 1, expected=held.number + 1)
    return split_known(tuple(entries_of(batch, start)), held)


def _check_known(tx: Transaction, batch: Batch, known: tuple[Entry, ...]) -> None:
    """Raise unless what is held already is what was sent: the same numbers, the same digests."""
    if not known:
        return
    first, last = batch.start.number, known[-1].number
    here = {entry.number: entry.digest for entry in tx.ledger.entries(batch.origin, first, last - first)}
    here |= {row["number"]: row["digest"] for row in _apart(tx, batch.origin, first, last)}
    for entry in known:
        if here.get(entry.number) != entry.digest:
            raise Conflict("chain.fork", node=entry.node, number=entry.number, id=entry.statement.id)


def _take(tx: Transaction, node: Node, fresh: tuple[Entry, ...], malformed: dict[int, str]) -> None:
    taken: dict[str, Entry] = {}
    for entry in fresh:
        known = taken.get(entry.statement.id) or tx.ledger.find(entry.statement.id)
        reason = malformed.get(entry.number) or _content_problem(known, entry)
        if reason:
            tx.tables.put(QUARANTINE, _apart_row(node, entry, reason))
        else:
            taken[entry.statement.id] = entry
    receive_new_in(tx, node, taken.values())


def _receive_alone(node: Node, entry: Entry, malformed: dict[int, str]) -> None:
    def work(tx: Transaction, reasons: dict[int, str]) -> None:
        if held_head(tx, entry.node).number == entry.number - 1:
            _take(tx, node, (entry,), reasons)

    try:
        node.store.write(lambda tx: work(tx, malformed))
    except _BAD_STATEMENT as error:
        reasons = {**malformed, entry.number: f"{NOT_FOLDED}: {type(error).__name__}: {error}"}
        node.store.write(lambda tx: work(tx, reasons))


def _content_problem(held: Entry | None, entry: Entry) -> str:
    if held is None:
        return ""
    return OTHER_PLACE if held.statement.digest == entry.statement.digest else OTHER_CONTENT


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
