"""From a Book to HTML: one template for the PDF and for a browser's printer, its words with line breaks put in.

Unlike a certificate nothing is measured: text runs on over as many pages as it takes.
"""

import re
import unicodedata
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from elearn.adapters.press.breaking import broken_html
from elearn.adapters.press.metrics import used_families
from elearn.adapters.press.sheet import CHINESE, HERE, font_face, stack
from elearn.adapters.word_breaks import with_line_breaks
from elearn.core.book.book import PAGE, PAGES, Book
from elearn.core.vocab.languages import LANGUAGES, SOURCE

_SRC = re.compile(r'\ssrc="[^"]*"')
SIGNS_A_PAGE = 2300
"""Of HTML, at a guess; only the bar of progress goes by it."""


def book_html(book: Book, style_sheets: tuple[str, ...] = ()) -> str:
    """Return the book as HTML. style_sheets: to stand in it, for a browser; the press is given them beside."""
    return _template(f"{book.kind.replace('-', '_')}.html.j2").render(
        book=book,
        words=book.words,
        lang=LANGUAGES[book.language].bcp47,
        t=lambda text: with_line_breaks(_clean(text), book.language),
        body=lambda html, language: Markup(broken_html(_drawings(html, language), language)),  # noqa: S704 - compiled
        source=SOURCE,
        style_sheets=style_sheets,
    )


def book_css(book: Book) -> tuple[str, ...]:
    """Return the style sheets of a book: common rules, fonts by language, heads and feet of its pages."""
    return (_css("book.css"), _fonts(book.language), _margins(book))


def printable_book(book: Book) -> str:
    """Return one self-contained page for a browser to print; page numbers are the browser's own business."""
    html = book_html(book)
    faces = [
        font_face(family, weight)
        for family in sorted(used_families(html, stack(book.language)) - {CHINESE})
        for weight in (400, 700)
    ]
    return book_html(book, (_css("book.css"), *faces, _fonts(book.language)))


def pages_at_a_guess(book: Book) -> int:
    """Return about how many pages it will have."""
    signs = sum(len(_SRC.sub("", html)) for html in book.bodies())
    pictures = sum(len(_SRC.findall(html)) for html in book.bodies())
    return 3 + len(book.chapters) // 2 + len(book.aids) + signs // SIGNS_A_PAGE + pictures // 2


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split())


def _drawings(html: str, language: str) -> str:
    """Say in each drawing which fonts its words are in: a drawing takes none from the page around it."""
    names = ", ".join(stack(language))
    return html.replace("<svg ", f'<svg font-family="{names}" ')


def _margins(book: Book) -> str:
    """Return the heads and feet: course and lesson above, page x of y below on the outer side, mirrored for both sides
    of a sheet."""
    pieces = re.split(f"([{PAGE}{PAGES}])", book.words.page_of)
    numbers = {PAGE: "counter(page)", PAGES: "counter(pages)"}
    page_of = " ".join(numbers.get(piece) or _css_text(piece) for piece in pieces if piece)
    head = _css_text(_clean(f"{book.code} · {book.title}"))
    foot = _css_text(_clean(" · ".join(part for part in (book.watermark, book.issuer) if part)))
    return f"""
@page {{ font-family: {_families(book.language)} }}
@page :right {{ @top-left {{ content: {head} }} @top-right {{ content: string(lesson) }}
  @bottom-left {{ content: {foot} }} @bottom-right {{ content: {page_of} }} }}
@page :left {{ @top-right {{ content: {head} }} @top-left {{ content: string(lesson) }}
  @bottom-right {{ content: {foot} }} @bottom-left {{ content: {page_of} }} }}
"""


def _css_text(text: str) -> str:
    """Return a CSS string. Everything but letters, digits and blanks is written by its number."""
    return '"' + "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text) + '"'


def _families(language: str) -> str:
    return ", ".join(f'"{name}"' for name in stack(language))


@cache
def _fonts(language: str) -> str:
    others = '"PingFang SC", "Microsoft YaHei", sans-serif'

    def rule(place: str, tag: str) -> str:
        return f"{place} {{ font-family: {_families(tag)}, {others} }}"

    return "\n".join((rule("body", language), rule('[lang="en"]', SOURCE)))


@cache
def _css(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Any:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
