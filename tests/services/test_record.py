"""The write path: what is recorded is kept once, chained, stamped, and on the screens."""

from datetime import timedelta
from pathlib import Path

import pytest
from cast import NumberedIds, TickingClock, memory_node, officer, sqlite_node
from satisfaction_scenes import responded

from elearn.core.ledger.entry import Entry, Head, check_chain
from elearn.core.projections.all import CURSOR, FOLDED_TABLES, VERSIONS
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.errors import Conflict, NotFound, Refused
from elearn.core.vocab.kept import NODE_FACT
from elearn.core.vocab.times import instant_of
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build, build_void
from elearn.core.xapi.statement import Statement
from elearn.services.clock_guard import NEWEST_PUBLISHED
from elearn.services.node import Node, keep_fact
from elearn.services.record import (
    catch_up,
    projections_behind,
    rebuild_projections,
    receive_in,
    record,
    record_in,
    saying_for,
)


@pytest.fixture
def node() -> Node:
    return memory_node()


def rows(node: Node) -> dict[str, list[dict[str, object]]]:
    with node.store.reading() as tx:
        return {table.name: tx.tables.select(table) for table in (*FOLDED_TABLES, CURSOR)}


def read_lesson(node: Node, person: str, lesson: str = "one") -> Statement:
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    return build(saying, node.ids.new(), verbs.COMPLETED, verbs.lesson_iri("interdiction", lesson))


def test_what_is_recorded_is_chained_and_on_the_screens(node: Node) -> None:
    person = officer(node)

    entries = record(node, read_lesson(node, person, "one"), read_lesson(node, person, "two"))

    with node.store.reading() as tx:
        row = tx.tables.get(PROGRESS, person, "interdiction")
        assert tx.ledger.entries(entries[0].node) == entries
    assert row is not None
    assert set(row["lessons"]) == {"one", "two"}
    assert check_chain(Head(entries[0].node), entries).number == 2


def test_the_same_statement_is_recorded_once(node: Node) -> None:
    statement = read_lesson(node, officer(node))
    [first] = record(node, statement)
    before = rows(node)

    again = record(node, statement, Statement(dict(reversed(statement.body.items()))))

    assert again == [first, first]
    assert rows(node) == before


def test_a_known_id_with_other_content_is_refused_and_nothing_else_of_the_errand_stays(node: Node) -> None:
    person = officer(node)
    statement = read_lesson(node, person)
    record(node, statement)
    before = rows(node)

    with pytest.raises(Conflict) as refused:
        record(
            node, read_lesson(node, person, "two"), Statement({**statement.body, "timestamp": "2030-01-01T00:00:00Z"})
        )

    assert refused.value.code == "statement.other-content"
    assert refused.value.details["id"] == statement.id
    assert rows(node) == before


def test_a_node_that_is_not_set_up_records_nothing(node: Node) -> None:
    statement = read_lesson(node, officer(node))
    node.store.write(lambda tx: tx.tables.delete(NODE_FACT, {"name": "id"}))

    with pytest.raises(Refused) as refused:
        record(node, statement)

    assert refused.value.code == "node.not-set-up"


def test_stored_rises_even_when_the_clock_goes_back(node: Node) -> None:
    person = officer(node)
    entries = record(node, read_lesson(node, person, "one"))
    node.clock.shift(timedelta(days=-400))  # type: ignore[attr-defined]

    entries += record(node, read_lesson(node, person, "two"), read_lesson(node, person, "three"))

    stored = [entry.stored for entry in entries]
    assert stored == sorted(set(stored))
    assert instant_of(stored[2]) - instant_of(stored[0]) == timedelta(microseconds=2)


def test_a_clock_that_went_back_is_said_in_the_statement(node: Node) -> None:
    person = officer(node)
    sure = read_lesson(node, person)
    record(node, sure)
    node.clock.shift(timedelta(hours=-2))  # type: ignore[attr-defined]

    doubtful = read_lesson(node, person)

    assert sure.extension("clock_uncertain") is None
    assert doubtful.extension("clock_uncertain") is True


def test_a_clock_before_the_newest_course_is_doubted_and_one_a_second_before_is_not(node: Node) -> None:
    person = officer(node)
    node.store.write(lambda tx: keep_fact(tx, NEWEST_PUBLISHED, "2026-11-24T08:00:02.000000Z"))
    slack = read_lesson(node, person)
    node.store.write(lambda tx: keep_fact(tx, NEWEST_PUBLISHED, "2027-01-01T00:00:00.000000Z"))

    doubtful = read_lesson(node, person)

    assert slack.extension("clock_uncertain") is None
    assert doubtful.extension("clock_uncertain") is True


