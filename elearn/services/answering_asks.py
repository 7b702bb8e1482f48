"""What a hub hands down of officers a post has asked for: who they are and what other nodes have said, signed.

Only within the country, only by a node that holds identities, only for whom the post names exactly.
"""

from collections.abc import Iterator
from typing import Any

from elearn.core.sync.carried import Carried, pack
from elearn.core.sync.moved import LARGEST_ANSWER_BYTES, Asked, Found, asks_said, found_said
from elearn.core.sync.talk import part
from elearn.core.vocab.errors import ElearnError, Invalid
from elearn.core.vocab.kept import ASK, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.carrying import parts_about
from elearn.services.node import Node, known
from elearn.services.receiving_people import person_said


def there(tx: Transaction, node: Node, caller: Row) -> str:
    """Return a digest that changes with whatever is known of those this post asks for, "" where it asks for nobody."""
    marks = [
        [one.agency, one.service_number, digest_of(person_said(person)), *tx.ledger.newest_about(person["id"])]
        if person
        else [one.agency, one.service_number]
        for one, person in _asked(tx, node, caller)
    ]
    return digest_of(marks) if marks else ""


def given(tx: Transaction, node: Node, caller: Row, wanted: Any) -> dict[str, Any]:
    """Return {found: records the post does not hold as they are now, unknown: whom nobody here knows, more}."""
    if not isinstance(wanted, dict):
        raise Invalid("peer.part", part="moved", wanted="dict")
    held = part(wanted, "digests", dict)
    found: list[dict[str, str]] = []
    unknown: list[Asked] = []
    size = 0
    for one, person in _asked(tx, node, caller):
        if person is None:
            unknown.append(one)
            continue
        record = _record(tx, node, caller, one, person)
        if record is None or held.get(f"{one.agency}/{one.service_number}") == record.digest:
            continue
        said = found_said(record)
        size += len(said["record"])
        if found and size > LARGEST_ANSWER_BYTES:
            return {"found": found, "unknown": asks_said(unknown), "more": True}
        found.append(said)
    return {"found": found, "unknown": asks_said(unknown), "more": False}


def _asked(tx: Transaction, node: Node, caller: Row) -> Iterator[tuple[Asked, Row | None]]:
    mine = known(tx)
    if not node.can(Power.HOLD_IDENTITIES) or caller["country"] != mine.country:
        return
    for row in tx.tables.select(ASK, {"node": caller["node"]}, order=("agency", "service_number")):
        named = {"agency": row["agency"], "service_number": row["service_number"]}
        people = tx.tables.select(PERSON, {**named, "country": mine.country}, limit=1)
        yield Asked(**named), people[0] if people else None


def _record(tx: Transaction, node: Node, caller: Row, asked: Asked, person: Row) -> Found | None:
    """Return what others than the caller have said, as a signed record; None for one that is too large to travel."""
    mine, keys = known(tx), node.keys.present()
    parts = tuple(one for one in parts_about(tx, keys, mine, person["id"]) if one.node != caller["node"])
    said = [entry.statement for one in parts for entry in one.entries]
    language = next((one.language for one in sorted(said, key=lambda one: one.when)[::-1] if one.language), "")
    carried = Carried(
        person=person_said(person),
        language=language or mine.languages[0],
        node=mine.id,
        name=mine.name,
        country=mine.country,
        # The day, not the instant: the same record asked for twice in a day is the same.
        made_at=node.now()[:10],
        demo=mine.demo,
        parts=parts,
        public_key=keys.public_key,
    )
    digest = digest_of([person_said(person), [[one.node, one.last, len(one.entries)] for one in parts]])
    try:
        return Found(asked, digest, pack(carried, keys.sign))
    except ElearnError:
        return None
