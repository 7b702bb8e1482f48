"""Checking a certificate in a real browser: by camera, by picture, by keyboard alone, with and without JavaScript."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from browser_scenes import CHROMIUM, FLAGS
from cast import memory_node, officer, settings
from photo_scenes import on_a_table, page, saved, seen_from_the_side
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from real_line import served
from small_course import certificate_of, publish

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.core.credential.payload import decode, encode
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import certify
from elearn.services.node import Node

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}
NAME = "Soulisak Vongphachanh"
LEAVE = "--use-fake-ui-for-media-stream"
"""The person at the browser lets every page use the camera."""
CAMERA = "--use-fake-device-for-media-stream"
PLAIN_LINE = "Cross-Origin-Opener-Policy"
"""Browsers complain that this header means nothing on a plain line."""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    folder = tmp_path_factory.mktemp("verify")
    node = memory_node(phrases=GettextPhrases(settings(folder).translations, folder / "translations"))
    node.store.write(publish)
    yield node
    node.codes.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def address(post: Node) -> Iterator[str]:
    with served(post) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def number(post: Node) -> str:
    return certificate_of(post, officer(post, NAME))


@pytest.fixture(scope="module")
def payload(post: Node, number: str) -> str:
    return certify.certificate_page(post, number, "en").payload


@pytest.fixture
def photo(payload: str) -> dict[str, object]:
    """Return a photo of the certificate, as the browser is given files."""
    taken = saved(seen_from_the_side(on_a_table(page(payload))), quality=50)
    return {"name": "IMG_2417.JPG", "mimeType": "image/jpeg", "buffer": taken}


Launch = Callable[..., AbstractContextManager[Browser]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Launch]:
    """Return what starts a browser with more flags."""
    path = str(CHROMIUM) if CHROMIUM.exists() else None
    with sync_playwright() as playwright:

        @contextmanager
        def launched(*more: str) -> Iterator[Browser]:
            found = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more])
            yield found
            found.close()

        yield launched


@pytest.fixture(scope="module")
def browser(chromium: Launch) -> Iterator[Browser]:
    with chromium() as found:
        yield found


def film(folder: Path, picture: Image.Image) -> list[str]:
    """Return the flags that make the browser's camera show this picture."""
    shown = picture.resize((1280, round(picture.height * 1280 / picture.width / 2) * 2))
    path = folder / "film.mjpeg"
    path.write_bytes(saved(shown, quality=85) * 3)
    return [LEAVE, CAMERA, f"--use-file-for-fake-video-capture={path}"]


@contextmanager
def screen(browser: Browser, address: str, **more: object) -> Iterator[Page]:
    """Give the page on a narrow screen; afterwards the browser must have had nothing to complain of."""
    context: BrowserContext = browser.new_context(viewport=NARROW, locale="en", **more)  # type: ignore[arg-type]
    shown = context.new_page()
    shown.set_default_timeout(10_000)
    faults: list[str] = []
    shown.on("pageerror", lambda error: faults.append(f"script: {error}"))
    shown.on(
        "console",
        lambda said: faults.append(said.text) if said.type == "error" and PLAIN_LINE not in said.text else None,
    )
    try:
        shown.goto(f"{address}/verify")
        yield shown
    finally:
        context.close()
    assert faults == []


