"""Laws of the printable page, the certificate for where there is no Pango."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from press_cast import LONG, SHORT, page_for

from elearn.adapters.press.sheet import printable_sheet
from elearn.core.vocab.errors import Invalid


@pytest.mark.parametrize("language", SHORT)
def test_it_holds_everything_and_asks_for_nothing(language: str) -> None:
    html = printable_sheet(page_for(language))

    assert SHORT[language] in html
    assert page_for(language).number in html
    assert "<script" not in html
    assert "style=" not in html
    assert set(re.findall(r'(?:src|href)="([a-z]+):', html)) == {"data"}
    assert {address[:5] for address in re.findall(r"url\(([^)]+)\)", html)} <= {"data:"}


@pytest.mark.parametrize("language", SHORT)
def test_it_carries_the_fonts_it_needs_and_no_others(language: str) -> None:
    html = printable_sheet(page_for(language))
    carried = set(re.findall(r'@font-face \{ font-family: "([^"]+)"', html))
    own = {"km": "Khmer", "lo": "Lao", "my": "Myanmar", "th": "Thai"}

    assert carried == {"Noto Sans"} | ({f"Noto Sans {own[language]}"} if language in own else set())
    assert len(html) < 200_000


def test_words_that_are_not_translated_are_not_printed_twice() -> None:
    page = page_for("km", unit="Poipet", unit_english="Poipet")
    page = replace(page, local=replace(page.local, course_title=page.english.course_title))
    html = printable_sheet(page)

    assert html.count("Poipet") == 1
    assert html.count(page.english.course_title) == 1
    assert html.count(page.english.heading) == 1  # translated: once in each language


def test_text_from_people_is_text_and_never_markup() -> None:
    html = printable_sheet(page_for("en", "Ann <script>alert(1)</script> & Co"))

    assert "<script" not in html
    assert "Ann &lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in html


def test_what_the_press_refuses_it_refuses_too() -> None:
    with pytest.raises(Invalid) as caught:
        printable_sheet(page_for("en", "Ali ሀለ"))
    assert caught.value.code == "name.characters"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "km", "my", "zh_Hans"])
def test_a_browser_prints_it_on_one_sheet(tmp_path: Path, language: str) -> None:
    from playwright.sync_api import sync_playwright
    from pypdf import PdfReader

    html = printable_sheet(page_for(language, LONG[language], watermark="DEMO"))
    with sync_playwright() as machine:
        browser = machine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        tab.set_content(html)
        tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        wide = tab.evaluate("document.querySelector('.sheet').scrollHeight / document.body.clientHeight")
        browser.close()
    pages = PdfReader(tmp_path / "page.pdf").pages

    assert len(pages) == 1
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == (842, 595)
    assert wide <= 0.96
