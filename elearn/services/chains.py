"""Chains as they are held and handed on: what lies in quarantine in its place, and the heads their nodes signed.

A node sends its own chain and those of the nodes it answers for; every stretch ends, where it can, at a place the
chain's own node signed, so that whoever receives it needs to trust nobody on the way.
"""

from elearn.core.ledger.entry import Entry, Head
from elearn.core.sync.batch import MOST_ENTRIES, Batch, SignedHead, batch_of, cut, head_message
from elearn.core.vocab.kept import CHAIN_HEAD, CONFIRMED, PEER, QUARANTINE, TRUSTED_KEY, VOUCHED
from elearn.core.vocab.tables import Row, Span
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.node import Node, fact


def held_head(tx: Transaction, origin: str) -> Head:
    """Return the end of a chain as held here; what lies in quarantine counts, for it has its number."""
    head = tx.ledger.head(origin)
    apart = tx.tables.select(QUARANTINE, {"node": origin, "kind": "entry"}, order=("-number",), limit=1)
    if apart and apart[0]["number"] > head.number:
        return Head(origin, apart[0]["number"], apart[0]["digest"])
    return head


def whole_chain(tx: Transaction, origin: str) -> list[Entry]:
    """Return a chain as it was sent, what lies in quarantine in its place: only so can it be checked."""
    apart = kept_apart(tx, origin, Span(at_least=1))
    return sorted([*tx.ledger.entries(origin), *apart], key=lambda entry: entry.number)


def stretch(tx: Transaction, origin: str, after: int, limit: int) -> list[Entry]:
    """Return at most ``limit`` entries of a chain with number > ``after``, what lies in quarantine in its place."""
    apart = kept_apart(tx, origin, Span(at_least=after + 1, before=after + limit + 1))
    found = sorted([*tx.ledger.entries(origin, after, limit), *apart], key=lambda entry: entry.number)
    return [entry for place, entry in enumerate(found[:limit], after + 1) if entry.number == place]


def place_of(tx: Transaction, origin: str, number: int) -> Head | None:
    """Return a chain as it stood after ``number`` entries, None where that many are not held."""
    if not number:
        return Head(origin)
    found = stretch(tx, origin, number - 1, 1)
    return Head(origin, number, found[0].digest) if found else None


def kept_apart(tx: Transaction, origin: str, numbers: Span) -> list[Entry]:
    """Return the entries of a chain with these numbers that lie in quarantine here."""
    return [
        Entry(row["node"], row["number"], row["digest"], Statement(row["entry"]), row["seen_at"])
        for row in tx.tables.select(QUARANTINE, {"node": origin, "number": numbers})
        # A post only notes what its hub keeps apart: it has the entry itself.
        if row["kind"] == "entry" and row["entry"] is not None
    ]


def answered_for(tx: Transaction) -> set[str]:
    """Return the nodes whose chains come to this one from below: its posts, and what those vouch for."""
    posts = {row["node"] for row in tx.tables.select(PEER, {"url": None})}
    return posts | {row["node"] for row in tx.tables.select(VOUCHED)}


def sent_to(tx: Transaction, hub: Row) -> list[str]:
    """Return whose chains this node sends to its hub: its own first, then those of its country it answers for."""
    mine = str(fact(tx, "id"))
    below = answered_for(tx) - {mine, hub["node"]}
    if not below:
        return [mine]
    country = str(fact(tx, "country", ""))
    of_country = {row["node"] for row in tx.tables.select(TRUSTED_KEY, {"country": country})}
    return [mine, *sorted(below & of_country)]


def sent_by(tx: Transaction, caller: str) -> list[str]:
    """Return whose chains a peer may send to this node: its own, and those of the nodes it vouched for."""
    return [caller, *(row["node"] for row in tx.tables.select(VOUCHED, {"peer": caller}) if row["node"] != caller)]


def may_send(tx: Transaction, caller: str, origin: str) -> bool:
    """Tell whether a peer may send this chain."""
    return origin == caller or tx.tables.get(VOUCHED, caller, origin) is not None


