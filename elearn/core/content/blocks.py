"""A lesson's Markdown as blocks: what a reader can be sent to, and what is compared between languages.

CommonMark with GFM tables. A block is a heading, a paragraph, one item of a list, a whole table or a whole scenario
(blockquote). Blocks are numbered p1..pn in reading order, so that p7 is the same paragraph in every language.
"""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_PICTURE = re.compile(r"picture:([a-z0-9]+(?:-[a-z0-9]+)*)")
FILLED = "[!country filled]"
BOXES = {"[!country]": "country", FILLED: "country", "[!jobaid]": "job-aid"}
"""What the first line of a blockquote may say, and the kind of box it becomes; without it, it is a scenario. FILLED: a
focal point has written what the box asks for."""

_MARKER = re.compile(r"\[\^([a-z0-9-]{1,64})\]")


@dataclass(frozen=True)
class Block:
    """kind: h2, p, ul, ol, table 3x2, aside, country, job-aid, picture:<id>, code, rule or html.

    line: of the file, from 1; text: plain; prose: the same without code, which stays English; markers: facts cited,
    in order; bold: number of bold parts; source: its lines as written.
    """

    anchor: str
    kind: str
    line: int
    text: str
    prose: str
    markers: tuple[str, ...]
    bold: int
    source: str

    @property
    def heading(self) -> bool:
        """Tell whether it is a heading of any level."""
        return bool(re.fullmatch(r"h[1-6]", self.kind))


@dataclass(frozen=True)
class Oddity:
    """Something lessons do not take. code: of the finding; details: for its sentence."""

    code: str
    line: int
    details: dict[str, Any]


@dataclass
class Reading:
    """A lesson read. tokens: markdown-it's, with ids set; oddities: what is not taken."""

    tokens: list[Token]
    blocks: list[Block] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)


def read_lesson(markdown: str) -> Reading:
    """Return the blocks of a lesson and everything in it that lessons do not take."""
    tokens = parser().parse(markdown)
    reading = Reading(tokens)
    lines = markdown.split("\n")
    position = 0
    while position < len(tokens):
        end = _end(tokens, position)
        if _starts_block(tokens[position]):
            _add_block(reading, position, end, lines)
        position = position + 1 if tokens[position].type in _LISTS else end
    for token in tokens:
        _note_oddities(reading, token)
    return reading


@lru_cache(maxsize=64)
def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Return the blocks alone. The lessons of one course are kept: several rules look at each."""
    return tuple(read_lesson(markdown).blocks)


@cache
def parser() -> MarkdownIt:
    """Return the one parser. Raw HTML is recognised in order to be refused; link definitions are plain text."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table").disable("reference")
    markdown.inline.ruler.before("link", "cite", _cite)
    return markdown


def _cite(state: StateInline, silent: bool) -> bool:
    match = _MARKER.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("cite", "sup", 0).meta = {"fact": match[1]}
    state.pos = match.end()
    return True


_LISTS = {"bullet_list_open", "ordered_list_open", "bullet_list_close", "ordered_list_close"}
_KINDS = {
    "paragraph_open": "p",
    "blockquote_open": "aside",
    "list_item_open": "ul",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "hr": "rule",
    "html_block": "html",
}


def _starts_block(token: Token) -> bool:
    return token.type in _KINDS or token.type == "heading_open"


def _end(tokens: list[Token], start: int) -> int:
    """Return the index after the token that closes this one."""
    if tokens[start].nesting != 1:
        return start + 1
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def _add_block(reading: Reading, start: int, end: int, lines: list[str]) -> None:
    token = reading.tokens[start]
    inside = reading.tokens[start:end]
    inlines = [child for part in inside if part.type == "inline" for child in part.children or []]
    first, after = token.map or [0, 0]
    anchor = f"p{len(reading.blocks) + 1}"
    token.attrSet("id", anchor)
    kind = _kind(token, inside)
    token.meta = {**token.meta, "kind": kind}
    nested = {"table_open"} if kind in BOXES.values() else {"table_open", *_LISTS}
    if any(part.type in nested for part in inside[1:]):
        reading.oddities.append(Oddity("lesson.nested", first + 1, {}))
    reading.blocks.append(
        Block(
            anchor=anchor,
            kind=kind,
            line=first + 1,
            text=_text_of(inside),
            prose=_text_of(inside, code="`"),
            markers=tuple(child.meta["fact"] for child in inlines if child.type == "cite"),
            bold=sum(child.type == "strong_open" for child in inlines),
            source="\n".join(lines[first:after]).strip(),
        )
    )


