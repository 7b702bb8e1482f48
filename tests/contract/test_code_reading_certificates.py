"""Printed certificates, photographed: the code of every language is read, as phones, scanners and screens show it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from photo_scenes import blurred, dark, on_a_table, saved, seen_from_the_side, turned
from PIL import Image
from press_cast import WORDS, page_for

from elearn.adapters.code_reading import CodeWorkerLine
from elearn.adapters.weasy_press import WeasyPress

pytestmark = [pytest.mark.pango, pytest.mark.poppler]

PHOTOS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda sheet: sheet,
    "askew": lambda sheet: turned(sheet, 7),
    "upside down, from the side, in the dark": lambda sheet: dark(seen_from_the_side(turned(sheet, 180))),
    "by a phone, a little out of focus": lambda sheet: blurred(seen_from_the_side(on_a_table(sheet)), 2),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[CodeWorkerLine]:
    found = CodeWorkerLine()
    yield found
    found.close()


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, int], Image.Image]]:
    """Return what draws the certificate of a language at so many dots an inch."""
    folder, press = tmp_path_factory.mktemp("sheets"), WeasyPress()
    pdfs: dict[str, Path] = {}

    def drawn(language: str, dpi: int) -> Image.Image:
        if language not in pdfs:
            pdfs[language] = folder / f"{language}.pdf"
            pdfs[language].write_bytes(press.certificate(page_for(language)))
        name = folder / f"{language}-{dpi}"
        command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(pdfs[language]), str(name)]
        subprocess.run(command, check=True)
        with Image.open(f"{name}.png") as sheet:
            return sheet.convert("RGB")

    yield drawn
    press.close()


HARD = list(PHOTOS)[-1]


@pytest.mark.parametrize(
    ("language", "how"), [(one, HARD) for one in WORDS] + [("my", how) for how in PHOTOS if how != HARD]
)
def test_a_photo_of_a_printed_certificate_is_read(
    reader: CodeWorkerLine, sheets: Callable[[str, int], Image.Image], language: str, how: str
) -> None:
    photo = saved(PHOTOS[how](sheets(language, 150)), quality=40)

    assert reader.texts(photo) == [page_for(language).payload]


@pytest.mark.parametrize("dpi", [90, 110, 200, 300])
def test_a_screenshot_and_a_scan_are_read(
    reader: CodeWorkerLine, sheets: Callable[[str, int], Image.Image], dpi: int
) -> None:
    assert reader.texts(saved(sheets("my", dpi), "PNG")) == [page_for("my").payload]
