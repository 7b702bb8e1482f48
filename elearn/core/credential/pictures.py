"""Pictures for a certificate: which files are taken, and how large each is drawn.

Looked at from the headers alone, before anything is unpacked: a small file can hold a very large picture.
"""

from dataclasses import dataclass

from elearn.core.content.raster import read_header

MAX_BYTES = 4_000_000
MIN_SIDE, MAX_SIDE = 40, 6000
MAX_PIXELS = 24_000_000
"""As a telephone of today takes them, unpacked some 70 MB for a moment."""


@dataclass(frozen=True)
class PictureBox:
    """The room for a picture, in pixels at 300 to the inch. whole: it is given all of the box, at the left and bottom,
    so that it stands on a line; otherwise it keeps its own proportions."""

    width: int
    height: int
    whole: bool = False


SEAL = "seal"
SIGNATURES = ("signature-1", "signature-2", "signature-3")
BOXES = {SEAL: PictureBox(532, 236)} | dict.fromkeys(SIGNATURES, PictureBox(590, 165, whole=True))
"""What a certificate can carry -> its room: 45 x 20 mm for the seal, 50 x 14 mm for a signature."""


def picture_problem(content: bytes) -> str:
    """Return the code of why a file is not taken, "" if it is worth unpacking."""
    if len(content) > MAX_BYTES:
        return "certificate-picture.too-large"
    header = read_header(content)
    if not header.kind:
        drawing = b"<svg" in content[:4096].lower() or content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")
        return "certificate-picture.drawing" if drawing else "certificate-picture.kind"
    sides = (header.width, header.height)
    found = {
        "certificate-picture.broken": not header.whole,
        "certificate-picture.moves": header.moves,
        "certificate-picture.too-small": min(sides) < MIN_SIDE,
        "certificate-picture.too-many-pixels": max(sides) > MAX_SIDE or header.width * header.height > MAX_PIXELS,
    }
    return next((code for code, is_so in found.items() if is_so), "")
