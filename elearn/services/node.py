"""The node: its powers, its ports, and what it knows about itself."""

from dataclasses import dataclass, fields
from typing import Any

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import NODE_FACT
from elearn.core.vocab.nodes import POWERS, Power
from elearn.core.vocab.times import text_of
from elearn.core.xapi.verbs import AUTHORITY
from elearn.ports import (
    Batches,
    Box,
    Clock,
    CodeReader,
    Collation,
    CourseFiles,
    Ids,
    Incoming,
    Keys,
    LinkedData,
    Neighbours,
    Passwords,
    Peer,
    Phrases,
    Press,
    Search,
    Shelf,
    Store,
    Transaction,
)
from elearn.settings import Settings

DOUBT = "clock_doubt"
"""Node fact, kept by the clock guard: {kind, known, found_at} while the clock of this machine is in doubt."""


@dataclass(frozen=True)
class Node:
    """One elearn program with everything it needs from the world. Built only by `wiring.build_node`."""

    settings: Settings
    store: Store
    clock: Clock
    ids: Ids
    passwords: Passwords
    keys: Keys
    box: Box
    search: Search
    press: Press
    shelf: Shelf
    phrases: Phrases
    course_files: CourseFiles
    codes: CodeReader
    peer: Peer
    linked_data: LinkedData
    neighbours: Neighbours
    batches: Batches
    incoming: Incoming
    collation: Collation

    def can(self, power: Power) -> bool:
        """Tell whether a node of this kind may do this."""
        return power in POWERS[self.settings.kind]

    def must(self, power: Power) -> None:
        """Raise Refused("node.power") where the node may not."""
        if not self.can(power):
            raise Refused("node.power", power=power.value)

    def now(self) -> str:
        """Return the time as the ledger writes it."""
        return text_of(self.clock.now())


@dataclass(frozen=True)
class About:
    """What a node knows of itself once it was set up.

    id: uuid; name: of the post or hub; languages: offered tags; issuer: printed on certificates;
    hub: node id of the hub it is enrolled with, "" before; clock_doubt: see `DOUBT`, None = the clock is believed.
    """

    id: str
    name: str
    country: str
    agency: str
    languages: tuple[str, ...]
    issuer: str
    signatories: tuple[dict[str, str], ...]
    authority: str
    hub: str
    set_up_at: str
    demo: bool
    clock_doubt: dict[str, str] | None = None


_ABOUT = tuple(field.name for field in fields(About))


def fact(tx: Transaction, name: str, default: Any = None) -> Any:
    """Return one fact of the node about itself."""
    row = tx.tables.get(NODE_FACT, name)
    return default if row is None else row["value"]


def keep_fact(tx: Transaction, name: str, value: Any) -> None:
    """Keep one fact of the node about itself."""
    tx.tables.put(NODE_FACT, {"name": name, "value": value})


def about(tx: Transaction) -> About | None:
    """Return what the node knows of itself, or None before set-up."""
    # One read, not twelve: every page and every answer asks for this.
    rows = tx.tables.select(NODE_FACT, {"name": _ABOUT})
    facts = {row["name"]: row["value"] for row in rows}
    if not facts.get("set_up_at"):
        return None
    return About(
        id=facts["id"],
        name=facts.get("name", ""),
        country=facts.get("country", ""),
        agency=facts.get("agency", ""),
        languages=tuple(facts.get("languages", [])),
        issuer=facts.get("issuer", ""),
        signatories=tuple(facts.get("signatories", [])),
        authority=facts.get("authority", AUTHORITY),
        hub=facts.get("hub", ""),
        set_up_at=facts["set_up_at"],
        demo=bool(facts.get("demo", False)),
        clock_doubt=facts.get(DOUBT),
    )


def known(tx: Transaction) -> About:
    """Return what the node knows of itself. Raises Refused("node.not-set-up")."""
    mine = about(tx)
    if mine is None:
        raise Refused("node.not-set-up")
    return mine


def must_be_of_this_kind(node: Node) -> None:
    """Keep a hub's folder from being served as a post, and the other way round: officers would work in the wrong one.

    Raises Refused("node.other-kind", path=, kind=). A folder that does not say what it is is older than this.
    """
    with node.store.reading() as tx:
        kind = str(fact(tx, "kind", ""))
    if kind not in {"", node.settings.kind.value}:
        raise Refused("node.other-kind", path=str(node.settings.data), kind=kind)
