"""Makes the bundled fonts from Noto Sans: static TTF for the press, small WOFF2 for the web.

Run by hand when a font is to be renewed, never at set-up:

    python elearn/adapters/fonts/make_fonts.py [--packages DIR] [--unihan DIR]

It takes the npm packages named in PACKAGES (``npm pack``, or from DIR), keeps the characters that our languages need,
and writes TTF and metrics.json beside itself and WOFF2 into elearn/web/static/fonts. With --unihan (a folder with the
Unihan_*.txt files, .bz2 or plain) the list of hanzi is drawn up anew, otherwise hanzi.txt is read.

Regular and Bold of a family always get the same characters: where Bold lacks one, the PDF's text layer stays right
while *other* glyphs are drawn, and a person's name is printed wrong.
"""

from __future__ import annotations

import argparse
import bz2
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
WEB = HERE.parents[1] / "web" / "static" / "fonts"
HANZI = HERE / "hanzi.txt"
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}

# A space is taken from the font of the run it stands in, and drawn as a box if that font has none; joiners and the
# dotted circle belong to the script they are used in.
SHARED = {0x20, 0xA0, 0x200B, 0x200C, 0x200D, 0x2060, 0x25CC}

# Small capitals, old-style figures and the like double the Latin font and are never asked for.
LATIN_FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "liga", "calt", "rlig", "tnum", "lnum"]


@dataclass(frozen=True)
class Family:
    """One family: the npm package it is from, its file name, and the ranges of characters it keeps."""

    package: str
    version: str
    name: str
    keep: tuple[tuple[int, int], ...]
    features: tuple[str, ...] = ("*",)
    on_the_web: bool = True
    web_keep: tuple[tuple[int, int], ...] = ()


LATIN = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC), (0x1E6, 0x1EB),
    (0x1F8, 0x1F9), (0x218, 0x21B), (0x237, 0x237), (0x259, 0x259), (0x2B9, 0x2BC), (0x2C6, 0x2DD), (0x300, 0x338),
    (0x1E00, 0x1EFF), (0x200B, 0x200D), (0x2010, 0x2015), (0x2018, 0x2022), (0x2026, 0x2026), (0x202F, 0x202F),
    (0x2030, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x2044, 0x2044), (0x2060, 0x2060), (0x20A0, 0x20BF),
    (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2260),
    (0x2264, 0x2265), (0x25CC, 0x25CC), (0x2605, 0x2605), (0x2713, 0x2713),
)  # fmt: skip
# Enough for English and Vietnamese pages; rarer letters come from the reader's own font.
WEB_LATIN = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x102, 0x103), (0x110, 0x111), (0x128, 0x129), (0x131, 0x131), (0x152, 0x153),
    (0x168, 0x169), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x2BC, 0x2BC), (0x300, 0x303), (0x309, 0x309), (0x323, 0x323),
    (0x1EA0, 0x1EF9), (0x2010, 0x2014), (0x2018, 0x2022), (0x2026, 0x2026), (0x2032, 0x2033), (0x2039, 0x203A),
    (0x20AB, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2264, 0x2265), (0x2713, 0x2713),
)  # fmt: skip
CHINESE_SIGNS = (
    (0xB7, 0xB7), (0x2014, 0x2015), (0x2018, 0x2019), (0x201C, 0x201D), (0x2026, 0x2026), (0x2103, 0x2103),
    (0x2160, 0x216B), (0x2460, 0x2473), (0x3000, 0x301F), (0x3021, 0x3029), (0xFF01, 0xFF5E), (0xFFE5, 0xFFE5),
)  # fmt: skip

