"""A node that was put back from an older copy: its own entries are fetched back from the hub, what is new goes behind.

The hub holds more of this node's chain than the node itself, or another entry under the same number: a disk was
restored, or a copy of this machine runs beside it. What the hub holds stays the chain, for others may hold it too. It
is taken only as far as this node's own key has signed it. What was recorded here since the copy was made keeps its ids
and its content, and is numbered anew behind it: nobody had confirmed it. Each step leaves things in order, so that it
can be cut off anywhere; done again, it finds less to do.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from elearn.core.ledger.entry import Entry, Head, head_after
from elearn.core.sync.batch import Batch, entries_of, head_message, pack, unpack
from elearn.core.sync.talk import MOST_POINTS, OWN, part
from elearn.core.sync.vector import points_between
from elearn.core.vocab.errors import Conflict, Invalid, Unavailable
from elearn.core.vocab.kept import CONFIRMED, PEER, TRUSTED_KEY
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of
from elearn.ports import Transaction
from elearn.services.chains import held_head, next_batch, place_of
from elearn.services.hub_line import ask
from elearn.services.node import Node, fact, keep_fact
from elearn.services.record import put_behind

HEALED = "healed"
"""Node fact: what was fetched back and when, newest last."""
TWICE_WITHIN = timedelta(days=30)
_MOST_KEPT = 20
_MOST_PAGES_UNSIGNED = 8


@dataclass(frozen=True)
class Healed:
    """What one exchange put right. at: when it began; fetched: entries fetched back; moved: entries put behind them."""

    at: str
    fetched: int
    moved: int


def heal(node: Node, hub: Row, mine: str, held: Head) -> Healed:
    """Fetch back what the hub holds of this node's chain, up to ``held``. Raises as `hub_line.ask`, and

    Conflict("chain.confirmed-elsewhere", number=) where another hub has confirmed what would be numbered anew,
    Conflict("chain.not-mine", number=) where the hub can't show this node's signature for it, Conflict as `put_behind`.
    """
    start = _where_they_part(node, hub, mine, held)
    refuse_confirmed_elsewhere(node, hub, start)
    done = Healed(node.now(), 0, 0)
    while start.number < held.number:
        entries = _signed_stretch(node, hub, start)
        done = node.store.write(partial(put_back, node=node, start=start, entries=entries, done=done))
        start = head_after(entries[-1])
    return done


def refuse_confirmed_elsewhere(node: Node, hub: Row, start: Head) -> None:
    """Raise Conflict("chain.confirmed-elsewhere", number=) where another hub has confirmed what would be numbered
    anew."""
    mine = start.node
    with node.store.reading() as tx:
        others = [row for row in tx.tables.select(CONFIRMED, {"node": mine}) if row["peer"] != hub["node"]]
        local = held_head(tx, mine)
    if any(row["number"] > start.number for row in others) and local.number > start.number:
        raise Conflict("chain.confirmed-elsewhere", node=mine, number=start.number)


def put_back(tx: Transaction, *, node: Node, start: Head, entries: list[Entry], done: Healed) -> Healed:
    """Take in own entries after ``start``, inside a write; return what was put right so far."""
    moved = put_behind(tx, node, start, entries)
    now = Healed(done.at, done.fetched + len(entries), moved)
    before = [one for one in fact(tx, HEALED, []) if one["at"] != done.at]
    keep_fact(tx, HEALED, [*before, vars(now)][-_MOST_KEPT:])
    return now


def healed(tx: Transaction) -> tuple[Healed, ...]:
    """Return what was put right so far, newest first."""
    return tuple(Healed(**one) for one in reversed(fact(tx, HEALED, [])))


def is_twice(times: list[str]) -> bool:
    """Tell whether the last two times lie so close that two machines must be suspected. times: oldest first."""
    return len(times) > 1 and abs(instant_of(times[-1]) - instant_of(times[-2])) <= TWICE_WITHIN


def _where_they_part(node: Node, hub: Row, mine: str, held: Head) -> Head:
    """Return the last place at which the hub's copy of this chain and this node's are the same."""
    with node.store.reading() as tx:
        local = held_head(tx, mine)
    same, other = Head(mine), min(local.number, held.number) + 1
    asked = [other - 1] if other > 1 else []
    while asked:
        digests = part(ask(node, hub, OWN, {"at": asked}), "digests", list)
        if len(digests) != len(asked):
            raise Invalid("peer.part", part="digests", wanted=f"{len(asked)} of them")
        with node.store.reading() as tx:
            for number, digest in zip(asked, digests, strict=True):
                place = place_of(tx, mine, number)
                if place is None or place.digest != digest:
                    other = number
                    break
                same = place
        asked = points_between(same.number, other)
    return same


def _signed_stretch(node: Node, hub: Row, start: Head) -> list[Entry]:
    """Return the entries of this node's chain after ``start`` up to a place that its own key has signed."""
    found: list[Entry] = []
    place = start
    for _ in range(_MOST_PAGES_UNSIGNED):
        given = ask(node, hub, OWN, {"after": place.number}).get("batch")
        if not isinstance(given, str):
            break
        batch = _unpacked(given)
        found += entries_of(batch, place)
        if not batch.statements or batch.origin != start.node:
            break
        place = batch.last
        if batch.head.head == place:
            with node.store.reading() as tx:
                if signed_by_me(tx, node, batch):
                    return found
            break
    raise Conflict("chain.not-mine", node=start.node, number=place.number)


