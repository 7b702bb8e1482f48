"""A base and its marks as one thing, and the runs of scripts that write no spaces.

A cluster is what a reader sees as one letter: Khmer coeng and Burmese stacks (with kinzi) belong to it. No mark in
a hit and no end of a snippet may fall inside one.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from typing import NamedTuple

_KHMER_COENG, _BURMESE_VIRAMA = "\u17d2", "\u1039"


def _mark_class() -> str:
    """Return all combining marks there are, as the inside of a regular expression's [class]."""
    # The blocks that have marks; going through all of Unicode would cost every start 15 ms.
    blocks = (range(0x300, 0x2100), range(0x2DE0, 0x2E00), range(0x302A, 0x309B), range(0xA640, 0xAC00))
    marks = [chr(code) for block in blocks for code in block if unicodedata.category(chr(code))[0] == "M"]
    # AM of Thai and Lao is a letter to Unicode's categories, but no reader sees it apart from its consonant.
    return "".join(marks) + "\u0e33\u0eb3\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"


MARK = _mark_class()
CLUSTER = re.compile(
    f"(?s:.)(?:[{MARK}]|(?<={_KHMER_COENG})[\u1780-\u17b3]|(?<={_BURMESE_VIRAMA})[\u1000-\u102a\u103f\u1050-\u1055])*"
)
# Letters and marks, not digits and not punctuation. Thai, Lao, Khmer, Burmese, Han, kana.
NO_SPACE = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ecf\u0edc-\u0edf\u1780-\u17d3\u17d7\u17dc\u17dd"
    "\u1000-\u103f\u104c-\u108f\u109a-\u109f\uaa60-\uaa7f"
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{NO_SPACE}]+")
_LAO_LIGATURE = {"\u0edc": "\u0e99", "\u0edd": "\u0ea1"}


class Cluster(NamedTuple):
    """A stretch ``start:end`` of a text; ``letters`` is how it is written there, ligatures taken apart."""

    start: int
    end: int
    letters: str


def cuts(text: str) -> list[int]:
    """Return every offset at which the text may be cut, ascending, from 0 to len(text)."""
    return [0, *(found.end() for found in CLUSTER.finditer(text))]


def runs(text: str) -> list[list[Cluster]]:
    """Return the clusters of each unbroken run of a script that writes no spaces, in order."""
    return [_clusters(text, run.start(), run.end()) for run in _RUN.finditer(text)]


def _clusters(text: str, start: int, end: int) -> list[Cluster]:
    found: list[Cluster] = []
    for match in CLUSTER.finditer(text, start, end):
        letters = match[0]
        # HO NO and HO MO are written as one letter or as two; as two they are what everyone else finds.
        if second := _LAO_LIGATURE.get(letters[0]):
            found.append(Cluster(match.start(), match.end(), "\u0eab"))
            letters = second + letters[1:]
        found.append(Cluster(match.start(), match.end(), letters))
    return found


def snap(cuts: list[int], start: int, end: int) -> tuple[int, int]:
    """Return the smallest stretch around ``start:end`` whose ends are among ``cuts`` (ascending, with 0 and length)."""
    return cuts[bisect_right(cuts, start) - 1], cuts[bisect_left(cuts, end)]
