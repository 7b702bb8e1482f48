"""Pictures of lessons: simple SVG line drawings whose words are filled in for each language.

A drawing stands in the page itself, not behind an address: only there do its labels have the page's fonts. So it may
hold shapes and nothing else; what could run, load or style is refused.
"""

import re
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
LABEL = re.compile(r"\{([a-z0-9]+(?:-[a-z0-9]+)*)\}")
MAX_BYTES = 60_000

_SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
_ATTRIBUTES = {
    *("viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points"),
    *("dx", "dy", "transform", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap"),
    *("stroke-linejoin", "stroke-dasharray", "stroke-opacity", "opacity", "text-anchor", "dominant-baseline"),
    *("font-size", "font-weight"),
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a drawing. code: of the finding; what: element, attribute or reason."""

    code: str
    what: str


@dataclass(frozen=True)
class Drawing:
    """A drawing read. labels: ids in it, in order; problems: why it may not be used."""

    labels: tuple[str, ...]
    problems: tuple[Problem, ...]
    view_box: str = ""


def read_drawing(svg: str) -> Drawing:
    """Return what is in a drawing and everything that is wrong with it."""
    root, problem = _parsed(svg)
    if root is None:
        return Drawing((), (problem,))
    problems = [found for element in root.iter() for found in _problems(element)]
    if not root.get("viewBox"):
        problems.append(Problem("picture.view-box", "viewBox"))
    texts = [text for element in root.iter() for text in (element.text or "", element.tail or "") if text.strip()]
    labels = [label for text in texts for label in LABEL.findall(text)]
    problems += [Problem("picture.words", text.strip()[:40]) for text in texts if not LABEL.fullmatch(text.strip())]
    return Drawing(tuple(dict.fromkeys(labels)), tuple(dict.fromkeys(problems)), root.get("viewBox", ""))


def drawn(svg: str, alternative: str, labels: dict[str, str], anchor: str) -> str:
    """Return the drawing as a figure of a page, with its words in one language. The drawing must have no problems."""
    shapes = drawn_alone(svg, alternative, labels)
    return f'<figure class="picture" id="{escape(anchor)}">{shapes}</figure>\n' if shapes else ""


def drawn_alone(svg: str, alternative: str, labels: dict[str, str]) -> str:
    """Return the drawing with its words in one language, ready to stand in a page; "" for what is no drawing."""
    root, _ = _parsed(svg)
    if root is None:
        return ""
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        if element.text and (match := LABEL.fullmatch(element.text.strip())):
            element.text = labels.get(match[1], "")
    root.set("role", "img")
    root.set("aria-label", alternative)
    return ET.tostring(root, encoding="unicode")


def _parsed(svg: str) -> tuple[ET.Element | None, Problem]:
    if len(svg.encode()) > MAX_BYTES:
        return None, Problem("picture.too-large", str(MAX_BYTES // 1000))
    # Entities could blow up a few bytes to gigabytes; a drawing needs none.
    if "<!" in svg.replace("<!--", ""):
        return None, Problem("picture.element", "<!")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - declarations are refused above
    except ET.ParseError as error:
        return None, Problem("picture.broken", str(error))
    if root.tag != f"{SVG}svg":
        return None, Problem("picture.broken", "not an SVG drawing")
    return root, Problem("", "")


def _problems(element: ET.Element) -> list[Problem]:
    name = element.tag.removeprefix(SVG)
    if name not in _SHAPES:
        return [Problem("picture.element", name[:40])]
    return [
        Problem("picture.attribute", f"{name} {attribute}"[:60])
        for attribute, value in element.attrib.items()
        if attribute not in _ATTRIBUTES or "url(" in value or "javascript:" in value.lower()
    ]
