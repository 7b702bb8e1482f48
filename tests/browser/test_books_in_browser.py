"""A book in the making, as Chromium shows it: the page follows by itself, with and without JavaScript, at 320 px."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from book_scenes import READ_ONLY, PaperPress, post_with
from browser_scenes import NARROW, Screen, chromium
from cast import officer
from playwright.sync_api import Browser, expect
from real_line import served
from web_scenes import Site

from elearn.app import create_app

URL = f"/courses/{READ_ONLY}/print/book"

pytestmark = pytest.mark.browser


class SteppedPress(PaperPress):
    """A press that lays out a page each time it is let."""

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)

    def book(self, book: Any, told: Any) -> bytes:
        for page in (1, 2, 3):
            told(page, 3)
            assert self.steps.acquire(timeout=60)
        return super().book(book, told)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(("scripts", "language"), [(True, "en"), (False, "my")])
def test_the_page_follows_the_book_until_it_can_be_opened(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, scripts: bool, language: str
) -> None:
    press = SteppedPress()
    node = post_with(tmp_path_factory.mktemp("post"), READ_ONLY, press=press)
    site = Site(node, create_app(node), {"officer": officer(node, language=language)})
    try:
        with served(node) as port:
            address = f"http://127.0.0.1:{port}"
            context = browser.new_context(viewport=NARROW, java_script_enabled=scripts)
            page = context.new_page()
            faults: list[str] = []
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            screen = Screen(page, address)
            screen.sign_in(site.number(site.people["officer"]))
            page.goto(address + URL)
            bar = page.locator("#book progress")
            for done in (1, 2, 3):
                expect(bar).to_have_attribute("value", str(done), timeout=30_000)
                press.steps.release()
            link = page.locator("#book a.button")
            expect(link).to_be_visible(timeout=30_000)
            assert f"{URL}.pdf" in (link.get_attribute("href") or "")
            assert page.locator("#book[data-follow]").count() == 0
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            if scripts:
                assert screen.too_wide() == ""
            assert faults == []
            context.close()
    finally:
        for _ in range(3):
            press.steps.release()
        node.store.close()
