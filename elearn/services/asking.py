"""An officer comes from another post and brings no file: the post asks its hub for the record, by service number.

The question goes up with the next exchange (line or stick) and the answer comes down with one after it. Nothing of an
officer is known here before an administrator has looked at what came and handed over a one-time PIN; from then on what
arrives at the hub later comes down by itself. The hub keeps who asked for whom, for its administrator to see.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from elearn.core.roster.words import clean
from elearn.core.sync.carried import Carried, unpack
from elearn.core.sync.moved import MOST_ASKS, Asked, Found, asks_in, asks_said, found_in
from elearn.core.sync.talk import part
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, ASK, PEER
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.people import Agency
from elearn.core.vocab.pins import fold_number, number_problem
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services import arriving
from elearn.services.accounts import Session, demand
from elearn.services.arriving import Arrived, Arriving
from elearn.services.node import Node, fact, keep_fact, known

WAITS, UNKNOWN, FOUND, HERE, REFUSED = "waits", "unknown", "found", "here", "refused"
TOLD = "asks_told"
"""Node fact: {hub: digest} of the questions a hub has confirmed."""


@dataclass(frozen=True)
class AskShown:
    """A question. state: "waits" for an exchange, "unknown" to the hub, "found": to be looked at, "here": taken in and
    kept up to date, "refused": what came could not be taken (error); by: the post that asks, on a hub."""

    agency: str
    service_number: str
    asked_at: str
    state: str
    error: str = ""
    by: str = ""


def ask_for(node: Node, by: Session, agency: str, service_number: str) -> None:
    """Ask the hub for an officer.

    Raises Refused("permission" | "node.power" | "exchange.alone" | "asks.too-many"), Invalid("form.fields").
    """
    demand(by, Permission.MANAGE_OFFICERS)
    node.must(Power.HOLD_IDENTITIES)
    number = fold_number(clean(service_number))
    problems = {
        "agency": "" if agency in {one.value for one in Agency} else "agency.unknown",
        "service_number": number_problem(number) or "",
    }
    problems = {field: code for field, code in problems.items() if code}
    if problems:
        raise Invalid("form.fields", fields=problems)

    def work(tx: Transaction) -> None:
        mine = known(tx)
        if not mine.hub:
            raise Refused("exchange.alone")
        key = {"node": mine.id, "agency": agency, "service_number": number}
        if tx.tables.get(ASK, mine.id, agency, number) is None and tx.tables.count(ASK, {"node": mine.id}) >= MOST_ASKS:
            raise Refused("asks.too-many", most=MOST_ASKS)
        tx.tables.put(ASK, {**key, "asked_at": node.now(), "asked_by": by.person, "state": WAITS})

    node.store.write(work)


def forget(node: Node, by: Session, agency: str, service_number: str) -> None:
    """Ask no more for an officer; an account that was opened stays. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_OFFICERS)
    key = {"agency": agency, "service_number": service_number}
    node.store.write(lambda tx: tx.tables.delete(ASK, {"node": known(tx).id, **key}))


def asks(node: Node, by: Session) -> list[AskShown]:
    """Return what is asked: of this node's own, and on a hub of its posts', the newest first.

    Raises Refused("permission").
    """
    demand(by, Permission.MANAGE_OFFICERS)
    with node.store.reading() as tx:
        mine = known(tx).id
        names = {row["node"]: row["name"] for row in tx.tables.select(PEER)}
        rows = tx.tables.select(ASK, order=("-asked_at",))
    return [
        AskShown(
            row["agency"],
            row["service_number"],
            row["asked_at"] or "",
            row["state"] or WAITS,
            row["error"] or "",
            "" if row["node"] == mine else str(names.get(row["node"], "")),
        )
        for row in rows
    ]


def look_at(node: Node, by: Session, agency: str, service_number: str) -> Arriving:
    """Return what came of an officer; nothing is taken. Raises as `arriving.look_at`, NotFound("asks.nothing")."""
    return arriving.look_at_carried(node, by, _came(node, by, agency, service_number))


def take_in(node: Node, by: Session, agency: str, service_number: str) -> Arrived:
    """Take in what came: the person, an account with a one-time PIN unless there is one, what was learned elsewhere.

    Raises as `arriving.take_in`, NotFound("asks.nothing").
    """
    carried = _came(node, by, agency, service_number)
    arrived = arriving.take_in_carried(node, by, carried)

    def work(tx: Transaction) -> None:
        row = tx.tables.get(ASK, known(tx).id, agency, service_number)
        if row is not None:
            tx.tables.put(ASK, {**row, "state": HERE, "person": arrived.person, "record": None, "error": None})

    node.store.write(work)
    return arrived


def _came(node: Node, by: Session, agency: str, service_number: str) -> Carried:
    demand(by, Permission.MANAGE_OFFICERS)
    with node.store.reading() as tx:
        row = tx.tables.get(ASK, known(tx).id, agency, service_number)
    if row is None or not row["record"]:
        raise NotFound("asks.nothing")
    return unpack(b64decode(row["record"]), node.keys.check)


