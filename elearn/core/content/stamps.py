"""Stamping: noting which source a translation was made from, and the text of translation.yaml."""

import json
from collections.abc import Collection

from elearn.core.content.digest import Unit, units_of
from elearn.core.content.finding import At
from elearn.core.content.model import Course, Stamp
from elearn.core.vocab.errors import Invalid, NotFound

DRAFT, REVIEWED = "draft", "reviewed"


def stamped(
    course: Course, language: str, date: str, *, reviewer: str = "", named: Collection[str] = (), every: bool = False
) -> tuple[dict[str, Stamp], tuple[str, ...]]:
    """Return all stamps a language should have now, and the units that were stamped anew.

    Stamps units that have words and no stamp; also those named, or every one. reviewer: makes them `reviewed`; date:
    ISO. Stamps of units that are gone are dropped. Raises NotFound("language.no-words", language=),
    NotFound("unit.unknown", unit=), Invalid("language.is-source", language=).
    """
    source_tag = course.structure.source_language
    if language == source_tag:
        raise Invalid("language.is-source", language=language)
    if language not in course.words or source_tag not in course.words:
        raise NotFound("language.no-words", language=language)
    source, words = units_of(course.words[source_tag]), course.words[language]
    translated = units_of(words)
    for unit in named:
        if unit not in source or unit not in translated:
            raise NotFound("unit.unknown", unit=unit)
    anew = tuple(unit for unit in source if unit in translated and (every or unit in named or unit not in words.stamps))
    kept = {unit: words.stamps[unit] for unit in source if unit in words.stamps and unit not in anew}
    fresh = {unit: _stamp(source[unit], reviewer, date) for unit in anew}
    return {unit: fresh.get(unit) or kept[unit] for unit in source if unit in fresh or unit in kept}, anew


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


def _stamp(unit: Unit, reviewer: str, date: str) -> Stamp:
    state = REVIEWED if reviewer else DRAFT
    return Stamp(unit.digest, state, reviewer, date, unit.blocks, At("", 1))
