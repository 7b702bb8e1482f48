"""Laws of the bundled fonts: what Regular can draw Bold can, and every name of the region is in them."""

import json
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from press_cast import ISSUERS, LONG, SHORT, TITLES, UNITS, WORDS

from elearn.adapters.press.metrics import FONTS, families, outside, width
from elearn.adapters.press.sheet import WEB_FONTS, stack
from elearn.core.vocab.languages import LANGUAGES

NAMES = sorted(path.name.removesuffix("-Regular.ttf") for path in FONTS.glob("*-Regular.ttf"))
WEB_NAMES = sorted(path.name.removesuffix("-Regular.woff2") for path in WEB_FONTS.glob("*-Regular.woff2"))

# Hanzi of given names and surnames that GB 2312 lacks; the register offices of China take all of them.
RARE_HANZI = "堃喆犇翀垚玥璟彧赟昇䶮㛃珺婳頔翾祎瑄"


def characters(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


@pytest.mark.parametrize("name", NAMES)
def test_regular_and_bold_have_the_same_characters(name: str) -> None:
    assert characters(FONTS / f"{name}-Regular.ttf") == characters(FONTS / f"{name}-Bold.ttf")


@pytest.mark.parametrize("name", WEB_NAMES)
def test_the_webs_regular_and_bold_have_the_same_characters_and_are_small(name: str) -> None:
    regular, bold = WEB_FONTS / f"{name}-Regular.woff2", WEB_FONTS / f"{name}-Bold.woff2"

    assert characters(regular) == characters(bold)
    assert max(regular.stat().st_size, bold.stat().st_size) < 30_000


def test_every_language_has_its_font_for_the_press_and_all_but_chinese_for_the_web() -> None:
    assert {row.font for row in LANGUAGES.values()} == set(families())
    assert {row.font.replace(" ", "") for row in LANGUAGES.values()} - set(WEB_NAMES) == {"NotoSansSC"}


@pytest.mark.parametrize("name", NAMES)
def test_each_family_goes_with_its_licence_and_none_uses_a_reserved_name(name: str) -> None:
    licence = (FONTS / f"{name}-OFL.txt").read_text()
    with TTFont(FONTS / f"{name}-Bold.ttf", lazy=True) as font:
        family = font["name"].getDebugName(1)

    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Copyright" in licence.splitlines()[0]
    assert not family.startswith("Source")


@pytest.mark.parametrize("name", NAMES)
def test_the_metrics_are_those_of_the_fonts(name: str) -> None:
    rows = json.loads((FONTS / "metrics.json").read_text())[name]
    for column, weight in ((2, "Regular"), (3, "Bold")):
        with TTFont(FONTS / f"{name}-{weight}.ttf", lazy=True) as font:
            advances = {point: font["hmtx"][glyph][0] for point, glyph in font.getBestCmap().items()}
        kept = {point: row[column] for row in rows for point in range(row[0], row[1] + 1)}
        assert kept == advances


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_we_print_is_in_the_fonts(language: str) -> None:
    texts = [SHORT, LONG, ISSUERS, UNITS, TITLES]

    assert outside("".join(kept[language] for kept in texts) + "".join(vars(WORDS[language]).values())) == ""


def test_the_alphabets_are_whole() -> None:
    blocks = {"Khmer": range(0x1780, 0x17FA), "Lao": range(0x0E80, 0x0EE0), "Myanmar": range(0x1000, 0x10A0)}
    blocks |= {"Thai": range(0x0E00, 0x0E5C), "Vietnamese": range(0x1EA0, 0x1EFA), "Shan": range(0xAA60, 0xAA80)}
    for name, block in blocks.items():
        signs = "".join(chr(point) for point in block if unicodedata.category(chr(point)) != "Cn")
        assert outside(signs) == "", name


def test_hanzi_of_names_that_gb2312_lacks_are_there() -> None:
    lacking = [sign for sign in RARE_HANZI if _fits(sign, "gb2312")]

    assert lacking == []
    assert outside(RARE_HANZI) == ""


def test_what_no_font_has_is_named_once_and_in_order() -> None:
    assert outside("Ali ሀለ 😀ሀ \u200b李") == "ሀለ😀"
    assert outside("e\u0302\u0301") == ""  # composed before it is looked up


def test_a_stacked_consonant_takes_no_room() -> None:
    assert width("ក្ក", stack("km"), True) == width("ក", stack("km"), True)
    assert width("ក្រ", stack("km"), True) > width("ក", stack("km"), True)  # reaches up beside
    assert width("က္က", stack("my"), True) == width("က", stack("my"), True)
    assert width("李娜", stack("zh_Hans"), True) == 2.0


def _fits(sign: str, codec: str) -> bool:
    try:
        sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
