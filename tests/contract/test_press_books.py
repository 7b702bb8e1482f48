"""Laws of the printed book: right contents, every title in the text layer, no line over the edge, same bytes again."""

import io
import os
import re
import signal
import subprocess
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from book_scenes import COURSE, READ_ONLY, post_with
from PIL import Image, ImageChops, ImageStat
from press_cast import page_for
from pypdf import PdfReader

from elearn.adapters.press.book_sheet import book_html, pages_at_a_guess, printable_book
from elearn.adapters.press.metrics import outside
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.book.book import BOOK, JOB_AIDS, Book
from elearn.core.vocab.languages import LANGUAGES
from elearn.services.book_words import book_in_words
from elearn.services.packages import current_package

pytestmark = [pytest.mark.pango, pytest.mark.poppler]
DPI = 50


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Book]:
    """(course, kind, language) -> book."""
    node = post_with(tmp_path_factory.mktemp("books"), COURSE, READ_ONLY)
    with node.store.reading() as tx:
        found = {
            (course, kind, language): book_in_words(tx, node, current_package(tx, course), kind, language)
            for course in (COURSE, READ_ONLY)
            for kind in (BOOK, JOB_AIDS)
            for language in LANGUAGES
        }
    node.store.close()
    return found


@pytest.fixture(scope="module")
def pdfs(press: WeasyPress, books: dict[tuple[str, str, str], Book]) -> dict[str, bytes]:
    """Language -> the book of COURSE."""
    return {language: press.book(books[COURSE, BOOK, language], _nobody) for language in LANGUAGES}


def _nobody(_done: int, _pages: int) -> None:
    return None


