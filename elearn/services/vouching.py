"""Keys on their way up: a hub vouches for the nodes of its country it answers for, so that their chains can be checked.

The hub above takes a key on the word of the hub that enrolled its node, and from then on that node's chain from that
hub. A node another hub has vouched for keeps the keys that are known: nobody can put a key of their own beside them.
"""

from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import TRUSTED_KEY, VOUCHED
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.chains import sent_to
from elearn.services.node import Node, fact
from elearn.services.trusted_keys import MOST_KEYS, keep_keys, keys_said


def keys_up(tx: Transaction, node: Node, hub: Row) -> list[dict[str, Any]]:
    """Return the keys this node vouches for to its hub, as they travel; [] for one that answers no others."""
    if not node.can(Power.ANSWER_POSTS):
        return []
    nodes = set(sent_to(tx, hub)) - {str(fact(tx, "id"))}
    return [key for key in keys_said(tx, set()) if key["node"] in nodes] if nodes else []


def keys_up_digest(tx: Transaction, node: Node, hub: Row) -> str:
    """Return the digest of them, "" if there are none."""
    keys = keys_up(tx, node, hub)
    return digest_of(keys) if keys else ""


def keys_up_pages(tx: Transaction, node: Node, hub: Row, again: bool) -> list[tuple[Any, str]]:
    """Return the keys as one page, if the hub was told something else last (`exchange_parts.Up`)."""
    keys = keys_up(tx, node, hub) if again else []
    return [(keys, digest_of(keys))] if keys else []


def keys_up_confirmed(_tx: Transaction, _node: Node, _hub: Row, keys: Any, _answer: dict[str, Any]) -> int:
    """Return how many keys were told: the hub itself keeps that it was told."""
    return len(keys)


def take_keys_up(node: Node, caller: Row, value: Any) -> dict[str, Any]:
    """Take in what a hub below vouches for; return {vouched: number of nodes}.

    Raises Invalid("peer.part"). A node of another country, this node itself, and a node whose keys came by another are
    not vouched for by this caller.
    """
    if not isinstance(value, list) or len(value) > MOST_KEYS:
        raise Invalid("peer.part", part="keys", wanted=f"{MOST_KEYS} at most")
    told = [one for one in value if isinstance(one, dict)]

    def work(tx: Transaction) -> dict[str, Any]:
        mine = str(fact(tx, "id"))
        good = [
            one
            for one in told
            if one.get("country") == caller["country"] and one.get("node") not in (mine, caller["node"])
            if _may_vouch(tx, caller["node"], one)
        ]
        keep_keys(tx, node, caller["node"], good)
        nodes = {str(one["node"]) for one in good}
        for row in tx.tables.select(VOUCHED, {"peer": caller["node"]}):
            if row["node"] not in nodes:
                tx.tables.delete(VOUCHED, {"peer": caller["node"], "node": row["node"]})
        for one in sorted(nodes):
            if tx.tables.get(VOUCHED, caller["node"], one) is None:
                tx.tables.put(VOUCHED, {"peer": caller["node"], "node": one, "vouched_at": node.now()})
        return {"vouched": len(nodes)}

    return node.store.write(work)


def _may_vouch(tx: Transaction, caller: str, told: dict[str, Any]) -> bool:
    held = tx.tables.select(TRUSTED_KEY, {"node": str(told.get("node"))})
    return not held or any(row["vouched_by"] == caller or row["key_id"] == told.get("key_id") for row in held)