def signed_by_origin(tx: Transaction, node: Node, signed: SignedHead) -> bool:
    """Tell whether a head is signed by a key of the node whose chain it is. A key that ended has signed old heads."""
    keys = [row["public_key"] for row in tx.tables.select(TRUSTED_KEY, {"node": signed.head.node})]
    message = head_message(signed.head)
    return any(node.keys.check(key, message, signed.signature) for key in keys)


def keep_head(tx: Transaction, node: Node, signed: SignedHead) -> None:
    """Keep the newest signed head of a chain, and so many older ones that 500 entries lie between two.

    One that ends before what is held is an old one, sent again. One that promises less than another before means that
    its node was put back to an older state: what was promised there will not come.
    """
    head = signed.head
    if not head.number or head.number < held_head(tx, head.node).number:
        return
    further = tx.tables.delete(CHAIN_HEAD, {"node": head.node, "number": Span(at_least=head.number + 1)})
    same = tx.tables.get(CHAIN_HEAD, head.node, head.number)
    if same is not None and same["digest"] == head.digest and not further:
        return
    before = tx.tables.select(CHAIN_HEAD, {"node": head.node}, order=("-number",), limit=2)
    if len(before) == 2 and head.number - before[1]["number"] <= MOST_ENTRIES:
        tx.tables.delete(CHAIN_HEAD, {"node": head.node, "number": before[0]["number"]})
    row = {"node": head.node, "number": head.number, "digest": head.digest, "signature": signed.signature}
    tx.tables.put(CHAIN_HEAD, {**row, "kept_at": node.now()})


def signed_after(tx: Transaction, origin: str, after: int) -> SignedHead | None:
    """Return the signed head up to which the next batch is to go: the last within reach, else the next there is."""
    rows = tx.tables.select(CHAIN_HEAD, {"node": origin, "number": Span(at_least=after + 1)}, order=("number",))
    near = [row for row in rows if row["number"] <= after + MOST_ENTRIES]
    row = near[-1] if near else rows[0] if rows else None
    return None if row is None else SignedHead(Head(origin, row["number"], row["digest"]), bytes(row["signature"]))


def next_batch(tx: Transaction, node: Node, start: Head) -> Batch | None:
    """Return the next stretch of a chain after ``start``, None if there is none to be sent.

    This node's own chain is signed where the batch ends. Raises Invalid("batch.entry-too-large", number=, id=).
    """
    origin = start.node
    own = origin == fact(tx, "id")
    signed = None if own else signed_after(tx, origin, start.number)
    if not own and signed is None:
        return None
    most = MOST_ENTRIES if signed is None else min(MOST_ENTRIES, signed.head.number - start.number)
    entries = cut(stretch(tx, origin, start.number, most))
    if not entries:
        return None
    if signed is None:
        end = Head(origin, entries[-1].number, entries[-1].digest)
        signed = SignedHead(end, node.keys.sign(head_message(end)))
    return batch_of(start, entries, signed)


def confirmed_of(tx: Transaction, hub: Row, origin: str) -> Row:
    """Return the row of CONFIRMED, with number 0 where the hub has named nothing yet."""
    nothing = {"peer": hub["node"], "node": origin, "number": 0, "digest": Head(origin).digest, "confirmed_at": None}
    return tx.tables.get(CONFIRMED, hub["node"], origin) or nothing


def confirm(tx: Transaction, node: Node, hub: Row, held: Head) -> None:
    """Keep what the hub named as held, also if it is less than before."""
    before = confirmed_of(tx, hub, held.node)
    if (before["number"], before["digest"]) != (held.number, held.digest):
        row = {"peer": hub["node"], "node": held.node, "number": held.number, "digest": held.digest}
        tx.tables.put(CONFIRMED, {**row, "confirmed_at": node.now()})


def confirmed_heads(tx: Transaction, hub: Row) -> dict[str, Head]:
    """Return how far the hub holds each chain, as it last named it."""
    rows = tx.tables.select(CONFIRMED, {"peer": hub["node"]})
    return {row["node"]: Head(row["node"], row["number"], row["digest"] or "") for row in rows}
