"""Small real picture files, made by another library than the one that is tested: PNG, JPEG and WebP of any size."""

import io
from typing import Any

from PIL import Image


def raster(kind: str, width: int = 40, height: int = 24, colour: str = "navy", **options: Any) -> bytes:
    """Return a picture. kind: png, jpg or webp; options: of the encoder, such as lossless=True."""
    return _saved(kind, [Image.new("RGB", (width, height), colour)], options)


def see_through(kind: str, width: int = 40, height: int = 24) -> bytes:
    """Return a picture with an alpha channel: in WebP, one with the extended header."""
    return _saved(kind, [Image.new("RGBA", (width, height), (0, 0, 90, 120))], {})


def moving(kind: str) -> bytes:
    """Return a picture of two frames. kind: png or webp."""
    return _saved(kind, [Image.new("RGB", (40, 24), colour) for colour in ("navy", "white")], {})


def noise(kind: str, width: int = 500, height: int = 500) -> bytes:
    """Return a picture that cannot be packed: about three bytes a pixel."""
    image = Image.effect_noise((width, height), 200).convert("RGB")
    return _saved(kind, [image], {})


def _saved(kind: str, frames: list[Any], options: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}
    frames[0].save(buffer, {"jpg": "JPEG"}.get(kind, kind.upper()), **more, **options)
    return buffer.getvalue()
