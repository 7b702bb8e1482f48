"""An officer's whole way in a real browser: from the first PIN to the certificate, in two scripts, with and without
JavaScript, on a screen of 360 pixels, and through a power cut in the middle of the exam."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from answers import stages
from browser_scenes import fill_in, shown_on
from playwright.sync_api import Browser, Page, expect, sync_playwright
from real_post import FIRST_PIN, RealPost

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NARROW = {"width": 360, "height": 740}
OWN_PIN = "862951"
COURSE = "/courses/interdiction"
NUMBERS = ("EN-1", "KM-1", "NOJS-1", "KEYS-1")
READY_FOR_THE_EXAM = ("CUT-1",)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPost]:
    found = RealPost(tmp_path_factory.mktemp("browser") / "data", NUMBERS, READY_FOR_THE_EXAM)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Playwright's own Chromium where the system has none.
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@dataclass
class Officer:
    """Somebody at a screen. faults: what the browser complained of, and pages that scroll sideways."""

    page: Page
    post: RealPost
    scripts: bool
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.post.address + path, wait_until="domcontentloaded")
        self.look()

    def press(self, selector: str) -> None:
        """Press what leads to another page, and look at that."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(selector).first.click()
        self.look()

    def look(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.faults.append(f"{self.page.url} scrolls sideways by {wide} px")

    def sign_in(self, number: str, pin: str) -> None:
        self.go("/sign-in")
        self.page.fill("#f-service_number", number)
        self.page.fill("#f-pin", pin)
        self.press("form:has(#f-pin) button.button")

    def change_pin(self) -> None:
        self.page.fill("#f-old", FIRST_PIN)
        self.page.fill("#f-new", OWN_PIN)
        self.page.fill("#f-again", OWN_PIN)
        self.press("form:has(#f-again) button.button")

    def answer(self, form: str, question: str, right: bool) -> None:
        """Fill in a question of any kind and send it, a scenario step by step."""
        asked, tag = self.post.package.course.questions[question], self.page.locator("html").get_attribute("lang") or ""
        words = self.post.words[question, self.post.package.language(tag.replace("-", "_"))]
        for response in stages(self.post.package.course, question, right):
            fill_in(self.page, form, asked, shown_on(self.page, form, asked, words), response)
            self.press(f"{form} button.button")
        if "/hand-in" not in self.page.url and self.page.locator(f"{form} .story + p").count() and "answers" in form:
            self.press(f"{form} a.button:last-child")

    def question(self) -> str:
        """Return the question on the page."""
        action = self.page.locator("form[action*='/answers/']").get_attribute("action") or ""
        return action.rsplit("/", 1)[1]

    def answer_all(self, right: bool) -> int:
        """Answer every question of the sitting and hand it in; return how many there were."""
        count = 0
        while "/hand-in" not in self.page.url:
            self.answer("form[action*='/answers/']", self.question(), right)
            count += 1
        self.press("form.buttons button.button")
        return count

    def read(self, lesson: str) -> None:
        """Answer the checks of a lesson, one wrong and then right, and finish it."""
        self.go(f"{COURSE}/lessons/{lesson}")
        checks = next(one.checks for one in self.post.package.course.lessons if one.id == lesson)
        for turn, check in enumerate(checks):
            for right in (False, True) if turn == 0 else (True,):
                self.answer(f"#check-{check}", check, right)
            expect(self.page.locator(f"#check-{check} :is(.why, .told)").first).to_be_visible()
        self.press("form[action$='/finish'] button.button")

    def reach_exam(self) -> None:
        """Sit the pre-test and read every lesson."""
        self.go(COURSE)
        self.press("form[action$='/pretest'] button.button")
        assert self.answer_all(right=False) == len(self.post.package.course.pretest)
        for lesson in self.post.package.course.lessons:
            self.read(lesson.id)

    def start_exam(self) -> None:
        self.go(COURSE)
        self.press("form[action$='/exam'] button.button")


@contextmanager
def officer(browser: Browser, post: RealPost, *, scripts: bool = True) -> Iterator[Officer]:
    """Give an officer at a narrow screen; afterwards the browser must have had nothing to complain of."""
    context = browser.new_context(viewport=NARROW, java_script_enabled=scripts, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(10_000)
    found = Officer(page, post, scripts)
    page.on("pageerror", lambda error: found.faults.append(f"script: {error}"))
    page.on("console", lambda said: found.faults.append(said.text) if said.type == "error" else None)
    page.on("response", lambda got: found.faults.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    page.on("request", lambda sent: found.faults.append(sent.url) if not sent.url.startswith(post.address) else None)
    try:
        yield found
    finally:
        context.close()
    assert found.faults == []


def fail(one: Officer) -> None:
    """Sit the exam with everything wrong, and follow what the result says to read again."""
    one.start_exam()
    one.answer_all(right=False)
    expect(one.page.locator(".verdict-bad")).to_be_visible()
    again = one.page.locator(".steps a.step[href*='/lessons/']")
    assert again.count() == len(one.post.package.course.lessons)
    one.press(".steps a.step[href*='/lessons/']")
    assert "/lessons/" in one.page.url


def to_the_certificate(one: Officer, number: str, language: str, *, fails_first: bool) -> None:
    page = one.page
    one.go("/sign-in")
    one.press(f".language-choice button[lang={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
    one.sign_in(number, FIRST_PIN)
    assert page.url.endswith("/pin")
    one.change_pin()
    assert page.url.endswith("/courses")
    title = str(one.post.package.words(language)["title"])
    # The handbook is a course too, and stands first where it is published.
    expect(page.get_by_role("heading", name=title, exact=True)).to_have_count(1)
    one.press(f'article:has(h2:text-is("{title}")) .button')
    one.reach_exam()

    if fails_first:
        fail(one)
    one.start_exam()
    assert one.answer_all(right=True) == sum(one.post.package.course.draw.values())
    expect(page.locator(".verdict-good")).to_be_visible()
    expect(page.locator(".score")).to_contain_text(re.compile("100|១០០"))
    link = page.locator("a[href*='/certificates/']").first.get_attribute("href") or ""
    certificate = link.rsplit("/", 1)[1].removesuffix(".pdf")
    answer = page.request.get(one.post.address + link)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")

    one.go("/verify")
    page.fill("#f-typed", certificate.lower().replace("-", " "))
    one.press("form:has(#f-typed) button.button")
    expect(page.locator(".verdict-valid")).to_be_visible()
    expect(page.locator(".verdict-valid")).to_contain_text(certificate)
    page.set_input_files("#file", {"name": "c.pdf", "mimeType": "application/pdf", "buffer": answer.body()})
    one.press("form:has(#file) button.button")
    expect(page.locator(".verdict-valid")).to_contain_text(f"Sok Dara {number}")
    one.go("/record")
    expect(page.locator("main")).to_contain_text(certificate)


def test_the_whole_way_in_english(browser: Browser, post: RealPost) -> None:
    with officer(browser, post) as one:
        to_the_certificate(one, "EN-1", "en", fails_first=True)


def test_the_whole_way_in_khmer(browser: Browser, post: RealPost) -> None:
    with officer(browser, post) as one:
        to_the_certificate(one, "KM-1", "km", fails_first=True)


def test_the_whole_way_without_javascript(browser: Browser, post: RealPost) -> None:
    with officer(browser, post, scripts=False) as one:
        to_the_certificate(one, "NOJS-1", "en", fails_first=False)


def test_a_question_is_answered_with_the_keyboard_alone(browser: Browser, post: RealPost) -> None:
    with officer(browser, post) as one:
        page = one.page
        one.go("/sign-in")
        for text in ("KEYS-1", FIRST_PIN):  # the first field has the focus, Tab leads to the next
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        one.change_pin()
        one.go(COURSE)
        one.press("form[action$='/pretest'] button.button")
        first = one.question()
        assert one.post.package.course.questions[first].kind == "choice"
        tab_to(page, "input[name=answer]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        expect(page.locator("input[name=answer]").nth(1)).to_be_checked()
        tab_to(page, "form[action*='/answers/'] button.button")
        with page.expect_navigation():
            page.keyboard.press("Enter")

        assert one.question() != first
        expect(page.locator(".answered-map .is-answered")).to_have_count(1)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something of this kind has the focus, and see that the focus can be seen."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate(
                "[document.activeElement, document.activeElement.closest('label')].filter(Boolean).some(one => "
                "getComputedStyle(one).outlineStyle !== 'none' || getComputedStyle(one).boxShadow !== 'none')"
            )
            assert outline, "the focus cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_after_a_power_cut_the_officer_goes_on_at_the_same_question(browser: Browser, post: RealPost) -> None:
    with officer(browser, post) as one:
        page = one.page
        one.sign_in("CUT-1", FIRST_PIN)
        one.change_pin()
        one.start_exam()
        for _ in range(5):
            one.answer("form[action*='/answers/']", one.question(), right=True)
        question, stem = one.question(), page.locator("h1.stem").inner_text()
        options = page.locator(".choice-text").all_inner_texts()
        post.kill()
        post.start()
        one.go(COURSE)
        one.press("form[action$='/exam'] button.button")

        assert one.question() == question
        assert page.locator("h1.stem").inner_text() == stem
        assert page.locator(".choice-text").all_inner_texts() == options
        expect(page.locator(".answered-map .is-answered")).to_have_count(5)
        one.answer_all(right=True)
        expect(page.locator(".verdict-good")).to_be_visible()
