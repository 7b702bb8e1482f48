"""Terms, second language, reading aloud and the largest letters, as Chromium does them.

The browser of the tests has no voice: that is how a page without one is seen. For the rest a voice is put into the
browser that says nothing and is done when told so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from browser_scenes import NARROW, Screen, chromium
from playwright.sync_api import Browser, Page, expect
from real_line import served
from web_scenes import COURSE, Site, read_everything, site

from elearn.services import learn

pytestmark = pytest.mark.browser

VOICES = """(() => {
    const box = { said: [], stopped: 0, voices: %s };
    window.box = box;
    class Utterance { constructor(text) { this.text = text; } }
    const speech = {
        getVoices: () => box.voices,
        speak: one => { box.now = one; box.said.push([one.text, one.lang]); },
        cancel: () => { box.stopped += 1; },
        addEventListener: (name, then) => { if (name === "voiceschanged") box.changed = then; },
    };
    Object.defineProperty(window, "speechSynthesis", { value: speech });
    window.SpeechSynthesisUtterance = Utterance;
})()"""
WITHOUT_CITATIONS = "one => [...one.childNodes].filter(n => n.nodeName !== 'SUP').map(n => n.textContent).join('')"
LOCAL = '[{ lang: "en-US", localService: true, default: true }, { lang: "zh-CN", localService: true }]'


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("lesson_tools"))
    read_everything(found, found.people["officer"])
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def lesson(here: Site) -> str:
    """Return the address of the lesson with most terms."""

    def terms(one: str) -> int:
        return len(learn.lesson(here.node, here.people["officer"], COURSE, one, "en").terms)

    best = max((one.id for one in here.package().course.lessons), key=terms)
    return f"/courses/{COURSE}/lessons/{best}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@contextmanager
def officer_at(browser: Browser, here: Site, language: str, script: str = "", **context: Any) -> Iterator[Screen]:
    """Give a screen at which the officer is signed in. script: run before each page's own."""
    with served(here.node) as port:
        opened = browser.new_context(**{"viewport": NARROW, **context})
        if script:
            opened.add_init_script(script)
        page = opened.new_page()
        page.set_default_timeout(20_000)
        screen = Screen(page, f"http://127.0.0.1:{port}")
        screen.sign_in(here.number(here.people["officer"]))
        screen.choose(language)
        yield screen
        opened.close()


def place_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"]


def test_a_term_opens_in_place_and_gives_the_focus_back(browser: Browser, here: Site, lesson: str) -> None:
    with officer_at(browser, here, "km") as screen:
        screen.go(lesson)
        page, term = screen.page, screen.page.locator("a.term").first
        term.scroll_into_view_if_needed()
        note = page.locator(str(term.get_attribute("href")))
        before = place_of(page, "a.term")
        term.focus()
        page.keyboard.press("Enter")
        expect(note).to_be_in_viewport()
        expect(note).to_be_focused()
        there = place_of(page, "a.term")
        page.keyboard.press("Escape")

        assert there == before
        assert place_of(page, "a.term") == before
        expect(term).to_be_focused()
        expect(note).not_to_have_class("term-note is-open")
        term.click()
        note.locator(".term-close").click()
        expect(term).to_be_focused()
        term.click()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(note).not_to_have_class("term-note is-open")
        assert page.url.endswith(lesson)


def test_without_javascript_a_term_opens_too_and_the_page_stays(browser: Browser, here: Site, lesson: str) -> None:
    with officer_at(browser, here, "my", java_script_enabled=False) as screen:
        page = screen.page
        screen.go(lesson)
        term = page.locator("a.term").first
        term.scroll_into_view_if_needed()
        before, note = place_of(page, "a.term"), page.locator(str(term.get_attribute("href")))
        expect(note).not_to_be_in_viewport()
        term.click()
        expect(note).to_be_in_viewport()
        opened = place_of(page, "a.term")
        page.locator(".term-close:visible").click()

        assert (opened, place_of(page, "a.term")) == (before, before)
        expect(note).not_to_be_in_viewport()


