"""What a post does about its hub: sends what it lacks, and says truthfully what has arrived.

Delivered means that the hub named the number (`confirmed`), nothing else. Cut off anywhere, the next exchange goes on
from what the hub says it holds.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from elearn.core.sync.pace import is_due, pause_s
from elearn.core.sync.talk import tellable
from elearn.core.vocab.errors import ElearnError, Refused, Unavailable
from elearn.core.vocab.kept import PEER, QUARANTINE
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Neighbour, Transaction
from elearn.services.accounts import Session, demand
from elearn.services.apart_noted import open_apart
from elearn.services.chains import confirmed_of
from elearn.services.courier_files import STICK
from elearn.services.deliveries import on_courier
from elearn.services.enrolment import enrol
from elearn.services.exchange_talk import Talk, hub_of
from elearn.services.fetching import NOTHING, Coming, coming
from elearn.services.healing import Healed, healed, is_twice
from elearn.services.key_following import followed
from elearn.services.line_use import note_use, on_the_meter
from elearn.services.node import Node, fact, known
from elearn.services.sending_people import people_waiting

Colour = Literal["good", "waiting", "bad", "alone"]
KEPT_APART = "exchange.kept-apart"
KEYS_TO_LEARN = 3
"""Exchanges at most in one: to learn the hub's new key, to tell it one's own, and to exchange."""

LOOK_AROUND_S = 3.0


@dataclass(frozen=True)
class Light:
    """colour: "good" all confirmed, "waiting" for a line, "bad" refused by the hub, "alone" not enrolled with one.

    waiting: entries of this node, or received by it, the hub has not confirmed; at: when it last confirmed any, None if
    never; hub: its name; reason: the code of what hindered the last exchange, "exchange.kept-apart" where the hub took
    all but could not count all, "" if nothing did; courier: number of the newest file to be carried that has some of
    what waits, 0 if none has; carried: how many of those that wait are in it; courier_at: when it was made; stick:
    there is no line to this hub at all.
    """

    colour: Colour
    waiting: int = 0
    at: str | None = None
    hub: str = ""
    reason: str = ""
    courier: int = 0
    carried: int = 0
    courier_at: str = ""
    stick: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one exchange did. error: what stopped it; sent, people: what the hub confirmed of it; healed: what was
    fetched back because this node was put back from an older copy, None = nothing had to be; more: files of courses are
    left, and go on with the next exchange at once."""

    ok: bool
    error: ElearnError | None = None
    sent: int = 0
    people: int = 0
    healed: Healed | None = None
    more: bool = False


@dataclass(frozen=True)
class KeptApart:
    """What the hub could not take. kind: "entry" (its number) or "person" (number None); id: of statement or person;
    noted_at, note: of the administrator who looked at it, "" = nobody yet."""

    kind: str
    number: int | None
    id: str
    node: str
    digest: str
    reason: str
    seen_at: str
    noted_at: str = ""
    note: str = ""


@dataclass(frozen=True)
class State:
    """The exchange in full. hub, url, enrolled_at: "" before enrolment; number: of this node's last entry; confirmed:
    the last the hub named; people: identities that wait (none where the hub may not have them); tried_at, ok_at,
    next_try_at: None if never; error: what the last try ended with; clock_offset_ms: how far the hub's clock is ahead;
    healed: when and what was fetched back after this node was put back, newest first; twice: so often that another
    machine must be suspected to send as this one; courses: what of the hub's courses is still to come.
    """

    light: Light
    hub: str
    url: str
    country: str
    enrolled_at: str
    number: int
    confirmed: int
    confirmed_at: str | None
    people: int
    tried_at: str | None
    ok_at: str | None
    next_try_at: str | None
    error: ElearnError | None
    clock_offset_ms: int
    apart: tuple[KeptApart, ...]
    healed: tuple[Healed, ...] = ()
    twice: bool = False
    courses: Coming = NOTHING


def light(node: Node) -> Light:
    """Return how the exchange stands, for the foot of every page: five look-ups by key, no scan."""
    if not node.can(Power.CALL_HUB):
        return Light("alone")
    with node.store.reading() as tx:
        return _light(tx)


def _light(tx: Transaction) -> Light:
    hub = hub_of(tx)
    if hub is None:
        return Light("alone")
    mine = str(fact(tx, "id"))
    confirmed = confirmed_of(tx, hub, mine)
    state = hub["state"] or {}
    # What came in from posts since the last exchange waits as well: a hub sends it on to the hub above.
    others = tx.ledger.size() - int(state.get("size", 0)) if state.get("size") else 0
    waiting = max(0, tx.ledger.head(mine).number - confirmed["number"], others)
    colour: Colour = "waiting" if waiting else "good"
    reason = str(state.get("code") or "")
    if state.get("refused"):
        colour = "bad"
    elif not reason and state.get("apart"):
        reason = KEPT_APART
    courier = on_courier(hub)
    carried = min(waiting, max(0, courier.upto - confirmed["number"]))
    return Light(
        colour,
        waiting,
        confirmed["confirmed_at"],
        hub["name"],
        reason,
        courier=courier.number if carried else 0,
        carried=carried,
        courier_at=courier.made_at if carried else "",
        stick=hub["url"] == STICK,
    )


