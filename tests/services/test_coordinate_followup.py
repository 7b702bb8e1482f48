"""Follow-ups out of the ledger: of the courses, languages and days the report prints, and of nothing it hides."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node, sqlite_node
from figures_scenes import coordinator, passed
from followup_scenes import followed_up, observed

from elearn.core.exports.all import FORMATS
from elearn.core.stats.followup import FollowedLine
from elearn.core.stats.measures import Filters
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi.statement import Statement
from elearn.services import coordinate
from elearn.services.node import Node
from elearn.services.record import record


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


def exams(node: Node, how_many: int, day: str = "2026-03-05", **said: Any) -> list[Statement]:
    """Let so many new officers pass."""
    found = [passed(node, node.ids.new(), day, **said) for _ in range(how_many)]
    record(node, *found)
    return found


def answers(node: Node, taken: list[Statement], *used: str, stopped: str = "time") -> None:
    """Let these officers answer, each the next of ``used``."""
    record(node, *(followed_up(one, node.ids.new(), used[at % len(used)], stopped) for at, one in enumerate(taken)))


def words_of(node: Node, taken: list[Statement], *seen: str) -> None:
    """Let a colleague say of these officers what was seen."""
    record(node, *(observed(one, node.ids.new(), seen[at % len(seen)]) for at, one in enumerate(taken)))


def question(**changes: str) -> Filters:
    return replace(Filters(on="2026-11-24", calendar="LA"), **changes)


def figures(node: Node, **changes: str) -> Any:
    return coordinate.figures(node, coordinator(node), question(**changes)).follow_up


def counts(line: FollowedLine) -> tuple[int | None, int | None, float | None, int | None]:
    return line.due, line.answered, line.rate, line.observed


def test_shares_are_counted_by_course_and_language(post: Node) -> None:
    seals, doors = exams(post, 20, language="km"), exams(post, 10, course="evidence", language="lo")
    answers(post, seals[:16], "never", "once", "more", "more")
    answers(post, doors, "never", stopped="equipment")
    words_of(post, seals[:10], "yes", "no", "not-observed", "yes", "yes")
    found = figures(post)
    by_course = {line.value: line for line in found.courses}

    assert counts(found.total) == (30, 26, 0.8667, 10)
    assert found.total.shares["used"] == round(12 / 26, 4)
    assert counts(by_course["interdiction"]) == (20, 16, 0.8, 10)
    assert by_course["interdiction"].shares == {
        "used": 0.75,
        "seen": 0.6,
        "equipment": 0.0,
        "authority": 0.0,
        "time": 1.0,
        "occasion": 0.0,
        "nothing": 0.0,
    }
    assert by_course["evidence"].shares["equipment"] == 1.0
    assert by_course["evidence"].observed == 0
    assert {line.value: line.shares["used"] for line in found.languages} == {"km": 0.75, "lo": 0.0}


def test_who_passed_less_than_80_days_ago_is_not_due(post: Node) -> None:
    exams(post, 6, "2026-09-05")
    answers(post, exams(post, 6, "2026-09-04"), "once")

    assert counts(figures(post, on="2026-11-24").total) == (12, 6, 0.5, 0)
    assert counts(figures(post, on="2026-11-23").total) == (6, 6, 1.0, 0)
    assert figures(post, on="2026-11-22").state == "none"


def test_days_asked_for_are_those_of_the_exams(post: Node) -> None:
    answers(post, exams(post, 6, "2026-03-05"), "once")
    exams(post, 7, "2026-04-05")

    assert counts(figures(post, since="2026-04-01").total) == (7, 0, 0.0, 0)
    assert counts(figures(post, until="2026-03-31").total) == (6, 6, 1.0, 0)


def test_an_officer_who_passed_twice_is_one_officer(post: Node) -> None:
    first = exams(post, 6)
    again = [passed(post, one.actor, "2026-04-05") for one in first]
    record(post, *again)
    answers(post, first, "never")
    answers(post, again, "more")

    assert counts(figures(post).total) == (6, 6, 1.0, 0)
    assert figures(post).total.shares["used"] == 1.0


def test_courses_the_report_hides_are_in_no_number_here(post: Node) -> None:
    answers(post, exams(post, 20), "once")
    answers(post, exams(post, 12, course="other"), "never")
    answers(post, exams(post, 3, course="evidence"), "never")
    report = coordinate.figures(post, coordinator(post), question())
    shown = {line.value for line in report.table("course").lines if line.persons is not None}

    assert shown == {"interdiction"}
    assert report.follow_up is not None
    assert report.follow_up.left_out
    assert {line.value for line in report.follow_up.courses} == {"interdiction"}
    assert report.follow_up.total is not None
    assert counts(report.follow_up.total) == (20, 20, 1.0, 0)


def test_a_filter_that_would_tell_the_rest_tells_nothing(post: Node) -> None:
    men, women = exams(post, 20, sex="male"), exams(post, 20, sex="female")
    answers(post, men, "once")
    answers(post, women[:3], "never")

    assert counts(figures(post).total) == (40, 23, 0.575, 0)
    for sex in ("male", "female"):
        assert counts(figures(post, sex=sex).total) == (20, None, None, 0)


def test_a_post_counts_what_was_passed_at_the_post_and_a_hub_everything() -> None:
    post, hub = memory_node(), memory_node(kind=NodeKind.HUB)
    elsewhere = memory_node(series=9)
    for node in (post, hub):
        answers(node, exams(node, 6), "once")
        away = [passed(elsewhere, node.ids.new()) for _ in range(6)]
        record(node, *away)
        answers(node, away, "never")

    assert counts(figures(post).total) == (6, 6, 1.0, 0)
    assert counts(figures(hub).total) == (12, 12, 1.0, 0)
    assert figures(hub).total.shares["used"] == 0.5


def test_before_anybody_is_due_nothing_is_shown(post: Node) -> None:
    exams(post, 6, "2026-11-20")

    assert figures(post).state == "none"


def test_every_file_holds_the_follow_ups_and_the_hash_covers_them(post: Node) -> None:
    taken = exams(post, 12)
    answers(post, taken[:6], "once")
    who = coordinator(post)
    before = coordinate.figures(post, who, question())
    words = coordinate.words(post, "en")
    csv = FORMATS["csv"].write(before, words).decode()
    json = FORMATS["json"].write(before, words).decode()
    xlsx = FORMATS["xlsx"].write(before, words)
    answers(post, taken[6:7], "never")

    assert "follow_up,total,Total,due,Officers asked,12" in csv
    assert "follow_up_course,interdiction,interdiction,answers,Answers,6,,0.5,,yes" in csv
    assert "follow_up_language,en,English,used,Used it at work,,,1.0,,yes" in csv
    assert "follow_up,total,Total,stopped_time,There was no time,,,1.0,,yes" in csv
    assert '"follow_up": {' in json
    assert xlsx.startswith(b"PK")
    assert coordinate.figures(post, who, question()).sha256 != before.sha256
