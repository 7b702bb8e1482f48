"""The ledger in PostgreSQL: entries in parts by node, and one list of all ids. Triggers refuse to change or remove any
(`000_ledger.sql`).

An id is unique among all nodes, and a table in parts can be unique only within a part: so `entry_id` holds each id
once, with its place, and takes it before the entry is written. Places count from one without a gap: they are given
out under the lock of those who write (`connection.py`), in the order of the commits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

from elearn.adapters.bodies import Bodies
from elearn.adapters.entry_columns import bytes_of, stored_of, ticks_of
from elearn.adapters.postgres.connection import Connection
from elearn.adapters.postgres.texts import hidden, shown
from elearn.core.ledger.entry import Entry, Head, check_none_lost
from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.xapi.statement import Statement

NEXT_PLACE = "(SELECT coalesce(max(position), 0) + 1 FROM entry_id)"
_NODE = "(SELECT key FROM ledger_node WHERE node = %s)"
_SUBJECT = "(SELECT key FROM ledger_subject WHERE subject = %s)"
_READ = (
    "SELECT ledger_node.node, entry.number, entry.digest, entry.body, entry.stored"
    " FROM entry JOIN ledger_node ON ledger_node.key = entry.node"
)
_APPEND = (
    "WITH known_node AS (SELECT key FROM ledger_node WHERE node = %(node)s),"
    " new_node AS (INSERT INTO ledger_node (node) SELECT %(node)s WHERE NOT EXISTS (SELECT FROM known_node)"
    " RETURNING key),"
    " of_node AS (SELECT key FROM known_node UNION ALL SELECT key FROM new_node),"
    " known_subject AS (SELECT key FROM ledger_subject WHERE subject = %(subject)s),"
    " new_subject AS (INSERT INTO ledger_subject (subject) SELECT %(subject)s"
    " WHERE NOT EXISTS (SELECT FROM known_subject) RETURNING key),"
    " of_subject AS (SELECT key FROM known_subject UNION ALL SELECT key FROM new_subject),"
    " taken AS (INSERT INTO entry_id (position, id, node, number)"
    " SELECT {place}, %(id)s, key, %(number)s FROM of_node ON CONFLICT DO NOTHING RETURNING position, node)"
    " INSERT INTO entry (node, number, position, subject, stored, digest, body)"
    " SELECT taken.node, %(number)s, position, of_subject.key, %(stored)s, %(digest)s, %(body)s"
    " FROM taken, of_subject"
)
_AT_ITS_PLACE = _APPEND.format(place="%(position)s")
_AT_ONCE = 500
_cursors = count(1)


class PostgresLedger:
    """The port `Ledger` on one connection. next_place: SQL of the place an entry is given."""

    next_place = NEXT_PLACE

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bodies = Bodies()
        self._append = _APPEND.format(place=self.next_place)

    def head(self, node: str) -> Head:
        """Return the end of the node's chain; number 0 if it has none here."""
        row = self._one(
            f"SELECT number, digest FROM entry WHERE node = {_NODE} ORDER BY number DESC LIMIT 1",  # noqa: S608
            hidden(node),
        )
        return Head(node) if row is None else Head(node, row[0], row[1].hex())

    def vector(self) -> dict[str, int]:
        """Return node -> highest number held."""
        rows = self._all(
            "SELECT node, (SELECT max(number) FROM entry_id WHERE entry_id.node = ledger_node.key) FROM ledger_node"
        )
        return {shown(node): number for node, number in rows if number is not None}

    def append(self, entry: Entry) -> None:
        """Store the entry. Raises Conflict("entry.exists") if its id or (node, number) is taken."""
        self._store(self._append, entry, {})

    def rechain(self, node: str, after: int, entries: Iterable[Entry]) -> None:
        """Put ``entries`` in place of the end of a chain. Raises Conflict("entry.lost" | "entry.exists")."""
        wanted = {entry.statement.id: entry for entry in entries}
        held = {entry.statement.id: entry for entry in self.entries(node, after)}
        check_none_lost(node, held.values(), wanted)
        places = self._places(node, after)
        self._connection.execute("SAVEPOINT rechain")
        try:
            self._let_go_of(node, after)
            for statement_id in sorted(held, key=lambda one: places[one]):
                place, entry = places[statement_id], wanted[statement_id]
                self._store(_AT_ITS_PLACE, replace(entry, stored=held[statement_id].stored), {"position": place})
            for statement_id, entry in wanted.items():
                if statement_id not in held:
                    self.append(entry)
        except Conflict:
            self._connection.execute("ROLLBACK TO rechain")
            raise
        self._connection.execute("RELEASE rechain")

    def find(self, statement_id: str) -> Entry | None:
        """Return the entry that holds this statement, or None."""
        try:
            wanted = UUID(bytes=bytes_of(statement_id))
        except Invalid:
            return None
        row = self._one(
            f"{_READ} JOIN entry_id ON entry_id.node = entry.node AND entry_id.number = entry.number"
            " WHERE entry_id.id = %s",
            wanted,
        )
        return None if row is None else self._entry(row)

    def entries(self, node: str, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Return the node's entries with number > ``after``, by number."""
        sql = f"SELECT number, digest, body, stored FROM entry WHERE node = {_NODE} AND number > %s ORDER BY number"  # noqa: S608
        values = (hidden(node), after)
        rows = self._all(sql, *values) if limit is None else self._all(f"{sql} LIMIT %s", *values, limit)
        return [self._entry((hidden(node), *row)) for row in rows]

    def every(self) -> Iterator[Entry]:
        """Yield all entries in the order they were stored here, a few hundred in memory at a time."""
        with self._connection.cursor(name=f"every_{next(_cursors)}") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(f"{_READ} ORDER BY entry.position", binary=True)
            for row in cursor:
                yield self._entry(row)

    def about(self, subject: str) -> list[Statement]:
        """Return all statements whose subject this is, by (timestamp, id)."""
        rows = self._all(f"SELECT body FROM entry WHERE subject = {_SUBJECT}", hidden(subject))  # noqa: S608
        return sorted((Statement(self._bodies.unpack(body)) for (body,) in rows), key=lambda one: one.when)

    def newest_about(self, subject: str) -> tuple[int, str]:
        """Return (place, digest) of the entry stored last whose subject this is; (0, "") if there is none."""
        row = self._one(
            f"SELECT position, digest FROM entry WHERE subject = {_SUBJECT} ORDER BY position DESC LIMIT 1",  # noqa: S608
            hidden(subject),
        )
        return (0, "") if row is None else (int(row[0]), row[1].hex())

    def size(self) -> int:
        """Return how many entries are held: none is ever removed and places have no gap, so the last place says it."""
        row = self._one("SELECT max(position) FROM entry_id")
        return int(row[0] or 0) if row else 0

    def last_stored(self) -> str:
        """Return the highest `stored` there is, "" if none."""
        row = self._one("SELECT max(stored) FROM entry")
        return "" if row is None or row[0] is None else stored_of(row[0])

    def _store(self, sql: str, entry: Entry, more: dict[str, Any]) -> None:
        values = {
            **more,
            "id": UUID(bytes=bytes_of(entry.statement.id)),
            "node": hidden(entry.node),
            "number": entry.number,
            "subject": hidden(entry.statement.subject),
            "stored": ticks_of(entry.stored),
            "digest": bytes.fromhex(entry.digest),
            "body": self._bodies.pack_line(entry.statement.line),
        }
        if self._connection.execute(sql, values, binary=True).rowcount != 1:
            raise Conflict("entry.exists", id=entry.statement.id, node=entry.node, number=entry.number)

    def _places(self, node: str, after: int) -> dict[str, int]:
        sql = f"SELECT id, position FROM entry_id WHERE node = {_NODE} AND number > %s"  # noqa: S608
        return {str(statement_id): place for statement_id, place in self._all(sql, hidden(node), after)}

    def _let_go_of(self, node: str, after: int) -> None:
        """Remove the end of a chain that is to be stored anew: the triggers allow it within this one function."""
        self._connection.execute("SET LOCAL elearn.rechaining = 'on'")
        for table in ("entry", "entry_id"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE node = {_NODE} AND number > %s",  # noqa: S608
                (hidden(node), after),
            )
        self._connection.execute("SET LOCAL elearn.rechaining = 'off'")

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        return self._connection.execute(sql, values, binary=True).fetchone()

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values, binary=True).fetchall()

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        node, number, digest, body, stored = row
        said = Statement.read(*self._bodies.unpack_line(body))
        return Entry(shown(node), number, digest.hex(), said, stored_of(stored))
