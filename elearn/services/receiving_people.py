"""Identities on their way to the country's own hub: what a post sends, and what the hub takes or keeps apart.

An identity is never taken over silently: a service number that belongs to another person, or a person who has an
account on the hub itself, is kept in quarantine and shown to the administrators of both sides.
"""

from typing import Any

from elearn.core.roster.words import LONGEST_NAME, LONGEST_POST, text_problem
from elearn.core.sync.talk import MOST_PEOPLE, part, text_part
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON, QUARANTINE
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.pins import LONGEST_NUMBER
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import Node, known

NUMBER_TAKEN = "person.number-taken"
LOCAL_ACCOUNT = "person.local-account"
OTHER_COUNTRY = "person.other-country"
MALFORMED = "person.malformed"
_LONGEST = {"name": LONGEST_NAME, "service_number": LONGEST_NUMBER, "country": 2, "agency": 40, "post": LONGEST_POST}
_LONGEST |= {"sex": 40, "rank_band": 40}


def person_said(row: Row) -> dict[str, Any]:
    """Return an identity as it travels."""
    return {name: row[name] for name in PERSON.columns}


def receive_people(node: Node, caller: Row, given: list[Any]) -> dict[str, Any]:
    """Take in identities; return {taken: [ids], apart: [{id, reason}]}. Sent again, nothing changes.

    Raises Refused("people.not-here") unless both are of one country and this node may hold identities,
    Invalid("peer.part") for too many, or for one without an id. One that is malformed otherwise is named and not kept.
    """
    if len(given) > MOST_PEOPLE:
        raise Invalid("peer.part", part="people", wanted=f"{MOST_PEOPLE} at most")
    people = {_id_of(one): one for one in given}

    def work(tx: Transaction) -> dict[str, Any]:
        country = known(tx).country
        if not node.can(Power.HOLD_IDENTITIES) or caller["country"] != country:
            raise Refused("people.not-here")
        reasons = {person: _take(tx, node, caller, value, country) for person, value in people.items()}
        return {
            "taken": [person for person, reason in reasons.items() if not reason],
            "apart": [{"id": person, "reason": reason} for person, reason in reasons.items() if reason],
        }

    return node.store.write(work)


def _take(tx: Transaction, node: Node, caller: Row, value: dict[str, Any], country: str) -> str:
    """Keep one identity, or return why it is kept apart."""
    try:
        person = checked_person(value)
    except Invalid as error:
        return f"{MALFORMED}: {error}"[:300]
    if person["country"] != country:
        return OTHER_COUNTRY  # and nowhere kept: it is not this country's
    reason = _problem(tx, person)
    tx.tables.delete(QUARANTINE, {"id": person["id"], "node": caller["node"], "kind": "person"})
    if reason:
        tx.tables.put(QUARANTINE, _apart_row(node, caller, person, reason))
        return reason
    keep_newer_person(tx, person)
    return ""


def keep_newer_person(tx: Transaction, person: Row) -> None:
    """Keep an identity unless a newer one of the same person is held."""
    held = tx.tables.get(PERSON, person["id"])
    if held is None or _age(held) < _age(person):
        tx.tables.put(PERSON, person)


def _problem(tx: Transaction, person: Row) -> str:
    if tx.tables.get(ACCOUNT, person["id"]) is not None:
        return LOCAL_ACCOUNT
    same = tx.tables.select(PERSON, {"agency": person["agency"], "service_number": person["service_number"]})
    return NUMBER_TAKEN if any(row["id"] != person["id"] for row in same) else ""


def _age(person: Row) -> tuple[str, str]:
    """What decides which of two is newer; a tie is decided by content, so that the order of arrival does not."""
    return str(person["changed_at"] or ""), digest_of(person)


def _apart_row(node: Node, caller: Row, person: Row, reason: str) -> Row:
    return {
        "id": person["id"],
        "node": caller["node"],
        "digest": digest_of(person),
        "kind": "person",
        "number": None,
        "reason": reason,
        "entry": person,
        "seen_at": node.now(),
    }


def _id_of(value: Any) -> str:
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="people", wanted="objects")
    return text_part(value, "id", 64)


def checked_person(value: dict[str, Any]) -> Row:
    """Return an identity as a row of `kept.PERSON`. Raises Invalid("peer.part")."""
    if value.keys() != PERSON.columns.keys():
        raise Invalid("peer.part", part="people", wanted="the columns of an identity")
    row: Row = {"id": _id_of(value), "changed_at": text_of(instant_of(text_part(value, "changed_at", 40)))}
    for name, longest in _LONGEST.items():
        text = "" if value[name] is None else part(value, name, str)
        problem = text_problem(text, longest)
        if problem:
            raise Invalid("peer.part", part=name, wanted=f"a text that is not {problem}", id=row["id"])
        row[name] = text
    for name in ("name", "service_number", "agency"):
        text_part(value, name)
    return row
