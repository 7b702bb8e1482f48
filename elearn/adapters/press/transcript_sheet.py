"""From a TranscriptPage to HTML: one template for the PDF and for a browser's printer; tables over as many pages as
they take."""

import unicodedata
from functools import cache

import jinja2

from elearn.adapters.press.metrics import outside, used_families
from elearn.adapters.press.sheet import CHINESE, HERE, font_face, stack
from elearn.adapters.word_breaks import with_line_breaks
from elearn.core.credential.transcript import TranscriptPage
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES, SOURCE


def transcript_html(page: TranscriptPage, style_sheets: tuple[str, ...] = ()) -> str:
    """Return the transcript as HTML. style_sheets: to stand in it, for a browser; the press is given them beside.

    Raises Invalid("name.characters", characters=, text=) for characters outside the bundled fonts.
    """
    for text in page.texts():
        if characters := outside(text):
            raise Invalid("name.characters", characters=characters, text=text)
    return _template().render(
        page=page,
        lang=LANGUAGES[page.language].bcp47,
        t=lambda text: with_line_breaks(_clean(text), page.language),
        style_sheets=style_sheets,
    )


def transcript_css(page: TranscriptPage) -> tuple[str, ...]:
    """Return the style sheets of a transcript."""
    return (_css(), _fonts(page.language))


def printable_transcript(page: TranscriptPage) -> str:
    """Return one self-contained page for a browser to print. Raises as `transcript_html`."""
    used = used_families("".join(page.texts()), stack(page.language)) - {CHINESE}
    faces = [font_face(family, weight) for family in sorted(used) for weight in (400, 700)]
    return transcript_html(page, (_css(), *faces, _fonts(page.language)))


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split())


@cache
def _fonts(language: str) -> str:
    def rule(place: str, tag: str) -> str:
        names = ", ".join(f'"{name}"' for name in stack(tag))
        return f'{place} {{ font-family: {names}, "PingFang SC", "Microsoft YaHei", sans-serif }}'

    page = ", ".join(f'"{name}"' for name in stack(SOURCE))
    return "\n".join((f"@page {{ font-family: {page} }}", rule("body", language), rule('[lang="en"]', SOURCE)))


@cache
def _css() -> str:
    return (HERE / "transcript.css").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("transcript.html.j2")
