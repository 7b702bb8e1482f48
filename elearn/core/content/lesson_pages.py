"""The page of a lesson in one language, with its pictures: drawings stand in it, picture files at an address."""

from collections.abc import Mapping

from elearn.core.content.drawing import drawn, read_drawing
from elearn.core.content.model import Course, Raster, Text, Words
from elearn.core.content.page import Page, make_page
from elearn.core.content.raster import KINDS, photo

MEDIA_ADDRESS = "/media/"
"""Where a node serves the picture files of published packages, by `media_name`."""


def media_name(raster: Raster) -> str:
    """Return what a picture file is called on a node: its digest and its kind, ``3fa2...e1.webp``."""
    return f"{raster.digest}.{raster.header.kind}"


def page_of(course: Course, language: str, lesson: str, address: str = MEDIA_ADDRESS) -> Page:
    """Return the page of a lesson in a language. address: where its picture files are served, with a slash at the end.

    The language must have words of the lesson.
    """
    words = course.words[language]
    title = words.texts.get(f"lessons/{lesson}/title")

    def figure(picture: str, anchor: str) -> str:
        raster = course.raster(picture, language)
        if raster:
            return _photo(words, raster, picture, (anchor, address))
        return _drawing(words, course.pictures, picture, anchor)

    return make_page(words.bodies[lesson].text, title.text if title else lesson, figure)


def _photo(words: Words, raster: Raster, picture: str, place: tuple[str, str]) -> str:
    if raster.header.kind not in KINDS:
        return ""
    anchor, address = place
    alternative, caption = (_text(words, f"pictures/{picture}/{part}") for part in ("alt", "caption"))
    return photo(f"{address}{media_name(raster)}", raster.header, (alternative, caption), anchor)


def _drawing(words: Words, pictures: Mapping[str, Text], picture: str, anchor: str) -> str:
    if picture not in pictures or read_drawing(pictures[picture].text).problems:
        return ""
    prefix = f"pictures/{picture}/labels/"
    labels = {path.removeprefix(prefix): text.text for path, text in words.texts.items() if path.startswith(prefix)}
    return drawn(pictures[picture].text, _text(words, f"pictures/{picture}/alt"), labels, anchor)


def _text(words: Words, path: str) -> str:
    text = words.texts.get(path)
    return text.text if text else ""
