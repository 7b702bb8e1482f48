"""What an edit does to officers under way: a typo nothing, a clarification a note, a change of meaning a lesson to read
again."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from cast import MemoryCourses, TickingClock, memory_node, officer, sqlite_node
from good_course import KM, Files, edit, good_course

from elearn.core.learning.path import Gate
from elearn.core.projections.progress import PROGRESS, Progress
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import COMPLETED, lesson_iri
from elearn.ports import Transaction
from elearn.services import author, learn, sit
from elearn.services.learning_pages import CoursePage
from elearn.services.node import Node
from elearn.services.record import record_in, saying_for

COURSE = "seals"


class Shelf(MemoryCourses):
    """The folder of one course, edited between versions."""

    def __init__(self) -> None:
        self.files: dict[str, Files] = {COURSE: good_course()}
        super().__init__(self.files)

    def publish(self, node: Node, version: str, *edits: tuple[str, str, str]) -> None:
        """Publish the files with these edits (file, old, new) under a version."""
        files = self.files[COURSE]
        before = next(one for one in files["course.yaml"].decode().splitlines() if one.startswith("version:"))
        for name, old, new in (("course.yaml", before, f"version: {version}"), *edits):
            files = edit(name, old, new)(files)
        self.files[COURSE] = files
        author.publish(node, COURSE)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path, shelf: Shelf) -> Iterator[Node]:
    node = memory_node(course_files=shelf) if request.param == "memory" else sqlite_node(tmp_path, course_files=shelf)
    author.publish(node, COURSE)
    yield node
    node.store.close()


@pytest.fixture
def noy(post: Node) -> str:
    """An officer who has read both lessons of version 1.0.0."""
    person = officer(post)
    sit.submit(post, person, sit.start(post, person, COURSE, "pretest", "en"), anyway=True)
    read(post, person, "looking")
    read(post, person, "stopping")
    return person


def read(post: Node, person: str, lesson: str) -> None:
    for check in learn.lesson(post, person, COURSE, lesson, "en").checks:
        if not check.answered:
            learn.check_answer(post, person, COURSE, lesson, check.question.id, ["a"], "en")
    learn.finish_lesson(post, person, COURSE, lesson, "en")


def page(post: Node, person: str) -> CoursePage:
    return learn.course_page(post, person, COURSE, "en")


def news(post: Node, person: str) -> list[tuple[str, str]]:
    return [(line.title, line.changed) for line in page(post, person).news]


def gate(post: Node, person: str) -> Gate:
    found = page(post, person).exam
    assert found is not None
    return found.gate


WORDS = ("en/stopping.md", "Malee stops and calls.", "Malee stops, waits and calls.")


def test_a_typo_keeps_progress_and_tells_nobody(post: Node, noy: str, shelf: Shelf) -> None:
    shelf.publish(post, "1.0.1", WORDS)

    assert news(post, noy) == []
    assert page(post, noy).card.lessons_done == 2
    assert gate(post, noy) is Gate.OPEN


def test_a_clarification_keeps_progress_and_tells_which_lesson_changed(post: Node, noy: str, shelf: Shelf) -> None:
    shelf.publish(post, "1.1.0", WORDS)

    assert news(post, noy) == [("Stopping", "clarification")]
    assert page(post, noy).card.news == learn.my_courses(post, noy, "en")[0].news == 1
    assert page(post, noy).card.lessons_done == 2
    assert gate(post, noy) is Gate.OPEN
    assert learn.lesson(post, noy, COURSE, "stopping", "en").changed == "clarification"


def test_a_clarification_read_again_is_told_no_more(post: Node, noy: str, shelf: Shelf) -> None:
    shelf.publish(post, "1.1.0", WORDS)

    learn.finish_lesson(post, noy, COURSE, "stopping", "en")
    after = size(post)
    learn.finish_lesson(post, noy, COURSE, "stopping", "en")

    assert news(post, noy) == []
    assert size(post) == after  # said twice, kept once


def test_where_the_meaning_changed_a_lesson_counts_as_read_only_when_read_again(
    post: Node, noy: str, shelf: Shelf
) -> None:
    shelf.publish(post, "2.0.0", WORDS)

    assert news(post, noy) == [("Stopping", "meaning")]
    assert [(line.id, line.done, line.advised) for line in page(post, noy).lessons] == [
        ("looking", True, False),
        ("stopping", False, True),
    ]
    assert gate(post, noy) is Gate.LESSONS_FIRST
    read(post, noy, "stopping")
    assert news(post, noy) == []
    assert gate(post, noy) is Gate.OPEN


def test_another_right_answer_to_a_check_is_a_lesson_to_read_again(post: Node, noy: str, shelf: Shelf) -> None:
    shelf.publish(post, "2.0.0", ("questions.yaml", "correct: [a]", "correct: [b]"))

    assert news(post, noy) == [("Looking", "meaning")]


def test_a_translation_alone_is_no_news(post: Node, noy: str, shelf: Shelf) -> None:
    shelf.publish(post, "1.1.0", ("km/stopping.md", "Malee", "Maly"))

    assert news(post, noy) == []


def test_an_officer_who_has_read_nothing_is_told_nothing(post: Node, shelf: Shelf) -> None:
    shelf.publish(post, "2.0.0", WORDS)

    assert news(post, officer(post)) == []


def test_a_new_lesson_is_told_to_those_who_read_an_earlier_version(post: Node, noy: str, shelf: Shelf) -> None:
    add_a_lesson(shelf)
    shelf.publish(post, "2.0.0")

    assert news(post, noy) == [("Calling", "new")]
    assert gate(post, noy) is Gate.LESSONS_FIRST


def test_a_certificate_stays_valid_and_can_be_renewed_after_the_lessons_are_read_again(
    post: Node, noy: str, shelf: Shelf
) -> None:
    attempt = sit.start(post, noy, COURSE, "exam", "en")
    for mark in sit.sitting(post, noy, attempt).marks:
        sit.answer(post, noy, attempt, mark.id, ["a"])
    sit.submit(post, noy, attempt)
    assert page(post, noy).card.state == "passed"

    shelf.publish(post, "2.0.0", WORDS)

    card = page(post, noy).card
    assert (card.state, bool(card.certificate), card.next, card.next_id) == ("renew", True, "lesson", "stopping")
    read(post, noy, "stopping")
    assert page(post, noy).card.next == "exam"


def test_near_its_end_only_what_changed_in_meaning_is_read_again_for_the_short_exam(
    post: Node, noy: str, shelf: Shelf
) -> None:
    attempt = sit.start(post, noy, COURSE, "exam", "en")
    for mark in sit.sitting(post, noy, attempt).marks:
        sit.answer(post, noy, attempt, mark.id, ["a"])
    sit.submit(post, noy, attempt)
    assert isinstance(post.clock, TickingClock)
    post.clock.shift(timedelta(days=700))
    shelf.publish(
        post, "2.0.0", WORDS, ("course.yaml", "pretest:", "renewal:\n  draw: {o-look: 3, o-stop: 2}\npretest:")
    )

    card = page(post, noy).card
    assert (card.state, card.lessons_done, card.next, card.next_id) == ("renew", 1, "lesson", "stopping")
    read(post, noy, "stopping")
    line = page(post, noy).exam
    assert line is not None
    assert (line.gate, line.short, line.questions) == (Gate.OPEN, True, 5)
    again = sit.start(post, noy, COURSE, "exam", "en")
    assert len(sit.sitting(post, noy, again).marks) == 5
    assert "e-1" in {mark.id for mark in sit.sitting(post, noy, again).marks}  # the critical one


def test_what_was_read_in_a_version_that_is_not_here_is_read_again_across_a_change_of_meaning(
    post: Node, shelf: Shelf
) -> None:
    person = officer(post)
    post.store.write(
        lambda tx: record_in(tx, post, *(elsewhere(tx, post, person, one) for one in ("looking", "stopping")))
    )
    shelf.publish(post, "1.1.0", WORDS)
    assert news(post, person) == []

    shelf.publish(post, "2.0.0", ("en/stopping.md", "waits", "hides"))

    assert news(post, person) == [("Looking", "meaning"), ("Stopping", "meaning")]


def elsewhere(tx: Transaction, post: Node, person: str, lesson: str) -> Statement:
    """Return: the officer read the lesson at another post, in a build that never came here."""
    taken = {"digest": "0" * 64, "version": "1.0.0+00000000", "language": "en"}
    return build(saying_for(tx, post, person), post.ids.new(), COMPLETED, lesson_iri(COURSE, lesson), extensions=taken)


def test_readings_are_the_same_for_every_order_of_arrival(post: Node, noy: str, shelf: Shelf) -> None:
    shelf.publish(post, "2.0.0", WORDS)
    read(post, noy, "stopping")
    with post.store.reading() as tx:
        said = [entry.statement for entry in tx.ledger.every() if "/lesson/" in entry.statement.object_id]
    assert len(said) == 3

    found = [folded(order) for order in permutations(said)]

    assert all(rows == found[0] for rows in found)
    [row] = found[0]
    assert {lesson: one["version"] for lesson, one in row["readings"].items()} == {
        "looking": "1.0.0",
        "stopping": "2.0.0",
    }
    assert row["lessons"]["stopping"] < row["readings"]["stopping"]["at"]


def folded(statements: tuple[Statement, ...]) -> list[Row]:
    def work(tx: Transaction) -> list[Row]:
        for statement in statements:
            Progress().fold(tx.tables, statement)
        return tx.tables.select(PROGRESS)

    return memory_node().store.write(work)


def size(post: Node) -> int:
    with post.store.reading() as tx:
        return tx.ledger.size()


def add_a_lesson(shelf: Shelf) -> None:
    files = shelf.files[COURSE]
    calling = "  - {id: calling, number: 3, minutes: 5, objectives: [o-stop]}\n"
    files = edit("course.yaml", "  - id: stopping\n", f"{calling}  - id: stopping\n")(files)
    for tag, mark in (("en", ""), ("km", f"{KM} ")):
        words = f"  calling: {{title: {mark}Calling, summary: {mark}How to call.}}\n"
        files = edit(f"{tag}/texts.yaml", "lessons:\n", f"lessons:\n{words}")(files)
        files[f"{tag}/calling.md"] = f"## {mark}Call\n\n> {mark}Malee calls.\n".encode()
    shelf.files[COURSE] = files