def _unpacked(given: str) -> Batch:
    try:
        return unpack(base64.b64decode(given, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Unavailable("peer.strange-answer", reason=str(error)) from None


def signed_by_me(tx: Transaction, node: Node, batch: Batch) -> bool:
    """Tell whether the head of a batch is signed by a key this node has, or had."""
    keys = [node.keys.public_key, *own_earlier_keys(tx)]
    message = head_message(batch.head.head)
    return any(node.keys.check(key, message, batch.head.signature) for key in keys)


def own_earlier_keys(tx: Transaction) -> list[bytes]:
    """Return the keys this node itself signed with before. Only those it keeps as its own, not what a hub says."""
    mine = str(fact(tx, "id"))
    return [row["public_key"] for row in tx.tables.select(TRUSTED_KEY, {"node": mine, "vouched_by": mine})]


def own_entries(node: Node, caller: Row, value: dict[str, Any]) -> dict[str, Any]:
    """On a hub: answer what it holds of the caller's own chain.

    value: {at: numbers} -> {digests: [hex, None where nothing is held]}, to find where two copies part; or
    {after: number} -> {batch: base64, None where there is no more}. Raises Invalid("peer.part").
    """
    origin = caller["node"]
    if "at" in value:
        numbers = part(value, "at", list)
        if len(numbers) > MOST_POINTS or not all(type(one) is int and 0 <= one < 2**53 for one in numbers):
            raise Invalid("peer.part", part="at", wanted=f"{MOST_POINTS} numbers at most")
        with node.store.reading() as tx:
            places = [place_of(tx, origin, number) for number in numbers]
        return {"digests": [place and place.digest for place in places]}
    after = part(value, "after", int)
    return {"batch": node.store.write(lambda tx: _handed_back(tx, node, caller, after))}


def _handed_back(tx: Transaction, node: Node, caller: Row, after: int) -> str | None:
    start = place_of(tx, caller["node"], after) if after >= 0 else None
    batch = start and next_batch(tx, node, start)
    if not batch:
        return None
    note_fetched(tx, node, caller["node"])
    return base64.b64encode(pack(batch)).decode()


def note_fetched(tx: Transaction, node: Node, caller: str) -> None:
    """Note on the hub that a post fetched its entries back; many pages of one exchange count once."""
    row = tx.tables.get(PEER, caller)
    if row is None:
        return
    state = row["state"] or {}
    times, now = list(state.get("fetched_back") or []), node.now()
    if times and abs(instant_of(now) - instant_of(times[-1])) < timedelta(minutes=10):
        return
    tx.tables.put(PEER, {**row, "state": {**state, "fetched_back": [*times, now][-5:]}})
