"""The coordinator's report: people counted once, small counts protected, its standing told, its export recorded."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import TickingClock, memory_node, sqlite_node
from figures_scenes import certified, coordinator, issued_anew, own_id, passed, revoked, train

from elearn.core.stats.report import Line, Report, Table
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import CONFIRMED, PEER, REVOCATION
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.roles import Role
from elearn.core.xapi.build import Saying, build_void
from elearn.core.xapi.canonical import digest_of
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import EXPORTED, EXTENSION
from elearn.services import coordinate
from elearn.services.node import Node, keep_fact
from elearn.services.record import receive_in, record


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


@pytest.fixture
def hub() -> Node:
    return memory_node(kind=NodeKind.HUB, series=9)


def report(node: Node, **asked: str) -> Report:
    return coordinate.figures(node, coordinator(node), coordinate.question(node, asked))


def lines(found: Report, dimension: str) -> list[tuple[str, int | None, int | None]]:
    return [(line.value, line.persons, line.completions) for line in found.table(dimension).lines]


def test_a_person_counts_once_however_many_exams_and_posts(post: Node) -> None:
    [noy] = train(post, 1)
    train(post, 7)
    record(post, passed(post, noy, course="precursors"), passed(post, noy, post="Ban Houei", agency="police"))

    found = report(post)

    assert (found.persons, found.completions) == (8, 10)
    assert found.table("course") == Table("course", (Line("interdiction", None, None), Line("precursors", None, None)))


def test_completions_stand_beside_the_persons_of_each_line(post: Node) -> None:
    women = train(post, 6, sex="female")
    train(post, 9)
    record(post, *(passed(post, woman, "2026-04-01", sex="female") for woman in women))

    found = report(post)

    assert lines(found, "sex") == [("female", 6, 12), ("male", 9, 9)]
    assert (found.persons, found.completions, found.women_share) == (15, 21, 0.4)
    assert lines(found, "period") == [("2026-03", 15, 15), ("2026-04", 6, 6)]


def test_no_woman_trained_is_a_line_of_zero(post: Node) -> None:
    train(post, 8)

    found = report(post)

    assert lines(found, "sex") == [("female", 0, 0), ("male", 8, 8)]
    assert found.women_share == 0.0


def test_the_share_of_women_is_told_also_where_few_have_not_stated_their_sex(post: Node) -> None:
    train(post, 10, sex="female")
    train(post, 28, sex="male")
    train(post, 2, sex="undisclosed")

    found = report(post)

    assert lines(found, "sex") == [("female", 10, 10), ("male", None, None), ("undisclosed", None, None)]
    assert found.women_share == 0.25
    assert report(post, sex="male").state == "withheld"


@pytest.mark.parametrize("how_many", [1, 2, 3, 4])
def test_fewer_than_five_officers_have_no_figures_at_all(post: Node, how_many: int) -> None:
    train(post, how_many, score=0.83)

    found = report(post)

    assert (found.state, found.persons, found.completions) == ("few", None, None)
    assert (found.women_share, found.mean_score, found.tables, found.cross) == (None, None, (), None)
    assert found.certificates.lines == ()
    assert "0.83" not in json.dumps(found.figures())


def test_nobody_trained_is_told_as_zero(post: Node) -> None:
    found = report(post)

    assert (found.state, found.persons, found.completions, found.tables) == ("none", 0, 0, ())


def test_a_small_line_takes_another_with_it_in_every_table(post: Node) -> None:
    train(post, 3, agency="police", sex="female")
    train(post, 11, agency="customs", sex="female")
    train(post, 20, agency="immigration")

    found = report(post)

    assert lines(found, "agency") == [("police", None, None), ("customs", None, None), ("immigration", 20, 20)]
    assert lines(found, "sex") == [("female", 14, 14), ("male", 20, 20)]
    assert found.cross is not None
    assert [[cell.persons for cell in row] for row in found.cross.cells] == [[None, 0], [None, 0], [0, 20]]


def test_a_hidden_line_cannot_be_read_by_filtering_for_it_or_its_neighbour(post: Node) -> None:
    train(post, 3, agency="police")
    train(post, 11, agency="customs")
    train(post, 20, agency="immigration")

    assert report(post, agency="customs").state == "withheld"
    assert report(post, agency="police").state == "withheld"
    assert report(post, agency="police", sex="male").state == "withheld"
    assert report(post, agency="immigration").persons == 20


def test_filters_narrow_every_number(post: Node) -> None:
    train(post, 6, "2026-01-15", sex="female", language="km", score=1.0)
    train(post, 7, "2026-02-15", sex="male", language="lo", score=0.8)
    train(post, 8, "2026-02-20", sex="male", language="lo", course="precursors", score=0.8)

    february = report(post, **{"from": "2026-02", "to": "2026-02"})

    assert (february.persons, february.mean_score) == (15, 0.8)
    assert lines(february, "language") == [("km", 0, 0), ("lo", 15, 15)]
    assert report(post, language="km").mean_score == 1.0
    assert report(post, course="precursors").persons == 8
    assert report(post, sex="male", language="lo").persons == 15


def test_a_month_begins_at_midnight_of_the_place(post: Node) -> None:
    # Laos is seven hours ahead of UTC: 17:00 UTC is the first minute of the next day.
    train(post, 5, "2026-01-31T16:59:59.999999Z")
    train(post, 6, "2026-01-31T17:00:00.000000Z")

    assert lines(report(post), "period") == [("2026-01", 5, 5), ("2026-02", 6, 6)]
    assert report(post, to="2026-01-31").persons == 5
    assert report(post, **{"from": "2026-02-01"}).persons == 6


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        ("month", ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]),
        ("quarter", ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]),
        ("semester", ["2025-S2", "2026-S1", "2026-S2"]),
        ("year", ["2025", "2026"]),
    ],
)
def test_periods_without_anybody_are_listed_between_others(post: Node, by: str, codes: list[str]) -> None:
    train(post, 5, "2025-11-30")
    train(post, 5, "2026-07-01")

    found = lines(report(post, by=by), "period")

    assert [code for code, _, _ in found] == codes
    assert sum(persons or 0 for _, persons, _ in found) == 10


def test_a_clock_in_1970_does_not_make_hundreds_of_empty_lines(post: Node) -> None:
    train(post, 5, "1970-01-02")
    train(post, 5, "2026-07-01")
    train(post, 5, "9999-12-31T23:00:00.000000Z")

    assert [code for code, _, _ in lines(report(post), "period")] == ["1970-01", "2026-07", "9999-12"]


def test_periods_can_be_one_side_of_the_table_of_two(post: Node) -> None:
    train(post, 6, "2026-01-10", sex="female")
    train(post, 7, "2026-02-10")

    found = report(post, rows="period", columns="sex").cross
    turned = report(post, rows="sex", columns="period").cross

    assert found is not None
    assert turned is not None
    assert [[cell.persons for cell in row] for row in found.cells] == [[6, 0], [0, 7]]
    assert [[cell.persons for cell in row] for row in turned.cells] == [[6, 0], [0, 7]]


def test_certificates_are_told_by_their_state_on_the_day_of_the_report(post: Node) -> None:
    exams = [passed(post, post.ids.new(), sex="female") for _ in range(24)]
    ends = ["2028-03-05", "2026-12-24", "2026-11-23", "2028-03-05"]
    for at, exam in enumerate(exams):
        record(post, exam, certified(post, exam, f"N{at:03}", f"{ends[at // 6]}T16:59:59.999999Z"))
    record(post, *(revoked(post, exams[at].actor, f"N{at:03}", "2026-11-01") for at in range(18, 23)))
    listed = {"number": "N023", "revoked_at": "2026-11-02T00:00:00.000000Z", "listed_at": "x", "listed_by": "hub"}
    post.store.write(lambda tx: tx.tables.put(REVOCATION, listed))

    now = [(line.value, line.persons) for line in report(post, on="2026-11-24").certificates.lines]
    before = [(line.value, line.persons) for line in report(post, on="2026-10-31").certificates.lines]

    assert now == [("valid", 6), ("expiring", 6), ("expired", 6), ("revoked", 6)]
    assert before == [("valid", 12), ("expiring", 12), ("expired", 0), ("revoked", 0)]


def test_a_certificate_issued_anew_is_counted_once_on_every_day(post: Node) -> None:
    exams = [passed(post, post.ids.new()) for _ in range(12)]
    for at, exam in enumerate(exams):
        record(post, exam, certified(post, exam, f"N{at:03}", "2028-12-31T16:59:59.999999Z"))
        record(post, *issued_anew(post, exam, f"N{at:03}", f"M{at:03}", "2026-06-01"))
    record(post, *(revoked(post, exams[at].actor, f"M{at:03}", "2026-07-01") for at in range(6)))

    days = ("2026-05-01", "2026-06-01", "2026-07-01")
    found = [[(one.value, one.persons) for one in report(post, on=day).certificates.lines] for day in days]

    assert found[0] == found[1] == [("valid", 12), ("expiring", 0), ("expired", 0), ("revoked", 0)]
    assert found[2] == [("valid", 6), ("expiring", 0), ("expired", 0), ("revoked", 6)]


def test_taken_back_under_a_clock_that_leapt_ahead_it_is_not_held(post: Node) -> None:
    exams = [passed(post, post.ids.new()) for _ in range(6)]
    for at, exam in enumerate(exams):
        record(post, exam, certified(post, exam, f"N{at:03}", "2028-12-31T16:59:59.999999Z"))
        said = revoked(post, exam.actor, f"N{at:03}", "2099-01-01")
        extensions = {**said.body["context"]["extensions"], EXTENSION + "clock_uncertain": True}
        record(post, Statement({**said.body, "context": {**said.body["context"], "extensions": extensions}}))

    lines = report(post, on="2026-11-24").certificates.lines

    assert [(one.value, one.persons) for one in lines] == [
        ("valid", 0),
        ("expiring", 0),
        ("expired", 0),
        ("revoked", 6),
    ]


def test_a_voided_exam_does_not_count(post: Node) -> None:
    exams = [passed(post, post.ids.new()) for _ in range(6)]
    record(post, *exams)
    saying = Saying("chief", exams[0].particulars, exams[0].timestamp, own_id(post))
    record(post, build_void(saying, post.ids.new(), exams[0].id, exams[0].actor))

    assert report(post).persons == 5


def receive(hub: Node, post: Node) -> None:
    with post.store.reading() as tx:
        entries = tx.ledger.entries(own_id(post))
    hub.store.write(lambda tx: receive_in(tx, hub, entries))


def test_a_post_and_its_hub_show_the_same_figures_with_the_same_hash(post: Node, hub: Node) -> None:
    other = memory_node(series=2)
    train(post, 7, sex="female")
    train(post, 9, "2026-05-01", agency="police")
    train(other, 30, post="Chiang Khong")
    receive(hub, post)
    receive(hub, other)

    here, there = report(post, post="Huay Xai"), report(hub, post="Huay Xai")

    assert here.figures() == there.figures()
    assert here.sha256 == there.sha256 == digest_of(here.figures())
    assert here.standing.position != there.standing.position
    assert report(hub).persons == 46
    assert report(hub).sha256 != here.sha256


def test_a_post_counts_what_happened_there_and_not_the_transcripts_it_holds(post: Node) -> None:
    other = memory_node(series=2)
    train(post, 6)
    train(other, 8)
    receive(post, other)

    assert report(post).persons == 6


def test_a_post_without_a_hub_is_provisional(post: Node) -> None:
    standing = report(post).standing

    assert (standing.confirmed, standing.alone, standing.waiting) == (False, True, 0)


def test_a_post_is_confirmed_when_the_hub_has_named_its_last_entry(post: Node) -> None:
    train(post, 6)
    mine = own_id(post)
    post.store.write(lambda tx: keep_fact(tx, "hub", "the-hub"))

    def name(number: int) -> None:
        row = {"peer": "the-hub", "node": mine, "number": number, "confirmed_at": "2026-11-24T08:00:00.000000Z"}
        post.store.write(lambda tx: tx.tables.put(CONFIRMED, row))

    assert report(post).standing.waiting == 6
    name(4)
    assert (report(post).standing.waiting, report(post).standing.confirmed) == (2, False)
    name(6)
    assert (report(post).standing.waiting, report(post).standing.confirmed) == (0, True)


def peer(node: str, name: str, last: str | None) -> dict[str, Any]:
    row = {"node": node, "name": name, "kind": "post", "enrolled_at": "2026-01-05T00:00:00.000000Z"}
    return {**row, "last_contact_at": last}


def test_a_hub_names_the_silent_posts_and_is_provisional_while_there_are_any(hub: Node) -> None:
    train(hub, 6)
    for row in (
        peer("a", "Chiang Khong", "2026-11-20T00:00:00.000000Z"),
        peer("b", "Ban Houei", "2026-10-01T00:00:00.000000Z"),
        peer("c", "Mae Sai", None),
    ):
        hub.store.write(lambda tx, row=row: tx.tables.put(PEER, row))

    standing = report(hub).standing

    assert (standing.confirmed, standing.collects) == (False, True)
    assert [(post.name, post.since[:10]) for post in standing.silent] == [
        ("Mae Sai", "2026-01-05"),
        ("Ban Houei", "2026-10-01"),
    ]


def test_a_hub_that_hears_of_all_its_posts_is_confirmed(hub: Node) -> None:
    hub.store.write(lambda tx: tx.tables.put(PEER, peer("a", "Chiang Khong", "2026-11-20T00:00:00.000000Z")))

    assert report(hub).standing.confirmed is True


def test_a_hub_that_refused_a_posts_records_does_not_call_its_figures_confirmed(hub: Node) -> None:
    heard = peer("a", "Chiang Khong", "2026-11-20T00:00:00.000000Z")
    hub.store.write(lambda tx: tx.tables.put(PEER, {**heard, "state": {"problem": "chain.fork"}}))

    standing = report(hub).standing

    assert (standing.confirmed, standing.refused, standing.silent) == (False, 1, ())


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_the_same_question_over_the_same_ledger_is_the_same_file(post: Node, kind: str) -> None:
    train(post, 6, sex="female")
    train(post, 60, "2026-05-01")
    by = coordinator(post)
    asked = coordinate.question(post, {"by": "quarter"})

    first = coordinate.export(post, by, asked, kind, "km")
    for _ in range(60):
        coordinate.export(post, by, asked, "json", "km")
    again = coordinate.export(post, by, asked, kind, "km")

    assert again == first
    assert first.name == f"figures-2026-11-24-{report(post, by='quarter').sha256[:8]}.{kind}"


def test_an_export_is_recorded_with_its_question_and_hash(post: Node) -> None:
    train(post, 6)
    by = coordinator(post)
    asked = coordinate.question(post, {"sex": "male", "from": "2026"})

    coordinate.export(post, by, asked, "csv", "en")

    with post.store.reading() as tx:
        last = list(tx.ledger.every())[-1].statement
    assert (last.verb, last.actor, last.extension("format")) == (EXPORTED, by.person, "csv")
    assert last.extension("digest") == coordinate.figures(post, by, asked).sha256
    assert last.extension("filters")["sex"] == "male"
    assert last.extension("filters")["since"] == "2026-01-01"
    assert check(last.body).digest == last.digest  # a hub takes it


def test_an_unknown_format_is_refused_and_nothing_is_recorded(post: Node) -> None:
    by = coordinator(post)

    with pytest.raises(NotFound, match=r"figures\.format"):
        coordinate.export(post, by, coordinate.question(post, {}), "pdf", "en")
    with post.store.reading() as tx:
        assert tx.ledger.size() == 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TRAINER])
def test_only_coordinators_and_administrators_see_figures(post: Node, role: Role) -> None:
    by = coordinator(post, role)

    for errand in (
        lambda: coordinate.figures(post, by, coordinate.question(post, {})),
        lambda: coordinate.export(post, by, coordinate.question(post, {}), "csv", "en"),
    ):
        with pytest.raises(Refused, match="permission"):
            errand()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sex": "woman"}, "figures.value-unknown"),
        ({"rows": "name"}, "figures.value-unknown"),
        ({"by": "week"}, "figures.value-unknown"),
        ({"post": "x" * 201}, "figures.value-unknown"),
        ({"from": "2026-13"}, "figures.date"),
        ({"to": "31.12.2026"}, "figures.date"),
        ({"from": "2026-05", "to": "2026-04"}, "figures.dates-turned"),
        ({"rows": "sex", "columns": "sex"}, "figures.same-dimension"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(post: Node, said: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        coordinate.question(post, said)

    assert refused.value.code == code


def test_no_particular_of_a_person_is_in_a_report_or_a_file(post: Node) -> None:
    people = train(post, 8)
    by = coordinator(post)
    asked = coordinate.question(post, {})

    everything = b"".join(coordinate.export(post, by, asked, kind, "en").data for kind in ("csv", "json"))

    assert b"interdiction" in everything
    assert not any(person.encode() in everything for person in (*people, by.person))
    assert by.name.encode() not in everything


def test_the_day_of_the_report_is_today_at_the_place() -> None:
    node = memory_node(clock=TickingClock())
    node.clock.shift(timedelta(hours=10))  # 18:00 UTC is past midnight in Laos

    assert coordinate.question(node, {}).on == "2026-11-25"


def test_what_can_be_filtered_by_is_what_is_there(post: Node) -> None:
    train(post, 1, post="Ban Houei", course="precursors")
    train(post, 1)

    assert coordinate.posts_and_courses(post, "en") == (
        ["Ban Houei", "Huay Xai"],
        [("interdiction", "interdiction"), ("precursors", "precursors")],
    )
