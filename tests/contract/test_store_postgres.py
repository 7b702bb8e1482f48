"""What only a server can show: many programs on one database, a lost line, a restart, rights, what is left of a row."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cast import NumberedIds
from postgres_server import DURABLE, Server, running_server

from elearn.adapters.postgres import migrations
from elearn.adapters.postgres.connection import MOST_READERS, Connection, place_of
from elearn.adapters.postgres.errors import unavailable
from elearn.adapters.postgres.ledger import PostgresLedger
from elearn.adapters.postgres.migrations import APPLIED, declared, shape, steps
from elearn.adapters.postgres.store import PostgresStore, PostgresTransaction
from elearn.adapters.postgres.writer import Writer
from elearn.adapters.sqlite.migrations import STEPS
from elearn.core.ledger.entry import Entry, Head, follow
from elearn.core.projections.all import CURSOR, FOLDED_TABLES
from elearn.core.vocab.errors import Conflict, Invalid, Unavailable
from elearn.core.vocab.kept import BALLOT, KEPT_TABLES, NODE_FACT
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.ports import Transaction

pytestmark = pytest.mark.postgres

ids = NumberedIds(79)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    store = PostgresStore(database, wait_s=0.1)
    yield store
    store.close()


def keep(name: str, value: object = 1) -> Callable[[Transaction], None]:
    return lambda tx: tx.tables.put(NODE_FACT, {"name": name, "value": value})


def names(store: PostgresStore) -> list[str]:
    with store.reading() as tx:
        return [row["name"] for row in tx.tables.select(NODE_FACT)]


def entry(node: str, statement_id: str | None = None, person: str = "anna") -> Entry:
    saying = Saying(person, Particulars("LA", "", "", "", ""), "2026-11-24T08:00:00.000000Z", node)
    statement = build(saying, statement_id or ids.new(), verbs.COMPLETED, verbs.lesson_iri("interdiction", "one"))
    return follow(Head(node), statement, "2026-11-24T09:00:00.000000Z")


# --- numbering


class IdentityLedger(PostgresLedger):
    """Gives places as an identity column does: before the transaction is committed."""

    next_place = "nextval('place')"


class IdentityTransaction(PostgresTransaction):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.ledger = IdentityLedger(connection)


class Unlocked(Writer):
    begin = "BEGIN"


class WithoutLock(PostgresStore):
    writer = Unlocked
    transaction = IdentityTransaction


class WithLock(PostgresStore):
    transaction = IdentityTransaction


class Follower:
    """A reader that goes on from the last place it saw."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._last = 0
        self.seen: list[str] = []

    def look(self) -> list[str]:
        with self._store.reading() as tx:
            assert isinstance(tx, PostgresTransaction)
            found = tx.connection.execute(
                "SELECT ledger_node.node, position FROM entry_id JOIN ledger_node ON key = entry_id.node"
                " WHERE position > %s ORDER BY position",
                (self._last,),
            ).fetchall()
        for node, place in found:
            self.seen.append(node)
            self._last = place
        return self.seen


def waits_for_the_lock(store: PostgresStore) -> bool:
    with store.reading() as tx:
        assert isinstance(tx, PostgresTransaction)
        row = tx.connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return row.fetchone() == (1,)


