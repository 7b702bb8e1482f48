"""Rules over facts.yaml: every claim has a source that was read, is cited, and is read again in time."""

from datetime import date

from elearn.core.content.blocks import read_lesson
from elearn.core.content.finding import Findings
from elearn.core.content.model import Course, Fact

_EARLIEST = 1900


def check_facts(course: Course, today: date, findings: Findings) -> None:
    """Note what is wrong with the register of facts."""
    cited = _cited(course)
    first: dict[str, int] = {}
    for fact in course.facts:
        if fact.id in first:
            findings.add("fact.twice", fact.at, id=fact.id, first=first[fact.id])
        first.setdefault(fact.id, fact.at.line)
        if fact.id and fact.id not in cited:
            findings.add("fact.unused", fact.at, id=fact.id)
        if fact.mark not in {"V", "K", ""}:
            findings.add("fact.mark-unknown", fact.at, mark=fact.mark)
        _source(fact, today, findings)
        _dates(fact, today, findings)
    for question in course.questions:
        for name in question.facts:
            if name not in first:
                findings.add("fact.unknown", question.at, id=name)


def _cited(course: Course) -> set[str]:
    cited = {name for question in course.questions for name in question.facts}
    for words in course.words.values():
        for body in words.bodies.values():
            cited.update(fact for block in read_lesson(body.text).blocks for fact in block.markers)
    return cited


def _source(fact: Fact, today: date, findings: Findings) -> None:
    source = fact.source
    parts = {"title": source.title, "body": source.body, "year": source.year, "section": source.section}
    # What everybody knows needs no page; what was read does.
    needed = parts if fact.mark == "V" else {"title": source.title, "body": source.body}
    for field, value in needed.items():
        if not value:
            findings.add("fact.unsourced", fact.at, id=fact.id, field=field)
    if source.url and not source.url.startswith(("https://", "http://")):
        findings.add("fact.address", fact.at)
    if source.year and not _EARLIEST <= source.year <= today.year + 1:
        findings.add("fact.year", fact.at, year=source.year)


def _dates(fact: Fact, today: date, findings: Findings) -> None:
    if fact.read and fact.review_by and fact.review_by < fact.read:
        findings.add("fact.review-first", fact.at)
    if fact.review_by and fact.review_by < today.isoformat():
        findings.add("fact.review-passed", fact.at, id=fact.id, date=fact.review_by)
    if fact.read > today.isoformat():
        findings.add("fact.read-later", fact.at, id=fact.id, date=fact.read)
