"""Rows held in memory while many statements are folded: one read and one write a row, not one a statement.

Folds see what they put before; the store sees it when `flush` is called, inside the same transaction.
"""

from functools import lru_cache

from elearn.core.vocab.tables import Row, Table
from elearn.ports import Tables


class HeldRows:
    """The part of `Tables` that folds need (`projections.base.Rows`), in front of the tables of one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows: dict[tuple[str, tuple[str | int, ...]], Row | None] = {}
        self._put: dict[tuple[str, tuple[str | int, ...]], Table] = {}

    def get(self, table: Table, *key: str | int) -> Row | None:
        """Return the row with this key, or None. What is done to it shows only once it is put."""
        place = (table.name, key)
        if place not in self._rows:
            self._rows[place] = self._tables.get(table, *key)
        row = self._rows[place]
        return None if row is None else _copied(table, row)

    def put(self, table: Table, row: Row) -> None:
        """Hold the row, in place of the one with its key. Whoever puts it does nothing to it afterwards."""
        place = (table.name, tuple(row[column] for column in table.key))
        self._rows[place] = row if len(row) == len(table.columns) else {**dict.fromkeys(table.columns), **row}
        self._put[place] = table

    def flush(self) -> None:
        """Store what was put, and forget all. Raises as `Tables.put`."""
        for place, table in self._put.items():
            row = self._rows[place]
            if row is not None:
                self._tables.put(table, row)
        self._rows.clear()
        self._put.clear()


def _copied(table: Table, row: Row) -> Row:
    """Return a row whose lists and objects are its own: folds set entries of them, but nothing further inside."""
    copied = row.copy()
    for column in _nested(table):
        value = copied[column]
        if value is not None:
            copied[column] = value.copy() if isinstance(value, (dict, list)) else value
    return copied


@lru_cache(maxsize=256)
def _nested(table: Table) -> tuple[str, ...]:
    return tuple(column for column, kind in table.columns.items() if kind == "json")
