"""Units of translation, their digests, and what a language's stamps say about them: current, behind, missing.

A unit is what a translator works on at one time: a title, an objective, a question, a term, a lesson. A stamp records
the digest of the source unit a translation was made from; whether that is still the source is computed, never typed.
"""

import hashlib
from dataclasses import dataclass
from difflib import SequenceMatcher

from elearn.core.content.blocks import blocks_of
from elearn.core.content.model import Stamp, Words
from elearn.core.xapi.canonical import canonical_json

DIGITS = 12


@dataclass(frozen=True)
class Unit:
    """One unit in one language. digest: 12 hex digits of its words; blocks: digests of a lesson's blocks."""

    digest: str
    blocks: tuple[str, ...]


def unit_of(path: str) -> str:
    """Return the unit a text belongs to: ``texts/title``, ``lesson/<id>``, ``question/<id>``, ``picture/<id>`` ..."""
    steps = path.split("/")
    if steps[0] in {"lessons", "questions", "pictures"} and len(steps) > 1:
        return f"{steps[0].removesuffix('s')}/{steps[1]}"
    if steps[0] == "glossary":
        return "/".join(steps[:2])
    return f"texts/{path}"


def units_of(words: Words) -> dict[str, Unit]:
    """Return every unit there is in a language, empty texts left out."""
    parts: dict[str, dict[str, str]] = {}
    for path, text in words.texts.items():
        if text.text:
            parts.setdefault(unit_of(path), {})[path] = text.text
    blocks = {}
    for lesson, body in words.bodies.items():
        if body.text.strip():
            unit = f"lesson/{lesson}"
            sources = [block.source for block in blocks_of(body.text)]
            parts.setdefault(unit, {})["body"] = "\n\n".join(sources)
            blocks[unit] = tuple(short_digest(source) for source in sources)
    return {unit: Unit(short_digest(texts), blocks.get(unit, ())) for unit, texts in parts.items()}


def short_digest(value: object) -> str:
    """Return the first 12 hex digits of the SHA-256 of the value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()[:DIGITS]


@dataclass(frozen=True)
class TranslationState:
    """How far a language is. state: source | draft | reviewed; units: how many the source has.

    current: translated from the source as it is; behind: the source changed since (of a lesson, the blocks that are
    new or changed, as ``lesson/<id>/p7``); missing: no words yet; unstamped: words of unknown origin.
    """

    state: str
    units: int
    current: int
    behind: tuple[str, ...]
    missing: tuple[str, ...]
    unstamped: tuple[str, ...]


def state_of(source: dict[str, Unit], translated: dict[str, Unit], stamps: dict[str, Stamp]) -> TranslationState:
    """Return how a language stands against the source language."""
    missing = [unit for unit in source if unit not in translated]
    unstamped = [unit for unit in source if unit in translated and unit not in stamps]
    current = [unit for unit in source if unit in translated and unit in stamps and _same(source[unit], stamps[unit])]
    others = [unit for unit in source if unit not in {*missing, *unstamped, *current}]
    reviewed = len(current) == len(source) and all(stamps[unit].state == "reviewed" for unit in current)
    return TranslationState(
        state="reviewed" if reviewed else "draft",
        units=len(source),
        current=len(current),
        behind=tuple(part for unit in others for part in _behind(unit, source[unit], stamps[unit])),
        missing=tuple(missing),
        unstamped=tuple(unstamped),
    )


def _same(unit: Unit, stamp: Stamp) -> bool:
    return unit.digest == stamp.source


def _behind(unit: str, source: Unit, stamp: Stamp) -> list[str]:
    """Return the blocks that are new or changed since the stamp; the whole unit where that cannot be told."""
    if not stamp.blocks:
        return [unit]
    kept = current_blocks(source, stamp)
    changed = [f"{unit}/p{index + 1}" for index in range(len(source.blocks)) if index not in kept]
    return changed or [unit]


def current_blocks(source: Unit, stamp: Stamp) -> set[int]:
    """Return the places, from 0, of a lesson's blocks that are as they were when it was stamped."""
    # Matched as sequences: a paragraph put in between leaves those after it current.
    matcher = SequenceMatcher(a=stamp.blocks, b=source.blocks, autojunk=False)
    return {place for match in matcher.get_matching_blocks() for place in range(match.b, match.b + match.size)}
