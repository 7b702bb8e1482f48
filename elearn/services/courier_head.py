"""The head of a courier file: what its sender says of itself, of what it holds, and of the files it has read.

It stands in every file, so that each says all there is to know beside its pieces, whichever arrives and in any order.
"""

from dataclasses import dataclass
from typing import Any

from elearn.core.ledger.entry import Head
from elearn.core.sync.talk import TALK, hex_part, number_part, part, text_part
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import COURIER, COURIER_INSIDE, PEER, QUARANTINE
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services import boxes
from elearn.services.chains import confirmed_of, held_head, place_of, sent_by
from elearn.services.courier_courses import courses_here, courses_in
from elearn.services.enrolment import LONGEST_NAME
from elearn.services.key_renewal import steps_of
from elearn.services.node import Node, fact, known

ENROL_FACT = "courier_enrol"
"""Node fact: {request, proof} of a post that asked a hub by file to be enrolled, until the hub has answered."""

MOST_GOT = 200
MOST_ANSWERED = 20
MOST_APART = 500
_PLACES = 40


@dataclass(frozen=True)
class CourierHead:
    """What a head says. first, of: number of the first file made in one go, and how many; made_at: by the sender's
    clock; steps: how its key followed, as they travel; box: what is sealed to it; enrol: {request, proof} or None; got:
    ids of the receiver's files it has read; seen: the highest number of those; head: the number of its own last entry;
    courses: see `courier_courses.courses_here`, {} from a hub; places: of its own chain; held: how far it holds the
    chains the receiver sends; apart: what it keeps apart of the receiver's chain; answers: [[file, [[place, answer]]]];
    carries: what `CARRIES` says."""

    name: str
    country: str
    holds_identities: bool
    first: int
    of: int
    made_at: str
    steps: list[Any]
    box: str
    enrol: dict[str, Any] | None
    got: list[str]
    seen: int
    head: int
    courses: dict[str, list[str]]
    places: list[Head]
    held: dict[str, Head]
    apart: list[Any]
    answers: list[Any]
    carries: dict[str, Any]


CARRIES = ("chains", "entries", "people", "parts", "back", "files", "of", "more")
"""chains: {node: [first, last number]}; entries: how many; people: identities; parts: names of the others; back:
entries of the receiver's own chain handed back; files: of courses; of: how many files were made in one go; more: had
no room in them."""


def head_said(tx: Transaction, node: Node, peer: Row, *, first: int, carries: dict[str, Any]) -> dict[str, Any]:
    """Return what this node says in a file for a peer, as it travels."""
    mine, keys = known(tx), node.keys.present()
    below = not peer["url"]
    read = tx.tables.select(COURIER, {"peer": peer["node"], "way": "read"}, order=("-noted_at",), limit=MOST_GOT)
    return {
        "talk": TALK,
        "key": keys.public_key.hex(),
        "name": mine.name,
        "country": mine.country,
        "holds_identities": node.can(Power.HOLD_IDENTITIES),
        "first": first,
        "of": carries["of"],
        "made_at": node.now(),
        "steps": [step.said() for step in steps_of(tx, node, mine.id, keys.public_key)],
        "box": boxes.said(node),
        "enrol": None if below else fact(tx, ENROL_FACT),
        "got": [row["file"] for row in read if row["state"] == "read"],
        "seen": max((row["number"] for row in read), default=0),
        "head": held_head(tx, mine.id).number,
        "courses": {} if below else courses_here(tx, node),
        "places": [] if below else _places(tx, peer, mine.id),
        "held": _held(tx, peer["node"]) if below else [],
        "apart": _apart(tx, peer["node"]) if below else [],
        "answers": _answers(tx, read) if below else [],
        "carries": carries,
    }


def _places(tx: Transaction, hub: Row, mine: str) -> list[list[Any]]:
    """Return places of this node's own chain, close together at its end: where it parts from the hub's copy is found
    without asking."""
    head = held_head(tx, mine).number
    numbers = {0, min(head, confirmed_of(tx, hub, mine)["number"])}
    back = 0
    while back < head and len(numbers) < _PLACES:
        numbers.add(head - back)
        back = back * 2 or 1
    found = [place_of(tx, mine, number) for number in sorted(numbers)]
    return [[one.number, one.digest] for one in found if one is not None]


