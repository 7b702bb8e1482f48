"""Declared tables as PostgreSQL tables: the SQL for them, and the port `Tables` on a connection.

Texts compare by their bytes (COLLATE "C") and nothing comes before something, as in SQLite: the same page must show the
same order on both.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from psycopg.errors import UniqueViolation

from elearn.adapters.postgres.connection import Connection
from elearn.adapters.postgres.texts import hidden, shown
from elearn.core.vocab.errors import Conflict
from elearn.core.vocab.rows import check_column, check_where, checked_key, decoded, encoded
from elearn.core.vocab.tables import Row, Span, Table, Where

TYPES = {
    "text": 'text COLLATE "C"',
    "integer": "bigint",
    "real": "double precision",
    "json": 'text COLLATE "C"',
    "blob": "bytea",
}
_MOST_WAITING = 500
_COLUMNS_OF = (
    "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
    " WHERE indexrelid = to_regclass(%s) ORDER BY array_position(indkey, attnum)"
)


def create_sql(table: Table) -> list[str]:
    """Return the statements that create the table and its indexes."""
    columns = [
        f'"{name}" {TYPES[kind]}{" NOT NULL" if name in table.key else ""}' for name, kind in table.columns.items()
    ]
    rules = [f"PRIMARY KEY ({_names(table.key)})", *(f"UNIQUE ({_names(columns)})" for columns in table.unique)]
    return [
        f'CREATE TABLE "{table.name}" ({", ".join([*columns, *rules])})',
        *(
            f'CREATE INDEX "{table.name}_{"_".join(indexed)}" ON "{table.name}" ({_nothing_first(indexed)})'
            for indexed in table.indexes
        ),
    ]


class PostgresTables:
    """The port `Tables` on one connection. Begins and ends nothing.

    Rows that are put wait to be written together: one by one, each would cost a way to the server and back, and a batch
    of an exchange puts thousands. Whoever asks a table for more than a row by its key has them written first.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[Table, dict[tuple[Any, ...], tuple[Any, ...]]] = {}

    def settle(self) -> None:
        """Write all rows that wait."""
        for table in list(self._waiting):
            self._write_waiting(table)

    def forget(self) -> None:
        """Drop all rows that wait."""
        self._waiting.clear()

    def get(self, table: Table, *key: str | int) -> Row | None:
        """Return the row with this key, or None."""
        checked = checked_key(table, key)
        waiting = self._waiting.get(table)
        if waiting and checked in waiting:
            return decoded(table, dict(zip(table.columns, waiting[checked], strict=True)))
        found = self._all(_get_sql(table), checked)
        return _row(table, found[0]) if found else None

    def put(self, table: Table, row: Row) -> None:
        """Store the row in place of the one with its key. Raises Conflict("row.not-unique", table=, columns=)."""
        ready = encoded(table, row)
        values = tuple(ready.values())
        if not table.unique:
            waiting = self._waiting.setdefault(table, {})
            waiting[tuple(ready[column] for column in table.key)] = values
            if len(waiting) >= _MOST_WAITING:
                self._write_waiting(table)
            return
        # An error spoils the whole transaction here, so it happens in a part that can be undone.
        self._connection.execute("SAVEPOINT put")
        try:
            self._run(_put_sql(table), values)
        except UniqueViolation as error:
            self._connection.execute("ROLLBACK TO put")
            found = self._all(_COLUMNS_OF, (f'"{error.diag.constraint_name}"',))
            columns = tuple(str(name) for (name,) in found)
            raise Conflict("row.not-unique", table=table.name, columns=columns) from None
        self._connection.execute("RELEASE put")

    def delete(self, table: Table, where: Where) -> int:
        """Delete the matching rows; return how many."""
        self._write_waiting(table)
        condition, values = _condition(table, where)
        return self._run(f'DELETE FROM "{table.name}"{condition}', values).rowcount  # noqa: S608

    def select(
        self, table: Table, where: Where | None = None, order: tuple[str, ...] = (), limit: int | None = None
    ) -> list[Row]:
        """Return matching rows, ordered by ``order`` (a leading "-" = descending) and then by key."""
        self._write_waiting(table)
        condition, values = _condition(table, where)
        ordered = ", ".join(_ordered(table, column) for column in (*order, *table.key))
        sql = f'SELECT {_names(table.columns)} FROM "{table.name}"{condition} ORDER BY {ordered}'  # noqa: S608
        found = self._all(*((sql, values) if limit is None else (f"{sql} LIMIT %s", [*values, limit])))
        return [_row(table, values) for values in found]

    def count(self, table: Table, where: Where | None = None) -> int:
        """Return how many rows match."""
        self._write_waiting(table)
        condition, values = _condition(table, where)
        return int(self._all(f'SELECT count(*) FROM "{table.name}"{condition}', values)[0][0])  # noqa: S608

    def group(
        self, table: Table, by: tuple[str, ...], where: Where | None = None, distinct: str | None = None
    ) -> list[Row]:
        """Return one row per combination of ``by`` with ``n``: rows, or distinct values of ``distinct``."""
        for column in (*by, *((distinct,) if distinct else ())):
            check_column(table, column)
        self._write_waiting(table)
        condition, values = _condition(table, where)
        counted = f'count(DISTINCT "{distinct}")' if distinct else "count(*)"
        chosen = ", ".join([*(f'"{column}"' for column in by), counted])
        grouped = f" GROUP BY {_names(by)} ORDER BY {_nothing_first(by)}" if by else ""
        found = self._all(f'SELECT {chosen} FROM "{table.name}"{condition}{grouped}', values)  # noqa: S608
        return [dict(zip((*by, "n"), map(shown, values), strict=True)) for values in found]

    def _write_waiting(self, table: Table) -> None:
        rows = self._waiting.pop(table, {})
        if len(rows) == 1:
            self._run(_put_sql(table), *rows.values())
        elif rows:
            with self._connection.cursor() as cursor:
                cursor.executemany(_put_sql(table), [[hidden(value) for value in row] for row in rows.values()])

    def _run(self, sql: str, values: Iterable[Any]) -> Any:
        return self._connection.execute(sql, [hidden(value) for value in values], binary=True)

    def _all(self, sql: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._run(sql, values).fetchall()
        return found


def _row(table: Table, values: tuple[Any, ...]) -> Row:
    return decoded(table, dict(zip(table.columns, map(shown, values), strict=True)))


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _nothing_first(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}" NULLS FIRST' for column in columns)


def _ordered(table: Table, column: str) -> str:
    name = column.removeprefix("-")
    check_column(table, name)
    if name in table.key:  # holds something always, and its own index can be read along
        return f'"{name}"{" DESC" * column.startswith("-")}'
    return f'"{name}" DESC NULLS LAST' if column.startswith("-") else f'"{name}" NULLS FIRST'


@lru_cache(maxsize=256)
def _get_sql(table: Table) -> str:
    wanted = " AND ".join(f'"{column}" = %s' for column in table.key)
    return f'SELECT {_names(table.columns)} FROM "{table.name}" WHERE {wanted}'  # noqa: S608


@lru_cache(maxsize=256)
def _put_sql(table: Table) -> str:
    others = [column for column in table.columns if column not in table.key]
    new = ", ".join(f'"{column}" = excluded."{column}"' for column in others)
    marks = ", ".join("%s" for _ in table.columns)
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
        there = [hidden(value) for value in wanted if value is not None]
        sql = f'"{column}" = ANY (%s)'
        return (f'({sql} OR "{column}" IS NULL)' if None in wanted else sql), [there]
    if isinstance(wanted, Span):
        sides = [(">=", wanted.at_least), ("<", wanted.before)]
        bound = [(f'"{column}" {sign} %s', value) for sign, value in sides if value is not None]
        # An open span still leaves out rows that hold nothing, as any comparison does.
        return " AND ".join([f'"{column}" IS NOT NULL', *(sql for sql, _ in bound)]), [value for _, value in bound]
    return f'"{column}" = %s', [wanted]
