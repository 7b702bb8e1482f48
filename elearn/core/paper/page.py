"""Everything printed for a session in a classroom, already put into words: the press only sets it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

ATTENDANCE, SHEETS, BOOKLETS = "attendance", "sheets", "booklets"
KINDS = (ATTENDANCE, SHEETS, BOOKLETS)
Fact = tuple[str, str]
"""(label, value)."""


@dataclass(frozen=True)
class AttendanceList:
    """Who is expected, with room to sign. columns: four heads; rows: (name, service number); spare: empty lines."""

    language: str
    heading: str
    course: str
    facts: tuple[Fact, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    spare: int


@dataclass(frozen=True)
class AnswerSheet:
    """The boxes of one officer. code: in the QR code and beside it; lines: the letters of each question, from 1."""

    language: str
    heading: str
    course: str
    facts: tuple[Fact, ...]
    code: str
    how: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One option. source: what it says in the source language now, where the translation is behind, else ""."""

    letter: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class PaperQuestion:
    """One question. note: how many answers are right; source: as in `Option`."""

    stem: str
    note: str
    options: tuple[Option, ...]
    source: str = ""


@dataclass(frozen=True)
class Booklet:
    """The questions of one officer, in that officer's order. words_language: of the questions."""

    language: str
    words_language: str
    heading: str
    course: str
    facts: tuple[Fact, ...]
    how: tuple[str, ...]
    questions: tuple[PaperQuestion, ...]


@dataclass(frozen=True)
class Papers:
    """One file to print. kind: one of KINDS; made_on: the day at the post; watermark: "DEMONSTRATION" or ""."""

    kind: str
    language: str
    title: str
    issuer: str
    made_on: date
    watermark: str = ""
    attendance: AttendanceList | None = None
    sheets: tuple[AnswerSheet, ...] = ()
    booklets: tuple[Booklet, ...] = ()

    def texts(self) -> list[str]:
        """Return every text that is printed, for checking that the fonts can."""
        lists = (self.attendance,) if self.attendance else ()
        parts: tuple[AttendanceList | AnswerSheet | Booklet, ...] = (*lists, *self.sheets, *self.booklets)
        found = [self.title, self.issuer, self.watermark]
        for part in parts:
            found += [part.heading, part.course, *(text for fact in part.facts for text in fact)]
        if self.attendance:
            found += [*self.attendance.columns, *(text for row in self.attendance.rows for text in row)]
        for sheet in self.sheets:
            found += [sheet.code, *sheet.how]
        for booklet in self.booklets:
            found += [*booklet.how, *_texts_of(booklet.questions)]
        return [text for text in found if text]


def _texts_of(questions: tuple[PaperQuestion, ...]) -> Iterator[str]:
    for one in questions:
        yield from (one.stem, one.source, one.note)
        for option in one.options:
            yield from (option.letter, option.text, option.source)
