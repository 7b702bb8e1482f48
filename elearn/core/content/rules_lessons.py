"""Rules over the lessons' Markdown: what is taken, facts that exist, and the same blocks in every language."""

from collections import Counter
from typing import Any

from elearn.core.content.blocks import Block, Reading, read_lesson
from elearn.core.content.characters import check_characters, has_letters, has_script
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Lesson, Text
from elearn.core.content.rules_structure import CHECKS
from elearn.core.vocab.languages import LANGUAGES

WORDS_PER_MINUTE = 100
"""Slow on purpose: officers read English as a second or third language, and then answer questions."""


def check_lessons(course: Course, findings: Findings) -> None:
    """Note what is wrong in the lessons of every language there is."""
    facts = {fact.id for fact in course.facts}
    source_tag = course.structure.source_language
    for lesson in course.structure.lessons:
        readings = {
            tag: (words.bodies[lesson.id], read_lesson(words.bodies[lesson.id].text))
            for tag, words in course.words.items()
            if lesson.id in words.bodies
        }
        for tag, (body, reading) in readings.items():
            _lesson(body, reading, facts, findings)
            if tag != source_tag and source_tag in readings and reading.blocks:
                _compare(reading, readings[source_tag][1], body.at.file, tag, findings)
        if source_tag in readings:
            _plan(lesson, *readings[source_tag], findings)


def _lesson(body: Text, reading: Reading, facts: set[str], findings: Findings) -> None:
    file = body.at.file
    if not reading.blocks:
        findings.add("lesson.empty", body.at)
        return
    for oddity in reading.oddities:
        findings.add(oddity.code, At(file, oddity.line), **oddity.details)
    check_characters(body, findings, markup=False)
    _headings(reading, file, findings)
    for block in reading.blocks:
        for fact in block.markers:
            if fact not in facts:
                findings.add("fact.unknown", At(file, block.line), id=fact)
    if not has_script(body.text, tag := file.partition("/")[0]):
        findings.add("text.wrong-script", body.at, unit=file, language=LANGUAGES[tag].english_name)


def _headings(reading: Reading, file: str, findings: Findings) -> None:
    levels: list[int] = []
    for block in reading.blocks:
        if not block.heading:
            continue
        level, at = int(block.kind[1]), At(file, block.line)
        if level == 1:
            findings.add("lesson.heading-one", at)
        elif level > 3:
            findings.add("lesson.heading-deep", at)
        elif level == 3 and not levels:
            findings.add("lesson.heading-jump", at)
        if not block.text.strip():
            findings.add("lesson.heading-empty", at)
        levels.append(level)
    if not levels:
        findings.add("lesson.no-heading", At(file, 1))


def _plan(lesson: Lesson, body: Text, reading: Reading, findings: Findings) -> None:
    """Look at what the course promises about the lesson; the source language stands for all."""
    if len(lesson.checks) < CHECKS and not any(block.kind == "aside" for block in reading.blocks):
        findings.add("lesson.no-practice", lesson.at)
    words = len(body.text.split())
    spaced = LANGUAGES[body.at.file.split("/")[0]].spaced
    if spaced and words > lesson.minutes * WORDS_PER_MINUTE:
        findings.add("lesson.reading-time", lesson.at, words=words, minutes=lesson.minutes)


def _compare(mine: Reading, source: Reading, file: str, tag: str, findings: Findings) -> None:
    for block, original in zip(mine.blocks, source.blocks, strict=False):
        if block.kind != original.kind:
            # Everything after a block too many or too few would differ as well: one finding is enough.
            same = len(mine.blocks) == len(source.blocks)
            code = "blocks.kind" if same else "blocks.count"
            findings.add(code, At(file, block.line), **(_kinds(block, original) if same else _counts(mine, source)))
            return
        at = At(file, block.line)
        _markers(block, original, at, findings)
        if block.bold != original.bold:
            findings.add("blocks.bold", at, block=block.anchor, n=block.bold, wanted=original.bold)
        if tag != "en" and block.text == original.text and has_letters(block.text):
            findings.add("text.untranslated", at, unit=block.anchor)
    if len(mine.blocks) != len(source.blocks):
        last = mine.blocks[min(len(mine.blocks), len(source.blocks) + 1) - 1]
        findings.add("blocks.count", At(file, last.line), **_counts(mine, source))


def _kinds(block: Block, original: Block) -> dict[str, Any]:
    return {"block": block.anchor, "kind": block.kind, "wanted": original.kind}


def _counts(mine: Reading, source: Reading) -> dict[str, Any]:
    return {"n": len(mine.blocks), "wanted": len(source.blocks)}


def _markers(block: Block, original: Block, at: At, findings: Findings) -> None:
    mine, source = Counter(block.markers), Counter(original.markers)
    for fact in source - mine:
        findings.add("markers.missing", at, fact=fact, block=block.anchor)
    for fact in mine - source:
        findings.add("markers.extra", at, fact=fact, block=block.anchor)
    if mine == source and block.markers != original.markers:
        findings.add("markers.order", at, block=block.anchor)
