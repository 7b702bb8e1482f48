"""A course as a book, or its job aids as sheets, already put into words: the press only sets it."""

from collections.abc import Iterator
from dataclasses import dataclass

BOOK = "book"
JOB_AIDS = "job-aids"
KINDS = (BOOK, JOB_AIDS)
BOOK_FORM = 1
"""Raised when the same course gives another book: what is kept of the old form is then made again."""

PAGE, PAGES = "\ue000", "\ue001"
"""Stand in `BookWords.page_of` where the press puts the two numbers."""


@dataclass(frozen=True)
class BookWords:
    """The words of the book itself, in its language.

    page_of: a sentence with `PAGE` and `PAGES` in it; draft: that the translation is not yet reviewed, or ""; behind:
    what stands above the source text where a translation is behind it.
    """

    contents: str
    aims: str
    glossary: str
    sources: str
    country: str
    page_of: str
    version_label: str
    language_label: str
    published_label: str
    source_text: str
    behind: str
    draft: str = ""


@dataclass(frozen=True)
class Chapter:
    """One lesson. id: of the lesson; kicker: "Lesson 3"; html: of `markup.chapter_html`; source_html: the same in the
    source language where the translation is behind, else ""; sources: (in English, "Read on ..." in the language)."""

    id: str
    kicker: str
    title: str
    html: str
    sources: tuple[tuple[str, str], ...] = ()
    source_html: str = ""


@dataclass(frozen=True)
class Aid:
    """One job aid. place: the lesson it stands in."""

    id: str
    place: str
    html: str


@dataclass(frozen=True)
class Book:
    """kind: `BOOK` or `JOB_AIDS`; language: tag; published: day in words, published_on: the same as ISO, also the date
    inside the file; glossary: (term, meaning); watermark: "DEMONSTRATION" and the like, or "".

    What is HTML comes from `markup` and is safe; everything else is plain text.
    """

    kind: str
    language: str
    words: BookWords
    title: str
    summary: str
    code: str
    version: str
    language_name: str
    published: str
    published_on: str
    issuer: str
    aims: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    aids: tuple[Aid, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    watermark: str = ""

    def bodies(self) -> Iterator[str]:
        """Yield the HTML of every chapter and job aid, of both languages where there are two."""
        for chapter in self.chapters:
            yield chapter.html
            yield chapter.source_html
        for aid in self.aids:
            yield aid.html
