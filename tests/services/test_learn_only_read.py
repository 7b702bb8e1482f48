"""A course without pre-test and exam: read by role, shown first, never in the way of a course that is under way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cast import EnglishPhrases, memory_node, officer, sqlite_node
from small_course import pass_pretest, publish, reading, ready_for_exam, structure

from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import ACCOUNT
from elearn.core.xapi.verbs import CERTIFIED, COMPLETED
from elearn.services import coordinate, find, learn, my_record, sit
from elearn.services.demonstration import Place, let_learn
from elearn.services.node import Node
from elearn.services.packages import current_packages
from elearn.services.reading import lesson_to_read


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    node.store.write(lambda tx: publish(tx, reading()))
    yield node
    node.store.close()


def read(node: Node, person: str, *lessons: str) -> None:
    for lesson in lessons:
        if lesson == "looking":
            learn.check_answer(node, person, "handbook", lesson, "c-one", ["a"], "en")
        learn.finish_lesson(node, person, "handbook", lesson, "en")


def states(node: Node, person: str) -> list[tuple[str, str]]:
    return [(card.id, card.state) for card in learn.my_courses(node, person, "en")]


def test_its_card_counts_the_lessons_of_ones_role_and_offers_the_next(post: Node) -> None:
    for role, lessons in (("officer", 2), ("trainer", 3), ("coordinator", 3), ("administrator", 3)):
        card = learn.course_page(post, officer(post, role=role), "handbook", "en").card

        assert (card.state, card.next, card.next_id) == ("new", "lesson", "looking")
        assert (card.lessons_done, card.lessons, card.minutes) == (0, lessons, 10 * lessons)
        assert not card.examined


def test_its_page_has_lessons_and_says_whom_they_are_for_and_no_exam(post: Node) -> None:
    page = learn.course_page(post, officer(post), "handbook", "en")

    assert page.exam is None
    assert page.pretest is None
    assert [(one.id, one.open, one.advised) for one in page.lessons] == [
        ("looking", True, True),
        ("stopping", True, False),
        ("calling", True, False),
        ("writing", True, False),
    ]
    assert [one.audience for one in page.lessons] == [(), ("trainer",), ("coordinator", "administrator"), ()]


def test_it_is_read_without_the_lessons_for_others_and_gives_no_certificate(post: Node) -> None:
    noy = officer(post)
    read(post, noy, "looking")
    assert learn.course_page(post, noy, "handbook", "en").card.state == "started"
    read(post, noy, "writing")
    card = learn.course_page(post, noy, "handbook", "en").card

    assert (card.state, card.next, card.certificate, card.lessons_done) == ("read", "read", "", 2)
    with post.store.reading() as tx:
        said = [(one.verb, one.object_id) for one in tx.ledger.about(noy)]
        assert tx.tables.count(COMPLETION) == 0
    assert sum(verb == COMPLETED and "/lesson/" in about for verb, about in said) == 2
    assert not any(verb == CERTIFIED or (verb == COMPLETED and "/lesson/" not in about) for verb, about in said)


def test_a_lesson_for_another_role_can_be_read_and_changes_nothing(post: Node) -> None:
    noy = officer(post)
    read(post, noy, "stopping", "looking", "writing")
    card = learn.course_page(post, noy, "handbook", "en").card

    assert (card.state, card.lessons_done, card.lessons) == ("read", 2, 2)
    assert learn.lesson(post, noy, "handbook", "stopping", "en").done


def test_who_is_given_another_role_has_more_to_read(post: Node) -> None:
    noy = officer(post)
    read(post, noy, "looking", "writing")
    post.store.write(lambda tx: tx.tables.put(ACCOUNT, {**(tx.tables.get(ACCOUNT, noy) or {}), "role": "trainer"}))
    card = learn.course_page(post, noy, "handbook", "en").card

    assert (card.state, card.next, card.next_id) == ("started", "lesson", "stopping")


def test_a_learner_without_an_account_here_reads_as_an_officer(post: Node) -> None:
    noy = officer(post, role="trainer")
    post.store.write(lambda tx: tx.tables.delete(ACCOUNT, {"person": noy}))

    assert learn.course_page(post, noy, "handbook", "en").card.lessons == 2


def test_nothing_of_it_can_be_sat(post: Node) -> None:
    noy = officer(post)
    read(post, noy, "looking", "writing")
    for kind in ("pretest", "exam"):
        with pytest.raises(Refused, match=r"sitting\.none"):
            sit.start(post, noy, "handbook", kind, "en")


def test_the_list_begins_with_it_until_another_course_is_under_way(post: Node) -> None:
    noy = officer(post)
    assert states(post, noy) == [("handbook", "new"), ("seals", "new")]
    read(post, noy, "looking")
    assert states(post, noy) == [("handbook", "started"), ("seals", "new")]
    pass_pretest(post, noy)
    assert states(post, noy) == [("seals", "started"), ("handbook", "started")]
    read(post, noy, "writing")
    assert states(post, noy) == [("seals", "started"), ("handbook", "read")]


def test_a_course_under_way_stands_before_others_whose_codes_come_first(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(id="boats", code="S9")))
    noy = officer(post)
    pass_pretest(post, noy)

    assert [course for course, _ in states(post, noy)] == ["seals", "handbook", "boats"]


def test_its_checks_do_not_speak_of_an_exam(post: Node) -> None:
    noy = officer(post)
    pass_pretest(post, noy)

    assert not learn.lesson(post, noy, "handbook", "looking", "en").examined
    assert learn.lesson(post, noy, "seals", "looking", "en").examined


def test_the_record_shows_the_lessons_read_and_no_completion(post: Node) -> None:
    noy = officer(post)
    read(post, noy, "looking", "writing")
    [course] = my_record.my_record(post, noy, "en").courses

    assert (course.course, course.lessons_done, course.completed_at) == ("handbook", 2, "")


def test_it_is_found_by_searching_and_read_without_a_trace(post: Node) -> None:
    hits = {(one.hit.passage.course, one.hit.passage.place) for one in find.find(post, "en", "broken seal")}

    assert {("handbook", lesson) for lesson in ("looking", "stopping", "calling", "writing")} <= hits
    assert lesson_to_read(post, "handbook", "stopping", "en").html


def test_figures_do_not_ask_for_a_course_nobody_can_pass(post: Node) -> None:
    ready_for_exam(post, officer(post))
    _, courses = coordinate.posts_and_courses(post, "en")

    assert [course for course, _ in courses] == ["seals"]


def test_invented_officers_take_the_first_course_that_can_be_passed() -> None:
    node = memory_node(phrases=EnglishPhrases())
    node.store.write(publish)
    node.store.write(lambda tx: publish(tx, reading()))
    let_learn(node, Place("KH", "Poipet", "KH", "customs", 4), datetime(2026, 11, 24, tzinfo=UTC), lambda _d, _n: None)

    with node.store.reading() as tx:
        assert len(current_packages(tx)) == 2
        assert tx.tables.count(COMPLETION) > 0
        assert {str(row["course"]) for row in tx.tables.group(COMPLETION, ("course",))} == {"seals"}
