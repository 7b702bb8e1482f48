"""The one SQLite connection that writes, shared by group commit (`adapters/group_commit.py`)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elearn.adapters.group_commit import GroupCommit
from elearn.adapters.sqlite.connection import immediate, unavailable
from elearn.ports import Transaction


class Writer(GroupCommit):
    """Group commit on a connection."""

    def __init__(self, connection: sqlite3.Connection, transaction: Transaction, path: Path) -> None:
        super().__init__(str(path))
        self._connection = connection
        self._transaction = transaction
        self._path = path

    @contextmanager
    def _whole(self) -> Iterator[Transaction]:
        with immediate(self._connection):
            yield self._transaction

    def _say(self, sql: str) -> None:
        self._connection.execute(sql)

    def _begun(self) -> bool:
        return self._connection.in_transaction

    def _settle(self) -> None:
        """Nothing is left: each statement was done as it came."""

    def _forget(self) -> None:
        """Nothing is left."""

    def _told(self, error: Exception) -> Exception:
        told = unavailable(error, self._path) if isinstance(error, sqlite3.Error) else None
        if told is None:
            return error
        told.__cause__ = error
        return told

    def _let_go(self) -> None:
        self._connection.close()
