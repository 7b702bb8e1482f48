"""What only a database on disk can show: group commit, sudden death, full and locked and damaged files, migrations."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

import pytest
from cast import NumberedIds, memory_node, officer, sqlite_node

from elearn.adapters import bodies
from elearn.adapters.bodies import Bodies
from elearn.adapters.sqlite import migrations
from elearn.adapters.sqlite.migrations import STEPS
from elearn.adapters.sqlite.store import FILE, SqliteStore
from elearn.adapters.sqlite.tables import create_sql, shape
from elearn.core.ledger.entry import Head, follow
from elearn.core.projections.all import CURSOR, FOLDED_TABLES
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.errors import Refused, Unavailable
from elearn.core.vocab.kept import KEPT_TABLES, NODE_FACT
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.record import catch_up, record, saying_for

ids = NumberedIds(78)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "data", busy_ms=50)
    yield store
    store.close()


def keep(name: str, value: object = 1) -> object:
    return lambda tx: tx.tables.put(NODE_FACT, {"name": name, "value": value})


def names(store: SqliteStore) -> list[str]:
    with store.reading() as tx:
        return [row["name"] for row in tx.tables.select(NODE_FACT)]


class Together:
    """Holds the writer with one slow work until all the others wait behind it, then lets them go as one group."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.came_out: dict[str, object] = {}
        self._go = threading.Event()
        self._holds = threading.Event()

    def run(self, works: dict[str, object]) -> None:
        holder = threading.Thread(target=lambda: self.store.write(self._hold))
        holder.start()
        assert self._holds.wait(10)
        threads = [threading.Thread(target=self._one, args=item) for item in works.items()]
        for count, thread in enumerate(threads, 1):
            thread.start()
            while len(self.store._writer._waiting) < count:
                pass
        self._go.set()
        for thread in [holder, *threads]:
            thread.join(10)
            assert not thread.is_alive()

    def _hold(self, _: Transaction) -> None:
        self._holds.set()
        assert self._go.wait(10)

    def _one(self, name: str, work: object) -> None:
        try:
            self.came_out[name] = self.store.write(work)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - looked at by the test
            self.came_out[name] = (threading.current_thread(), error)


def test_writers_that_wait_share_one_commit(store: SqliteStore) -> None:
    commits: list[str] = []
    store._writer._connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)

    Together(store).run({f"fact {number}": keep(f"fact {number}") for number in range(10)})

    assert len(names(store)) == 10
    assert len(commits) == 2  # the one that held the writer, and the ten together


def test_a_work_that_fails_among_good_ones_is_undone_alone(store: SqliteStore) -> None:
    wrong = Refused("exam.over")

    def fail(tx: Transaction) -> None:
        tx.tables.put(NODE_FACT, {"name": "bad", "value": 1})
        tx.tables.delete(NODE_FACT, {"name": "good 1"})
        raise wrong

    together = Together(store)
    together.run({"good 1": keep("good 1"), "bad": fail, "good 2": keep("good 2")})

    assert names(store) == ["good 1", "good 2"]
    assert together.came_out["good 1"] is None
    assert together.came_out["bad"][1] is wrong  # type: ignore[index]


def test_each_work_runs_in_the_context_of_who_brought_it(store: SqliteStore) -> None:
    who: ContextVar[str] = ContextVar("who", default="nobody")
    seen: dict[str, str] = {}
    together = Together(store)
    brought = together._one

    def bring(name: str, work: object) -> None:
        who.set(name)
        brought(name, work)

    together._one = bring  # type: ignore[method-assign, assignment]
    together.run({name: lambda tx, name=name: seen.__setitem__(name, who.get()) for name in ("anna", "bo")})

    assert seen == {"anna": "anna", "bo": "bo"}


def test_a_disk_that_fills_up_refuses_all_who_shared_the_commit_and_keeps_what_was_there(store: SqliteStore) -> None:
    store.write(keep("before"))  # type: ignore[arg-type]
    pages = store._writer._connection.execute("PRAGMA page_count").fetchone()[0]
    store._writer._connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    together = Together(store)
    together.run({"small": keep("small"), "large": keep("large", "x" * 4_000_000)})

    refused = together.came_out["large"][1]  # type: ignore[index]
    assert (type(refused), refused.code) == (Unavailable, "disk.full")
    assert refused.details["path"] == str(store.path)
    stays = ["before", "small"] if together.came_out["small"] is None else ["before"]
    assert names(store) == stays
    store.write(keep("after"))  # type: ignore[arg-type]
    assert names(store) == sorted([*stays, "after"])


