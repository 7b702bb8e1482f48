"""A real Chromium on a narrow screen, and what it says of a page: how wide it is, whose glyphs, where labels lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answers import form_of
from cast import PIN
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright
from real_line import served

from elearn.core.learning.course import Question
from elearn.core.vocab.languages import LANGUAGES
from elearn.services.node import Node

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NARROW: ViewportSize = {"width": 320, "height": 640}
LATIN, CHINESE = "Noto Sans", "Noto Sans SC"

_TOO_WIDE = """() => {
    const over = document.scrollingElement.scrollWidth - innerWidth;
    if (over <= 0) return "";
    // What scrolls inside itself may be as wide as it likes.
    const inBox = one => one && one !== document.body
        && (getComputedStyle(one).overflowX !== "visible" || inBox(one.parentElement));
    const wide = [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > innerWidth && !inBox(one.parentElement))
        .map(one => one.tagName.toLowerCase() + (one.getAttribute("class") || "").replace(/^(?=.)/, "."));
    return `${over} px: ${wide.slice(0, 6).join(", ")}`;
}"""

# Texts sorted by what their glyphs depend on: language, family, weight, style.
_TEXTS = """() => {
    const found = new Map();
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode, around = text.parentElement;
        if (!text.data.trim() || around.closest("script, style")) continue;
        const style = getComputedStyle(around);
        const kind = [around.closest("[lang]").lang, style.fontFamily, style.fontWeight, style.fontStyle];
        const key = JSON.stringify(kind);
        if (!found.has(key)) found.set(key, [kind, []]);
        found.get(key)[1].push(text.data);
    }
    return [...found.values()].map(([kind, texts]) => [kind, texts.join(" ")]);
}"""

# The browser tells the fonts of an element and of its children, no deeper: so each kind of text gets one of its own.
_WRITE_TEXTS = """texts => {
    document.querySelector("#copies")?.remove();
    const box = document.createElement("section");
    box.id = "copies";
    for (const [[lang, family, weight, style], text] of texts) {
        const copy = document.createElement("div");
        copy.lang = lang;
        [copy.style.fontFamily, copy.style.fontWeight, copy.style.fontStyle] = [family, weight, style];
        copy.textContent = text;
        box.append(copy);
    }
    document.body.append(box);
    return document.fonts.ready.then(() => true);
}"""

_PICTURES = """() => [...document.querySelectorAll("figure.picture svg")].map(svg => {
    const view = svg.viewBox.baseVal, whole = svg.getCTM().inverse();
    const place = one => {
        const box = one.getBBox(), matrix = whole.multiply(one.getCTM());
        const corners = [[box.x, box.y], [box.x + box.width, box.y], [box.x, box.y + box.height],
            [box.x + box.width, box.y + box.height]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
        const xs = corners.map(one => one.x), ys = corners.map(one => one.y);
        return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    };
    const texts = [...svg.querySelectorAll("text")].filter(one => one.textContent.trim());
    return {
        alternative: svg.getAttribute("aria-label"),
        view: [view.x, view.y, view.x + view.width, view.y + view.height],
        labels: texts.map(one => [one.textContent.trim(), place(one)]),
        frames: [...svg.querySelectorAll("rect")].map(place),
    };
})"""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in units of the picture."""


@dataclass(frozen=True)
class Picture:
    """A drawing as it stands on a page. labels: (words, box); frames: boxes of its rectangles."""

    alternative: str
    view: Box
    labels: tuple[tuple[str, Box], ...]
    frames: tuple[Box, ...]

    def faults(self) -> list[str]:
        """Return what is wrong with its labels, a line each."""
        found = []
        for place, (words, box) in enumerate(self.labels):
            frame = min((one for one in self.frames if self._holds(one, box)), key=_area, default=self.view)
            if not _inside(box, self.view):
                found.append(f"{words!r} runs out of the picture")
            elif box[0] < frame[0] - 0.5 or box[2] > frame[2] + 0.5:
                found.append(f"{words!r} is wider than the box it stands in")
            found += [f"{words!r} lies on {other!r}" for other, at in self.labels[place + 1 :] if _on(box, at)]
        return found

    def _holds(self, frame: Box, label: Box) -> bool:
        # A rectangle as large as the picture is its ground, not a box for words.
        across, down = (label[0] + label[2]) / 2, (label[1] + label[3]) / 2
        there = frame[0] <= across <= frame[2] and frame[1] <= down <= frame[3]
        return there and _area(frame) < 0.8 * _area(self.view)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _inside(box: Box, view: Box) -> bool:
    return box[0] >= view[0] - 0.5 and box[1] >= view[1] - 0.5 and box[2] <= view[2] + 0.5 and box[3] <= view[3] + 0.5


def _on(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    # Boxes are as high as the script needs for its marks; lines of a label may share a third of that.
    return across > 1 and down > 0.35 * min(one[3] - one[1], other[3] - other[1])


Texts = dict[tuple[str, str, str, str], str]
"""(language, family, weight, style) -> everything written so."""


@dataclass(frozen=True)
class Seen:
    """A page as it was seen. wide: as `Screen.too_wide`."""

    wide: str
    pictures: list[Picture]
    texts: Texts


class Screen:
    """A narrow screen, and somebody at it once `sign_in` was called."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.send("DOM.enable")
        self._devtools.send("CSS.enable")

    def sign_in(self, number: str) -> None:
        """Sign in as whoever has this service number."""
        self.page.context.clear_cookies()
        self.go("/sign-in")
        self.page.fill("#f-service_number", number)
        self.page.fill("#f-pin", PIN)
        with self.page.expect_navigation():
            self.page.locator("form:has(#f-pin) button.button").click()

    def choose(self, language: str) -> None:
        """Have the pages in this language from now on."""
        self.page.context.add_cookies([{"name": "elearn_language", "value": language, "url": self.address}])

    def go(self, path: str) -> int:
        """Open a page and return its status."""
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        return answer.status

    def too_wide(self) -> str:
        """Return by how much the page scrolls sideways and because of what, "" if it does not."""
        return str(self.page.evaluate(f"document.fonts.ready.then({_TOO_WIDE})"))

    def look(self) -> Seen:
        """Return everything there is to see on the page, in one go."""
        wide, pictures, texts = self.page.evaluate(
            f"document.fonts.ready.then(() => [({_TOO_WIDE})(), ({_PICTURES})(), ({_TEXTS})()])"
        )
        return Seen(wide, [_picture(one) for one in pictures], {tuple(kind): text for kind, text in texts})

    def set_text_size(self, pixels: int) -> None:
        """Set the size of letters in the browser's own settings, as people with weak eyes do; 16 is usual."""
        self._devtools.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})

    def strangers(self, texts: Texts) -> list[str]:
        """Write texts at the end of the page; return the fonts that drew letters of them and are not the page's own."""
        kinds = list(texts)
        self.page.evaluate(_WRITE_TEXTS, [[kind, texts[kind]] for kind in kinds])
        root = self._devtools.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        copies = self._devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "#copies > div"})["nodeIds"]
        found = []
        for node, kind in zip(copies, kinds, strict=True):
            fonts = self._devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            found += [f"{kind[0]}: {font['familyName']}" for font in fonts if _strange(font, *kind[:2])]
        return found


