"""A lesson's Markdown to the HTML that is served, with its search passages and the facts it cites.

Headings start at h2 (the lesson's title is the page's h1). Safe by two means: raw HTML is escaped before rendering,
and what was rendered passes nh3 with a list of what may stay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from elearn.core.content.blocks import Reading, parser, read_lesson

PAGE_FORM = 3
"""Raised when the same Markdown gives other HTML: pages already stored are then made again."""

_TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "aside", "div", "blockquote", "hr", "br", "pre"),
    *("figure", "table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "code", "sup", "a"),
}
_ATTRIBUTES = {
    "*": {"id"},
    "div": {"class", "role", "tabindex", "aria-labelledby"},
    "aside": {"class"},
    "p": {"class"},
    "sup": {"class"},
    "a": {"href"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
}


Figure = Callable[[str, str], str]


def no_figure(_picture: str, _anchor: str) -> str:
    """Return nothing: a page without its drawings."""
    return ""


@dataclass(frozen=True)
class Page:
    """html: of the body; passages: [{anchor, title, text}]; cited: fact ids, numbered 1.. in order of first citing."""

    html: str
    passages: list[dict[str, str]]
    cited: list[str]


COUNTRY_TITLE = '<p class="country-title"></p>'
COUNTRY_FILLED = '<p class="country-title country-filled"></p>'
"""Where a country box has its heading, still empty or filled in: put in by the page, in the reader's language."""


def make_page(markdown: str, title: str, figure: Figure = no_figure) -> Page:
    """Return the page of one lesson in one language.

    title: of the lesson, for passages before the first heading; figure: (picture id, anchor) -> safe HTML of the
    drawing in this language, put in after everything else was cleaned.
    """
    reading = read_lesson(markdown)
    cited = list(dict.fromkeys(fact for block in reading.blocks for fact in block.markers))
    _prepare(reading)
    html = _Renderer(parser()).render(reading.tokens, parser().options, {"cited": cited})
    return Page(_with_figures(_safe(html), reading, figure), _passages(reading, title), cited)


def _with_figures(html: str, reading: Reading, figure: Figure) -> str:
    for block in reading.blocks:
        kind, _, picture = block.kind.partition(":")
        if kind == "picture":
            html = html.replace(f'<figure id="{block.anchor}"></figure>', figure(picture, block.anchor))
    return html


def _passages(reading: Reading, title: str) -> list[dict[str, str]]:
    passages = []
    for block in reading.blocks:
        if block.heading:
            title = block.text
        elif block.text:
            passages.append({"anchor": block.anchor, "title": title, "text": block.text})
    return passages


def _prepare(reading: Reading) -> None:
    """Turn scenarios into asides, clamp headings, give tables the id of the heading they belong to."""
    heading = ""
    for token in reading.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
            heading = str(token.attrGet("id") or heading)
        elif token.type in {"blockquote_open", "blockquote_close"}:
            token.tag = "aside"
            if token.nesting == 1:
                kind = token.meta.get("kind", "aside")
                token.attrSet("class", "scenario" if kind == "aside" else kind)
        elif token.type == "table_open":
            token.meta = {"heading": heading}
        elif token.type in {"th_open", "td_open"}:
            _cell(token)


def _cell(token: Token) -> None:
    # Alignment comes as an inline style, which the pages' content security policy refuses: a class instead.
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrSet("class", style.replace("text-align:", "align-"))
    if token.type == "th_open":
        token.attrSet("scope", "col")


class _Renderer(RendererHTML):
    """Renders our own tokens: markers, tables in a scrolling box, raw HTML as text."""

    def cite(self, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
        number = env["cited"].index(tokens[index].meta["fact"]) + 1
        return f'<sup class="cite"><a href="#s{number}">{number}</a></sup>'

    def table_open(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        token = tokens[index]
        heading = token.meta.get("heading")
        # A box that scrolls must be reachable by keyboard, and then it needs a name.
        named = f' role="region" tabindex="0" aria-labelledby="{heading}"' if heading else ' tabindex="0"'
        return f'<div class="table-scroll" id="{token.attrGet("id") or ""}"{named}>\n<table>\n'

    def table_close(self, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
        return "</table>\n</div>\n"

    def html_block(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        token = tokens[index]
        return f'<p id="{token.attrGet("id") or ""}">{escape(token.content.strip())}</p>\n'

    def html_inline(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        return escape(tokens[index].content)

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        opening = str(self.renderToken(tokens, index, options, env))
        if tokens[index].meta.get("kind") != "country":
            return opening
        return opening + (COUNTRY_FILLED if tokens[index].meta.get("filled") else COUNTRY_TITLE)

    def paragraph_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        if str(tokens[index].meta.get("kind", "")).startswith("picture:"):
            return f'<figure id="{tokens[index].attrGet("id")}">'
        return str(self.renderToken(tokens, index, options, env))

    def paragraph_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        # The opening of a paragraph stands two tokens before its end.
        if str(tokens[index - 2].meta.get("kind", "")).startswith("picture:"):
            return "</figure>\n"
        return str(self.renderToken(tokens, index, options, env))

    def image(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        if str(tokens[index].attrGet("src")).startswith("picture:"):
            return ""
        return escape(tokens[index].content)

    def link_open(self, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
        return ""

    def link_close(self, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
        return ""


def _safe(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(), link_rel=None)
