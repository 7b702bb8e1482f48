"""Opens connections to the server: what is fixed on each, how many there are, and what becomes of a lost one.

One lock for all who write, whatever process they are in: PostgreSQL hands out numbers before a transaction is
committed, so that a reader who saw number 2 and moved on would lose number 1. It also makes a write here what it is on
the other store: alone, from its first look to its commit.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper

from elearn.core.vocab.errors import Invalid, Unavailable

Connection = psycopg.Connection[tuple[Any, ...]]

OLDEST_SERVER = 140000
MOST_READERS = 16
WAIT_S = 5.0
WRITE_LOCK = 7_305_510_482_117_001
"""Of `pg_advisory_xact_lock`: one number for all programs that write to one database. It says nothing."""
BEGIN_WRITE = f"BEGIN; SELECT pg_advisory_xact_lock({WRITE_LOCK})"
BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_FIXED = {
    "client_encoding": "UTF8",
    "connect_timeout": "5",
    "application_name": "elearn",
    "keepalives_idle": "30",
    "tcp_user_timeout": "30000",
}
_SESSION = (
    "SELECT set_config('lock_timeout', %s, false), set_config('idle_in_transaction_session_timeout', %s, false),"
    " set_config('datestyle', 'ISO', false),"
    " CASE WHEN current_setting('synchronous_commit') = 'off'"
    " THEN set_config('synchronous_commit', 'on', false) END"  # saved means saved, whatever the server's habit
)
STUCK_MS = 120_000
"""A process that was stopped in the middle of a write must not hold all others up for ever. A reader may take its time:
a file is fetched over a slow line, or all of the data copied."""


def place_of(url: str) -> str:
    """Return where a database is, without the password. Raises Invalid("setting.wrong") without repeating the value."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise Invalid(
            "setting.wrong", name="ELEARN_DATABASE", value="...", hint="postgresql://user@host:5432/database"
        ) from None
    host = parts.get("host") or parts.get("hostaddr") or "local"
    port = f":{parts['port']}" if parts.get("port") else ""
    user = f"{parts['user']}@" if parts.get("user") else ""
    return f"postgresql://{user}{host}{port}/{parts.get('dbname') or parts.get('user') or ''}"


def open_connection(url: str, wait_s: float = WAIT_S, stuck_ms: int = 0) -> Connection:
    """Return a connection that begins nothing by itself. Raises Unavailable("store.unfit") for a server we can't use.

    wait_s: how long to wait for another process that writes; stuck_ms: after how long without a word the server ends a
    transaction, 0 = never. What the address itself says (timeouts) is kept.
    """
    given = conninfo_to_dict(url)
    more = {name: value for name, value in _FIXED.items() if name not in given}
    connection = psycopg.connect(make_conninfo(url, **more), autocommit=True)
    try:
        # An integer is eight bytes, always: by size, each query would be prepared once for every size met.
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        _must_fit(connection, place_of(url))
        connection.execute(_SESSION, (str(int(wait_s * 1000)), str(stuck_ms)))
    except BaseException:
        connection.close()
        raise
    return connection


def lost(connection: Connection) -> bool:
    """Tell whether the line is gone."""
    return connection.closed or connection.info.transaction_status == TransactionStatus.UNKNOWN


def begun(connection: Connection) -> bool:
    """Tell whether a transaction is under way, spoiled or not."""
    return connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}


@contextmanager
def whole(connection: Connection) -> Iterator[None]:
    """End the transaction that is under way: committed after the block, rolled back whole if it raises."""
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if not lost(connection) and begun(connection):
            connection.execute("ROLLBACK")
        raise


class Readers:
    """Connections for reading, at most MOST_READERS; each is held by one thread at a time."""

    def __init__(self, url: str, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s
        self._idle: list[Connection] = []
        self._free = threading.BoundedSemaphore(MOST_READERS)
        self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """Lend a connection that sees one moment of the database. Raises Unavailable("store.busy") if all are lent."""
        if not self._free.acquire(timeout=self._wait_s):
            raise Unavailable("store.busy", path=place_of(self._url))
        try:
            connection = self._begun()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close all; one that is lent just now is closed when it comes back."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()

    def _begun(self) -> Connection:
        """Return a connection in its transaction; a line that died since it was last used is opened anew."""
        while (kept := self._take()) is not None:
            try:
                kept.execute(BEGIN_READ, prepare=False)
                return kept
            except psycopg.Error:
                kept.close()
        fresh = open_connection(self._url, self._wait_s)
        fresh.execute(BEGIN_READ, prepare=False)
        return fresh

    def _take(self) -> Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: Connection) -> None:
        if not lost(connection) and begun(connection):
            try:
                connection.execute("ROLLBACK")
            except psycopg.Error:
                connection.close()
        with self._lock:
            if self._closed or lost(connection):
                connection.close()
            else:
                self._idle.append(connection)


def wait_until_free(connection: Connection, wait_s: float) -> bool:
    """Take the lock of those who write, for the transaction under way, within ``wait_s``; tell whether it came."""
    end_at = time.monotonic() + wait_s
    while True:
        row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITE_LOCK,)).fetchone()
        if row and row[0]:
            return True
        if time.monotonic() > end_at:
            return False
        time.sleep(0.02)


def _must_fit(connection: Connection, place: str) -> None:
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        reason = f"PostgreSQL {version // 10000}; {OLDEST_SERVER // 10000} or newer is needed"
        raise Unavailable("store.unfit", path=place, reason=reason)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Unavailable("store.unfit", path=place, reason=f"the database is encoded in {encoding}, not UTF8")
