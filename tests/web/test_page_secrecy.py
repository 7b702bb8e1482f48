"""No answer key reaches a browser before the answer is in: every page an officer can open is looked through."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from answers import stages, texts_in
from cast import officer
from web_scenes import COURSE, Site, Visitor, crawl, pass_exam, read_everything, site, start_exam

from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.services import find, sit

LANGUAGES = ("en", "km")
_OPTION = re.compile(r'<label class="([^"]*)"><input ([^>]*)><span class="([^"]*)">')


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("secrecy"))
    find.refresh(found.node)
    yield found
    found.node.store.close()


def feedback(here: Site, language: str, *uses: str) -> dict[str, str]:
    """Return every text of feedback: words -> question. uses: check, pretest or exam; all if none is named."""
    package, found = here.package(), {}
    with here.node.store.reading() as tx:
        for row in tx.tables.select(QUESTION_TEXT, {"digest": package.digest, "language": language}):
            if not uses or package.course.questions[row["question"]].use in uses:
                found |= dict.fromkeys(texts_in(row["words"].get("feedback", {})), row["question"])
    return found


def leaks(pages: dict[str, Any], secrets: dict[str, str]) -> list[tuple[str, str]]:
    """Return (address, question) of every secret that stands in a page."""
    texts = {url: unescape(page.text) for url, page in pages.items() if page.mimetype == "text/html"}
    return [(url, question) for url, text in texts.items() for words, question in secrets.items() if words in text]


def visitor_of(here: Site, person: str, language: str) -> Visitor:
    visitor = here.visitor(language)
    visitor.sign_in(here.number(person))
    return visitor


def every_question(here: Site, person: str, attempt: str) -> list[str]:
    return [f"/sittings/{attempt}?question={mark.id}" for mark in sit.sitting(here.node, person, attempt).marks]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_tells_an_answer_before_it_is_given(here: Site, language: str) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, language)
    secrets = feedback(here, language)
    # Half of each: the page repeats what was searched for, and that alone would be found.
    search = [f"/search?q={words[: len(words) // 2]}" for words in list(secrets)[:20]]

    assert len(secrets) > 60
    assert leaks(crawl(visitor, "/", *search), secrets) == []
    attempt = sit.start(here.node, person, COURSE, "pretest", language)
    assert leaks(crawl(visitor, "/", *every_question(here, person, attempt)), secrets) == []
    sit.submit(here.node, person, attempt, anyway=True)
    pages = crawl(visitor, "/")
    assert sum("/lessons/" in url for url in pages) >= 3
    assert leaks(pages, secrets) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_look_through_finds_what_a_page_does_tell(here: Site, language: str) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, language)
    read_everything(here, person)

    told = leaks(crawl(visitor, "/"), feedback(here, language))

    checks = {question for lesson in here.package().course.lessons for question in lesson.checks}
    assert {question for _, question in told} == checks


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exam_under_way_tells_nothing_of_itself_nor_of_the_answers_given(here: Site, language: str) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, language)
    read_everything(here, person)
    attempt = start_exam(here, person)
    secrets = feedback(here, language, "exam")
    course = here.package().course
    marks = sit.sitting(here.node, person, attempt).marks
    for mark in marks[: len(marks) // 2]:
        sit.answer(here.node, person, attempt, mark.id, stages(course, mark.id)[0])
    pages = crawl(visitor, "/", *every_question(here, person, attempt))

    assert len(pages) > len(marks)
    assert leaks(pages, secrets) == []


def test_a_failed_exam_names_what_to_read_and_not_the_answers(here: Site) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, "en")
    read_everything(here, person)
    attempt, _ = pass_exam(here, person, right=False)
    page = visitor.get(f"/results/{attempt}")

    assert "Not passed this time." in page.text
    assert "What to read again" in page.text
    assert leaks(crawl(visitor, "/"), feedback(here, "en", "exam")) == []


def test_right_and_wrong_options_are_written_alike(here: Site) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, "en")
    read_everything(here, person)
    attempt = start_exam(here, person)
    for url in every_question(here, person, attempt):
        found = _OPTION.findall(visitor.get(url).text)
        alike = {(one, re.sub(r'value="[^"]*"', "", attributes), two) for one, attributes, two in found}

        assert len(found) >= 3
        assert len(alike) == 1


def test_the_name_of_an_option_says_nothing(here: Site) -> None:
    choices = [one for one in here.package().course.questions.values() if one.kind == "choice"]
    right = Counter(key for one in choices for key in one.correct)

    assert len(choices) > 20
    assert max(right.values()) <= len(choices) / 2


def test_options_stand_in_another_order_for_another_officer(here: Site) -> None:
    orders = set()
    for _ in range(6):
        person = officer(here.node)
        attempt = sit.start(here.node, person, COURSE, "pretest", "en")
        view = sit.sitting(here.node, person, attempt, "en", here.package().course.pretest[0])
        orders.add(tuple(option.key for option in view.question.options))

    assert len(orders) > 1
