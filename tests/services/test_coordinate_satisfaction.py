"""Satisfaction in the coordinator's report: counted from the ledger, in the hash and the files, alike at the hub."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from cast import memory_node
from exchange_scenes import pair
from figures_scenes import coordinator, own_id, train
from satisfaction_scenes import COURSE, let_answer, responded, responses

from elearn.core.stats.report import Report
from elearn.core.stats.satisfaction import Satisfaction
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.satisfaction import ITEMS
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build_void
from elearn.core.xapi.canonical import digest_of
from elearn.services import coordinate
from elearn.services.exchange import exchange_once
from elearn.services.node import Node
from elearn.services.record import record


@pytest.fixture
def node() -> Node:
    return memory_node()


def report(node: Node, **said: str) -> Report:
    return coordinate.figures(node, coordinator(node), coordinate.question(node, said))


def satisfaction(node: Node, **said: str) -> Satisfaction:
    found = report(node, **said).satisfaction
    assert found is not None
    return found


def export(node: Node, kind: str) -> bytes:
    return coordinate.export(node, coordinator(node), coordinate.question(node, {"on": "2026-12-01"}), kind, "en").data


def test_five_of_eight_answered(node: Node) -> None:
    let_answer(node, 5)
    train(node, 3)

    found = satisfaction(node)

    assert found.total is not None
    assert (found.total.answers, found.total.rate) == (5, 0.625)
    assert found.total.means == dict.fromkeys(ITEMS, 3.0)
    assert found.total.high == dict.fromkeys(ITEMS, 0.4)
    assert [(one.value, one.share) for one in found.helped][:2] == [("time", 0.2), ("translation", 0.2)]


def test_what_waits_in_the_box_is_in_no_figure(node: Node) -> None:
    train(node, 5)
    before = report(node, on="2026-12-01")
    let_answer(node, 4)
    train_again = report(node, on="2026-12-01")

    assert before.satisfaction == train_again.satisfaction == Satisfaction("none")


def test_answers_are_narrowed_by_course_and_language_and_day(node: Node) -> None:
    let_answer(node, 5, language="lo")
    let_answer(node, 6, course="finance", language="km")
    train(node, 5, course="finance", language="km")

    assert [(one.value, one.answers, one.rate) for one in satisfaction(node).courses] == [
        ("finance", 5, 0.4545),
        (COURSE, 5, 1.0),
    ]
    by_course = satisfaction(node, course=COURSE)
    assert by_course.total is not None
    assert (by_course.total.answers, [one.value for one in by_course.languages]) == (5, ["lo"])
    assert [one.rate for one in by_course.languages] == [1.0]
    assert [one.value for one in satisfaction(node, language="km").courses] == ["finance"]
    assert satisfaction(node, **{"from": "2026-01-01", "to": "2026-11-23"}).state == "none"
    this_day = satisfaction(node, **{"from": "2026-01-01", "to": "2026-11-24"})
    assert this_day.total is not None
    assert (this_day.total.answers, this_day.total.rate) == (10, None)


@pytest.mark.parametrize("narrow", [{"sex": "male"}, {"agency": "customs"}, {"country": "LA"}, {"rank_band": "junior"}])
def test_answers_are_not_narrowed_by_what_they_do_not_know(node: Node, narrow: dict[str, str]) -> None:
    let_answer(node, 5)

    assert report(node, **narrow).state == "shown"
    assert satisfaction(node, **narrow).state == "filtered"


def test_a_report_that_shows_nothing_shows_no_satisfaction(node: Node) -> None:
    train(node, 4)
    record(node, *(responded(node.ids.new(), language="en", node=own_id(node)) for _ in range(5)))

    assert (report(node).state, report(node).satisfaction) == ("few", None)


def test_a_course_that_few_passed_is_not_told_by_its_answers(node: Node) -> None:
    train(node, 20)
    train(node, 3, course="finance")
    record(node, *(responded(node.ids.new(), language="en", course="finance", node=own_id(node)) for _ in range(5)))
    record(node, *(responded(node.ids.new(), language="en", node=own_id(node)) for _ in range(5)))

    assert satisfaction(node).state == "none"  # one course is small, the other would tell on it: both are hidden
    train(node, 3, course="finance")
    assert [one.value for one in satisfaction(node).courses] == ["finance", COURSE]


def test_an_answer_taken_back_is_counted_no_more(node: Node) -> None:
    let_answer(node, 6)
    let_answer(node, 4)
    saying = Saying("chief", Particulars("", "", "", "", ""), "2026-11-25T05:00:00.000000Z", own_id(node))
    assert satisfaction(node).total is not None
    one = responses(node)[0]

    record(node, build_void(saying, node.ids.new(), one.id, verbs.ANONYMOUS))

    found = satisfaction(node)
    assert found.total is not None
    assert found.total.answers == 9


def test_the_answers_are_in_the_hash(node: Node) -> None:
    train(node, 9)
    before = report(node, on="2026-12-01")
    record(node, *(responded(node.ids.new(), language="en", node=own_id(node)) for _ in range(5)))
    after = report(node, on="2026-12-01")

    assert before.sha256 != after.sha256
    assert after.sha256 == digest_of(json.loads(json.dumps(after.figures())))
    assert after.figures()["satisfaction"]["total"]["answers"] == 5


def test_post_and_hub_agree_to_the_hash() -> None:
    post, hub, _ = pair()
    let_answer(post, 5)
    assert exchange_once(post).ok

    here, there = report(post, on="2026-12-01"), report(hub, on="2026-12-01")

    assert here.satisfaction == there.satisfaction
    assert here.sha256 == there.sha256


def test_a_post_counts_the_answers_of_its_own(node: Node) -> None:
    train(node, 9)
    record(node, *(responded(node.ids.new(), language="en", node="another post") for _ in range(5)))

    assert satisfaction(node).state == "none"


def csv_rows(data: bytes) -> dict[tuple[str, str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return {(row["table"], row["row"], row["column"]): row for row in rows}


def test_csv_holds_every_number_of_it(node: Node) -> None:
    let_answer(node, 5)
    train(node, 3)

    rows = csv_rows(export(node, "csv"))

    assert rows[("satisfaction", "total", "answers")]["value"] == "5"
    assert rows[("satisfaction", "total", "response_rate")]["share"] == "0.625"
    useful = rows[("satisfaction_course", COURSE, "useful")]
    assert (useful["column_label"], useful["value"], useful["share"]) == (ITEMS["useful"], "3.0", "0.4")
    assert rows[("satisfaction_language", "en", "easy")]["value"] == "3.0"
    assert rows[("satisfaction_helped", "equipment", "answers")]["share"] == "0.2"
    notes = [row["row_label"] for (table, name, _), row in rows.items() if (table, name) == ("about", "note")]
    assert notes  # the last note of the file stands under this key: what is said of the answers
    assert "five together" in notes[-1]


def test_json_holds_it_as_it_is_hashed_with_the_words(node: Node) -> None:
    let_answer(node, 5)

    document = json.loads(export(node, "json"))

    assert digest_of(document["figures"]) == document["sha256"]
    assert document["figures"]["satisfaction"]["courses"][0]["means"]["fair"] == 3.0
    assert document["labels"]["item"] == ITEMS
    assert document["labels"]["helped"]["time"] == "More time"
    assert any("five together" in note for note in document["notes"])


def sheet_rows(data: bytes, title: str) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))[title]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_xlsx_has_a_sheet_of_it_with_numbers(node: Node) -> None:
    let_answer(node, 5)
    train(node, 3)

    rows = sheet_rows(export(node, "xlsx"), "What officers think of the cour")

    assert rows[1][:5] == (COURSE, 5, 0.625, 3, 0.4)
    assert rows[3][:3] == ("Total", 5, 0.625)
    helped = {row[0]: row[1:3] for row in rows[6:]}
    assert helped["More practice"] == (1, 0.2)
