"""How long a certificate holds, and how it is renewed: near its end the short way, long after it the whole way.

The short way: no questions before the course again, lessons only where they are new or their meaning changed, and the
shorter exam of the course, if it has one. A certificate taken back has no short way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.core.learning.course import Course
from elearn.core.vocab.dates import add_months
from elearn.core.vocab.times import instant_of, text_of

RENEW_DAYS = 90
"""So long before its last day a certificate may be renewed by sitting the exam again."""

STAGES = (30, 60, 90)
"""Days before the end from which it is told, the last one loudest."""


@dataclass(frozen=True)
class Held:
    """A certificate of the course. expires_at: "" = never; revoked_at: "" = not revoked."""

    number: str
    version: str
    issued_at: str
    expires_at: str = ""
    revoked_at: str = ""


@dataclass(frozen=True)
class Holding:
    """What the certificates of a course amount to now.

    valid: the one that holds; latest: the last not taken back, else the last; renewable: the valid one may be renewed
    now; short: the short way is open; read_since: only lessons read after this instant count, "" = all.
    """

    valid: Held | None = None
    latest: Held | None = None
    renewable: bool = False
    short: bool = False
    read_since: str = ""


def holding(course: Course, held: Sequence[Held], now: str) -> Holding:
    """Return what an officer holds of a course at ``now``. held: in any order."""
    in_order = sorted(held, key=lambda one: (one.issued_at, one.number))
    good = [one for one in in_order if not one.revoked_at]
    if not good:
        return Holding(latest=in_order[-1] if in_order else None)
    latest = good[-1]
    valid = latest if not latest.expires_at or now <= latest.expires_at else None
    ends_soon = bool(latest.expires_at) and now >= _days_before(latest.expires_at, RENEW_DAYS)
    lapsed = valid is None and _is_lapsed(course, latest, now)
    return Holding(
        valid=valid,
        latest=latest,
        renewable=valid is not None and (ends_soon or _major(course.version) > _major(latest.version)),
        short=ends_soon and not lapsed and latest is in_order[-1],
        read_since=latest.expires_at if lapsed else "",
    )


def days_left(today: date, last_day: date) -> int:
    """Return how many days a certificate holds after today, 0 on its last day."""
    return (last_day - today).days


def stage(days: int) -> int:
    """Return the least of STAGES that the end is within, 0 while it is further off."""
    return next((one for one in STAGES if days <= one), 0)


def _is_lapsed(course: Course, latest: Held, now: str) -> bool:
    if not course.renewal_months:
        return False
    return instant_of(now).date() > add_months(instant_of(latest.expires_at).date(), course.renewal_months)


def _days_before(instant: str, days: int) -> str:
    return text_of(instant_of(instant) - timedelta(days=days))


def _major(version: str) -> int:
    head = version.split(".", 1)[0]
    return int(head) if head.isascii() and head.isdigit() else 0
