"""What a post does about its hub: enrols with it, sends what it lacks, and says truthfully what has arrived.

Delivered means that the hub named the number (`confirmed`), nothing else.
"""

from dataclasses import dataclass
from typing import Any, Literal

from elearn.core.vocab.errors import ElearnError, Refused
from elearn.core.vocab.kept import CONFIRMED, PEER
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, fact

Colour = Literal["good", "waiting", "bad", "alone"]


@dataclass(frozen=True)
class Light:
    """colour: "good" all confirmed, "waiting" for a line, "bad" refused by the hub, "alone" not enrolled with one.

    waiting: entries of this node the hub has not confirmed; at: when it last confirmed any, None if never; hub: its
    name; reason: the code of what hindered the last exchange, "" if nothing did.
    """

    colour: Colour
    waiting: int = 0
    at: str | None = None
    hub: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one exchange did. error: what stopped it; sent, people: what the hub confirmed of it."""

    ok: bool
    error: ElearnError | None = None
    sent: int = 0
    people: int = 0


def light(node: Node) -> Light:
    """Return how the exchange stands, for the foot of every page: four look-ups, no scan."""
    if not node.can(Power.CALL_HUB):
        return Light("alone")
    with node.store.reading() as tx:
        return _light(tx)


def _light(tx: Transaction) -> Light:
    hub = tx.tables.get(PEER, fact(tx, "hub", "") or "")
    if hub is None:
        return Light("alone")
    mine = str(fact(tx, "id"))
    confirmed: dict[str, Any] = tx.tables.get(CONFIRMED, hub["node"], mine) or {"number": 0, "confirmed_at": None}
    waiting = max(0, tx.ledger.head(mine).number - confirmed["number"])
    state = hub["state"] or {}
    colour: Colour = "waiting" if waiting else "good"
    if state.get("refused"):
        colour = "bad"
    return Light(colour, waiting, confirmed["confirmed_at"], hub["name"], str(state.get("code") or ""))


def state(node: Node) -> Light:
    """Return how the exchange stands, for the administrator."""
    return light(node)


def tick(node: Node) -> None:
    """Exchange if it is due. Called once a minute."""


def exchange_now(node: Node, by: Session) -> Outcome:
    """Exchange at once."""
    demand(by, Permission.MANAGE_NODE)
    return Outcome(False, Refused("exchange.alone"))


def enrol_with(node: Node, by: Session, url: str, code: str) -> None:
    """Enrol with a hub. Raises Refused("exchange.not-yet")."""
    demand(by, Permission.MANAGE_NODE)
    raise Refused("exchange.not-yet", url=url, code=code)