# --- the questions, on their way up (`exchange_parts.Up`) ------------------------------------------------------------


def asks_digest(tx: Transaction, _node: Node, hub: Row) -> str:
    """Return the digest of the questions for this hub, "" where nothing is and was asked."""
    own = _own(tx, hub)
    return digest_of(asks_said(own)) if own or _told(tx).get(hub["node"]) else ""


def asks_pages(tx: Transaction, node: Node, hub: Row, again: bool) -> list[tuple[Any, str]]:
    """Return the questions as one page, unless the hub has them."""
    digest = asks_digest(tx, node, hub)
    wanted = bool(digest) and (again or _told(tx).get(hub["node"]) != digest)
    return [(asks_said(_own(tx, hub)), digest)] if wanted else []


def asks_confirmed(tx: Transaction, _node: Node, hub: Row, value: Any, _answer: dict[str, Any]) -> int:
    """Keep that the hub has the questions, inside a write; return how many there are."""
    keep_fact(tx, TOLD, {**_told(tx), hub["node"]: digest_of(value)})
    return len(value)


def take_asks(node: Node, caller: Row, value: Any) -> dict[str, Any]:
    """On the hub: keep whom a post asks for now. Raises Invalid("peer.part"), Refused("people.not-here")."""
    wanted = asks_in(value)

    def work(tx: Transaction) -> dict[str, Any]:
        if not node.can(Power.HOLD_IDENTITIES) or caller["country"] != known(tx).country:
            raise Refused("people.not-here")
        keep = {(one.agency, one.service_number) for one in wanted}
        for row in tx.tables.select(ASK, {"node": caller["node"]}):
            if (row["agency"], row["service_number"]) not in keep:
                tx.tables.delete(ASK, {name: row[name] for name in ASK.key})
        for agency, number in sorted(keep):
            if tx.tables.get(ASK, caller["node"], agency, number) is None:
                key = {"node": caller["node"], "agency": agency, "service_number": number}
                tx.tables.put(ASK, {**key, "asked_at": node.now(), "state": WAITS})
        return {"asks": len(keep)}

    return node.store.write(work)


def _own(tx: Transaction, hub: Row) -> list[Asked]:
    mine = known(tx)
    if mine.hub != hub["node"] or hub["country"] != mine.country:
        return []
    rows = tx.tables.select(ASK, {"node": mine.id}, order=("agency", "service_number"))
    return [Asked(row["agency"], row["service_number"]) for row in rows]


def _told(tx: Transaction) -> dict[str, str]:
    return dict(fact(tx, TOLD) or {})


# --- the answers, on their way down (`exchange_parts.Down`, on the post) ---------------------------------------------


def wanted(tx: Transaction, _node: Node, _hub: Row) -> dict[str, Any]:
    """Return what is held of the answers: {digests: {agency/number: digest}}."""
    rows = tx.tables.select(ASK, {"node": known(tx).id})
    return {"digests": {f"{row['agency']}/{row['service_number']}": row["digest"] for row in rows if row["digest"]}}


def take(tx: Transaction, node: Node, hub: Row, given: Any) -> bool:
    """Keep what came of officers, inside a write; of those who are here already, take in what is new.

    Return whether it was all. Raises Invalid("peer.part").
    """
    if not isinstance(given, dict):
        raise Invalid("peer.part", part="moved", wanted="dict")
    mine = known(tx).id
    for one in asks_in(part(given, "unknown", list)):
        row = tx.tables.get(ASK, mine, one.agency, one.service_number)
        if row is not None and row["state"] == WAITS:
            tx.tables.put(ASK, {**row, "state": UNKNOWN})
    for found in (found_in(value) for value in part(given, "found", list)):
        row = tx.tables.get(ASK, mine, found.asked.agency, found.asked.service_number)
        if row is not None:
            tx.tables.put(ASK, {**row, **_kept(tx, node, hub, found)})
    return not part(given, "more", bool)


def _kept(tx: Transaction, node: Node, hub: Row, found: Found) -> Row:
    """Return what is kept of an answer. A record that is not right is named and asked for no more until it changes."""
    try:
        carried = unpack(found.content, node.keys.check)
        if carried.node != hub["node"]:
            raise Refused("carried.signature", name=carried.name)
        person = str(carried.person.get("id") or "")
        if tx.tables.get(ACCOUNT, person) is not None:
            arriving.take_late(tx, node, carried)
            return {"state": HERE, "person": person, "digest": found.digest, "record": None, "error": None}
    except ElearnError as error:
        return {"state": REFUSED, "digest": found.digest, "record": None, "error": error.code}
    record = b64encode(found.content).decode("ascii")
    return {"state": FOUND, "person": person, "digest": found.digest, "record": record, "error": None}
