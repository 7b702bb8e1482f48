"""From a CeremonyList to HTML: a table for each unit over as many pages as it takes, large enough to be read aloud."""

import unicodedata
from functools import cache

import jinja2

from elearn.adapters.press.metrics import outside, used_families
from elearn.adapters.press.sheet import CHINESE, HERE, font_face, stack
from elearn.adapters.word_breaks import with_line_breaks
from elearn.core.credential.ceremony import CeremonyList
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES, SOURCE


def ceremony_html(ceremony: CeremonyList, style_sheets: tuple[str, ...] = ()) -> str:
    """Return the list as HTML. style_sheets: to stand in it, for a browser; the press is given them beside.

    Raises Invalid("name.characters", characters=, text=) for characters outside the bundled fonts.
    """
    for text in ceremony.texts():
        if characters := outside(text):
            raise Invalid("name.characters", characters=characters, text=text)
    return _template().render(
        page=ceremony,
        lang=LANGUAGES[ceremony.language].bcp47,
        t=lambda text: with_line_breaks(_clean(text), ceremony.language),
        style_sheets=style_sheets,
    )


def ceremony_css(ceremony: CeremonyList) -> tuple[str, ...]:
    """Return the style sheets of a list."""
    return (_css(), _fonts(ceremony.language))


def printable_ceremony(ceremony: CeremonyList) -> str:
    """Return one self-contained page for a browser to print. Raises as `ceremony_html`."""
    used = used_families("".join(ceremony.texts()), stack(ceremony.language)) - {CHINESE}
    faces = [font_face(family, weight) for family in sorted(used) for weight in (400, 700)]
    return ceremony_html(ceremony, (_css(), *faces, _fonts(ceremony.language)))


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
    return (HERE / "ceremony.css").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("ceremony.html.j2")
