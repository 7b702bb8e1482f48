"""Where an entry is: kept here, or confirmed by a peer.

Delivered means that the peer named the entry's number (or a later one of its chain). Nothing else counts as sent.
"""

from dataclasses import dataclass

from elearn.core.ledger.entry import Entry
from elearn.core.vocab.kept import CONFIRMED, PEER
from elearn.ports import Transaction


@dataclass(frozen=True)
class Delivery:
    """Where an entry is. confirmed_by: name of the peer that holds it, "" = kept here only; confirmed_at: instant.

    brought_from: name of the post whose record it is, where the officer brought it along; "" = it was made here, or
    came by exchange.
    """

    confirmed_by: str = ""
    confirmed_at: str = ""
    brought_from: str = ""

    @property
    def confirmed(self) -> bool:
        """Tell whether a peer holds it."""
        return bool(self.confirmed_by)


def delivery(tx: Transaction, entry: Entry) -> Delivery:
    """Return where one entry is."""
    return Deliveries(tx).of(entry)


class Deliveries:
    """The numbers that peers have named, read once."""

    def __init__(self, tx: Transaction) -> None:
        names = {row["node"]: str(row["name"] or row["node"]) for row in tx.tables.select(PEER)}
        self._rows = [
            (
                row["node"],
                row["number"],
                Delivery(names.get(row["peer"]) or str(row["peer"]), row["confirmed_at"] or ""),
            )
            for row in tx.tables.select(CONFIRMED, None, ("confirmed_at",))
        ]

    def of(self, entry: Entry) -> Delivery:
        """Return the earliest confirmation that covers the entry."""
        covering = (one for node, number, one in self._rows if node == entry.node and number >= entry.number)
        return next(covering, Delivery())