def state(node: Node) -> State:
    """Return the exchange in full, for the administrator's page."""
    with node.store.reading() as tx:
        hub, mine = hub_of(tx), known(tx)
        if hub is None:
            number = tx.ledger.head(mine.id).number
            return State(Light("alone"), "", "", "", "", number, 0, None, 0, None, None, None, None, 0, ())
        confirmed, past = confirmed_of(tx, hub, mine.id), hub["state"] or {}
        apart = tx.tables.select(QUARANTINE, {"node": mine.id}, order=("-seen_at",), limit=200)
        return State(
            light=_light(tx),
            hub=hub["name"],
            url=hub["url"],
            country=hub["country"],
            enrolled_at=hub["enrolled_at"],
            number=tx.ledger.head(mine.id).number,
            confirmed=confirmed["number"],
            confirmed_at=confirmed["confirmed_at"],
            people=len(people_waiting(tx, hub, mine)),
            tried_at=past.get("tried_at"),
            ok_at=past.get("ok_at"),
            next_try_at=past.get("next_try_at"),
            error=ElearnError(past["code"], **past.get("details", {})) if past.get("code") else None,
            clock_offset_ms=hub["clock_offset_ms"] or 0,
            apart=tuple(
                KeptApart(
                    **{name: row[name] for name in ("kind", "number", "id", "node", "digest", "reason", "seen_at")},
                    noted_at=row["noted_at"] or "",
                    note=row["note"] or "",
                )
                for row in apart
            ),
            healed=healed(tx),
            courses=coming(tx, node),
            twice=is_twice([one.at for one in reversed(healed(tx))]),
        )


def enrol_with(node: Node, by: Session, url: str, code: str) -> str:
    """Enrol this node with a hub; return the hub's name. Raises Refused("permission") and as `enrolment.enrol`."""
    demand(by, Permission.MANAGE_NODE)
    return enrol(node, url, code)


def hubs_near(node: Node, by: Session) -> list[Neighbour]:
    """Return the hubs on the local network, after a few seconds. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    return node.neighbours.find(LOOK_AROUND_S)


def exchange_now(node: Node, by: Session) -> Outcome:
    """Exchange at once, because somebody asks, whatever is left of the day's budget.

    Raises Refused("permission"); all else is in the outcome.
    """
    demand(by, Permission.MANAGE_NODE)
    return exchange_once(node, by_hand=True)


def tick(node: Node) -> None:
    """Exchange if it is due; called once a minute. That there is no line is no error."""
    if not node.can(Power.CALL_HUB):
        return
    with node.store.reading() as tx:
        hub = hub_of(tx)
        standing = _light(tx)
    if hub is None or hub["url"] == STICK:
        return
    past = hub["state"] or {}
    fresh = (standing.waiting or past.get("more")) and not past.get("failures")
    if fresh or not past.get("next_try_at") or is_due(node.clock.now(), instant_of(past["next_try_at"])):
        exchange_once(node)


def exchange_once(node: Node, *, by_hand: bool = False) -> Outcome:
    """Send what the hub lacks and take what it has for this node. What went wrong is in the outcome, and kept.

    by_hand: somebody asked for it, so no budget stops it.
    """
    with node.store.reading() as tx:
        hub = hub_of(tx)
    if hub is None:
        return Outcome(False, Refused("exchange.alone"))
    if hub["url"] == STICK:
        return Outcome(False, Refused("exchange.by-stick"))
    metered, meter = on_the_meter(node, by_hand=by_hand)
    talk, error = _talked(metered, hub)
    outcome = Outcome(error is None, error, talk.sent, talk.people, talk.healed, talk.more)

    def work(tx: Transaction) -> None:
        _keep_outcome(tx, node, hub["node"], outcome)
        code = error.code if error else ""
        note_use(tx, node, hub["node"], meter, sent=talk.sent, people=talk.people, code=code)

    node.store.write(work)
    return outcome


def _talked(node: Node, hub: Row) -> tuple[Talk, ElearnError | None]:
    """Run an exchange, begun anew where one side first has to learn that the other renewed its key: each may have."""
    talk = Talk(node, hub)
    for _ in range(KEYS_TO_LEARN):
        talk = Talk(node, hub)
        try:
            talk.run()
        except ElearnError as error:
            try:
                if not followed(node, hub, error):
                    return talk, error
            except ElearnError as of_key:
                return talk, of_key
        else:
            return talk, None
        with node.store.reading() as tx:
            hub = hub_of(tx) or hub
    return talk, Refused("peer.unknown-key", key_id=node.keys.key_id)


def _keep_outcome(tx: Transaction, node: Node, hub: str, outcome: Outcome) -> None:
    row = tx.tables.get(PEER, hub)
    if row is None:
        return
    past, error, now = row["state"] or {}, outcome.error, node.clock.now()
    failures = 0 if error is None else int(past.get("failures", 0)) + 1
    pause = pause_s(failures, waiting=False, seed=node.ids.seed())
    kept = {
        **past,
        "failures": failures,
        "more": outcome.more,
        "code": error.code if error else "",
        "details": tellable(error.details) if error else {},
        # No line is not a refusal: it is how most weeks look.
        "refused": error is not None and not isinstance(error, Unavailable),
        "apart": open_apart(tx, str(fact(tx, "id"))),
        "tried_at": text_of(now),
        "ok_at": text_of(now) if error is None else past.get("ok_at"),
        "next_try_at": text_of(now + timedelta(seconds=pause)),
    }
    tx.tables.put(PEER, {**row, "state": kept})