def test_a_writer_that_is_interrupted_hands_over(store: SqliteStore) -> None:
    def interrupted(tx: Transaction) -> None:
        tx.tables.put(NODE_FACT, {"name": "half", "value": 1})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(interrupted)
    store.write(keep("after"))  # type: ignore[arg-type]

    assert names(store) == ["after"]


WRITES_UNTIL_KILLED = """
import sys, threading
from pathlib import Path
from elearn.adapters.sqlite.store import SqliteStore
from elearn.core.vocab.kept import NODE_FACT

store = SqliteStore(Path(sys.argv[1]))
out = threading.Lock()

def write(thread):
    for number in range(100000):
        name = f"{thread}-{number}"
        store.write(lambda tx: tx.tables.put(NODE_FACT, {"name": name, "value": 1}))
        with out:
            print(name, flush=True)

for thread in range(6):
    threading.Thread(target=write, args=(thread,), daemon=True).start()
threading.Event().wait()
"""


def test_kill_9_in_the_middle_loses_nothing_that_returned(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES_UNTIL_KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    returned = [process.stdout.readline().strip() for _ in range(200)]
    process.kill()
    rest, _ = process.communicate()
    returned += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]

    store = SqliteStore(tmp_path)
    kept = set(names(store))
    store.close()

    assert len(returned) >= 200
    assert {name.strip() for name in returned} <= kept


# --- the file


def test_folder_and_file_are_for_the_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = SqliteStore(tmp_path / "a" / "data")
        store.write(keep("fact"))  # type: ignore[arg-type]
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a" / "data").iterdir()}
        store.close()
    finally:
        os.umask(old)

    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
    assert modes == {FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}


def test_a_write_is_synced_to_disk(store: SqliteStore) -> None:
    connection = store._writer._connection

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable) as refused:
        SqliteStore(tmp_path / "file" / "data")

    assert refused.value.code == "disk.read-only"
    assert refused.value.details["path"] == str(tmp_path / "file" / "data" / FILE)


def test_a_file_that_became_read_only_is_said(store: SqliteStore) -> None:
    store._writer._connection.execute("PRAGMA query_only = ON")

    with pytest.raises(Unavailable) as refused:
        store.write(keep("fact"))  # type: ignore[arg-type]

    assert refused.value.code == "disk.read-only"
    assert names(store) == []


def test_a_file_that_another_program_holds_is_said(store: SqliteStore) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable) as refused:
        store.write(keep("fact"))  # type: ignore[arg-type]
    other.execute("ROLLBACK")
    other.close()
    store.write(keep("later"))  # type: ignore[arg-type]

    assert refused.value.code == "store.busy"
    assert names(store) == ["later"]


def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)

    with pytest.raises(Unavailable) as refused:
        SqliteStore(tmp_path)

    assert refused.value.code == "store.damaged"
    assert (tmp_path / FILE).read_bytes() == b"no database at all" * 100


def open_and_read(folder: Path) -> None:
    store = SqliteStore(folder)
    try:
        names(store)
    finally:
        store.close()


