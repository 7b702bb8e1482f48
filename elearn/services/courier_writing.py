"""Making files to be carried: all that the other side has not confirmed, whether it is on an earlier stick or not.

A stick may be lost, so a file counts for nothing until it is answered. What does not fit one file goes on in the next.
All of a set is kept in one write: where the disk is full, nothing has changed.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from elearn.core.ledger.entry import Head
from elearn.core.sync.batch import outline, pack
from elearn.core.sync.courier import FULL_BATCHES, FULL_BYTES, LARGEST_FILE_BYTES, Cover, Piece, laid_out, with_cover
from elearn.core.sync.talk import said
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import COURIER, COURIER_INSIDE, PEER
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.boxes import box_of
from elearn.services.chains import held_head, next_batch, place_of
from elearn.services.courier_courses import course_pieces
from elearn.services.courier_files import CourierFile, courier_files, next_number, receiver_row
from elearn.services.courier_head import head_said
from elearn.services.healing import note_fetched
from elearn.services.node import Node, known
from elearn.services.parcels import down_parcels, up_parcels

MOST_FILES = 8
"""Made in one go: 160,000 entries. The rest follows when these were answered."""
MOST_BACK_BYTES = 8 * FULL_BYTES
_ROOM_FOR_HEAD = 2_500_000

Told = Callable[[int], None]
"""told(pieces): how many were put together so far."""


def write_files(
    node: Node, by: Session, to: str = "", *, courses: bool = False, told: Told = lambda _: None
) -> list[CourierFile]:
    """Make the files for the hub ("") or for a post; return them, in order. courses: with those a post lacks.

    Raises Refused("permission" | "exchange.alone" | "courier.no-box"), NotFound("courier.receiver"),
    Invalid("batch.entry-too-large" | "courier.too-large"), Unavailable as `ports.Store.write`.
    """
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        peer = receiver_row(tx, node, to)
        box_of(peer)
    sets, more = _parted(_pieces(node, peer, courses=courses), told)
    made = node.store.write(lambda tx: _keep(tx, node, peer["node"], sets, more))
    of_id = {one.file: one for one in courier_files(node, by)}
    return [of_id[file] for file in made]


def _pieces(node: Node, peer: Row, *, courses: bool) -> Iterator[Piece]:
    parcels = down_parcels(node, peer) if not peer["url"] else up_parcels(node, peer)
    if not peer["url"]:
        yield from _handed_back(node, peer)
    for one in parcels:
        yield Piece(one.kind, one.name, one.content)
    if courses and not peer["url"]:
        yield from course_pieces(node, peer)


def _parted(pieces: Iterable[Piece], told: Told) -> tuple[list[list[Piece]], bool]:
    """Return the pieces of each file, at least one file, and whether there was more than they hold."""
    sets: list[list[Piece]] = [[]]
    size = batches = 0
    for count, one in enumerate(pieces, 1):
        told(count)
        if len(one.content) > LARGEST_FILE_BYTES - _ROOM_FOR_HEAD:
            raise Invalid("courier.too-large", size_bytes=len(one.content), most_bytes=LARGEST_FILE_BYTES)
        if sets[-1] and (size + len(one.content) > FULL_BYTES or batches == FULL_BATCHES):
            if len(sets) == MOST_FILES:
                return sets, True
            sets.append([])
            size = batches = 0
        sets[-1].append(one)
        size += len(one.content)
        batches += one.kind in {"batch", "own"}
    return sets, False


def _keep(tx: Transaction, node: Node, peer_id: str, sets: list[list[Piece]], more: bool) -> list[str]:
    """Number, sign, seal and keep the files; those made before are not needed any more, for these hold all of it."""
    peer = tx.tables.get(PEER, peer_id) or {}
    first = next_number(tx, peer)
    for row in tx.tables.select(COURIER, {"peer": peer_id, "way": "written"}):
        inside = tx.tables.get(COURIER_INSIDE, row["file"])
        if inside is not None and inside["content"] is not None:
            tx.tables.put(COURIER_INSIDE, {**inside, "content": None})
    made = [
        _keep_file(tx, node, peer, (first + at, first), ({"of": len(sets), "more": more}, pieces))
        for at, pieces in enumerate(sets)
    ]
    if peer["url"]:
        _note_on_courier(tx, node, peer, first, sets)
    return made


def _keep_file(
    tx: Transaction, node: Node, peer: Row, numbers: tuple[int, int], filled: tuple[dict[str, Any], list[Piece]]
) -> str:
    (number, first), (of, pieces) = numbers, filled
    cover = Cover(known(tx).id, peer["node"], number, node.ids.new())
    carries = {**what_carries(pieces), **of}
    head = head_said(tx, node, peer, first=first, carries=carries)
    text = laid_out(cover, head, pieces, node.keys.present().sign)
    content = with_cover(cover, node.box.seal(box_of(peer), text))
    row = {
        "file": cover.file,
        "way": "written",
        "peer": peer["node"],
        "number": number,
        "first": first,
        "made_at": head["made_at"],
        "noted_at": head["made_at"],
        "size": len(content),
        "state": "written",
        "carries": carries,
        "problems": [],
    }
    told = [[at, one.name, said(one.content).get("value")] for at, one in enumerate(pieces) if one.kind == "up"]
    tx.tables.put(COURIER, row)
    tx.tables.put(COURIER_INSIDE, {"file": cover.file, "content": content, "told": told})
    return cover.file


def what_carries(pieces: Iterable[Piece]) -> dict[str, Any]:
    """Return what pieces hold, in numbers (`courier_head.CARRIES`)."""
    chains: dict[str, list[int]] = {}
    entries = people = back = files = 0
    parts: list[str] = []
    for one in pieces:
        if one.kind == "batch":
            origin, after, count = outline(one.content)
            chains.setdefault(origin, [after + 1, after])[1] = after + count
            entries += count
        elif one.kind == "own":
            back += outline(one.content)[2]
        elif one.kind == "file":
            files += 1
        elif one.kind == "up" and one.name == "people":
            people += len(said(one.content)["value"])
        elif one.name not in parts:
            parts.append(one.name)
    return {"chains": chains, "entries": entries, "people": people, "parts": parts, "back": back, "files": files}


def _note_on_courier(tx: Transaction, node: Node, hub: Row, number: int, sets: list[list[Piece]]) -> None:
    """Note for the light and for each record which file carries them (`courier_standing`)."""
    row = tx.tables.get(PEER, hub["node"]) or hub
    spans = [what_carries(pieces)["chains"].get(known(tx).id) for pieces in sets]
    upto = max((span[1] for span in spans if span), default=0)
    note = {"number": number, "made_at": node.now(), "upto": upto}
    if upto:
        tx.tables.put(PEER, {**row, "state": {**(row["state"] or {}), "courier": note}})


def _handed_back(node: Node, post: Row) -> Iterator[Piece]:
    """Yield what this hub holds of a post's own chain and the post does not, as the last file it sent says: it was put
    back to an older state."""
    with node.store.reading() as tx:
        said_places = (post["state"] or {}).get("courier_places")
        if not said_places:
            return
        origin = post["node"]
        held = held_head(tx, origin)
        known_places = [Head(origin, number, digest) for number, digest in said_places]
        same = [one for one in known_places if place_of(tx, origin, one.number) == one]
        place = max(same, key=lambda one: one.number, default=Head(origin))
    size = 0
    fetched = False
    while place.number < held.number and size < MOST_BACK_BYTES:
        with node.store.reading() as tx:
            batch = next_batch(tx, node, place)
        if batch is None:
            break
        content = pack(batch)
        size += len(content)
        fetched = True
        yield Piece("own", origin, content)
        place = batch.last
    if fetched:
        node.store.write(lambda tx: note_fetched(tx, node, origin))
