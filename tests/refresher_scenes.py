"""What the tests of refreshers share: officers who passed a small course, shifts that go by, sets that are answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cast import TickingClock
from small_course import RIGHT, answer_exam, ready_for_exam

from elearn.core.projections.reviews import REVIEW
from elearn.services import refreshers, sit
from elearn.services.node import Node
from elearn.services.refresher_pages import RefresherView

DAY = timedelta(days=1)
SHIFT = timedelta(hours=8)


def passed(node: Node, person: str) -> str:
    """Take the officer through the small course, everything right in the exam; return the attempt."""
    ready_for_exam(node, person)
    attempt = sit.start(node, person, "seals", "exam", "en")
    answer_exam(node, person, attempt)
    sit.submit(node, person, attempt)
    return attempt


def later(node: Node, by: timedelta) -> None:
    """Let time go by."""
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(by)


def wrong(question: str) -> list[str]:
    """Return keys that are not right."""
    return ["b"] if RIGHT[question] == ["a"] else ["a"]


def answer(node: Node, person: str, attempt: str, place: int, right: bool = True) -> RefresherView:
    """Answer one question of a set."""
    question = refreshers.question(node, person, attempt, place, "en").check.question.id
    return refreshers.answer(node, person, attempt, place, RIGHT[question] if right else wrong(question), "en")


def shift(
    node: Node, person: str, knows: Callable[[str], bool] = lambda _: True, each: timedelta = timedelta(seconds=20)
) -> list[tuple[str, bool]]:
    """Answer the set of this shift, if one is offered; return (question, right) of each answer. each: time it takes."""
    offered = refreshers.offer(node, person, "en")
    if offered.state not in {"due", "open"}:
        return []
    attempt, given = refreshers.start(node, person, "en"), []
    place = 1
    while place:
        question = refreshers.question(node, person, attempt, place, "en").check.question.id
        right = knows(question)
        later(node, each)
        view = answer(node, person, attempt, place, right)
        given.append((question, right))
        place = view.next
    return given


def reviews(node: Node, person: str, **where: Any) -> list[dict[str, Any]]:
    """Return the officer's answers as they are kept, by time."""
    with node.store.reading() as tx:
        return tx.tables.select(REVIEW, {"subject": person, **where}, order=("at",))
