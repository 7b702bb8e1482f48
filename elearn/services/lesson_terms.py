"""The glossary of a course in the text of its lessons: each term of it a link, its meaning on the same page.

Done when a page is asked for, not when it is published: packages already published have it too, and their digests and
stored pages stay what they are. Two milliseconds a page; a course's pattern is made once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from elearn.core.content.lesson_terms import forms_of, link_terms
from elearn.services.packages import Package


@dataclass(frozen=True)
class TermNote:
    """A term that stands in a lesson. id: its place on the page is ``term-<id>``; name, meaning: plain text."""

    id: str
    name: str
    meaning: str


def with_terms(package: Package, language: str, html: str) -> tuple[str, tuple[TermNote, ...]]:
    """Return a lesson's HTML with its terms linked, and those terms in the order in which they first come.

    html: of the lesson in the language shown for ``language``.
    """
    return link_glossary(html, package.words(language).get("glossary", {}), package.language(language))


def link_glossary(
    html: str, glossary: Mapping[str, Mapping[str, str]], language: str
) -> tuple[str, tuple[TermNote, ...]]:
    """Return the same for a glossary {term: {name, meaning}} in the language of the HTML."""
    notes = {
        term: TermNote(term, str(words.get("name", term)), str(words.get("meaning", "")))
        for term, words in glossary.items()
    }
    entries = [(note.id, forms_of(note.name)) for note in notes.values() if note.meaning]
    linked = link_terms(html, entries, language)
    return linked.html, tuple(notes[term] for term in linked.used)