def test_what_is_said_carries_the_coarse_snapshot_and_no_identity(node: Node) -> None:
    person = officer(node, "Somchai Rattana", service_number="TH-4711", country="TH", sex="male")

    statement = read_lesson(node, person)

    assert statement.particulars.country == "TH"
    assert statement.particulars.sex == "male"
    assert "Somchai" not in str(statement.body)
    assert "4711" not in str(statement.body)


def test_of_an_unknown_person_nothing_can_be_said(node: Node) -> None:
    with node.store.reading() as tx, pytest.raises(NotFound) as unknown:
        saying_for(tx, node, "nobody")

    assert unknown.value.code == "person.unknown"


def exam(node: Node, person: str, attempt: str) -> list[Statement]:
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    taken = {"digest": "d" * 64, "version": "1.0", "language": "km"}
    answered = [
        build(
            saying,
            node.ids.new(),
            verbs.ANSWERED,
            verbs.question_iri("interdiction", question),
            result={"response": "a[,]b", "score": {"scaled": 1.0}, "success": True},
            attempt=attempt,
            extensions={**taken, "place": "exam"},
        )
        for question in ("q1", "q2")
    ]
    sitting = verbs.sitting_iri("interdiction", "exam")
    questions = {
        "questions": [{"id": "q1", "options": ["b", "a"]}],
        "seed": 7,
        "ends_at": "2026-11-24T09:00:00.000000Z",
    }
    return [
        build(saying, node.ids.new(), verbs.INITIALIZED, sitting, result_extensions=questions, attempt=attempt),
        *answered,
        build(
            saying,
            node.ids.new(),
            verbs.PASSED,
            sitting,
            result={"score": {"scaled": 0.9}, "success": True, "completion": True},
            attempt=attempt,
            extensions=taken,
        ),
        build(
            saying,
            node.ids.new(),
            verbs.CERTIFIED,
            verbs.certificate_iri(f"NUMBER-{attempt[-4:]}"),
            attempt=attempt,
            extensions={**taken, "course": "interdiction"},
        ),
    ]


def test_a_void_takes_back_what_it_voids_and_nothing_else(node: Node) -> None:
    person, other = officer(node), officer(node)
    record(node, *exam(node, other, node.ids.new()), read_lesson(node, person, "one"))
    before = rows(node)
    wrong = read_lesson(node, person, "two")
    record(node, wrong)
    with node.store.reading() as tx:
        void = build_void(saying_for(tx, node, person), node.ids.new(), wrong.id, person)

    record(node, void)

    after = rows(node)
    for name in ("progress", "attempt", "answer", "completion", "certificate"):
        assert after[name] == before[name]
    assert [row["id"] for row in after["voided"]] == [wrong.id]


def check(node: Node, person: str) -> Statement:
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    result = {"response": "a", "score": {"scaled": 1.0}, "success": True}
    return build(saying, node.ids.new(), verbs.ANSWERED, verbs.question_iri("interdiction", "c1"), result=result)


def busy_node(node: Node) -> None:
    """Exams of three officers, checks, refreshers, a session, a try, a revoked certificate, voids in any order."""
    people = [officer(node) for _ in range(3)]
    for person in people:
        record(node, *exam(node, person, node.ids.new()), read_lesson(node, person), check(node, person))
    wrong, late = read_lesson(node, people[0], "wrong"), read_lesson(node, people[1], "late")
    with node.store.reading() as tx:
        saying = saying_for(tx, node, people[0])
    record(node, build_void(saying, node.ids.new(), late.id, people[1]), wrong)
    record(node, build_void(saying, node.ids.new(), wrong.id, people[0]), late)
    revoked = build(
        saying, node.ids.new(), verbs.REVOKED, verbs.certificate_iri("NUMBER-0009"), extensions={"subject": people[0]}
    )
    given = build(
        saying,
        node.ids.new(),
        verbs.TRY_GIVEN,
        verbs.sitting_iri("interdiction", "exam"),
        extensions={"subject": people[1], "reason": "illness"},
    )
    attended = build(
        saying,
        node.ids.new(),
        verbs.ATTENDED,
        verbs.session_iri("interdiction", node.ids.new()),
        extensions={"held_on": "2026-11-20"},
    )
    record(node, revoked, given, attended, responded(node.ids.new()), *refreshers(node, people[2]))
    node.clock.shift(timedelta(days=-1))  # type: ignore[attr-defined]
    record(node, read_lesson(node, people[2], "by-a-clock-in-doubt"))
    node.clock.shift(timedelta(days=1))  # type: ignore[attr-defined]


