"""An officer takes the own record to another post: nothing is lost, nothing is doubled, nobody lets themselves in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from carried_scenes import chief_of, fact_set, file_of, learned, post, session_of, two_posts, vouch
from cast import TickingClock, memory_node, officer
from small_course import answer_exam, certificate_of, pass_pretest, publish, read_lessons, ready_for_exam, structure

from elearn.core.ledger.entry import Head, follow
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.sync.sealed import LARGEST_FILE_BYTES
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import ACCOUNT, BROUGHT, BROUGHT_PART, PACKAGE, PERSON, QUARANTINE
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi.statement import Statement
from elearn.services import accounts, learn, sit
from elearn.services.arriving import look_at, take_in
from elearn.services.coordinate import figures, question
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.packages import _shelf
from elearn.services.record import rebuild_projections, receive_in
from elearn.services.transcript import transcript_page


def rows(node: Node, table: object, **where: object) -> list[dict[str, object]]:
    with node.store.reading() as tx:
        return tx.tables.select(table, where)  # type: ignore[arg-type]


def test_the_officer_signs_in_at_the_other_post_and_goes_on_where_it_was_left(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        ready_for_exam(one, noy)
        attempt = sit.start(one, noy, "seals", "exam", "en")
        first = sit.sitting(one, noy, attempt).marks[0].id
        sit.answer(one, noy, attempt, first, ["a"])
        file, code = file_of(one, noy)

        arrived = take_in(two, chief_of(two), file, code)
        signed_in = accounts.sign_in(two, arrived.service_number, arrived.pin, "there")
        view = sit.sitting(two, noy, attempt)

        assert signed_in.person == arrived.person == noy
        assert accounts.session(two, signed_in.token).must_change_pin  # type: ignore[union-attr]
        assert (view.answered, view.total) == (1, 4)
        answer_exam(two, noy, attempt)
        sit.submit(two, noy, attempt)
        assert my_record(two, noy, "en").certificates[0].state == "valid"


def test_everything_learned_there_is_shown_here_and_where_it_comes_from(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        number = certificate_of(one, noy)
        file, code = file_of(one, noy)
        take_in(two, chief_of(two), file, code)

        there, here = my_record(one, noy, "en"), my_record(two, noy, "en")

        assert [one.number for one in here.certificates] == [number]
        assert here.courses == there.courses
        assert {one.delivery.brought_from for one in (*here.sittings, *here.certificates)} == {"Huay Xai"}
        assert (here.brought, here.brought_from, there.brought) == (there.entries, ("Huay Xai",), 0)
        assert transcript_page(two, noy, "en").sections == transcript_page(one, noy, "en").sections


def test_what_administrators_did_and_what_others_learned_does_not_travel(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy, other = officer(one), officer(one)
        certificate_of(one, noy)
        certificate_of(one, other)
        file, code = file_of(one, noy)
        take_in(two, chief_of(two), file, code)

        assert {row["subject"] for row in rows(two, BROUGHT)} == {noy}
        assert [row["id"] for row in rows(two, PERSON) if row["id"] == other] == []
        held = next(row for row in rows(two, ACCOUNT) if row["person"] == noy)
        theirs = next(row for row in rows(one, ACCOUNT) if row["person"] == noy)
        assert held["pin_hash"] != theirs["pin_hash"]
        assert held["role"] == "officer"


def test_the_role_of_the_other_post_is_not_taken_over(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        boss = officer(one, role="administrator")
        file, code = file_of(one, boss)
        take_in(two, chief_of(two), file, code)

        assert next(row["role"] for row in rows(two, ACCOUNT) if row["person"] == boss) == "officer"


def test_taken_in_twice_it_changes_nothing(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        certificate_of(one, noy)
        file, code = file_of(one, noy)
        chief = chief_of(two)
        first = take_in(two, chief, file, code)
        before, account = learned(two), rows(two, ACCOUNT)

        again = take_in(two, chief, file, code)

        assert (first.fresh > 10, first.known, again.fresh, again.known) == (True, 0, 0, first.fresh)
        assert (again.pin, again.person) == ("", noy)
        assert (learned(two), rows(two, ACCOUNT)) == (before, account)


def test_a_later_file_adds_what_came_since_and_an_older_one_takes_nothing_away(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        pass_pretest(one, noy)
        old = file_of(one, noy)
        read_lessons(one, noy)
        new = file_of(one, noy)
        chief = chief_of(two)
        take_in(two, chief, *old)
        later = take_in(two, chief, *new)
        before = learned(two)
        older = take_in(two, chief, *old)

        assert later.fresh == 4
        assert older.fresh == 0
        assert learned(two) == before
        assert rows(two, BROUGHT_PART)[0]["last"] == max(row["number"] for row in rows(two, BROUGHT))  # type: ignore[type-var]


def test_screens_folded_anew_show_what_was_brought(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        certificate_of(one, noy)
        file, code = file_of(one, noy)
        take_in(two, chief_of(two), file, code)
        before = learned(two)

        rebuild_projections(two)

        assert learned(two) == before
        assert rows(two, ATTEMPT)


def test_what_arrives_by_exchange_later_takes_the_place_of_what_was_brought(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        certificate_of(one, noy)
        file, code = file_of(one, noy)
        take_in(two, chief_of(two), file, code)
        before = learned(two)
        with one.store.reading() as tx:
            entries = list(tx.ledger.every())

        two.store.write(lambda tx: receive_in(tx, two, entries))

        assert rows(two, BROUGHT) == []
        assert learned(two) == before
        rebuild_projections(two)
        assert learned(two) == before
        again = take_in(two, chief_of(two), file, code)
        assert (again.fresh, rows(two, BROUGHT)) == (0, [])


def test_where_the_chain_says_otherwise_the_chain_is_right(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        certificate_of(one, noy)
        file, code = file_of(one, noy)
        take_in(two, chief_of(two), file, code)
        with one.store.reading() as tx:
            entries = list(tx.ledger.every())
        head, forged = Head("00000001-0000-4000-9000-000000000000"), []
        for entry in entries:
            body = dict(entry.statement.body)
            if body["verb"]["id"].endswith("passed") and body["object"]["id"].endswith("exam"):
                body["result"] = {**body["result"], "score": {"scaled": 0.8}}
            forged.append(follow(head, Statement(body)))
            head = Head(head.node, forged[-1].number, forged[-1].digest)

        two.store.write(lambda tx: receive_in(tx, two, forged))

        assert rows(two, BROUGHT) == []
        assert my_record(two, noy, "en").sittings[0].score == 0.8
        before = learned(two)
        rebuild_projections(two)
        assert learned(two) == before


def test_a_file_that_says_otherwise_than_the_ledger_is_set_apart_and_changes_nothing(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        pass_pretest(one, noy)
        file, code = file_of(one, noy)
        with one.store.reading() as tx:
            entry = next(
                one
                for one in tx.ledger.every()
                if one.statement.object_id.endswith("/pretest") and one.statement.result.get("completion")
            )
        body = {**entry.statement.body, "result": {**entry.statement.result, "score": {"scaled": 0.25}}}
        other = follow(Head("00000001-0000-4000-9000-000000000000"), Statement(body))
        two.store.write(lambda tx: receive_in(tx, two, [other]))

        arrived = take_in(two, chief_of(two), file, code)

        assert arrived.apart == 1
        assert [row["kind"] for row in rows(two, QUARANTINE)] == ["brought"]
        assert my_record(two, noy, "en").sittings[0].score == 0.25


def test_a_post_does_not_count_as_its_own_what_was_learned_elsewhere(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        certificate_of(one, noy)
        file, code = file_of(one, noy)
        chief = chief_of(two)
        take_in(two, chief, file, code)

        there = figures(one, chief_of(one), question(one, {})).state
        here = figures(two, chief, question(two, {})).state

        assert (there, here) == ("few", "none")


def test_the_record_goes_on_to_a_third_post_and_comes_home_without_doubles() -> None:
    one, two, three = post(1, "Huay Xai"), post(2, "Boten"), post(3, "Thakhek")
    for node in (one, two, three):
        for other in (one, two, three):
            vouch(node, other)
    noy = officer(one)
    pass_pretest(one, noy)
    take_in(two, chief_of(two), *file_of(one, noy))
    two.store.write(lambda tx: tx.tables.put(ACCOUNT, {**tx.tables.get(ACCOUNT, noy), **_usable(one, noy)}))
    read_lessons(two, noy)
    take_in(three, chief_of(three), *file_of(two, noy))
    attempt = sit.start(three, noy, "seals", "exam", "en")
    answer_exam(three, noy, attempt)
    sit.submit(three, noy, attempt)
    three.store.write(lambda tx: tx.tables.put(ACCOUNT, {**tx.tables.get(ACCOUNT, noy), **_usable(one, noy)}))
    before = len(my_record(one, noy, "en").courses)

    home = take_in(one, chief_of(one), *file_of(three, noy))

    record = my_record(one, noy, "en")
    assert home.pin == ""
    assert (before, len(record.courses), record.courses[0].lessons_done) == (1, 1, 2)
    assert record.brought_from == ("Boten", "Thakhek")
    assert [one.kind for one in record.sittings] == ["exam", "pretest"]
    assert learned(one, "certificate")["attempt"] == learned(three, "certificate")["attempt"]


def _usable(node: Node, person: str) -> dict[str, object]:
    with node.store.reading() as tx:
        row = tx.tables.get(ACCOUNT, person)
    assert row is not None
    return {"pin_hash": row["pin_hash"], "must_change_pin": 0}


def test_a_part_handed_on_keeps_the_signature_of_the_post_that_said_it() -> None:
    one, two, three = post(1), post(2), post(3)
    vouch(two, one)
    vouch(three, two)
    noy = officer(one)
    pass_pretest(one, noy)
    take_in(two, chief_of(two), *file_of(one, noy))
    two.store.write(lambda tx: tx.tables.put(ACCOUNT, {**tx.tables.get(ACCOUNT, noy), **_usable(one, noy)}))
    read_lessons(two, noy)

    arriving = look_at(three, chief_of(three), *file_of(two, noy))

    assert sorted((part.trust, part.key.replace(" ", "")) for part in arriving.parts) == sorted(
        [("passed-on", one.keys.key_id), ("vouched", two.keys.key_id)]
    )
    assert arriving.trusted


def test_a_key_nobody_vouches_for_is_believed_only_when_it_was_compared(tmp_path: Path) -> None:
    with two_posts(tmp_path, trusting=False) as (one, two):
        noy = officer(one)
        pass_pretest(one, noy)
        file, code = file_of(one, noy)
        chief = chief_of(two)
        arriving = look_at(two, chief, file, code)

        with pytest.raises(Refused) as refused:
            take_in(two, chief, file, code)
        nothing = (rows(two, BROUGHT), [row for row in rows(two, ACCOUNT) if row["person"] == noy])
        taken = take_in(two, chief, file, code, compared=True)

        assert (arriving.trusted, arriving.parts[0].trust) == (False, "unknown")
        assert arriving.parts[0].key.replace(" ", "") == one.keys.key_id
        assert refused.value.code == "carried.unknown-key"
        assert nothing == ([], [])
        assert taken.fresh > 0
        assert rows(two, BROUGHT_PART)[0]["trust"] == "compared"


@pytest.mark.parametrize("changes", [{"node": "another"}, {"valid_until": "2026-11-01"}])
def test_a_key_of_another_post_or_one_that_was_retired_vouches_for_nothing(changes: dict[str, str]) -> None:
    one, two = post(1), post(2)
    vouch(two, one, **changes)
    noy = officer(one)
    pass_pretest(one, noy)

    assert not look_at(two, chief_of(two), *file_of(one, noy)).trusted


def test_looking_at_a_file_stores_nothing(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        number = certificate_of(one, noy)
        chief = chief_of(two)
        before = (learned(two), rows(two, PERSON), rows(two, ACCOUNT))

        arriving = look_at(two, chief, *file_of(one, noy))

        assert (arriving.name, arriving.made_by, arriving.here, arriving.trusted) == (
            "Noy Vong",
            "Huay Xai",
            False,
            True,
        )
        assert (arriving.courses, arriving.lessons, arriving.certificates) == (1, 2, (number,))
        assert (learned(two), rows(two, PERSON), rows(two, ACCOUNT)) == before


def test_only_who_manages_officers_may_let_somebody_in() -> None:
    one, two = post(1), post(2)
    vouch(two, one)
    noy = officer(one)
    file, code = file_of(one, noy)
    for role in ("officer", "trainer", "coordinator"):
        somebody = session_of(two, officer(two, role=role))
        with pytest.raises(Refused) as refused:
            take_in(two, somebody, file, code)
        assert refused.value.code == "permission"


def test_a_number_that_somebody_else_has_here_is_refused_by_name() -> None:
    one, two = post(1), post(2)
    vouch(two, one)
    noy = officer(one, service_number="LA-7")
    officer(two, "Kham Sy", service_number="LA-7")
    before = rows(two, PERSON)

    with pytest.raises(Refused) as refused:
        take_in(two, chief_of(two), *file_of(one, noy))

    assert (refused.value.code, refused.value.details["name"]) == ("carried.number-taken", "Kham Sy")
    assert [row for row in rows(two, PERSON) if row["id"] == noy] == []
    assert all(row in rows(two, PERSON) for row in before)


def test_names_of_another_country_and_demonstrations_stay_out() -> None:
    one, two, demo = post(1), post(2), post(3)
    vouch(two, one)
    vouch(two, demo)
    foreign = officer(one, country="TH")
    fact_set(demo, "demo", True)

    for person, node, code in ((foreign, one, "carried.other-country"), (officer(demo), demo, "carried.demo")):
        with pytest.raises(Refused) as refused:
            take_in(two, chief_of(two), *file_of(node, person))
        assert refused.value.code == code


def test_a_torn_altered_or_strange_file_and_a_wrong_code_are_told_apart_and_take_nothing() -> None:
    one, two = post(1), post(2)
    vouch(two, one)
    noy = officer(one)
    pass_pretest(one, noy)
    file, code = file_of(one, noy)
    _, other_code = file_of(one, noy)
    chief = chief_of(two)
    middle = len(file) // 2
    swapped = code[1] + code[0] + code[2:] if code[0] != code[1] else code[:-1] + ("2" if code[-1] != "2" else "3")
    wrong = {
        "carried.torn": [file[:-1], file[:middle], file[:middle] + b"\x00\x01" + file[middle + 2 :], file[:20]],
        "carried.not-a-record": [b"", b"%PDF-1.7", b"\x00" * 900, b"PK\x03\x04"],
        "carried.too-large": [file + b"\x00" * LARGEST_FILE_BYTES],
    }
    for expected, files in wrong.items():
        for one_file in files:
            with pytest.raises(Invalid) as refused:
                take_in(two, chief, one_file, code)
            assert refused.value.code == expected
    for typed, expected in ((other_code, "carried.wrong-code"), (swapped, "carried.code"), ("", "carried.code")):
        with pytest.raises(Invalid) as refused:
            take_in(two, chief, file, typed)
        assert refused.value.code == expected
    assert [row for row in rows(two, PERSON) if row["id"] == noy] == []
    assert take_in(two, chief, file, code.lower().replace("-", " ")).person == noy


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_clock_far_off_stops_nobody(year: int) -> None:
    one, two = post(1), post(2)
    vouch(two, one)
    noy = officer(one)
    ready_for_exam(one, noy)
    off = memory_node(series=4, clock=TickingClock(datetime(year, 1, 1, tzinfo=UTC)))
    off.store.write(publish)
    vouch(off, one)

    arrived = take_in(off, chief_of(off), *file_of(one, noy))

    assert arrived.fresh > 5
    attempt = sit.start(off, noy, "seals", "exam", "en")
    answer_exam(off, noy, attempt)
    sit.submit(off, noy, attempt)
    assert my_record(off, noy, "en").certificates


def test_an_exam_in_a_version_that_is_not_here_is_left_behind_and_bars_no_new_one() -> None:
    one, two = post(1), memory_node(series=2)
    one.store.write(lambda tx: publish(tx, structure(version="1.0.1")))
    two.store.write(publish)
    vouch(two, one)
    noy = officer(one)
    ready_for_exam(one, noy)
    left = sit.start(one, noy, "seals", "exam", "en")
    file, code = file_of(one, noy)
    [digest] = {row["digest"] for row in rows(one, ATTEMPT, attempt=left)}
    _shelf.pop(str(digest), None)

    take_in(two, chief_of(two), file, code)
    _shelf.pop(str(digest), None)
    page = learn.course_page(two, noy, "seals", "en")
    record = my_record(two, noy, "en")

    assert not [row for row in rows(two, PACKAGE) if row["digest"] == digest]
    assert [(one.held, one.attempt) for one in record.running] == [(False, left)]
    assert page.card.lessons_done == 2
    assert page.exam is not None
    assert page.exam.gate.value == "open"
    attempt = sit.start(two, noy, "seals", "exam", "en")
    assert attempt != left


def test_a_closed_account_stays_closed(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        pass_pretest(one, noy)
        chief = chief_of(two)
        file, code = file_of(one, noy)
        take_in(two, chief, file, code)
        row = next(row for row in rows(two, ACCOUNT) if row["person"] == noy)
        two.store.write(lambda tx: tx.tables.put(ACCOUNT, {**row, "active": 0}))

        assert take_in(two, chief, file, code).active is False


def test_a_file_changes_no_name_of_who_has_an_account_here(tmp_path: Path) -> None:
    with two_posts(tmp_path) as (one, two):
        noy = officer(one)
        pass_pretest(one, noy)
        chief = chief_of(two)
        take_in(two, chief, *file_of(one, noy))
        with one.store.reading() as tx:
            row = tx.tables.get(PERSON, noy)
        assert row is not None
        changed = {**row, "name": "Chan Vanna", "changed_at": "2099-11-24T09:00:00.000000Z"}
        one.store.write(lambda tx: tx.tables.put(PERSON, changed))

        take_in(two, chief, *file_of(one, noy))

        assert [row["name"] for row in rows(two, PERSON) if row["id"] == noy] == ["Noy Vong"]


def test_the_newer_particulars_are_kept_where_the_hub_knew_the_officer_already() -> None:
    one, hub = post(1), memory_node(series=9, kind=NodeKind.HUB)
    hub.store.write(publish)
    vouch(hub, one)
    noy = officer(one)
    with one.store.reading() as tx:
        row = tx.tables.get(PERSON, noy)
    assert row is not None
    newer = {**row, "rank_band": "senior", "changed_at": "2026-11-24T09:00:00.000000Z"}
    hub.store.write(lambda tx: tx.tables.put(PERSON, newer))

    take_in(hub, chief_of(hub), *file_of(one, noy))

    assert [row for row in rows(hub, PERSON) if row["id"] == noy] == [newer]


def test_the_clock_of_the_sending_post_decides_nothing() -> None:
    one, two = (
        memory_node(series=1, clock=TickingClock(datetime(1970, 1, 1, tzinfo=UTC))),
        post(2),
    )
    one.store.write(publish)
    vouch(two, one)
    noy = officer(one)
    pass_pretest(one, noy)

    assert take_in(two, chief_of(two), *file_of(one, noy)).fresh > 0