@pytest.mark.parametrize(("width", "columns"), [(1200, 2), (320, 1)])
def test_two_languages_stand_side_by_side_or_one_under_the_other(
    browser: Browser, here: Site, lesson: str, width: int, columns: int
) -> None:
    with officer_at(browser, here, "lo", viewport={"width": width, "height": 800}) as screen:
        screen.go(lesson)
        screen.page.select_option("#f-beside", "vi")
        with screen.page.expect_navigation():
            screen.page.locator(".beside-choice button").click()
        row = screen.page.locator(".beside-row").nth(2)
        boxes = row.evaluate(
            "row => [...row.children].map(one => one.getBoundingClientRect()).map(box => [box.x, box.y])"
        )
        (left, top), (right, below) = boxes

        assert screen.too_wide() == ""
        assert (right > left + 300, top == below) == ((True, True) if columns == 2 else (False, False))


def test_without_a_voice_of_this_machine_nothing_is_offered(browser: Browser, here: Site, lesson: str) -> None:
    far = '[{ lang: "en-US", localService: false }, { lang: "zh-HK", localService: true }]'
    shown = {}
    for name, script in (("none", ""), ("far", VOICES % far), ("local", VOICES % LOCAL)):
        for language in ("en", "zh_Hans", "km"):
            with officer_at(browser, here, language, script) as screen:
                screen.go(lesson)
                shown[name, language] = screen.page.locator("[data-read-aloud]").is_visible()

    assert {place for place, visible in shown.items() if visible} == {("local", "en"), ("local", "zh_Hans")}


def test_a_voice_that_comes_late_is_offered_too(browser: Browser, here: Site, lesson: str) -> None:
    with officer_at(browser, here, "en", VOICES % "[]") as screen:
        screen.go(lesson)
        expect(screen.page.locator("[data-read-aloud]")).to_be_hidden()
        screen.page.evaluate(f"() => {{ box.voices = {LOCAL}; box.changed(); }}")
        expect(screen.page.locator("[data-read-aloud]")).to_be_visible()


def test_a_lesson_is_read_block_by_block_and_goes_on_where_it_paused(browser: Browser, here: Site, lesson: str) -> None:
    with officer_at(browser, here, "en", VOICES % LOCAL, reduced_motion="reduce") as screen:
        screen.go(f"{lesson}?beside=km")
        page = screen.page
        marked = "() => [...document.querySelectorAll('.is-read')].map(one => one.id)"
        page.locator("[data-play]").click()
        at_first = page.evaluate(marked)
        page.evaluate("() => box.now.onend()")
        then = page.evaluate(marked)
        expect(page.locator(".is-read")).to_be_in_viewport()
        page.locator("[data-pause]").click()
        paused = page.evaluate(marked)
        expect(page.locator("[data-play]")).to_be_focused()
        page.evaluate("() => box.now.onend()")  # what was silenced may still say that it ended
        page.keyboard.press("Enter")
        again = page.evaluate(marked)
        page.locator("[data-stop]").click()
        page.locator("[data-play]").click()
        said = page.evaluate("() => box.said")

        assert (at_first, then, paused, again) == (["p1"], ["p2"], [], ["p2"])
        assert [text for text, _ in said] == [said[0][0], said[1][0], said[1][0], said[0][0]]
        assert {lang for _, lang in said} == {"en-US"}
        assert said[0][0] == page.locator("#p1").inner_text()
        assert page.locator("#p2 sup").count() > 0
        assert said[1][0] == " ".join(page.locator("#p2").evaluate(WITHOUT_CITATIONS).split())


@pytest.mark.parametrize("language", ["my", "km"])
def test_the_largest_letters_fit_the_narrowest_screen(browser: Browser, here: Site, lesson: str, language: str) -> None:
    with officer_at(browser, here, language) as screen:
        page = screen.page
        screen.go("/display")
        usual = page.evaluate("() => getComputedStyle(document.querySelector('main p')).fontSize")
        for field, value in (("size", "largest"), ("lines", "wider"), ("colours", "high-dark")):
            page.check(f"input[name={field}][value={value}]")
        with page.expect_navigation():
            page.locator("main form button.button").click()
        largest = page.evaluate("() => getComputedStyle(document.querySelector('main .card > p')).fontSize")
        paths = ("/display", "/courses", f"/courses/{COURSE}", lesson, f"{lesson}?beside=en", "/record", "/glossary")
        wide = {path: found for path in paths if screen.go(path) and (found := screen.too_wide())}
        ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        screen.go("/display")
        page.check("input[name=size][value=usual]")
        page.check("input[name=lines][value=usual]")
        page.check("input[name=colours][value=device]")
        with page.expect_navigation():
            page.locator("main form button.button").click()

        assert wide == {}
        assert float(largest.removesuffix("px")) > 1.5 * float(usual.removesuffix("px"))
        assert ground == "rgb(0, 0, 0)"
