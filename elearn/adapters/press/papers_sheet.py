"""From Papers to HTML: attendance list, answer sheets with their QR codes, booklets; each part in its own language."""

import base64
import io
import unicodedata
from functools import cache

import jinja2
import segno

from elearn.adapters.press.metrics import outside, used_families
from elearn.adapters.press.sheet import CHINESE, HERE, font_face, stack
from elearn.adapters.word_breaks import with_line_breaks
from elearn.core.paper.page import Papers
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES, SOURCE

LINES_A_COLUMN = 20
QR_BORDER, QR_SCALE = 4, 6


def papers_html(papers: Papers, style_sheets: tuple[str, ...] = ()) -> str:
    """Return the papers as HTML. style_sheets: to stand in it, for a browser; the press is given them beside.

    Raises Invalid("name.characters", characters=, text=) for characters outside the bundled fonts.
    """
    for text in papers.texts():
        if characters := outside(text):
            raise Invalid("name.characters", characters=characters, text=text)
    return _template().render(
        papers=papers,
        tag=lambda language: LANGUAGES[language].bcp47,
        t=lambda text, language: with_line_breaks(_clean(text), language),
        columns=_columns,
        qr=_qr,
        source=SOURCE,
        style_sheets=style_sheets,
    )


def papers_css(papers: Papers) -> tuple[str, ...]:
    """Return the style sheets of papers."""
    return (_css(), _fonts(papers.language))


def printable_papers(papers: Papers) -> str:
    """Return one self-contained page for a browser to print. Raises as `papers_html`."""
    used = used_families("".join(papers.texts()), stack(papers.language)) - {CHINESE}
    faces = [font_face(family, weight) for family in sorted(used) for weight in (400, 700)]
    return papers_html(papers, (_css(), *faces, _fonts(papers.language)))


def _columns(lines: tuple[str, ...]) -> list[list[tuple[int, str]]]:
    """Return the questions of an answer sheet, numbered, in columns as even as can be."""
    count = -(-len(lines) // LINES_A_COLUMN)
    tall = -(-len(lines) // count) if count else 0
    numbered = list(enumerate(lines, start=1))
    return [numbered[start : start + tall] for start in range(0, len(lines), tall or 1)]


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split())


@cache
def _fonts(language: str) -> str:
    """Return the families of every language: in one file there may be parts in all of them."""

    def names(tag: str) -> str:
        return ", ".join(f'"{name}"' for name in stack(tag)) + ', "PingFang SC", "Microsoft YaHei", sans-serif'

    rules = [f'[lang="{row.bcp47}"] {{ font-family: {names(tag)} }}' for tag, row in LANGUAGES.items()]
    return "\n".join(
        (f"@page {{ font-family: {names(SOURCE)} }}", f"body {{ font-family: {names(language)} }}", *rules)
    )


@cache
def _css() -> str:
    return (HERE / "papers.css").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("papers.html.j2")


def _qr(code: str) -> str:
    """Return the QR code of a sheet as a PNG data: address: the code itself, as a scanner types it into a field."""
    made, out = segno.make(code, error="m", boost_error=False, micro=False), io.BytesIO()
    made.save(out, kind="png", border=QR_BORDER, scale=QR_SCALE)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
