"""Pages of the way through a course: what it requires, days left, one more try, the own answers after a pass."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from cast import MemoryCourses, TickingClock, officer, settings, sqlite_node
from good_course import QUESTIONS, Files, edit, good_course
from web_scenes import NOT_ALLOWED, Site, Visitor, crawl

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.vocab.roles import Role
from elearn.services import author, learn, results, sit

COURSE, C = "seals", "course.yaml"
RULES = (
    (C, "limit: 0", "limit: 1"),
    (C, "minutes: 30\n", "minutes: 30\n  review: answers-after-pass\n"),
    (C, "pretest:", "renewal:\n  within_months: 12\n  draw: {o-look: 2, o-stop: 1}\npretest:"),
    (C, "number: 2", "number: 2\n    optional: true"),
    (C, "    objectives: [o-look]", "    objectives: [o-look, o-stop]"),
)


def course(*edits: tuple[str, str, str]) -> Files:
    files = good_course()
    for one in edits:
        files = edit(*one)(files)
    return files


def post(folder: Path) -> Site:
    """Return a post with the course and another, boats, that requires it."""
    boats = course(
        (C, "id: seals", "id: boats"), (C, "code: T1", "code: T2"), (C, "pass_mark", f"requires: [{COURSE}]\npass_mark")
    )
    files = {COURSE: course(*RULES), "boats": edit("en/texts.yaml", "title: Seals", "title: Boats")(boats)}
    phrases = GettextPhrases(settings(folder).translations, folder / "cache" / "translations")
    node = sqlite_node(folder, course_files=MemoryCourses(files), phrases=phrases, clock=TickingClock())
    author.publish_all(node)
    people = {role.value: officer(node, f"Person of {role.value}", role=role.value) for role in Role}
    return Site(node, create_app(node), people)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    found = post(tmp_path)
    yield found
    found.node.store.close()


def ready(here: Site, person: str) -> None:
    """Bring somebody to the open exam: the optional lesson is left out."""
    sit.submit(here.node, person, sit.start(here.node, person, COURSE, "pretest", "en"), anyway=True)
    for check in learn.lesson(here.node, person, COURSE, "looking", "en").checks:
        learn.check_answer(here.node, person, COURSE, "looking", check.question.id, ["a"], "en")
    learn.finish_lesson(here.node, person, COURSE, "looking", "en")


def sit_exam(here: Site, person: str, wrong: int = 0) -> str:
    """Sit the exam with so many wrong answers; return the attempt."""
    attempt = sit.start(here.node, person, COURSE, "exam", "en")
    for mark in sit.sitting(here.node, person, attempt).marks:
        spoil = wrong > 0 and mark.id != "e-1"  # e-1 is critical
        wrong -= spoil
        sit.answer(here.node, person, attempt, mark.id, ["b" if spoil else "a"])
    sit.submit(here.node, person, attempt)
    return attempt


def days_go_by(here: Site, days: int) -> None:
    assert isinstance(here.node.clock, TickingClock)
    here.node.clock.shift(timedelta(days=days))


def text(visitor: Visitor, url: str) -> str:
    answer = visitor.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return re.sub(r"\s+", " ", unescape(answer.text))


def test_a_closed_course_names_and_links_what_is_to_be_passed_first(here: Site) -> None:
    visitor = here.signed_in("officer")
    page, home = text(visitor, "/courses/boats"), text(visitor, "/courses")

    assert "Pass these courses first" in page
    assert '<a href="/courses/seals" lang="en">Seals</a>' in page
    assert "The officer can read a seal." in page
    assert "Opens when you have passed the courses above." in page
    assert 'action="/courses/boats/pretest"' not in page
    assert 'href="/courses/boats/lessons/looking"' not in page
    assert home.count("Pass another course first") == 1
    refused = visitor.post("/courses/boats/pretest")
    assert refused.status_code == 403
    assert "Pass the courses this one builds on first." in refused.text
    assert "Pass the courses this one builds on first." in visitor.get("/courses/boats/lessons/looking").text


def test_an_optional_lesson_is_marked_and_the_exam_does_not_wait_for_it(here: Site) -> None:
    ready(here, here.people["officer"])
    page = text(here.signed_in("officer"), f"/courses/{COURSE}")

    assert page.count('<span class="badge badge-soft">optional</span>') == 1
    assert f'action="/courses/{COURSE}/exam"' in page


@pytest.mark.parametrize(("go_by", "badge"), [(600, ""), (650, "badge-soft"), (680, "badge-note"), (710, "badge-bad")])
def test_the_days_left_are_told_louder_toward_the_end_on_three_pages(here: Site, go_by: int, badge: str) -> None:
    person = here.people["officer"]
    ready(here, person)
    sit_exam(here, person)
    days_go_by(here, go_by)
    visitor = here.signed_in("officer")
    for url in ("/courses", f"/courses/{COURSE}", "/record"):
        found = re.findall(
            r'<span class="badge (badge-\w+)"><svg[^>]*>(?:(?!</svg>).)*</svg>\d+ days left', text(visitor, url)
        )
        assert found == ([badge] if badge else []), url
    assert ("You can renew it the short way" in text(visitor, f"/courses/{COURSE}")) == bool(badge)


def test_after_its_end_the_short_exam_renews_it_and_the_old_certificate_stays_in_the_record(here: Site) -> None:
    person = here.people["officer"]
    ready(here, person)
    first = results.result(here.node, person, sit_exam(here, person), "en").certificate
    days_go_by(here, 760)
    visitor = here.signed_in("officer")
    page = text(visitor, f"/courses/{COURSE}")
    assert "Your certificate for this course has expired" in page
    assert "You can renew it the short way" in page
    assert "3 questions; to pass you need" in page
    assert "expired on" in text(visitor, "/courses")
    second = results.result(here.node, person, sit_exam(here, person), "en").certificate
    record = text(visitor, "/record")

    assert first != second
    assert f'<span class="code">{first}</span> · issued' in record
    assert f'<span class="code">{second}</span> · issued' in record
    assert visitor.get(f"/certificates/{first}").status_code == 200


def test_long_after_its_end_the_whole_way_is_asked_for(here: Site) -> None:
    person = here.people["officer"]
    ready(here, person)
    sit_exam(here, person)
    days_go_by(here, 731 + 400)
    page = text(here.signed_in("officer"), f"/courses/{COURSE}")

    assert "It ended too long ago for the short way" in page
    assert "Opens when every lesson is read." in page


@pytest.fixture
def stuck(here: Site) -> Site:
    """The post, with an officer who has used the one try there is."""
    ready(here, here.people["officer"])
    sit_exam(here, here.people["officer"], wrong=15)
    return here


def test_a_trainer_gives_one_more_try_and_the_officer_is_told_and_sits_again(stuck: Site) -> None:
    noy, trainer = stuck.people["officer"], stuck.signed_in("trainer")
    assert "All tries are used. Ask your trainer." in text(stuck.signed_in("officer"), f"/courses/{COURSE}")
    assert 'href="/tries"' in text(trainer, "/workshop")
    assert "Person of officer" in text(trainer, "/tries")
    url = f"/tries/{noy}/{COURSE}"
    assert "Write a reason." in trainer.post(url, {"reason": " "}).text
    trainer.get("/tries")
    given = trainer.post(url, {"reason": "The power failed."})

    assert (given.status_code, given.headers["Location"]) == (302, "/tries")
    after = text(trainer, "/tries")
    assert "One more try is given. The officer is told." in after
    assert "No officer waits for another try." in after
    assert 'href="/tries"' not in text(trainer, "/workshop")
    visitor = stuck.signed_in("officer")
    assert "You were given one more try for an exam." in text(visitor, "/courses")
    assert f'action="/courses/{COURSE}/exam"' in text(visitor, f"/courses/{COURSE}")


def test_an_administrator_gives_it_on_the_officers_page_and_comes_back_there(stuck: Site) -> None:
    noy, chief = stuck.people["officer"], stuck.signed_in("administrator")
    page = text(chief, f"/officers/{noy}")
    assert f'action="/tries/{noy}/{COURSE}"' in page
    given = chief.post(f"/tries/{noy}/{COURSE}", {"reason": "ill", "next": "officer"})

    assert given.headers["Location"] == f"/officers/{noy}"
    assert "Give one more try" not in text(chief, f"/officers/{noy}")
    assert "This officer has tries left" in chief.post(f"/tries/{noy}/{COURSE}", {"reason": "ill"}).text


@pytest.mark.parametrize("role", ["officer", "coordinator"])
def test_nobody_else_gives_a_try_or_sees_who_waits_for_one(stuck: Site, role: str) -> None:
    visitor = stuck.signed_in(role)

    assert NOT_ALLOWED in visitor.get("/tries").text
    assert NOT_ALLOWED in visitor.post(f"/tries/{stuck.people['officer']}/{COURSE}", {"reason": "ill"}).text
    assert stuck.signed_in("trainer").get("/tries").text.count("Person of officer") == 1


def feedback(*questions: str) -> dict[str, str]:
    """Return every text of feedback of these questions: words -> question and option."""
    return {f"because of {key} in {one}\n".strip(): f"{one} {key}" for one in questions for key in "abc"}


def test_after_a_pass_only_what_is_said_of_the_own_answers_is_shown(here: Site) -> None:
    person = here.people["officer"]
    ready(here, person)
    attempt = sit_exam(here, person, wrong=2)
    asked = [mark.id for mark in sit.sitting(here.node, person, attempt).marks]
    wrong = [one for one in asked if one != "e-1"][:2]
    visitor = here.signed_in("officer")
    pages = crawl(visitor, f"/results/{attempt}")
    exam = feedback(*(one for one in QUESTIONS if one.startswith("e-")))
    seen = {
        said
        for page in pages.values()
        if page.mimetype == "text/html"
        for words, said in exam.items()
        if re.search(rf"{words}(?!\d)", unescape(page.text))
    }

    assert "Look at your answers" in pages[f"/results/{attempt}"].text
    assert seen == {f"{one} {'b' if one in wrong else 'a'}" for one in asked}
    page = text(visitor, f"/results/{attempt}/answers?question={wrong[0]}")
    assert "This answer is not right." in page
    assert f'href="/results/{attempt}/answers?question={asked[1]}"' in page
    assert "<button" not in page.split("<main")[1].split("</main>")[0]
    assert re.findall(r"<input [^>]*>", page.split("<main")[1].split("</main>")[0])
    assert all("disabled" in one for one in re.findall(r"<input [^>]*>", page.split("<main")[1].split("</main>")[0]))


def test_after_a_fail_no_answer_is_shown_and_no_link_leads_to_any(here: Site) -> None:
    person = here.people["officer"]
    ready(here, person)
    attempt = sit_exam(here, person, wrong=15)
    visitor = here.signed_in("officer")
    pages = crawl(visitor, "/", f"/results/{attempt}", f"/results/{attempt}/answers")
    exam = feedback(*(one for one in QUESTIONS if one.startswith("e-")))

    assert not any(words in page.text for page in pages.values() for words in exam)
    assert not any("Look at your answers" in page.text for page in pages.values())
    refused = pages[f"/results/{attempt}/answers"]
    assert (refused.status_code, "The answers of this exam are not shown." in refused.text) == (403, True)
