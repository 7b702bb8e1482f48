"""Every kind of question in every language in a real browser, with scripts and without, by pointer and by keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from browser_scenes import NARROW, chromium, fill_in
from cast import PIN, officer
from kinds_course import COURSE, STRUCTURES, WORDS
from kinds_scenes import check, kinds_package, kinds_site, wrong_answer
from playwright.sync_api import Browser, Page, expect
from real_line import served
from web_scenes import Site

from elearn.core.learning.blueprint import in_lesson
from elearn.core.learning.course import Question
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.questions.all import kind_of
from elearn.services import learn, sit

pytestmark = pytest.mark.browser

LESSON = f"/courses/{COURSE}/lessons/looking"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
LEAST_TARGET_PX = 43.5


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = kinds_site(tmp_path_factory.mktemp("kinds"))
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def address(here: Site) -> Iterator[str]:
    with served(here.node) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@dataclass
class Reader:
    """An officer at a narrow screen. faults: what the browser complained of."""

    page: Page
    here: Site
    person: str
    address: str
    faults: list[str] = field(default_factory=list)

    def asked(self, question: str) -> Question:
        return kinds_package(self.here.node).course.question(question)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="domcontentloaded")
        self.look()

    def look(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.faults.append(f"{self.page.url} scrolls sideways by {wide} px")

    def send(self, form: str) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(f"{form} button.button").first.click()
        self.look()

    def fill(self, form: str, question: Question, shown: tuple[str, ...], response: list[str]) -> None:
        fill_in(self.page, form, question, shown, response)

    def answer_check(self, kind: str, response: list[str]) -> None:
        question = self.asked(f"c-{kind}")
        for stage in kind_of(question).stages(response):
            form = f"#check-{question.id}"
            self.fill(form, question, in_lesson(question).options, stage)
            self.send(form)


@contextmanager
def reader(
    browser: Browser, here: Site, address: str, *, language: str = "en", scripts: bool = True
) -> Iterator[Reader]:
    """Give an officer whose lessons are open; afterwards the browser must have had nothing to complain of."""
    person = officer(here.node)
    sit.submit(here.node, person, sit.start(here.node, person, COURSE, "pretest", language), anyway=True)
    context = browser.new_context(viewport=NARROW, java_script_enabled=scripts, has_touch=True)
    context.add_cookies([{"name": "elearn_language", "value": language, "url": address}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    found = Reader(page, here, person, address)
    page.on("pageerror", lambda error: found.faults.append(f"script: {error}"))
    page.on("console", lambda said: found.faults.append(said.text) if said.type == "error" else None)
    try:
        found.go("/sign-in")
        page.fill("#f-service_number", here.number(person))
        page.fill("#f-pin", PIN)
        found.send("form:has(#f-pin)")
        yield found
    finally:
        context.close()
    assert found.faults == []


@SCRIPTS
@pytest.mark.parametrize("language", list(WORDS))
def test_every_kind_is_answered_in_every_language(
    browser: Browser, here: Site, address: str, language: str, scripts: bool
) -> None:
    words = WORDS[language]
    with reader(browser, here, address, language=language, scripts=scripts) as one:
        one.go(LESSON)
        for kind in STRUCTURES:
            question = one.asked(f"c-{kind}")
            one.answer_check(kind, kind_of(question).right(question))

            form = one.page.locator(f"#check-c-{kind}")
            expect(form.locator(".choice-right").first).to_be_visible()
            expect(form.locator(".choice-wrong")).to_have_count(0)
            expect(form.get_by_text(words["why"]).first).to_be_visible()
        expect(one.page.locator("form[action$='/finish'] button")).to_be_visible()


@SCRIPTS
def test_an_exam_of_every_kind_is_sat_to_its_end(browser: Browser, here: Site, address: str, scripts: bool) -> None:
    with reader(browser, here, address, scripts=scripts) as one:
        ready_for_exam_from_lessons(one)
        attempt = sit.start(here.node, one.person, COURSE, "exam", "en")
        with here.node.store.reading() as tx:
            drawn = {row["id"]: tuple(row["options"]) for row in (tx.tables.get(ATTEMPT, attempt) or {})["questions"]}
        one.go(f"/sittings/{attempt}")
        asked = 0
        while "/hand-in" not in one.page.url:
            form = "form[action*='/answers/']"
            action = one.page.locator(form).get_attribute("action") or ""
            question = one.asked(action.rsplit("/", 1)[1])
            for stage in kind_of(question).stages(kind_of(question).right(question)):
                one.fill(form, question, drawn[question.id], stage)
                one.send(form)
            asked += 1
            if question.kind == "scenario":
                expect(one.page.locator(".story li")).to_have_count(2)
                with one.page.expect_navigation():
                    one.page.locator(f"{form} a.button").last.click()
        one.send("form.buttons")

        assert asked == len(STRUCTURES)
        expect(one.page.locator(".verdict-good")).to_be_visible()
        expect(one.page.locator(".score")).to_contain_text("100")


def ready_for_exam_from_lessons(one: Reader) -> None:
    """Read the lesson; the pre-test is handed in already."""
    for kind in STRUCTURES:
        check(one.here.node, one.person, one.asked(f"c-{kind}"))
    learn.finish_lesson(one.here.node, one.person, COURSE, "looking", "en")


def test_lines_are_moved_with_the_keyboard_alone(browser: Browser, here: Site, address: str) -> None:
    with reader(browser, here, address) as one:
        one.go(LESSON)
        lines = one.page.locator("#check-c-order .part-text")
        before = lines.all_inner_texts()
        down = one.page.locator("#check-c-order .mover[data-move='1']").first
        down.focus()
        one.page.keyboard.press("Enter")

        assert lines.all_inner_texts() == [before[1], before[0], *before[2:]]
        expect(one.page.locator("#check-c-order [data-order-said]")).to_contain_text("2 of 4")
        assert one.page.evaluate("document.activeElement.dataset.move") == "1"
        one.page.keyboard.press("Space")
        one.page.keyboard.press("Space")
        assert lines.all_inner_texts() == [*before[1:], before[0]]
        # At the end there is no further down: the focus goes to the other button and is not lost.
        assert one.page.evaluate("document.activeElement.dataset.move") == "-1"
        places = one.page.locator("#check-c-order select").evaluate_all("all => all.map(one => one.value)")
        assert places == ["1", "2", "3", "4"]
        one.send("#check-c-order")
        assert one.page.locator("#check-c-order .part-text").all_inner_texts() == [*before[1:], before[0]]


def test_a_place_is_touched_on_the_picture_and_ticked_in_the_list(browser: Browser, here: Site, address: str) -> None:
    with reader(browser, here, address) as one:
        one.go(LESSON)
        boxes = one.page.locator("#check-c-hotspot input[type=checkbox]")
        spots = one.page.locator("#check-c-hotspot .spot")
        expect(spots).to_have_count(3)
        spots.nth(0).locator("text").tap()
        spots.nth(2).locator("rect").tap(position={"x": 6, "y": 6})

        expect(boxes.nth(0)).to_be_checked()
        expect(boxes.nth(1)).not_to_be_checked()
        expect(spots.nth(2)).to_have_class("spot is-chosen")
        spots.nth(0).locator("text").tap()
        expect(boxes.nth(0)).not_to_be_checked()
        boxes.nth(0).focus()
        one.page.keyboard.press("Space")
        expect(spots.nth(0)).to_have_class("spot is-chosen")
        assert [
            text.split(".")[0] for text in one.page.locator("#check-c-hotspot .choice-text").all_inner_texts()
        ] == list("123")
        assert spots.locator("text").all_text_contents() == list("123")
        one.send("#check-c-hotspot")
        expect(one.page.locator("#check-c-hotspot .choice-right")).to_have_count(2)


@SCRIPTS
def test_a_scenario_is_played_step_by_step(browser: Browser, here: Site, address: str, scripts: bool) -> None:
    with reader(browser, here, address, scripts=scripts) as one:
        stale = one.page.context.new_page()
        stale.goto(one.address + LESSON)
        one.go(LESSON)
        form = "#check-c-scenario"
        one.fill(form, one.asked("c-scenario"), (), ["start[.]b"])
        one.send(form)
        expect(one.page.locator(f"{form} .story li")).to_have_count(1)
        expect(one.page.locator(f"{form} .badge-bad")).to_have_count(0)
        # A window left open on the first step cannot take it back.
        one.page.close()
        one.page = stale
        one.fill(form, one.asked("c-scenario"), (), ["start[.]a"])
        one.send(form)
        expect(one.page.locator(f"{form} [role=alert]")).to_contain_text("cannot be changed")
        one.faults.clear()  # the browser tells of the refusal (400)
        one.fill(form, one.asked("c-scenario"), (), ["near[.]a"])
        one.send(form)
        expect(one.page.locator(f"{form} .badge-bad")).to_have_count(1)
        expect(one.page.locator(f"{form} [role=status]")).to_contain_text("1 unsafe step")
        with one.page.expect_navigation():
            one.page.locator(f"{form} a.button").click()
        expect(one.page.locator(f"{form} input[type=radio]")).to_have_count(3)


@SCRIPTS
def test_what_was_typed_stands_there_again_when_it_cannot_be_taken(
    browser: Browser, here: Site, address: str, scripts: bool
) -> None:
    with reader(browser, here, address, scripts=scripts) as one:
        one.go(LESSON)
        one.page.locator("#check-c-number input[name=answer]").fill("12 kilos")
        one.send("#check-c-number")
        one.faults.clear()  # the browser tells of the refusal (400)

        expect(one.page.locator("#check-c-number [role=alert]")).to_contain_text("12 kilos")
        expect(one.page.locator("#check-c-number input[name=answer]")).to_have_value("12 kilos")


def test_two_lines_at_one_place_are_refused_without_scripts(browser: Browser, here: Site, address: str) -> None:
    with reader(browser, here, address, scripts=False) as one:
        one.go(LESSON)
        one.page.locator("#check-c-order select").first.select_option("2")
        one.send("#check-c-order")
        one.faults.clear()  # the browser tells of the refusal (400)

        expect(one.page.locator("#check-c-order [role=alert]")).to_contain_text("same place")
        values = one.page.locator("#check-c-order select").evaluate_all("all => all.map(one => one.value)")
        assert values == ["2", "2", "3", "4"]


def test_who_was_sure_and_wrong_is_told_to_read_again(browser: Browser, here: Site, address: str) -> None:
    with reader(browser, here, address) as one:
        one.go(LESSON)
        one.fill("#check-c-choice", one.asked("c-choice"), (), wrong_answer(one.asked("c-choice")))
        one.page.get_by_role("radio", name="Sure", exact=True).first.check()
        one.send("#check-c-choice")

        expect(one.page.locator("#check-c-choice .flash-note")).to_contain_text("You were sure")


_NAMELESS = """() => [...document.querySelectorAll("main form input, main form select, main form button")]
    .filter(one => one.type !== "hidden" && !one.hidden)
    .filter(one => {
        const named = (one.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
            .every(id => document.getElementById(id));
        const label = one.labels && [...one.labels].some(label => label.textContent.trim());
        return !named || !(label || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")
            || one.textContent.trim());
    }).map(one => one.outerHTML.slice(0, 120))"""

_SMALL = """least => [...document.querySelectorAll("main form :is(.choice, select, .mover, .typed input, .part input, "
    + ".how-sure label, button.button)")]
    .filter(one => !one.hidden && one.getBoundingClientRect().height < least)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("language", ["en", "my"])
def test_every_field_has_a_name_and_is_large_enough_for_a_finger(
    browser: Browser, here: Site, address: str, language: str
) -> None:
    with reader(browser, here, address, language=language) as one:
        one.go(LESSON)
        ids = one.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")

        assert one.page.evaluate(_NAMELESS) == []
        assert one.page.evaluate(_SMALL, LEAST_TARGET_PX) == []
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("dark", ["light", "dark"])
def test_numbers_on_a_picture_can_be_read_in_light_and_dark(
    browser: Browser, here: Site, address: str, dark: Any
) -> None:
    with reader(browser, here, address) as one:
        one.page.emulate_media(color_scheme=dark)
        one.go(LESSON)
        disc = one.page.locator(".spot circle").first.evaluate("one => getComputedStyle(one).fill")
        number = one.page.locator(".spot text").first.evaluate("one => getComputedStyle(one).fill")

        assert (disc, number) == ("rgb(255, 255, 255)", "rgb(22, 35, 47)")
