"""Which node has a word in what another has said: that node itself, and the hubs above it."""

from elearn.core.vocab.kept import TRUSTED_KEY
from elearn.ports import Transaction
from elearn.services.node import fact


def has_a_word(tx: Transaction, by: str, origin: str) -> bool:
    """Tell whether a node may take back what ``origin`` said: its own words, or those of a node below it.

    A hub is above the nodes whose keys it vouches for, and above the hubs below it, as far as that is known here.
    """
    seen: set[str] = set()
    current = {origin}
    while current:
        if by in current:
            return True
        seen |= current
        current = {above for one in current for above in _above(tx, one)} - seen
    return False


def _above(tx: Transaction, node: str) -> set[str]:
    found = {str(row["vouched_by"]) for row in tx.tables.select(TRUSTED_KEY, {"node": node}) if row["vouched_by"]}
    if node == fact(tx, "id"):
        found.add(str(fact(tx, "hub", "") or node))
    return found
