"""From a page of tables to HTML (a transcript, the list of a ceremony): one template for the PDF and for a browser's
printer, over as many pages as it takes."""

import unicodedata
from functools import cache
from typing import Protocol

import jinja2

from elearn.adapters.press.metrics import outside, used_families
from elearn.adapters.press.sheet import CHINESE, HERE, font_face, stack
from elearn.adapters.word_breaks import with_line_breaks
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES, SOURCE


class Tables(Protocol):
    """What is set: put into words already."""

    @property
    def language(self) -> str:
        """Return the tag of the local words."""
        ...

    def texts(self) -> list[str]:
        """Return every text that is printed."""
        ...


def tables_html(page: Tables, name: str, style_sheets: tuple[str, ...] = ()) -> str:
    """Return the page as HTML. name: of its template; style_sheets: to stand in it, for a browser; the press is given
    them beside.

    Raises Invalid("name.characters", characters=, text=) for characters outside the bundled fonts.
    """
    for text in page.texts():
        if characters := outside(text):
            raise Invalid("name.characters", characters=characters, text=text)
    return _template(name).render(
        page=page,
        lang=LANGUAGES[page.language].bcp47,
        t=lambda text: with_line_breaks(_clean(text), page.language),
        style_sheets=style_sheets,
    )


def tables_css(page: Tables, name: str) -> tuple[str, ...]:
    """Return the style sheets of a page."""
    return (_css(name), _fonts(page.language))


def printable_tables(page: Tables, name: str) -> str:
    """Return one self-contained page for a browser to print. Raises as `tables_html`."""
    used = used_families("".join(page.texts()), stack(page.language)) - {CHINESE}
    faces = [font_face(family, weight) for family in sorted(used) for weight in (400, 700)]
    return tables_html(page, name, (_css(name), *faces, _fonts(page.language)))


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
def _css(name: str) -> str:
    return (HERE / f"{name}.css").read_text(encoding="utf-8")


@cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template(f"{name}.html.j2")
