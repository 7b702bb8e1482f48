"""A lesson in two languages, paragraph beside paragraph: p7 is the same paragraph in each, so p7 stands beside p7.

Lists are taken apart, each item a row of its own. The second text has no citations (they stand in the first, whose
sources are on the page) and ids of its own, for an id may be on a page only once.
"""

import re
from dataclasses import dataclass

from elearn.core.content.markup import Piece, pieces

_LISTS = {"ul", "ol"}
_CITATION = re.compile(r'<sup class="cite">.*?</sup>')
_OWN_ID = re.compile(r'\b(id|aria-labelledby)="([^"]+)"')


@dataclass(frozen=True)
class Row:
    """One paragraph twice. anchor: of the block, "" of what is none; first, second: HTML, "" where one has none."""

    anchor: str
    first: str
    second: str


def beside(first: str, second: str, name: str) -> list[Row]:
    """Return the rows of two pages of one lesson, in the order of the first.

    first, second: HTML as `page.make_page` gives it, the first also with its terms linked; name: put before the
    ids of the second, for example its language. What only the second has comes last.
    """
    others = _blocks(_CITATION.sub("", second))
    rows = []
    for anchor, html in _blocks(first).items():
        rows.append(Row(anchor, html, _renamed(others.pop(anchor, ""), name)))
    return rows + [Row(anchor, "", _renamed(html, name)) for anchor, html in others.items()]


def _renamed(html: str, name: str) -> str:
    return "".join(
        _OWN_ID.sub(rf'\1="{name}-\2"', piece.written) if piece.tag else piece.written for piece in pieces(html)
    )


def _blocks(html: str) -> dict[str, str]:
    """Return anchor -> HTML of each block, in order. What has no anchor goes with the block before it."""
    found: dict[str, str] = {}
    anchor = ""
    for block in _Cutter().cut(html):
        anchor = next((piece.anchor for piece in pieces(block) if piece.anchor), anchor)
        found[anchor] = found.get(anchor, "") + block
    return found


class _Cutter:
    """Cuts a page at its outermost elements, and a list at its items, each in a list of its own again."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.open: list[str] = []
        self.depth = 0
        self.list = ""
        self.number = 1

    def cut(self, html: str) -> list[str]:
        """Return the parts; only what stands between elements and is blank is lost."""
        for piece in pieces(html):
            if self.depth == 0 and piece.tag in _LISTS and piece.step == 1:
                self._begin_list(piece)
            elif self.list and self.depth == 0 and piece.tag == self.list:
                self.list = ""
            else:
                self._take(piece)
        return self.done

    def _begin_list(self, piece: Piece) -> None:
        self.list = piece.tag
        start = re.search(r'\bstart="(\d+)"', piece.written)
        self.number = int(start[1]) if start else 1

    def _take(self, piece: Piece) -> None:
        self.open.append(piece.written)
        self.depth += piece.step
        if self.depth == 0:
            self._end("".join(self.open))
            self.open = []

    def _end(self, html: str) -> None:
        if not html.strip():
            return
        if self.list:
            start = f' start="{self.number}"' if self.list == "ol" and self.number > 1 else ""
            html = f"<{self.list}{start}>{html}</{self.list}>"
            self.number += 1
        self.done.append(html)
