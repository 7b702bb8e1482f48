"""Photos of certificates: a page with a QR code as a camera, a scanner or a screenshot would show it."""

import io
import random
from typing import Any

import segno
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

DPI = 150
PAGE = (1754, 1241)
"""A4 on its side at DPI."""
CODE_SIDE = round(30 / 25.4 * DPI)
PHONE = (4032, 3024)
TABLE = (110, 95, 80)


def qr_code(text: str, points: int = 6) -> Image.Image:
    """Return the QR code of a text with its quiet zone, ``points`` a module."""
    rows = [bytes(0 if dark else 255 for dark in row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    small = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    return small.resize((small.width * points, small.height * points), Image.Resampling.NEAREST)


def page(*texts: str, size: tuple[int, int] = PAGE) -> Image.Image:
    """Return a printed page with words and these codes side by side, each 30 mm wide."""
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((20, 20, size[0] - 20, size[1] - 20), outline=(11, 107, 103), width=6)
    for line in range(14):
        draw.rectangle((200, 120 + line * 45, 260 + (line * 173) % 900, 140 + line * 45), fill=(60, 60, 60))
    for place, text in enumerate(texts):
        code = qr_code(text, 8).resize((CODE_SIDE, CODE_SIDE), Image.Resampling.LANCZOS)
        sheet.paste(code, (size[0] - 320 - place * 260, size[1] - 300))
    return sheet


def seen_from_the_side(picture: Image.Image, by: float = 0.12) -> Image.Image:
    """Return the picture as a camera sees it that is not held straight above. by: share the far corners move."""
    width, height = picture.size
    onto = [(width * by, height * by * 0.7), (width * (1 - by * 0.3), 0), (width, height), (0, height * (1 - by / 2))]
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    warp = _perspective(corners, onto)
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BICUBIC, fillcolor=TABLE)


def on_a_table(picture: Image.Image, share: float = 0.85, size: tuple[int, int] = PHONE) -> Image.Image:
    """Return a photo of a phone with the page in its middle. share: of the photo that the page fills."""
    scale = min(size[0] * share / picture.width, size[1] * share / picture.height)
    page_there = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BICUBIC)
    photo = Image.new("RGB", size, TABLE)
    photo.paste(page_there, ((size[0] - page_there.width) // 2, (size[1] - page_there.height) // 2))
    return photo


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    """Return the picture turned, nothing cut off."""
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE)


def blurred(picture: Image.Image, points: float) -> Image.Image:
    """Return the picture out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(points))


def dark(picture: Image.Image) -> Image.Image:
    """Return the picture as of a room without light: a third of the brightness, half of the contrast."""
    return ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(0.35)).enhance(0.5)


def noisy(picture: Image.Image) -> Image.Image:
    """Return the picture with the grain of a poor camera, the same each time."""
    width, height = picture.size
    grain = Image.frombytes("L", picture.size, random.Random(width).randbytes(width * height))
    return Image.blend(picture, grain.convert("RGB"), 0.5)


def saved(picture: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    """Return the bytes of the file."""
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def _perspective(corners: list[tuple[int, int]], onto: list[tuple[float, float]]) -> list[float]:
    """Return Pillow's eight numbers that draw ``corners`` at ``onto``: eight equations, solved by Gauss and Jordan."""
    rows: list[list[float]] = []
    for (u, v), (x, y) in zip(corners, onto, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for place in range(8):
        best = max(range(place, 8), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for other in range(8):
            if other != place:
                factor = rows[other][place]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[8] for row in rows]
