"""What `courses status` says: version, findings, how far each language is, which facts are to be read again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from elearn.core.content.package import ReadCourse
from elearn.core.content.review import SOON, reviews_due


def status_of(course: str, read: ReadCourse, today: date, meaning: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return {course, version ("" if it cannot be read), errors, warnings, languages, reviews} for machines.

    languages: [{language, state, units, current, behind, missing, unstamped, meaning}], where meaning lists those
    behind that changed in meaning, as far as that is known; reviews: fields of `core.content.review.Review`.
    """
    errors = sum(finding.severity == "error" for finding in read.findings)
    return {
        "course": course,
        "version": read.course.structure.version if read.course else "",
        "errors": errors,
        "warnings": len(read.findings) - errors,
        "languages": [_language(tag, state, meaning.get(tag, ())) for tag, state in read.translation.items()],
        "reviews": [asdict(one) for one in reviews_due(read.course.facts, today)] if read.course else [],
    }


def status_lines(status: dict[str, Any]) -> Iterator[str]:
    """Yield the same for people."""
    yield f"{status['course']} {status['version'] or '?'}: {status['errors']} errors, {status['warnings']} warnings"
    for one in status["languages"]:
        behind, missing, unstamped = (len(one[name]) for name in ("behind", "missing", "unstamped"))
        meaning = f" ({len(one['meaning'])} changed in meaning)" if one["meaning"] else ""
        yield (
            f"  {one['language']:8} {one['state']:9} {one['current']}/{one['units']} current,"
            f" {behind} behind{meaning}, {missing} missing, {unstamped} not stamped"
        )
    reviews = status["reviews"]
    overdue = sum(one["overdue"] for one in reviews)
    yield f"  facts    {overdue} overdue for review, {len(reviews) - overdue} due within {SOON.days} days"
    for one in reviews:
        what = "overdue since" if one["overdue"] else "to review by"
        yield f"    {one['file']}:{one['line']}: {what} {one['review_by']}: {one['id']}"


def _language(tag: str, state: Mapping[str, Any], meaning: Sequence[str]) -> dict[str, Any]:
    kept = {name: value for name, value in state.items() if name != "digests"}
    return {"language": tag, **kept, "meaning": list(meaning)}
