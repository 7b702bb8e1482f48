"""Laws of what is placed on a certificate: the code's size, seal and signatures, names of any length in any script."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from press_cast import LONG, SHORT, claims_for, page_for
from press_decked import as_png, astray, decked
from press_eyes import MM, drawn, unsaid, words_of
from pypdf import PdfReader

from elearn.adapters.press.pictures import drawn_anew
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.payload import decode
from elearn.core.credential.pictures import BOXES, SEAL
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES

pytestmark = [pytest.mark.pango, pytest.mark.poppler]
OTHER_SCRIPTS = {
    "th": "ဒေါ်ခင်မျိုးချစ်သန္တာလှိုင်",
    "km": "欧阳翀堃",
    "lo": "Nguyễn Thị Ngọc Ánh Tuyết Ễ Ặ Ỡ",
    "my": "លោក ស្រ៊ុន ត្រឹង្គ\u200bស្រី",
    "vi": "นางสาวปิ่นปินัทธ์ ญาณวุฒิ",
    "zh_Hans": "ທ້າວ ບຸນຍູ້ ຊື່ສັດ",
    "en": "Mara លី 李娜 ปิ่น ဦးလှ ບຸນ Ễ",
}
NO_BLANKS = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschafersweite"


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def pictures_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Return (left, top, width, height) of each picture on the page, in millimetres."""
    found = []

    def see(operator: bytes, operands: list[object], matrix: list[float], _text: list[float]) -> None:
        if operator == b"Do":
            a, _b, _c, d, e, f = matrix
            found.append((e / MM, 210 - max(f, f + d) / MM, abs(a) / MM, abs(d) / MM))

    page = PdfReader(io.BytesIO(pdf)).pages[0]
    page.extract_text(visitor_operand_before=see)
    return found


# --- the code -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", SHORT)
@pytest.mark.parametrize("names", [SHORT, LONG], ids=["short", "long"])
def test_the_code_is_30_millimetres_wide_and_read_at_150_dots(
    press: WeasyPress, tmp_path: Path, language: str, names: dict[str, str]
) -> None:
    page = page_for(language, names[language])
    pdf = press.certificate(page)
    found = zxingcpp.read_barcodes(drawn(pdf, tmp_path, 150))

    assert [one.text for one in found] == [page.payload]
    assert decode(found[0].text).claims == claims_for(language, names[language])
    corners = found[0].position
    wide = (corners.top_right.x - corners.top_left.x) / 150 * 25.4
    high = (corners.bottom_left.y - corners.top_left.y) / 150 * 25.4
    assert (wide, high) == (pytest.approx(30, abs=0.6), pytest.approx(30, abs=0.6))


