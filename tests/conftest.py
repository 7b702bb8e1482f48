"""What tests of many rooms ask for: a PostgreSQL server for the whole run, started by the first that needs it.

Imports stand inside: the law of the house is tested before anything is installed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from postgres_server import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator["Server"]:
    """A server without any database of ours; tests that ask for it are marked ``postgres``."""
    from postgres_server import programs, running_server

    if programs() is None:
        pytest.skip("no PostgreSQL server here: apt-get install postgresql")
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: "Server") -> str:
    """The name of a database with all tables."""
    from elearn.adapters.postgres.store import PostgresStore

    PostgresStore(postgres.new_database()).close()
    return postgres.newest


@pytest.fixture
def database(postgres: "Server", migrated: str) -> str:
    """The address of a database with all tables, and nothing in them when a test begins."""
    return postgres.emptied(migrated)
