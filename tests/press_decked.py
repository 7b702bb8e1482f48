"""Certificates with all that can be on one, a seal and three signatures, and what stands where it must not."""

import io
from dataclasses import replace

from PIL import Image, ImageDraw
from press_cast import LONG, SHORT, TITLES, page_for
from press_eyes import Word

from elearn.adapters.press.pictures import drawn_anew
from elearn.core.credential.page import CertificatePage, Signatory
from elearn.core.credential.pictures import BOXES, SEAL

INNER = Word("", 13.0, 13.0, 284.0, 197.0)
"""Inside the border, in millimetres."""
GUTTER = (202.6, 212.0)


def emblem() -> bytes:
    """Return a round seal as it comes from a scanner: on white, with much white around."""
    picture = Image.new("RGB", (700, 700), "white")
    drawing = ImageDraw.Draw(picture)
    drawing.ellipse((150, 150, 550, 550), outline="#1c3f7a", width=16)
    drawing.polygon([(350, 210), (470, 460), (230, 460)], outline="#9a2b2b", width=14)
    return as_png(picture)


def hand() -> bytes:
    """Return a signature as PNG on see-through ground."""
    picture = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    places = [(40 + step * 40, 150 + (90 if step % 2 else -80)) for step in range(20)]
    ImageDraw.Draw(picture).line(places, fill=(20, 30, 120, 255), width=9, joint="curve")
    return as_png(picture)


def as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def decked(language: str, name: str = "") -> CertificatePage:
    """Return a page with a seal and three signatures."""
    seal = drawn_anew(emblem(), BOXES[SEAL])
    signed = drawn_anew(hand(), BOXES["signature-1"])
    signing = tuple(
        Signatory(who, TITLES[language], "" if language == "en" else TITLES["en"], signed)
        for who in (SHORT[language], "Mara Lim", LONG[language][:40].strip())
    )
    page = page_for(language, name or LONG[language])
    return replace(page, seal=seal, seal_words="Seal", signature_words="Signature", signatories=signing)


def astray(words: list[Word]) -> list[Word]:
    """Return the words over the inner line of the border, or in the gutter before the panel."""
    return [
        one
        for one in words
        if one.left < INNER.left or one.right > INNER.right or one.top < INNER.top or one.bottom > INNER.bottom
        if one.text
    ] + [one for one in words if one.left < GUTTER[0] < one.right or GUTTER[0] < one.left < GUTTER[1]]