def text_of(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def starts(pdf: bytes) -> dict[str, int]:
    """Return heading -> page from 1, as the bookmarks of the file have it."""
    reader = PdfReader(io.BytesIO(pdf))
    flat, waiting = {}, list(reader.outline)
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one, *waiting]
        else:
            flat[str(one.title)] = (reader.get_destination_page_number(one) or 0) + 1
    return flat


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contents_give_the_page_on_which_each_lesson_begins(
    pdfs: dict[str, bytes], books: dict[tuple[str, str, str], Book], language: str
) -> None:
    pdf, book = pdfs[language], books[COURSE, BOOK, language]
    begins = starts(pdf)
    contents = squeezed(text_of(pdf, "-raw", "-f", "2", "-l", "2"))
    entries = [*(chapter.title for chapter in book.chapters), book.words.glossary]

    assert len(book.chapters) >= 3
    pages = [begins[title] for title in entries]
    assert pages == sorted(set(pages))
    for title, page in zip(entries, pages, strict=True):
        assert squeezed(title) + str(page) in contents
        assert squeezed(title) in squeezed(text_of(pdf, "-f", str(page), "-l", str(page)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_layer_says_what_is_written(
    pdfs: dict[str, bytes], books: dict[tuple[str, str, str], Book], language: str
) -> None:
    book, text = books[COURSE, BOOK, language], text_of(pdfs[language], "-raw")
    said = squeezed(text)
    wanted = [book.title, book.issuer, *book.aims, *(chapter.title for chapter in book.chapters)]
    wanted += [term for term, _ in book.glossary]

    assert [one for one in wanted if squeezed(one) not in said] == []
    assert "\u200b" not in text
    assert "\u2060" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_begins_in_the_middle_of_a_sign_and_none_runs_over_the_edge(
    pdfs: dict[str, bytes], tmp_path: Path, language: str
) -> None:
    lines = [line.strip() for line in text_of(pdfs[language], "-layout").splitlines() if line.strip()]
    (tmp_path / "book.pdf").write_bytes(pdfs[language])
    command = ["pdftoppm", "-r", str(DPI), "-gray", "book.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True)
    pages = sorted(tmp_path.glob("page-*.pgm"))

    assert len(pages) >= 8
    assert [line for line in lines if unicodedata.category(line[0]) in {"Mn", "Mc"}] == []
    for page in pages:
        picture = Image.open(page)
        edge = round(14 / 25.4 * DPI)
        left, right = (
            picture.crop((0, 0, edge, picture.height)),
            picture.crop((picture.width - edge, 0, picture.width, picture.height)),
        )
        assert (left.getextrema()[0], right.getextrema()[0]) == (255, 255), page.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_number_and_the_language_is_said(
    pdfs: dict[str, bytes], books: dict[tuple[str, str, str], Book], language: str
) -> None:
    reader = PdfReader(io.BytesIO(pdfs[language]))
    count = len(reader.pages)
    sentence = books[COURSE, BOOK, language].words.page_of

    assert reader.trailer["/Root"]["/Lang"] == LANGUAGES[language].bcp47
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {(595, 842)}
    for page in range(1, count + 1):
        wanted = sentence.replace("\ue000", str(page)).replace("\ue001", str(count))
        assert squeezed(wanted) in squeezed(text_of(pdfs[language], "-f", str(page), "-l", str(page)))


def test_a_book_holds_no_question(pdfs: dict[str, bytes], tmp_path: Path) -> None:
    from elearn.core.vocab.kept import QUESTION_TEXT

    node = post_with(tmp_path, COURSE)
    with node.store.reading() as tx:
        rows = tx.tables.select(QUESTION_TEXT, {"language": "en"})
    node.store.close()
    said = squeezed(text_of(pdfs["en"], "-raw"))

    assert len(rows) > 10
    assert [row["question"] for row in rows if squeezed(row["words"]["stem"]) in said] == []


@pytest.mark.parametrize("language", ["en", "my", "th"])
def test_each_job_aid_is_on_its_own_sheet(
    press: WeasyPress, books: dict[tuple[str, str, str], Book], language: str
) -> None:
    book = books[READ_ONLY, JOB_AIDS, language]
    pdf = press.book(book, _nobody)
    sheets = [squeezed(text_of(pdf, "-f", str(n + 1), "-l", str(n + 1))) for n in range(len(book.aids))]

    assert len(book.aids) >= 3
    assert len(PdfReader(io.BytesIO(pdf)).pages) == len(book.aids)
    for aid, sheet in zip(book.aids, sheets, strict=True):
        first = re.sub(r"<[^>]*>", "", aid.html.split("</p>")[0])
        assert squeezed(first) in sheet


def test_pictures_of_the_course_are_in_the_book(
    press: WeasyPress, books: dict[tuple[str, str, str], Book], tmp_path: Path
) -> None:
    book = books[READ_ONLY, BOOK, "vi"]
    (tmp_path / "book.pdf").write_bytes(press.book(book, _nobody))
    listed = subprocess.run(["pdfimages", "-list", "book.pdf"], cwd=tmp_path, capture_output=True, check=True)
    drawn = [line for line in listed.stdout.decode().splitlines()[2:] if " image " in line]

    assert len(drawn) == "".join(book.bodies()).count("<img ") >= 8


def test_the_same_book_gives_the_same_bytes_in_another_process(
    pdfs: dict[str, bytes], books: dict[tuple[str, str, str], Book]
) -> None:
    other = WeasyPress()
    try:
        assert other.book(books[COURSE, BOOK, "km"], _nobody) == pdfs["km"]
    finally:
        other.close()


def test_pages_are_told_one_by_one_and_the_guess_is_near(
    press: WeasyPress, books: dict[tuple[str, str, str], Book]
) -> None:
    for course, language in ((COURSE, "en"), (COURSE, "my"), (READ_ONLY, "zh_Hans")):
        book, told = books[course, BOOK, language], list[tuple[int, int]]()
        pdf = press.book(book, lambda done, pages, told=told: told.append((done, pages)))  # type: ignore[misc]
        pages = len(PdfReader(io.BytesIO(pdf)).pages)

        assert [done for done, _ in told] == list(range(pages + 1))
        assert all(done <= guess for done, guess in told)
        assert 0.5 * pages <= pages_at_a_guess(book) <= 2 * pages


def test_a_certificate_does_not_wait_for_a_book(press: WeasyPress, books: dict[tuple[str, str, str], Book]) -> None:
    got: list[bytes] = []
    asking = threading.Thread(target=lambda: got.append(press.certificate(page_for("km"))), daemon=True)

    def told(done: int, _pages: int) -> None:
        # The book goes on only when the certificate is there: behind it in a queue, neither would ever come.
        if done == 2:
            asking.start()
            asking.join(timeout=60)
            assert got

    press.book(books[COURSE, BOOK, "en"], told)
    assert got[0].startswith(b"%PDF")


def test_a_worker_that_dies_in_the_middle_of_a_book_is_replaced_and_nobody_notices(
    pdfs: dict[str, bytes], books: dict[tuple[str, str, str], Book]
) -> None:
    press, killed = WeasyPress(), list[int]()

    def told(done: int, _pages: int) -> None:
        pid = press._books.worker_pid
        if done == 3 and not killed and pid:
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)

    try:
        assert press.book(books[COURSE, BOOK, "lo"], told) == pdfs["lo"]
        assert killed
    finally:
        press.close()


def test_no_worker_grows_beyond_a_quarter_of_a_gigabyte(
    press: WeasyPress, books: dict[tuple[str, str, str], Book]
) -> None:
    press.book(books[READ_ONLY, BOOK, "zh_Hans"], _nobody)
    status = Path(f"/proc/{press._books.worker_pid}/status").read_text()

    assert int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) < 250_000


def test_text_from_settings_is_text_and_never_markup(books: dict[tuple[str, str, str], Book]) -> None:
    book = replace(books[COURSE, BOOK, "en"], issuer='A <b>"&\\ Service', title="Seals </title><script>")
    html = printable_book(book)

    assert "<script" not in html
    assert "<b>" not in html


def test_every_sign_of_every_book_is_in_the_fonts(books: dict[tuple[str, str, str], Book]) -> None:
    for key, book in books.items():
        assert outside(re.sub(r"<[^>]*>|\u200b|\u2060", "", book_html(book))) == "", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_a_browser_holds_everything_and_asks_for_nothing(
    books: dict[tuple[str, str, str], Book], language: str
) -> None:
    html = printable_book(books[READ_ONLY, BOOK, language])

    assert "<script" not in html
    assert "style=" not in html
    assert set(re.findall(r'\bsrc="([a-z]+):', html)) == {"data"}
    assert {address[:5] for address in re.findall(r"url\(([^)]+)\)", html)} <= {"data:"}
    assert re.findall(r'\bhref="[^#]', html) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_drawings_are_in_the_text_layer(
    pdfs: dict[str, bytes], books: dict[tuple[str, str, str], Book], language: str
) -> None:
    labels = re.findall(r"<text[^>]*>([^<]+)</text>", "".join(books[COURSE, BOOK, language].bodies()))
    said = squeezed(text_of(pdfs[language], "-raw"))

    assert len(labels) >= 5
    assert [label for label in labels if squeezed(label) not in said] == []


@pytest.mark.parametrize(
    ("language", "text"), [("km", "កន្លែងបិទ"), ("my", "အညွှန်းမဲ့ စည်ပိုင်း"), ("th", "พื้นที่ปิดกั้น"), ("lo", "ບໍ່ມີປ້າຍ")]
)
def test_words_in_drawings_are_shaped_as_words_on_the_page_are(
    press: WeasyPress, tmp_path: Path, language: str, text: str
) -> None:
    """The text layer is right even where a vowel is drawn apart on a dotted circle, so compare pixels."""
    family = LANGUAGES[language].font
    drawing = (
        f'<svg viewBox="0 0 600 200" font-family="{family}"><text x="50" y="120" font-size="40">{text}</text></svg>'
    )
    pages = {"drawn": drawing, "written": f"<p style=\"font: 40px '{family}'; margin: 60px\">{text}</p>"}
    inks = []
    for name, body in pages.items():
        asked = {"html": f"<html lang={language}><body>{body}", "css": [], "created": "2026-11-24T00:00:00+00:00"}
        _count, pdf = press._books.ask(asked)
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "96", "-gray", "-singlefile", f"{name}.pdf", name], cwd=tmp_path, check=True)
        picture = ImageChops.invert(Image.open(tmp_path / f"{name}.pgm"))
        inks.append(picture.crop(picture.point(lambda grey: 255 if grey > 90 else 0).getbbox()))

    widths = [ink.width / ink.height for ink in inks]
    assert widths[0] == pytest.approx(widths[1], rel=0.03)
    same = [ink.resize((300, 60), Image.Resampling.BILINEAR) for ink in inks]
    assert ImageStat.Stat(ImageChops.difference(*same)).mean[0] < 16
