"""One contract for every store: what holds for SQLite holds for the memory store and PostgreSQL, to the error code."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import NumberedIds

from elearn.adapters.memory import MemoryStore
from elearn.adapters.postgres.store import PostgresStore
from elearn.adapters.sqlite.store import SqliteStore
from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, Refused
from elearn.core.vocab.kept import BALLOT, FORM_SETTLED, NODE_FACT, PACKAGE, PERSON, SIGN_IN_DELAY, TRUSTED_KEY
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.tables import Span
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.ports import Ledger, Store, Transaction

ids = NumberedIds(77)


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


def put(store: Store, table: Any, *rows: dict[str, Any]) -> None:
    def work(tx: Transaction) -> None:
        for row in rows:
            tx.tables.put(table, row)

    store.write(work)


def officers(store: Store) -> None:
    columns = ("id", "name", "service_number", "agency", "country", "sex")
    put(
        store,
        PERSON,
        *(
            dict(zip(columns, row, strict=True))
            for row in (
                ("1", "Noy", "A1", "customs", "LA", "female"),
                ("2", "Somchai", "A2", "customs", "TH", "male"),
                ("3", "Dara", "A1", "police", "KH", None),
                ("4", "ခင်", "A9", "police", None, "female"),
                ("5", "Anh", "A10", "customs", "VN", "male"),
            )
        ),
    )


def test_a_row_comes_back_as_it_was_put_with_all_its_columns(store: Store) -> None:
    put(store, PERSON, {"id": "1", "name": "ນ້ອຍ", "agency": "customs"})

    with store.reading() as tx:
        row = tx.tables.get(PERSON, "1")

    assert row == {**dict.fromkeys(PERSON.columns), "id": "1", "name": "ນ້ອຍ", "agency": "customs"}


def test_every_type_survives(store: Store) -> None:
    value = {"list": [1, 2.5, None, True], "ไทย": {"nested": "值"}}
    put(store, NODE_FACT, {"name": "fact", "value": value})
    put(store, TRUSTED_KEY, {"key_id": "k", "public_key": b"\x00\xff"})
    put(store, PROGRESS, {"person": "p", "course": "c", "best_score": 1})
    put(store, PACKAGE, {"digest": "d", "current": True})

    with store.reading() as tx:
        assert tx.tables.select(NODE_FACT) == [{"name": "fact", "value": value}]
        assert tx.tables.select(TRUSTED_KEY)[0]["public_key"] == b"\x00\xff"
        assert repr(tx.tables.select(PROGRESS)[0]["best_score"]) == "1.0"
        assert repr(tx.tables.select(PACKAGE)[0]["current"]) == "1"


def test_forgetting_what_was_overwritten_keeps_all_that_is_there(store: Store) -> None:
    officers(store)
    store.write(lambda tx: tx.tables.delete(PERSON, {"id": ("1", "2")}))

    assert store.forget_overwritten()

    with store.reading() as tx:
        assert [row["name"] for row in tx.tables.select(PERSON)] == ["Dara", "ခင်", "Anh"]
    assert store.forget_overwritten()


def test_a_table_without_order_gives_its_rows_by_key_and_takes_them_back(store: Store) -> None:
    answers = {"ratings": {"useful": 5}, "helped": "time"}
    ballots = [{"id": one, "course": "c", "version": "1", "language": "lo", "answers": answers} for one in "cab"]
    put(store, BALLOT, *ballots)
    put(store, FORM_SETTLED, *({"person": one, "course": "c", "version": "1"} for one in "ba"))
    put(store, FORM_SETTLED, {"person": "a", "course": "c", "version": "1"})

    with store.reading() as tx:
        assert tx.tables.select(BALLOT) == sorted(ballots, key=lambda row: str(row["id"]))
        assert [row["person"] for row in tx.tables.select(FORM_SETTLED)] == ["a", "b"]
        assert tx.tables.count(BALLOT, {"course": "c", "version": "1", "language": "lo"}) == 3
    assert store.write(lambda tx: tx.tables.delete(BALLOT, {"language": "lo"})) == 3


def test_json_comes_back_as_json_has_it_and_is_nobodys_to_change(store: Store) -> None:
    value = {"pair": (1, 2)}
    put(store, NODE_FACT, {"name": "fact", "value": value})
    value["pair"] = (3, 4)

    with store.reading() as tx:
        tx.tables.select(NODE_FACT)[0]["value"]["pair"].append(5)
        assert tx.tables.get(NODE_FACT, "fact") == {"name": "fact", "value": {"pair": [1, 2]}}


def test_put_takes_the_place_of_the_row_with_its_key(store: Store) -> None:
    put(store, SIGN_IN_DELAY, {"subject": "s", "failures": 3, "not_before": "x"}, {"subject": "t", "failures": 1})

    put(store, SIGN_IN_DELAY, {"subject": "s", "failures": 4})

    with store.reading() as tx:
        assert tx.tables.select(SIGN_IN_DELAY) == [
            {"subject": "s", "failures": 4, "not_before": None},
            {"subject": "t", "failures": 1, "not_before": None},
        ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"id": "9", "nam": "x"}, "row.unknown-column"),
        ({"name": "x"}, "row.no-key"),
        ({"id": None}, "row.no-key"),
        ({"id": 9}, "row.wrong-type"),
        ({"id": "9", "name": b"x"}, "row.wrong-type"),
        ({"id": "9", "name": "\ud800"}, "row.wrong-type"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(store: Store, row: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        put(store, PERSON, row)

    assert refused.value.code == code
    with store.reading() as tx:
        assert tx.tables.count(PERSON) == 0


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (SIGN_IN_DELAY, {"subject": "s", "failures": 1.5}),
        (SIGN_IN_DELAY, {"subject": "s", "failures": "1"}),
        (SIGN_IN_DELAY, {"subject": "s", "failures": 2**63}),
        (NODE_FACT, {"name": "n", "value": {1, 2}}),
        (NODE_FACT, {"name": "n", "value": float("nan")}),
        (PROGRESS, {"person": "p", "course": "c", "best_score": "0.5"}),
        (PROGRESS, {"person": "p", "course": "c", "best_score": float("nan")}),
        (TRUSTED_KEY, {"key_id": "k", "public_key": "text"}),
    ],
)
def test_a_value_of_another_type_is_refused(store: Store, table: Any, row: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        put(store, table, row)

    assert refused.value.code == "row.wrong-type"


def test_a_unique_value_is_held_by_one_row_and_the_holder_stays(store: Store) -> None:
    officers(store)

    with pytest.raises(Conflict) as refused:
        put(store, PERSON, {"id": "6", "name": "Thief", "agency": "customs", "service_number": "A1"})

    assert refused.value.code == "row.not-unique"
    assert refused.value.details == {"table": "person", "columns": ("agency", "service_number")}
    with store.reading() as tx:
        assert [row["name"] for row in tx.tables.select(PERSON, {"service_number": "A1"})] == ["Noy", "Dara"]


def test_a_row_may_keep_its_own_unique_value_and_nothing_is_not_a_value(store: Store) -> None:
    officers(store)
    put(store, PERSON, {"id": "1", "name": "Noy V.", "agency": "customs", "service_number": "A1"})
    put(store, PERSON, {"id": "6", "agency": "customs"}, {"id": "7", "agency": "customs"})

    with store.reading() as tx:
        assert tx.tables.count(PERSON) == 7


def test_a_conflict_that_the_work_mends_does_not_spoil_the_rest(store: Store) -> None:
    officers(store)

    def work(tx: Transaction) -> None:
        with pytest.raises(Conflict):
            tx.tables.put(PERSON, {"id": "6", "agency": "customs", "service_number": "A1"})
        tx.tables.put(PERSON, {"id": "6", "agency": "customs", "service_number": "A11"})

    store.write(work)

    with store.reading() as tx:
        assert tx.tables.count(PERSON) == 6


WHERES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["1", "2", "3", "4", "5"]),
    ({"agency": "police"}, ["3", "4"]),
    ({"agency": "police", "sex": "female"}, ["4"]),
    ({"sex": None}, ["3"]),
    ({"country": ("LA", "KH")}, ["1", "3"]),
    ({"country": ("LA", None)}, ["1", "4"]),
    ({"country": ()}, []),
    ({"country": (*(f"X{number}" for number in range(40000)), "VN")}, ["5"]),
    ({"service_number": Span("A10", "A3")}, ["2", "5"]),
    ({"service_number": Span("A2")}, ["2", "4"]),
    ({"service_number": Span(before="A10")}, ["1", "3"]),
    ({"sex": Span()}, ["1", "2", "4", "5"]),
    ({"name": "ခင်"}, ["4"]),
]


@pytest.mark.parametrize(("where", "found"), WHERES)
def test_a_where_finds_counts_and_deletes_the_same_rows(store: Store, where: dict[str, Any], found: list[str]) -> None:
    officers(store)

    with store.reading() as tx:
        assert [row["id"] for row in tx.tables.select(PERSON, where)] == found
        assert tx.tables.count(PERSON, where) == len(found)
    assert store.write(lambda tx: tx.tables.delete(PERSON, where)) == len(found)
    with store.reading() as tx:
        assert [row["id"] for row in tx.tables.select(PERSON)] == sorted({"1", "2", "3", "4", "5"} - set(found))


@pytest.mark.parametrize(
    ("order", "limit", "found"),
    [
        ((), None, ["1", "2", "3", "4", "5"]),
        (("-id",), None, ["5", "4", "3", "2", "1"]),
        (("agency",), None, ["1", "2", "5", "3", "4"]),
        (("-agency",), None, ["3", "4", "1", "2", "5"]),
        (("agency", "-name"), None, ["2", "1", "5", "4", "3"]),
        (("country",), None, ["4", "3", "1", "2", "5"]),
        (("-country",), None, ["5", "2", "1", "3", "4"]),
        (("name",), 2, ["5", "3"]),
        ((), 0, []),
    ],
)
def test_rows_come_in_order_nothing_first_ties_by_key(
    store: Store, order: tuple[str, ...], limit: int | None, found: list[str]
) -> None:
    officers(store)

    with store.reading() as tx:
        assert [row["id"] for row in tx.tables.select(PERSON, order=order, limit=limit)] == found


def test_texts_come_in_the_order_of_their_bytes_whatever_signs_they_hold(store: Store) -> None:
    names = ["", "\x00", "\x00b", "\x01", "\x01\x01", "\x01\x02", "\x02", "A", "B", "_", "a", "á", "ກ", "\U0001f6c2"]
    put(store, PERSON, *({"id": str(number), "name": name} for number, name in enumerate(reversed(names))))

    with store.reading() as tx:
        assert [row["name"] for row in tx.tables.select(PERSON, order=("name",))] == names
        assert [row["name"] for row in tx.tables.group(PERSON, ("name",))] == names
        for name in names:
            assert [row["name"] for row in tx.tables.select(PERSON, {"name": name})] == [name]
            assert [row["name"] for row in tx.tables.select(PERSON, {"name": (name,)})] == [name]
        assert tx.tables.count(PERSON, {"name": Span("\x00", "\x01\x02")}) == 4


def test_groups_count_rows_or_distinct_values_and_nothing_is_a_group(store: Store) -> None:
    officers(store)

    with store.reading() as tx:
        assert tx.tables.group(PERSON, ("agency",)) == [{"agency": "customs", "n": 3}, {"agency": "police", "n": 2}]
        assert tx.tables.group(PERSON, ("sex",)) == [
            {"sex": None, "n": 1},
            {"sex": "female", "n": 2},
            {"sex": "male", "n": 2},
        ]
        assert tx.tables.group(PERSON, ("agency", "sex"), {"agency": "customs"}) == [
            {"agency": "customs", "sex": "female", "n": 1},
            {"agency": "customs", "sex": "male", "n": 2},
        ]
        assert tx.tables.group(PERSON, (), distinct="sex") == [{"n": 2}]
        assert tx.tables.group(PERSON, (), {"agency": "none"}) == [{"n": 0}]
        assert tx.tables.group(PERSON, ("sex",), {"agency": "none"}) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda tables: tables.select(PERSON, {"nam": "x"}),
        lambda tables: tables.select(PERSON, order=("nam",)),
        lambda tables: tables.select(PERSON, order=("id; DROP TABLE person",)),
        lambda tables: tables.select(NODE_FACT, {"value": "x"}),
        lambda tables: tables.select(PERSON, {"name": 5}),
        lambda tables: tables.select(PERSON, {"name": ("x", 5)}),
        lambda tables: tables.select(PERSON, {"name": Span(5)}),
        lambda tables: tables.count(PERSON, {"name": ["x"]}),
        lambda tables: tables.group(PERSON, ("nam",)),
        lambda tables: tables.group(PERSON, (), distinct="nam"),
        lambda tables: tables.get(PERSON),
        lambda tables: tables.get(PERSON, "1", "2"),
        lambda tables: tables.get(PERSON, 1),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(store: Store, ask: Any) -> None:
    officers(store)

    with store.reading() as tx, pytest.raises(Invalid):
        ask(tx.tables)


def test_a_write_that_raises_leaves_no_trace_and_raises_the_same(store: Store) -> None:
    officers(store)
    wrong = Refused("exam.over", attempt="x")

    def work(tx: Transaction) -> None:
        tx.tables.delete(PERSON, {})
        tx.tables.put(NODE_FACT, {"name": "fact", "value": 1})
        tx.ledger.append(follow(Head("node"), said("anna", 1)))
        raise wrong

    with pytest.raises(Refused) as raised:
        store.write(work)

    assert raised.value is wrong
    with store.reading() as tx:
        assert tx.tables.count(PERSON) == 5
        assert tx.tables.count(NODE_FACT) == 0
        assert tx.ledger.size() == 0
        assert tx.ledger.vector() == {}


def test_a_write_sees_what_it_wrote_and_returns_what_the_work_returns(store: Store) -> None:
    def work(tx: Transaction) -> int:
        tx.tables.put(NODE_FACT, {"name": "fact", "value": 1})
        tx.tables.delete(NODE_FACT, {"name": "fact"})
        assert tx.tables.get(NODE_FACT, "fact") is None
        tx.tables.put(NODE_FACT, {"name": "other", "value": 1})
        return tx.tables.count(NODE_FACT)

    assert store.write(work) == 1


def test_whatever_a_write_asks_it_sees_all_it_wrote_before(store: Store) -> None:
    put(store, SIGN_IN_DELAY, *({"subject": one, "failures": 1} for one in "abc"))

    def work(tx: Transaction) -> None:
        for number in range(1200):  # more than a store may keep back
            tx.tables.put(SIGN_IN_DELAY, {"subject": f"n{number}", "failures": number})
        tx.tables.put(SIGN_IN_DELAY, {"subject": "a", "failures": 2})
        tx.tables.put(SIGN_IN_DELAY, {"subject": "a", "failures": 3})
        assert tx.tables.get(SIGN_IN_DELAY, "a") == {"subject": "a", "failures": 3, "not_before": None}
        assert tx.tables.get(SIGN_IN_DELAY, "n7") == {"subject": "n7", "failures": 7, "not_before": None}
        tx.tables.put(SIGN_IN_DELAY, {"subject": "d", "failures": 3})
        assert tx.tables.count(SIGN_IN_DELAY, {"failures": 3}) == 3
        tx.tables.put(SIGN_IN_DELAY, {"subject": "e", "failures": 3})
        assert [row["subject"] for row in tx.tables.select(SIGN_IN_DELAY, {"failures": 3})] == ["a", "d", "e", "n3"]
        tx.tables.put(SIGN_IN_DELAY, {"subject": "f", "failures": 3})
        assert tx.tables.group(SIGN_IN_DELAY, (), {"failures": 3}) == [{"n": 5}]
        tx.tables.put(SIGN_IN_DELAY, {"subject": "g", "failures": 3})
        assert tx.tables.delete(SIGN_IN_DELAY, {"failures": 3}) == 6
        tx.tables.put(SIGN_IN_DELAY, {"subject": "g", "failures": 4})

    store.write(work)

    with store.reading() as tx:
        assert tx.tables.count(SIGN_IN_DELAY) == 1202
        assert tx.tables.get(SIGN_IN_DELAY, "g") == {"subject": "g", "failures": 4, "not_before": None}
        assert tx.tables.get(SIGN_IN_DELAY, "a") is None


def test_nothing_of_a_write_that_was_undone_shows_in_the_next(store: Store) -> None:
    def undone(tx: Transaction) -> None:
        tx.tables.put(SIGN_IN_DELAY, {"subject": "a", "failures": 1})
        tx.tables.put(NODE_FACT, {"name": "fact", "value": 1})
        raise Refused("as it happens")

    with pytest.raises(Refused):
        store.write(undone)

    assert store.write(lambda tx: tx.tables.get(SIGN_IN_DELAY, "a")) is None
    put(store, NODE_FACT, {"name": "other", "value": 1})
    with store.reading() as tx:
        assert [row["name"] for row in tx.tables.select(NODE_FACT)] == ["other"]


def test_a_write_inside_a_write_is_a_fault_and_is_said(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        store.write(lambda _: store.write(lambda _: None))

    put(store, NODE_FACT, {"name": "the store", "value": "goes on"})


def test_a_reader_keeps_the_moment_it_began_with(store: Store) -> None:
    officers(store)

    with store.reading() as tx:
        before = tx.tables.count(PERSON)
        store.write(lambda inner: inner.tables.delete(PERSON, {}))
        assert tx.tables.count(PERSON) == before == 5
        assert tx.tables.get(PERSON, "1") is not None

    with store.reading() as tx:
        assert tx.tables.count(PERSON) == 0


def test_nothing_is_seen_before_the_write_is_whole(store: Store) -> None:
    seen: list[int] = []

    def work(tx: Transaction) -> None:
        tx.tables.put(NODE_FACT, {"name": "fact", "value": 1})
        with store.reading() as other:
            seen.append(other.tables.count(NODE_FACT))

    store.write(work)

    assert seen == [0]
    with store.reading() as tx:
        assert tx.tables.count(NODE_FACT) == 1


def test_counting_up_from_many_threads_loses_none(store: Store) -> None:
    def count_up(tx: Transaction) -> None:
        row = tx.tables.get(NODE_FACT, "count") or {"name": "count", "value": 0}
        tx.tables.put(NODE_FACT, {"name": "count", "value": row["value"] + 1})

    def many() -> None:
        for _ in range(20):
            store.write(count_up)
            with store.reading() as tx:
                assert tx.tables.get(NODE_FACT, "count") is not None

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading() as tx:
        assert tx.tables.get(NODE_FACT, "count") == {"name": "count", "value": 160}


# --- the ledger


def said(person: str, second: int, statement_id: str | None = None) -> Statement:
    saying = Saying(person, Particulars("LA", "", "", "", ""), f"2026-11-24T08:00:{second:02}.000000Z", "node")
    return build(saying, statement_id or ids.new(), verbs.COMPLETED, verbs.lesson_iri("interdiction", "ບົດ"))


def chain(node: str, statements: list[Statement]) -> list[Entry]:
    head, entries = Head(node), []
    for number, statement in enumerate(statements):
        entries.append(follow(head, statement, f"2026-11-24T09:00:00.{number:06}Z"))
        head = head_after(entries[-1])
    return entries


def append(store: Store, *entries: Entry) -> None:
    def work(tx: Transaction) -> None:
        for entry in entries:
            tx.ledger.append(entry)

    store.write(work)


def test_entries_come_back_as_they_were_appended(store: Store) -> None:
    here = chain("here", [said("anna", 3), said("bo", 1), said("anna", 2)])
    there = chain("there", [said("anna", 1)])
    append(store, here[0], there[0], here[1], here[2])

    with store.reading() as tx:
        ledger: Ledger = tx.ledger
        assert ledger.entries("here") == here
        assert ledger.entries("here", after=1) == here[1:]
        assert ledger.entries("here", after=1, limit=1) == here[1:2]
        assert ledger.entries("nowhere") == []
        assert list(ledger.every()) == [here[0], there[0], here[1], here[2]]
        assert ledger.find(here[1].statement.id) == here[1]
        assert ledger.head("here") == head_after(here[2])
        assert ledger.head("nowhere") == Head("nowhere")
        assert ledger.vector() == {"here": 3, "there": 1}
        assert ledger.size() == 4
        assert ledger.last_stored() == here[2].stored


def test_all_entries_can_be_read_while_others_are_appended(store: Store) -> None:
    here = chain("here", [said("anna", 1), said("bo", 1), said("anna", 2)])
    append(store, *here[:2])

    def work(tx: Transaction) -> list[Entry]:
        found = []
        for entry in tx.ledger.every():
            if not found:
                tx.tables.put(NODE_FACT, {"name": "fact", "value": 1})
                tx.ledger.append(here[2])
            found.append(entry)
        return found

    assert store.write(work)[:2] == here[:2]
    with store.reading() as tx:
        assert list(tx.ledger.every()) == here


def test_signs_that_a_database_may_not_know_come_back_from_the_ledger(store: Store) -> None:
    statement = said("an\x00na", 1)
    body = {**statement.body, "result": {"response": "a\x00b\x01c"}}
    entries = chain("he\x00re", [Statement(body)])
    append(store, *entries)

    with store.reading() as tx:
        assert tx.ledger.entries("he\x00re") == entries
        assert list(tx.ledger.every()) == entries
        assert tx.ledger.vector() == {"he\x00re": 1}
        assert tx.ledger.about("an\x00na") == [entries[0].statement]


def test_what_is_about_a_person_comes_by_time_and_then_id(store: Store) -> None:
    early, tie_one, tie_two = said("anna", 1), said("anna", 2), said("anna", 2)
    append(store, *chain("here", [tie_two, said("bo", 1), early, tie_one]))

    with store.reading() as tx:
        assert tx.ledger.about("anna") == [early, tie_one, tie_two]
        assert tx.ledger.about("nobody") == []


def test_the_newest_about_a_person_is_other_after_each_entry_about_them(store: Store) -> None:
    here = chain("here", [said("anna", 1), said("bo", 1), said("anna", 2)])
    seen = []
    for entry in here:
        append(store, entry)
        with store.reading() as tx:
            seen.append(tx.ledger.newest_about("anna"))

    assert seen == [(1, here[0].digest), (1, here[0].digest), (3, here[2].digest)]
    with store.reading() as tx:
        assert tx.ledger.newest_about("bo") == (2, here[1].digest)
        assert tx.ledger.newest_about("nobody") == (0, "")


def test_an_empty_ledger_says_so(store: Store) -> None:
    with store.reading() as tx:
        assert tx.ledger.size() == 0
        assert tx.ledger.last_stored() == ""
        assert tx.ledger.vector() == {}
        assert list(tx.ledger.every()) == []
        assert tx.ledger.find("no uuid") is None


def test_the_highest_stored_is_found_whatever_the_order(store: Store) -> None:
    first, second = chain("here", [said("anna", 1), said("anna", 2)])
    append(store, second, first)

    with store.reading() as tx:
        assert tx.ledger.last_stored() == second.stored


def test_an_id_or_a_place_that_is_taken_is_refused(store: Store) -> None:
    [entry] = chain("here", [said("anna", 1)])
    append(store, entry)

    for clash in (
        Entry("here", 2, entry.digest, entry.statement),
        Entry("here", 1, entry.digest, said("anna", 9)),
    ):
        with pytest.raises(Conflict) as refused:
            append(store, clash)
        assert refused.value.code == "entry.exists"

    with store.reading() as tx:
        assert list(tx.ledger.every()) == [entry]


@pytest.mark.parametrize("wrong", ["", "7", "00000000-0000-4000-8000-00000000000A", "urn:uuid:" + ids.new()])
def test_an_id_that_would_not_come_back_as_it_went_in_is_refused(store: Store, wrong: str) -> None:
    statement = Statement({**said("anna", 1).body, "id": wrong})

    with pytest.raises(ElearnError) as refused:
        append(store, *chain("here", [statement]))

    assert refused.value.code == "statement.id"
