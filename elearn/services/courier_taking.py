"""What is done with the pieces of a courier file: a hub takes in what a post sent, a post what its hub handed down.

Each piece is taken whole or not at all, by itself, and may be taken again. What cannot be taken is named and stops
nothing else, but for the chain it belongs to. A disk that is full stops everything: the same file is then read again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from elearn.core.ledger.entry import Entry, Head, head_after
from elearn.core.sync.batch import entries_of, unpack
from elearn.core.sync.courier import Piece
from elearn.core.sync.talk import body_of
from elearn.core.vocab.errors import Conflict, ElearnError, NotFound, Unavailable
from elearn.core.vocab.kept import COURIER, COURIER_INSIDE, NODE_FACT, PEER, PERSON_SENT, QUARANTINE
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.chains import confirm, confirmed_of, held_head, place_of, sent_to
from elearn.services.courier_head import ENROL_FACT, CourierHead
from elearn.services.fetching import bring, take_in_brought
from elearn.services.healing import Healed, put_back, refuse_confirmed_elsewhere, signed_by_me
from elearn.services.node import Node, known
from elearn.services.parcels import Kind, Parcel, take_answer, take_parcel
from elearn.services.sending_people import apart_row


@dataclass(frozen=True)
class Carried:
    """What was in a file. number: of it; fresh: nothing newer of its sender was read, or heard over a line, before."""

    number: int
    head: CourierHead
    pieces: tuple[Piece, ...]
    fresh: bool


Problems = list[tuple[str, ElearnError]]
Told = Callable[[int, int], None]
"""told(pieces taken, of how many)."""

COURSES = "courses"
_SEEN_BEFORE = ("up", "down")
"""What an older file says of these is out of date; entries never are."""


def take_up(node: Node, post: Row, carried: Carried, told: Told) -> tuple[list[list[Any]], Problems]:
    """On a hub: take in what a post sent; return [[place, answer]] of its parts, and what could not be taken."""
    answers: list[list[Any]] = []

    def take(at: int, one: Piece) -> None:
        answer = take_parcel(node, post, Parcel(_kind(one), one.name, one.content))
        if one.kind == "up":
            answers.append([at, answer])

    problems = _each(carried, ("batch", "up"), take, told)
    node.store.write(lambda tx: _note_post(tx, post["node"], carried, problems))
    return answers, problems


def _note_post(tx: Transaction, post: str, carried: Carried, problems: Problems) -> None:
    row, head = tx.tables.get(PEER, post), carried.head
    if row is None or not carried.fresh:
        return
    held = held_head(tx, post)
    own = next((error.code for name, error in problems if name == post and isinstance(error, Conflict)), "")
    is_behind = head.head < held.number
    state = {
        **(row["state"] or {}),
        "head": head.head,
        "courier_courses": head.courses,
        "problem": own or ("chain.shorter" if is_behind else ""),
    }
    state.pop("courier_places", None)
    if is_behind or own == "chain.fork":
        # It was put back to an older state: the next file for it hands back what it lost.
        state["courier_places"] = [[one.number, one.digest] for one in head.places]
    tx.tables.put(PEER, {**row, "state": state})


def take_down(node: Node, hub: Row, carried: Carried, told: Told) -> tuple[Healed | None, Problems]:
    """On a post: take in what its hub handed down; return what was put right, and what could not be taken."""
    healed: Healed | None = None
    problems: Problems = []
    head = carried.head
    try:
        healed = _take_back(node, hub, head, [one for one in carried.pieces if one.kind == "own"])
    except Unavailable:
        raise
    except ElearnError as error:
        problems.append(("own", error))
    node.store.write(lambda tx: _note_hub(tx, node, hub, head, carried.fresh))
    for file, answers in _answered(head):
        _take_answers(node, hub, file, answers)

    def take(_: int, one: Piece) -> None:
        if one.kind == "file":
            _bring(node, hub, carried, one)
        else:
            take_parcel(node, hub, Parcel(_kind(one), one.name, one.content))

    problems += _each(carried, ("down", "file"), take, told)
    if any(one.kind == "file" for one in carried.pieces):
        take_in_brought(node, hub)
    return healed, problems


def _bring(node: Node, hub: Row, carried: Carried, one: Piece) -> None:
    """Keep a file of a course, if it is lacking. Raises NotFound("courier.too-early") before the list of them came."""
    if bring(node, one.content):
        return
    first = carried.head.first
    with node.store.reading() as tx:
        listed = tx.tables.count(COURIER, {"peer": hub["node"], "way": "read", "number": first})
    if carried.number != first and not listed:
        raise NotFound("courier.too-early", number=first)


def _each(carried: Carried, kinds: tuple[str, ...], take: Callable[[int, Piece], None], told: Told) -> Problems:
    problems: Problems = []
    hindered: set[str] = set()
    for at, one in enumerate(carried.pieces):
        told(at + 1, len(carried.pieces))
        name = COURSES if one.kind == "file" else one.name
        if one.kind not in kinds or (not carried.fresh and one.kind in _SEEN_BEFORE) or name in hindered:
            continue
        try:
            take(at, one)
        except Unavailable:
            raise
        except ElearnError as error:
            problems.append((name, error))
            hindered.add(name)
    return problems


def _kind(one: Piece) -> Kind:
    return "batch" if one.kind == "batch" else "up" if one.kind == "up" else "down"


def _take_back(node: Node, hub: Row, head: CourierHead, pieces: list[Piece]) -> Healed | None:
    """Put back what the hub holds of this node's own chain, where it is not held here (`services/healing.py`)."""
    with node.store.reading() as tx:
        mine = known(tx).id
        held = head.held.get(mine, Head(mine))
        if not pieces or place_of(tx, mine, held.number) == held:
            return None
    done = Healed(node.now(), 0, 0)
    start: Head | None = None
    place: Head | None = None
    entries: list[Entry] = []
    for one in pieces:
        batch = unpack(one.content)
        with node.store.reading() as tx:
            if place is None:
                start = place = place_of(tx, mine, batch.start.number) or Head(mine)
                refuse_confirmed_elsewhere(node, hub, start)
            entries += entries_of(batch, place)
            place = batch.last
            is_signed = batch.head.head == place and signed_by_me(tx, node, batch)
        if is_signed and start is not None:
            done = _put_back(node, start, entries, done)
            start, entries = place, []
    if entries:
        raise Conflict("chain.not-mine", node=mine, number=entries[0].number)
    return done


