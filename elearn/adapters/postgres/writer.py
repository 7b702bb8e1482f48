"""The one connection of this process that writes, shared by group commit (`adapters/group_commit.py`).

What waits in this process shares a transaction; processes take turns by the lock. A line that was lost is opened anew
for the next write; what was under way is told as failed and is never there in part. Lost in the very moment of the
commit it may be there whole: done again, it is found to be known.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import psycopg

from elearn.adapters.group_commit import GroupCommit
from elearn.adapters.postgres.connection import BEGIN_WRITE, STUCK_MS, Connection, begun, lost, open_connection, whole
from elearn.adapters.postgres.errors import unavailable
from elearn.adapters.postgres.tables import PostgresTables
from elearn.ports import Ledger, Transaction


class OpenTransaction(Protocol):
    """A transaction whose tables may have rows to be written yet."""

    @property
    def tables(self) -> PostgresTables:
        """Return the tables."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Return the ledger."""
        ...


class Writer(GroupCommit):
    """Group commit on a connection that may have to be opened anew. begin: SQL that begins a write."""

    begin = BEGIN_WRITE

    def __init__(self, url: str, place: str, wait_s: float, of: Callable[[Connection], OpenTransaction]) -> None:
        super().__init__(place)
        self._url = url
        self._wait_s = wait_s
        self._of = of
        self._connection = open_connection(url, wait_s, STUCK_MS)
        self._transaction = of(self._connection)

    @property
    def server_version(self) -> str:
        """Return the version of the server, as 15.8."""
        version = self._connection.info.server_version
        return f"{version // 10000}.{version % 10000}"

    @contextmanager
    def _whole(self) -> Iterator[Transaction]:
        self._begin()
        self._forget()
        with whole(self._connection):
            yield self._transaction

    def _begin(self) -> None:
        """Begin, and hold the lock. Nothing was done before, so over a line that died it is simply tried anew."""
        try:
            self._begin_once()
        except psycopg.Error:
            if not lost(self._connection):
                raise
            self._connection.close()
            self._connection = open_connection(self._url, self._wait_s, STUCK_MS)
            self._transaction = self._of(self._connection)
            self._begin_once()

    def _begin_once(self) -> None:
        try:
            self._connection.execute(self.begin, prepare=False)
        except psycopg.Error:
            if not lost(self._connection) and begun(self._connection):  # begun, but the lock did not come
                self._connection.execute("ROLLBACK")
            raise

    def _say(self, sql: str) -> None:
        self._connection.execute(sql)

    def _begun(self) -> bool:
        return not lost(self._connection) and begun(self._connection)

    def _settle(self) -> None:
        self._transaction.tables.settle()

    def _forget(self) -> None:
        self._transaction.tables.forget()

    def _told(self, error: Exception) -> Exception:
        told = unavailable(error, self._place)
        if told is None:
            return error
        told.__cause__ = error
        return told

    def _let_go(self) -> None:
        self._connection.close()