def _picture(found: dict[str, Any]) -> Picture:
    labels = tuple((words, tuple(box)) for words, box in found["labels"])
    return Picture(found["alternative"], tuple(found["view"]), labels, tuple(map(tuple, found["frames"])))


def _strange(font: dict[str, Any], lang: str, stack: str) -> bool:
    row = next(one for one in LANGUAGES.values() if one.bcp47 == lang)
    if row.font == CHINESE:
        return False  # hanzi are drawn by whatever the reader's machine has, by design
    return font["familyName"] not in {LATIN, row.font} and "monospace" not in stack


def fill_in(page: Page, form: str, question: Question, shown: tuple[str, ...], response: list[str]) -> None:
    """Fill in a question of any kind as a person does. form: its selector; shown: the order things stand in."""
    fields: dict[str, Any] = form_of(question, shown, response)
    if question.kind in {"order", "match"}:
        # Places one after the other: what is put to the first place stays there.
        for name, value in sorted(fields.items(), key=lambda one: int(one[1])):
            page.locator(f"{form} select[name={name}]").select_option(value)
    elif question.kind in {"text", "number", "fillin"}:
        for place, text in enumerate(response):
            page.locator(f"{form} input[name=answer]").nth(place).fill(text)
    elif question.kind == "scenario":
        page.locator(f"{form} input[value={fields['answer']}]").check()
    else:
        for box in page.locator(f"{form} input[name=answer]").all():
            wanted = box.get_attribute("value") in response
            if wanted or box.get_attribute("type") == "checkbox":
                box.set_checked(wanted)


def shown_on(page: Page, form: str, question: Question, words: dict[str, Any]) -> tuple[str, ...]:
    """Return the keys of an order or of pairs as they stand on a page, found by their texts. words: of the question in
    the language of the page."""

    def keys(part: str, selector: str) -> list[str]:
        by_text = {text: key for key, text in words[part].items()}
        found = page.locator(f"{form} {selector}").all_text_contents()
        return [by_text[text.strip()] for text in found if text.strip() in by_text]

    if question.kind == "order":
        # The number of a line says where it stood at first; it may have been moved since.
        lines = page.locator(f"{form} select").evaluate_all("all => all.map(one => one.name.split('-')[1])")
        by_line = sorted(zip(map(int, lines), keys("options", ".part-text"), strict=True))
        return tuple(key for _, key in by_line)
    if question.kind == "match":
        targets = keys("targets", "select >> nth=0 >> option")
        return (*keys("options", "label"), *targets)
    return question.options


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser. One at a time: two do not run in one thread."""
    with sync_playwright() as playwright:
        # Playwright's own Chromium where the system has none.
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def narrow_screen(browser: Browser, node: Node) -> Iterator[Screen]:
    """Serve the node over HTTP and give a screen of 320 pixels."""
    with served(node) as port:
        context = browser.new_context(viewport=NARROW)
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield Screen(page, f"http://127.0.0.1:{port}")
        context.close()
