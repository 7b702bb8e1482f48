"""A node's data in another store: every table, every entry, or nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node, sqlite_node
from exchange_scenes import let_pass

from elearn.adapters.memory import MemoryLedger, MemoryStore, MemoryTables, MemoryTransaction
from elearn.adapters.sqlite.store import SqliteStore
from elearn.core.ledger.entry import Entry
from elearn.core.projections.all import CURSOR, FOLDED_TABLES
from elearn.core.vocab.errors import Conflict, Refused
from elearn.core.vocab.kept import KEPT_TABLES, NODE_FACT, PERSON
from elearn.core.vocab.tables import Row, Table
from elearn.ports import Store
from elearn.services.copying import copy_store
from elearn.services.node import Node, keep_fact
from elearn.services.record import catch_up, projections_behind

VALUES: dict[str, Any] = {"integer": 7, "real": 0.5, "json": {"ກ": [1, None, 2.5]}, "blob": b"\x00\xff"}


def row_for(table: Table, number: int) -> Row:
    """Return a row with something in every column, other for every number."""
    kinds = table.columns.items()
    row = {name: f"{name} \x00 ຂ{number}" if kind == "text" else VALUES[kind] for name, kind in kinds}
    return {**row, **{name: number for name, kind in kinds if kind == "integer"}}


def filled(node: Node, rows: int = 60) -> Node:
    """Put rows into every kept table of a node, and statements into its ledger."""
    let_pass(node, 40)

    def work(tx: Any) -> None:
        for table in KEPT_TABLES:
            for number in range(rows):
                if table is not NODE_FACT:
                    tx.tables.put(table, row_for(table, number))

    node.store.write(work)
    return node


def everything(store: Store) -> dict[str, list[Any]]:
    with store.reading() as tx:
        found: dict[str, list[Any]] = {
            table.name: tx.tables.select(table) for table in (*KEPT_TABLES, CURSOR, *FOLDED_TABLES)
        }
        found["ledger"] = list(tx.ledger.every())
    return found


def test_everything_is_in_the_new_store_as_it_was_in_the_old(tmp_path: Path) -> None:
    old, new = filled(sqlite_node(tmp_path / "old")).store, MemoryStore()
    told: list[tuple[str, int, int]] = []

    copied = copy_store(old, new, lambda *how_far: told.append(how_far))

    assert everything(new) == everything(old)
    assert (copied.entries, copied.folded) == (len(everything(old)["ledger"]), True)
    assert {table.name for table in (*KEPT_TABLES, CURSOR, *FOLDED_TABLES)} | {"ledger"} == copied.digests.keys()
    assert ("ledger", copied.entries, copied.entries) in told
    with new.reading() as tx:
        assert not projections_behind(tx)
    old.close()


def test_there_and_back_it_is_the_same(tmp_path: Path) -> None:
    first, third = filled(memory_node()).store, MemoryStore()
    second = SqliteStore(tmp_path)

    there, back = copy_store(first, second), copy_store(second, third)

    assert everything(third) == everything(first)
    assert there.digests == back.digests
    second.close()


def test_screens_that_are_behind_are_left_to_be_folded(tmp_path: Path) -> None:
    node = memory_node()
    let_pass(node, 40)
    folded = everything(node.store)
    node.store.write(lambda tx: tx.tables.delete(CURSOR, {}))
    new = SqliteStore(tmp_path / "new")

    copied = copy_store(node.store, new)

    assert not copied.folded
    assert everything(new)["completion"] == []
    assert catch_up(replace(node, store=new)) == copied.entries
    assert everything(new)["completion"] == folded["completion"] != []
    new.close()


@pytest.mark.parametrize("table", [NODE_FACT, PERSON])
def test_a_store_that_holds_something_is_refused_and_stays(table: Table) -> None:
    new = MemoryStore()
    new.write(lambda tx: tx.tables.put(table, row_for(table, 1)))
    before = everything(new)

    with pytest.raises(Conflict) as refused:
        copy_store(filled(memory_node()).store, new)

    assert (refused.value.code, refused.value.details) == ("store.not-empty", {"holds": table.name})
    assert everything(new) == before


def test_a_store_that_holds_entries_is_refused(tmp_path: Path) -> None:
    new = memory_node(series=2)
    let_pass(new, 1)

    with pytest.raises(Conflict) as refused:
        copy_store(filled(memory_node()).store, new.store)

    assert str(refused.value.details["holds"]).startswith("ledger, ")


def test_a_node_that_is_not_set_up_has_nothing_to_copy() -> None:
    with pytest.raises(Refused) as refused:
        copy_store(MemoryStore(), MemoryStore())

    assert refused.value.code == "node.not-set-up"


class Forgetful(MemoryTables):
    """Loses a letter of one name."""

    def put(self, table: Table, row: Row) -> None:
        """Put a row, nearly."""
        super().put(table, {**row, "name": f"{row['name']}."} if table is PERSON else row)


class Careless(MemoryLedger):
    """Keeps another time of storing."""

    def append(self, entry: Entry) -> None:
        """Append an entry, nearly."""
        super().append(Entry(entry.node, entry.number, entry.digest, entry.statement, "2026-01-01T00:00:00.000000Z"))


@pytest.mark.parametrize(("part", "what"), [(Forgetful, "person"), (Careless, "ledger")])
def test_what_does_not_arrive_as_it_was_is_found_and_nothing_of_it_stays(
    monkeypatch: pytest.MonkeyPatch, part: Any, what: str
) -> None:
    old, new = filled(memory_node()).store, MemoryStore()
    name = "tables" if what == "person" else "ledger"
    made = MemoryTransaction.__init__

    def spoiled(self: MemoryTransaction, state: Any) -> None:
        made(self, state)
        setattr(self, name, part(getattr(state, "tables" if name == "tables" else "entries")))

    before = everything(old)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryTransaction, "__init__", spoiled)
        with pytest.raises(Conflict) as refused:
            copy_store(old, new)

    assert (refused.value.code, refused.value.details) == ("copy.differs", {"what": what})
    assert not any(everything(new).values())
    assert everything(old) == before


def test_what_is_written_to_the_old_store_meanwhile_is_not_half_copied() -> None:
    node, new = filled(memory_node()), MemoryStore()
    before = everything(node.store)

    copy_store(node.store, new, lambda *_: node.store.write(lambda tx: keep_fact(tx, "late", 1)))

    assert everything(new) == before
