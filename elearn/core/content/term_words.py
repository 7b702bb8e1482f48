"""How a term is found: English phrases among the words of a sentence, renderings in a text of any language.

English is compared word by word, plural as singular, and the longest phrase wins ("controlled delivery" before
"delivery"). Renderings are compared as stretches of a folded text, because four of the languages have no blanks.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from elearn.core.search.canonical import canonical

_WORD = re.compile(r"\w+")
# What stands between words and ends a phrase is kept as a word of its own; blanks, hyphens and apostrophes are not.
_WORD_OR_STOP = re.compile(r"\w+|[^\w\s'’‑-]")
# A command or a name of a file stays English in every language.
_CODE = re.compile("`[^`]*`")
# Zero-width signs belong to the spelling of some languages, at places that are a matter of taste.
_NOTHING = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]+")
# One shape, two spellings: COENG DA and COENG TA.
_COENG_DA, _COENG_TA = "\u17d2\u178a", "\u17d2\u178f"


@dataclass(frozen=True)
class Sentence:
    """An English text as words. written: as in the text; lower: the same in small letters."""

    written: list[str]
    lower: list[str]


def sentence_of_words(text: str) -> Sentence:
    """Return the words of an English text; a full stop or comma is a word that no phrase holds, and so is code."""
    written = _WORD_OR_STOP.findall(_CODE.sub("`", text))
    return Sentence(written, [word.lower() for word in written])


class Phrases:
    """Finds English phrases. A word with a capital ("WHO", "State") is found only as written, others in any case."""

    def __init__(self, phrases: Iterable[tuple[str, int]]) -> None:
        """Take (phrase, number of its entry) pairs; plurals of the last word are found too."""
        known: dict[tuple[str, ...], int] = {}
        plurals: dict[tuple[str, ...], int] = {}
        for phrase, entry in phrases:
            words = tuple(_WORD_OR_STOP.findall(phrase))
            known.setdefault(words, entry)
            plurals.setdefault((*words[:-1], plural(words[-1])), entry)
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], int]]] = {}
        for words, entry in {**plurals, **known}.items():
            row = (words, tuple(word.lower() for word in words), entry)
            self._by_first.setdefault(row[1][0], []).append(row)
        for rows in self._by_first.values():
            # Of two as long as each other, the one with capitals says more.
            rows.sort(key=lambda row: (-len(row[0]), row[0] == row[1], row[2]))

    def found(self, sentence: Sentence) -> set[int]:
        """Return the numbers of the entries a sentence holds, read from the left, the longest phrase first."""
        entries: set[int] = set()
        by_first, free = self._by_first, 0
        for at in [at for at, word in enumerate(sentence.lower) if word in by_first]:
            if at < free:
                continue
            for words, small, entry in by_first[sentence.lower[at]]:
                if _stands_at(sentence, at, words, small):
                    entries.add(entry)
                    free = at + len(words)
                    break
        return entries


def _stands_at(sentence: Sentence, at: int, words: tuple[str, ...], small: tuple[str, ...]) -> bool:
    if len(words) == 1 and words == small:
        return True
    end = at + len(words)
    if len(words) > 1 and tuple(sentence.lower[at:end]) != small:
        return False
    return words == small or all(
        word in {low, there} for word, low, there in zip(words, small, sentence.written[at:end], strict=True)
    )


def plural(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in {"", "a", "e", "i", "o", "u"}:
        return word[:-1] + "ies"
    return word + "s"


def folded(text: str, spaced: bool) -> str:
    """Return a text in the form in which renderings are looked for: one spelling, no invisible signs, no capitals.

    spaced: words are separated by blanks (`Language.spaced`): then only whole words are found, whatever stands between
    them; otherwise blanks have no meaning and go.
    """
    text = unicodedata.normalize("NFC", text).casefold()
    if spaced:
        return f" {' '.join(_WORD.findall(text))} "
    return _NOTHING.sub("", text).replace(_COENG_DA, _COENG_TA)


def thoroughly_folded(text: str, spaced: bool) -> str:
    """Return the same with the marks of each letter in one order too: what looks alike is alike. Takes its time."""
    return folded(canonical(text), spaced)
