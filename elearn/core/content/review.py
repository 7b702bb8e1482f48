"""Facts whose source has to be read again: overdue, or due soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.core.content.model import Fact

SOON = timedelta(days=90)


@dataclass(frozen=True)
class Review:
    """One fact to be read again. review_by: ISO date; file, line: where its row is, in the course folder."""

    id: str
    claim: str
    review_by: str
    overdue: bool
    file: str
    line: int


def reviews_due(facts: Iterable[Fact], today: date) -> tuple[Review, ...]:
    """Return what was to be reviewed before today, and what is within 90 days from now, the most urgent first."""
    last = (today + SOON).isoformat()
    due = sorted((fact for fact in facts if fact.review_by and fact.review_by <= last), key=_urgency)
    now = today.isoformat()
    return tuple(
        Review(fact.id, fact.claim, fact.review_by, fact.review_by < now, fact.at.file, fact.at.line) for fact in due
    )


def _urgency(fact: Fact) -> tuple[str, str]:
    return fact.review_by, fact.id
