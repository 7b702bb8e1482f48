"""How a database comes to the shape this version wants: the same numbered steps as SQLite's, in PostgreSQL's words.

A step is written once, as SQL that makes or changes kept tables (`adapters/sqlite/00N_*.sql`); here its types are put
in other words. Where that does not do, a file of the same name in this folder takes its place. The ledger is each
store's own: `000_ledger.sql`. The screens' tables are not migrated but dropped and folded anew.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files

from elearn.adapters.postgres.connection import BEGIN_WRITE, Connection, whole
from elearn.adapters.postgres.tables import TYPES, create_sql
from elearn.core.projections.all import CURSOR, FOLDED_TABLES, PROJECTIONS, VERSIONS
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.kept import KEPT_TABLES
from elearn.core.vocab.tables import Table

APPLIED = "elearn_migration"
LEDGER = "000_ledger"
_HERE = "elearn.adapters.postgres"
_WRITTEN = "elearn.adapters.sqlite"
_WORDS = {"TEXT": TYPES["text"], "INTEGER": TYPES["integer"], "REAL": TYPES["real"], "BLOB": TYPES["blob"]}
_COLUMN = re.compile(r'("\w+") (TEXT|INTEGER|REAL|BLOB)\b')
_KEPT = re.compile(r'(CREATE TABLE|CREATE INDEX|ALTER TABLE|DROP TABLE|DROP INDEX|INSERT INTO|UPDATE|DELETE FROM) "')
_OF_THE_LEDGER = re.compile(r"(CREATE|DROP|ALTER) (TABLE|INDEX|TRIGGER) (ledger_|entry)")
_END = re.compile(r"\) STRICT(, WITHOUT ROWID)?$")
_INDEXED = re.compile(r'^(CREATE INDEX "\w+" ON "\w+") \((.*)\)$')

Shape = tuple[tuple[tuple[str, str, bool], ...], frozenset[tuple[str, tuple[str, ...]]]]
"""Columns as (name, type, may not be empty), in order; indexes as (primary, unique or index, columns)."""


def steps() -> dict[str, list[str]]:
    """Return step -> its statements, in order."""
    names = sorted(one.name for one in files(_WRITTEN).iterdir() if re.match(r"\d{3}_\w+\.sql$", one.name))
    found = {LEDGER: _lines(_HERE, f"{LEDGER}.sql")}
    for name in names:
        own = files(_HERE).joinpath(name).is_file()
        found[name.removesuffix(".sql")] = _lines(_HERE, name) if own else list(_in_our_words(name))
    return found


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Apply what is pending, all or nothing; of two processes one does. Raises Unavailable("store.newer")."""
    wanted = steps()
    applied = _applied(connection)
    unknown = applied - wanted.keys()
    if unknown:
        raise Unavailable("store.newer", path=place, unknown=sorted(unknown))
    if len(applied) == len(wanted) and not _misfits(connection):
        return
    connection.execute(BEGIN_WRITE, prepare=False)
    with whole(connection):
        connection.execute(
            f'CREATE TABLE IF NOT EXISTS {APPLIED} (name text PRIMARY KEY, "at" timestamptz NOT NULL DEFAULT now())'
        )
        applied = _applied(connection)  # another process may have been quicker
        for name, statements in wanted.items():
            if name not in applied:
                for statement in statements:
                    connection.execute(statement.encode(), prepare=False)
                connection.execute(f"INSERT INTO {APPLIED} (name) VALUES (%s)", (name,))  # noqa: S608
        _keep_no_samples(connection)
        _fit_folded(connection)


def declared(table: Table) -> Shape:
    """Return the shape a table is declared to have."""
    kinds = {name: words.removesuffix(' COLLATE "C"') for name, words in TYPES.items()}
    columns = tuple((name, kinds[kind], name in table.key) for name, kind in table.columns.items())
    rules = [("primary", table.key), *(("unique", one) for one in table.unique)]
    return columns, frozenset([*rules, *(("index", one) for one in table.indexes)])


def shape(connection: Connection, name: str) -> Shape | None:
    """Return the shape a table has, None if there is none."""
    columns = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        (f'"{name}"',),
    ).fetchall()
    indexes = connection.execute(
        "SELECT CASE WHEN indisprimary THEN 'primary' WHEN indisunique THEN 'unique' ELSE 'index' END,"
        " array_agg(attname::text ORDER BY array_position(indkey, attnum)) FROM pg_index"
        " JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
        " WHERE indrelid = to_regclass(%s) GROUP BY indexrelid, indisprimary, indisunique",
        (f'"{name}"',),
    ).fetchall()
    if not columns:
        return None
    return tuple((a, b, c) for a, b, c in columns), frozenset((kind, tuple(found)) for kind, found in indexes)


def _lines(package: str, name: str) -> list[str]:
    return files(package).joinpath(name).read_text("utf-8").splitlines()


def _in_our_words(name: str) -> Iterator[str]:
    for statement in _lines(_WRITTEN, name):
        if _OF_THE_LEDGER.match(statement) and name.startswith("001_"):
            continue
        if not _KEPT.match(statement):
            raise RuntimeError(f"{name} is not only about kept tables: write adapters/postgres/{name}")
        words = _COLUMN.sub(lambda found: f"{found[1]} {_WORDS[found[2]]}", _END.sub(")", statement))
        yield _INDEXED.sub(lambda found: f"{found[1]} ({_nothing_first(found[2])})", words)


def _nothing_first(columns: str) -> str:
    return ", ".join(f"{column} NULLS FIRST" for column in columns.split(", "))


def _applied(connection: Connection) -> set[str]:
    if shape(connection, APPLIED) is None:
        return set()
    return {name for (name,) in connection.execute(f"SELECT name FROM {APPLIED}")}  # noqa: S608


def _keep_no_samples(connection: Connection) -> None:
    """Let the server take no samples of what is in the ballot box: its statistics would keep answers that are gone."""
    for table in KEPT_TABLES:
        if table.unordered:
            columns = ", ".join(f'ALTER COLUMN "{column}" SET STATISTICS 0' for column in table.columns)
            connection.execute(f'ALTER TABLE "{table.name}" {columns}')


def _versions(connection: Connection) -> dict[str, int]:
    if shape(connection, CURSOR.name) is None:
        return {}
    row = connection.execute(f'SELECT versions FROM "{CURSOR.name}"').fetchone()  # noqa: S608
    found: dict[str, int] = json.loads(row[0]) if row else VERSIONS
    return found


def _misfits(connection: Connection) -> list[Table]:
    """Return the folded tables that are missing, of another shape, or of another version."""
    versions = _versions(connection)
    old = {
        table.name
        for projection in PROJECTIONS
        if versions.get(projection.name) != projection.version
        for table in projection.tables
    }
    folded = (CURSOR, *FOLDED_TABLES)
    return [one for one in folded if one.name in old or shape(connection, one.name) != declared(one)]


def _fit_folded(connection: Connection) -> None:
    """Make the folded tables anew where they do not fit; the cursor then says that all are to be folded again."""
    misfits = _misfits(connection)
    for table in misfits:
        connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        for statement in create_sql(table):
            connection.execute(statement)
    if misfits:
        connection.execute(f'DELETE FROM "{CURSOR.name}"')  # noqa: S608