def two_at_once(kind: type[PostgresStore], url: str) -> list[str]:
    """Let one writer take its place first and commit last; return what a reader saw, in between and after."""
    slow, quick = kind(url), kind(url)
    placed, go_on = threading.Event(), threading.Event()

    def append_slowly(tx: Transaction) -> None:
        tx.ledger.append(entry("slow", person="anna"))
        placed.set()
        assert go_on.wait(10)

    reader = Follower(quick)
    try:
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(slow.write, append_slowly)
            assert placed.wait(10)
            second = threads.submit(quick.write, lambda tx: tx.ledger.append(entry("quick", person="bo")))
            while not second.done() and not waits_for_the_lock(quick):
                pass
            reader.look()
            go_on.set()
            first.result(10)
            second.result(10)
        return reader.look()
    finally:
        go_on.set()
        slow.close()
        quick.close()


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (WithoutLock, ["quick"]),  # "slow" is there, at a place the reader has passed: lost to it for good
        (WithLock, ["slow", "quick"]),
        (PostgresStore, ["slow", "quick"]),
    ],
)
def test_a_reader_that_follows_places_loses_an_entry_without_the_lock_and_none_with_it(
    database: str, kind: type[PostgresStore], seen: list[str]
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("DROP SEQUENCE IF EXISTS place")
        connection.execute("CREATE SEQUENCE place")

    found = two_at_once(kind, database)

    assert found == seen
    store = PostgresStore(database)
    with store.reading() as tx:
        assert tx.ledger.vector() == {"slow": 1, "quick": 1}
    store.close()


def test_places_have_no_gap_though_writes_were_undone(store: PostgresStore) -> None:
    def undone(tx: Transaction) -> None:
        tx.ledger.append(entry("undone"))
        raise Conflict("as it happens")

    for node in ("a", "b", "c"):
        store.write(lambda tx, node=node: tx.ledger.append(entry(node)))
        with pytest.raises(Conflict):
            store.write(undone)

    with store.reading() as tx:
        assert (tx.ledger.size(), len(list(tx.ledger.every()))) == (3, 3)
        assert tx.ledger.newest_about("anna")[0] == 3
        assert tx.ledger.vector() == {"a": 1, "b": 1, "c": 1}


def test_an_id_is_taken_once_among_all_nodes_though_their_entries_lie_in_parts(store: PostgresStore) -> None:
    first = entry("node 0")
    store.write(lambda tx: tx.ledger.append(first))
    for number in range(1, 40):
        store.write(lambda tx, number=number: tx.ledger.append(entry(f"node {number}")))
        with pytest.raises(Conflict) as refused:
            store.write(lambda tx, number=number: tx.ledger.append(entry(f"other {number}", first.statement.id)))
        assert refused.value.code == "entry.exists"
    # Enough nodes for every part to have one, whatever their keys are.
    store.write(lambda tx: [tx.ledger.append(entry(f"node {number}")) for number in range(40, 300)])

    with psycopg.connect(store._url) as connection:
        parts = connection.execute("SELECT count(DISTINCT tableoid) FROM entry").fetchone()
        keys = connection.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique AND indrelid = 'entry'::regclass"
            " AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid AND attname = 'node') = ANY (indkey)"
        ).fetchall()
    assert parts == (8,)
    assert keys == []


def test_the_database_itself_refuses_to_change_an_entry(store: PostgresStore) -> None:
    entries = [entry(f"node {number}") for number in range(40)]
    store.write(lambda tx: [tx.ledger.append(one) for one in entries])
    tables = ("entry", "entry_id", *(f"entry_part_{part}" for part in range(8)))

    with psycopg.connect(store._url, autocommit=True) as connection:
        for table in tables:
            for what in (f"UPDATE {table} SET number = 7", f"DELETE FROM {table}", f"TRUNCATE {table}"):  # noqa: S608
                with pytest.raises(psycopg.Error, match="never changed or removed"):
                    connection.execute(what.encode())
    store.write(lambda tx: tx.ledger.rechain("node 0", 0, entries[:1]))  # which alone may, and only there
    with pytest.raises(psycopg.Error, match="never changed or removed"):
        store.write(lambda tx: tx.connection.execute("DELETE FROM entry"))  # type: ignore[attr-defined]

    with store.reading() as tx:
        assert list(tx.ledger.every()) == entries


# --- many programs

COUNTS = """
import sys
from elearn.adapters.postgres.store import PostgresStore
from elearn.core.vocab.kept import NODE_FACT

store = PostgresStore(sys.argv[1])

def count_up(tx):
    row = tx.tables.get(NODE_FACT, "count") or {"name": "count", "value": 0}
    tx.tables.put(NODE_FACT, {"name": "count", "value": row["value"] + 1})
    return row["value"] + 1

for _ in range(int(sys.argv[2])):
    print(store.write(count_up), flush=True)
"""


