"""The process that looks for QR codes in pictures people send: one at a time, within bounds. Started by code_reading.

Apart from the web process because decoders of pictures are C, and anyone may send anything: a picture that crashes one,
or fills the memory, costs nobody's session. It gives way to everything else on the machine.

Talk over stdin and stdout in the frames of `press_worker`: in comes the file, out goes JSON {"texts": [...]} or
{"error": code, ...details}. It ends itself when nothing was asked for the seconds given by --idle.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import resource
import select
import sys
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

import zxingcpp
from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

from elearn.adapters.press_worker import read_frame, write_frame
from elearn.core.vocab.errors import Invalid

MEMORY_LIMIT = 640 * 1024 * 1024
"""Bytes of address space, some 150 MB of which are the programs themselves."""
UNPACKED_LIMIT = 160_000_000
"""Bytes of a picture while it is unpacked: a page scanned in colour at 600 dpi, a photo of 50 million points."""
MOST_POINTS = 220_000_000
"""Of any picture; refused before anything is unpacked."""
SHARP_SIDE = 4600
"""Longer sides are halved while a JPEG is unpacked: that takes neither memory nor time."""
SIDE = 2400
"""Longest side of the first look: a photo of a whole page reads well in it, and fast."""
SMALL_SIDES = (1500, 900)
BLOWN_UP_BELOW = 1600
QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
MOST_TEXTS = 20
LONGEST_TEXT = 4000
PDF_PAGES = 3
PDF_PICTURES = 8
KINDS = ("JPEG", "PNG", "WEBP")
_BYTES_A_POINT = {"1": 1, "L": 1, "P": 1, "I;16": 2, "RGBA": 12, "LA": 12, "PA": 12}
"""While a picture is made grey; 4 for all others. What has an alpha channel is laid on paper first."""


def texts_in(file: bytes) -> list[str]:
    """Return the texts of the QR codes in a picture, or in the pictures of a scanned PDF; each once, [] if none.

    Raises Invalid: "picture.kind", "picture.too-large" (more points than can be unpacked here), "picture.unreadable".
    """
    try:
        pictures = _pictures_of_pdf(file) if b"%PDF-" in file[:1024] else iter([_unpacked(file)])
        found = [text for picture in pictures for text in _read(picture)]
    except MemoryError:
        raise Invalid("picture.too-large") from None
    return list(dict.fromkeys(found))[:MOST_TEXTS]


def _unpacked(file: bytes) -> Image.Image:
    """Return the picture in shades of grey; of one that moves the first."""
    try:
        picture = Image.open(io.BytesIO(file), formats=KINDS)
        packed = picture.size
        if picture.format in ("JPEG", "MPO"):
            picture.draft("L", (SHARP_SIDE // 2, SHARP_SIDE // 2))
        if _weight(picture, packed) > UNPACKED_LIMIT:
            raise Invalid("picture.too-large", width=picture.width, height=picture.height)
        return _grey(picture)
    except UnidentifiedImageError:
        raise Invalid("picture.kind") from None
    except Image.DecompressionBombError:
        raise Invalid("picture.too-large") from None
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, OverflowError, EOFError):
        raise Invalid("picture.unreadable") from None  # what Pillow raises on torn files


def _weight(picture: Image.Image, packed: tuple[int, int]) -> int:
    """Return the bytes the picture takes once unpacked. packed: its size in the file."""
    if picture.info.get("progressive"):
        # Such a JPEG is kept whole, three numbers of two bytes a point, before the first line can be drawn.
        return packed[0] * packed[1] * 6
    return picture.width * picture.height * _BYTES_A_POINT.get(picture.mode, 4)


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode == "I;16":
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        # What is not painted is paper: black signs on nothing would be black on black.
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("L")
    return picture.convert("L")


def _read(picture: Image.Image) -> list[str]:
    """Return the texts of the codes in a grey picture: the plain looks first, then what helps with bad ones."""
    found: dict[str, None] = {}
    for turn, one in enumerate(_looks(picture)):
        # The second look is for another code beside the first, which may be smaller.
        if turn > 1 and found:
            break
        codes = zxingcpp.read_barcodes(one, formats=QR_CODES)
        found |= {code.text: None for code in codes if len(code.text) <= LONGEST_TEXT}
    return list(found)


def _looks(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture in several sizes and sharpened: found by trying photos out of focus, small, dark and moved.

    Sharpening reads what is out of focus; more contrast never helped, the decoder goes by what is around each point.
    """
    full = picture if max(picture.size) <= SHARP_SIDE else _small(picture, SHARP_SIDE)
    first = _small(picture, SIDE)
    yield first
    yield full
    yield _sharpened(full)
    yield _sharpened(first)
    for side in SMALL_SIDES:
        yield _small(picture, side)
    if max(picture.size) <= BLOWN_UP_BELOW:
        larger = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
        yield larger
        yield _sharpened(larger)


def _small(picture: Image.Image, side: int) -> Image.Image:
    if max(picture.size) <= side:
        return picture
    return ImageOps.contain(picture, (side, side), Image.Resampling.BOX)


def _sharpened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius=max(2, max(picture.size) // 500), percent=300, threshold=0))


def _pictures_of_pdf(file: bytes) -> Iterator[Image.Image]:
    """Yield the pictures on the first pages of a PDF: a scanner makes one of each page."""
    from pypdf import PdfReader, apply_configuration  # few send one

    with apply_configuration(zlib_maximum_output_length=UNPACKED_LIMIT):
        left = PDF_PICTURES
        for page in PdfReader(io.BytesIO(file)).pages[:PDF_PAGES]:
            for name in page.images.keys()[:left]:
                left -= 1
                if (picture := page.images[name].image) is not None:
                    yield _grey(picture)


def _answer(file: bytes) -> dict[str, Any]:
    try:
        return {"texts": texts_in(file)}
    except Invalid as error:
        return {"error": error.code, **error.details}
    except Exception as error:  # noqa: BLE001 (whatever goes wrong over a picture is the picture's fault)
        return {"error": "picture.unreadable", "reason": f"{type(error).__name__}: {error}"[:300]}


def serve(source: BinaryIO, target: BinaryIO, idle_seconds: float) -> None:
    """Answer until the asker is gone or nothing was asked for that long."""
    while select.select([source], [], [], idle_seconds)[0]:
        file = read_frame(source)
        if file is None:
            return
        write_frame(target, json.dumps(_answer(file)).encode())


def _bound() -> None:
    """Give way to others, take no more memory than is good, and say nothing of odd pictures but the answer."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_POINTS // 2  # Pillow refuses at twice that
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--idle", type=float, default=60, metavar="SECONDS")
    given = parser.parse_args()
    _bound()
    # What C libraries print must not get between the frames.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    write_frame(target, b"{}")
    serve(source, target, given.idle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
