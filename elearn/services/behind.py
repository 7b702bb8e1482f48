"""Of the units whose translation is behind: those of which the source changed in meaning since it was translated."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elearn.core.content.model import Course
from elearn.core.content.version import MEANING, edit_class
from elearn.ports import Transaction
from elearn.services.packages import Package, package_if_held
from elearn.services.publishing import versions

States = Mapping[str, Mapping[str, Any]]
"""Language -> state, of which behind lists units; of a lesson its blocks, as ``lesson/<id>/p7``."""


def changed_in_meaning(tx: Transaction, course: Course | None, states: States) -> dict[str, tuple[str, ...]]:
    """Return language -> those of the units behind that changed in meaning.

    A stamp names the source by its digest; the version published with that source tells how far the files have gone
    since. Units translated from a source that was never published here, or from the version of the files, are behind
    and no more is known.
    """
    behind = {tag: tuple(state["behind"]) for tag, state in states.items() if state["behind"]}
    if course is None or not behind:
        return {}
    published = [held for one in versions(tx, course.structure.id) if (held := package_if_held(tx, one.digest))]
    return {tag: tuple(_of_language(course, tag, units, published)) for tag, units in behind.items()}


def _of_language(course: Course, tag: str, units: Sequence[str], published: Sequence[Package]) -> Iterable[str]:
    stamps = course.words[tag].stamps if tag in course.words else {}
    for unit in units:
        whole = "/".join(unit.split("/")[:2]) if unit.startswith("lesson/") else unit
        stamp = stamps.get(whole)
        made_from = next((one for one in published if stamp and one.source_words.get(whole) == stamp.source), None)
        if made_from and edit_class(made_from.course.version, course.structure.version) == MEANING:
            yield unit
