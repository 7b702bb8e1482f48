"""Laws of the papers of a session, as PDF and as a page for a browser's printer. The PDF needs Pango and poppler."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from press_cast import ISSUERS, LONG, WORDS
from pypdf import PdfReader

from elearn.adapters.press.papers_sheet import printable_papers
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.paper.page import AnswerSheet, AttendanceList, Booklet, Option, PaperQuestion, Papers
from elearn.core.vocab.errors import Invalid

CODE = "DSQN-K6CN"


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def sheet(language: str, questions: int = 20, letters: str = "ABCDE") -> AnswerSheet:
    words = WORDS[language]
    return AnswerSheet(
        language=language,
        heading=words.heading,
        course=words.course_title,
        facts=(
            (words.number_label, "LA-1042"),
            (words.issued_label, words.issued),
            (words.version_label, LONG[language]),
        ),
        code=CODE,
        how=(words.verify_hint, words.verify_hint),
        lines=(letters,) * questions,
    )


def booklet(language: str) -> Booklet:
    words = WORDS[language]
    one = PaperQuestion(
        words.verify_hint, words.score_label, (Option("A", words.course_title), Option("B", words.heading))
    )
    facts = ((words.number_label, "LA-1042"),)
    return Booklet(language, language, words.heading, words.course_title, facts, (words.draft,), (one,) * 20)


def papers(language: str, **parts: object) -> Papers:
    plain = Papers("sheets", language, WORDS[language].heading, ISSUERS[language], date(2026, 11, 24))
    return replace(plain, **parts)  # type: ignore[arg-type]


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


@pytest.mark.pango
@pytest.mark.poppler
@pytest.mark.parametrize("language", WORDS)
def test_a_sheet_of_twenty_questions_is_one_page_in_every_language(press: WeasyPress, language: str) -> None:
    pdf = press.papers(papers(language, sheets=(sheet(language), sheet(language))))

    assert pages(pdf) == 2
    said = text_of(pdf)
    for text in (WORDS[language].heading, WORDS[language].course_title, CODE, "LA-1042"):
        assert "".join(text.split()) in said


@pytest.mark.pango
def test_forty_questions_stand_in_two_columns_on_one_page(press: WeasyPress) -> None:
    assert pages(press.papers(papers("my", sheets=(sheet("my", 40),)))) == 1


@pytest.mark.pango
@pytest.mark.poppler
def test_one_file_holds_booklets_in_all_languages_and_none_begins_on_anothers_leaf(press: WeasyPress) -> None:
    pdf = press.papers(papers("en", kind="booklets", booklets=tuple(booklet(language) for language in WORDS)))
    starts = [
        number
        for number, page in enumerate(PdfReader(BytesIO(pdf)).pages)
        if page.extract_text().count("LA-1042") > 1 or "LA-1042" in page.extract_text().splitlines()[:12]
    ]
    said = text_of(pdf)

    assert all("".join(WORDS[language].course_title.split()) in said for language in WORDS)
    assert starts
    assert {number % 2 for number in starts[:1]} == {0}


@pytest.mark.pango
def test_equal_papers_are_equal_bytes(press: WeasyPress) -> None:
    asked = papers("km", sheets=(sheet("km"),))

    assert press.papers(asked) == press.papers(asked)


def test_a_browser_gets_the_same_on_one_page_that_loads_nothing() -> None:
    rows = ((LONG["th"], "TH-1"), ("<b>Noy</b>", "LA-2"))
    listed = AttendanceList("en", "Attendance", "Course", (("Date", "24 November"),), ("1", "2", "3", "4"), rows, 8)
    html = printable_papers(papers("en", kind="attendance", attendance=listed))

    assert "&lt;b&gt;Noy" in html
    assert html.count("<tr>") == 1 + 2 + 8
    assert set(re.findall(r'(?:src|href)="([a-z]+):', html)) <= {"data"}
    assert "<script" not in html


def test_each_sheet_has_a_code_of_its_own() -> None:
    html = printable_papers(papers("en", sheets=(sheet("en"), replace(sheet("en"), code="3CD8-P659"))))

    assert len(set(re.findall(r'<img src="(data:image/png[^"]+)"', html))) == 2


def test_characters_no_font_has_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        printable_papers(papers("en", sheets=(replace(sheet("en"), course="\U0001f600"),)))

    assert caught.value.code == "name.characters"
