"""Declared tables as SQLite tables: the SQL for them, and the port `Tables` on a connection."""

import json
import re
import sqlite3
from functools import lru_cache
from typing import Any

from elearn.core.vocab.errors import Conflict
from elearn.core.vocab.rows import check_column, check_where, checked_key, decoded, encoded
from elearn.core.vocab.tables import Row, Span, Table, Where

_TYPES = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "json": "TEXT", "blob": "BLOB"}
_NAMED = re.compile(r"UNIQUE constraint failed: (.*)")


def create_sql(table: Table) -> list[str]:
    """Return the statements that create the table and its indexes."""
    columns = [
        f'"{name}" {_TYPES[kind]}{" NOT NULL" if name in table.key else ""}' for name, kind in table.columns.items()
    ]
    rules = [f"PRIMARY KEY ({_names(table.key)})", *(f"UNIQUE ({_names(columns)})" for columns in table.unique)]
    return [
        f'CREATE TABLE "{table.name}" ({", ".join([*columns, *rules])}) STRICT{", WITHOUT ROWID" * table.unordered}',
        *(
            f'CREATE INDEX "{table.name}_{"_".join(indexed)}" ON "{table.name}" ({_names(indexed)})'
            for indexed in table.indexes
        ),
    ]


def shape(connection: sqlite3.Connection, name: str) -> list[str]:
    """Return the statements the table and its indexes were created with, sorted; [] if there is none."""
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL", (name,))
    return sorted(sql for (sql,) in rows)


class SqliteTables:
    """The port `Tables` on one connection. Begins and ends nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, table: Table, *key: str | int) -> Row | None:
        """Return the row with this key, or None."""
        found = self._connection.execute(_get_sql(table), checked_key(table, key)).fetchone()
        return None if found is None else _row(table, found)

    def put(self, table: Table, row: Row) -> None:
        """Store the row in place of the one with its key. Raises Conflict("row.not-unique", table=, columns=)."""
        ready = encoded(table, row)
        try:
            self._connection.execute(_put_sql(table), tuple(ready.values()))
        except sqlite3.IntegrityError as error:
            named = _NAMED.match(str(error))
            if named is None:
                raise
            columns = tuple(name.split(".")[1] for name in named[1].split(", "))
            raise Conflict("row.not-unique", table=table.name, columns=columns) from None

    def delete(self, table: Table, where: Where) -> int:
        """Delete the matching rows; return how many."""
        condition, values = _condition(table, where)
        return self._connection.execute(f'DELETE FROM "{table.name}"{condition}', values).rowcount  # noqa: S608

    def select(
        self, table: Table, where: Where | None = None, order: tuple[str, ...] = (), limit: int | None = None
    ) -> list[Row]:
        """Return matching rows, ordered by ``order`` (a leading "-" = descending) and then by key."""
        condition, values = _condition(table, where)
        ordered = [_ordered(table, column) for column in (*order, *table.key)]
        sql = (
            f'SELECT {_names(table.columns)} FROM "{table.name}"{condition}'  # noqa: S608
            f" ORDER BY {', '.join(ordered)} LIMIT ?"
        )
        found = self._connection.execute(sql, (*values, -1 if limit is None else limit))
        return [_row(table, values) for values in found]

    def count(self, table: Table, where: Where | None = None) -> int:
        """Return how many rows match."""
        condition, values = _condition(table, where)
        found = self._connection.execute(f'SELECT count(*) FROM "{table.name}"{condition}', values)  # noqa: S608
        return int(found.fetchone()[0])

    def group(
        self, table: Table, by: tuple[str, ...], where: Where | None = None, distinct: str | None = None
    ) -> list[Row]:
        """Return one row per combination of ``by`` with ``n``: rows, or distinct values of ``distinct``."""
        for column in (*by, *((distinct,) if distinct else ())):
            check_column(table, column)
        condition, values = _condition(table, where)
        counted = f'count(DISTINCT "{distinct}")' if distinct else "count(*)"
        chosen = ", ".join([*(f'"{column}"' for column in by), counted])
        grouped = f" GROUP BY {_names(by)} ORDER BY {_names(by)}" if by else ""
        found = self._connection.execute(f'SELECT {chosen} FROM "{table.name}"{condition}{grouped}', values)  # noqa: S608
        return [dict(zip((*by, "n"), values, strict=True)) for values in found]


def _row(table: Table, values: tuple[Any, ...]) -> Row:
    return decoded(table, dict(zip(table.columns, values, strict=True)))


def _names(columns: Any) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _ordered(table: Table, column: str) -> str:
    name = column.removeprefix("-")
    check_column(table, name)
    return f'"{name}" DESC' if column.startswith("-") else f'"{name}"'


@lru_cache(maxsize=256)
def _get_sql(table: Table) -> str:
    wanted = " AND ".join(f'"{column}" = ?' for column in table.key)
    return f'SELECT {_names(table.columns)} FROM "{table.name}" WHERE {wanted}'  # noqa: S608


@lru_cache(maxsize=256)
def _put_sql(table: Table) -> str:
    # Not INSERT OR REPLACE: that would silently delete another row that holds a unique value.
    others = [column for column in table.columns if column not in table.key]
    new = ", ".join(f'"{column}" = excluded."{column}"' for column in others)
    marks = ", ".join("?" for _ in table.columns)
    return (
        f'INSERT INTO "{table.name}" ({_names(table.columns)}) VALUES ({marks})'  # noqa: S608
        f" ON CONFLICT ({_names(table.key)}) DO {f'UPDATE SET {new}' if new else 'NOTHING'}"
    )


def _condition(table: Table, where: Where | None) -> tuple[str, list[Any]]:
    if not where:
        return "", []
    check_where(table, where)
    parts: list[str] = []
    values: list[Any] = []
    for column, wanted in where.items():
        sql, bound = _compare(column, wanted)
        parts.append(sql)
        values.extend(bound)
    return " WHERE " + " AND ".join(parts), values


def _compare(column: str, wanted: Any) -> tuple[str, list[Any]]:
    if wanted is None:
        return f'"{column}" IS NULL', []
    if isinstance(wanted, tuple):
        # One bound value, however many are asked for: SQLite allows only so many question marks.
        # But a text with a NUL in it: json_each would end it there.
        cut = [value for value in wanted if isinstance(value, str) and "\x00" in value]
        there = json.dumps([value for value in wanted if value is not None and value not in cut])
        parts = [f'"{column}" IN (SELECT value FROM json_each(?))', *(f'"{column}" = ?' for _ in cut)]  # noqa: S608
        if None in wanted:
            parts.append(f'"{column}" IS NULL')
        return f"({' OR '.join(parts)})", [there, *cut]
    if isinstance(wanted, Span):
        sides = [(">=", wanted.at_least), ("<", wanted.before)]
        bound = [(f'"{column}" {sign} ?', value) for sign, value in sides if value is not None]
        # An open span still leaves out rows that hold nothing, as any comparison does.
        return " AND ".join([f'"{column}" IS NOT NULL', *(sql for sql, _ in bound)]), [value for _, value in bound]
    return f'"{column}" = ?', [wanted]
