"""The keys nodes sign certificates with, and the certificates taken back, as a hub hands them down to its posts."""

from typing import Any

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.talk import hex_part, part, text_part
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import REVOCATION, TRUSTED_KEY
from elearn.core.vocab.tables import Row, Span
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import Node, keep_fact
from elearn.services.revocations import LISTED_AT

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


def revoked_here(tx: Transaction) -> list[list[str]]:
    """Return [number, revoked at] of every certificate taken back that this node knows of, by number."""
    known = {row["number"]: row["revoked_at"] for row in tx.tables.select(REVOCATION)}
    for row in tx.tables.select(CERTIFICATE, {"revoked_at": Span(at_least="")}):
        known[row["number"]] = min(row["revoked_at"], known.get(row["number"], row["revoked_at"]))
    return [[number, known[number]] for number in sorted(known)]


def revocations_held(tx: Transaction) -> str:
    """Return the digest of the hub's list this node holds: the hub sends another one only if it differs."""
    rows = tx.tables.select(REVOCATION, order=("number",))
    return digest_of([[row["number"], row["revoked_at"]] for row in rows])


def keep_revocations(tx: Transaction, node: Node, hub: str, given: dict[str, Any]) -> None:
    """Take in the hub's list, whole, or that it is still the same. given: {revocations: list | None, time}.

    The list is as of the hub's time, not of this node's, whose clock may be wrong.
    """
    keep_fact(tx, LISTED_AT, text_of(instant_of(text_part(given, "time", 40))))
    if given.get("revocations") is None:
        return
    rows = [_revocation(one) for one in part(given, "revocations", list)]
    tx.tables.delete(REVOCATION, {})
    for number, revoked_at in rows:
        row = {"number": number, "revoked_at": revoked_at, "listed_at": node.now(), "listed_by": hub}
        tx.tables.put(REVOCATION, row)


def _revocation(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, str) and one for one in value):
        raise Invalid("peer.part", part="revocations", wanted="pairs of number and time")
    return value[0], value[1]
