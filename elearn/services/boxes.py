"""What others seal files to (`ports.Box`): told to the other side over the line, in each file, and at enrolment.

Never taken but from who it belongs to, in something that node signed: sealed to a stranger's key, names would be read
by a stranger.
"""

from typing import Any

from elearn.core.sync.talk import text_part
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import Node

LONGEST_RECIPIENT = 200


def box_of(peer: Row) -> str:
    """Return what is sealed to a peer. Raises Refused("courier.no-box", name=) where it has not said so yet."""
    recipient = str((peer["state"] or {}).get("box") or "")
    if not recipient:
        raise Refused("courier.no-box", name=peer["name"])
    return recipient


def keep_box(tx: Transaction, peer: str, recipient: str) -> None:
    """Keep what is sealed to a peer from now on, inside a write."""
    row = tx.tables.get(PEER, peer)
    state = (row and row["state"]) or {}
    if row is not None and state.get("box") != recipient:
        tx.tables.put(PEER, {**row, "state": {**state, "box": recipient}})


def recipient_in(value: Any) -> str:
    """Return what was said. Raises Invalid("peer.part")."""
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="box", wanted="dict")
    return text_part(value, "recipient", LONGEST_RECIPIENT)


def said(node: Node) -> dict[str, str]:
    """Return it as it travels."""
    return {"recipient": node.box.recipient()}


def here(_tx: Transaction, node: Node, _peer: Row) -> str:
    """Return the digest of what this node tells, up or down."""
    return digest_of(said(node))


def pages(_tx: Transaction, node: Node, _hub: Row, again: bool) -> list[tuple[Any, str]]:
    """Return it as one page, if the hub was told something else last (`exchange_parts.Up`)."""
    return [(said(node), digest_of(said(node)))] if again else []


def confirmed(_tx: Transaction, _node: Node, _hub: Row, _value: Any, _answer: dict[str, Any]) -> int:
    """Return how many pages that was: the hub itself keeps that it was told."""
    return 1


def taken_up(node: Node, caller: Row, value: Any) -> dict[str, Any]:
    """On the hub: keep what is sealed to a post."""
    recipient = recipient_in(value)
    node.store.write(lambda tx: keep_box(tx, caller["node"], recipient))
    return {}


def wanted(_tx: Transaction, _node: Node, _hub: Row) -> None:
    """Ask for it, whatever is held."""


def given(_tx: Transaction, node: Node, _caller: Row, _wanted: Any) -> dict[str, str]:
    """Return it (`exchange_parts.Down`)."""
    return said(node)


def taken_down(tx: Transaction, _node: Node, hub: Row, value: Any) -> bool:
    """On the post: keep what is sealed to the hub."""
    keep_box(tx, hub["node"], recipient_in(value))
    return True
