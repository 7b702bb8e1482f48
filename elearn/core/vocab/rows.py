"""What may stand in a row: the same refusals in every store, before anything is written.

A store that took a number for a text would differ from the next store, and a test on one would prove nothing
about the other.
"""

import json
from functools import lru_cache
from math import isnan
from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.tables import ColumnType, Row, Span, Table, Where

LARGEST_INTEGER = 2**63


def encoded(table: Table, row: Row) -> Row:
    """Return the row with every column of the table, JSON as text, ready to be stored.

    Raises Invalid("row.unknown-column" | "row.no-key" | "row.wrong-type", table=, column=).
    """
    for column in row:
        if column not in table.columns:
            raise Invalid("row.unknown-column", table=table.name, column=column)
    ready = {column: _value(table, column, row.get(column)) for column in table.columns}
    for column in table.key:
        if ready[column] is None:
            raise Invalid("row.no-key", table=table.name, column=column)
    return ready


def decoded(table: Table, row: Row) -> Row:
    """Return a stored row as it is handed out: JSON as values."""
    values = {column: json.loads(row[column]) for column in _json_columns(table) if row[column] is not None}
    return {**row, **values}


@lru_cache(maxsize=256)
def _json_columns(table: Table) -> tuple[str, ...]:
    return tuple(column for column, kind in table.columns.items() if kind == "json")


def checked_key(table: Table, key: tuple[str | int, ...]) -> tuple[Any, ...]:
    """Return the key's values. Raises Invalid("row.no-key") for too few or too many, Invalid("row.wrong-type")."""
    if len(key) != len(table.key):
        raise Invalid("row.no-key", table=table.name, columns=table.key, given=len(key))
    return tuple(_value(table, column, value) for column, value in zip(table.key, key, strict=True))


def check_where(table: Table, where: Where) -> None:
    """Raise Invalid where a condition names an unknown or JSON column, or compares with another type."""
    for column, wanted in where.items():
        check_column(table, column)
        for value in _compared(wanted):
            _value(table, column, value)


def check_column(table: Table, column: str) -> None:
    """Raise Invalid("row.unknown-column") unless rows can be chosen, ordered and grouped by this column."""
    if table.columns.get(column, "json") == "json":
        raise Invalid("row.unknown-column", table=table.name, column=column)


def _compared(wanted: Any) -> tuple[Any, ...]:
    if isinstance(wanted, Span):
        return (wanted.at_least, wanted.before)
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _value(table: Table, column: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        return _FITTING[table.columns[column]](value)
    except (TypeError, ValueError):
        raise Invalid(
            "row.wrong-type", table=table.name, column=column, wanted=table.columns[column], given=type(value).__name__
        ) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    if not value.isascii():
        value.encode()  # a lone surrogate can't be written
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or not -LARGEST_INTEGER <= value < LARGEST_INTEGER:
        raise TypeError
    return int(value)


def _real(value: Any) -> float:
    if not isinstance(value, (int, float)) or isnan(value):  # SQLite would make it NULL
        raise TypeError
    return float(value)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _text(text)


def _blob(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value


_FITTING: dict[ColumnType, Any] = {"text": _text, "integer": _integer, "real": _real, "json": _json, "blob": _blob}
