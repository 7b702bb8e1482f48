"""No answer key of any course in any language reaches a browser: an officer's pages, links and forms, all courses.

What `test_page_secrecy` looks at closely in one course is looked at here in every real package: search results, the
glossary, sittings and the answers sent in them, results, the record, certificates and their check, refreshers.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from answers import form_of, stages, texts_in
from cast import TickingClock, officer
from web_scenes import Site, Visitor, crawl, site
from werkzeug.test import TestResponse

from elearn.core.projections.attempts import ATTEMPT
from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.services import find, learn, results, sit
from elearn.services.packages import Package, current_packages

Secrets = dict[str, tuple[str, str]]
"""Words of a feedback -> (course, question)."""

LANGUAGES = ("en", "km", "zh_Hans")  # one of each kind: templates are the same, words are looked for in each
_KEY = re.compile(r'"correct"|data-(?:correct|right|key)\b|&#34;correct&#34;')
TEXT = ("text/", "application/json", "application/xml", "image/svg")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("secrecy"))
    find.refresh(found.node)
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def packages(here: Site) -> list[Package]:
    with here.node.store.reading() as tx:
        return [one for one in current_packages(tx) if one.course.pretest]


def secrets(here: Site, packages: list[Package], language: str, *uses: str) -> Secrets:
    """Return every text of feedback of every course. uses: of the questions; all if none is named."""
    found: Secrets = {}
    with here.node.store.reading() as tx:
        for package in packages:
            for row in tx.tables.select(QUESTION_TEXT, {"digest": package.digest, "language": language}):
                if not uses or package.course.questions[row["question"]].use in uses:
                    said = texts_in(row["words"].get("feedback", {}))
                    found |= dict.fromkeys(said, (package.course.id, row["question"]))
    return found


def told(pages: dict[str, TestResponse], hidden: Secrets) -> list[tuple[str, object]]:
    """Return (address, what it tells): feedback in the words of a page, or a key in whatever form."""
    found: list[tuple[str, object]] = []
    for url, page in pages.items():
        if (page.mimetype or "").startswith(TEXT):
            text = unescape(page.text)
            found += [(url, of) for words, of in hidden.items() if words in text]
            found += [(url, key) for key in _KEY.findall(page.text)]
    return found


def visitor_of(here: Site, person: str, language: str) -> Visitor:
    visitor = here.visitor(language)
    visitor.sign_in(here.number(person))
    return visitor


def searches(hidden: Secrets) -> list[str]:
    """Return searches for what is hidden, some of every course; half of each, for a page repeats what was typed."""
    by_course: dict[str, list[str]] = {}
    for words, (course, _) in hidden.items():
        by_course.setdefault(course, []).append(words)
    return [f"/search?q={words[: len(words) // 2]}" for found in by_course.values() for words in found[:4]]


def start_by_form(visitor: Visitor, course: str, kind: str) -> str:
    """Press the button of a course's page; return the attempt."""
    visitor.get(f"/courses/{course}")
    return visitor.post(f"/courses/{course}/{kind}").headers["Location"].rsplit("/", 1)[1]


def answer_by_form(
    here: Site, visitor: Visitor, person: str, package: Package, attempt: str
) -> dict[str, TestResponse]:
    """Answer every question of a sitting, every second one wrong; return every page there is on the way."""
    pages = {}
    with here.node.store.reading() as tx:
        shown = {row["id"]: tuple(row["options"]) for row in (tx.tables.get(ATTEMPT, attempt) or {})["questions"]}
    for number, mark in enumerate(sit.sitting(here.node, person, attempt).marks):
        url = f"/sittings/{attempt}?question={mark.id}"
        pages[url] = visitor.get(url)
        sent = f"/sittings/{attempt}/answers/{mark.id}"
        for response in stages(package.course, mark.id, right=bool(number % 2)):
            form = form_of(package.course.question(mark.id), shown[mark.id], response)
            pages[sent] = visitor.post(sent, form)
        pages[f"{url}#answered"] = visitor.get(url)
    pages[f"/sittings/{attempt}/hand-in"] = visitor.get(f"/sittings/{attempt}/hand-in")
    return pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_any_course_tells_an_answer_before_it_is_given(
    here: Site, packages: list[Package], language: str
) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, language)
    hidden = secrets(here, packages, language)
    first = crawl(visitor, "/", *searches(hidden))
    sittings = {package.course.id: start_by_form(visitor, package.course.id, "pretest") for package in packages}
    answered: dict[str, TestResponse] = {}
    for package in packages:
        answered |= answer_by_form(here, visitor, person, package, sittings[package.course.id])
    under_way = crawl(visitor, "/")
    for attempt in sittings.values():
        visitor.post(f"/sittings/{attempt}/hand-in")
    after = crawl(visitor, "/", *searches(hidden), *(f"/results/{attempt}" for attempt in sittings.values()))

    assert {course for course, _ in hidden.values()} == {package.course.id for package in packages}
    assert len(packages) >= 6
    assert len(hidden) > 900
    assert {url.split("/")[2] for url in after if "/lessons/" in url} >= set(sittings)
    for pages in (first, answered, under_way, after):
        assert len(pages) > 10
        assert told(pages, hidden) == []


