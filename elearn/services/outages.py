"""When this node was switched off: an exam's time stands still meanwhile.

While a sitting is under way the node notes every half minute that it is awake. At its next start it
knows since when it was not. Without such a sitting nothing is written: a memory card wears out by writing.
"""

from collections.abc import Sequence
from datetime import timedelta

from elearn.core.projections.attempts import ATTEMPT
from elearn.core.vocab.kept import OUTAGE
from elearn.core.vocab.tables import Span
from elearn.core.vocab.times import instant_of, seconds_between, text_of
from elearn.ports import Transaction
from elearn.services.node import Node, fact, keep_fact

BEAT_S = 30
LONGEST_SITTING = timedelta(days=2)
"""Nobody goes on with an exam later than that; one that was left lying must not cost writing."""

_AWAKE = "awake_at"

Outage = tuple[str, str]
"""From when to when the node was off, as instants."""


def note_start(node: Node) -> None:
    """Keep since when the node was off, if that is known. To be called once, before anything is served."""
    now = node.now()
    with node.store.reading() as tx:
        awake = str(fact(tx, _AWAKE, ""))
    if not awake or not _is_later(awake, now):
        return

    def work(tx: Transaction) -> None:
        tx.tables.put(OUTAGE, {"began_at": awake, "ended_at": now})
        tx.tables.delete(OUTAGE, {"ended_at": Span(None, text_of(instant_of(now) - 2 * LONGEST_SITTING))})
        keep_fact(tx, _AWAKE, "")

    node.store.write(work)


def note_awake(node: Node) -> None:
    """Keep that the node is awake now, if a sitting is under way. To be called every BEAT_S seconds."""
    with node.store.reading() as tx:
        if not _sitting(tx, node):
            return
    node.store.write(lambda tx: keep_fact(tx, _AWAKE, node.now()))


def outages_since(tx: Transaction, instant: str) -> tuple[Outage, ...]:
    """Return the outages that ended after an instant."""
    return tuple((row["began_at"], row["ended_at"]) for row in tx.tables.select(OUTAGE, {"ended_at": Span(instant)}))


def off_s(outages: Sequence[Outage], since: str, until: str) -> float:
    """Return for how many seconds between two instants the node was off."""
    cut = ((max(began, since), min(ended, until)) for began, ended in outages)
    return sum(seconds_between(began, ended) for began, ended in cut if began < ended)


def _sitting(tx: Transaction, node: Node) -> bool:
    since = text_of(node.clock.now() - LONGEST_SITTING)
    return bool(tx.tables.count(ATTEMPT, {"submitted_at": None, "started_at": Span(since)}))


def _is_later(awake: str, now: str) -> bool:
    """Tell whether there is a gap. A clock that came back in the past says nothing, and costs nobody time anyway."""
    return seconds_between(awake, now) > 2
