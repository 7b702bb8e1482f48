"""The store of a node: one file, `elearn.db`, in the data folder."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from elearn.adapters.sqlite.connection import Readers, make_file, open_connection, plain_words
from elearn.adapters.sqlite.ledger import SqliteLedger
from elearn.adapters.sqlite.migrations import bring_up_to_date
from elearn.adapters.sqlite.tables import SqliteTables
from elearn.adapters.sqlite.writer import Writer
from elearn.ports import Transaction
from elearn.settings import DATABASE_FILE

T = TypeVar("T")
FILE = DATABASE_FILE
FORGETTING_MS = 1000


class SqliteTransaction:
    """The tables and the ledger on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.tables = SqliteTables(connection)
        self.ledger = SqliteLedger(connection)


class SqliteStore:
    """The port `Store` on SQLite.

    folder: made if it is missing; busy_ms: how long to wait for another process that writes.
    Raises Unavailable with path= and one of the codes "disk.read-only", "disk.full", "disk.failing", "store.busy",
    "store.damaged", "store.newer" (the file was written by a later version).
    """

    def __init__(self, folder: Path, busy_ms: int = 5000) -> None:
        self.path = folder / FILE
        with plain_words(self.path):
            make_file(self.path)
            connection = open_connection(self.path, busy_ms)
            try:
                bring_up_to_date(connection, self.path)
            except BaseException:
                connection.close()
                raise
        self._writer = Writer(connection, SqliteTransaction(connection), self.path)
        self._readers = Readers(self.path, busy_ms)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one immediate transaction, on disk when this returns; undone whole if it raises."""
        return self._writer.write(work)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Lend a consistent view to read from."""
        with plain_words(self.path), self._readers.one() as connection:
            yield SqliteTransaction(connection)

    def forget_overwritten(self) -> bool:
        """Empty the write-ahead log, which holds a picture of each page after each write; tell whether it worked.

        What was deleted in the file itself is zeroed at once (`secure_delete`). Waits a second for those who read.
        """
        with plain_words(self.path):
            connection = open_connection(self.path, FORGETTING_MS)
            try:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        return not busy

    @property
    def kind(self) -> str:
        """Return the name and version of the library."""
        return f"SQLite {sqlite3.sqlite_version}"

    def close(self) -> None:
        """Let go of the file."""
        self._readers.close()
        self._writer.close()
