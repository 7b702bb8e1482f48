"""Where ICU breaks words and lines, in code points.

icu4py counts offsets in UTF-16, so only its strings are used and counted here. Safe in threads: each call makes its own
breaker and keeps it to itself (making one costs some microseconds; the dictionaries behind it are loaded once).
"""

import re
from itertools import pairwise

import icu4py
from icu4py.breakers import CharacterBreaker, LineBreaker, WordBreaker

ICU_VERSION: str = icu4py.icu_version
_STACKS = {"\u1039", "\u17d2"}
"""Burmese and Khmer: the next consonant stands below, which older tables of letters do not know."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Thai, Lao, Khmer, Burmese: broken only where a dictionary says so. (Han may break anywhere and needs no help.)
_DICTIONARY_SCRIPT = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f]")


def word_tokens(text: str, language: str) -> list[tuple[int, int]]:
    """Return (start, end) of each word or number, ascending; blanks and punctuation are left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for segment in WordBreaker(_encodable(text), language):
        end = start + len(segment)
        if segment[0].isalnum() or any(sign.isalnum() for sign in segment):
            found.append((start, end))
        start = end
    return found


def line_breaks(text: str, language: str) -> list[int]:
    """Return the offsets inside the text, ascending, where a line may end (after the blank, where there is one)."""
    found: list[int] = []
    at = 0
    for segment in LineBreaker(_encodable(text), language):
        at += len(segment)
        found.append(at)
    return [offset for offset in found if offset < len(text)]


def letters(text: str) -> list[int]:
    """Return the offsets inside the text, ascending, between two letters as a reader counts them, outside stacks."""
    found: list[int] = []
    at = 0
    for segment in CharacterBreaker(_encodable(text), "en"):
        at += len(segment)
        found.append(at)
    return [offset for offset in found if offset < len(text) and text[offset - 1] not in _STACKS]


def breaks_to_mark(text: str, language: str) -> list[int]:
    """Return the offsets, ascending, where a Thai, Lao, Khmer or Burmese line may end between two letters."""
    return [
        offset
        for offset in line_breaks(text, language)
        if _DICTIONARY_SCRIPT.match(text[offset - 1]) and _DICTIONARY_SCRIPT.match(text[offset])
    ]


def with_line_breaks(text: str, language: str) -> str:
    """Return the text with U+200B at each of `breaks_to_mark`."""
    cuts = [0, *breaks_to_mark(text, language), len(text)]
    return "\u200b".join(text[start:end] for start, end in pairwise(cuts))


def _encodable(text: str) -> str:
    # One for one, so that offsets stay what they are.
    return _LONE_SURROGATE.sub("\ufffd", text)
