"""Versions of courses (semver.org 2.0.0), and what an edit does to progress: typo, clarification or meaning.

patch = typo, minor = clarification, major = meaning. ``1.0.0+3fa21b07`` is another build of 1.0.0: the words of a
translation changed, or the files of a working copy did, and the version was not raised.
"""

import re
from collections.abc import Mapping
from typing import Any

_FORM = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(\+[0-9a-z.-]{1,40})?", re.ASCII)
Numbers = tuple[int, int, int]

SAME, TYPO, CLARIFICATION, MEANING = "same", "typo", "clarification", "meaning"
CLASSES = (SAME, TYPO, CLARIFICATION, MEANING)
"""From the least edit to the greatest."""


def numbers_of(version: str) -> Numbers | None:
    """Return (major, minor, patch), or None for what is no version. A build after + does not count."""
    match = _FORM.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def without_build(version: str) -> str:
    """Return the version the author wrote: ``1.0.0`` of ``1.0.0+3fa21b07``."""
    return version.partition("+")[0]


def edit_class(old: str, new: str) -> str:
    """Return what the step from one version to another says of itself: same, typo, clarification or meaning."""
    before, after = numbers_of(old), numbers_of(new)
    if before is None or after is None or before[0] != after[0]:
        return MEANING
    if before[1] != after[1]:
        return CLARIFICATION
    return SAME if before == after else TYPO


def needed_class(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return the least an edit must call itself, judged by two package structures.

    meaning: what is right, asked, taught or enough to pass changed; clarification: times, numbers of minutes, order;
    same: the structures say the same (words alone cannot be judged by a machine).
    """
    old, new = of_source(old), of_source(new)
    if _meaning(old) != _meaning(new):
        return MEANING
    return CLARIFICATION if _rest(old) != _rest(new) else SAME


def raised(version: str, needed: str) -> str:
    """Return the next version for an edit of this class."""
    major, minor, patch = numbers_of(version) or (0, 0, 0)
    if needed == MEANING:
        return f"{major + 1}.0.0"
    if needed == CLARIFICATION:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def of_source(structure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a package structure as it is without its translations: picture files, and what may be typed."""
    tag = structure.get("source_language", "")
    found = {name: value for name, value in structure.items() if name != "languages"}
    if "media" in structure:
        found["media"] = source_media(structure)
    if any("accepted" in one for one in structure["questions"].values()):
        found["questions"] = {name: _accepted_in(one, tag) for name, one in structure["questions"].items()}
    return found


def _accepted_in(question: Mapping[str, Any], tag: str) -> dict[str, Any]:
    if "accepted" not in question:
        return dict(question)
    accepted = {gap: {tag: texts[tag]} for gap, texts in question["accepted"].items() if tag in texts}
    return {**question, "accepted": accepted}


def _meaning(structure: Mapping[str, Any]) -> Any:
    questions = {
        name: (
            one["kind"],
            one["objective"],
            one["use"],
            # The order of options means nothing but where it is the answer.
            one["options"] if one["kind"] == "order" else sorted(one["options"]),
            sorted(one["correct"]),
            one["critical"],
            one.get("plan"),
            one.get("accepted"),
        )
        for name, one in structure["questions"].items()
    }
    lessons = sorted((lesson["id"], sorted(lesson["objectives"])) for lesson in structure["lessons"])
    draw = dict(structure["exam"]["draw"]) if structure.get("exam") else None
    return (questions, lessons, sorted(structure["objectives"]), draw, structure.get("pass_mark"))


def _rest(structure: Mapping[str, Any]) -> dict[str, Any]:
    # Facts are re-read and languages are added without any change for officers under way.
    return {name: value for name, value in structure.items() if name not in {"version", "facts"}}


def source_media(structure: Mapping[str, Any]) -> dict[str, Any]:
    """Return the picture files of a package structure as its source language shows them: id -> language -> file."""
    tags = {"", structure.get("source_language")}
    return {
        picture: {tag: one for tag, one in files.items() if tag in tags}
        for picture, files in structure.get("media", {}).items()
    }
