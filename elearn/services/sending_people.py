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
from elearn.services.hub_line import tell
from elearn.services.node import About, Node, known
from elearn.services.receiving_people import person_said


def people_waiting(tx: Transaction, hub: Row, mine: About) -> list[Row]:
    """Return the identities the hub may have and has not confirmed as they are now, by id."""
    if hub["country"] != mine.country or not (hub["state"] or {}).get("holds_identities"):
        return []
    confirmed = {row["person"]: row["digest"] for row in tx.tables.select(PERSON_SENT, {"peer": hub["node"]})}
    people = tx.tables.select(PERSON, {"country": hub["country"]})
    return [row for row in people if confirmed.get(row["id"]) != digest_of(person_said(row))]


def people_digest(tx: Transaction, hub: Row) -> str:
    """Return the digest of all identities the hub has confirmed, "" where it has none."""
    return _digest({row["person"]: row["digest"] for row in tx.tables.select(PERSON_SENT, {"peer": hub["node"]})})


def _digest(confirmed: dict[str, str]) -> str:
    return digest_of(confirmed)[:SHORT] if confirmed else ""


def send_people(node: Node, hub: Row, again: bool) -> int:
    """Send what waits; return how many the hub confirmed. again: the hub does not hold what it confirmed, for it was
    put back to an older state. Raises as `hub_line.ask`.
    """
    if again:
        node.store.write(lambda tx: tx.tables.delete(PERSON_SENT, {"peer": hub["node"]}))
    with node.store.reading() as tx:
        mine = known(tx)
        waiting = people_waiting(tx, hub, mine)
        confirmed = {row["person"]: row["digest"] for row in tx.tables.select(PERSON_SENT, {"peer": hub["node"]})}
    whole = _digest({**confirmed, **{row["id"]: digest_of(person_said(row)) for row in waiting}})
    for at in range(0, len(waiting), MOST_PEOPLE):
        is_last = at + MOST_PEOPLE >= len(waiting)
        _send(node, hub, mine.id, waiting[at : at + MOST_PEOPLE], whole if is_last else "")
    return len(waiting)


def _send(node: Node, hub: Row, mine: str, people: list[Row], whole: str) -> None:
    given = tell(node, hub, "people", [person_said(row) for row in people], whole)
    apart = part(given, "apart", list)
    answered = {str(one) for one in part(given, "taken", list)} | {text_part(_object(one), "id") for one in apart}

    def work(tx: Transaction) -> None:
        for row in people:
            tx.tables.delete(QUARANTINE, {"id": row["id"], "node": mine, "kind": "person"})
            if row["id"] in answered:
                digest = digest_of(person_said(row))
                tx.tables.put(
                    PERSON_SENT,
                    {"peer": hub["node"], "person": row["id"], "digest": digest, "sent_at": node.now()},
                )
        for one in apart:
            tx.tables.put(QUARANTINE, apart_row(node, mine, "person", one))

    node.store.write(work)


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
