"""Looks through the chains held here and names what is damaged: each kind and number, a few hundred in memory at once.

The chain shows what was changed, taken out or put in; what its node signed, and what a hub confirmed, show that the end
is missing or that the whole chain was written anew. Nothing here changes anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from elearn.core.ledger.entry import Entry, Head, head_after, link_digest
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.sync.batch import SignedHead
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.kept import CHAIN_HEAD, CONFIRMED, QUARANTINE
from elearn.core.vocab.tables import Span
from elearn.ports import Transaction
from elearn.services.chains import kept_apart, place_of, signed_by_origin
from elearn.services.copying import digest_of_rows
from elearn.services.node import Node
from elearn.services.record import rebuild_in

Kind = Literal["gap", "altered", "twice", "unreadable", "moved", "head", "head-signature", "end", "confirmed"]
"""gap: numbers are missing; altered: the entry does not follow from the one before it; twice: two entries have the
number; unreadable: its statement can't be read; moved: its statement is kept under another id or number; head: not what
its node signed; head-signature: what is kept as signed is not; end: its node signed more than is held; confirmed: a hub
confirmed something else, or more than is held."""

AT_ONCE = 500
MOST_NAMED = 50
"""Of one chain; a file that is damaged all over need not be told line by line."""

_UNKNOWN = ""
"""The digest of a place that is not held or can't be read: what follows it can't be checked against it."""
_UNREADABLE = (Unavailable, KeyError, TypeError, ValueError, AttributeError)

Told = Callable[[int, int], None]
"""Of (entries looked at, of how many), from time to time."""


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong. number: of the entry, the first of a gap; last: the last of a gap, else the same."""

    kind: Kind
    number: int
    last: int


