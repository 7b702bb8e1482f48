"""Asking whoever looks after this machine about its clock, and believing them."""

from dataclasses import dataclass
from datetime import timedelta

from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import NODE_FACT
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.clock_guard import LOOKED_AT, SAID, known_of_time
from elearn.services.issue_doubt import numbers_in_doubt
from elearn.services.node import DOUBT, Node, keep_fact, known

SHOWN_FOR = timedelta(hours=1)
"""How old a page may be whose time is said to be right."""


@dataclass(frozen=True)
class ClockShown:
    """now: what the clock says; kind: of the doubt ("back" | "leapt" | "hub"), "" = none; known: the instant that
    speaks against it, "" = none; said_at: when a person last said that the clock is right, "" = never. All ISO.
    certificates: numbers of what this node issued under a wrong clock, to be issued anew; () while it is in doubt."""

    now: str
    kind: str
    known: str
    said_at: str
    certificates: tuple[str, ...] = ()


def clock_shown(node: Node, by: Session) -> ClockShown:
    """Return how it stands with the clock. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    now = node.clock.now()
    with node.store.reading() as tx:
        of_time = known_of_time(tx)
        found, said = of_time.doubt(now), of_time.evidence.said
        numbers = () if found else tuple(numbers_in_doubt(tx, known(tx), text_of(now)))
    kind, at = (found.kind, text_of(found.known)) if found else ("", "")
    return ClockShown(text_of(now), kind, at, text_of(said.at) if said else "", numbers)


def say_right(node: Node, by: Session, seen: str) -> None:
    """Note that a person looked at the clock and says it is right. seen: the instant the page showed.

    Raises Refused("permission"), Refused("clock.moved") where the clock was set since the page was shown.
    """
    demand(by, Permission.MANAGE_NODE)
    try:
        shown_at = instant_of(seen)
    except Invalid:
        raise Refused("clock.moved") from None

    def work(tx: Transaction) -> None:
        known(tx)
        now = node.clock.now()
        if not timedelta(seconds=-2) <= now - shown_at <= SHOWN_FOR:
            raise Refused("clock.moved")
        newest = known_of_time(tx).evidence.newest or now
        keep_fact(tx, SAID, {"at": text_of(now), "known": text_of(max(newest, now)), "by": by.person})
        keep_fact(tx, LOOKED_AT, text_of(now))
        tx.tables.delete(NODE_FACT, {"name": DOUBT})

    node.store.write(work)
