"""The real courses of this checkout, published and taken to the certificate in every language they have."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from answers import stages
from cast import memory_node, officer

from elearn.adapters.files import FolderCourses
from elearn.core.learning.blueprint import draw
from elearn.core.learning.course import Lesson
from elearn.core.learning.grade import lessons_to_read
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role
from elearn.services import author, certify, find, learn, results, sit
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages

COURSES = Path(__file__).resolve().parents[2] / "courses"


@pytest.fixture(scope="module")
def post() -> Iterator[Node]:
    node = replace(memory_node(), course_files=FolderCourses(COURSES))
    author.publish_all(node)
    yield node
    node.store.close()


def packages(node: Node) -> list[Package]:
    with node.store.reading() as tx:
        return current_packages(tx)


def test_every_course_of_the_checkout_is_taught(post: Node) -> None:
    assert {one.course.id for one in packages(post)} == set(FolderCourses(COURSES).courses())


def examined(node: Node) -> list[Package]:
    return [one for one in packages(node) if one.course.examined]


def test_every_blueprint_can_be_drawn_and_reaches_every_exam_question(post: Node) -> None:
    for package in examined(post):
        course = package.course
        exam = {one.id for one in course.questions.values() if one.use == "exam"}
        seen = set()
        for seed in range(300):
            drawn = draw(course, "exam", seed)
            assert Counter(course.question(one.id).objective for one in drawn) == Counter(dict(course.draw))
            seen |= {one.id for one in drawn}
        assert seen == exam


def test_whatever_is_missed_there_is_a_lesson_to_read_again(post: Node) -> None:
    for package in examined(post):
        for objective in package.course.draw:
            assert lessons_to_read(package.course, [objective])


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_course_is_taken_to_the_certificate(post: Node, language: str) -> None:
    for package in examined(post):
        person = officer(post)
        number = _whole_way(post, person, package, language)

        page = certify.certificate_page(post, number, language)
        assert page.local.course_title == package.words(language)["title"]
        cards = {card.id: card.state for card in learn.my_courses(post, person, language)}
        assert cards[package.course.id] == "passed"


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("role", list(Role))
def test_every_course_without_exam_is_read_by_every_role(post: Node, role: Role, language: str) -> None:
    only_read = [one for one in packages(post) if not one.course.examined]
    assert only_read
    for package in only_read:
        person = officer(post, role=role.value)
        own = [one for one in package.course.lessons if one.is_needed(role.value)]
        assert own
        for lesson in own:
            assert learn.course_page(post, person, package.course.id, language).card.next == "lesson"
            _read(post, person, package, [lesson], language)
        card = learn.course_page(post, person, package.course.id, language).card
        assert (card.state, card.lessons, card.certificate) == ("read", len(own), "")


def _whole_way(node: Node, person: str, package: Package, language: str) -> str:
    course = package.course
    if course.pretest:
        _sit(node, person, package, "pretest", language)
    _read(node, person, package, course.lessons, language)
    attempt = _sit(node, person, package, "exam", language)
    found = results.result(node, person, attempt, language)
    assert (found.score, found.passed) == (1.0, True)
    return found.certificate


def _read(node: Node, person: str, package: Package, lessons: Sequence[Lesson], language: str) -> None:
    course = package.course
    for lesson in lessons:
        view = learn.lesson(node, person, course.id, lesson.id, language)
        assert view.html
        assert view.language == package.language(language)
        for check in view.checks:
            for response in stages(course, check.question.id):
                told = learn.check_answer(node, person, course.id, lesson.id, check.question.id, response, language)
            assert told.right
            assert all(one.text for one in told.feedback)
        learn.finish_lesson(node, person, course.id, lesson.id, language)


def _sit(node: Node, person: str, package: Package, kind: str, language: str) -> str:
    attempt = sit.start(node, person, package.course.id, kind, language)
    for mark in sit.sitting(node, person, attempt).marks:
        question = sit.sitting(node, person, attempt, question=mark.id).question
        assert question.stem
        assert all(option.text for option in question.options)
        for response in stages(package.course, mark.id):
            sit.answer(node, person, attempt, mark.id, response)
    sit.submit(node, person, attempt)
    return attempt


def test_every_term_of_every_glossary_is_found_by_its_name(post: Node) -> None:
    for language in LANGUAGES:
        for part in find.glossary(post, language):
            for term in part.terms:
                places = {one.hit.passage.anchor for one in find.find(post, part.language, term.name, limit=500)}
                assert f"term-{part.course}-{term.id}" in places
