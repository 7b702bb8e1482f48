"""What is exchanged besides the chains: named parts, handed down by a hub or sent up to it, only when they differ.

A part is one line in `DOWN` or `UP`. Both sides keep the digest under which a part was last handed over; the hello
compares all of them at once, so that a part that did not change costs nothing on the line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from elearn.core.sync.talk import part, text_part
from elearn.core.sync.vector import SHORT
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services import answering_asks, asking, boxes, fetching, key_list, offering
from elearn.services.node import Node, keep_fact
from elearn.services.receiving_people import receive_people
from elearn.services.revocation_list import keep_list, list_held, list_said
from elearn.services.revocations import LISTED_AT
from elearn.services.sending_people import people_confirmed, people_digest, people_pages
from elearn.services.vouching import keys_up_confirmed, keys_up_digest, keys_up_pages, take_keys_up


def _nothing(_tx: Transaction, _node: Node, _hub: Row, _time: str) -> None:
    """Do nothing."""


@dataclass(frozen=True)
class Down:
    """Something a hub hands down. hub: the row of PEER on the side that calls; caller: that on the side that answers.

    there(tx, node, caller): digest of what this caller should hold, "" = there is nothing for it;
    wanted(tx, node, hub): what the caller says of what it holds already, any JSON;
    given(tx, node, caller, wanted): the answer, any JSON;
    take(tx, node, hub, given): take it in, inside a write; True once it is all there, False: asked again next time;
    of_nothing: what a caller says that holds nothing yet: what a hub answers to, where it can't be asked (a stick);
    same(tx, node, hub, time): called inside a write instead, where nothing differs; time: the hub's, as text.
    """

    name: str
    there: Callable[[Transaction, Node, Row], str]
    wanted: Callable[[Transaction, Node, Row], Any]
    given: Callable[[Transaction, Node, Row, Any], Any]
    take: Callable[[Transaction, Node, Row, Any], bool]
    of_nothing: Any
    same: Callable[[Transaction, Node, Row, str], None] = _nothing


@dataclass(frozen=True)
class Up:
    """Something a node tells its hub.

    here(tx, node, hub): digest of what the hub should have been told, "" = nothing is told to this hub;
    pages(tx, node, hub, again): [(value, digest)]: what is to be told now, any JSON, and on the last page the digest as
    `here` names it once all is told, "" before; again: the hub was told something else last, or nothing;
    confirmed(tx, node, hub, value, answer): keep that the hub has taken a page, inside a write; return how many;
    take(node, caller, value): on the hub: take a page in, return the answer, any JSON object.
    """

    name: str
    here: Callable[[Transaction, Node, Row], str]
    pages: Callable[[Transaction, Node, Row, bool], list[tuple[Any, str]]]
    confirmed: Callable[[Transaction, Node, Row, Any, dict[str, Any]], int]
    take: Callable[[Node, Row, Any], dict[str, Any]]


def _list_there(tx: Transaction, _node: Node, _caller: Row) -> str:
    return digest_of(list_said(tx, "-", "-"))


def _list_wanted(tx: Transaction, _node: Node, _hub: Row) -> dict[str, str]:
    return list_held(tx)


def _list_given(tx: Transaction, node: Node, _caller: Row, wanted: Any) -> dict[str, Any]:
    if not isinstance(wanted, dict):
        raise Invalid("peer.part", part="revocations", wanted="dict")
    said = list_said(tx, text_part(wanted, "revocations"), text_part(wanted, "kinds"))
    return {**said, "time": node.now()}


def _list_taken(tx: Transaction, node: Node, hub: Row, given: Any) -> bool:
    if not isinstance(given, dict):
        raise Invalid("peer.part", part="revocations", wanted="dict")
    keep_list(tx, node, hub["node"], given)
    return True


def _list_same(tx: Transaction, _node: Node, _hub: Row, time: str) -> None:
    """The list is as of the hub's time, not of this node's, whose clock may be wrong."""
    keep_fact(tx, LISTED_AT, text_of(instant_of(time)))


def _people_here(tx: Transaction, _node: Node, hub: Row) -> str:
    return people_digest(tx, hub)


def _people_taken(node: Node, caller: Row, value: Any) -> dict[str, Any]:
    return receive_people(node, caller, part({"people": value}, "people", list))


_NO_KEYS = {"digest": "-", "count": 0}
_NO_LIST = {"revocations": "-", "kinds": "-"}

DOWN: tuple[Down, ...] = (
    Down("keys", key_list.list_there, key_list.list_wanted, key_list.list_given, key_list.list_taken, _NO_KEYS),
    Down("revocations", _list_there, _list_wanted, _list_given, _list_taken, _NO_LIST, _list_same),
    Down("box", boxes.here, boxes.wanted, boxes.given, boxes.taken_down, None),
    Down("moved", answering_asks.there, asking.wanted, answering_asks.given, asking.take, {"digests": {}}),
    Down("packages", offering.there, fetching.wanted, offering.given, fetching.take, {"held": []}),
)
"""In the order they are taken: keys first, so that what comes after can be checked with them."""

UP: tuple[Up, ...] = (
    Up("keys", keys_up_digest, keys_up_pages, keys_up_confirmed, take_keys_up),
    Up("people", _people_here, people_pages, people_confirmed, _people_taken),
    Up("asks", asking.asks_digest, asking.asks_pages, asking.asks_confirmed, asking.take_asks),
    Up("box", boxes.here, boxes.pages, boxes.confirmed, boxes.taken_up),
)
"""In the order they are sent. "keys" goes before the chains: a chain is taken only of a node that was vouched for."""


def there(tx: Transaction, node: Node, caller: Row) -> dict[str, str]:
    """Return name -> digest of all parts this caller should hold."""
    digests = {one.name: one.there(tx, node, caller)[:SHORT] for one in DOWN}
    return {name: digest for name, digest in digests.items() if digest}


def here(tx: Transaction, node: Node, hub: Row) -> dict[str, str]:
    """Return name -> digest of all parts this hub should have been told."""
    digests = {one.name: one.here(tx, node, hub)[:SHORT] for one in UP}
    return {name: digest for name, digest in digests.items() if digest}


def kept(peer: Row, way: str) -> dict[str, str]:
    """Return name -> digest of what was last handed over. way: "down" or "up"; peer: row of PEER."""
    found = (peer["state"] or {}).get(way)
    return {name: digest for name, digest in found.items() if digest} if isinstance(found, dict) else {}


def keep(tx: Transaction, peer: str, way: str, name: str, digest: str) -> None:
    """Keep the digest under which a part was handed over, inside a write."""
    row = tx.tables.get(PEER, peer)
    if row is not None:
        state = row["state"] or {}
        tx.tables.put(PEER, {**row, "state": {**state, way: {**kept(row, way), name: digest}}})