def wide(shown: Page) -> int:
    return int(shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def has_focus(shown: Page, selector: str) -> bool:
    return bool(shown.evaluate("selector => document.activeElement.matches(selector)", selector))


def test_the_camera_reads_a_certificate_and_the_answer_has_the_focus(
    chromium: Launch, address: str, payload: str, tmp_path: Path
) -> None:
    with chromium(*film(tmp_path, page(payload))) as browser, screen(browser, address) as shown:
        shown.get_by_role("button", name="Start the camera").click()
        expect(shown.locator(".verdict-valid")).to_contain_text(NAME)

        assert has_focus(shown, ".verdict")
        assert shown.locator("#f-typed").input_value() == ""  # room for the next one
        expect(shown.locator("video")).to_be_hidden()


def test_a_browser_that_reads_codes_itself_sends_no_frames(
    chromium: Launch, address: str, payload: str, tmp_path: Path
) -> None:
    reads = f"""class BarcodeDetector {{
        static async getSupportedFormats() {{ return ["qr_code"]; }}
        async detect(video) {{ return [{{ rawValue: "https://example.org" }}, {{ rawValue: {payload!r} }}]; }}
    }}
    window.BarcodeDetector = BarcodeDetector;"""
    sent: list[str] = []
    with chromium(*film(tmp_path, page())) as browser, screen(browser, address) as shown:
        shown.on("request", lambda request: sent.append(request.url))
        shown.add_init_script(reads)
        shown.reload()
        shown.get_by_role("button", name="Start the camera").click()
        expect(shown.locator(".verdict-valid")).to_contain_text(NAME)

    assert not [url for url in sent if url.endswith("/frame")]


def test_the_camera_tells_of_another_code_and_is_off_after_stop(chromium: Launch, address: str, tmp_path: Path) -> None:
    with chromium(*film(tmp_path, page("https://example.org/"))) as browser, screen(browser, address) as shown:
        start, stop = (shown.get_by_role("button", name=name) for name in ("Start the camera", "Stop"))
        start.focus()
        shown.keyboard.press("Enter")
        expect(shown.locator("[data-says]")).to_contain_text("not that of a certificate")
        expect(shown.locator("video")).to_be_visible()
        assert has_focus(shown, "[data-stop]")
        shown.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")
        assert shown.evaluate("window.track.readyState") == "live"
        shown.keyboard.press("Enter")

        expect(stop).to_be_hidden()
        expect(start).to_be_visible()
        expect(shown.locator("video")).to_be_hidden()
        assert shown.evaluate("window.track.readyState") == "ended"
        assert has_focus(shown, "[data-start]")
        start.dblclick()
        expect(shown.locator("[data-says]")).to_contain_text("not that of a certificate")
        expect(shown.locator("video")).to_be_visible()


def test_without_leave_or_without_a_camera_it_says_so(chromium: Launch, address: str) -> None:
    for flag, said in ((CAMERA, "does not let this page use the camera"), (LEAVE, "No camera was found.")):
        with chromium(flag) as browser, screen(browser, address) as shown:
            shown.get_by_role("button", name="Start the camera").click()
            expect(shown.locator("[data-says]")).to_contain_text(said)
            expect(shown.get_by_role("button", name="Start the camera")).to_be_visible()


def test_on_a_page_without_a_safe_address_it_says_so_and_a_picture_is_taken(
    chromium: Launch, address: str, photo: dict[str, object]
) -> None:
    port = address.rsplit(":", 1)[1]
    phone = {"has_touch": True, "is_mobile": True}
    with (
        chromium("--host-resolver-rules=MAP post.example 127.0.0.1") as browser,
        screen(browser, f"http://post.example:{port}", **phone) as shown,
    ):
        expect(shown.locator("[data-says]")).to_contain_text("only to pages with a safe address")
        expect(shown.get_by_role("button", name="Start the camera")).to_be_hidden()
        with shown.expect_file_chooser() as chooser:
            shown.get_by_text("Take a picture", exact=True).click()
        chooser.value.set_files(photo)  # type: ignore[arg-type]

        expect(shown.locator(".verdict-valid")).to_contain_text(NAME)


def test_a_phone_without_javascript_takes_a_picture_and_sends_it(
    address: str, browser: Browser, photo: dict[str, object]
) -> None:
    phone = {"has_touch": True, "is_mobile": True, "java_script_enabled": False}
    with screen(browser, address, **phone) as shown:
        expect(shown.locator("[data-camera]")).to_be_hidden()
        check = shown.locator("form:has(#photo) .buttons button")
        expect(check).to_be_hidden()
        shown.set_input_files("#photo", photo)  # type: ignore[arg-type]
        expect(check).to_be_visible()
        check.click()

        expect(shown.locator(".verdict-valid")).to_contain_text(NAME)


def test_a_machine_with_a_mouse_is_not_offered_the_phones_button(address: str, browser: Browser) -> None:
    with screen(browser, address) as shown:
        expect(shown.locator("#photo")).to_have_count(1)
        expect(shown.get_by_text("Take a picture", exact=True)).to_be_hidden()
    with screen(browser, address, has_touch=True, is_mobile=True) as shown:
        expect(shown.get_by_text("Take a picture", exact=True)).to_be_visible()


def test_a_file_is_sent_as_soon_as_it_is_chosen(address: str, browser: Browser, photo: dict[str, object]) -> None:
    with screen(browser, address) as shown:
        shown.set_input_files("#file", photo)  # type: ignore[arg-type]

        expect(shown.locator(".verdict-valid")).to_contain_text(NAME)
        assert has_focus(shown, ".verdict")


def test_on_paper_there_is_the_answer_and_nothing_to_fill_in(address: str, browser: Browser, payload: str) -> None:
    with screen(browser, address) as shown:
        shown.fill("#f-typed", payload)
        with shown.expect_navigation():
            shown.keyboard.press("Enter")
        shown.emulate_media(media="print")

        expect(shown.locator(".verdict-valid")).to_be_visible()
        assert shown.locator("main .card:visible, main form:visible").count() == 0


def test_the_keyboard_alone_checks_a_number(address: str, browser: Browser, number: str) -> None:
    with screen(browser, address) as shown:
        for _ in range(30):
            shown.keyboard.press("Tab")
            if has_focus(shown, "#f-typed"):
                break
        shown.keyboard.type(number.lower().replace("-", " "))
        with shown.expect_navigation():
            shown.keyboard.press("Enter")

        assert has_focus(shown, ".verdict")
        expect(shown.locator(".verdict-valid")).to_contain_text("S… V…")
        shown.keyboard.press("Tab")  # and on from there
        assert has_focus(shown, "main *")


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_answer_fits_the_narrowest_screen(
    address: str, browser: Browser, payload: str, number: str, language: str
) -> None:
    altered = encode(decode(payload).claims, lambda message: bytes(64))
    with screen(browser, address) as shown:
        shown.context.add_cookies([{"name": "elearn_language", "value": language, "url": address}])
        shown.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
        for typed, kind in ((payload, "valid"), (number, "valid"), (altered, "altered")):
            shown.goto(f"{address}/verify")
            assert wide(shown) <= 0
            shown.fill("#f-typed", typed)
            with shown.expect_navigation():
                shown.locator("form:has(#f-typed) button").click()
            expect(shown.locator(f".verdict-{kind}")).to_be_visible()
            assert wide(shown) <= 0