def counting(url: str, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COUNTS, url, str(times)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_two_programs_that_count_up_lose_none(database: str, store: PostgresStore) -> None:
    programs = [counting(database, 60), counting(database, 60)]
    said = [int(line) for program in programs for line in program.communicate(timeout=60)[0].splitlines()]

    assert sorted(said) == list(range(1, 121))
    with store.reading() as tx:
        assert tx.tables.get(NODE_FACT, "count") == {"name": "count", "value": 120}


def test_a_program_killed_in_the_middle_loses_nothing_that_returned_and_holds_up_nobody(database: str) -> None:
    killed, other = counting(database, 100_000), counting(database, 150)
    assert killed.stdout is not None
    returned = [killed.stdout.readline() for _ in range(50)]
    killed.kill()
    rest, _ = killed.communicate()
    returned += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    said, _ = other.communicate(timeout=60)

    store = PostgresStore(database)
    with store.reading() as tx:
        kept = (tx.tables.get(NODE_FACT, "count") or {})["value"]
    store.close()

    numbers = [int(line) for line in [*returned, *said.splitlines()]]
    assert len(said.splitlines()) == 150
    assert len(set(numbers)) == len(numbers)
    assert kept - len(numbers) in {0, 1}  # one may have been committed as the program died, and was told to nobody


def test_two_programs_that_open_an_empty_database_at_once_make_it_once(postgres: Server) -> None:
    url = postgres.new_database()
    with ThreadPoolExecutor(2) as threads:
        stores = list(threads.map(PostgresStore, [url, url]))
    stores[0].write(keep("fact"))

    assert names(stores[1]) == ["fact"]
    for store in stores:
        store.close()


def test_a_program_that_holds_the_lock_is_waited_for_so_long_and_told(database: str, store: PostgresStore) -> None:
    with psycopg.connect(database) as other:
        other.execute(Writer.begin.removeprefix("BEGIN; ").encode())
        with pytest.raises(Unavailable) as refused:
            store.write(keep("fact"))
        other.rollback()
    store.write(keep("later"))

    assert refused.value.code == "store.busy"
    assert names(store) == ["later"]


def test_only_so_many_read_at_once_and_the_next_is_told(store: PostgresStore) -> None:
    views = [store.reading() for _ in range(MOST_READERS)]
    for view in views:
        view.__enter__()

    with pytest.raises(Unavailable) as refused, store.reading():
        pass
    for view in views:
        view.__exit__(None, None, None)

    assert refused.value.code == "store.busy"
    assert names(store) == []


# --- a line that is lost


@pytest.fixture
def own_server() -> Iterator[Server]:
    with running_server(DURABLE) as server:
        yield server


def test_a_server_that_is_restarted_fails_what_is_under_way_whole_and_then_goes_on(own_server: Server) -> None:
    url = own_server.new_database()
    store = PostgresStore(url)
    store.write(keep("before"))
    assert names(store) == ["before"]

    def cut_off(tx: Transaction) -> None:
        tx.tables.put(NODE_FACT, {"name": "half", "value": 1})
        own_server.stop()
        tx.tables.put(NODE_FACT, {"name": "other half", "value": 1})

    with pytest.raises(Unavailable) as cut:
        store.write(cut_off)
    with pytest.raises(Unavailable) as away:
        store.write(keep("meanwhile"))
    with pytest.raises(Unavailable) as unread:
        names(store)
    own_server.start()

    assert [error.value.code for error in (cut, away, unread)] == ["store.away"] * 3
    assert names(store) == ["before"]
    store.write(keep("after"))
    assert names(store) == ["after", "before"]
    store.close()


def test_works_that_share_a_commit_all_fail_when_the_line_is_lost(database: str, store: PostgresStore) -> None:
    holds, go = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        holds.set()
        assert go.wait(10)

    def cut(tx: Transaction) -> None:
        assert isinstance(tx, PostgresTransaction)
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (tx.connection.info.backend_pid,))
        tx.tables.put(NODE_FACT, {"name": "cut", "value": 1})

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(store.write, hold)
        assert holds.wait(10)
        others = []
        for count, work in enumerate((keep("good"), cut, keep("late")), 1):
            others.append(threads.submit(store.write, work))
            while len(store._writer._waiting) < count:
                pass
        go.set()
        first.result(10)
        errors = [other.exception(10) for other in others]

    assert [getattr(error, "code", None) for error in errors] == ["store.away"] * 3
    assert names(store) == []
    store.write(keep("after"))
    assert names(store) == ["after"]


