"""Instants as the ledger writes them: UTC, ISO 8601, microseconds, always the same width.

The same width matters: text columns then sort as time does.
"""

from datetime import UTC, datetime, timedelta

from elearn.core.vocab.errors import Invalid


def text_of(instant: datetime) -> str:
    """Return ``2026-11-24T07:59:45.000000Z``. Raises Invalid for a naive datetime."""
    if instant.tzinfo is None:
        raise Invalid("time.no-zone", value=str(instant))
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_of(text: str) -> datetime:
    """Return the instant of any ISO 8601 text with a zone. Raises Invalid otherwise."""
    try:
        instant = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise Invalid("time.unreadable", value=str(text)) from None
    if instant.tzinfo is None:
        raise Invalid("time.no-zone", value=text)
    return instant.astimezone(UTC)


def not_before(now: str, last: str | None) -> str:
    """Return ``now``, or the instant after ``last`` where the clock went back: what changes later must say later."""
    return now if not last or now > last else text_of(instant_of(last) + timedelta(microseconds=1))


def seconds_between(since: str, until: str) -> float:
    """Return the seconds from one instant to another, below 0 where the second comes first."""
    return (instant_of(until) - instant_of(since)).total_seconds()
