"""Sending identities up: only to a hub of the same country that may hold them, only those that changed.

What was confirmed is remembered by digest and not by time: a clock that went back would hide a change.
"""

from typing import Any

from elearn.core.sync.talk import MOST_PEOPLE, part, text_part
from elearn.core.sync.vector import SHORT
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import PERSON, PERSON_SENT, QUARANTINE
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import About, Node, known
from elearn.services.receiving_people import person_said


def people_waiting(tx: Transaction, hub: Row, mine: About, again: bool = False) -> list[Row]:
    """Return the identities the hub may have and has not confirmed as they are now, by id; again: also the others."""
    if hub["country"] != mine.country or not (hub["state"] or {}).get("holds_identities"):
        return []
    confirmed = {} if again else _confirmed(tx, hub)
    people = tx.tables.select(PERSON, {"country": hub["country"]})
    return [row for row in people if confirmed.get(row["id"]) != digest_of(person_said(row))]


def _confirmed(tx: Transaction, hub: Row) -> dict[str, str]:
    return {row["person"]: row["digest"] for row in tx.tables.select(PERSON_SENT, {"peer": hub["node"]})}


def people_digest(tx: Transaction, hub: Row) -> str:
    """Return the digest of all identities the hub has confirmed, "" where it has none."""
    return _digest(_confirmed(tx, hub))


def _digest(confirmed: dict[str, str]) -> str:
    return digest_of(confirmed)[:SHORT] if confirmed else ""


def people_pages(tx: Transaction, _node: Node, hub: Row, again: bool) -> list[tuple[Any, str]]:
    """Return what waits, page by page (`exchange_parts.Up`). again: the hub no longer holds what it confirmed."""
    waiting = [person_said(row) for row in people_waiting(tx, hub, known(tx), again)]
    whole = _digest({**_confirmed(tx, hub), **{one["id"]: digest_of(one) for one in waiting}})
    pages = [waiting[at : at + MOST_PEOPLE] for at in range(0, len(waiting), MOST_PEOPLE)]
    return [(page, whole if page is pages[-1] else "") for page in pages]


def people_confirmed(tx: Transaction, node: Node, hub: Row, people: Any, answer: dict[str, Any]) -> int:
    """Keep which identities the hub has taken or keeps apart, inside a write; return how many."""
    mine, apart = known(tx).id, part(answer, "apart", list)
    answered = {str(one) for one in part(answer, "taken", list)} | {text_part(_object(one), "id") for one in apart}
    for one in people:
        tx.tables.delete(QUARANTINE, {"id": one["id"], "node": mine, "kind": "person"})
        if one["id"] in answered:
            row = {"peer": hub["node"], "person": one["id"], "digest": digest_of(one), "sent_at": node.now()}
            tx.tables.put(PERSON_SENT, row)
    for one in apart:
        tx.tables.put(QUARANTINE, apart_row(node, mine, "person", one))
    return len(people)


def apart_row(node: Node, mine: str, kind: str, said: Any) -> Row:
    """Return the post's note of what its hub keeps apart; the thing itself is in the ledger or in `person` anyway."""
    one = _object(said)
    number = one.get("number")
    return {
        "id": text_part(one, "id"),
        "node": mine,
        "digest": "",
        "kind": kind,
        "number": number if isinstance(number, int) else None,
        "reason": text_part(one, "reason"),
        "entry": None,
        "seen_at": node.now(),
    }


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="apart", wanted="objects")
    return value
