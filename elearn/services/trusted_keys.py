"""The keys nodes sign with, as those who vouch for them hand them on: a hub to its posts, and to the hub above."""

from datetime import date
from typing import Any

from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.talk import hex_part, text_part
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import TRUSTED_KEY
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services.node import Node, fact

MOST_KEYS = 2000
_SAID = ("key_id", "node", "node_name", "country", "valid_from", "valid_until", "succeeded_by", "lost_from")


def key_said(row: Row) -> dict[str, Any]:
    """Return a key as it travels."""
    return {**{name: row[name] for name in _SAID}, "public_key": row["public_key"].hex()}


def keys_said(tx: Transaction, held: set[str]) -> list[dict[str, Any]]:
    """Return the trusted keys with other ids than these, as they travel, by id; at most MOST_KEYS."""
    rows = [row for row in tx.tables.select(TRUSTED_KEY, order=("key_id",)) if row["key_id"] not in held]
    return [key_said(row) for row in rows[:MOST_KEYS]]


def keep_keys(tx: Transaction, node: Node, voucher: str, given: list[Any]) -> int:
    """Take in keys that ``voucher`` vouches for; return how many were new or changed. Raises Invalid("peer.part").

    What the hub of this node says of other nodes' keys stands; whoever is not its hub changes only what it vouched for
    itself. The key in use here is never taken from outside, and an earlier one of this node can only be narrowed.
    """
    mine, hub, present = str(fact(tx, "id", "")), str(fact(tx, "hub", "") or ""), node.keys.key_id
    changed = 0
    for told in [_key_row(one, voucher) for one in given]:
        here = tx.tables.get(TRUSTED_KEY, told["key_id"])
        if told["key_id"] == present or (here and here["vouched_by"] not in {voucher, mine} and voucher != hub):
            continue
        row = told
        if here and here["vouched_by"] == mine:
            row = _narrowed(here, told) if voucher == hub else here
        if row != here:
            tx.tables.put(TRUSTED_KEY, row)
            changed += 1
    return changed


def _narrowed(here: Row, given: Row) -> Row:
    if given["succeeded_by"] and not here["succeeded_by"]:
        # This node was put back to before it renewed the key, and its hub has kept how that went.
        return {**here, **{name: given[name] for name in ("valid_until", "succeeded_by", "lost_from")}}
    ends = [row["valid_until"] for row in (here, given) if row["valid_until"]]
    return {**here, "valid_until": min(ends, default=None), "lost_from": given["lost_from"] or here["lost_from"]}


def _key_row(value: Any, voucher: str) -> Row:
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
        "valid_from": _instant(value, "valid_from"),
        "valid_until": _instant(value, "valid_until"),
        "vouched_by": voucher,
        "succeeded_by": text_part(value, "succeeded_by", 16) if value.get("succeeded_by") else None,
        "lost_from": _day(value, "lost_from"),
    }


def _instant(value: dict[str, Any], name: str) -> str | None:
    return text_of(instant_of(text_part(value, name, 40))) if value.get(name) else None


def _day(value: dict[str, Any], name: str) -> str | None:
    if not value.get(name):
        return None
    try:
        return date.fromisoformat(text_part(value, name, 10)).isoformat()
    except ValueError:
        raise Invalid("peer.part", part=name, wanted="a day") from None
