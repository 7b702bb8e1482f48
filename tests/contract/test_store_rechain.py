"""The one exception to "append only": the end of a chain is numbered anew, and nothing that was held is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cast import NumberedIds

from elearn.adapters.memory import MemoryStore
from elearn.adapters.postgres.store import PostgresStore
from elearn.adapters.sqlite.store import SqliteStore
from elearn.core.ledger.entry import Entry, Head, check_chain, follow, head_after
from elearn.core.vocab.errors import Conflict
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.ports import Store, Transaction

NODE, OTHER = "00000001-0000-4000-9000-000000000000", "00000002-0000-4000-9000-000000000000"
ids = NumberedIds(78)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store: Store
    if request.param == "memory":
        store = MemoryStore()
    elif request.param == "sqlite":
        store = SqliteStore(tmp_path / "data")
    else:
        store = PostgresStore(request.getfixturevalue("database"))
    yield store
    store.close()


def statement() -> Statement:
    saying = Saying(ids.new(), Particulars("LA", "customs", "Huay Xai", "", ""), "2026-11-24T08:00:00.000000Z", NODE)
    return build(saying, ids.new(), verbs.COMPLETED, verbs.lesson_iri("interdiction", "search"))


def chain(head: Head, statements: list[Statement], hour: int = 8) -> list[Entry]:
    entries = []
    for minute, one in enumerate(statements):
        entries.append(follow(head, one, f"2026-11-24T{hour:02}:{minute:02}:00.000000Z"))
        head = head_after(entries[-1])
    return entries


def keep(store: Store, entries: list[Entry]) -> None:
    def work(tx: Transaction) -> None:
        for entry in entries:
            tx.ledger.append(entry)

    store.write(work)


def all_of(store: Store, node: str = NODE) -> list[Entry]:
    with store.reading() as tx:
        return tx.ledger.entries(node)


@pytest.fixture
def held(store: Store) -> list[Entry]:
    """Three entries of the node, one of another."""
    entries = chain(Head(NODE), [statement() for _ in range(3)])
    keep(store, [*entries, *chain(Head(OTHER), [statement()], 9)])
    return entries


def behind(held: list[Entry], after: int, count: int) -> list[Entry]:
    """Return ``count`` new entries after number ``after``, and behind them what was held after it."""
    start = head_after(held[after - 1]) if after else Head(NODE)
    fresh = chain(start, [statement() for _ in range(count)], 10)
    head, moved = head_after(fresh[-1]), []
    for entry in held[after:]:
        moved.append(follow(head, entry.statement, entry.stored))
        head = head_after(moved[-1])
    return [*fresh, *moved]


@pytest.mark.parametrize("after", [0, 1, 2, 3])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_what_was_held_goes_behind_with_its_content(store: Store, held: list[Entry], after: int, count: int) -> None:
    wanted = behind(held, after, count)

    store.write(lambda tx: tx.ledger.rechain(NODE, after, wanted))

    assert all_of(store) == [*held[:after], *wanted]
    assert check_chain(Head(NODE), all_of(store)).number == 3 + count
    with store.reading() as tx:
        assert tx.ledger.size() == 4 + count
        assert tx.ledger.head(NODE) == head_after(wanted[-1])
        assert [tx.ledger.find(one.statement.id) for one in wanted] == wanted
        assert len(list(tx.ledger.every())) == 4 + count
        assert tx.ledger.vector() == {NODE: 3 + count, OTHER: 1}


def test_done_again_it_changes_nothing(store: Store, held: list[Entry]) -> None:
    wanted = behind(held, 1, 2)
    store.write(lambda tx: tx.ledger.rechain(NODE, 1, wanted))
    before = all_of(store)

    store.write(lambda tx: tx.ledger.rechain(NODE, 1, wanted))

    assert all_of(store) == before


def test_an_entry_that_would_be_lost_stops_it(store: Store, held: list[Entry]) -> None:
    wanted = [entry for entry in behind(held, 1, 2) if entry.statement.id != held[2].statement.id]

    with pytest.raises(Conflict) as refused:
        store.write(lambda tx: tx.ledger.rechain(NODE, 1, wanted))

    assert (refused.value.code, refused.value.details["id"]) == ("entry.lost", held[2].statement.id)
    assert all_of(store) == held


def test_an_entry_with_other_content_stops_it(store: Store, held: list[Entry]) -> None:
    wanted = behind(held, 1, 2)
    body = {**wanted[-1].statement.body, "timestamp": "2026-11-24T09:00:00.000000Z"}
    wanted[-1] = replace(wanted[-1], statement=Statement(body))

    with pytest.raises(Conflict) as refused:
        store.write(lambda tx: tx.ledger.rechain(NODE, 1, wanted))

    assert refused.value.code == "entry.lost"
    assert all_of(store) == held


def test_an_id_or_a_number_that_is_taken_elsewhere_stops_it_whole(store: Store, held: list[Entry]) -> None:
    taken = all_of(store, OTHER)[0].statement
    of_other = chain(head_after(held[2]), [statement(), taken])
    of_first = [follow(Head(NODE), held[2].statement), *chain(head_after(held[2]), [statement()])]

    for after, wanted in ((3, of_other), (2, of_first)):
        with pytest.raises(Conflict) as refused:
            store.write(lambda tx, after=after, wanted=wanted: tx.ledger.rechain(NODE, after, wanted))
        assert refused.value.code == "entry.exists"
        assert all_of(store) == held


def test_after_it_the_database_refuses_changes_as_before(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    entries = chain(Head(NODE), [statement() for _ in range(3)])
    keep(store, entries)
    store.write(lambda tx: tx.ledger.rechain(NODE, 1, behind(entries, 1, 2)))
    broken = behind(entries, 1, 2)[:-1]
    with pytest.raises(Conflict):
        store.write(lambda tx: tx.ledger.rechain(NODE, 1, broken))

    with store.reading() as tx:
        rows = tx.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")  # type: ignore[attr-defined]
        assert {name for (name,) in rows} == {"entry_is_never_changed", "entry_is_never_removed"}
    store.close()