def test_a_work_that_fails_among_good_ones_is_undone_alone(store: PostgresStore) -> None:
    holds, go = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        holds.set()
        assert go.wait(10)

    def fail(tx: Transaction) -> None:
        tx.tables.put(NODE_FACT, {"name": "bad", "value": 1})
        raise Conflict("as it happens")

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(store.write, hold)
        assert holds.wait(10)
        others = []
        for count, work in enumerate((keep("good 1"), fail, keep("good 2")), 1):
            others.append(threads.submit(store.write, work))
            while len(store._writer._waiting) < count:
                pass
        go.set()
        first.result(10)
        errors = [other.exception(10) for other in others]

    assert [getattr(error, "code", None) for error in errors] == [None, "as it happens", None]
    assert names(store) == ["good 1", "good 2"]


def test_a_password_is_in_no_message(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as away:
        PostgresStore(f"postgresql://elearn:geheim@/db?host={tmp_path}")
    with pytest.raises(Invalid) as wrong:
        PostgresStore("postgresql://elearn:geheim@host:port:port/db?no-such-thing=1")

    assert away.value.code == "store.away"
    assert wrong.value.code == "setting.wrong"
    for error in (away.value, wrong.value):
        assert "geheim" not in f"{error} {error.details}"
    assert place_of("postgresql://elearn:geheim@hub.example:5433/training") == (
        "postgresql://elearn@hub.example:5433/training"
    )


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "disk.full"),
        ("53300", "store.busy"),
        ("40P01", "store.busy"),
        ("55P03", "store.busy"),
        ("57P01", "store.away"),
        ("08006", "store.away"),
        ("25006", "disk.read-only"),
        ("58030", "disk.failing"),
        ("XX001", "store.damaged"),
        ("42501", "store.unfit"),
        ("42601", None),
        ("23505", None),
    ],
)
def test_what_the_server_says_is_told_in_our_codes(state: str, code: str | None) -> None:
    told = unavailable(psycopg.errors.lookup(state)("words of the server\nmore"), "postgresql://hub/db")

    assert (told.code if told else None) == code
    if told:
        assert told.details == {"path": "postgresql://hub/db", "reason": "words of the server"}


# --- a database that does not fit


def test_a_database_in_another_encoding_is_refused(postgres: Server) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")

    with pytest.raises(Unavailable) as refused:
        PostgresStore(postgres.url("latin"))

    assert refused.value.code == "store.unfit"
    assert "LATIN1" in str(refused.value.details["reason"])


def test_a_user_without_rights_is_told(postgres: Server) -> None:
    url = postgres.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")

    with pytest.raises(Unavailable) as refused:
        PostgresStore(url.replace("elearn@", "guest@"))

    assert refused.value.code == "store.unfit"


# --- migrations


def test_every_step_of_the_other_store_is_a_step_here() -> None:
    assert list(steps())[1:] == sorted(step.__name__.removeprefix("m") for step in STEPS)


def test_a_database_made_by_the_steps_is_as_declared(store: PostgresStore) -> None:
    tables = (*KEPT_TABLES, CURSOR, *FOLDED_TABLES)
    with psycopg.connect(store._url) as connection:
        for table in tables:
            assert shape(connection, table.name) == declared(table), (
                f"{table.name} is declared otherwise than the steps make it: see adapters/postgres/migrations.py"
            )
        made = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    ledger = {"entry", "entry_id", "ledger_node", "ledger_subject", APPLIED, *(f"entry_part_{n}" for n in range(8))}
    assert made - {table.name for table in tables} == ledger


