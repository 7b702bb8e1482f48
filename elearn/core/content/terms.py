"""A term list, translations/<tag>/terms.yaml: which words of a language stand for which English ones.

Read here with all that is wrong with it, and made ready to judge a translated text against its English one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from elearn.core.content.characters import check_characters, has_letters
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Text
from elearn.core.content.reader import Reader
from elearn.core.content.term_words import Phrases, Sentence, folded, thoroughly_folded
from elearn.core.content.tree import read_tree
from elearn.core.vocab.languages import LANGUAGES

TERMS = "terms.yaml"
COURSES, INTERFACE, EVERYWHERE = "courses", "interface", "everywhere"
WHERE = (EVERYWHERE, COURSES, INTERFACE)


@dataclass(frozen=True)
class Term:
    """One entry. term, also: English phrases; use: renderings of which one must be there; avoid: those that must not.

    where: one of WHERE; a search of a lorry is not the search of a page. checked: false for a note to translators, of
    which only `avoid` is looked for; it still keeps shorter terms from being found in it.
    """

    term: str
    also: tuple[str, ...]
    use: tuple[str, ...]
    avoid: tuple[str, ...]
    note: str
    checked: bool
    where: str
    at: At = field(compare=False)


@dataclass(frozen=True)
class Breach:
    """A text that does not hold to the list. code: `term.not-held` or `term.avoided`; details: for its sentence."""

    code: str
    details: dict[str, str]


@dataclass(frozen=True)
class TermList:
    """The list of one language. notes: on style, for translators."""

    language: str
    notes: tuple[str, ...]
    terms: tuple[Term, ...]

    def breaches(self, english: Sentence, translated: str) -> Iterator[Breach]:
        """Yield where a translation of an English text uses other words than the list says."""
        found = self._phrases.found(english)
        text = folded(translated, self._spaced)
        for number in self._not_held(found, text, translated):
            term = self.terms[number]
            yield Breach("term.not-held", {"term": term.term, "expected": " / ".join(term.use)})
        for key, word, term in self._avoid:
            # What another term of this very sentence asks for is not to be avoided in it.
            if key in text and not any(key in wanted for number in found for wanted in self._use[number]):
                yield Breach("term.avoided", {"word": word, "term": term.term})

    def _not_held(self, found: set[int], text: str, translated: str) -> list[int]:
        use, terms = self._use, self.terms
        missing = [n for n in sorted(found) if terms[n].checked and not any(key in text for key in use[n])]
        if missing:
            text = thoroughly_folded(translated, self._spaced)
        return [n for n in missing if not any(key in text for key in use[n])]

    @cached_property
    def courses(self) -> "TermList":
        """Return what of the list counts in courses."""
        return self._only(COURSES)

    @cached_property
    def interface(self) -> "TermList":
        """Return what of the list counts in the sentences of the program."""
        return self._only(INTERFACE)

    def _only(self, where: str) -> "TermList":
        return replace(self, terms=tuple(term for term in self.terms if term.where in {EVERYWHERE, where}))

    @cached_property
    def _spaced(self) -> bool:
        return LANGUAGES[self.language].spaced

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases((phrase, n) for n, term in enumerate(self.terms) for phrase in (term.term, *term.also))

    @cached_property
    def _use(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(thoroughly_folded(word, self._spaced) for word in term.use) for term in self.terms)

    @cached_property
    def _avoid(self) -> tuple[tuple[str, str, Term], ...]:
        return tuple((thoroughly_folded(word, self._spaced), word, term) for term in self.terms for word in term.avoid)


def read_term_lists(files: Mapping[str, bytes], findings: Findings) -> dict[str, TermList]:
    """Return language -> list. files: language -> content; findings stand under ``<language>/terms.yaml``."""
    return {tag: read_terms(data, tag, findings) for tag, data in files.items() if tag in LANGUAGES}


def read_terms(data: bytes, language: str, findings: Findings) -> TermList:
    """Return a language's list without the entries that cannot be used, after noting what is wrong with it."""
    file = f"{language}/{TERMS}"
    tree = read_tree(data, file, findings)
    if tree is None:
        return TermList(language, (), ())
    reader = Reader(tree, file, findings)
    notes = reader.texts("notes", optional=True)
    terms = [term for row in reader.rows("terms") if (term := _term(row, LANGUAGES[language].spaced))]
    reader.done()
    return TermList(language, tuple(note.text for note in notes), tuple(_once(terms, findings)))


def _term(row: Reader, spaced: bool) -> Term | None:
    name = row.text("term")
    lists = {part: row.texts(part, optional=True) for part in ("also", "use", "avoid")}
    term = Term(
        term=name,
        also=_words(lists["also"], row.findings),
        use=_words(lists["use"], row.findings),
        avoid=_words(lists["avoid"], row.findings),
        note=row.text("note", ""),
        checked=row.flag("checked", default=True),
        where=row.text("where", EVERYWHERE),
        at=row.here,
    )
    row.done()
    if term.where not in WHERE:
        row.findings.add("terms.where-unknown", row.at("where"), where=term.where, known=", ".join(WHERE))
        return None
    if not name or not _words((Text(name, row.at("term")),), row.findings):
        return None
    both = {folded(word, spaced) for word in term.use} & {folded(word, spaced) for word in term.avoid}
    for text in lists["avoid"]:
        if folded(text.text, spaced) in both:
            row.findings.add("terms.contradiction", text.at, word=text.text)
    if term.checked and not term.use:
        row.findings.add("terms.no-use", term.at, term=name)
        return None
    return term


def _words(texts: tuple[Text, ...], findings: Findings) -> tuple[str, ...]:
    """Return those in which something can be found, after noting the others."""
    kept = []
    for text in texts:
        check_characters(text, findings, markup=False)
        if has_letters(text.text):
            kept.append(text.text)
        else:
            findings.add("terms.no-words", text.at, words=text.text)
    return tuple(kept)


def _once(terms: list[Term], findings: Findings) -> Iterator[Term]:
    first: dict[tuple[str, str], int] = {}
    for term in terms:
        for place in (COURSES, INTERFACE) if term.where == EVERYWHERE else (term.where,):
            for phrase in (term.term, *term.also):
                if (place, phrase) in first:
                    findings.add("terms.twice", term.at, term=phrase, first=first[place, phrase])
                first.setdefault((place, phrase), term.at.line)
        yield term