FAMILIES = (
    Family("noto-sans", "0.4.2", "NotoSans", LATIN, tuple(LATIN_FEATURES), web_keep=WEB_LATIN),
    Family("noto-sans-khmer", "0.4.3", "NotoSansKhmer", ((0x1780, 0x17FF), (0x19E0, 0x19FF))),
    Family("noto-sans-lao", "0.4.2", "NotoSansLao", ((0x0E80, 0x0EFF),)),
    # Pages are in Burmese; names may be Shan, Mon, Karen or Khamti as well, so the press keeps those.
    Family(
        "noto-sans-myanmar",
        "0.4.2",
        "NotoSansMyanmar",
        ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
        web_keep=((0x1000, 0x104F),),
    ),
    Family("noto-sans-thai", "0.4.2", "NotoSansThai", ((0x0E01, 0x0E3A), (0x0E3F, 0x0E5B))),
    Family("noto-sans-sc", "0.4.3", "NotoSansSC", CHINESE_SIGNS, on_the_web=False),
)


# As in core/vocab/languages.py; the script stands alone, so that it can run without the program.
OWN_NAMES = {
    "km": ("ខ្មែរ", "NotoSansKhmer"),
    "lo": ("ລາວ", "NotoSansLao"),
    "my": ("မြန်မာ", "NotoSansMyanmar"),
    "th": ("ไทย", "NotoSansThai"),
}


def characters(ranges: Iterable[tuple[int, int]]) -> set[int]:
    """Return the code points of inclusive ranges."""
    return {point for first, last in ranges for point in range(first, last + 1)}


# --- which hanzi ---------------------------------------------------------------------------------------------------


def _codec(name: str, leads: range, trails: Iterable[int]) -> Iterator[int]:
    for lead in leads:
        for trail in trails:
            try:
                yield ord(bytes((lead, trail)).decode(name))
            except UnicodeDecodeError:
                continue


def _unihan(folder: Path, file: str, field: str) -> set[int]:
    packed = folder / f"{file}.txt.bz2"
    raw = bz2.decompress(packed.read_bytes()) if packed.exists() else (folder / f"{file}.txt").read_bytes()
    rows = (line.split("\t") for line in raw.decode("utf-8").splitlines() if line.startswith("U+"))
    return {int(row[0].removeprefix("U+"), base=16) for row in rows if row[1] == field}


