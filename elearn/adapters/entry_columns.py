"""How databases keep an entry's id and instant: an id as its 16 bytes, `stored` as microseconds since 1970."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.times import instant_of, text_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = -1


def bytes_of(statement_id: str) -> bytes:
    """Return the 16 bytes of an id. Only the one form that comes back as it went in is taken."""
    try:
        known = UUID(statement_id)
    except (ValueError, AttributeError, TypeError):
        known = None
    if known is None or str(known) != statement_id:
        raise Invalid("statement.id", value=str(statement_id))
    return known.bytes


def ticks_of(stored: str) -> int:
    """Return `stored` as microseconds since 1970, which sort and take eight bytes; "" sorts before all."""
    return (instant_of(stored) - _EPOCH) // timedelta(microseconds=1) if stored else _NEVER


def stored_of(ticks: int) -> str:
    """Return the instant of these microseconds."""
    return "" if ticks == _NEVER else text_of(_EPOCH + timedelta(microseconds=ticks))
