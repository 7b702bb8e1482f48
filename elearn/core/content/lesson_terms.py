"""Glossary terms in the text of a lesson: found where they stand, and made links to their meanings on the same page.

English and Vietnamese are found as whole words in any case, English in the plural too; short forms in capitals ("ART")
only as written. The other languages write no blanks: there a term may begin and end only where a letter with its marks
does. The longest term wins; headings, code, citations, pictures and what is a link already stay as they are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape

from elearn.core.content.markup import Piece, pieces
from elearn.core.content.term_words import plural
from elearn.core.search.clusters import MARK, NO_SPACE
from elearn.core.vocab.languages import LANGUAGES, SOURCE

Entry = tuple[str, tuple[str, ...]]
"""(id of a term, the forms in which it is found)."""

_UNTOUCHED = {"h1", "h2", "h3", "h4", "code", "pre", "sup", "a", "figure"}
_SECTION = {"h2", "h3", "h4"}
_IN_BRACKETS = re.compile(r"[(（]([^)）]*)[)）]")
_WORD = re.compile(r"\w+")
# Blanks of any kind, hyphens, apostrophes: what may stand between the words of a term, however it was written.
_BETWEEN = "[\\s'’‑\u00ad\u200b-]+"
_BLANK = re.compile(_BETWEEN)
_WORD_OR_NOT = re.compile(r"\w+|\W+")
# Typed or pasted for the sake of line breaks, and no part of any spelling.
_INVISIBLE = "[\u00ad\u200b\u2060\ufeff]*"
_NOT_INSIDE = re.compile("[\u00ad\u200b\u2060\ufeff]+")
_STACKERS = "\u17d2\u1039"
# A Thai or Lao vowel that is written before its consonant: what follows it is the rest of a syllable.
_VOWELS_BEFORE = "\u0e40-\u0e44\u0ec0-\u0ec4"
# A Burmese consonant that closes the syllable begun before it.
_CLOSES_SYLLABLE = "(?!\u200b?[\u1000-\u1021](?:\u1039|[\u1037]?\u103a))"
_SHORT = 3
_ALONE = f"(?<![{NO_SPACE}]){{}}(?!{_INVISIBLE}[{NO_SPACE}])"
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Linked:
    """html: with the terms as links to ``#term-<id>``; used: ids of those terms, in order of their first place."""

    html: str
    used: tuple[str, ...]


def forms_of(name: str) -> tuple[str, ...]:
    """Return what a term is found by: its name, and a short form in brackets: ``Border liaison office (BLO)``."""
    full = " ".join(_IN_BRACKETS.sub(" ", name).split())
    short = [part.strip() for part in _IN_BRACKETS.findall(name) if _is_short_form(part.strip())]
    return tuple(dict.fromkeys(form for form in (full, *short) if _WORD.search(form)))


def link_terms(html: str, terms: Iterable[Entry], language: str) -> Linked:
    """Return a lesson's HTML with each term linked where it first stands in a section.

    html: as `page.make_page` gives it; a section goes from one heading to the next.
    """
    return _link_terms(html, tuple(terms), language)


@lru_cache(maxsize=32)
def _link_terms(html: str, terms: tuple[Entry, ...], language: str) -> Linked:
    """Return the same. Kept for the lessons read just now: officers of one class read the same page."""
    finder = _finder(terms, language)
    if finder is None:
        return Linked(html, ())
    walk = _Walk(*finder)
    return Linked("".join(walk.through(pieces(html))), tuple(walk.used))


@dataclass
class _Walk:
    """One way through a page. closed: depth of elements that stay as they are; here: terms linked in this section."""

    pattern: re.Pattern[str]
    ids: dict[str, str]
    used: dict[str, None] = field(default_factory=dict)
    here: set[str] = field(default_factory=set)
    closed: int = 0

    def through(self, found: Iterator[Piece]) -> Iterator[str]:
        for piece in found:
            if piece.tag in _SECTION and piece.step == 1:
                self.here = set()
            if self.closed or piece.tag in _UNTOUCHED:
                self.closed += piece.step
            yield piece.written if piece.tag or self.closed else self._linked(piece.written)

    def _linked(self, written: str) -> str:
        text = unescape(written)
        parts, at = [], 0
        for match in self.pattern.finditer(text):
            term = self.ids[match.lastgroup or ""]
            if term in self.here:
                continue
            self.here.add(term)
            self.used[term] = None
            parts += [escape(text[at : match.start()], quote=False), _link(term, match[0])]
            at = match.end()
        # As it was, where nothing is in it.
        return "".join([*parts, escape(text[at:], quote=False)]) if parts else written


def _link(term: str, words: str) -> str:
    return f'<a class="term" href="#term-{escape(term)}" role="doc-glossref">{escape(words, quote=False)}</a>'


def _is_short_form(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 1 and letters[0].isupper() and sum(sign.isupper() for sign in letters) * 2 > len(letters)


@lru_cache(maxsize=64)
def _finder(terms: tuple[Entry, ...], language: str) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """Return one pattern for all terms of a course and the id behind each of its groups. The longest form is first."""
    spaced = LANGUAGES[language].spaced
    forms = {form: term for term, names in reversed(terms) for name in names for form in _variants(name, language)}
    in_order = sorted(forms, key=lambda form: (-len(form), form))
    ids, patterns = {}, []
    for number, form in enumerate(in_order):
        pattern = _spaced(form) if spaced or form.isascii() else _unspaced(form)
        if pattern:
            ids[f"t{number}"] = forms[form]
            patterns.append(f"(?P<t{number}>{pattern})")
    if not patterns:
        return None
    first = "".join(sorted({sign for form in in_order for sign in (form[0].lower(), form[0].upper())}))
    # What a term can begin with is looked at once, not once for each term.
    start = rf"(?=[{re.escape(first)}])(?<![\w{_STACKERS}])" if spaced else f"(?<![{_STACKERS}{_VOWELS_BEFORE}])"
    end = "" if spaced else f"(?![{MARK}]){_CLOSES_SYLLABLE}"
    return re.compile(f"{start}(?:{'|'.join(patterns)}){end}"), ids


def _variants(name: str, language: str) -> Iterator[str]:
    yield name
    words = _WORD.findall(name)
    if language == SOURCE and words and name.endswith(words[-1]):
        yield name.removesuffix(words[-1]) + plural(words[-1])


def _spaced(form: str) -> str:
    parts = _WORD_OR_NOT.findall(form.strip())
    middle = "".join(_BETWEEN if _BLANK.fullmatch(part) else re.escape(part) for part in parts)
    pattern = rf"(?<!\w){middle}(?!\w)"
    return pattern if any(_is_short_form(part) for part in parts) else f"(?i:{pattern})"


def _unspaced(form: str) -> str:
    letters = _INVISIBLE.join(_letter(form, at) for at in range(len(form)) if not _NOT_INSIDE.match(form[at]))
    if not letters:
        return ""
    # As short as that, it is a piece of too many longer words.
    return _ALONE.format(letters) if len(form) <= _SHORT and not _HAN.search(form) else letters


def _letter(form: str, at: int) -> str:
    if form[at].isspace():
        return r"\s*"
    # COENG DA and COENG TA are one shape.
    return "[\u178a\u178f]" if form[at] in "\u178a\u178f" and form[at - 1 : at] == "\u17d2" else re.escape(form[at])
