"""The exchange in pieces that can be carried: the same batches and parts, where the other side can't be asked.

A node makes parcels for its hub, or a hub for a post; whoever takes them in gives an answer for each, and the answers
go back the way they came. Each parcel may be taken in twice, and in any later order than they were made: what comes too
early is refused ("chain.gap") and stays to be taken in after the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from elearn.core.ledger.entry import Head
from elearn.core.sync.batch import pack, unpack
from elearn.core.sync.talk import body_of, hex_part, number_part, part, said, text_part
from elearn.core.sync.vector import SHORT
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services import exchange_parts as parts
from elearn.services.chains import confirm, confirmed_heads, next_batch, place_of, sent_to
from elearn.services.node import Node
from elearn.services.receiving import receive_batch

Kind = Literal["batch", "up", "down"]


@dataclass(frozen=True)
class Parcel:
    """One piece. kind: "batch" of a chain, a part on its way "up" or "down"; name: of the part, or the id of the node
    whose chain it is; content: as it is carried."""

    kind: Kind
    name: str
    content: bytes


def up_parcels(node: Node, hub: Row) -> Iterator[Parcel]:
    """Yield what the hub has not confirmed, keys before the chains they are needed for. hub: row of PEER."""
    yield from _told(node, hub, "keys", again=True)
    with node.store.reading() as tx:
        heads = confirmed_heads(tx, hub)
        origins = sent_to(tx, hub)
    for origin in origins:
        place = heads.get(origin, Head(origin))
        while True:
            with node.store.reading() as tx:
                batch = next_batch(tx, node, place)
            if batch is None:
                break
            yield Parcel("batch", origin, pack(batch))
            place = batch.last
    for one in parts.UP:
        if one.name != "keys":
            yield from _told(node, hub, one.name, again=False)


def _told(node: Node, hub: Row, name: str, *, again: bool) -> Iterator[Parcel]:
    one = next(one for one in parts.UP if one.name == name)
    with node.store.reading() as tx:
        pages = one.pages(tx, node, hub, again)
    for value, digest in pages:
        yield Parcel("up", name, body_of({"value": value, "digest": digest}))


def down_parcels(node: Node, caller: Row) -> Iterator[Parcel]:
    """Yield what a hub hands down to a post, whole, for it can't know what the post holds. caller: row of PEER."""
    for one in parts.DOWN:
        with node.store.reading() as tx:
            digest = one.there(tx, node, caller)[:SHORT]
            given = one.given(tx, node, caller, one.of_nothing) if digest else None
        if digest:
            yield Parcel("down", one.name, body_of({"given": given, "digest": digest}))


def take_parcel(node: Node, peer: Row, parcel: Parcel) -> dict[str, Any]:
    """Take in a parcel of a peer; return the answer for it, as JSON. Raises as `receive_batch` and the parts do,
    Invalid as `batch.unpack`, NotFound("peer.unknown-part", part=)."""
    if parcel.kind == "batch":
        received = receive_batch(node, peer["node"], unpack(parcel.content))
        held = {"number": received.held.number, "digest": received.held.digest}
        return {"held": held, "apart": list(received.apart)}
    value = said(parcel.content)
    if parcel.kind == "up":
        of_name = _of(parts.UP, parcel.name)
        answer: dict[str, Any] = of_name.take(node, peer, value.get("value"))
        if value.get("digest"):
            digest = text_part(value, "digest")[:SHORT]
            node.store.write(lambda tx: parts.keep(tx, peer["node"], "up", parcel.name, digest))
        return answer
    return node.store.write(lambda tx: _take_down(tx, node, peer, parcel.name, value))


def _take_down(tx: Transaction, node: Node, hub: Row, name: str, value: dict[str, Any]) -> dict[str, Any]:
    if _of(parts.DOWN, name).take(tx, node, hub, value.get("given")):
        parts.keep(tx, hub["node"], "down", name, text_part(value, "digest")[:SHORT])
    return {}


def take_answer(node: Node, hub: Row, parcel: Parcel, answer: dict[str, Any]) -> None:
    """Note what came back for a parcel that went up: only now it counts as delivered. Raises Invalid("peer.part")."""

    def work(tx: Transaction) -> None:
        if parcel.kind == "up":
            _of(parts.UP, parcel.name).confirmed(tx, node, hub, said(parcel.content).get("value"), answer)
            return
        held = part(answer, "held", dict)
        place = Head(parcel.name, number_part(held, "number"), hex_part(held, "digest", 32).hex())
        before = confirmed_heads(tx, hub).get(parcel.name, Head(parcel.name))
        # An old answer says less than is known since, and another chain's says nothing about this one.
        if place.number > before.number and place_of(tx, parcel.name, place.number) == place:
            confirm(tx, node, hub, place)

    if parcel.kind != "down":
        node.store.write(work)


def _of(table: tuple[Any, ...], name: str) -> Any:
    for one in table:
        if one.name == name:
            return one
    raise NotFound("peer.unknown-part", part=name)