def refreshers(node: Node, person: str) -> list[Statement]:
    """Return a set of refreshers a month after the exam, and the answer to its question."""
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    attempt, said = node.ids.new(), {"language": "km", "place": "refresher"}
    card = {"course": "interdiction", "digest": "d" * 64, "id": "q1", "options": ["a", "b"]}
    return [
        build(
            saying,
            node.ids.new(),
            verbs.INITIALIZED,
            verbs.REFRESHER,
            attempt=attempt,
            extensions=said,
            result_extensions={"cards": [card], "seed": 1},
        ),
        build(
            saying,
            node.ids.new(),
            verbs.ANSWERED,
            verbs.question_iri("interdiction", "q1"),
            attempt=attempt,
            extensions=said,
            result={"response": "a", "score": {"scaled": 1.0}, "success": True},
            result_extensions={"used_s": 9, "passed_days": 30},
        ),
    ]


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_screens_folded_anew_are_equal_to_the_live_ones(where: str, tmp_path: Path) -> None:
    node = memory_node() if where == "memory" else sqlite_node(tmp_path)
    busy_node(node)
    live = rows(node)
    told: list[tuple[int, int]] = []

    count = rebuild_projections(node, lambda done, total: told.append((done, total)))

    assert rows(node) == live
    assert all(live[table.name] for table in FOLDED_TABLES)
    with node.store.reading() as tx:
        assert count == tx.ledger.size()
    assert told[-1] == (count, count)
    node.store.close()


def test_a_rebuild_mends_rows_that_were_tampered_with(node: Node) -> None:
    busy_node(node)
    live = rows(node)
    node.store.write(lambda tx: tx.tables.delete(ATTEMPT, {}))
    node.store.write(lambda tx: tx.tables.put(ANSWER, {"attempt": "x", "question": "y", "subject": "nobody"}))
    assert rows(node) != live

    rebuild_projections(node)

    assert rows(node) == live


def test_a_projection_of_another_version_is_folded_anew_at_start_and_a_current_one_is_not(node: Node) -> None:
    busy_node(node)
    live = rows(node)
    assert catch_up(node) == 0
    old = {"name": "projections", "versions": {**VERSIONS, "progress": 0}, "position": live["cursor"][0]["position"]}
    node.store.write(lambda tx: (tx.tables.put(CURSOR, old), tx.tables.delete(PROGRESS, {})))

    count = catch_up(node)

    assert count == live["cursor"][0]["position"]
    assert rows(node) == live


def test_entries_that_another_program_left_unfolded_are_noticed(node: Node) -> None:
    busy_node(node)
    cursor = rows(node)["cursor"][0]
    node.store.write(lambda tx: tx.tables.put(CURSOR, {**cursor, "position": 3}))

    with node.store.reading() as tx:
        assert projections_behind(tx)
    catch_up(node)
    with node.store.reading() as tx:
        assert not projections_behind(tx)


def entries_of(node: Node) -> list[Entry]:
    with node.store.reading() as tx:
        return list(tx.ledger.every())


def test_a_hub_that_receives_a_chain_shows_what_the_post_shows(node: Node) -> None:
    busy_node(node)
    hub = memory_node(series=9)

    hub.store.write(lambda tx: receive_in(tx, hub, entries_of(node)))

    assert rows(hub) == rows(node)
    with hub.store.reading() as tx:
        assert tx.ledger.vector() == {entries_of(node)[0].node: len(entries_of(node))}


def test_what_was_received_before_is_skipped(node: Node) -> None:
    busy_node(node)
    hub = memory_node(series=9)
    entries = entries_of(node)
    hub.store.write(lambda tx: receive_in(tx, hub, entries[:4]))

    hub.store.write(lambda tx: receive_in(tx, hub, entries))

    assert [entry.statement for entry in entries_of(hub)] == [entry.statement for entry in entries]
    assert rows(hub) == rows(node)


def test_received_entries_are_stamped_by_the_receivers_clock(node: Node) -> None:
    record(node, read_lesson(node, officer(node)))
    hub = memory_node(series=9, clock=TickingClock(instant_of("2027-01-01T00:00:00Z")))

    hub.store.write(lambda tx: receive_in(tx, hub, entries_of(node)))

    assert entries_of(hub)[0].stored > "2027"
    assert entries_of(hub)[0].digest == entries_of(node)[0].digest


def test_a_statement_at_two_places_is_refused(node: Node) -> None:
    record(node, read_lesson(node, officer(node)))
    hub = memory_node(series=9)
    [entry] = entries_of(node)
    hub.store.write(lambda tx: receive_in(tx, hub, [entry]))

    with pytest.raises(Conflict) as refused:
        hub.store.write(lambda tx: receive_in(tx, hub, [Entry("another", 1, entry.digest, entry.statement)]))

    assert refused.value.code == "statement.other-place"
    assert len(entries_of(hub)) == 1


def test_one_errand_records_many_in_order(node: Node) -> None:
    person = officer(node)
    statements = [read_lesson(node, person, f"l{number}") for number in range(5)]

    entries = node.store.write(lambda tx: record_in(tx, node, *statements))

    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.statement for entry in entries] == statements


def test_ids_of_two_series_differ() -> None:
    assert NumberedIds(1).new() != NumberedIds(2).new()
