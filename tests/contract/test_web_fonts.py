"""No box where a letter should be: every character of every course and catalog is in a font that the pages load."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from shaping import Shaper

from elearn.adapters.press.sheet import WEB_FONTS
from elearn.core.vocab.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
STYLE = WEB_FONTS.parent / "css" / "fonts.css"
LATIN, CHINESE = "Noto Sans", "Noto Sans SC"
WRITTEN = (".md", ".yaml", ".vtt", ".txt")
SHARED = "\u0020\u00a0\u2060\u25cc"  # in each file; Latin is loaded for them
JOINERS = "\u200b\u200c\u200d"
_FACE = re.compile(r'font-family: "([^"]+)"; font-weight: (\d+);.*?url\(\.\./fonts/([^)]+)\).*?unicode-range: ([^;]+);')
OF_SCRIPT = {
    "Khmr": "\u1780-\u17ff\u19e0-\u19ff",
    "Laoo": "\u0e80-\u0eff",
    "Mymr": "\u1000-\u109f",
    "Thai": "\u0e01-\u0e7f",
    "Latn": "A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff",
}
SCRIPTS = [tag for tag, row in LANGUAGES.items() if row.script in OF_SCRIPT]


@cache
def texts(language: str) -> dict[str, str]:
    """Return path -> text of everything a reader of the language may see: courses, fact registers, the catalog."""
    courses, catalogs = ROOT / "courses", ROOT / "translations"
    found = [*courses.glob("*/facts.yaml"), *courses.glob(f"*/{language}/**/*"), *catalogs.glob(f"{language}/**/*.po")]
    if language == "en":  # the sentences of the program itself stand in every catalog
        found += sorted(catalogs.glob("*/**/*.po"))[:1]
    kept = [path for path in found if path.suffix in (*WRITTEN, ".po")]
    return {path.relative_to(ROOT).as_posix(): _english(path, language) for path in kept}


def _english(path: Path, language: str) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".po" and language == "en":
        # Up to its translation, which is of another script.
        return "".join(re.findall(r'^msgid(?:_plural)? (".*"(?:\n".*")*)', text, re.MULTILINE))
    return text


@cache
def loaded(weight: str) -> dict[str, frozenset[str]]:
    """Return family -> the characters for which a browser loads it *and* which it then has."""
    found = {}
    for family, of_weight, file, ranges in _FACE.findall(STYLE.read_text(encoding="utf-8")):
        if of_weight == weight:
            with TTFont(WEB_FONTS / file, lazy=True) as font:
                points = {point for point in font.getBestCmap() if _asked_for(point, ranges)}
            found[family] = frozenset(map(chr, points))
    return found


def _asked_for(point: int, ranges: str) -> bool:
    for one in ranges.split(","):
        first, _, last = one.strip().removeprefix("U+").partition("-")
        if int(first, 16) <= point <= int(last or first, 16):
            return True
    return False


def in_every_chinese_font(sign: str) -> bool:
    """Tell whether a sign is of GB 2312, which each font for Chinese has; Chinese pages use the reader's own."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("weight", ["400", "700"])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_character_is_in_a_font_that_is_loaded_for_it(language: str, weight: str) -> None:
    families = loaded(weight)
    drawn = families[LATIN] | families.get(LANGUAGES[language].font, frozenset())
    chinese = LANGUAGES[language].font == CHINESE
    lacking = {
        f"U+{ord(sign):04X} {sign} {unicodedata.name(sign, '')}": path
        for path, text in texts(language).items()
        for sign in set(text) - drawn - {"\n"}
        if not (chinese and in_every_chinese_font(sign))
    }

    assert len(texts(language)) > 40
    assert lacking == {}


@pytest.mark.parametrize("weight", ["400", "700"])
def test_what_a_font_has_is_asked_of_it(weight: str) -> None:
    """A character in the file but outside unicode-range is drawn by a stranger's font, or not at all."""
    families = loaded(weight)
    for family, file in ((family, family.replace(" ", "")) for family in families):
        name = {"400": "Regular", "700": "Bold"}[weight]
        with TTFont(WEB_FONTS / f"{file}-{name}.woff2", lazy=True) as font:
            there = set(map(chr, font.getBestCmap()))
        assert there - families[family] - set(SHARED) == set(), family
    assert set("–—−€₫’“”…•") <= families[LATIN]


@pytest.mark.pango
@pytest.mark.parametrize("language", SCRIPTS)
def test_every_word_is_set_without_a_box_or_a_dotted_circle(language: str) -> None:
    shaper = Shaper(WEB_FONTS / f"{LANGUAGES[language].font.replace(' ', '')}-Regular.woff2")
    run = re.compile(f"[{OF_SCRIPT[LANGUAGES[language].script]}{JOINERS}]+")
    words = {word: path for path, text in texts(language).items() for word in run.findall(text)}
    bad = {word: path for word, path in words.items() if not shaper.sets(word)}

    assert len(words) > 1000
    assert bad == {}


@pytest.mark.pango
@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("km", "ខ្មែរ", "\u17c2រ"),
        ("my", "မြန်မာ", "\u103cန်"),
        ("my", "မြန်မာ", "က\u103a\u103a\u1039"),
        ("th", "ไทย", "ខ"),
        ("lo", "ລາວ", "ก"),
        ("vi", "Tiếng", "ก"),
    ],
)
def test_the_look_at_words_sees_what_is_written_badly(language: str, good: str, bad: str) -> None:
    shaper = Shaper(WEB_FONTS / f"{LANGUAGES[language].font.replace(' ', '')}-Regular.woff2")

    assert shaper.sets(good)
    assert not shaper.sets(bad)
