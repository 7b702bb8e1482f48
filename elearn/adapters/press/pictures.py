"""Pictures for a certificate, drawn anew: nothing of an uploaded file is kept but its pixels.

So no place where a photograph was taken, no thumbnail of an earlier state and no bytes after the end get into a PDF,
and what a decoder stumbles over shows here, and not in the middle of an officer's certificate.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from elearn.core.credential.pictures import PictureBox
from elearn.core.vocab.errors import Invalid

if TYPE_CHECKING:  # a tenth of a second to load, and few ever ask
    from PIL.Image import Image

PAPER = 232
"""From this grey on it is paper, as a scanner or a telephone sees it."""


def drawn_anew(content: bytes, box: PictureBox) -> bytes:
    """Return a PNG that fits the box: upright, margins cut off, see-through where the original is.

    content: already looked at by `picture_problem`. Raises Invalid("certificate-picture.broken"),
    Invalid("certificate-picture.empty") where nothing but paper is on it.
    """
    return _saved(_in_box(_without_margins(_unpacked(content, box)), box))


def _unpacked(content: bytes, box: PictureBox) -> Image:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as opened:
            warnings.simplefilter("ignore")  # of odd but harmless metadata, which is dropped anyway
            opened.draft("RGB", (box.width * 2, box.height * 2))  # JPEG: unpacked no larger than needed
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Invalid("certificate-picture.broken", reason=str(error)[:200]) from None


def _without_margins(picture: Image) -> Image:
    from PIL import Image

    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    ink = paper.convert("L").point([255] * PAPER + [0] * (256 - PAPER)).getbbox()
    if ink is None:
        raise Invalid("certificate-picture.empty")
    return picture.crop(ink)


def _in_box(picture: Image, box: PictureBox) -> Image:
    """Return it as large as fits; in a whole box at its left and bottom, as somebody signs on a line."""
    from PIL import Image

    scale = min(box.width / picture.width, box.height / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    fitted = picture.resize(size, Image.Resampling.LANCZOS)
    if not box.whole:
        return fitted
    canvas = Image.new("RGBA", (box.width, box.height), (255, 255, 255, 0))
    canvas.paste(fitted, (0, box.height - fitted.height))
    return canvas


def _saved(picture: Image) -> bytes:
    """Return a PNG without a see-through channel where nothing is: the press is quicker with it."""
    solid = picture.getchannel("A").getextrema() == (255, 255)
    out = io.BytesIO()
    (picture.convert("RGB") if solid else picture).save(out, "PNG", optimize=True)
    return out.getvalue()
