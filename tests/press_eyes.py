"""Looking at PDFs as Poppler does: words and where they stand, pixels; and a press that starts otherwise."""

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from elearn.adapters.press.metrics import FONTS
from elearn.adapters.weasy_press import WeasyPress

MM = 72 / 25.4
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
BEFORE_WEASYPRINT = """import builtins
whole = builtins.__import__
def imports(name, *rest, **more):
    if name == "weasyprint":
        prepare()
    return whole(name, *rest, **more)
def prepare():
    import os
    {line}
builtins.__import__ = imports
"""


@dataclass(frozen=True)
class Word:
    """A word of the text layer. left, top, right, bottom: millimetres from the left upper corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(pdf: bytes) -> list[Word]:
    """Return the words as Poppler finds them, with their boxes."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    return [
        Word(unescape(text).strip(), *(float(edge) / MM for edge in edges))
        for *edges, text in _WORD.findall(done.stdout.decode())
    ]


def text_of(pdf: bytes) -> str:
    """Return the text layer in the order of the file."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def unsaid(pdf: bytes, texts: list[str]) -> list[str]:
    """Return the texts that are not in the text layer letter for letter, blanks apart. None missing = error rate 0."""
    said = "".join(text_of(pdf).split())
    return [text for text in texts if "".join(text.split()) not in said]


def drawn(pdf: bytes, folder: Path, dpi: int = 72) -> Image.Image:
    """Return the page as a picture in colours."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "page.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    with Image.open(folder / "page.png") as picture:
        return picture.convert("RGB")


def cut_out(pdf: bytes, word: Word, folder: Path, dpi: int = 300) -> Image.Image:
    """Return the part of a page where a word stands, in grey."""
    (folder / "part.pdf").write_bytes(pdf)
    left, top, right, bottom = (round(edge / 25.4 * dpi) for edge in (word.left, word.top, word.right, word.bottom))
    part = {"-r": dpi, "-x": left - 2, "-y": top, "-W": right - left + 4, "-H": bottom - top}
    asked = [str(said) for pair in part.items() for said in pair]
    subprocess.run(["pdftoppm", *asked, "-png", "-singlefile", "part.pdf", "part"], cwd=folder, check=True)
    with Image.open(folder / "part.png") as picture:
        return picture.convert("L")


def unlike(seen: Image.Image, sign: str, font: str = "NotoSansSC-Bold") -> float:
    """Return how unlike a sign a picture of one is to the outline in the font's file: 0 = the same, in greys."""
    drawing = ImageFont.truetype(FONTS / f"{font}.ttf", 200)
    canvas = Image.new("L", (340, 380), 255)
    ImageDraw.Draw(canvas).text((50, 40), sign, font=drawing, fill=28)
    return float(ImageStat.Stat(ImageChops.difference(_ink(seen), _ink(canvas))).mean[0])


def _ink(picture: Image.Image) -> Image.Image:
    box = ImageChops.invert(picture).point([255 if grey > 90 else 0 for grey in range(256)]).getbbox()
    return picture.crop(box).resize((96, 96), Image.Resampling.BILINEAR)


def press_with(folder: Path, start: str) -> WeasyPress:
    """Return a press whose worker runs ``start`` before anything else; to be closed."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(start)
    return WeasyPress({"PYTHONPATH": str(folder)})


def press_with_fonts(folder: Path, fonts: Path) -> WeasyPress:
    """Return a press that is shown another folder of fonts than ours; to be closed."""
    folder.mkdir(exist_ok=True)
    listing = folder / "other.conf"
    listing.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>", encoding="utf-8"
    )
    return press_with(folder, BEFORE_WEASYPRINT.format(line=f'os.environ["FONTCONFIG_FILE"] = {str(listing)!r}'))
