"""Where an entry is: kept here, or confirmed by a peer.

Delivered means that the peer named the entry's number (or a later one of its chain). Nothing else counts as sent.
"""

from dataclasses import dataclass

from elearn.core.ledger.entry import Entry
from elearn.core.vocab.kept import CONFIRMED, PEER
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.node import fact


@dataclass(frozen=True)
class Delivery:
    """Where an entry is. confirmed_by: name of the peer that holds it, "" = kept here only; confirmed_at: instant.

    brought_from: name of the post whose record it is, where the officer brought it along; "" = it was made here, or
    came by exchange. courier: number of the newest file to be carried to the hub that has it, 0 = in none, or it is
    confirmed; courier_at: when that was made.
    """

    confirmed_by: str = ""
    confirmed_at: str = ""
    brought_from: str = ""
    courier: int = 0
    courier_at: str = ""

    @property
    def confirmed(self) -> bool:
        """Tell whether a peer holds it."""
        return bool(self.confirmed_by)


@dataclass(frozen=True)
class OnCourier:
    """The newest file made to be carried to a hub. upto: the number of this node's last entry in it, 0 = there is no
    file."""

    number: int = 0
    made_at: str = ""
    upto: int = 0


def on_courier(hub: Row) -> OnCourier:
    """Return which entries of this node are on their way to a hub by hand. hub: row of PEER."""
    note = (hub["state"] or {}).get("courier")
    return OnCourier(**note) if note else OnCourier()


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
        hub = str(fact(tx, "hub", "") or "")
        above = tx.tables.get(PEER, hub) if hub else None
        self._mine = str(fact(tx, "id", "")) if above else ""
        self._courier = on_courier(above) if above else OnCourier()

    def of(self, entry: Entry) -> Delivery:
        """Return the earliest confirmation that covers the entry, or else the file it is carried in."""
        covering = (one for node, number, one in self._rows if node == entry.node and number >= entry.number)
        return next(covering, None) or self._carried(entry)

    def _carried(self, entry: Entry) -> Delivery:
        courier = self._courier
        if entry.node == self._mine and entry.number <= courier.upto:
            return Delivery(courier=courier.number, courier_at=courier.made_at)
        return Delivery()
