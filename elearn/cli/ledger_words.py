"""What is said of a chain that was looked through: what is damaged, where, and what to do about it."""

from elearn.core.vocab.nodes import Power
from elearn.services.ledger_check import Chain, Damage, Kind
from elearn.services.node import Node, about

_WHAT: dict[Kind, str] = {
    "gap": "gap: %(numbers)s not there",
    "altered": "tampered: number %(number)s does not follow from the one before it; its content or order was changed",
    "twice": "fork: two entries have number %(number)s",
    "unreadable": "damaged: number %(number)s can't be read",
    "moved": "tampered: number %(number)s is not found under the id it has",
    "head": "fork: number %(number)s is not the entry its node signed; the chain was written anew from there or before",
    "head-signature": "tampered: what is kept as signed at number %(number)s is not signed by its node",
    "end": "missing head: its node signed %(numbers)s, and they are not there",
    "confirmed": "fork: a hub confirmed another entry with number %(number)s, or one that is not there any more",
}
_OWN = (
    "Stop this node and keep a copy of its folder. Put back the last backup from before the damage and start it: at "
    "the next exchange the hub gives back what it confirmed since. Without a hub, what came later is only in the copy."
)
_OF_OTHERS = (
    "Stop this node and keep a copy of its data. Put back the last backup from before the damage: at the next exchange "
    "the post (or the hub below) sends again what is not there."
)
_OF_HEAD = "A wrong signature loses nothing: the next exchange with that node brings a new one. See who had access."


def said_of(node: Node, chain: Chain) -> list[str]:
    """Return the lines about one chain: one if it is whole; else one for each damage, and one that says what to do."""
    first = "" if chain.first == 1 else f"the last {chain.last - chain.first + 1} of "
    apart = f", {chain.apart} of them kept apart" if chain.apart else ""
    held = f"chain of {chain.node}: {first}{chain.last} entries{apart}"
    if chain.whole:
        return [f"{held}, whole; {chain.heads} signed or confirmed places hold"]
    more = [f"and {chain.more} more"] if chain.more else []
    return [f"{held}, BROKEN:", *(f"  {_damage(one)}" for one in chain.damages), *more, _way_out(node, chain)]


def _damage(damage: Damage) -> str:
    number, last = damage.number, damage.last
    numbers = f"number {number} is" if last == number else f"numbers {number} to {last} are"
    if damage.kind == "end":
        numbers = f"number {number}" if last == number else f"numbers {number} to {last}"
    return _WHAT[damage.kind] % {"number": number, "numbers": numbers}


def _way_out(node: Node, chain: Chain) -> str:
    if {one.kind for one in chain.damages} == {"head-signature"}:
        return _OF_HEAD
    with node.store.reading() as tx:
        mine = about(tx)
    return _OWN if mine is not None and mine.id == chain.node and node.can(Power.CALL_HUB) else _OF_OTHERS