def _held(tx: Transaction, post: str) -> list[list[Any]]:
    heads = [held_head(tx, origin) for origin in sorted(sent_by(tx, post))]
    return [[one.node, one.number, one.digest] for one in heads if one.number]


def _apart(tx: Transaction, post: str) -> list[dict[str, Any]]:
    rows = tx.tables.select(QUARANTINE, {"node": post, "kind": "entry"}, order=("-number",), limit=MOST_APART)
    return [{"id": row["id"], "number": row["number"], "reason": row["reason"][:300]} for row in rows]


def _answers(tx: Transaction, read: list[Row]) -> list[Any]:
    inside = [(row["file"], tx.tables.get(COURIER_INSIDE, row["file"])) for row in read[:MOST_ANSWERED]]
    return [[file, one["answers"]] for file, one in inside if one is not None and one["answers"]]


def read_head(value: dict[str, Any]) -> CourierHead:
    """Return what a head says. Raises Invalid("courier.form", reason=), Refused("courier.version", there=, here=)."""
    if value.get("talk") != TALK:
        raise Refused("courier.version", there=str(value.get("talk"))[:20], here=TALK)
    try:
        return CourierHead(
            name=text_part(value, "name", LONGEST_NAME),
            country=text_part(value, "country", 2),
            holds_identities=part(value, "holds_identities", bool),
            first=number_part(value, "first"),
            of=number_part(value, "of"),
            made_at=text_of(instant_of(text_part(value, "made_at", 40))),
            steps=part(value, "steps", list),
            box=boxes.recipient_in(value.get("box")),
            enrol=part(value, "enrol", dict) if value.get("enrol") is not None else None,
            got=[str(one) for one in part(value, "got", list)[:MOST_GOT]],
            seen=number_part(value, "seen"),
            head=number_part(value, "head"),
            courses=courses_in(value["courses"]) if value.get("courses") else {},
            places=[_place("", one) for one in part(value, "places", list)[: 2 * _PLACES]],
            held=dict(map(_held_place, part(value, "held", list))),
            apart=part(value, "apart", list)[:MOST_APART],
            answers=part(value, "answers", list)[:MOST_ANSWERED],
            carries=_carries(part(value, "carries", dict)),
        )
    except Invalid as error:
        raise Invalid("courier.form", reason=str(error)[:300]) from None


def _place(origin: str, value: Any) -> Head:
    if not isinstance(value, list) or len(value) != 2:
        raise Invalid("peer.part", part="places", wanted="pairs of number and digest")
    said = {"number": value[0], "digest": value[1]}
    return Head(origin, number_part(said, "number"), hex_part(said, "digest", 32).hex())


def _held_place(value: Any) -> tuple[str, Head]:
    if not isinstance(value, list) or len(value) != 3:
        raise Invalid("peer.part", part="held", wanted="triples of node, number, digest")
    origin = text_part({"node": value[0]}, "node", 64)
    return origin, _place(origin, value[1:])


def _carries(value: dict[str, Any]) -> dict[str, Any]:
    """Return it with every name there is and plain values: it is shown on a page."""
    chains = {
        text_part({"node": node}, "node", 64): [number_part({"n": one}, "n") for one in span]
        for node, span in part(value, "chains", dict).items()
        if isinstance(span, list) and len(span) == 2
    }
    counts = {name: number_part(value, name) for name in ("entries", "people", "back", "files", "of")}
    names = [text_part({"name": one}, "name", 40) for one in part(value, "parts", list)]
    return {"chains": chains, **counts, "parts": names, "more": part(value, "more", bool)}


def keep_sender(tx: Transaction, node: Node, peer: Row, head: CourierHead) -> None:
    """Keep what a head says of its sender, inside a write: its name, what is sealed to it, when it was heard of.

    The clocks of both may be wrong: it is not noted as later than now.
    """
    row = tx.tables.get(PEER, peer["node"]) or peer
    contact = max(filter(None, (row["last_contact_at"], min(head.made_at, node.now()))))
    state = {**(row["state"] or {}), "box": head.box}
    tx.tables.put(PEER, {**row, "name": head.name, "last_contact_at": contact, "state": state})
