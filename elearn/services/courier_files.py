"""The files that were carried, or are to be: what this node made and read, with their state, and their numbers."""

from dataclasses import dataclass
from typing import Any

from elearn.core.sync.courier import SUFFIX
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import COURIER, COURIER_INSIDE, PEER, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, fact, known

STICK = "stick:"
"""In place of the address of a hub there is no line to (`kept.PEER`)."""
MOST_SHOWN = 100


@dataclass(frozen=True)
class CourierFile:
    """A file made or read here, see `kept.COURIER`. peer_name: of the other side; kept: its content can still be had;
    carries: see `courier_head.CARRIES`; problems: [{code, details}]."""

    file: str
    way: str
    peer: str
    peer_name: str
    number: int
    made_at: str
    noted_at: str
    size: int
    state: str
    carries: dict[str, Any]
    problems: list[dict[str, Any]]
    kept: bool
    name: str


@dataclass(frozen=True)
class Receiver:
    """A node a file can be made for. above: it is the hub of this node; ready: it has said what is to be sealed to it;
    waits: it sent files that no file of this node answers yet; newest_read, newest_made: when, "" if never."""

    node: str
    name: str
    above: bool
    ready: bool
    waits: bool
    newest_read: str
    newest_made: str


def courier_files(node: Node, by: Session) -> list[CourierFile]:
    """Return what was made and read here, newest first. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        mine = known(tx)
        rows = tx.tables.select(COURIER, order=("-noted_at", "-number"), limit=MOST_SHOWN)
        names = {row["node"]: row["name"] for row in tx.tables.select(PEER)}
        newest = {row["peer"]: newest_first(tx, row["peer"], "written") for row in rows}
        return [_file(row, mine.name, mine.id, names, newest) for row in rows]


def _file(row: Row, my_name: str, mine: str, names: dict[str, str], newest: dict[str, int]) -> CourierFile:
    there = str(names.get(row["peer"]) or row["peer"])
    is_mine = row["way"] == "written"
    here, other = (my_name, mine), (there, str(row["peer"]))
    sender, receiver = (here, other) if is_mine else (other, here)
    return CourierFile(
        **{name: row[name] for name in ("file", "way", "peer", "number", "made_at", "noted_at", "size", "state")},
        peer_name=there,
        carries=row["carries"] or {},
        problems=row["problems"] or [],
        kept=is_mine and row["state"] == "written" and row["first"] == newest[row["peer"]],
        name=file_name(sender, receiver, row["number"]),
    )


def receivers(node: Node, by: Session) -> list[Receiver]:
    """Return the nodes files can be made for: the hub first, then the posts. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        hub = str(fact(tx, "hub", "") or "") if node.can(Power.CALL_HUB) else ""
        rows = tx.tables.select(PEER, {"url": None}, order=("name",)) if node.can(Power.ANSWER_POSTS) else []
        top = tx.tables.get(PEER, hub) if hub else None
        found = [_receiver(tx, row, above=row is top) for row in ([top] if top else []) + rows]
    return sorted(found, key=lambda one: (not one.above, not one.waits))


def _receiver(tx: Transaction, row: Row, *, above: bool) -> Receiver:
    read, made = _newest(tx, row["node"], "read"), _newest(tx, row["node"], "written")
    return Receiver(
        node=row["node"],
        name=row["name"],
        above=above,
        ready=bool((row["state"] or {}).get("box")),
        waits=read is not None and read["noted_at"] > (made["noted_at"] if made else ""),
        newest_read=read["noted_at"] if read else "",
        newest_made=made["noted_at"] if made else "",
    )


def content_of(node: Node, by: Session, file: str) -> tuple[str, bytes]:
    """Return name and content of a file made here. Raises Refused("permission"), NotFound("courier.gone")."""
    demand(by, Permission.MANAGE_NODE)
    found = next((one for one in courier_files(node, by) if one.file == file and one.way == "written"), None)
    with node.store.reading() as tx:
        inside = tx.tables.get(COURIER_INSIDE, file)
    if found is None or inside is None or inside["content"] is None:
        raise NotFound("courier.gone", file=file)
    return found.name, bytes(inside["content"])


def receiver_row(tx: Transaction, node: Node, to: str = "") -> Row:
    """Return the row of PEER of who a file is for. to: node id or name of a post, "" = the hub.

    Raises Refused("exchange.alone"), NotFound("courier.receiver", to=) where none or several are called so.
    """
    hub = str(fact(tx, "hub", "") or "") if node.can(Power.CALL_HUB) else ""
    if not to:
        row = tx.tables.get(PEER, hub) if hub else None
        if row is None:
            raise Refused("exchange.alone")
        return row
    posts = tx.tables.select(PEER, {"url": None}) if node.can(Power.ANSWER_POSTS) else []
    above = tx.tables.get(PEER, hub) if hub else None
    found = [row for row in [*posts, *([above] if above else [])] if to in {row["node"], row["name"]}]
    if len(found) != 1:
        raise NotFound("courier.receiver", to=to[:80])
    return found[0]


def next_number(tx: Transaction, peer: Row) -> int:
    """Return the number of the next file for a peer: higher than any it has read, also after this node was put back."""
    made = _newest(tx, peer["node"], "written")
    return 1 + max(made["number"] if made else 0, int((peer["state"] or {}).get("courier_seen", 0)))


def _newest(tx: Transaction, peer: str, way: str) -> Row | None:
    rows = tx.tables.select(COURIER, {"peer": peer, "way": way}, order=("-number",), limit=1)
    return rows[0] if rows else None


def newest_first(tx: Transaction, peer: str, way: str) -> int:
    """Return the number of the first of the files made in one go last, 0 if there is none."""
    row = _newest(tx, peer, way)
    return int(row["first"]) if row else 0


def name_of_node(tx: Transaction, node_id: str) -> str:
    """Return what a node is called as far as it is known here, "" if it is not."""
    peer = tx.tables.get(PEER, node_id)
    if peer is not None:
        return str(peer["name"])
    keys = tx.tables.select(TRUSTED_KEY, {"node": node_id}, limit=1)
    return str(keys[0]["node_name"] or "") if keys else ""


def file_name(sender: tuple[str, str], receiver: tuple[str, str], number: int) -> str:
    """Return what a file is called: (name, id) of both sides. Sticks of any kind take it, so ASCII only."""
    return f"elearn-{_slug(*sender)}-to-{_slug(*receiver)}-{number:04d}{SUFFIX}"


def _slug(name: str, node_id: str) -> str:
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in name.lower()).split()
    return "-".join(words)[:30] if name.isascii() and words else node_id[:8]
