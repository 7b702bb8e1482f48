"""Laws of the list for the ceremony, as PDF and as a page for a browser's printer. The PDF needs Pango and poppler."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from press_cast import ISSUERS, LONG, SHORT, WORDS
from pypdf import PdfReader

from elearn.adapters.press.ceremony_sheet import printable_ceremony
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.ceremony import CalledUp, CeremonyList, Group
from elearn.core.credential.transcript import Said
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES

NUMBER = "K7QX-93MD-V2PH-4T8N"


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def both(language: str, field: str) -> Said:
    local, english = getattr(WORDS[language], field), getattr(WORDS["en"], field)
    return Said(local, english if english != local else "")


def ceremony(language: str, lines: int = 4) -> CeremonyList:
    names = [name for tag in LANGUAGES for name in (SHORT[tag], LONG[tag])]
    called = tuple(CalledUp(names[n % len(names)], both(language, "course_title"), NUMBER) for n in range(lines))
    return CeremonyList(
        language=language,
        heading=both(language, "heading"),
        issuer=ISSUERS[language],
        facts=((both(language, "issued_label"), both(language, "issued")),),
        columns=tuple(both(language, one) for one in ("awarded_to", "has_completed", "number_label", "score_label")),
        groups=(Group(both(language, "outcome"), called), Group(Said("Huay Xai"), called)),
        made_on=date(2026, 11, 24),
    )


def read(pdf: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.pango
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_names_of_every_script_are_on_it_inside_the_page(press: WeasyPress, language: str) -> None:
    pdf = press.ceremony(ceremony(language, 14))
    text = re.sub(r"\s", "", read(pdf))
    command = ["pdftotext", "-bbox", "-", "-"]
    boxes = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    ends = [float(found) for found in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)]

    for name in SHORT.values():
        assert re.sub(r"\s", "", name) in text
    assert len(ends) > 100
    assert max(ends) < 595.3 - 14 * 72 / 25.4 + 1


@pytest.mark.pango
def test_pages_are_counted_heads_come_again_and_places_go_on(press: WeasyPress) -> None:
    read_pages = [page.extract_text() for page in PdfReader(BytesIO(press.ceremony(ceremony("en", 40)))).pages]
    pages = [" ".join(text.split()) for text in read_pages]

    assert len(pages) >= 4
    assert [f"{number} / {len(pages)}" in text for number, text in enumerate(pages, start=1)] == [True] * len(pages)
    assert all(WORDS["en"].number_label in text for text in pages)
    assert re.search(r"\b80\b", pages[-1])
    assert sum(text.count(NUMBER[:9]) for text in pages) == 80


@pytest.mark.pango
def test_equal_lists_give_equal_bytes(press: WeasyPress) -> None:
    assert press.ceremony(ceremony("lo")) == press.ceremony(ceremony("lo"))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_for_a_browser_it_is_one_page_with_both_languages_and_nothing_fetched(language: str) -> None:
    html = printable_ceremony(ceremony(language))

    assert f'<html lang="{LANGUAGES[language].bcp47}">' in html
    assert ('class="second" lang="en"' in html) is (language != "en")
    assert not re.search(r'(?:src|href)="(?!data:)', html)
    assert "<script" not in html
    assert html.count('<th scope="row" class="name">') == 8
    assert SHORT["zh_Hans"] in printable_ceremony(ceremony(language, 14))


def test_what_no_font_has_is_refused_by_name() -> None:
    page = ceremony("en")
    strange = replace(page, groups=(Group(Said("x"), (CalledUp("Strange \U0001f600", Said("y"), NUMBER),)),))
    with pytest.raises(Invalid) as caught:
        printable_ceremony(strange)

    assert caught.value.code == "name.characters"
    assert caught.value.details["text"] == "Strange \U0001f600"
