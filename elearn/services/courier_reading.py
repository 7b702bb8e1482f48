"""Reading a file that was carried here: who made it, whether it is for this node, and then everything in it.

Nothing is changed before the file was opened, found whole, and its signature found to be that of a node known here (or
of a post that asks to be enrolled with a code). Read twice, it changes nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from elearn.core.sync.courier import Cover, Inside, cover_of, read_inside, sealed_in
from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.succession import read_successions, steps_from
from elearn.core.sync.talk import hex_part, part, tellable, text_part
from elearn.core.vocab.errors import ElearnError, Invalid, Refused
from elearn.core.vocab.kept import COURIER, COURIER_INSIDE, PEER, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.courier_files import name_of_node, newest_first
from elearn.services.courier_head import CourierHead, keep_sender, read_head
from elearn.services.courier_taking import Carried, Problems, Told, take_down, take_up
from elearn.services.enrolment import enrol_in
from elearn.services.healing import Healed
from elearn.services.key_following import refuse_lost, take_steps
from elearn.services.node import Node, fact, known


@dataclass(frozen=True)
class CourierRead:
    """What reading a file did. again: it was read before, and nothing was done; late: a newer one was read before, so
    only entries were taken from it; carries: see `courier_head.CARRIES`; problems: (name of chain or part, why) of what
    was not taken; enrolled: the post asked to be enrolled by it, and is; healed: see `services/healing.py`."""

    sender: str
    number: int
    made_at: str
    again: bool = False
    late: bool = False
    enrolled: bool = False
    carries: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=list)
    healed: Healed | None = None


@dataclass(frozen=True)
class _Opened:
    """A file that was found whole. size: bytes."""

    cover: Cover
    inside: Inside
    head: CourierHead
    size: int


@dataclass(frozen=True)
class Addressed:
    """A file as it lies on a stick, without opening it. here: it is for this node; names: "" where not known here."""

    here: bool
    sender: str
    receiver: str
    number: int


def addressed(node: Node, start: bytes) -> Addressed:
    """Return for whom a file is. start: its first thousand bytes. Raises as `courier.cover_of`."""
    cover = cover_of(start)
    with node.store.reading() as tx:
        mine = known(tx)
        names = [mine.name if one == mine.id else name_of_node(tx, one) for one in (cover.sender, cover.receiver)]
    return Addressed(cover.receiver == mine.id, names[0], names[1], cover.number)


def read_file(node: Node, by: Session, content: bytes, told: Told = lambda _at, _of: None) -> CourierRead:
    """Take in a file. told: of (pieces taken, of how many), from time to time.

    Raises Refused("permission"); as `courier.sealed_in`, `ports.Box.open`, `courier.read_inside` and `read_head`;
    Refused: "courier.not-here" (name=), "courier.unknown-sender", "courier.other-hub" (name=), "peer.key-lost" (date=),
    "peer.key-renewed", "courier.other-signer" (name=), and with the codes of enrolment; Unavailable as
    `ports.Store.write`: the same file is then to be read again.
    """
    demand(by, Permission.MANAGE_NODE)
    cover, sealed = sealed_in(content)
    with node.store.reading() as tx:
        if cover.receiver != known(tx).id:
            raise Refused("courier.not-here", name=name_of_node(tx, cover.receiver) or cover.receiver)
        row = tx.tables.get(COURIER, cover.file)
        if row is not None and row["way"] == "read" and row["state"] == "read":
            name = name_of_node(tx, row["peer"])
            return CourierRead(name, row["number"], row["made_at"], again=True, carries=row["carries"] or {})
    inside = read_inside(cover, node.box.open(sealed), node.keys.check)
    opened = _Opened(cover, inside, read_head(inside.head), len(content))
    enrolled = node.store.write(lambda tx: _known_sender(tx, node, opened))
    if isinstance(enrolled, ElearnError):
        raise enrolled
    return _taken(node, opened, enrolled, told)


def _known_sender(tx: Transaction, node: Node, opened: _Opened) -> bool | ElearnError:
    """See that the sender is one this node exchanges with, and follow its key; tell whether it is new here.

    A refused enrolment is returned, not raised: a wrong try must stay counted.
    """
    inside, head = opened.inside, opened.head
    peer = tx.tables.get(PEER, opened.cover.sender)
    if peer is not None:
        _may_send(tx, node, peer)
        if peer["public_key"] == inside.public_key:
            refuse_lost(tx.tables.get(TRUSTED_KEY, key_id_of(inside.public_key)))
            return False
        if _followed(tx, node, peer, inside, head):
            return False
    if head.enrol is None or not node.can(Power.ANSWER_POSTS):
        raise Refused("courier.unknown-sender", name=head.name) if peer is None else _why_not(tx, peer, inside)
    return _enrolled(tx, node, opened)


def _may_send(tx: Transaction, node: Node, peer: Row) -> None:
    if peer["url"] and peer["node"] != fact(tx, "hub", ""):
        raise Refused("courier.other-hub", name=peer["name"])
    node.must(Power.CALL_HUB if peer["url"] else Power.ANSWER_POSTS)


def _followed(tx: Transaction, node: Node, peer: Row, inside: Inside, head: CourierHead) -> bool:
    """Follow the sender's key by the steps it shows; tell whether they lead from the one known here."""
    try:
        shown = read_successions(head.steps, node.keys.check)
        steps = steps_from(shown, peer["node"], peer["public_key"], inside.public_key)
    except (Invalid, Refused):
        return False
    refuse_lost(tx.tables.get(TRUSTED_KEY, key_id_of(peer["public_key"])))
    refuse_lost(tx.tables.get(TRUSTED_KEY, key_id_of(inside.public_key)))
    take_steps(tx, peer, steps, vouched_by=peer["node"] if peer["url"] else known(tx).id)
    return True


