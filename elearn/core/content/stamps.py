"""Stamping: noting which source a translation was made from, and the text of translation.yaml."""

import json
from collections.abc import Collection
from dataclasses import replace

from elearn.core.content.digest import DIGITS, Unit, current_blocks, units_of
from elearn.core.content.finding import At
from elearn.core.content.model import Course, Stamp
from elearn.core.vocab.errors import Invalid, NotFound

DRAFT, REVIEWED = "draft", "reviewed"
_OF_NO_BLOCK = "0" * DIGITS


def stamped(
    course: Course, language: str, date: str, *, reviewer: str = "", named: Collection[str] = (), every: bool = False
) -> tuple[dict[str, Stamp], tuple[str, ...]]:
    """Return all stamps a language should have now, and the units that were stamped anew.

    Stamps units that have words and no stamp; also those named, or every one. A block of a lesson is named as findings
    name it, ``lesson/x/p7``: the lesson's other blocks stay as they are. reviewer: makes them `reviewed`; date: ISO.
    Stamps of units that are gone are dropped. Raises NotFound("language.no-words", language=),
    NotFound("unit.unknown", unit=), Invalid("language.is-source", language=).
    """
    source_tag = course.structure.source_language
    if language == source_tag:
        raise Invalid("language.is-source", language=language)
    if language not in course.words or source_tag not in course.words:
        raise NotFound("language.no-words", language=language)
    source, words = units_of(course.words[source_tag]), course.words[language]
    translated = units_of(words)
    blocks = _blocks_named(named, source, words.stamps)
    whole = set(named) - {f"{lesson}/p{place}" for lesson, places in blocks.items() for place in places}
    for unit in whole:
        if unit not in source or unit not in translated:
            raise NotFound("unit.unknown", unit=unit)
    fresh = {
        unit: _stamp(source[unit], reviewer, date)
        for unit in source
        if unit in translated and (every or unit in whole or unit not in words.stamps)
    }
    for lesson, places in blocks.items():
        if lesson not in fresh:
            fresh[lesson] = _stamp_of_blocks(source[lesson], words.stamps[lesson], places, (reviewer, date))
    stamps = {unit: fresh.get(unit) or words.stamps[unit] for unit in source if unit in fresh or unit in words.stamps}
    return stamps, tuple(unit for unit in source if unit in fresh)


def stamps_text(stamps: dict[str, Stamp]) -> str:
    """Return the text of translation.yaml, the same for the same stamps."""
    lines = ["# Written by `courses stamp`; which source each unit was translated from, and who reviewed it."]
    for unit, stamp in stamps.items():
        lines += [f"{unit}:", f"  source: {stamp.source}", f"  state: {stamp.state}"]
        if stamp.reviewer:
            lines.append(f"  reviewer: {json.dumps(stamp.reviewer, ensure_ascii=False)}")
        if stamp.date:
            lines.append(f"  date: {stamp.date}")
        if stamp.blocks:
            lines.append(f"  blocks: {' '.join(stamp.blocks)}")
    return "\n".join(lines) + "\n"


def _blocks_named(named: Collection[str], source: dict[str, Unit], stamps: dict[str, Stamp]) -> dict[str, set[int]]:
    """Return lesson unit -> numbers of its blocks that were named one by one."""
    found: dict[str, set[int]] = {}
    for unit in named:
        lesson, _, place = unit.rpartition("/p")
        known = lesson in source and lesson in stamps and place.isascii() and place.isdigit()
        if known and 1 <= int(place) <= len(source[lesson].blocks):
            found.setdefault(lesson, set()).add(int(place))
    return found


def _stamp_of_blocks(unit: Unit, old: Stamp, places: Collection[int], by: tuple[str, str]) -> Stamp:
    """Return the stamp with these blocks made from the source as it is. Others that were behind fit no block."""
    current = current_blocks(unit, old) | {place - 1 for place in places}
    blocks = tuple(digest if index in current else _OF_NO_BLOCK for index, digest in enumerate(unit.blocks))
    digest = unit.digest if len(current) == len(unit.blocks) else old.source
    return replace(_stamp(unit, *by), source=digest, blocks=blocks)


def _stamp(unit: Unit, reviewer: str, date: str) -> Stamp:
    state = REVIEWED if reviewer else DRAFT
    return Stamp(unit.digest, state, reviewer, date, unit.blocks, At("", 1))
