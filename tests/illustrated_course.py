"""The good course with picture files: a screenshot for each language, a map for all."""

from good_course import KM, Files, good_course
from raster_files import raster

from elearn.core.xapi.canonical import sha256_hex

DESK, DESK_KM, MAP = raster("png", 320, 200), raster("webp", 320, 200, "green"), raster("jpg", 64, 48)
EN, KHMER, COMMON = "en/pictures/desk.png", "km/pictures/desk.webp", "pictures/map.jpg"


def illustrated() -> Files:
    """Return the good course with a screenshot for each language and a map for all."""
    files = {**good_course(), EN: DESK, KHMER: DESK_KM, COMMON: MAP}
    for tag, mark in (("en", ""), ("km", f"{KM} ")):
        lesson, texts = f"{tag}/looking.md", f"{tag}/texts.yaml"
        files[lesson] += b"\n![](picture:desk)\n\n![](picture:map)\n"
        words = f"  desk:\n    alt: {mark}A 'desk' & chair\n    caption: {mark}Step one\n  map:\n    alt: {mark}A map\n"
        files[texts] += f"pictures:\n{words}".encode()
    return files


def name_of(data: bytes, kind: str) -> str:
    """Return what a file is called on a node."""
    return f"{sha256_hex(data)}.{kind}"