def _why_not(tx: Transaction, peer: Row, inside: Inside) -> Refused:
    row = tx.tables.get(TRUSTED_KEY, key_id_of(inside.public_key))
    if row is not None and row["lost_from"]:
        return Refused("peer.key-lost", date=row["lost_from"])
    if row is not None and row["node"] == peer["node"] and row["succeeded_by"]:
        return Refused("peer.key-renewed", key_id=row["key_id"])
    return Refused("courier.other-signer", name=peer["name"])


def _enrolled(tx: Transaction, node: Node, opened: _Opened) -> bool | ElearnError:
    """Enrol the post that asks for it in this file, with the key it had when it asked, and follow that key."""
    cover, head = opened.cover, opened.head
    enrol = head.enrol or {}
    request = part(enrol, "request", dict)
    public_key = hex_part(request, "public_key", 32)
    if text_part(request, "node", 64) != cover.sender:
        raise Refused("courier.other-signer", name=head.name)
    shown = read_successions(head.steps, node.keys.check)
    steps = steps_from(shown, cover.sender, public_key, opened.inside.public_key)
    given = enrol_in(tx, node, request, text_part(enrol, "proof"))
    if isinstance(given, ElearnError):
        return given
    # The request was written days ago: it says nothing about that clock.
    peer = {**(tx.tables.get(PEER, cover.sender) or {}), "clock_offset_ms": 0}
    tx.tables.put(PEER, peer)
    take_steps(tx, peer, steps, vouched_by=known(tx).id)
    return True


def _taken(node: Node, opened: _Opened, enrolled: bool, told: Told) -> CourierRead:
    cover, head = opened.cover, opened.head
    with node.store.reading() as tx:
        peer = tx.tables.get(PEER, cover.sender) or {}
        is_late = head.first < newest_first(tx, cover.sender, "read") or head.made_at < _last_on_line(peer)
    node.store.write(lambda tx: keep_sender(tx, node, peer, head))
    carried = Carried(cover.number, head, opened.inside.pieces, not is_late)
    answers: list[list[Any]] = []
    healed = None
    if peer["url"]:
        healed, problems = take_down(node, peer, carried, told)
    else:
        answers, problems = take_up(node, peer, carried, told)
    node.store.write(lambda tx: _keep_read(tx, node, opened, answers, problems))
    return CourierRead(
        sender=head.name,
        number=cover.number,
        made_at=head.made_at,
        late=is_late,
        enrolled=enrolled,
        carries=head.carries,
        problems=problems,
        healed=healed,
    )


def _last_on_line(peer: Row) -> str:
    """Return when the hub was last reached over a line, by its own clock, which also dates its files; "" if never."""
    return str((peer["state"] or {}).get("hub_time") or "") if peer["url"] else ""


def _keep_read(tx: Transaction, node: Node, opened: _Opened, answers: list[list[Any]], problems: Problems) -> None:
    """Note the file as read, and those of this node's own that it acknowledges."""
    cover, head = opened.cover, opened.head
    row = {
        "file": cover.file,
        "way": "read",
        "peer": cover.sender,
        "number": cover.number,
        "first": head.first,
        "made_at": head.made_at,
        "noted_at": node.now(),
        "size": opened.size,
        "state": "hindered" if problems else "read",
        "carries": head.carries,
        "problems": [
            {"name": name, "code": error.code, "details": tellable(error.details)} for name, error in problems
        ],
    }
    tx.tables.put(COURIER, row)
    if answers:
        tx.tables.put(COURIER_INSIDE, {"file": cover.file, "answers": answers})
    for file in head.got:
        made = tx.tables.get(COURIER, file)
        if made is not None and made["way"] == "written" and made["peer"] == cover.sender:
            tx.tables.put(COURIER, {**made, "state": "acknowledged"})
            tx.tables.delete(COURIER_INSIDE, {"file": file})
    peer = tx.tables.get(PEER, cover.sender)
    if peer is not None:
        state = {**(peer["state"] or {})}
        state["courier_seen"] = max(head.seen, int(state.get("courier_seen", 0)))
        tx.tables.put(PEER, {**peer, "state": state})
