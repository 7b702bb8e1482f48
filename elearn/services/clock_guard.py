"""The guard of this machine's clock: looks at it at every start and each minute, and marks what is recorded in doubt.

The doubt that was found is kept as a fact, so that a page knows it with what it reads of the node anyway. What is
recorded meanwhile says so (`clock_uncertain`), and reports say how much that is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from elearn.core.ledger.clock import Doubt, Evidence, Said, doubt
from elearn.core.vocab.kept import NODE_FACT, PEER
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services.node import DOUBT, Node, keep_fact

NEWEST_PUBLISHED = "newest_published_at"
"""Node fact: the latest publication date of any package here. A clock before it is wrong."""

LOOKED_AT = "clock_looked_at"
"""Node fact: when the clock was last looked at and not doubted, to the hour."""

SAID = "clock_said"
"""Node fact: {at, known, by}: a person said at ``at`` that the clock is right, see `Said`."""

LOOK_EVERY = timedelta(hours=1)
_FACTS = ("hub", NEWEST_PUBLISHED, LOOKED_AT, SAID, DOUBT)


@dataclass(frozen=True)
class Known:
    """What is known of the time, and the doubt kept since it was found: {kind, known, found_at}, {} = none."""

    evidence: Evidence
    kept: dict[str, Any]

    def doubt(self, now: datetime) -> Doubt | None:
        """Return what speaks against the clock. A leap stays a doubt until it is answered: the next entry hides it."""
        found = doubt(now, self.evidence)
        if found is None and self.kept.get("kind") == "leapt" and not self._answered(now):
            return Doubt("leapt", instant_of(self.kept["known"]))
        return found

    def _answered(self, now: datetime) -> bool:
        """Tell whether the hub has told the time since the leap was seen, or the clock was set back behind it."""
        found_at, told = instant_of(self.kept["found_at"]), self.evidence.own_then
        return now < found_at or (told is not None and told >= found_at)


def clock_uncertain(tx: Transaction, now: str) -> bool:
    """Tell whether the clock is in doubt."""
    return known_of_time(tx).doubt(instant_of(now)) is not None


def look(node: Node) -> Doubt | None:
    """Look at the clock, keep what was found for the pages, and return it."""
    now = node.clock.now()
    with node.store.reading() as tx:
        known = known_of_time(tx)
    found, looked = known.doubt(now), known.evidence.looked
    changed = (found.kind if found else "") != known.kept.get("kind", "")
    stale = found is None and (looked is None or not timedelta() <= now - looked < LOOK_EVERY)
    if changed or stale:
        node.store.write(lambda tx: _keep(tx, now))
    return found


def known_of_time(tx: Transaction) -> Known:
    """Return what this node knows of the time."""
    facts = {row["name"]: row["value"] for row in tx.tables.select(NODE_FACT, {"name": _FACTS})}
    peer = tx.tables.get(PEER, facts["hub"]) if facts.get("hub") else None
    then = _instant(peer["last_contact_at"]) if peer else None
    offset = timedelta(milliseconds=int((peer or {}).get("clock_offset_ms") or 0))
    said = facts.get(SAID)
    evidence = Evidence(
        stored=_instant(tx.ledger.last_stored()),
        published=_instant(facts.get(NEWEST_PUBLISHED)),
        hub=then + offset if then else None,
        own_then=then,
        looked=_instant(facts.get(LOOKED_AT)),
        said=Said(instant_of(said["at"]), instant_of(said["known"])) if said else None,
    )
    return Known(evidence, facts.get(DOUBT) or {})


def _keep(tx: Transaction, now: datetime) -> None:
    known = known_of_time(tx)
    found = known.doubt(now)
    if found is None:
        keep_fact(tx, LOOKED_AT, text_of(now))
        tx.tables.delete(NODE_FACT, {"name": DOUBT})
    elif found.kind != known.kept.get("kind"):
        keep_fact(tx, DOUBT, {"kind": found.kind, "known": text_of(found.known), "found_at": text_of(now)})


def _instant(text: Any) -> datetime | None:
    return instant_of(str(text)) if text else None