def test_exams_results_certificates_and_refreshers_keep_the_answers_of_exams(
    here: Site, packages: list[Package]
) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person, "en")
    # "No. This is only a lead." may be said of a check as well, and then it stands in the lesson.
    checks = secrets(here, packages, "en", "check")
    hidden = {words: of for words, of in secrets(here, packages, "en", "exam").items() if words not in checks}
    pages: dict[str, TestResponse] = {}
    for package in packages:
        read(here, person, package)
        attempt = start_by_form(visitor, package.course.id, "exam")
        pages |= answer_by_form(here, visitor, person, package, attempt)
        pages |= {f"failed {url}": page for url, page in hand_in(visitor, attempt).items()}
    for package in packages:
        number = pass_by_hand(here, person, package)
        pages |= {url: visitor.get(url) for url in (f"/certificates/{number}", "/record", "/verify")}
        pages[f"check of {number}"] = visitor.post("/verify", {"typed": number})
        assert number in pages[f"check of {number}"].text
    pages |= crawl(visitor, "/", *searches(hidden))

    assert len(hidden) > 400
    assert sum(url.startswith("/certificates/") for url in pages) >= len(packages)
    assert told(pages, hidden) == []


def test_a_refresher_tells_nothing_before_its_answer(here: Site, packages: list[Package]) -> None:
    person = officer(here.node)
    for package in packages:
        read(here, person, package)
        pass_by_hand(here, person, package)
    assert isinstance(here.node.clock, TickingClock)
    here.node.clock.shift(timedelta(days=60))
    visitor = visitor_of(here, person, "en")
    visitor.get("/courses")
    begun = visitor.post("/refreshers")
    assert begun.status_code == 302
    page = crawl(visitor, begun.headers["Location"])

    assert any(url.endswith("/1") and one.status_code == 200 for url, one in page.items())
    shown = {url: one for url, one in page.items() if url.startswith("/refreshers/")}
    assert told(shown, secrets(here, packages, "en")) == []


def test_the_look_through_sees_a_key(here: Site, packages: list[Package]) -> None:
    person = officer(here.node)
    for package in packages:
        read(here, person, package)
    visitor = visitor_of(here, person, "en")
    found = {of for _, of in told(crawl(visitor, "/"), secrets(here, packages, "en", "check"))}

    assert {course for course, _ in found if isinstance(course, str)} == {one.course.id for one in packages}


def read(here: Site, person: str, package: Package) -> None:
    """Hand in the pre-test and answer every check, so that the exam is open."""
    course = package.course
    sit.submit(here.node, person, sit.start(here.node, person, course.id, "pretest", "en"), anyway=True)
    for lesson in course.lessons:
        for question in lesson.checks:
            for response in stages(course, question):
                learn.check_answer(here.node, person, course.id, lesson.id, question, response, "en")
        learn.finish_lesson(here.node, person, course.id, lesson.id, "en")


def hand_in(visitor: Visitor, attempt: str) -> dict[str, TestResponse]:
    visitor.post(f"/sittings/{attempt}/hand-in")
    return {url: visitor.get(url) for url in (f"/results/{attempt}", "/record")}


def pass_by_hand(here: Site, person: str, package: Package) -> str:
    """Pass the exam, everything right; return the number of the certificate."""
    attempt = sit.start(here.node, person, package.course.id, "exam", "en")
    for mark in sit.sitting(here.node, person, attempt).marks:
        for response in stages(package.course, mark.id):
            sit.answer(here.node, person, attempt, mark.id, response)
    sit.submit(here.node, person, attempt)
    return str(results.result(here.node, person, attempt, "en").certificate)
