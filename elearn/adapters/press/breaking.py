"""Line breaks for a page of running text: U+200B in its HTML wherever a Thai, Lao, Khmer or Burmese line may end.

A word may run through emphasis and past the mark of a source, so breaks are looked for in a whole paragraph at a time
and not in each piece between two tags. The text layer of the PDF leaves them out again (`text_layer`).
"""

import re
from itertools import pairwise

from elearn.adapters.word_breaks import breaks_to_mark

_PIECE = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_INLINE = {"strong", "em", "code", "a", "sup", "span", "cite"}
_APART = {"sup", "code", "svg"}
"""What stands in these is no part of the sentence around it, and is left as it is."""
_MARK = '<sup class="cite">'
BREAK = "\u200b"
HOLD = "\u2060"
"""The mark of a source must not begin a line."""


def broken_html(html: str, language: str) -> str:
    """Return the HTML with breaks in its text, and none before the mark of a source. language: tag of its words."""
    pieces = _PIECE.split(html)
    paragraph: list[int] = []
    apart = 0
    for index, piece in enumerate(pieces):
        if not piece.startswith("<"):
            if piece and not apart:
                paragraph.append(index)
            continue
        name = _NAME.match(piece)
        tag = name[1] if name else ""
        if tag in _APART and not piece.endswith("/>"):
            apart += -1 if piece.startswith("</") else 1
        if tag not in _INLINE:
            _break(pieces, paragraph, language)
            paragraph = []
    _break(pieces, paragraph, language)
    return "".join(pieces).replace(_MARK, HOLD + _MARK)


def _break(pieces: list[str], paragraph: list[int], language: str) -> None:
    """Put the breaks into the pieces of one paragraph; one between two pieces opens the later one."""
    breaks = breaks_to_mark("".join(pieces[index] for index in paragraph), language)
    start = 0
    for index in paragraph:
        text = pieces[index]
        end = start + len(text)
        cuts = [offset - start for offset in breaks if start <= offset < end]
        pieces[index] = BREAK.join(text[cut:until] for cut, until in pairwise([0, *cuts, len(text)]))
        start = end
