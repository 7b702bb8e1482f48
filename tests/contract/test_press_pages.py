"""Laws of the printed certificate, looked at as text and as pixels. Needs Pango and poppler-utils."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from press_cast import LONG, SHORT, claims_for, page_for
from press_eyes import drawn, text_of
from pypdf import PdfReader

from elearn.adapters.pdf_reading import read_certificate
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.page import CertificatePage, Signatory
from elearn.core.credential.payload import decode
from elearn.core.vocab.errors import Invalid

pytestmark = [pytest.mark.pango, pytest.mark.poppler]
DPI = 72


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def darkest(picture: Image.Image, left: float, top: float, right: float, bottom: float, dpi: int = DPI) -> int:
    """Return the darkest grey in a rectangle given in millimetres, 255 = white."""
    box = tuple(round(edge / 25.4 * dpi) for edge in (left, top, right, bottom))
    return int(picture.convert("L").crop(box).getextrema()[0])


def full_page(language: str) -> CertificatePage:
    """Return a page with everything on it long."""
    page = page_for(language, LONG[language])
    said = page.local.outcome
    # Without blanks and stops: a line can only be broken there if the press knows the words.
    solid = re.sub("[ .:។៖။၊-]|\\d", "", said) if language in ("km", "lo", "my", "th") else f"{said} "
    words = replace(page.local, outcome=solid * 2, course_title=said[:58])
    signing = Signatory(SHORT[language], page.signatories[0].title, "Director of training")
    english = words if language == "en" else page.english
    return replace(page, local=words, english=english, signatories=(signing,) * 3)


@pytest.mark.parametrize("language", SHORT)
@pytest.mark.parametrize("kind", ["short", "long", "full"])
def test_every_language_fits_one_sheet_and_its_columns(
    press: WeasyPress, tmp_path: Path, language: str, kind: str
) -> None:
    page = full_page(language) if kind == "full" else page_for(language, {"short": SHORT, "long": LONG}[kind][language])
    picture = drawn(press.certificate(page), tmp_path)

    assert (picture.width, picture.height) == (842, 596)
    assert darkest(picture, 14, 14, 205, 196) < 60  # there is something on it
    assert darkest(picture, 204, 14, 211, 196) == 255  # the award keeps out of the gutter
    assert darkest(picture, 14, 195, 211, 195.8) == 255  # and off the frame
    assert darkest(picture, 279, 14, 283, 196) > 235  # the facts stay in their panel
    assert darkest(picture, 213, 193, 283, 195.8) > 235


def test_english_alone_prints_no_second_language(press: WeasyPress) -> None:
    said = text_of(press.certificate(page_for("en")))

    assert said.count("Certificate of completion") == 1
    assert said.count("Valid until") == 1


@pytest.mark.parametrize("language", SHORT)
def test_only_our_fonts_are_in_the_file(press: WeasyPress, tmp_path: Path, language: str) -> None:
    (tmp_path / "page.pdf").write_bytes(press.certificate(page_for(language, watermark="DEMO")))
    listed = subprocess.run(["pdffonts", "page.pdf"], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in listed.splitlines()[2:]]

    assert rows
    assert all(row[0][7:].startswith("Noto-Sans") for row in rows)
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)  # embedded, subset, with Unicode


def test_the_same_page_gives_the_same_bytes_in_another_process(press: WeasyPress) -> None:
    other = WeasyPress()
    try:
        for language in ("km", "zh_Hans"):
            assert press.certificate(page_for(language)) == other.certificate(page_for(language))
    finally:
        other.close()


def test_the_payload_travels_in_the_file_and_in_the_picture(press: WeasyPress) -> None:
    page = page_for("lo")
    payload = read_certificate(press.certificate(page)).payload

    assert payload == page.payload
    assert decode(payload).claims == claims_for("lo", SHORT["lo"])


def test_the_file_declares_what_it_is(press: WeasyPress, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(press.certificate(page_for("th")))
    reader = PdfReader(path)
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data()

    assert root["/Lang"] == "th"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert page_for("th").number in reader.metadata.title
    assert b'pdfaid:part="3"' in metadata
    assert b'pdfaid:conformance="A"' in metadata
    assert b'pdfuaid:part="1"' in metadata
    assert reader.metadata.creation_date_raw == "D:20261124"


def test_characters_outside_the_fonts_are_refused_by_name(press: WeasyPress) -> None:
    with pytest.raises(Invalid) as caught:
        press.certificate(page_for("en", "Ali ሀለ"))

    assert caught.value.code == "name.characters"
    assert caught.value.details == {"characters": "ሀለ", "text": "Ali ሀለ"}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("name", {"person_name": "Wilhelmina " * 15}),
        ("name", {"person_name": "Wilhelmina" * 15}),
        ("issuer", {"issuer": "Academy of Border Training and " * 12}),
        ("watermark", {"watermark": "DEMONSTRATION " * 20}),
        ("signatory", {"signatories": (Signatory("Wilhelmina Montgomery " * 5, "Director"),)}),
    ],
)
def test_a_text_that_cannot_fit_is_refused_with_its_place(
    press: WeasyPress, field: str, changed: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as caught:
        press.certificate(page_for("en", **changed))

    assert (caught.value.code, caught.value.details["field"]) == ("page.too-long", field)
