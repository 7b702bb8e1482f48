"""Rules over pictures: drawings that are safe, picture files that are what they say, each shown somewhere."""

from elearn.core.content.blocks import read_lesson
from elearn.core.content.drawing import read_drawing
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Raster
from elearn.core.content.parse import PICTURES
from elearn.core.content.raster import MAX_BYTES, MAX_SIDE, MIN_SIDE
from elearn.core.questions.all import KINDS
from elearn.core.questions.hotspot import outside
from elearn.core.vocab.languages import LANGUAGES

_KB = 1000


def check_pictures(course: Course, findings: Findings) -> None:
    """Look at the pictures themselves, and whether lessons and pictures name each other."""
    used = _used(course, findings)
    for picture, text in course.pictures.items():
        for problem in read_drawing(text.text).problems:
            findings.add(problem.code, text.at, what=problem.what)
        if picture not in used:
            findings.add("picture.unused", text.at, id=picture)
    for picture, rasters in course.rasters.items():
        for raster in rasters.values():
            _raster(raster, findings)
            if picture not in used:
                findings.add("picture.unused", raster.at, id=picture)
        if picture in used:
            _languages(course, picture, findings)


def _used(course: Course, findings: Findings) -> set[str]:
    """Return the pictures that lessons show; note those that are not there."""
    used: set[str] = set()
    for tag, words in course.words.items():
        for body in words.bodies.values():
            for block in read_lesson(body.text).blocks:
                kind, _, picture = block.kind.partition(":")
                if kind != "picture":
                    continue
                used.add(picture)
                if picture not in course.pictures and not course.raster(picture, tag):
                    findings.add("picture.unknown", At(body.at.file, block.line), id=picture)
    return used | _asked(course, findings)


def _asked(course: Course, findings: Findings) -> set[str]:
    """Return the drawings that questions show; note those that are not there, and places outside of them."""
    used: set[str] = set()
    for question in course.questions:
        picture = question.plan.get("picture")
        if not isinstance(picture, str):
            continue
        at = question.places.get("picture", question.at)
        used.add(picture)
        drawing = course.pictures.get(picture)
        if drawing is None:
            findings.add("picture.unknown", at, id=picture)
        elif not KINDS[question.kind].check(question):
            for spot in outside(question.plan, read_drawing(drawing.text).view_box):
                findings.add("hotspot.outside", question.places.get("spots", at), option=spot, id=picture)
    return used


def _raster(raster: Raster, findings: Findings) -> None:
    header, at = raster.header, raster.at
    if not header.kind:
        findings.add("picture.kind", at)
        return
    if header.kind != raster.named:
        findings.add("picture.named", at, kind=header.kind, named=raster.named)
    if raster.size > MAX_BYTES:
        findings.add("picture.heavy", at, n=-(-raster.size // _KB), limit=MAX_BYTES // _KB)
    if not header.whole:
        findings.add("picture.cut", at)
    elif not all(MIN_SIDE <= side <= MAX_SIDE for side in (header.width, header.height)):
        findings.add("picture.pixels", at, width=header.width, height=header.height, low=MIN_SIDE, high=MAX_SIDE)
    if header.moves:
        findings.add("picture.moves", at)


def _languages(course: Course, picture: str, findings: Findings) -> None:
    """Note languages that show the source language's file, where each should have its own."""
    rasters, source = course.rasters[picture], course.rasters[picture].get(course.structure.source_language)
    if "" in rasters or source is None:
        return
    for tag in course.words:
        if tag not in rasters:
            at = At(f"{tag}/{PICTURES}/{picture}.{source.named}", 1)
            findings.add("picture.other-language", at, id=picture, language=LANGUAGES[tag].english_name)
