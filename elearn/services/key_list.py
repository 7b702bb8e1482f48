"""The list a hub hands down: the keys it vouches for, and what it knows of certificates whose key was lost.

It goes down anew whenever it is another one than the post holds, for a key may have ended or been lost since. Keys come
first. What does not fit one answer follows in the next exchange.
"""

from datetime import date
from typing import Any

from elearn.core.content.version import without_build
from elearn.core.credential.verify import facts_of
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.sync.talk import number_part, part, text_part
from elearn.core.vocab.dates import local_date, start_of_day
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import KNOWN_CERTIFICATE, TRUSTED_KEY
from elearn.core.vocab.tables import Row, Span
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import Node, fact, keep_fact
from elearn.services.trusted_keys import keep_keys, key_said

KEYS_TAKEN = "keys_taken"
"""Node fact: {digest, count} of the hub's list, and how much of it is kept here already."""

PAGE = 5000
"""Items in one answer: about a megabyte."""


def list_items(tx: Transaction) -> list[Any]:
    """Return the list as it travels: every key as an object, by id; then [id, node, course, facts] of every certificate
    that is known of a node that lost a key, by id."""
    keys = [key_said(row) for row in tx.tables.select(TRUSTED_KEY, order=("key_id",))]
    return [*keys, *([one["id"], one["node"], one["course"], one["facts"]] for one in known_of_lost(tx))]


def list_there(tx: Transaction, _node: Node, _caller: Row) -> str:
    """Return the digest of the list, on the hub."""
    return digest_of(list_items(tx))


def list_wanted(tx: Transaction, _node: Node, _hub: Row) -> dict[str, Any]:
    """Return what is held of it, on the post: {digest, count}."""
    return dict(fact(tx, KEYS_TAKEN, None) or {"digest": "-", "count": 0})


def list_given(tx: Transaction, _node: Node, _caller: Row, wanted: Any) -> dict[str, Any]:
    """Return the next page: {digest, after, total, items}. wanted: as `list_wanted`. Raises Invalid("peer.part")."""
    if not isinstance(wanted, dict):
        raise Invalid("peer.part", part="keys", wanted="dict")
    items = list_items(tx)
    digest = digest_of(items)
    after = number_part(wanted, "count") if text_part(wanted, "digest", 64) == digest else 0
    return {"digest": digest, "after": after, "total": len(items), "items": items[after : after + PAGE]}


def list_taken(tx: Transaction, node: Node, hub: Row, given: Any) -> bool:
    """Keep a page; tell whether it was the last. Raises Invalid("peer.part")."""
    if not isinstance(given, dict):
        raise Invalid("peer.part", part="keys", wanted="dict")
    items, count = part(given, "items", list), number_part(given, "after")
    keep_keys(tx, node, hub["node"], [one for one in items if not isinstance(one, list)])
    # Never fewer: what was known of a certificate before its key was lost stays known.
    for one in items:
        if isinstance(one, list):
            tx.tables.put(KNOWN_CERTIFICATE, _certificate_row(one))
    count += len(items)
    keep_fact(tx, KEYS_TAKEN, {"digest": text_part(given, "digest", 64), "count": count})
    return count >= number_part(given, "total")


def known_of_lost(tx: Transaction) -> list[Row]:
    """Return the rows of `KNOWN_CERTIFICATE`: as another hub told them, and as this node's own ledger knows them."""
    found = {row["id"]: row for row in tx.tables.select(KNOWN_CERTIFICATE)}
    for key in tx.tables.select(TRUSTED_KEY, {"lost_from": Span(at_least="")}):
        for row in tx.tables.select(CERTIFICATE, {"node": key["node"], "issued_at": Span(at_least="")}):
            if known_before(tx, row, key):
                found[row["certificate_id"]] = known_row(row, key["country"] or "")
    return [found[one] for one in sorted(found)]


def known_before(tx: Transaction, row: Row, key: Row) -> bool:
    """Tell whether a certificate was in the ledger here before the day its key was lost.

    What came later may have been sent, and dated back, by whoever has the machine; what an officer brought in a file
    proves nothing here.
    """
    mark = row["marks"].get("c")
    entry = tx.ledger.find(mark[1]) if mark else None
    first_day = start_of_day(date.fromisoformat(key["lost_from"]), key["country"] or "")
    return entry is not None and bool(entry.stored) and str(entry.stored) < first_day


def known_row(row: Row, country: str) -> Row:
    """Return what is known of a certificate, from its row in the ledger's table. country: of who issued it."""
    expires = local_date(row["expires_at"], country) if row["expires_at"] else None
    version = without_build(row["version"] or "") or "0"
    issued = local_date(row["issued_at"], country)
    facts = facts_of(row["certificate_id"], version, row["score"] or 0.0, issued, expires)
    return {"id": row["certificate_id"], "node": row["node"], "course": row["course"] or "", "facts": facts}


def _certificate_row(value: list[Any]) -> Row:
    if len(value) != 4 or not all(isinstance(one, str) and len(one) <= 100 for one in value):
        raise Invalid("peer.part", part="keys", wanted="four texts of a certificate")
    return {"id": value[0], "node": value[1], "course": value[2], "facts": value[3]}
