"""Two officers at one post at the same time, each in a browser of their own: the same exam, not the same paper."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from answers import stages
from browser_scenes import chromium, fill_in, shown_on
from playwright.sync_api import Browser, Page, expect
from real_post import FIRST_PIN, RealPost

OWN_PIN = "862951"
ANSWERED = 2
TEXTS = "form[action*='/answers/'] :is(.stem, .choice-text, .part-text, label)"
FIELDS = """all => all.map(one => [one.name, ["radio", "checkbox"].includes(one.type) ? one.checked : one.value])"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPost]:
    found = RealPost(tmp_path_factory.mktemp("two") / "data", (), ("LEFT-1", "RIGHT-1"))
    yield found
    found.stop()


@dataclass
class Seat:
    """Somebody at a screen, in the middle of the exam."""

    page: Page
    post: RealPost

    def press(self, selector: str) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(selector).first.click()

    def start_exam(self, number: str) -> None:
        self.page.goto(f"{self.post.address}/sign-in")
        self.page.fill("#f-service_number", number)
        self.page.fill("#f-pin", FIRST_PIN)
        self.press("form:has(#f-pin) button.button")
        for name, pin in (("old", FIRST_PIN), ("new", OWN_PIN), ("again", OWN_PIN)):
            self.page.fill(f"#f-{name}", pin)
        self.press("form:has(#f-again) button.button")
        self.page.goto(f"{self.post.address}/courses/{self.post.package.course.id}")
        self.press("form[action$='/exam'] button.button")

    def marks(self) -> list[str]:
        """Return the addresses of all questions in the order they are asked."""
        links = self.page.locator(".answered-map a")
        return [str(one.get_attribute("href")) for one in links.all()]

    def paper(self) -> list[str]:
        """Return the questions in the order they are asked."""
        return [one.rsplit("=", 1)[1] for one in self.marks()]

    def answer(self, right: bool) -> None:
        """Answer the question on the page, a scenario to its end, and go on to the next."""
        form, course = "form[action*='/answers/']", self.post.package.course
        action = self.page.locator(form).get_attribute("action") or ""
        question = action.rsplit("/", 1)[1]
        asked, words = course.questions[question], self.post.words[question, self.post.package.language("en")]
        for response in stages(course, question, right):
            fill_in(self.page, form, asked, shown_on(self.page, form, asked, words), response)
            self.press(f"{form} button.button")
        if self.page.locator(f"{form} .story + p").count():
            self.press(f"{form} a.button:last-child")

    def kept(self) -> list[tuple[list[str], list[list[str | bool]]]]:
        """Load the questions answered so far anew; return what stands on each: its texts in order, and its fields."""
        found = []
        for address in self.marks()[:ANSWERED]:
            self.page.goto(self.post.address + address)
            fields = self.page.locator("form[action*='/answers/'] :is(input:not([type=hidden]), select)")
            found.append((self.page.locator(TEXTS).all_inner_texts(), fields.evaluate_all(FIELDS)))
        return found


@contextmanager
def seat(browser: Browser, post: RealPost) -> Iterator[Seat]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)
    try:
        yield Seat(page, post)
    finally:
        context.close()


def test_two_officers_side_by_side_get_other_orders_and_each_keeps_their_own_answers(post: RealPost) -> None:
    with chromium() as browser, ExitStack() as both:
        left, right = both.enter_context(seat(browser, post)), both.enter_context(seat(browser, post))
        left.start_exam("LEFT-1")
        right.start_exam("RIGHT-1")
        papers = left.paper(), right.paper()
        assert len(papers[0]) == len(papers[1]) == sum(post.package.course.draw.values())
        assert papers[0] != papers[1]

        # In turns, one all right and the other all wrong: an answer put to the wrong paper shows in the result.
        for _ in range(ANSWERED):
            left.answer(right=True)
            right.answer(right=False)
        before = left.kept(), right.kept()
        assert (left.kept(), right.kept()) == before
        assert (left.paper(), right.paper()) == papers
        for one in (left, right):
            expect(one.page.locator(".answered-map .is-answered")).to_have_count(ANSWERED)
            one.press("a[href$='/hand-in']")
            one.press("form.buttons button.button")
        for one, how_many in ((left, ANSWERED), (right, 0)):
            expect(one.page.locator(".verdict")).to_contain_text(f"{how_many} of {len(papers[0])} questions right.")
