"""What an error of PostgreSQL means to an operator, in the same codes as the other store's."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from elearn.core.vocab.errors import Unavailable

_CODES = {
    "25006": "disk.read-only",  # a standby, or default_transaction_read_only
    "40001": "store.busy",
    "40P01": "store.busy",
    "42501": "store.unfit",  # the user lacks a right
    "53100": "disk.full",
    "55P03": "store.busy",  # waited `lock_timeout` for another process's write
    "57014": "store.busy",
    "58030": "disk.failing",
    "XX001": "store.damaged",
    "XX002": "store.damaged",
}
_CLASSES = {"08": "store.away", "57": "store.away", "53": "store.busy"}
"""Lost or refused lines, a server that stops or starts; out of memory or connections."""


def unavailable(error: Exception, place: str) -> Unavailable | None:
    """Return what an error means to an operator; None if it is a fault of ours."""
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is not None:
        code = _CODES.get(state) or _CLASSES.get(state[:2])
    else:  # the line, not the server, ended it
        code = "store.away" if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) else None
    return Unavailable(code, path=place, reason=_first_line(error)) if code else None


@contextmanager
def plain_words(place: str) -> Iterator[None]:
    """Turn errors of line, server and disk into Unavailable; let everything else through."""
    try:
        yield
    except psycopg.Error as error:
        told = unavailable(error, place)
        if told is None:
            raise
        raise told from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
