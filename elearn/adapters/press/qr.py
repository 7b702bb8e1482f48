"""The QR code of a certificate as PNG: the modules by zxing-cpp, the picture here.

segno takes 2.5 ms for the code and 2 ms for the picture, a fortieth of a certificate each; zxing-cpp, which reads codes
on the verify page, takes half a millisecond.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import zxingcpp

QUIET = 4
"""Modules of white all around, as the standard asks for."""
SCALE = 2
"""Pixels a module. Read at 90 to 300 dots to the inch; with 3, as many pixels as dots at 150, some modules come out
twice as wide as their neighbours, and with 6 the press takes 5 ms more. Viewers are told not to smooth it
(certificate.css). As SVG it takes 20 ms more."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WHITE, _BLACK = b"1", b"0"
_DARK_IS_ONE = bytes.maketrans(b"\x00\xff", b"\x01\x00")


def modules_of(payload: str) -> list[bytes]:
    """Return the rows of a code with correction level M, 0 (white) and 1 (black), without the white around."""
    made = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture: Any = made.to_image(scale=1, add_quiet_zones=False)
    side = int(picture.shape[0])
    dots = memoryview(picture).tobytes().translate(_DARK_IS_ONE)
    return [dots[start : start + side] for start in range(0, side * side, side)]


def png(matrix: Sequence[bytes | bytearray]) -> bytes:
    """Return a PNG of one bit a pixel, with the white around. matrix: rows of 0 (white) and 1 (black), square."""
    side = (len(matrix) + 2 * QUIET) * SCALE
    wide = -(-side // 8)
    margin = _WHITE * (QUIET * SCALE)
    edge = (b"\x00" + b"\xff" * wide) * (QUIET * SCALE)
    lines = [edge]
    for row in matrix:
        pixels = bytes(row).replace(b"\x00", _WHITE * SCALE).replace(b"\x01", _BLACK * SCALE)
        bits = (margin + pixels + margin).ljust(wide * 8, _WHITE)
        lines.append((b"\x00" + int(bits, 2).to_bytes(wide, "big")) * SCALE)
    lines.append(edge)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(b"".join(lines), 6)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
