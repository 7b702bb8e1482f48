"""How a database file comes to the shape this version wants: numbered steps, applied once, in order, never edited.

sqlite-utils keeps the list of what was applied. It is imported only when something is pending: it takes a fifth of a
second, and on most days nothing is. To change a kept table, change its declaration and write the step that brings an
old file there, as SQL: a step that read the declarations would change with them. The screens' tables are not migrated
but dropped and folded anew (`_fit_folded`).
"""

import json
import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from elearn.adapters.sqlite.connection import immediate
from elearn.adapters.sqlite.tables import create_sql, shape
from elearn.core.projections.all import CURSOR, FOLDED_TABLES, PROJECTIONS, VERSIONS
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.tables import Table

SET = "elearn"


def m001_first_tables(connection: sqlite3.Connection) -> None:
    """Make the ledger and the kept tables, as they were declared in the first release."""
    _run(connection, "001_first_tables.sql")


def m002_ballot_box(connection: sqlite3.Connection) -> None:
    """Make the box of satisfaction forms and the list of who is not asked again."""
    _run(connection, "002_ballot_box.sql")


def m003_media(connection: sqlite3.Connection) -> None:
    """Make the place for picture files of courses."""
    _run(connection, "003_media.sql")


def m004_outages(connection: sqlite3.Connection) -> None:
    """Make the list of times at which the node was off while an exam was under way."""
    _run(connection, "004_outages.sql")


def m005_display(connection: sqlite3.Connection) -> None:
    """Make the place for how each officer wants pages to look."""
    _run(connection, "005_display.sql")


def m006_brought(connection: sqlite3.Connection) -> None:
    """Make the place for records that officers bring along from other posts."""
    _run(connection, "006_brought.sql")


def m007_paper_sessions(connection: sqlite3.Connection) -> None:
    """Make the place for sessions in a classroom and their answer sheets."""
    _run(connection, "007_paper_sessions.sql")


def m008_revoking(connection: sqlite3.Connection) -> None:
    """Make the place for proposals to take many certificates back, for kinds of reasons, and for notes on what is kept
    apart."""
    _run(connection, "008_revoking.sql")


def m009_certificate_pictures(connection: sqlite3.Connection) -> None:
    """Make the place for the seal and the signatures on this node's certificates."""
    _run(connection, "009_certificate_pictures.sql")


def m010_chains(connection: sqlite3.Connection) -> None:
    """Make the places for signed heads of chains and for who may send which; confirmed numbers get their digest."""
    _run(connection, "010_chains.sql")


def m011_keys(connection: sqlite3.Connection) -> None:
    """Make the places for how keys follow each other, are lost, and what is known of a lost key's certificates."""
    _run(connection, "011_keys.sql")


def m012_forwarding(connection: sqlite3.Connection) -> None:
    """Make the place for other systems that get records as pseudonyms."""
    _run(connection, "012_forwarding.sql")


def m013_line_days(connection: sqlite3.Connection) -> None:
    """Make the place for what went over the line each day."""
    _run(connection, "013_line_days.sql")


def m014_courier(connection: sqlite3.Connection) -> None:
    """Make the place for files that are carried by hand."""
    _run(connection, "014_courier.sql")


def m015_packages_down(connection: sqlite3.Connection) -> None:
    """Make the places for the files packages are handed on in, and for what a hub offers."""
    _run(connection, "015_packages_down.sql")


def m016_asks(connection: sqlite3.Connection) -> None:
    """Make the place for officers a post asks its hub for."""
    _run(connection, "016_asks.sql")


def _run(connection: sqlite3.Connection, name: str) -> None:
    """Run a file that holds one statement a line. Not `executescript`: that would commit what is begun."""
    for statement in files("elearn.adapters.sqlite").joinpath(name).read_text("utf-8").splitlines():
        connection.execute(statement)


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_first_tables,
    m002_ballot_box,
    m003_media,
    m004_outages,
    m005_display,
    m006_brought,
    m007_paper_sessions,
    m008_revoking,
    m009_certificate_pictures,
    m010_chains,
    m011_keys,
    m012_forwarding,
    m013_line_days,
    m014_courier,
    m015_packages_down,
    m016_asks,
)


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Apply what is pending, all or nothing. Raises Unavailable("store.newer") for a file of a later version."""
    applied = _applied(connection)
    unknown = applied - {step.__name__ for step in STEPS}
    if unknown:
        raise Unavailable("store.newer", path=str(path), unknown=sorted(unknown))
    if len(applied) == len(STEPS) and not _misfits(connection):
        return
    with immediate(connection):
        _apply(connection)
        _fit_folded(connection)


def _applied(connection: sqlite3.Connection) -> set[str]:
    if not shape(connection, "_sqlite_migrations"):
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))
    return {name for (name,) in rows}


def _apply(connection: sqlite3.Connection) -> None:
    if len(_applied(connection)) == len(STEPS):
        return
    from sqlite_utils import Database, Migrations  # slow to import, and seldom needed

    migrations = Migrations(SET)
    for step in STEPS:
        migrations(name=step.__name__)(lambda database, step=step: step(database.conn))
    # Inside our immediate transaction its `atomic` makes savepoints and begins nothing.
    migrations.apply(Database(connection, execute_plugins=False))


def _versions(connection: sqlite3.Connection) -> dict[str, int]:
    if not shape(connection, CURSOR.name):
        return {}
    row = connection.execute(f'SELECT versions FROM "{CURSOR.name}"').fetchone()  # noqa: S608
    found: dict[str, int] = json.loads(row[0]) if row else VERSIONS
    return found


def _misfits(connection: sqlite3.Connection) -> list[Table]:
    """Return the folded tables that are missing, of another shape, or of another version."""
    versions = _versions(connection)
    old = {
        table.name
        for projection in PROJECTIONS
        if versions.get(projection.name) != projection.version
        for table in projection.tables
    }
    return [
        table
        for table in (CURSOR, *FOLDED_TABLES)
        if table.name in old or shape(connection, table.name) != sorted(create_sql(table))
    ]


def _fit_folded(connection: sqlite3.Connection) -> None:
    """Make the folded tables anew where they do not fit; the cursor then says that all are to be folded again."""
    misfits = _misfits(connection)
    for table in misfits:
        connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        for statement in create_sql(table):
            connection.execute(statement)
    if misfits:
        connection.execute(f'DELETE FROM "{CURSOR.name}"')  # noqa: S608
