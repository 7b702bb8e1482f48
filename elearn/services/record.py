"""The write path of the ledger: drop what is known, follow the head, append, fold, move the cursor.

All of it in one transaction, so that what an officer sees and what is recorded can never differ.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.projections.all import CURSOR, FOLDED_TABLES, PROJECTIONS, VERSIONS
from elearn.core.projections.base import VOIDED_IDS, certificate_of, is_void
from elearn.core.projections.certificates import CERTIFICATE, takes_over
from elearn.core.vocab.errors import Conflict, NotFound, Refused
from elearn.core.vocab.kept import BROUGHT, PERSON
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.times import not_before
from elearn.core.xapi.build import Saying
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.brought import brought_about, brought_all, brought_find, drop_brought, keep_brought
from elearn.services.clock_guard import clock_uncertain
from elearn.services.folding import HeldRows
from elearn.services.node import Node, fact
from elearn.services.revoking_word import settle
from elearn.services.standing_above import has_a_word

_TOLD_EVERY = 500


def record(node: Node, *statements: Statement) -> list[Entry]:
    """Record what happened here, all or nothing, on disk when this returns. Raises as `record_in`."""
    return node.store.write(lambda tx: record_in(tx, node, *statements))


def record_in(tx: Transaction, node: Node, *statements: Statement) -> list[Entry]:
    """Record statements in this node's chain, inside a write; return an entry for each, in order.

    One that is known already is not recorded twice: its first entry is returned. Raises
    Conflict("statement.other-content", id=) for a known id that says something else, Refused("node.not-set-up").
    """
    mine = fact(tx, "id")
    if not mine:
        raise Refused("node.not-set-up")
    head = tx.ledger.head(mine)
    stored = _Stamps(tx, node)
    entries = []
    for statement in statements:
        entry = _already(tx, statement)
        if entry is None:
            entry = follow(head, statement, stored.next())
            head = head_after(entry)
            _take_in(tx, entry)
        entries.append(entry)
    _move_cursor(tx)
    return entries


def receive_in(tx: Transaction, node: Node, entries: Iterable[Entry]) -> None:
    """Take in entries of other nodes, whose chain and content were checked, inside a write. Known ones are skipped.

    `stored` becomes this node's. Raises Conflict("statement.other-content" | "statement.other-place", id=, node=,
    number=): the id is known with another content, or at another place of a chain; "entry.exists": the place is taken.
    """
    fresh = []
    for entry in entries:
        known = _already(tx, entry.statement)
        if known is None:
            fresh.append(entry)
        elif (known.node, known.number, known.digest) != (entry.node, entry.number, entry.digest):
            raise Conflict("statement.other-place", id=entry.statement.id, node=entry.node, number=entry.number)
    receive_new_in(tx, node, fresh)


def receive_new_in(tx: Transaction, node: Node, entries: Iterable[Entry]) -> None:
    """Take in entries of other nodes of which none is known here, inside a write.

    `stored` becomes this node's. Raises Conflict("entry.exists", id=, node=, number=) where one was known after all.
    """
    stored = _Stamps(tx, node)
    folding = _Folding(tx)
    for entry in entries:
        tx.ledger.append(Entry(entry.node, entry.number, entry.digest, entry.statement, stored.next()))
        folding.take(entry)
    folding.end()
    _move_cursor(tx)


def put_behind(tx: Transaction, node: Node, start: Head, fetched: Sequence[Entry]) -> int:
    """Take in entries of this node's own chain that follow ``start``, inside a write, and put what this node holds
    after ``start`` behind them: the same statements under new numbers. Return how many were put behind.

    Raises Conflict("statement.other-content" | "statement.other-place", id=) where a statement is known otherwise.
    """
    held = {entry.statement.id: entry for entry in tx.ledger.entries(start.node, start.number)}
    fresh = []
    stored = _Stamps(tx, node)
    for entry in fetched:
        known = _already(tx, entry.statement)
        if known is None:
            fresh.append(replace(entry, stored=stored.next()))
        elif entry.statement.id not in held:
            raise Conflict("statement.other-place", id=entry.statement.id, node=entry.node, number=entry.number)
    head, ids = head_after(fetched[-1]), {entry.statement.id for entry in fetched}
    moved = []
    for entry in held.values():
        if entry.statement.id not in ids:
            moved.append(follow(head, entry.statement, entry.stored))
            head = head_after(moved[-1])
    of_id = {entry.statement.id: entry for entry in fresh}
    tx.ledger.rechain(start.node, start.number, [*(of_id.get(one.statement.id, one) for one in fetched), *moved])
    for entry in fresh:
        _fold_entry(tx, entry)
    _move_cursor(tx)
    return len(moved)


def bring_in(tx: Transaction, entry: Entry) -> str:
    """Take in an entry an officer brought along, whose signature and content were checked, inside a write.

    Return "new", "known" for one that is here already, or "apart" where another content is known under its id: then
    what is here stands.
    """
    here = tx.ledger.find(entry.statement.id) or brought_find(tx, entry.statement.id)
    if here is not None:
        return "known" if here.statement.digest == entry.statement.digest else "apart"
    keep_brought(tx, entry)
    _fold(tx, entry.statement)
    return "new"


def saying_for(tx: Transaction, node: Node, person_id: str, actor: str | None = None) -> Saying:
    """Return who says it, when and where, for statements about this person. actor: who does it, if another.

    Raises NotFound("person.unknown").
    """
    person = tx.tables.get(PERSON, person_id)
    if person is None:
        raise NotFound("person.unknown", person=person_id)
    parts = (str(person[name] or "") for name in ("country", "agency", "post", "sex", "rank_band"))
    now = node.now()
    return Saying(
        actor=actor or person_id,
        particulars=Particulars(*parts),
        timestamp=now,
        node=str(fact(tx, "id", "")),
        clock_uncertain=clock_uncertain(tx, now),
    )


def projections_behind(tx: Transaction) -> bool:
    """Tell whether the screens lack something the ledger holds: a version changed, or another program wrote."""
    cursor = tx.tables.get(CURSOR, "projections") or {"versions": VERSIONS, "position": 0}
    return bool(cursor["position"] != tx.ledger.size() or cursor["versions"] != VERSIONS)


def catch_up(node: Node, progress: Callable[[int, int], None] | None = None) -> int:
    """At start: fold the ledger anew if the screens are behind; return how many entries were folded, 0 if none."""
    with node.store.reading() as tx:
        behind = projections_behind(tx)
    return rebuild_projections(node, progress) if behind else 0


def rebuild_projections(node: Node, progress: Callable[[int, int], None] | None = None) -> int:
    """Fold the whole ledger anew, in one transaction; return how many entries. progress: told (done, total).

    Nobody sees a half-built screen meanwhile; writers wait.
    """
    return node.store.write(lambda tx: rebuild_in(tx, progress or (lambda _done, _total: None)))


def rebuild_in(tx: Transaction, progress: Callable[[int, int], None]) -> int:
    """Fold the whole ledger anew, inside a write; return how many entries. progress: told (done, total)."""
    for table in FOLDED_TABLES:
        tx.tables.delete(table, {})
    count, total = 0, tx.ledger.size()
    rows = HeldRows(tx.tables)
    touched: set[str] = set()
    for count, entry in enumerate(tx.ledger.every(), 1):
        if is_void(entry.statement):
            touched |= _mark_void(tx, entry.statement)
        elif not _voided(tx, entry.statement.id) and _fold_into(tx, rows, entry.statement):
            touched.add(entry.statement.subject)
        if count % _TOLD_EVERY == 0:
            rows.flush()
            progress(count, total)
    rows.flush()
    for entry in brought_all(tx):
        if not _voided(tx, entry.statement.id) and _fold_one(tx, entry.statement):
            touched.add(entry.statement.subject)
    for subject in touched:  # only now: in the middle, what is still to come would be folded twice
        _refold(tx, subject)
    progress(count, total)
    _move_cursor(tx)
    return count


def _already(tx: Transaction, statement: Statement) -> Entry | None:
    known = tx.ledger.find(statement.id)
    if known is not None and known.statement.digest != statement.digest:
        raise Conflict("statement.other-content", id=statement.id, node=known.node, number=known.number)
    return known


def _take_in(tx: Transaction, entry: Entry) -> None:
    tx.ledger.append(entry)
    _fold_entry(tx, entry)


def _fold_entry(tx: Transaction, entry: Entry) -> None:
    brought = drop_brought(tx, entry.statement.id)
    if brought is None:
        _fold(tx, entry.statement)
    elif brought.digest != entry.statement.digest:
        # The chain says otherwise than the file an officer brought: the chain is right.
        _fold(tx, entry.statement)
        for subject in {brought.subject, entry.statement.subject}:
            _refold(tx, subject)


def _fold(tx: Transaction, statement: Statement) -> None:
    if is_void(statement):
        for subject in _mark_void(tx, statement):
            _refold(tx, subject)
    elif not _voided_by_right(tx, statement) and _fold_one(tx, statement):
        _refold(tx, statement.subject)


def _fold_one(tx: Transaction, statement: Statement) -> bool:
    rows = HeldRows(tx.tables)
    anew = _fold_into(tx, rows, statement)
    rows.flush()
    return anew


def _fold_into(tx: Transaction, rows: HeldRows, statement: Statement) -> bool:
    """Fold a statement; tell whether the rows of its subject are to be folded anew (`certificates.takes_over`)."""
    number = certificate_of(statement)
    anew = bool(number) and takes_over(rows.get(CERTIFICATE, str(number)), statement)
    for projection in PROJECTIONS:
        projection.fold(rows, statement)
    settle(tx, rows, statement)
    return anew


def _voided(tx: Transaction, statement_id: str) -> bool:
    return bool(tx.tables.count(VOIDED_IDS, {"id": statement_id}))


def _voided_by_right(tx: Transaction, statement: Statement) -> bool:
    """Tell whether a statement that is new here is voided; forget marks of nodes that have no word in it."""
    for mark in tx.tables.select(VOIDED_IDS, {"id": statement.id}):
        if not has_a_word(tx, str(mark["node"] or ""), _said_at(tx, statement)):
            tx.tables.delete(VOIDED_IDS, {"id": mark["id"], "void": mark["void"]})
    return _voided(tx, statement.id)


def _mark_void(tx: Transaction, void: Statement) -> set[str]:
    """Mark what is voided; return whose rows are wrong now. A void can't be voided itself (xAPI 1.0.3, 2.3.2).

    It counts only from the node that said what is voided, or from a hub above it.
    """
    by, voided = _said_at(tx, void), tx.ledger.find(void.object_id) or brought_find(tx, void.object_id)
    if voided is not None and not has_a_word(tx, by, voided.node):
        return set()
    known = _voided(tx, void.object_id)
    tx.tables.put(VOIDED_IDS, {"id": void.object_id, "void": void.id, "subject": void.subject, "node": by})
    if known or voided is None or is_void(voided.statement):
        return set()
    return {voided.statement.subject}


def _said_at(tx: Transaction, statement: Statement) -> str:
    """Return whose chain a statement is in."""
    entry = tx.ledger.find(statement.id) or brought_find(tx, statement.id)
    return entry.node if entry else str(statement.extension("node") or "")


def _refold(tx: Transaction, subject: str) -> None:
    for projection in PROJECTIONS:
        for table in projection.tables:
            tx.tables.delete(table, {"subject": subject})
    for statement in (*tx.ledger.about(subject), *(entry.statement for entry in brought_about(tx, subject))):
        if not is_void(statement) and not _voided(tx, statement.id):
            _fold_one(tx, statement)


def _move_cursor(tx: Transaction) -> None:
    tx.tables.put(CURSOR, {"name": "projections", "versions": VERSIONS, "position": tx.ledger.size()})


class _Folding:
    """Folds many entries that were just appended, with rows held in memory (`folding.HeldRows`)."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._rows = HeldRows(tx.tables)
        # Asked once and not for each: at most nodes nothing was ever voided or brought along.
        self._some_voided = bool(tx.tables.count(VOIDED_IDS))
        self._some_brought = bool(tx.tables.count(BROUGHT))

    def take(self, entry: Entry) -> None:
        """Fold one entry."""
        if self._some_brought or is_void(entry.statement):
            self.end()
            _fold_entry(self._tx, entry)
            self._some_voided = True
        elif self._some_voided and _voided_by_right(self._tx, entry.statement):
            return
        elif _fold_into(self._tx, self._rows, entry.statement):
            self.end()
            _refold(self._tx, entry.statement.subject)

    def end(self) -> None:
        """Store what was folded."""
        self._rows.flush()


class _Stamps:
    """When things are stored: now, but always later than all before, even if the clock went back."""

    def __init__(self, tx: Transaction, node: Node) -> None:
        self._node = node
        self._last = tx.ledger.last_stored()

    def next(self) -> str:
        """Return the next instant."""
        self._last = not_before(self._node.now(), self._last)
        return self._last
