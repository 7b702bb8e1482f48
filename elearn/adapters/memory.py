"""The store in memory: the same laws as SQLite's, for tests and for trying things out. Nothing outlives the process.

Every write works on copies of the tables it touches and puts them in place at the end, so a reader keeps the moment
it began with, and a failed write leaves no trace.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from elearn.core.ledger.entry import Entry, Head, check_none_lost
from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.vocab.rows import check_column, check_where, checked_key, decoded, encoded
from elearn.core.vocab.tables import Row, Span, Table, Where
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction

T = TypeVar("T")
Kept = dict[tuple[Any, ...], Row]


@dataclass(frozen=True)
class _State:
    """All there is at one moment. Never changed once it is in place."""

    tables: dict[str, Kept] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


class MemoryTables:
    """The port `Tables` over dictionaries."""

    def __init__(self, tables: dict[str, Kept]) -> None:
        self._before = tables
        self.changed: dict[str, Kept] = {}

    def get(self, table: Table, *key: str | int) -> Row | None:
        """Return the row with this key, or None."""
        row = self._kept(table).get(checked_key(table, key))
        return None if row is None else decoded(table, row)

    def put(self, table: Table, row: Row) -> None:
        """Store the row in place of the one with its key. Raises Conflict("row.not-unique", table=, columns=)."""
        ready = encoded(table, row)
        key = tuple(ready[column] for column in table.key)
        for columns in table.unique:
            value = tuple(ready[column] for column in columns)
            if None not in value and any(
                tuple(other[column] for column in columns) == value
                for other_key, other in self._kept(table).items()
                if other_key != key
            ):
                raise Conflict("row.not-unique", table=table.name, columns=columns)
        self._own(table)[key] = ready

    def delete(self, table: Table, where: Where) -> int:
        """Delete the matching rows; return how many."""
        gone = [key for key, row in self._matching(table, where)]
        for key in gone:
            del self._own(table)[key]
        return len(gone)

    def select(
        self, table: Table, where: Where | None = None, order: tuple[str, ...] = (), limit: int | None = None
    ) -> list[Row]:
        """Return matching rows, ordered by ``order`` (a leading "-" = descending) and then by key."""
        rows = [row for _, row in self._matching(table, where)]
        for column in reversed((*order, *table.key)):
            name = column.removeprefix("-")
            check_column(table, name)
            rows.sort(key=partial(_by, name), reverse=column.startswith("-"))
        return [decoded(table, row) for row in rows[:limit]]

    def count(self, table: Table, where: Where | None = None) -> int:
        """Return how many rows match."""
        return len(self._matching(table, where))

    def group(
        self, table: Table, by: tuple[str, ...], where: Where | None = None, distinct: str | None = None
    ) -> list[Row]:
        """Return one row per combination of ``by`` with ``n``: rows, or distinct values of ``distinct``."""
        for column in (*by, *((distinct,) if distinct else ())):
            check_column(table, column)
        found: dict[tuple[Any, ...], list[Row]] = {} if by else {(): []}
        for _, row in self._matching(table, where):
            found.setdefault(tuple(row[column] for column in by), []).append(row)
        ordered = sorted(found.items(), key=lambda item: tuple(_sortable(value) for value in item[0]))
        return [{**dict(zip(by, values, strict=True)), "n": _how_many(rows, distinct)} for values, rows in ordered]

    def _kept(self, table: Table) -> Kept:
        return self.changed[table.name] if table.name in self.changed else self._before.get(table.name, {})

    def _own(self, table: Table) -> Kept:
        if table.name not in self.changed:
            self.changed[table.name] = dict(self._before.get(table.name, {}))
        return self.changed[table.name]

    def _matching(self, table: Table, where: Where | None) -> list[tuple[tuple[Any, ...], Row]]:
        check_where(table, where or {})
        wanted = (where or {}).items()
        return [
            (key, row)
            for key, row in self._kept(table).items()
            if all(_matches(row[column], value) for column, value in wanted)
        ]


class MemoryLedger:
    """The port `Ledger` over a list. Looks through all of it: meant for some thousand entries."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries_now = entries
        self._places = {(entry.node, entry.number) for entry in entries}
        self._by_id = {entry.statement.id: entry for entry in entries}

    def head(self, node: str) -> Head:
        """Return the end of the node's chain; number 0 if it has none here."""
        last = max((entry for entry in self.entries_now if entry.node == node), key=_number, default=None)
        return Head(node) if last is None else Head(node, last.number, last.digest)

    def vector(self) -> dict[str, int]:
        """Return node -> highest number held."""
        highest: dict[str, int] = {}
        for entry in self.entries_now:
            highest[entry.node] = max(entry.number, highest.get(entry.node, 0))
        return highest

    def append(self, entry: Entry) -> None:
        """Store the entry. Raises Conflict("entry.exists") if its id or (node, number) is taken."""
        _check_id(entry.statement.id)
        place = (entry.node, entry.number)
        if place in self._places or entry.statement.id in self._by_id:
            raise Conflict("entry.exists", id=entry.statement.id, node=entry.node, number=entry.number)
        self._places.add(place)
        self._by_id[entry.statement.id] = entry
        self.entries_now += (entry,)

    def rechain(self, node: str, after: int, entries: Iterable[Entry]) -> None:
        """Put ``entries`` in place of the end of a chain. Raises Conflict("entry.lost" | "entry.exists")."""
        wanted = {entry.statement.id: entry for entry in entries}
        moved = {entry.statement.id: entry for entry in self.entries(node, after)}
        check_none_lost(node, moved.values(), wanted)
        placed = [
            replace(wanted[entry.statement.id], stored=entry.stored) if entry.statement.id in moved else entry
            for entry in self.entries_now
        ]
        left = MemoryLedger(tuple(placed))
        for statement_id, entry in wanted.items():
            if statement_id not in moved:
                left.append(entry)
        if len(left._places) != len(left.entries_now):
            raise Conflict("entry.exists", node=node)
        self.entries_now, self._places, self._by_id = left.entries_now, left._places, left._by_id

    def find(self, statement_id: str) -> Entry | None:
        """Return the entry that holds this statement, or None."""
        return self._by_id.get(statement_id)

    def entries(self, node: str, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Return the node's entries with number > ``after``, by number."""
        found = [entry for entry in self.entries_now if entry.node == node and entry.number > after]
        return sorted(found, key=_number)[:limit]

    def every(self) -> Iterator[Entry]:
        """Yield all entries in the order they were stored here."""
        yield from self.entries_now

    def about(self, subject: str) -> list[Statement]:
        """Return all statements whose subject this is, by (timestamp, id)."""
        found = [entry.statement for entry in self.entries_now if entry.statement.subject == subject]
        return sorted(found, key=lambda one: one.when)

    def newest_about(self, subject: str) -> tuple[int, str]:
        """Return (place, digest) of the entry stored last whose subject this is; (0, "") if there is none."""
        places = (place for place, entry in enumerate(self.entries_now, 1) if entry.statement.subject == subject)
        last = max(places, default=0)
        return (last, self.entries_now[last - 1].digest) if last else (0, "")

    def size(self) -> int:
        """Return how many entries are held."""
        return len(self.entries_now)

    def last_stored(self) -> str:
        """Return the highest `stored` there is, "" if none."""
        return max((entry.stored for entry in self.entries_now), default="")


class MemoryTransaction:
    """A moment of the store, and what is changed in it."""

    def __init__(self, state: _State) -> None:
        self.tables = MemoryTables(state.tables)
        self.ledger = MemoryLedger(state.entries)


class MemoryStore:
    """The port `Store` in memory."""

    def __init__(self) -> None:
        self._state = _State()
        self._lock = threading.Lock()
        self._writer: int | None = None

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` alone; put what it changed in place if it does not raise."""
        if self._writer == threading.get_ident():
            raise RuntimeError("write() inside write(): hand the transaction down instead")
        with self._lock:
            self._writer = threading.get_ident()
            try:
                transaction = MemoryTransaction(self._state)
                result = work(transaction)
                tables = {**self._state.tables, **transaction.tables.changed}
                self._state = replace(self._state, tables=tables, entries=transaction.ledger.entries_now)
            finally:
                self._writer = None
        return result

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Lend a consistent view to read from."""
        yield MemoryTransaction(self._state)

    def forget_overwritten(self) -> bool:
        """Nothing of the past is kept."""
        return True

    @property
    def kind(self) -> str:
        """Return that it is in memory."""
        return "memory"

    def close(self) -> None:
        """Nothing to let go of."""


def _number(entry: Entry) -> int:
    return entry.number


def _check_id(statement_id: str) -> None:
    try:
        well_formed = str(UUID(statement_id)) == statement_id
    except ValueError:
        well_formed = False
    if not well_formed:
        raise Invalid("statement.id", value=statement_id)


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def _by(column: str, row: Row) -> tuple[bool, Any]:
    return _sortable(row[column])


def _how_many(rows: list[Row], distinct: str | None) -> int:
    return len({row[distinct] for row in rows} - {None}) if distinct else len(rows)


def _matches(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Span):
        return (
            value is not None
            and (wanted.at_least is None or value >= wanted.at_least)
            and (wanted.before is None or value < wanted.before)
        )
    return value in wanted if isinstance(wanted, tuple) else value == wanted