def _put_back(node: Node, start: Head, entries: list[Entry], done: Healed) -> Healed:
    def work(tx: Transaction) -> Healed:
        at, fetched = start, list(entries)
        while fetched and place_of(tx, at.node, fetched[0].number) == head_after(fetched[0]):
            at = head_after(fetched.pop(0))
        return put_back(tx, node=node, start=at, entries=fetched, done=done) if fetched else done

    return node.store.write(work)


def _note_hub(tx: Transaction, node: Node, hub: Row, head: CourierHead, fresh: bool) -> None:
    """Keep what the hub holds: only this is delivered. An older file takes nothing back that is known since."""
    for origin in sent_to(tx, hub):
        held = head.held.get(origin, Head(origin))
        before = confirmed_of(tx, hub, origin)["number"]
        if fresh and held.number < before:
            # It was put back to an older state, and lost identities as well: all of them go again.
            tx.tables.delete(PERSON_SENT, {"peer": hub["node"]})
        if place_of(tx, origin, held.number) == held and (held.number > before or fresh):
            confirm(tx, node, hub, held)
    if fresh:
        mine = known(tx).id
        for one in head.apart:
            tx.tables.put(QUARANTINE, apart_row(node, mine, "entry", one))
    row = tx.tables.get(PEER, hub["node"]) or hub
    state = {**(row["state"] or {}), "holds_identities": head.holds_identities}
    if "size" in state and all(held_head(tx, one) == head.held.get(one, Head(one)) for one in sent_to(tx, hub)):
        state["size"] = tx.ledger.size()  # nothing of what came in here waits any more (`exchange.light`)
    tx.tables.put(PEER, {**row, "country": head.country, "state": state})
    if head.got:
        tx.tables.delete(NODE_FACT, {"name": ENROL_FACT})


def _answered(head: CourierHead) -> list[tuple[str, list[Any]]]:
    pairs = (one for one in head.answers if isinstance(one, list) and len(one) == 2)
    return [(str(file), answers) for file, answers in pairs if isinstance(answers, list)]


def _take_answers(node: Node, hub: Row, file: str, answers: list[Any]) -> None:
    """Note what the hub said to the parts in a file this node made; answers to one it does not know say nothing."""
    with node.store.reading() as tx:
        row, inside = tx.tables.get(COURIER, file), tx.tables.get(COURIER_INSIDE, file)
    if row is None or row["state"] != "written" or inside is None:
        return
    told = {at: (name, value) for at, name, value in inside["told"] or []}
    for one in answers:
        if isinstance(one, list) and len(one) == 2 and one[0] in told and isinstance(one[1], dict):
            name, value = told[one[0]]
            take_answer(node, hub, Parcel("up", name, body_of({"value": value})), one[1])