@dataclass
class Chain:
    """What was found of one chain. first, last: numbers looked at; apart: entries of it in quarantine, which count;
    heads: places signed by its node, or confirmed by a hub, that were compared; more: damages beyond those named."""

    node: str
    first: int
    last: int
    apart: int = 0
    heads: int = 0
    damages: list[Damage] = field(default_factory=list)
    more: int = 0

    def found(self, kind: Kind, number: int, last: int | None = None) -> None:
        """Note a damage."""
        if len(self.damages) < MOST_NAMED:
            self.damages.append(Damage(kind, number, number if last is None else last))
        else:
            self.more += 1

    @property
    def whole(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.damages


def check_ledger(node: Node, newest: int | None = None, told: Told = lambda _done, _total: None) -> Iterator[Chain]:
    """Yield each chain held here, or known by a head or a confirmation, once it was looked through.

    newest: only so many entries at the end of each, and no look-up of each id.
    """
    with node.store.reading() as tx:
        ends = {origin: _end(tx, origin) for origin in _origins(tx)}
        starts = {origin: 0 if newest is None else max(0, end - newest) for origin, end in ends.items()}
        total, before = sum(ends[origin] - starts[origin] for origin in ends), 0
        for origin in sorted(ends):
            chain = Chain(origin, starts[origin] + 1, ends[origin])
            done = before
            for entry in _walked(tx, chain, starts[origin]):
                if newest is None:
                    _look_up(tx, chain, entry)
                done += 1
                if done % AT_ONCE == 0:
                    told(done, total)
            _compare_signed(tx, node, chain)
            _compare_confirmed(tx, chain)
            before += ends[origin] - starts[origin]
            yield chain
        told(total, total)


def projections_differ(node: Node, told: Told = lambda _done, _total: None) -> list[str]:
    """Return the names of the tables that are not what a fold of the whole ledger gives. Writers wait meanwhile.

    It is folded anew inside a write that is undone at the end, whatever comes out.
    """

    def work(tx: Transaction) -> None:
        before = {table.name: digest_of_rows(tx, table) for table in FOLDED_TABLES}
        rebuild_in(tx, told)
        raise _Undo([table.name for table in FOLDED_TABLES if digest_of_rows(tx, table) != before[table.name]])

    try:
        node.store.write(work)
    except _Undo as undone:
        return undone.differing
    return []


class _Undo(Exception):
    def __init__(self, differing: list[str]) -> None:
        super().__init__()
        self.differing = differing


def _origins(tx: Transaction) -> set[str]:
    """Return whose chains are held, or should be: of a chain that was taken out whole only its heads are left."""
    named = {row["node"] for table in (CHAIN_HEAD, CONFIRMED) for row in tx.tables.group(table, ("node",))}
    return named | set(tx.ledger.vector())


def _end(tx: Transaction, origin: str) -> int:
    held = tx.ledger.vector().get(origin, 0)
    apart = kept_apart(tx, origin, Span(at_least=held + 1))
    return max([held, *(entry.number for entry in apart)])


def _walked(tx: Transaction, chain: Chain, after: int) -> Iterator[Entry]:
    """Yield the entries of a chain as it was sent; note where it does not hold together."""
    head = place_of(tx, chain.node, after) or Head(chain.node, after, _UNKNOWN)
    at = after
    while at < chain.last:
        at, found = _next(tx, chain, at)
        for number, entry in found:
            if number == head.number:
                chain.found("twice", number)
                continue
            if number > head.number + 1:
                chain.found("gap", head.number + 1, number - 1)
            elif entry and not _follows(head, entry):
                chain.found("altered", number)
            head = head_after(entry) if entry else Head(chain.node, number, _UNKNOWN)
            if entry:
                yield entry


def _follows(head: Head, entry: Entry) -> bool:
    try:
        return head.digest == _UNKNOWN or entry.digest == link_digest(head.digest, entry.statement)
    except _UNREADABLE:  # JSON, but no statement
        return False


def _next(tx: Transaction, chain: Chain, after: int) -> tuple[int, list[tuple[int, Entry | None]]]:
    """Return (number up to which was looked, what is held there in order): None for what can't be read, and noted."""
    try:
        held = tx.ledger.entries(chain.node, after, AT_ONCE)
        found: list[tuple[int, Entry | None]] = [(entry.number, entry) for entry in held]
        until = held[-1].number if len(held) == AT_ONCE else chain.last
    except _UNREADABLE:
        until = min(after + AT_ONCE, chain.last)
        found = _one_by_one(tx, chain, after, until)
    apart = kept_apart(tx, chain.node, Span(at_least=after + 1, before=until + 1))
    chain.apart += len(apart)
    return until, sorted([*found, *((entry.number, entry) for entry in apart)], key=lambda pair: pair[0])


def _one_by_one(tx: Transaction, chain: Chain, after: int, until: int) -> list[tuple[int, Entry | None]]:
    found: list[tuple[int, Entry | None]] = []
    for number in range(after + 1, until + 1):
        try:
            found += [(one.number, one) for one in tx.ledger.entries(chain.node, number - 1, 1) if one.number == number]
        except _UNREADABLE:
            chain.found("unreadable", number)
            found.append((number, None))
    return found


def _look_up(tx: Transaction, chain: Chain, entry: Entry) -> None:
    """Note an entry that is not found by its id. What lies in quarantine may have the id of another."""
    try:
        found = tx.ledger.find(entry.statement.id)
    except _UNREADABLE:
        return  # noted already
    if (found is None or (found.node, found.number) != (entry.node, entry.number)) and not _is_apart(tx, entry):
        chain.found("moved", entry.number)


def _is_apart(tx: Transaction, entry: Entry) -> bool:
    return tx.tables.get(QUARANTINE, entry.statement.id, entry.node, entry.digest) is not None


def _compare_signed(tx: Transaction, node: Node, chain: Chain) -> None:
    for row in tx.tables.select(CHAIN_HEAD, {"node": chain.node}, order=("number",)):
        signed = SignedHead(Head(chain.node, row["number"], row["digest"]), bytes(row["signature"]))
        chain.heads += 1
        if not signed_by_origin(tx, node, signed):
            chain.found("head-signature", signed.head.number)
        elif signed.head.number > chain.last:
            chain.found("end", chain.last + 1, signed.head.number)
        elif not _is_held(tx, signed.head):
            chain.found("head", signed.head.number)


def _compare_confirmed(tx: Transaction, chain: Chain) -> None:
    """A hub may lawfully have less, or nothing; what it named is never more, and never something else."""
    for row in tx.tables.select(CONFIRMED, {"node": chain.node}):
        if row["number"] and row["digest"]:
            chain.heads += 1
            if not _is_held(tx, Head(chain.node, row["number"], row["digest"])):
                chain.found("confirmed", row["number"])


def _is_held(tx: Transaction, head: Head) -> bool:
    try:
        return place_of(tx, head.node, head.number) == head
    except _UNREADABLE:
        return True  # noted already; its digest is not in question
