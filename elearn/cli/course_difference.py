"""What `courses diff` prints: each unit that differs, the class of the edit and its words; then the version wanted."""

from collections.abc import Iterator

from elearn.core.content.difference import Difference
from elearn.core.content.version import SAME
from elearn.services.comparing import Comparison


def difference_lines(found: Comparison, *, words: bool) -> Iterator[str]:
    """Yield the lines. words: also those removed (-) and added (+)."""
    for one in found.differences:
        yield f"  {one.change:8} {_class_of(one):14} {one.language or 'structure':10} {one.unit}"
        if words:
            yield from (f"    - {line}" for line in one.removed)
            yield from (f"    + {line}" for line in one.added)
            if not (one.removed or one.added):
                yield "    (the words are the same, their form is other)"
    step = "" if found.said == SAME else f" ({found.said})"
    yield f"{found.course}: served {found.served}, files {found.files}{step}: {len(found.differences)} units differ"
    if found.wanted:
        yield f"This is an edit of class {found.needed} at least: write version {found.wanted} into course.yaml."


def _class_of(one: Difference) -> str:
    """Return the least class, "-" for what changes nothing for officers under way: facts, translations."""
    return "-" if one.step == SAME else one.step
