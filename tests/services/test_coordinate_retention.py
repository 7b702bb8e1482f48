"""Retention out of the ledger: counted once a window, by course and language, of what the report shows only."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node, sqlite_node
from figures_scenes import MIDDAY, coordinator, own_id, passed, train

from elearn.core.exports.all import FORMATS
from elearn.core.stats.measures import Filters
from elearn.core.stats.retention import Recalled
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.services import coordinate
from elearn.services.node import Node
from elearn.services.record import record


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


def recalled(node: Node, person: str, right: bool, days: int = 30, **said: Any) -> Statement:
    """Return: the person answered a refresher so many days after the exam."""
    usual = {"country": "LA", "agency": "customs", "post": "Huay Xai", "sex": "male", "rank_band": "junior"}
    particulars = Particulars(**{name: said.get(name, value) for name, value in usual.items()})
    return build(
        Saying(person, particulars, "2026-05-05" + MIDDAY, said.get("at_node") or own_id(node)),
        node.ids.new(),
        verbs.ANSWERED,
        verbs.question_iri(said.get("course", "interdiction"), said.get("question", "e-one")),
        attempt=node.ids.new(),
        extensions={"version": "1.0.0", "language": said.get("language", "en"), "place": "refresher"},
        result={"response": "a", "score": {"scaled": float(right)}, "success": right},
        result_extensions={"passed_days": days},
    )


def asked(node: Node, how_many: int, right: int, days: int = 30, **said: Any) -> list[str]:
    """Train so many officers who answer one question each, so many of them right."""
    people = train(node, how_many, **said)
    record(node, *(recalled(node, person, at < right, days, **said) for at, person in enumerate(people)))
    return people


def question(**changes: str) -> Filters:
    return replace(Filters(on="2026-11-24", calendar="LA"), **changes)


def figures(node: Node, **changes: str) -> Any:
    return coordinate.figures(node, coordinator(node), question(**changes)).retention


def numbers(lines: tuple[Recalled, ...]) -> dict[tuple[str, int], tuple[int | None, int | None, float | None]]:
    return {(line.value, line.window): (line.persons, line.asked, line.share) for line in lines if line.persons != 0}


def test_shares_are_counted_by_window_course_and_language(post: Node) -> None:
    people = asked(post, 10, 8, language="km")
    asked(post, 10, 5, course="evidence", language="lo")
    record(post, *(recalled(post, person, at < 6, days=90, language="km") for at, person in enumerate(people)))
    found = figures(post)

    assert numbers(found.totals) == {("total", 30): (20, 20, 0.65), ("total", 90): (10, 10, 0.6)}
    assert numbers(found.courses) == {
        ("evidence", 30): (10, 10, 0.5),
        ("interdiction", 30): (10, 10, 0.8),
        ("interdiction", 90): (10, 10, 0.6),
    }
    assert numbers(found.languages)[("km", 30)] == (10, 10, 0.8)


def test_a_question_answered_twice_in_a_window_counts_as_it_was_answered_first(post: Node) -> None:
    people = asked(post, 6, 6)
    record(post, *(recalled(post, person, False, days=40) for person in people))
    record(post, *(recalled(post, person, False, days=40, question="e-two") for person in people))

    assert numbers(figures(post).totals) == {("total", 30): (6, 12, 0.5)}


def test_before_anybody_was_asked_nothing_is_shown(post: Node) -> None:
    train(post, 6)

    assert figures(post).state == "none"


def test_courses_the_report_hides_are_in_no_number_here(post: Node) -> None:
    asked(post, 20, 20)
    asked(post, 12, 12, course="other")
    few = asked(post, 3, 0, course="evidence")
    report = coordinate.figures(post, coordinator(post), question())
    shown = {line.value for line in report.table("course").lines if line.persons is not None}
    found = report.retention

    assert len(few) == 3
    assert shown == {"interdiction"}
    assert found.left_out
    assert {line.value for line in found.courses} == {"interdiction"}
    assert numbers(found.totals) == {("total", 30): (20, 20, 1.0)}


def test_a_filter_that_would_tell_the_rest_tells_nothing(post: Node) -> None:
    # 20 passed of each sex, but only three of the women were asked.
    asked(post, 20, 10, sex="male")
    women = train(post, 20, sex="female")
    record(post, *(recalled(post, person, True, sex="female") for person in women[:3]))

    assert numbers(figures(post).totals) == {("total", 30): (23, 23, round(13 / 23, 4))}
    for sex in ("male", "female"):
        report = coordinate.figures(post, coordinator(post), question(sex=sex))
        assert report.state == "shown"
        assert {line.persons for line in report.retention.totals if line.window == 30} == {None}


def test_a_post_counts_what_happened_at_the_post_and_a_hub_everything() -> None:
    post, hub = memory_node(), memory_node(kind=NodeKind.HUB)
    for node in (post, hub):
        asked(node, 6, 6)
        elsewhere = [passed(node, node.ids.new()) for _ in range(6)]
        record(node, *elsewhere)
        record(node, *(recalled(node, one.actor, False, at_node="another") for one in elsewhere))

    assert numbers(figures(post).totals) == {("total", 30): (6, 6, 1.0)}
    assert numbers(figures(hub).totals) == {("total", 30): (12, 12, 0.5)}


def test_days_asked_for_are_those_of_the_answers(post: Node) -> None:
    asked(post, 6, 6, day="2026-03-05")

    assert figures(post, since="2026-03-01", until="2026-03-31").state == "none"
    assert numbers(figures(post, since="2026-03-01", until="2026-05-31").totals) == {("total", 30): (6, 6, 1.0)}


def test_every_file_holds_retention_and_the_hash_covers_it(post: Node) -> None:
    asked(post, 6, 6)
    who = coordinator(post)
    before = coordinate.figures(post, who, question())
    words = coordinate.words(post, "en")
    csv = FORMATS["csv"].write(before, words).decode()
    json = FORMATS["json"].write(before, words).decode()
    xlsx = FORMATS["xlsx"].write(before, words)
    asked(post, 6, 0, days=90, course="interdiction")

    assert "retention,total,Total,30,after 30 days,6,,1.0,6,yes" in csv
    assert "retention_language,en,English,30,after 30 days,6,,1.0,6,yes" in csv
    assert "An asterisk (*) marks shares of fewer than 10 officers" in csv
    assert '"retention": {' in json
    assert xlsx.startswith(b"PK")
    assert coordinate.figures(post, who, question()).sha256 != before.sha256