def test_a_file_that_is_damaged_inside_is_said_when_it_is_read(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    for number in range(50):
        store.write(keep(f"fact {number:02}", "x" * 3000))  # type: ignore[arg-type]
    store.close()
    whole = bytearray((tmp_path / FILE).read_bytes())
    whole[8192:] = b"\xff" * len(whole[8192:])
    (tmp_path / FILE).write_bytes(whole)

    with pytest.raises(Unavailable) as refused:
        open_and_read(tmp_path)

    assert refused.value.code == "store.damaged"


def test_closing_twice_and_reading_while_closing_harm_nothing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    with store.reading() as tx:
        store.close()
        assert tx.tables.count(NODE_FACT) == 0
    store.close()


# --- the ledger's triggers


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET number = 7",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(store: SqliteStore, sql: str) -> None:
    node = memory_node()
    person = officer(node)
    with node.store.reading() as tx:
        statement = build(saying_for(tx, node, person), ids.new(), verbs.REGISTERED, verbs.course_iri("interdiction"))
    entry = follow(Head("here"), statement, "2026-11-24T09:00:00.000000Z")
    store.write(lambda tx: tx.ledger.append(entry))

    with pytest.raises(sqlite3.IntegrityError, match="an entry is never"):
        store._writer._connection.execute(sql)

    with store.reading() as tx:
        assert list(tx.ledger.every()) == [entry]


# --- bodies


def test_a_body_is_small_and_comes_back(store: SqliteStore) -> None:
    node = memory_node()
    person = officer(node)
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    result = {"response": "a[,]c", "score": {"scaled": 0.5}, "success": False}
    statement = build(saying, ids.new(), verbs.ANSWERED, verbs.question_iri("c", "q"), result=result, attempt=ids.new())

    blob = Bodies().pack(statement.body)

    assert Bodies().unpack(blob) == statement.body
    assert blob[0] == bodies.CURRENT
    assert len(blob) < 250


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01damaged", b"\x07unknown dictionary", b"\x00no json"])
def test_a_body_that_cannot_be_read_is_said(blob: bytes) -> None:
    with pytest.raises(Unavailable) as refused:
        Bodies().unpack(blob)

    assert refused.value.code == "store.damaged"


def test_a_plain_body_can_be_read_too() -> None:
    assert Bodies().unpack(b'\x00{"id":"x"}') == {"id": "x"}


# --- migrations


def test_a_database_made_by_the_migrations_is_as_declared(store: SqliteStore) -> None:
    connection = store._writer._connection

    for table in (*KEPT_TABLES, CURSOR, *FOLDED_TABLES):
        assert shape(connection, table.name) == sorted(create_sql(table)), (
            f"{table.name} is declared otherwise than the migrations make it. Add a step to migrations.py"
            " (before the first release: change 001_first_tables.sql) that gives:\n" + ";\n".join(create_sql(table))
        )
    made = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    declared = {table.name for table in (*KEPT_TABLES, CURSOR, *FOLDED_TABLES)}
    assert made - declared == {"_sqlite_migrations", "entry", "ledger_node", "ledger_subject"}


def test_opening_again_changes_nothing_and_does_not_even_write(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    before = (tmp_path / FILE).read_bytes()
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    SqliteStore(tmp_path, busy_ms=1).close()

    other.execute("ROLLBACK")
    other.close()
    assert (tmp_path / FILE).read_bytes() == before


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(tmp_path)
    store.write(keep("fact"))  # type: ignore[arg-type]
    store.close()

    def m900_fails(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE node_fact")
        connection.execute("not sql")

    monkeypatch.setattr(migrations, "STEPS", (*STEPS, m900_fails))
    with pytest.raises(sqlite3.OperationalError):
        SqliteStore(tmp_path)
    monkeypatch.undo()

    store = SqliteStore(tmp_path)
    assert names(store) == ["fact"]
    store.close()


def test_a_later_migration_is_applied_once_to_an_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteStore(tmp_path).close()

    def m900_adds(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE later (id TEXT) STRICT")

    monkeypatch.setattr(migrations, "STEPS", (*STEPS, m900_adds))
    for _ in range(2):
        store = SqliteStore(tmp_path)
        assert shape(store._writer._connection, "later") != []
        store.close()


def test_a_file_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    store._writer._connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('elearn', 'm999_of_tomorrow', 'x')"
    )
    store.close()

    with pytest.raises(Unavailable) as refused:
        SqliteStore(tmp_path)

    assert refused.value.code == "store.newer"
    assert refused.value.details["unknown"] == ["m999_of_tomorrow"]


def lesson(node: object, person: str) -> Statement:
    with node.store.reading() as tx:  # type: ignore[attr-defined]
        saying = saying_for(tx, node, person)  # type: ignore[arg-type]
    return build(saying, node.ids.new(), verbs.COMPLETED, verbs.lesson_iri("interdiction", "one"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "spoil",
    [
        "DROP TABLE progress",
        "ALTER TABLE progress ADD COLUMN more TEXT",
        "DROP INDEX progress_subject",
        "UPDATE cursor SET versions = json_set(versions, '$.progress', 0)",
        "UPDATE cursor SET versions = json_remove(versions, '$.progress')",
        "DROP TABLE cursor",
    ],
)
def test_screens_of_another_shape_or_version_are_made_anew_and_folded_at_start(tmp_path: Path, spoil: str) -> None:
    node = sqlite_node(tmp_path)
    record(node, lesson(node, officer(node)))
    with node.store.reading() as tx:
        live = tx.tables.select(PROGRESS)
    node.store._writer._connection.execute(spoil)  # type: ignore[attr-defined]
    node.store.close()

    node = sqlite_node(tmp_path)
    assert catch_up(node) == 1

    with node.store.reading() as tx:
        assert tx.tables.select(PROGRESS) == live
        assert shape(node.store._writer._connection, "progress") == sorted(create_sql(PROGRESS))  # type: ignore[attr-defined]
    assert catch_up(node) == 0
    node.store.close()
