"""The ledger in SQLite: one row an entry, in the order stored here. Triggers refuse to change or remove any
(`001_first_tables.sql`).

Nodes and subjects have integer keys, ids and digests are kept as bytes, bodies packed (`bodies.py`).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from elearn.adapters.bodies import Bodies
from elearn.adapters.entry_columns import bytes_of, stored_of, ticks_of
from elearn.core.ledger.entry import Entry, Head, check_none_lost
from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.xapi.statement import Statement

_READ = (
    "SELECT ledger_node.node, entry.number, entry.digest, entry.body, entry.stored"
    " FROM entry JOIN ledger_node ON ledger_node.key = entry.node"
)


_GUARD = "entry_is_never_changed"


class SqliteLedger:
    """The port `Ledger` on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._bodies = Bodies()

    def head(self, node: str) -> Head:
        """Return the end of the node's chain; number 0 if it has none here."""
        row = self._one(
            "SELECT number, digest FROM entry WHERE node = (SELECT key FROM ledger_node WHERE node = ?)"
            " ORDER BY number DESC LIMIT 1",
            node,
        )
        return Head(node) if row is None else Head(node, row[0], row[1].hex())

    def vector(self) -> dict[str, int]:
        """Return node -> highest number held."""
        rows = self._connection.execute(
            "SELECT node, (SELECT max(number) FROM entry WHERE entry.node = ledger_node.key) FROM ledger_node"
        )
        return {node: number for node, number in rows if number is not None}

    def append(self, entry: Entry) -> None:
        """Store the entry. Raises Conflict("entry.exists") if its id or (node, number) is taken."""
        values = (
            bytes_of(entry.statement.id),
            self._key("node", entry.node),
            entry.number,
            self._key("subject", entry.statement.subject),
            ticks_of(entry.stored),
            bytes.fromhex(entry.digest),
            self._bodies.pack_line(entry.statement.line),
        )
        try:
            self._connection.execute(
                "INSERT INTO entry (id, node, number, subject, stored, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            raise Conflict("entry.exists", id=entry.statement.id, node=entry.node, number=entry.number) from None

    def rechain(self, node: str, after: int, entries: Iterable[Entry]) -> None:
        """Put ``entries`` in place of the end of a chain. Raises Conflict("entry.lost" | "entry.exists").

        The trigger that refuses changes is taken away and put back inside the transaction: nobody else ever sees the
        database without it, and a crash leaves it as it was.
        """
        wanted = {entry.statement.id: entry for entry in entries}
        moved = {entry.statement.id: entry for entry in self.entries(node, after)}
        check_none_lost(node, moved.values(), wanted)
        (guard,) = self._one("SELECT sql FROM sqlite_schema WHERE name = ?", _GUARD) or ("",)
        self._connection.execute(f"DROP TRIGGER {_GUARD}")
        try:
            # Out of the way first, below zero: two entries must never have one number, not even for a moment.
            for way in (-1, 1):
                for statement_id in moved:
                    self._renumber(wanted[statement_id], way)
        finally:
            self._connection.execute(guard)
        for statement_id, entry in wanted.items():
            if statement_id not in moved:
                self.append(entry)

    def _renumber(self, entry: Entry, way: int) -> None:
        values = (way * entry.number, bytes.fromhex(entry.digest), bytes_of(entry.statement.id))
        try:
            self._connection.execute("UPDATE entry SET number = ?, digest = ? WHERE id = ?", values)
        except sqlite3.IntegrityError as error:
            raise Conflict("entry.exists", id=entry.statement.id, node=entry.node, number=entry.number) from error

    def find(self, statement_id: str) -> Entry | None:
        """Return the entry that holds this statement, or None."""
        try:
            wanted = bytes_of(statement_id)
        except Invalid:
            return None
        row = self._one(f"{_READ} WHERE entry.id = ?", wanted)
        return None if row is None else self._entry(row)

    def entries(self, node: str, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Return the node's entries with number > ``after``, by number."""
        rows = self._connection.execute(
            f"{_READ} WHERE ledger_node.node = ? AND entry.number > ? ORDER BY entry.number LIMIT ?",
            (node, after, -1 if limit is None else limit),
        )
        return [self._entry(row) for row in rows]

    def every(self) -> Iterator[Entry]:
        """Yield all entries in the order they were stored here."""
        for row in self._connection.execute(f"{_READ} ORDER BY entry.position"):
            yield self._entry(row)

    def about(self, subject: str) -> list[Statement]:
        """Return all statements whose subject this is, by (timestamp, id)."""
        rows = self._connection.execute(
            "SELECT body FROM entry WHERE subject = (SELECT key FROM ledger_subject WHERE subject = ?)", (subject,)
        )
        return sorted((Statement(self._bodies.unpack(body)) for (body,) in rows), key=lambda one: one.when)

    def newest_about(self, subject: str) -> tuple[int, str]:
        """Return (place, digest) of the entry stored last whose subject this is; (0, "") if there is none."""
        row = self._one(
            "SELECT position, digest FROM entry WHERE subject = (SELECT key FROM ledger_subject WHERE subject = ?)"
            " ORDER BY position DESC LIMIT 1",
            subject,
        )
        return (0, "") if row is None else (int(row[0]), row[1].hex())

    def size(self) -> int:
        """Return how many entries are held: none is ever removed, so the last position says it."""
        row = self._one("SELECT max(position) FROM entry")
        return int(row[0] or 0) if row else 0

    def last_stored(self) -> str:
        """Return the highest `stored` there is, "" if none."""
        row = self._one("SELECT max(stored) FROM entry")
        return "" if row is None or row[0] is None else stored_of(row[0])

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return row

    def _key(self, kind: str, name: str) -> int:
        find = f"SELECT key FROM ledger_{kind} WHERE {kind} = ?"  # noqa: S608
        row = self._one(find, name)
        if row is None:
            self._connection.execute(f"INSERT INTO ledger_{kind} ({kind}) VALUES (?)", (name,))  # noqa: S608
            row = self._one(find, name)
        return int(row[0]) if row else 0

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        node, number, digest, body, stored = row
        return Entry(node, number, digest.hex(), Statement.read(*self._bodies.unpack_line(body)), stored_of(stored))
