"""What a text is filed under: words with their folded forms, and clusters and pairs of clusters.

Index and query are cut by the same functions here, so they cannot disagree. A change here that changes any term must
raise `VERSION`: indexes built before are then rebuilt.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from elearn.core.search.clusters import CLUSTER, MARK, Cluster, runs

VERSION = 1
# Where the words of a text are: (text, language tag) -> (start, end) of each, ascending, in code points.
Breaks = Callable[[str, str], list[tuple[int, int]]]

LONGEST_TERM = 64
_STROKED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")
_LATIN_MARK = re.compile("[\u0300-\u036f]+")
# Scripts whose marks keep no fixed order when typed, and look the same in any.
_STACKING = re.compile("[\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f]")
# A word, or a number, as nearly all segments are. (\w is letters and numbers, never marks.)
_ONE_KIND = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARK}])*|\d+")
_MARK_OR_PAIR = re.compile("[\u17d2\u1039].|.", re.DOTALL)


class Word(NamedTuple):
    """A word at ``start:end`` of a canonical text, as it is written (``exact``) and without what people leave off."""

    start: int
    end: int
    exact: str
    folded: str

    @property
    def terms(self) -> tuple[str, ...]:
        """Return the one or two terms it is filed under."""
        return (self.exact,) if self.exact == self.folded else (self.exact, self.folded)


def words(text: str, language: str, breaks: Breaks) -> list[Word]:
    """Return the words of a canonical text, in order, split also at apostrophes and between digits and letters."""
    found: list[Word] = []
    for start, end in breaks(text, language):
        for part_start, part_end in _parts(text, start, end):
            exact, folded = _forms(text[part_start:part_end], language)
            if exact:
                found.append(Word(part_start, part_end, exact, folded))
    return found


def grams(run: list[Cluster]) -> list[str]:
    """Return the terms of a run: each cluster and each pair of neighbours, in order of place."""
    letters = [same_letters(cluster.letters) for cluster in run]
    return letters + pairs(letters)


def pairs(letters: list[str]) -> list[str]:
    """Return each cluster joined with the next."""
    return [first + second for first, second in pairwise(letters)]


def text_grams(text: str) -> Iterator[str]:
    """Yield the cluster terms of every run of a canonical text."""
    for run in runs(text):
        yield from grams(run)


@lru_cache(maxsize=8192)
def same_letters(written: str) -> str:
    """Return the exact term: NFKC, casefold, digits 0-9, marks of stacking scripts in one order."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written).casefold())
    folded = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in folded)
    if _STACKING.search(folded):
        # COENG DA and COENG TA are one and the same shape.
        folded = folded.replace("\u17d2\u178a", "\u17d2\u178f")
        folded = "".join(_marks_sorted(cluster) for cluster in CLUSTER.findall(folded))
    return folded[:LONGEST_TERM]


def _marks_sorted(cluster: str) -> str:
    return cluster[0] + "".join(sorted(_MARK_OR_PAIR.findall(cluster[1:])))


@lru_cache(maxsize=8192)
def _forms(written: str, language: str) -> tuple[str, str]:
    exact = same_letters(written)
    if not _LATIN.search(exact):
        return exact, exact
    folded = exact
    if not exact.isascii():
        bare = _LATIN_MARK.sub("", unicodedata.normalize("NFD", exact))
        folded = unicodedata.normalize("NFC", bare).translate(_STROKED)[:LONGEST_TERM]
    return exact, _singular(folded) if language == "en" else folded


def _singular(word: str) -> str:
    """Return an English word without its plural ending (Harman's S stemmer, and -ches, -shes, -sses, -xes)."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of letters and of digits in a segment; marks go with what they stand on."""
    if _ONE_KIND.fullmatch(text, start, end):
        yield start, end
        return
    piece = text[start:end]
    at = start
    for kind, signs in groupby(_kinds(piece)):
        length = sum(1 for _ in signs)
        if kind != "-":
            yield at, at + length
        at += length


def _kinds(piece: str) -> Iterator[str]:
    kind = "-"
    for sign in piece:
        kind = _kind(sign) or kind
        yield kind


@lru_cache(maxsize=4096)
def _kind(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] == "M":
        return ""
    if category == "Nd":
        return "digit"
    return "letter" if category[0] in "LN" else "-"
