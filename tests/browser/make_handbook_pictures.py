"""Makes the pictures of the handbook course in each language, from an invented post: phone pages, parts of wide ones.

    python tests/browser/make_handbook_pictures.py [language ...]

Run by hand when the pages or their words change. Needs Chromium, as the browser tests do.
"""

import base64
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).resolve().parent)]

from handbook_scene import DAMAGED, HALF_READ, TRANSLATED, Scene, scene  # noqa: E402

from elearn.core.vocab.languages import LANGUAGES  # noqa: E402
from elearn.services.demonstration import PIN  # noqa: E402

TARGET = ROOT / "courses" / "handbook"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
PHONE, SHEET, WIDE = 390, 680, 860
QUALITY = 70
MARGIN = 10
LARGEST_BYTES = 60_000
OFFICER, TRAINER, COORDINATOR, ADMINISTRATOR = "DEMO-OFFICER", "DEMO-TRAINER", "DEMO-COORD", "DEMO-ADMIN"
OFFICERS = """service_number;name;sex;rank_band
DEMO-2001;Boun;male;junior
DEMO-2002;Thiri;female;middle
DEMO-2003;Kyaw;male;junior
DEMO-OFFICER;Sokha;female;middle
"""


@dataclass(frozen=True)
class Shot:
    """One picture. by: service number, "" = nobody signed in; top, bottom: selectors of what it begins and ends with.

    act: what is done on the page first; margin: px above and below.
    """

    id: str
    by: str
    width: int
    path: str
    top: str
    bottom: str
    act: Callable[[Page], None] | None = None
    margin: int = MARGIN


def main(languages: list[str]) -> None:
    """Take every picture in every language asked for, all if none is."""
    unknown = [tag for tag in languages if tag not in LANGUAGES]
    if unknown:
        raise SystemExit(f"Not known: {' '.join(unknown)}. Languages: {' '.join(LANGUAGES)}")
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder)) as made, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        pages = {by: _page(browser, made, by) for by in ("", OFFICER, TRAINER, COORDINATOR, ADMINISTRATOR)}
        for tag in languages or list(LANGUAGES):
            for page in pages.values():
                page.context.add_cookies([{"name": "elearn_language", "value": tag, "url": made.base}])
            attempt, question = made.exam(tag)
            for shot in _of_officers(made, f"/sittings/{attempt}?question={question}"):
                _take(pages[shot.by], made, shot, tag)
            made.hand_in(attempt)
            for shot in (_result(attempt), *_of_staff()):
                _take(pages[shot.by], made, shot, tag)
        browser.close()


def _of_officers(made: Scene, sitting: str) -> tuple[Shot, ...]:
    return (
        Shot("sign-in", "", PHONE, "/sign-in", "ul.language-choice", "main > p.small"),
        Shot("person-menu", OFFICER, PHONE, "/courses", "header.bar", ".menu-person .menu-list", _open_menu, 0),
        Shot("course-path", OFFICER, PHONE, f"/courses/{HALF_READ}", "ol.steps", "ol.steps"),
        Shot("exam-question", OFFICER, PHONE, sitting, ".question-head", ".answered-map"),
        Shot("my-record", OFFICER, PHONE, "/record", "main > h1", "main > section.card"),
        Shot("certificate-check", "", PHONE, "/verify", "main > h1", ".verdict", _typed(made.certificate)),
    )


def _result(attempt: str) -> Shot:
    return Shot("exam-result", OFFICER, PHONE, f"/results/{attempt}", ".verdict", "section.card-next")


def _of_staff() -> tuple[Shot, ...]:
    workshop = "/workshop/"
    return (
        Shot("checker-findings", TRAINER, SHEET, workshop + DAMAGED, "main > h1", "main > section.card"),
        Shot("translation-states", TRAINER, WIDE, workshop + TRANSLATED, ".table-stack", ".table-stack"),
        Shot("figures-headline", COORDINATOR, SHEET, "/figures", "main > h1", "ul.headline"),
        Shot("sheet-preview", ADMINISTRATOR, SHEET, "/officers/import", "main > h1", "main form .buttons", _sheet),
        Shot("exchange-page", ADMINISTRATOR, SHEET, "/exchange", "main > section.card", "main > section.card"),
    )


def _page(browser: Browser, made: Scene, by: str) -> Page:
    context = browser.new_context(viewport={"width": PHONE, "height": 780}, color_scheme="light", locale="en")
    page = context.new_page()
    if by:
        page.goto(f"{made.base}/sign-in")
        page.fill("#f-service_number", by)
        page.fill("#f-pin", PIN)
        page.click("main .card button.button")
        page.wait_for_url(lambda address: not address.endswith("/sign-in"))
    return page


def _take(page: Page, made: Scene, shot: Shot, tag: str) -> None:
    page.set_viewport_size({"width": shot.width, "height": 780})
    page.goto(made.base + shot.path)
    if shot.act:
        shot.act(page)
    # No blinking cursor; nothing half loaded.
    page.evaluate("async () => { document.activeElement.blur(); await document.fonts.ready; }")
    data = _captured(page, _clip(page, shot))
    target = TARGET / tag / "pictures" / f"{shot.id}.webp"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    note = "  LARGE" if len(data) > LARGEST_BYTES else ""
    print(f"{target.relative_to(ROOT)}: {len(data) / 1024:.0f} KB{note}")


def _clip(page: Page, shot: Shot) -> dict[str, float]:
    scrolled = float(page.evaluate("window.scrollY"))
    first, last = page.locator(shot.top).first.bounding_box(), page.locator(shot.bottom).first.bounding_box()
    if first is None or last is None:
        raise SystemExit(f"{shot.id}: {shot.top} or {shot.bottom} is not on {shot.path}")
    begin = max(0.0, first["y"] + scrolled - shot.margin)
    end = last["y"] + last["height"] + scrolled + shot.margin
    return {"x": 0, "y": begin, "width": shot.width, "height": end - begin, "scale": 1}


def _captured(page: Page, clip: dict[str, float]) -> bytes:
    session = page.context.new_cdp_session(page)
    wanted = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    data = base64.b64decode(session.send("Page.captureScreenshot", wanted)["data"])
    session.detach()
    return data


def _open_menu(page: Page) -> None:
    page.click(".menu-person summary")


def _typed(number: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.fill("#f-typed", number)
        page.locator("main form:has(#f-typed) button").click()
        page.wait_for_selector(".verdict")

    return act


def _sheet(page: Page) -> None:
    sheet = {"name": "officers.csv", "mimeType": "text/csv", "buffer": OFFICERS.encode()}
    page.set_input_files("#sheet", sheet)  # type: ignore[arg-type]
    page.click("main form button.button")
    page.wait_for_selector("dl.facts")


if __name__ == "__main__":
    main(sys.argv[1:])
