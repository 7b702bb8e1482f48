"""Figures by outcome and area of the action plan: each counted once, and never a way around the protection."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest
from cast import MemoryCourses, memory_node, sqlite_node
from figures_scenes import coordinator, own_id, passed, train
from good_course import good_course

from elearn.core.projections.completions import COMPLETION, Completions
from elearn.core.stats.report import Report
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.tables import Row
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services import author, coordinate
from elearn.services.node import Node
from elearn.services.record import receive_in, record

BORDER, MONEY, MEDICINE = "TA2-O4", "TA2-O7", "TA1-O6"
Numbers = list[tuple[str, int | None, int | None]]


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


def report(node: Node, **asked: str) -> Report:
    return coordinate.figures(node, coordinator(node), coordinate.question(node, asked))


def lines(found: Report, dimension: str) -> Numbers:
    return [(line.value, line.persons, line.completions) for line in found.table(dimension).lines]


def cells(found: Report) -> list[list[int | None]]:
    assert found.cross is not None
    return [[cell.persons for cell in row] for row in found.cross.cells]


def test_one_trained_in_two_courses_of_an_outcome_counts_once(post: Node) -> None:
    people = train(post, 8, course="searching", outcome=BORDER)
    record(post, *(passed(post, one, course="hiding", outcome=BORDER) for one in people[:6]))
    train(post, 9, course="money", outcome=MONEY)

    found = report(post)

    assert lines(found, "outcome") == [(BORDER, 8, 14), (MONEY, 9, 9)]
    assert lines(found, "area") == [("TA2", 17, 23)]
    assert found.persons == 17


def test_a_filter_for_an_outcome_or_an_area_narrows_every_number(post: Node) -> None:
    train(post, 8, course="searching", outcome=BORDER, sex="female")
    train(post, 9, course="money", outcome=MONEY)
    train(post, 10, course="care", outcome=MEDICINE)

    border, area = report(post, outcome=BORDER), report(post, area="TA2")

    assert (border.persons, border.women_share) == (8, 1.0)
    assert lines(border, "course") == [("searching", 8, 8)]
    assert lines(area, "outcome") == [(BORDER, 8, 8), (MONEY, 9, 9)]
    assert lines(area, "sex") == [("female", 8, 8), ("male", 9, 9)]
    assert report(post, area="TA2", outcome=MONEY).persons == 9
    assert report(post, area="TA1", outcome=MONEY).state == "none"
    assert report(post, course="care", outcome=MONEY).state == "none"
    assert report(post, course="money", outcome=MONEY, sex="male").persons == 9


def test_outcomes_and_areas_can_be_either_side_of_the_table_of_two(post: Node) -> None:
    train(post, 6, "2026-01-10", course="searching", outcome=BORDER, sex="female")
    train(post, 7, "2026-02-10", course="hiding", outcome=BORDER)
    train(post, 8, "2026-02-10", course="care", outcome=MEDICINE)

    assert cells(report(post, rows="outcome", columns="sex")) == [[0, 8], [6, 7]]
    assert cells(report(post, rows="sex", columns="outcome")) == [[0, 6], [8, 7]]
    assert cells(report(post, rows="outcome", columns="period")) == [[0, 8], [6, 7]]
    assert cells(report(post, rows="period", columns="area")) == [[0, 6], [8, 7]]
    assert cells(report(post, rows="period", columns="area", **{"from": "2026-02"})) == [[8, 7]]
    assert cells(report(post, rows="course", columns="outcome")) == [[8, 0], [0, 7], [0, 6]]
    assert cells(report(post, rows="area", columns="outcome")) == [[8, 0], [0, 13]]
    assert cells(report(post, rows="area", columns="agency", course="care")) == [[8]]


def test_an_outcome_that_the_plan_does_not_have_cannot_be_asked_for(post: Node) -> None:
    with pytest.raises(Invalid, match=r"figures\.value-unknown"):
        coordinate.question(post, {"outcome": "TA9-O1"})
    with pytest.raises(Invalid, match=r"figures\.value-unknown"):
        coordinate.question(post, {"area": "TA9"})


def test_the_row_of_an_exam_names_the_outcome_of_the_version_it_was_taken_in(post: Node) -> None:
    said = passed(post, "noy", course="care", outcome=MEDICINE)
    record(post, said, passed(post, "noy", course="older"))

    with post.store.reading() as tx:
        rows = {row["course"]: row["outcome"] for row in tx.tables.select(COMPLETION)}

    assert rows == {"care": MEDICINE, "older": None}


def folded(statements: Sequence[Statement]) -> list[Row]:
    def work(tx: Transaction) -> list[Row]:
        for statement in statements:
            Completions().fold(tx.tables, statement)
        return tx.tables.select(COMPLETION)

    return memory_node().store.write(work)


def test_the_outcome_is_the_same_for_every_order_of_arrival() -> None:
    node = memory_node()
    said = [
        passed(node, "noy", "2026-02-01", attempt="a", outcome=BORDER),
        passed(node, "noy", "2026-01-01", attempt="a", outcome=MONEY),
        passed(node, "noy", "2026-03-01", attempt="a"),
    ]
    found = [folded(order) for order in permutations(said)]

    assert all(rows == found[0] for rows in found)
    assert [row["outcome"] for row in found[0]] == [MONEY]


def test_a_course_that_changed_its_outcome_is_counted_under_the_latest(post: Node) -> None:
    train(post, 6, "2026-01-10", course="care", outcome=MONEY)
    train(post, 7, "2026-03-10", course="care", outcome=MEDICINE)
    train(post, 5, "2026-04-10", course="care")

    assert lines(report(post), "outcome") == [(MEDICINE, 18, 18)]
    assert report(post, outcome=MONEY).state == "none"


def test_exams_from_before_are_counted_as_the_course_is_taught_now_and_others_as_not_known() -> None:
    node = memory_node(course_files=MemoryCourses({"seals": good_course()}))
    author.publish(node, "seals")
    train(node, 6, course="seals")
    train(node, 7, course="gone-long-ago")

    found = lines(report(node), "outcome")

    assert found == [("TA2-O4", 6, 6), ("", 7, 7)]
    assert coordinate.outcomes(node) == ["TA2-O4"]


def test_an_outcome_does_not_give_away_its_small_course(post: Node) -> None:
    # Each table by itself could print: searching 20; and outcomes 23 and 10. 23 - 20 are the 3.
    train(post, 3, course="hiding", outcome=BORDER)
    train(post, 20, course="searching", outcome=BORDER)
    train(post, 10, course="care", outcome=MEDICINE)

    found = report(post)

    assert lines(found, "course") == [("care", None, None), ("hiding", None, None), ("searching", 20, 20)]
    assert lines(found, "outcome") == [(MEDICINE, None, None), (BORDER, None, None)]
    assert lines(found, "area") == [("TA1", None, None), ("TA2", None, None)]
    assert cells(report(post, rows="outcome", columns="course")) == [[None, 0, 0], [0, None, 20]]


def test_an_outcome_that_holds_all_hidden_courses_is_told(post: Node) -> None:
    train(post, 3, course="hiding", outcome=BORDER)
    train(post, 9, course="searching", outcome=BORDER)
    train(post, 20, course="care", outcome=MEDICINE)

    found = report(post)

    assert lines(found, "course") == [("care", 20, 20), ("hiding", None, None), ("searching", None, None)]
    assert lines(found, "outcome") == [(MEDICINE, 20, 20), (BORDER, 12, 12)]


@pytest.mark.parametrize("asked", [{"outcome": BORDER}, {"area": "TA2"}, {"outcome": BORDER, "sex": "male"}])
def test_an_outcome_is_not_told_by_a_filter_where_one_of_its_courses_is_small(
    post: Node, asked: dict[str, str]
) -> None:
    # Beside it, the report of the course of 20 would leave the 3.
    train(post, 3, course="hiding", outcome=BORDER)
    train(post, 20, course="searching", outcome=BORDER)
    train(post, 30, course="care", outcome=MEDICINE)
    train(post, 31, course="money", outcome=MONEY)

    assert report(post, course="searching").state == "withheld"
    assert report(post, **asked).state == "withheld"
    assert report(post, outcome=MEDICINE).persons == 30
    assert report(post, outcome=MONEY).persons == 31


def test_a_report_of_an_outcome_hides_what_the_report_of_one_of_its_courses_hides(post: Node) -> None:
    # 6 women in the outcome less the 5 of the one course would be the 1 of the other.
    train(post, 1, course="hiding", outcome=BORDER, sex="female")
    train(post, 19, course="hiding", outcome=BORDER)
    train(post, 5, course="searching", outcome=BORDER, sex="female")
    train(post, 25, course="searching", outcome=BORDER)

    outcome, one, other = (
        report(post, **asked) for asked in ({"outcome": BORDER}, {"course": "hiding"}, {"course": "searching"})
    )

    assert outcome.persons == 50
    assert lines(one, "sex") == [("female", None, None), ("male", None, None)]
    assert lines(other, "sex") == [("female", 5, 5), ("male", 25, 25)]
    assert lines(outcome, "sex") == [("female", None, None), ("male", None, None)]
    assert outcome.women_share is None
    assert cells(report(post, outcome=BORDER, rows="sex", columns="agency")) == [[None], [None]]


def test_a_filter_for_a_period_without_one_of_the_courses_still_tells_the_others(post: Node) -> None:
    train(post, 8, "2026-01-10", course="hiding", outcome=BORDER)
    train(post, 9, "2026-03-10", course="searching", outcome=BORDER)

    found = report(post, outcome=BORDER, **{"from": "2026-03"})

    assert (found.state, found.persons) == ("shown", 9)
    assert lines(found, "course") == [("hiding", 0, 0), ("searching", 9, 9)]


def test_a_post_and_its_hub_agree_on_outcomes(post: Node) -> None:
    hub = memory_node(kind=NodeKind.HUB, series=9)
    other = memory_node(series=2)
    train(post, 7, "2026-01-10", course="care", outcome=MONEY)
    train(other, 8, "2026-02-10", course="care", outcome=MEDICINE, post="Chiang Khong")
    for node in (post, other):
        with node.store.reading() as tx:
            entries = tx.ledger.entries(own_id(node))
        hub.store.write(lambda tx, entries=entries: receive_in(tx, hub, entries))

    here, there = report(post, post="Huay Xai"), report(hub, post="Huay Xai")

    assert lines(here, "outcome") == [(MONEY, 7, 7)]
    assert here.sha256 == there.sha256
    assert lines(report(hub), "outcome") == [(MEDICINE, 15, 15)]