def test_a_code_printed_small_and_grey_is_still_read(press: WeasyPress, tmp_path: Path) -> None:
    page = page_for("km", LONG["km"])
    picture = drawn(press.certificate(page), tmp_path, 150).convert("L").point([80 + grey // 2 for grey in range(256)])

    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [page.payload]


# --- seal and signatures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", SHORT)
def test_with_seal_and_three_signatures_it_is_one_page_and_nothing_overlaps(press: WeasyPress, language: str) -> None:
    page = decked(language)
    pdf = press.certificate(page)
    words, pictures = words_of(pdf), pictures_of(pdf)
    seals = [box for box in pictures if box[0] < 202 and box[1] < 60 and box[3] > 15]
    hands = [box for box in pictures if box[0] < 202 and box[1] > 120]

    assert astray(words) == []
    assert unsaid(pdf, page.texts()) == []
    assert (len(seals), len(hands)) == (1, 3)
    for left, top, wide, high in [*seals, *hands]:
        inside = [one for one in words if left < (one.left + one.right) / 2 < left + wide]
        assert [one.text for one in inside if top < (one.top + one.bottom) / 2 < top + high] == []
    assert {(round(wide), round(high)) for _left, _top, wide, high in hands} in ({(50, 14)}, {(46, 13)})
    assert seals[0][2:] == (pytest.approx(20, abs=0.3), pytest.approx(20, abs=0.3))


def test_pictures_say_what_they_are_to_who_cannot_see_them(press: WeasyPress) -> None:
    root = PdfReader(io.BytesIO(press.certificate(decked("lo")))).trailer["/Root"]
    said, waiting = [], [root["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        if not hasattr(one, "get"):
            continue
        if one.get("/S") == "/Figure":
            said.append(str(one.get("/Alt")))
        below = one.get("/K", [])
        waiting += [part.get_object() for part in (below if isinstance(below, list) else [below]) if part is not None]

    assert sorted(said) == sorted(["Seal", *["Signature"] * 3, f"ເລກທີໃບຢັ້ງຢືນ {page_for('lo').number}"])


@pytest.mark.parametrize("size", [(2000, 200), (200, 2000), (40, 40)])
def test_a_seal_of_any_proportions_leaves_room_for_a_long_issuer(press: WeasyPress, size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, "#1c3f7a")
    issuer = "Department of Training for the Officers of Land, River and Air Borders of the Northern Provinces"
    seal = drawn_anew(as_png(picture), BOXES[SEAL])
    page = replace(page_for("en"), seal=seal, issuer=issuer)
    pdf = press.certificate(page)
    left, _top, wide, high = min(pictures_of(pdf), key=lambda box: (box[1], box[0]))
    words = [one for one in words_of(pdf) if one.text and one.text in issuer and one.top < 45]

    assert astray(words_of(pdf)) == []
    assert (wide <= 45.1, high <= 20.1) == (True, True)
    assert min(one.left for one in words) > left + wide
    assert unsaid(pdf, [issuer]) == []


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHER_SCRIPTS)
def test_names_in_another_script_than_the_certificates_are_drawn_and_said_right(
    press: WeasyPress, tmp_path: Path, language: str
) -> None:
    page = page_for(language, OTHER_SCRIPTS[language])
    pdf = press.certificate(page)

    assert unsaid(pdf, [page.person_name.replace("\u200b", "")]) == []
    assert astray(words_of(pdf)) == []
    listed = {str(font["/BaseFont"]) for font in PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()}
    wanted = {row.font.replace(" ", "-") for row in LANGUAGES.values() if _needs(page.person_name, row.tag)}
    assert {one for one in wanted if not any(one in name for name in listed)} == set()


def _needs(name: str, language: str) -> bool:
    """Tell whether a name has signs that only this language's font has."""
    signs = {"km": "\u1780", "lo": "\u0e81", "my": "\u1000", "th": "\u0e01", "zh_Hans": "\u4e00"}
    first = signs.get(language)
    ends = {"km": "\u17ff", "lo": "\u0eff", "my": "\u109f", "th": "\u0e7f", "zh_Hans": "\u9fff"}
    return bool(first) and any(str(first) <= sign <= ends[language] for sign in name)


@pytest.mark.parametrize("language", SHORT)
def test_a_name_without_blanks_is_cut_rather_than_refused(press: WeasyPress, language: str) -> None:
    assert len(NO_BLANKS) == 80
    pdf = press.certificate(page_for(language, NO_BLANKS))
    lines = [one for one in words_of(pdf) if one.text and one.text in NO_BLANKS and len(one.text) > 20]

    assert astray(words_of(pdf)) == []
    assert "".join(one.text for one in lines) == NO_BLANKS
    assert len(lines) == 2


@pytest.mark.parametrize("language", SHORT)
def test_names_grow_smaller_then_take_two_lines_then_are_refused(press: WeasyPress, language: str) -> None:
    part = {"lo": "ບຸນມີຄຳ", "my": "ခင်", "th": "พรรณราย", "vi": "Nghiêng", "zh_Hans": "李娜国"}.get(
        language, SHORT[language].split()[0]
    )
    heights, refused = [], ""
    for times in range(1, 60, 3):
        name = " ".join([part] * times)
        try:
            words = words_of(press.certificate(page_for(language, person_name=name, signatories=())))
        except Invalid as error:
            refused = f"{error.code} {error.details['field']} {error.details['text']}"
            break
        assert astray(words) == []
        heights.append(max(one.bottom - one.top for one in words if one.text.startswith(part)))

    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]
    assert refused == f"page.too-long name {name}"


@pytest.mark.parametrize("language", SHORT)
def test_what_is_told_of_a_name_beforehand_is_what_the_press_does(press: WeasyPress, language: str) -> None:
    sign = {"zh_Hans": "赟"}.get(language, SHORT[language][0])
    for length in (30, 60, 68, 72, 80, 90, 100):
        name = sign * length
        try:
            press.certificate(page_for(language, name))
            fits = True
        except Invalid as error:
            fits = error.code != "page.too-long"

        assert press.too_wide(name) is not fits, length
