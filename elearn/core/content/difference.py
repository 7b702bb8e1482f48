"""Two versions of a course, unit by unit: what is added, gone or changed, in which words, how great the edit is.

Units of words are called as translators call them (`content.digest.unit_of`), those of the structure as its files do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from elearn.core.content.version import SAME, TYPO, needed_class

ADDED, GONE, CHANGED = "added", "gone", "changed"
_BY_KEY = ("questions", "facts", "pictures", "media")
Units = dict[tuple[str, str], Any]
"""(language, unit) -> what it says; language "" for the structure."""


@dataclass(frozen=True)
class Difference:
    """One unit that differs. language: tag, "" for the structure; change: added, gone or changed.

    step: the least the edit must call itself: by the structure same, clarification or meaning; typo for words of the
    source language, which only the author can judge; same for a translation. removed, added: lines, of lists and
    mappings with the path before them; both empty where only the form of a lesson is other.
    """

    language: str
    unit: str
    change: str
    step: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def structure_units(structure: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (unit, value): each question, fact, picture and lesson, and whatever else the structure holds."""
    for name, value in structure.items():
        if name in _BY_KEY:
            yield from ((f"{name}/{key}", one) for key, one in value.items())
        elif name == "lessons":
            yield from ((f"lessons/{one['id']}", one) for one in value)
        elif name != "version":
            yield name, value


@dataclass(frozen=True)
class LessonBody:
    """A lesson's text: html as served, and its paragraphs without markup."""

    html: str
    paragraphs: tuple[str, ...]


Bodies = Mapping[str, LessonBody]
Questions = Mapping[str, Any]


def word_units(texts: Mapping[str, Any], bodies: Bodies, questions: Questions) -> Iterator[tuple[str, Any]]:
    """Yield (unit, value) of the words of one language. bodies, questions: by id."""
    for name, value in texts.items():
        if name == "lessons":
            yield from ((f"lesson/{key}", {**one, "body": bodies.get(key)}) for key, one in value.items())
        elif name == "glossary":
            yield from ((f"glossary/{key}", one) for key, one in value.items())
        elif name == "objectives":
            yield from ((f"texts/objectives/{key}", one) for key, one in value.items())
        else:
            yield f"texts/{name}", value
    yield from ((f"question/{name}", words) for name, words in questions.items())


def differences(old: Units, new: Units, structures: tuple[Mapping[str, Any], Mapping[str, Any]]) -> list[Difference]:
    """Return what differs, by language and unit. structures: of the old and the new version."""
    found = []
    for language, unit in sorted({*old, *new}):
        before, after = old.get((language, unit)), new.get((language, unit))
        if before == after:
            continue
        change = ADDED if (language, unit) not in old else GONE if (language, unit) not in new else CHANGED
        removed, added = _changed_lines(_lines(before), _lines(after))
        found.append(Difference(language, unit, change, _step(language, unit, structures), removed, added))
    return found


def _step(language: str, unit: str, structures: tuple[Mapping[str, Any], Mapping[str, Any]]) -> str:
    old, new = structures
    if language:
        return TYPO if language == old.get("source_language") else SAME
    return needed_class(old, _with_unit(old, new, unit))


def _with_unit(old: Mapping[str, Any], new: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return the old structure with this one unit as the new one has it."""
    name, _, key = unit.partition("/")
    mixed = dict(old)
    if key:
        of_old, of_new = _keyed(old.get(name, {})), _keyed(new.get(name, {}))
        kept = {**of_old, key: of_new.get(key)}
        if key not in of_new:
            del kept[key]
        mixed[name] = list(kept.values()) if name == "lessons" else kept
    elif name in new:
        mixed[name] = new[name]
    else:
        mixed.pop(name, None)
    return mixed


def _keyed(value: Any) -> dict[str, Any]:
    return {one["id"]: one for one in value} if isinstance(value, list) else dict(value)


def _lines(value: Any, path: str = "") -> list[str]:
    before = f"{path}: " if path else ""
    if isinstance(value, LessonBody):
        return list(value.paragraphs)
    if isinstance(value, Mapping):
        return [line for key, one in value.items() for line in _lines(one, f"{path}/{key}" if path else str(key))]
    if isinstance(value, list):
        if any(isinstance(one, (list, Mapping)) for one in value):
            return [
                line for at, one in enumerate(value, 1) for line in _lines(one, f"{path}/{at}" if path else str(at))
            ]
        return [before + ", ".join(str(one) for one in value)]
    return [] if value is None else [before + line for line in str(value).splitlines() or [""]]


def _changed_lines(old: list[str], new: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    removed: list[str] = []
    added: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += old[a:b]
            added += new[c:d]
    return tuple(removed), tuple(added)
