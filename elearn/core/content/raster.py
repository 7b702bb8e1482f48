"""Pictures made of pixels: what kind a file is, how large, whether it moves. Read from its bytes, not from its name.

Only headers are read, so nothing here can be made to unpack a small file into a large picture. PNG (w3.org/TR/png-3),
JPEG (ITU-T T.81) and WebP (RFC 9649).
"""

from dataclasses import dataclass
from html import escape

KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
"""Kind, which is also the end of the file's name -> media type."""

MAX_BYTES = 250_000
MIN_SIDE, MAX_SIDE = 16, 4000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_NOT_FRAMES = {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD8)}
_WEBP_ANIMATION = 0x02


@dataclass(frozen=True)
class Header:
    """What a file says of itself. kind: of KINDS, "" = none of them; width, height: pixels, 0 = cannot be read."""

    kind: str
    width: int = 0
    height: int = 0
    moves: bool = False

    @property
    def whole(self) -> bool:
        """Tell whether the size could be read and the file has its end."""
        return self.width > 0 and self.height > 0


def read_header(data: bytes) -> Header:
    """Return what a picture file says of itself; without a size where it is cut off or broken."""
    if data.startswith(_PNG):
        kind, read = "png", _png
    elif data.startswith(_JPEG):
        kind, read = "jpg", _jpeg
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind, read = "webp", _webp
    else:
        return Header("")
    try:
        return Header(kind, *read(data))
    except (IndexError, ValueError):
        return Header(kind)


def photo(address: str, header: Header, words: tuple[str, str], anchor: str) -> str:
    """Return a picture as a figure of a page. words: (alternative text, caption or "")."""
    alternative, caption = words
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    # A picture of a telephone's screen would fill a computer's twice over.
    shape = "picture picture-tall" if header.height > header.width else "picture"
    return (
        f'<figure class="{shape}" id="{escape(anchor)}"><img src="{escape(address)}" alt="{escape(alternative)}"'
        f' width="{header.width}" height="{header.height}" loading="lazy" decoding="async">{below}</figure>\n'
    )


Size = tuple[int, int, bool]
"""Width, height, and whether it moves."""


def _png(data: bytes) -> Size:
    if data[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    moves, place = False, len(_PNG)
    while (name := data[place + 4 : place + 8]) != b"IEND":
        moves = moves or name == b"acTL"
        place += 12 + _big(data, place, 4)
    return _big(data, 16, 4), _big(data, 20, 4), moves


def _jpeg(data: bytes) -> Size:
    place = 2
    while True:
        if data[place] != 0xFF:
            raise ValueError("no marker")
        marker = data[place + 1]
        if marker == 0xFF:  # may be filled up
            place += 1
        elif marker in _ALONE:
            place += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NOT_FRAMES:
            data.index(b"\xff\xd9", place)
            return _big(data, place + 7, 2), _big(data, place + 5, 2), False
        elif marker in {0xD9, 0xDA}:
            raise ValueError("no frame before the scan")
        else:
            place += 2 + _big(data, place + 2, 2)


def _webp(data: bytes) -> Size:
    if len(data) < 8 + _little(data, 4, 4):
        raise ValueError("cut off")
    first = data[12:16]
    if first == b"VP8X":
        moves = bool(data[20] & _WEBP_ANIMATION)
        return 1 + _little(data, 24, 3), 1 + _little(data, 27, 3), moves
    if first == b"VP8L" and data[20] == 0x2F:
        bits = _little(data, 21, 4)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), False
    if first == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF, False
    raise ValueError("no frame")


def _big(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(_cut(data, place, size), "big")


def _little(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(_cut(data, place, size), "little")


def _cut(data: bytes, place: int, size: int) -> bytes:
    found = data[place : place + size]
    if len(found) < size:
        raise IndexError(place)
    return found
