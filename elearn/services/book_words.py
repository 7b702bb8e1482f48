"""Puts a course into words for paper: from the rows of its package to a `Book`, in one language."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from elearn.core.book.book import BOOK, PAGE, PAGES, Aid, Book, BookWords, Chapter
from elearn.core.book.markup import chapter_html, job_aids
from elearn.core.content.lesson_pages import MEDIA_ADDRESS
from elearn.core.content.raster import KINDS
from elearn.core.content.version import without_build
from elearn.core.learning.course import Lesson
from elearn.core.vocab.dates import format_date, local_date
from elearn.core.vocab.kept import LESSON_PAGE, MEDIA, PACKAGE
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.node import Node, known
from elearn.services.packages import Package


def book_in_words(tx: Transaction, node: Node, package: Package, kind: str, language: str) -> Book:
    """Return the book or the job aids of a course. language: one the package has words in."""
    mine, texts, words = known(tx), package.words(language), book_words(node, package, language)
    published = published_at(tx, package)
    whole = kind == BOOK
    return Book(
        kind=kind,
        language=language,
        words=words,
        title=str(texts.get("title", package.course.id)),
        summary=str(texts.get("summary", "")),
        code=package.course.code,
        version=without_build(package.course.version),
        language_name=LANGUAGES[language].own_name,
        published=format_date(language, published, country=mine.country),
        published_on=local_date(published, mine.country).isoformat(),
        issuer=mine.issuer or mine.name,
        aims=tuple(texts.get("outcomes", ())) if whole else (),
        chapters=_chapters(tx, node, package, words, language) if whole else (),
        aids=() if whole else _aids(tx, package, language),
        glossary=_glossary(texts) if whole else (),
        watermark=node.phrases.say(language, "DEMONSTRATION") if mine.demo else "",
    )


def book_words(node: Node, package: Package, language: str) -> BookWords:
    """Return the words of the book itself."""
    say = node.phrases.say
    return BookWords(
        contents=say(language, "Contents"),
        aims=say(language, "Aims of this course"),
        glossary=say(language, "Glossary"),
        sources=say(language, "Sources"),
        country=say(language, "In my country"),
        page_of=say(language, "Page %(page)s of %(pages)s", page=PAGE, pages=PAGES),
        version_label=say(language, "Version"),
        language_label=say(language, "Language"),
        published_label=say(language, "Published"),
        source_text=say(language, "English text"),
        behind=say(
            language,
            "The English text changed after this translation was made. "
            "Where they differ, the English text below holds.",
        ),
        draft=say(language, "Draft translation, not yet reviewed") if package.draft(language) else "",
    )


def published_at(tx: Transaction, package: Package) -> str:
    """Return when this version was published here: the instant."""
    rows = tx.tables.group(PACKAGE, ("digest", "published_at"), {"digest": package.digest})
    return str(rows[0]["published_at"])


def _chapters(tx: Transaction, node: Node, package: Package, words: BookWords, language: str) -> tuple[Chapter, ...]:
    return tuple(_chapter(tx, node, package, one, words, language) for one in package.course.lessons)


def _chapter(  # noqa: PLR0917 - the shelf, the course, the lesson and its words
    tx: Transaction, node: Node, package: Package, one: Lesson, words: BookWords, language: str
) -> Chapter:
    row = _row(tx, package, one.id, language)
    behind = package.behind(language, f"lesson/{one.id}")
    source = _row(tx, package, one.id, SOURCE)["html"] if behind else ""

    def on_paper(html: str, prefix: str) -> str:
        return chapter_html(html, prefix, words.country, lambda address: _picture(tx, address))

    return Chapter(
        id=one.id,
        kicker=node.phrases.say(language, "Lesson %(number)s", number=one.number),
        title=package.lesson_words(language, one.id)["title"],
        html=on_paper(row["html"], one.id),
        sources=tuple(_source(tx, node, cited, language) for cited in row["sources"] or ()),
        source_html=on_paper(source, f"{one.id}-{SOURCE}") if source else "",
    )


def _source(tx: Transaction, node: Node, cited: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Return (the source, when it was read) of a fact that is cited."""
    source = cited.get("source", {})
    parts = [str(source[name]) for name in ("body", "title", "year", "section") if source.get(name)]
    read = cited.get("read")
    day = format_date(language, str(read), country=known(tx).country) if read else ""
    return f"{', '.join(parts)}.", node.phrases.say(language, "Read on %(date)s.", date=day) if day else ""


def _aids(tx: Transaction, package: Package, language: str) -> tuple[Aid, ...]:
    found: list[Aid] = []
    for one in package.course.lessons:
        title = package.lesson_words(language, one.id)["title"]
        found += job_aids(_row(tx, package, one.id, language)["html"], one.id, title)
    return tuple(found)


def _glossary(texts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    terms = texts.get("glossary", {})
    return tuple((str(words.get("name", term)), str(words.get("meaning", ""))) for term, words in terms.items())


def _row(tx: Transaction, package: Package, lesson: str, language: str) -> Row:
    return tx.tables.get(LESSON_PAGE, package.digest, lesson, language) or {"html": "", "sources": []}


def _picture(tx: Transaction, address: str) -> str:
    """Return a picture file as a data: address, "" for one that is not here."""
    digest, _, kind = address.removeprefix(MEDIA_ADDRESS).partition(".")
    row = tx.tables.get(MEDIA, digest) if address.startswith(MEDIA_ADDRESS) else None
    if row is None or kind not in KINDS:
        return ""
    return f"data:{KINDS[kind]};base64,{b64encode(row['content']).decode('ascii')}"