def test_a_step_that_fails_leaves_the_database_as_it_was_and_one_that_works_is_done_once(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database()
    store = PostgresStore(url)
    store.write(keep("fact"))
    store.close()
    done = steps()

    monkeypatch.setattr(migrations, "steps", lambda: {**done, "900_fails": ['DROP TABLE "node_fact"', "not sql"]})
    with pytest.raises(psycopg.Error):
        PostgresStore(url)
    monkeypatch.setattr(migrations, "steps", lambda: {**done, "901_adds": ["CREATE TABLE later (id text)"]})
    for _ in range(2):
        store = PostgresStore(url)
        assert names(store) == ["fact"]
        store.close()


def test_a_database_of_a_later_version_is_not_touched(postgres: Server) -> None:
    url = postgres.new_database()
    PostgresStore(url).close()
    with psycopg.connect(url) as connection:
        connection.execute(f"INSERT INTO {APPLIED} (name) VALUES ('999_of_tomorrow')".encode())  # noqa: S608

    with pytest.raises(Unavailable) as refused:
        PostgresStore(url)

    assert refused.value.code == "store.newer"
    assert refused.value.details["unknown"] == ["999_of_tomorrow"]


@pytest.mark.parametrize(
    "spoil",
    ["DROP TABLE progress", "ALTER TABLE progress ADD COLUMN more text", "DROP INDEX progress_subject"],
)
def test_screens_of_another_shape_are_made_anew(postgres: Server, spoil: str) -> None:
    url = postgres.new_database()
    PostgresStore(url).close()
    with psycopg.connect(url) as connection:
        connection.execute(spoil.encode())

    PostgresStore(url).close()

    with psycopg.connect(url) as connection:
        for table in FOLDED_TABLES:
            assert shape(connection, table.name) == declared(table)


# --- what is left


def database_files(server: Server, url: str) -> bytes:
    """Return all bytes of the tables' files, after the server has let go of those it no longer needs."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row is not None
    folder = server.data / "base" / str(row[0])
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_nothing_is_left_in_the_tables_of_a_ballot_that_was_deleted_nor_which_came_first(
    postgres: Server, database: str, store: PostgresStore
) -> None:
    def ballot(name: str) -> dict[str, Any]:
        return {"id": name, "course": "c", "version": "1", "language": "lo", "answers": {"said": f"words of {name}"}}

    for name in ("ballot-3", "ballot-1", "ballot-2"):
        store.write(lambda tx, name=name: tx.tables.put(BALLOT, ballot(name)))
    store.write(lambda tx: tx.tables.delete(BALLOT, {"id": "ballot-3"}))
    assert b"words of ballot-3" in database_files(postgres, database)

    assert store.forget_overwritten()

    left = database_files(postgres, database)
    assert b"words of ballot-3" not in left
    assert left.index(b"words of ballot-2") < left.index(b"words of ballot-1")  # a page is filled from its end
    with psycopg.connect(database) as connection:
        order = connection.execute("SELECT id FROM ballot ORDER BY ctid").fetchall()
        writers = connection.execute("SELECT count(DISTINCT xmin::text) FROM ballot").fetchone()
    assert order == [("ballot-1",), ("ballot-2",)]
    assert writers == (1,)


def test_the_server_keeps_no_samples_of_answers(database: str, store: PostgresStore) -> None:
    for number in range(50):
        row = {"id": f"ballot-{number}", "course": "c", "version": "1", "language": "lo", "answers": {"said": "words"}}
        store.write(lambda tx, row=row: tx.tables.put(BALLOT, row))
        store.write(keep(f"fact {number}", "words"))

    with psycopg.connect(database) as connection:
        connection.execute("ANALYZE")
        sampled = connection.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'").fetchall()

    assert ("node_fact",) in sampled
    assert ("ballot",) not in sampled


def test_forgetting_waits_for_no_reader_and_says_so(store: PostgresStore) -> None:
    with store.reading() as tx:
        tx.tables.count(BALLOT)
        assert not store.forget_overwritten()

    assert store.forget_overwritten()


def test_a_plain_user_who_owns_the_database_can_do_all_there_is_to_do(postgres: Server) -> None:
    url = postgres.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        connection.execute(f"ALTER DATABASE {postgres.newest} OWNER TO plain".encode())
    store = PostgresStore(url.replace("elearn@", "plain@"))

    store.write(lambda tx: tx.tables.put(BALLOT, {"id": "one", "course": "c"}))
    store.write(lambda tx: tx.ledger.append(entry("node")))
    store.write(lambda tx: tx.ledger.rechain("node", 0, tx.ledger.entries("node")))

    assert store.forget_overwritten()
    with store.reading() as tx:
        assert (tx.tables.count(BALLOT), tx.ledger.size()) == (1, 1)
    assert store.kind.startswith("PostgreSQL ")
    store.close()
