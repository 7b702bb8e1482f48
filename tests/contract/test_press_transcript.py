"""Laws of the printed transcript, as PDF and as a page for a browser's printer. The PDF needs Pango and poppler."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from press_cast import ISSUERS, LONG, WORDS
from pypdf import PdfReader

from elearn.adapters.press.transcript_sheet import printable_transcript
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.transcript import Said, Section, TranscriptPage
from elearn.core.vocab.errors import Invalid


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def page_for(language: str, rows: int = 2, name: str = "") -> TranscriptPage:
    words, english = WORDS[language], WORDS["en"]

    def said(field: str) -> Said:
        own, other = getattr(words, field), getattr(english, field)
        return Said(own, other if own != other else "")

    columns = tuple(said(f) for f in ("course_title", "version_label", "score_label", "issued_label", "expires_label"))
    row = tuple(said(f) for f in ("course_title", "version", "score", "issued", "expires"))
    return TranscriptPage(
        language=language,
        heading=said("heading"),
        issuer=ISSUERS[language],
        person_name=name or LONG[language],
        facts=((said("number_label"), Said("KP-1042")), (said("issued_label"), said("issued"))),
        sections=(Section(said("heading"), columns, (row,) * rows, said("draft")),),
        notes=(said("verify_hint"),),
        made_on=date(2026, 11, 24),
    )


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


@pytest.mark.pango
@pytest.mark.poppler
@pytest.mark.parametrize("language", WORDS)
def test_every_language_is_printed_and_can_be_read_out_again(press: WeasyPress, language: str) -> None:
    pdf = press.transcript(page_for(language))
    said = text_of(pdf)

    for text in (LONG[language], WORDS[language].heading, ISSUERS[language], WORDS["en"].heading):
        assert "".join(text.split()) in said
    assert "\u200b" not in said
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


@pytest.mark.pango
@pytest.mark.poppler
def test_a_long_list_runs_over_pages_with_its_head_on_each(press: WeasyPress) -> None:
    reader = PdfReader(BytesIO(press.transcript(page_for("km", rows=80))))

    texts = ["".join(page.extract_text().split()) for page in reader.pages]
    assert len(texts) > 2
    assert all("".join(WORDS["en"].version_label.split()) in text for text in texts[:-1])
    assert f"{len(texts)}/{len(texts)}" in texts[-1]


@pytest.mark.pango
def test_the_same_page_gives_the_same_bytes_in_another_process(press: WeasyPress) -> None:
    other = WeasyPress()
    try:
        assert press.transcript(page_for("my")) == other.transcript(page_for("my"))
    finally:
        other.close()


@pytest.mark.parametrize("language", WORDS)
def test_the_printable_page_holds_everything_and_asks_for_nothing(language: str) -> None:
    html = printable_transcript(page_for(language))

    assert LONG[language] in html
    assert "<script" not in html
    assert "style=" not in html
    assert {address[:5] for address in re.findall(r"url\(([^)]+)\)", html)} <= {"data:"}


def test_text_from_people_is_text_and_never_markup() -> None:
    assert "<script" not in printable_transcript(page_for("en", name="Ann <script>alert(1)</script>"))


def test_characters_outside_the_fonts_are_refused_by_name() -> None:
    with pytest.raises(Invalid) as caught:
        printable_transcript(page_for("en", name="Ali ሀለ"))
    assert caught.value.code == "name.characters"


def test_a_table_without_rows_says_so() -> None:
    html = printable_transcript(page_for("en", rows=0))

    assert "<table" not in html
    assert WORDS["en"].draft in html
