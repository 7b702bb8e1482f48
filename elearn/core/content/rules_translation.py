"""Rules over translation.yaml: which translations are behind their source, and who says they were reviewed."""

import re

from elearn.core.content.digest import DIGITS, state_of, units_of
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Words
from elearn.core.content.parse import TRANSLATION
from elearn.core.vocab.languages import LANGUAGES

_DIGEST = re.compile(f"[0-9a-f]{{{DIGITS}}}")


def check_translation(course: Course, findings: Findings) -> None:
    """Note stamps that are wrong, and translations whose source changed."""
    source = course.words.get(course.structure.source_language)
    if source is None:
        return
    units = units_of(source)
    for words in course.words.values():
        if words is source:
            continue
        _stamps(words, set(units), findings)
        state = state_of(units, units_of(words), words.stamps)
        for unit in state.behind:
            findings.add("translation.behind", words.stamps[_stamped(unit, words)].at, unit=unit)
        if state.unstamped:
            findings.add(
                "translation.unstamped",
                At(f"{words.language}/{TRANSLATION}", 1),
                n=len(state.unstamped),
                language=LANGUAGES[words.language].english_name,
                unit=state.unstamped[0],
            )


def _stamps(words: Words, units: set[str], findings: Findings) -> None:
    for unit, stamp in words.stamps.items():
        if unit not in units:
            findings.add("translation.stamp-unknown", stamp.at, unit=unit)
        if not all(_DIGEST.fullmatch(digest) for digest in (stamp.source, *stamp.blocks)):
            findings.add("translation.stamp-malformed", stamp.at, unit=unit)
        if stamp.state not in {"draft", "reviewed", ""}:
            findings.add("translation.state-unknown", stamp.at, state=stamp.state)
        if stamp.state == "reviewed" and not (stamp.reviewer and stamp.date):
            findings.add("translation.reviewer-missing", stamp.at, unit=unit)


def _stamped(unit: str, words: Words) -> str:
    """Return the stamped unit of a block: ``lesson/x`` of ``lesson/x/p7``."""
    return unit if unit in words.stamps else unit.rpartition("/")[0]