def draw_up_hanzi(unihan: Path) -> set[int]:
    """Return the hanzi we print: about 12,300.

    GB 2312 (6,763) alone lacks hanzi common in names. Added: the table of general standard characters of 2013 (8,105,
    which binds name registration in China), the Modern Chinese Dictionary with the traditional forms it lists, and
    the first level of Big5 for names written in traditional hanzi.
    """
    gb2312 = set(_codec("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)))
    big5 = set(_codec("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]))
    table = _unihan(unihan, "Unihan_OtherMappings", "kTGH")
    dictionary = _unihan(unihan, "Unihan_Readings", "kXHC1983")
    return {point for point in gb2312 | big5 | table | dictionary if point >= 0x3400}


def read_hanzi() -> set[int]:
    """Return the hanzi of hanzi.txt, the list kept in the project."""
    lines = HANZI.read_text(encoding="utf-8").splitlines()
    return {ord(sign) for line in lines if not line.startswith("#") for sign in line.strip()}


def write_hanzi(points: set[int]) -> None:
    """Write hanzi.txt: lines of 50, in order of code points, so that a change reads well in a diff."""
    signs = [chr(point) for point in sorted(points)]
    head = f"# {len(signs)} hanzi: GB 2312, the 2013 table of general standard characters, the Modern Chinese\n"
    head += "# Dictionary and Big5 level 1, as far as Noto Sans SC has them; drawn up by make_fonts.py.\n"
    rows = ("".join(signs[start : start + 50]) for start in range(0, len(signs), 50))
    HANZI.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


# --- making --------------------------------------------------------------------------------------------------------


def unpack(family: Family, packages: Path) -> Path:
    """Return the folder of the unpacked npm package, packing it first if it is not there yet."""
    home = packages / f"{family.package}-{family.version}"
    if not home.exists():
        command = ["npm", "pack", "--silent", f"@expo-google-fonts/{family.package}@{family.version}"]
        done = subprocess.run(command, cwd=packages, check=True, capture_output=True, text=True)
        with tarfile.open(packages / done.stdout.split()[-1]) as archive:
            archive.extractall(home, filter="data")
    return home / "package"


def source(family: Family, weight: str, package: Path) -> Path:
    """Return the path of the full TTF of one weight."""
    return package / WEIGHTS[weight] / f"{family.name}_{WEIGHTS[weight]}.ttf"


def shared_characters(family: Family, package: Path, wanted: set[int]) -> set[int]:
    """Return the wanted characters that *both* weights have."""
    for weight in WEIGHTS:
        with TTFont(source(family, weight, package), lazy=True) as font:
            wanted = wanted & set(font.getBestCmap())
    return wanted


def cut(path: Path, keep: set[int], features: Iterable[str], target: Path, flavour: str | None = None) -> None:
    """Write a subset of the font at ``path`` with the characters ``keep``, layout rules kept, hinting dropped."""
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.name_IDs = ["*"]
    options.drop_tables += ["STAT", "vhea", "vmtx"]  # no variable font, no vertical text
    options.notdef_outline = True
    options.glyph_names = False
    options.flavor = flavour
    font = subset.load_font(str(path), options, dontLoadGlyphNames=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=keep)
    subsetter.subset(font)
    # The same input gives the same file: no time of making inside.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    subset.save_font(font, str(target), options)


def widths(family: Family) -> list[list[int]]:
    """Return rows (first, last, regular advance, bold advance) in thousandths of the font size, in order."""
    tables = []
    for weight in WEIGHTS:
        with TTFont(HERE / f"{family.name}-{weight}.ttf", lazy=True) as font:
            scale = 1000 / font["head"].unitsPerEm
            advance = font["hmtx"].metrics
            tables.append({point: round(advance[glyph][0] * scale) for point, glyph in font.getBestCmap().items()})
    rows: list[list[int]] = []
    for point in sorted(tables[0]):
        row = [point, point, tables[0][point], tables[1][point]]
        if rows and rows[-1][1] == point - 1 and rows[-1][2:] == row[2:]:
            rows[-1][1] = point
        else:
            rows.append(row)
    return rows


def make(family: Family, packages: Path, hanzi: set[int]) -> None:
    """Write TTF of both weights, the licence, and WOFF2 of both weights where the family goes to the web."""
    package = unpack(family, packages)
    wanted = characters(family.keep) | SHARED | (hanzi if family.name == "NotoSansSC" else set())
    keep = shared_characters(family, package, wanted)
    web = keep & (characters(family.web_keep) | SHARED) if family.web_keep else keep
    licence = (package / "LICENSE_FONT").read_text(encoding="utf-8")
    (HERE / f"{family.name}-OFL.txt").write_text(licence, encoding="utf-8")
    for weight in WEIGHTS:
        path = source(family, weight, package)
        cut(path, keep, family.features, HERE / f"{family.name}-{weight}.ttf")
        if family.on_the_web:
            cut(path, web, family.features, WEB / f"{family.name}-{weight}.woff2", "woff2")
    if family.on_the_web:
        (WEB / f"{family.name}-OFL.txt").write_text(licence, encoding="utf-8")


def make_own_names() -> None:
    """Write one tiny WOFF2 for each language's own name.

    The sign-in page shows all seven names at once; without these it would load the fonts of four scripts, 60 KB, to
    draw eighteen letters.
    """
    for tag, (own_name, family) in OWN_NAMES.items():
        keep = {ord(sign) for sign in own_name}
        cut(HERE / f"{family}-Regular.ttf", keep, ("*",), WEB / f"OwnName-{tag}.woff2", "woff2")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder for the npm packages (default: a temporary one)")
    parser.add_argument("--unihan", type=Path, help="folder with Unihan_*.txt[.bz2]: draws up hanzi.txt anew")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        packages = given.packages or Path(temporary)
        WEB.mkdir(parents=True, exist_ok=True)
        if given.unihan:
            chinese = FAMILIES[-1]
            write_hanzi(shared_characters(chinese, unpack(chinese, packages), draw_up_hanzi(given.unihan)))
        hanzi = read_hanzi()
        for family in FAMILIES:
            make(family, packages, hanzi)
        make_own_names()
    rows = {family.name: widths(family) for family in FAMILIES}
    (HERE / "metrics.json").write_text(json.dumps(rows, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
