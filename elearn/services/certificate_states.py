"""Certificates of the completions a question asks for, by their state at the end of the day asked for."""

from datetime import date, timedelta

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.completions import COMPLETION
from elearn.core.stats.counted import Count
from elearn.core.stats.measures import Filters
from elearn.core.stats.report import CERTIFICATE_STATES, EXPIRING_DAYS
from elearn.core.vocab.dates import end_of_day
from elearn.core.vocab.kept import REVOCATION
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.tables import Row, Span, Where
from elearn.ports import Transaction
from elearn.services.revocations import judged


def certificates_by_state(tx: Transaction, where: Where, filters: Filters) -> list[Count]:
    """Return a count for each state. where: conditions on completions."""
    attempts = {row["attempt"] for row in tx.tables.group(COMPLETION, ("attempt",), where)}
    columns = (
        *("attempt", "number", "person", "issued_at", "expires_at"),
        *("revoked_at", "revoked_doubtful", "revoked_kind", "withdrawn_at", "replaced_at", "replaced_by"),
    )
    listed = {row["number"]: row for row in tx.tables.select(REVOCATION)}
    persons: dict[str, set[str]] = {state: set() for state in CERTIFICATE_STATES}
    numbers = dict.fromkeys(CERTIFICATE_STATES, 0)
    on = date.fromisoformat(filters.on)
    at = _end(on, filters.calendar)
    latest = date.max - timedelta(days=EXPIRING_DAYS)
    soon = _end(min(on, latest) + timedelta(days=EXPIRING_DAYS), filters.calendar)
    for row in tx.tables.group(CERTIFICATE, columns, {"issued_at": Span()}):
        if row["attempt"] not in attempts:
            continue
        state = _state_of(row, listed.get(row["number"]), at, soon)
        if state:
            persons[state].add(row["person"])
            numbers[state] += 1
    return [Count(state, len(persons[state]), numbers[state]) for state in CERTIFICATE_STATES]


def _state_of(certificate: Row, listed: Row | None, at: str, soon: str) -> str:
    """Return the state at an instant, "" for what does not count: not issued yet, or replaced by a newer certificate,
    which is counted instead. listed: what the hub's list says of it.
    """
    if certificate["issued_at"] > at:
        return ""
    back = judged(certificate, listed)
    # Taken back under a doubted clock: it is not held, whatever the date.
    if back and (back.at <= at or certificate["revoked_doubtful"]):
        return "" if back.kind == REPLACED or certificate["replaced_by"] else "revoked"
    if not certificate["expires_at"]:
        return "valid"
    if certificate["expires_at"] < at:
        return "expired"
    return "expiring" if certificate["expires_at"] <= soon else "valid"


def _end(day: date, country: str) -> str:
    try:
        return end_of_day(day, country)
    except OverflowError:
        return f"{day.isoformat()}T23:59:59.999999Z"