def _kind(token: Token, inside: list[Token]) -> str:
    if token.type == "heading_open":
        return token.tag
    if token.type == "list_item_open":
        return "ul" if token.markup in "-*+" else "ol"
    if token.type == "blockquote_open":
        return _box(inside)
    if token.type == "paragraph_open":
        return _picture(inside) or "p"
    if token.type == "table_open":
        rows = sum(part.type == "tr_open" for part in inside)
        columns = sum(part.type == "th_open" for part in inside)
        return f"table {rows}x{columns}"
    return _KINDS[token.type]


def _box(inside: list[Token]) -> str:
    """Return the kind of box a blockquote is, taking the mark that says so out of its words."""
    first = next((part for part in inside if part.type == "inline"), None)
    words = (first.children or []) if first else []
    mark = words[0].content.strip().lower() if words and words[0].type == "text" else ""
    kind = BOXES.get(mark, "")
    if not first or not kind:
        return "aside"
    inside[0].meta = {**inside[0].meta, "filled": mark == FILLED}
    first.children = words[2:] if len(words) > 1 and words[1].type in {"softbreak", "hardbreak"} else words[1:]
    return kind


def _picture(inside: list[Token]) -> str:
    """Return ``picture:<id>`` for a paragraph that is one drawing of the course and nothing else, else ""."""
    children = [child for part in inside if part.type == "inline" for child in part.children or []]
    if len(children) != 1 or children[0].type != "image":
        return ""
    address = str(children[0].attrGet("src"))
    return address if _PICTURE.fullmatch(address) else ""


def _text_of(inside: list[Token], code: str | None = None) -> str:
    """Return the plain text: paragraphs by blanks, cells by dashes, rows by semicolons. code: as in plain()."""
    pieces: list[str] = []
    for index, part in enumerate(inside):
        if part.type == "inline":
            pieces += [_joint(inside, index) if pieces else "", plain(part.children or [], code)]
    return "".join(pieces).strip()


def _joint(inside: list[Token], index: int) -> str:
    if inside[index - 1].type not in {"td_open", "th_open"}:
        return " "
    return "; " if inside[index - 2].type == "tr_open" else " – "


def plain(children: list[Token], code: str | None = None) -> str:
    """Return the words of an inline text, without markers and emphasis. code: what to write instead of code."""
    words = []
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            words.append(" ")
        elif child.type == "code_inline" and code is not None:
            words.append(code)
        elif child.type != "cite":
            words.append(child.content)
    return "".join(words)


def _note_oddities(reading: Reading, token: Token) -> None:
    line = (token.map or [0])[0] + 1
    if token.type in {"fence", "code_block"}:
        reading.oddities.append(Oddity("lesson.code", line, {}))
    elif token.type == "html_block":
        reading.oddities.append(Oddity("text.html", line, {"html": token.content.strip()[:40]}))
    elif token.type == "inline":
        for child in token.children or []:
            if child.type in {"softbreak", "hardbreak"}:
                line += 1
            _note_inline(reading, child, line)


def _note_inline(reading: Reading, child: Token, line: int) -> None:
    if child.type == "html_inline":
        reading.oddities.append(Oddity("text.html", line, {"html": child.content[:40]}))
    elif child.type == "link_open":
        address = str(child.attrGet("href"))
        outside = re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE)
        code = "lesson.link-outside" if outside else "lesson.link"
        reading.oddities.append(Oddity(code, line, {"address": address[:80]}))
    elif child.type == "image" and not _PICTURE.fullmatch(str(child.attrGet("src"))):
        reading.oddities.append(Oddity("lesson.image", line, {"address": str(child.attrGet("src"))[:80]}))
        if not child.content.strip():
            reading.oddities.append(Oddity("lesson.image-no-words", line, {}))
    elif child.type == "text" and "[^" in child.content:
        for broken in re.findall(r"\[\^[^\]]{0,40}\]?", child.content):
            reading.oddities.append(Oddity("markers.broken", line, {"marker": broken}))
