"""The store of a hub in a PostgreSQL database: any number of hub processes may work on one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from elearn.adapters.postgres.connection import (
    WAIT_S,
    Connection,
    Readers,
    open_connection,
    place_of,
    wait_until_free,
    whole,
)
from elearn.adapters.postgres.errors import plain_words
from elearn.adapters.postgres.ledger import PostgresLedger
from elearn.adapters.postgres.migrations import bring_up_to_date
from elearn.adapters.postgres.tables import PostgresTables
from elearn.adapters.postgres.writer import Writer
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.kept import KEPT_TABLES
from elearn.ports import Transaction

T = TypeVar("T")
FORGETTING_S = 1.0


class PostgresTransaction:
    """The tables and the ledger on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tables = PostgresTables(connection)
        self.ledger = PostgresLedger(connection)


class PostgresStore:
    """The port `Store` on PostgreSQL.

    url: postgresql://user@host:port/database, a local socket as postgresql:///database?host=/run/postgresql; wait_s:
    how long to wait for another process that writes. Raises Invalid("setting.wrong"), and Unavailable with path= (never
    the password) and one of "store.away", "store.busy", "store.unfit", "store.newer", "store.damaged", "disk.full",
    "disk.failing", "disk.read-only".
    """

    writer: type[Writer] = Writer
    transaction: type[PostgresTransaction] = PostgresTransaction

    def __init__(self, url: str, wait_s: float = WAIT_S) -> None:
        self.place = place_of(url)
        self._url = url
        with plain_words(self.place):
            connection = open_connection(url, wait_s)
            try:
                bring_up_to_date(connection, self.place)
            finally:
                connection.close()
            self._writer = self.writer(url, self.place, wait_s, self.transaction)
        self._readers = Readers(url, wait_s)

    @property
    def kind(self) -> str:
        """Return the name and version of the server."""
        return f"PostgreSQL {self._writer.server_version}"

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` alone among all processes, on disk when this returns; undone whole if it raises."""
        return self._writer.write(work)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Lend a consistent view to read from."""
        with plain_words(self.place), self._readers.one() as connection:
            yield self.transaction(connection)

    def forget_overwritten(self) -> bool:
        """Write the tables that keep no order into new files, by their keys and as of one moment; tell whether it
        worked.

        Their old files, with what was deleted in them, are gone at the end. What the server keeps beside (its
        write-ahead log, replicas, backups) is the operator's to let go of: SECURITY.md. Waits a second for readers.
        """
        try:
            with plain_words(self.place):
                connection = open_connection(self._url, FORGETTING_S)
                try:
                    connection.execute("BEGIN")
                    with whole(connection):
                        return wait_until_free(connection, FORGETTING_S) and _write_anew(connection)
                finally:
                    connection.close()
        except Unavailable as error:
            if error.code != "store.busy":
                raise
            return False

    def close(self) -> None:
        """Let go of the connections."""
        self._readers.close()
        self._writer.close()


def _write_anew(connection: Connection) -> bool:
    for table in KEPT_TABLES:
        if not table.unordered:
            continue
        order = ", ".join(f'"{column}"' for column in table.key)
        connection.execute(f'LOCK TABLE "{table.name}" IN ACCESS EXCLUSIVE MODE')
        # All rows of one transaction, so that not even the number of the transaction tells which came first.
        connection.execute(f'CREATE TEMPORARY TABLE anew ON COMMIT DROP AS SELECT * FROM "{table.name}"')  # noqa: S608
        connection.execute(f'TRUNCATE "{table.name}"')
        connection.execute(f'INSERT INTO "{table.name}" SELECT * FROM anew ORDER BY {order}')  # noqa: S608
        connection.execute("DROP TABLE anew")
    return True
