"""Opens the database file, owns its transactions, and says in our words what is wrong with the disk.

Immediate, never deferred: under WAL a deferred transaction that read before it writes is refused when another one
wrote in between (measured: 714 of 800 concurrent writes). sqlite-utils begins deferred, so it begins nothing here.
"""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elearn.core.vocab.errors import Unavailable

_CODES = {
    sqlite3.SQLITE_FULL: "disk.full",
    sqlite3.SQLITE_READONLY: "disk.read-only",
    sqlite3.SQLITE_CANTOPEN: "disk.read-only",
    sqlite3.SQLITE_PERM: "disk.read-only",
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_IOERR: "disk.failing",
}


def unavailable(error: Exception, path: Path) -> Unavailable | None:
    """Return what an error of SQLite or of the system means to an operator; None if it is a fault of ours."""
    if isinstance(error, sqlite3.Error):
        code = _CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    elif isinstance(error, OSError):
        code = {errno.ENOSPC: "disk.full", errno.EDQUOT: "disk.full", errno.EIO: "disk.failing"}.get(
            error.errno or 0, "disk.read-only"
        )
    else:
        return None
    return Unavailable(code, path=str(path), reason=str(error)) if code else None


@contextmanager
def plain_words(path: Path) -> Iterator[None]:
    """Turn errors of disk and database into Unavailable; let everything else through."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        told = unavailable(error, path)
        if told is None:
            raise
        raise told from error


def make_file(path: Path) -> None:
    """Create the folder (0700) and an empty database file (0600) where they are missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def open_connection(path: Path, busy_ms: int) -> sqlite3.Connection:
    """Return a connection that begins nothing by itself.

    It may be handed from thread to thread (`check_same_thread`), but whoever holds it must be the only one.
    """
    connection = sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -4000")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is zeroed, not only forgotten
        connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE removes without asking the triggers
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one immediate transaction: committed to disk at its end, rolled back whole if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends the transaction by itself
            connection.execute("ROLLBACK")
        raise


class Readers:
    """Connections for reading. Each is held by one thread at a time; as many are open as ever read at once."""

    def __init__(self, path: Path, busy_ms: int) -> None:
        self._path = path
        self._busy_ms = busy_ms
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one moment of the database, whatever is written meanwhile."""
        connection = self._take()
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close all; one that is lent just now is closed when it comes back."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return open_connection(self._path, self._busy_ms)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)
