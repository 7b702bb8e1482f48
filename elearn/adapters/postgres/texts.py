"""Texts that PostgreSQL would refuse: it takes no NUL, and a store must give back what it was given.

U+0000 and U+0001 are kept as two signs each, so that equal stays equal and the order stays the order.
"""

from typing import Any

_FIRST, _SECOND = "\x00", "\x01"


def hidden(value: Any) -> Any:
    """Return the value as it is kept."""
    if isinstance(value, str) and (_FIRST in value or _SECOND in value):
        return value.replace(_SECOND, "\x01\x02").replace(_FIRST, "\x01\x01")
    return value


def shown(value: Any) -> Any:
    """Return the value as it was given."""
    if isinstance(value, str) and _SECOND in value:
        return value.replace("\x01\x01", _FIRST).replace("\x01\x02", _SECOND)
    return value
