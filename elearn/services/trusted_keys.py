"""The keys nodes sign certificates with, as a hub hands them down to its posts."""

from typing import Any

from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.talk import hex_part, text_part
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import TRUSTED_KEY
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.node import Node

MOST_KEYS = 2000


def keys_said(tx: Transaction, held: set[str]) -> list[dict[str, Any]]:
    """Return the trusted keys the other side does not hold, as they travel; at most MOST_KEYS, the rest next time."""
    rows = [row for row in tx.tables.select(TRUSTED_KEY) if row["key_id"] not in held]
    return [{**row, "public_key": row["public_key"].hex()} for row in rows[:MOST_KEYS]]


def keep_keys(tx: Transaction, node: Node, hub: str, given: list[Any]) -> int:
    """Take in keys the hub vouches for; return how many were new. A key held already is never replaced.

    Raises Invalid("peer.part").
    """
    fresh = [row for row in (_key_row(one, hub) for one in given) if tx.tables.get(TRUSTED_KEY, row["key_id"]) is None]
    for row in fresh:
        if row["key_id"] != node.keys.key_id:
            tx.tables.put(TRUSTED_KEY, row)
    return len(fresh)


def _key_row(value: Any, hub: str) -> Row:
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="keys", wanted="objects")
    public_key = hex_part(value, "public_key", 32)
    if text_part(value, "key_id") != key_id_of(public_key):
        raise Invalid("peer.part", part="key_id", wanted="the digest of the key")
    return {
        "key_id": key_id_of(public_key),
        "node": text_part(value, "node", 64),
        "node_name": text_part(value, "node_name", 120),
        "country": text_part(value, "country", 2),
        "public_key": public_key,
        "valid_from": text_part(value, "valid_from", 40),
        "valid_until": text_part(value, "valid_until", 40) if value.get("valid_until") else None,
        "vouched_by": hub,
    }
