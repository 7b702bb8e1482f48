"""The stored HTML of a lesson, cut at its tags: enough to find its words and its blocks again, for it is our own."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# A ">" may stand in the value of an attribute.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ID = re.compile(r'\bid="([^"]*)"')
_NEVER_CLOSED = {"br", "hr", "img"}


class Piece(NamedTuple):
    """written: as in the HTML; tag: name of the element in small letters, "" for text between tags; step: how much
    deeper the piece leads, 1 a start tag, -1 an end tag, 0 text and what needs no end."""

    written: str
    tag: str
    step: int

    @property
    def anchor(self) -> str:
        """Return the id of a start tag, "" if it has none."""
        found = _ID.search(self.written) if self.tag else None
        return found[1] if found else ""


def pieces(html: str) -> Iterator[Piece]:
    """Yield tags and what stands between them, in order; joined they are the HTML."""
    at = 0
    for found in _TAG.finditer(html):
        if at < found.start():
            yield Piece(html[at : found.start()], "", 0)
        tag = found[2].lower()
        alone = tag in _NEVER_CLOSED or found[3].endswith("/")
        yield Piece(found[0], tag, 0 if alone else -1 if found[1] else 1)
        at = found.end()
    if at < len(html):
        yield Piece(html[at:], "", 0)
