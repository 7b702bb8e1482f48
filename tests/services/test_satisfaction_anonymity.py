"""What a curious administrator finds in the files: nothing that ties a person to an answer.

The database file and its write-ahead log are looked through byte by byte, as a disk editor shows them.
"""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import sqlite_node
from satisfaction_scenes import COURSE, different, in_the_box, let_pass, responses, settled

from elearn.adapters.sqlite.store import FILE
from elearn.adapters.system import RandomIds
from elearn.core.vocab.kept import BALLOT, FORM_SETTLED
from elearn.core.vocab.satisfaction import ITEMS, LEAST
from elearn.services import satisfaction
from elearn.services.node import Node

ROUNDS = 24


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    node = sqlite_node(tmp_path / "data", ids=RandomIds())
    yield node
    node.store.close()


def files(node: Node) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(node.settings.data.iterdir()) if path.is_file()}


def answer_all(node: Node, people: list[str]) -> None:
    for number, person in enumerate(people):
        satisfaction.answer(node, person, COURSE, different(number % 5))


def order_in_file(node: Node, marks: list[str]) -> list[list[int]]:
    """Return, for each file, in which order these texts (or the bytes of ids) stand in it."""
    found = []
    for data in files(node).values():
        places = [(data.find(mark.encode()), number) for number, mark in enumerate(marks)]
        found.append([number for place, number in sorted(places) if place >= 0])
    return found


def ratings(node: Node) -> list[int]:
    """Return which answer (0..4, as `different` gives them) each recorded statement is, in the order stored."""
    return [one.result_extension("ratings")["useful"] - 1 for one in responses(node)]


def test_after_five_answers_the_box_is_empty_also_for_a_disk_editor(node: Node) -> None:
    people = let_pass(node, LEAST)
    answer_all(node, people[:-1])
    marks = [ballot["id"] for ballot in in_the_box(node)]
    assert [sorted(one) for one in order_in_file(node, marks)].count([0, 1, 2, 3]) == 1

    satisfaction.answer(node, people[-1], COURSE, different(4))

    assert in_the_box(node) == []
    for name, data in files(node).items():
        assert not any(mark.encode() in data for mark in marks), name
        # Bodies in the ledger are packed: in plain text an answer stood in the box only.
        assert b'"ratings"' not in data, name


def test_the_log_beside_the_database_keeps_no_earlier_picture_of_it(node: Node) -> None:
    [person] = let_pass(node, 1)
    assert len(files(node)[f"{FILE}-wal"]) > 0

    satisfaction.answer(node, person, COURSE, different(0))

    assert files(node)[f"{FILE}-wal"] == b""


def test_a_reader_that_holds_on_delays_the_emptying_of_the_log_and_breaks_nothing(node: Node) -> None:
    one, other = let_pass(node, 2)
    with node.store.reading() as tx:
        assert tx.tables.count(BALLOT) == 0
        satisfaction.answer(node, one, COURSE, different(0))
        assert not node.store.forget_overwritten()

    satisfaction.answer(node, other, COURSE, different(1))

    assert files(node)[f"{FILE}-wal"] == b""
    assert len(in_the_box(node)) == 2


def test_the_file_holds_ballots_and_people_in_the_order_of_their_ids_not_of_their_coming(node: Node) -> None:
    """A page of SQLite is filled from its end: the last written stands first. So all is written anew by the keys."""
    people = let_pass(node, LEAST - 1)
    came: list[str] = []
    for number, person in enumerate(people):
        satisfaction.answer(node, person, COURSE, different(number))
        came += [ballot["id"] for ballot in in_the_box(node) if ballot["id"] not in came]
        by_key = sorted(range(len(came)), key=lambda at: came[at], reverse=True)
        assert by_key in order_in_file(node, came)

    by_key = sorted(people, reverse=True)
    data = files(node)[FILE]
    assert sorted(by_key, key=lambda person: data.find(f"{person}{COURSE}1".encode())) == by_key


def test_neither_table_has_a_rowid_a_time_or_a_column_of_the_other(node: Node) -> None:
    connection = sqlite3.connect(node.settings.data / FILE)
    for table in (BALLOT, FORM_SETTLED):
        with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
            connection.execute(f"SELECT rowid FROM {table.name}")  # noqa: S608
    connection.close()

    assert BALLOT.columns.keys() & {"person", "at", "stored", "session", "attempt", "node"} == set()
    assert FORM_SETTLED.columns.keys() & {"id", "at", "stored", "answers", "language", "answered"} == set()


def test_the_order_in_the_ledger_is_drawn_anew_for_every_box(node: Node) -> None:
    for _ in range(ROUNDS):
        answer_all(node, let_pass(node, LEAST))
    orders = [tuple(ratings(node)[at : at + LEAST]) for at in range(0, ROUNDS * LEAST, LEAST)]

    assert all(sorted(order) == [0, 1, 2, 3, 4] for order in orders)
    # That chance gives the same order, or the same first, twenty-four times does not happen.
    assert len(set(orders)) > 2
    assert len({order[0] for order in orders}) > 1
    assert len({order[-1] for order in orders}) > 1


def every_row(node: Node) -> Iterator[tuple[str, tuple[Any, ...]]]:
    connection = sqlite3.connect(node.settings.data / FILE)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in names:
        for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
            yield name, row
    connection.close()


def test_no_row_of_any_table_holds_a_person_and_an_answer(node: Node) -> None:
    people = let_pass(node, LEAST)
    answer_all(node, people)

    rows = list(every_row(node))
    of_people = {name for name, row in rows if any(person in map(str, row) for person in people)}
    of_answers = {name for name, row in rows if "satisfaction" in name or "ballot" in name or "anonymous" in row}

    assert "form_settled" in of_people
    assert "satisfaction" in of_answers
    # The ledger lists the subjects of all its entries by name, `anonymous` among them: names only.
    assert of_people & of_answers == {"ledger_subject"}
    for statement in responses(node):
        told = str(statement.body)
        assert not any(person in told for person in people)


def test_who_answered_and_who_declined_look_alike(node: Node) -> None:
    people = let_pass(node, 6)
    for person in people[:3]:
        satisfaction.decline(node, person, COURSE)
    answer_all(node, people[3:])

    assert sorted(settled(node)) == sorted((person, COURSE, "1") for person in people)


def test_the_fifth_to_come_is_not_told_by_the_time_of_the_entries(node: Node) -> None:
    people = let_pass(node, LEAST)
    answer_all(node, people)

    with node.store.reading() as tx:
        entries = [entry for entry in tx.ledger.every() if entry.statement in responses(node)]
    assert len({entry.statement.timestamp for entry in entries}) == 1
    # `stored` tells that five were recorded just now, and of all five the same.
    assert [entry.number for entry in entries] == list(range(entries[0].number, entries[0].number + LEAST))


def test_nothing_about_it_is_written_to_the_log(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    answer_all(node, let_pass(node, LEAST))

    assert caplog.records == []
    assert set(ITEMS) == set(responses(node)[0].result_extension("ratings"))
