"""Certificates dated by a clock that was wrong, and what can be said of their days after all.

The chain of a post is in the order in which things happened, whatever its clock said: so what was recorded under a
clock that was believed, before and after, bounds the day of an exam. A doubt that was none leaves no trace.
"""

from collections.abc import Iterable
from datetime import date

from elearn.core.credential.payload import FIRST_DAY
from elearn.core.ledger.entry import Entry
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.dates import add_months, end_of_day, local_date, start_of_day
from elearn.core.vocab.tables import Row, Span
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services.clock_guard import clock_uncertain
from elearn.services.node import About
from elearn.services.revocations import taken_back

MOST_SHOWN = 50
_PAGE = 200
_FIRST = start_of_day(FIRST_DAY, "")


def clock_is_wrong(tx: Transaction, now: str) -> bool:
    """Tell whether this clock is no good for dating anything: it is in doubt, or stands before anybody began."""
    return now < _FIRST or clock_uncertain(tx, now)


def issue_in_doubt(tx: Transaction, row: Row, now: str) -> bool:
    """Tell whether a certificate's day of issue cannot be right, or nobody knows yet. row: of CERTIFICATE.

    So it is for one dated before anybody issued certificates, or later than now by a clock that is believed; and for
    one issued while the clock was in doubt, unless its day lies between what was recorded before and after.
    """
    issued, wrong = str(row["issued_at"]), clock_is_wrong(tx, now)
    if issued < _FIRST or (issued > now and not wrong):
        return True
    if not row["issued_doubtful"]:
        return False
    before, after = _around(tx, row, now)
    if not after:
        after = "" if wrong else now
    return not before <= issued <= after


def passed_by(tx: Transaction, row: Row, now: str) -> str:
    """Return an instant by which the exam of a certificate was surely passed: the first that was recorded after it at
    its post under a clock that was believed, else now."""
    return _around(tx, row, now)[1] or now


def days_anew(tx: Transaction, row: Row, now: str, country: str) -> tuple[str, str | None]:
    """Return (instant of the pass, last instant of validity) for a certificate issued in place of this one.

    They stay as they are where its days are not in doubt; else the last day is as many months after `passed_by` as it
    was after the day in doubt.
    """
    passed, ends = str(row["passed_at"] or row["issued_at"]), row["expires_at"]
    if row["passed_at"]:
        good = _FIRST <= passed <= now
    else:
        good = not issue_in_doubt(tx, row, now)
    if good:
        return passed, ends
    bound = passed_by(tx, row, now)
    if ends is None:
        return bound, None
    months = _months(local_date(passed, country), local_date(ends, country))
    return bound, end_of_day(add_months(local_date(bound, country), months), country)


def numbers_in_doubt(tx: Transaction, mine: About, now: str) -> list[str]:
    """Return the numbers of the certificates of this node that are not taken back and whose day of issue is in doubt,
    at most MOST_SHOWN."""
    doubts = ({"issued_doubtful": 1}, {"issued_at": Span(before=_FIRST)}, {"issued_at": Span(at_least=now)})
    rows = {row["number"]: row for one in doubts for row in tx.tables.select(CERTIFICATE, {"node": mine.id, **one})}
    found = []
    for number in sorted(rows):
        row = rows[number]
        if row["issued_at"] and taken_back(tx, number) is None and issue_in_doubt(tx, row, now):
            found.append(number)
        if len(found) == MOST_SHOWN:
            break
    return found


def _around(tx: Transaction, row: Row, now: str) -> tuple[str, str]:
    """Return the instants of what was recorded last before and first after a certificate at its post, under a clock
    that was believed; "" = nothing."""
    mark = row["marks"].get("c")
    entry = tx.ledger.find(mark[1]) if mark else None
    if entry is None:
        return "", ""
    before, after, low, high = "", "", entry.number - 1, entry.number
    while low > 0 and not before:
        start = max(0, low - _PAGE)
        before = _believed(reversed(tx.ledger.entries(entry.node, start, low - start)), now)
        low = start
    while not after:
        page = tx.ledger.entries(entry.node, high, _PAGE)
        if not page:
            break
        after = _believed(page, now)
        high = page[-1].number
    return before, after


def _believed(entries: Iterable[Entry], now: str) -> str:
    """Return the instant of the first of them that was recorded under a clock nothing speaks against."""
    for entry in entries:
        said = entry.statement
        at = text_of(instant_of(said.timestamp))
        if _FIRST <= at <= now and not said.extension("clock_uncertain"):
            return at
    return ""


def _months(start: date, end: date) -> int:
    """Return the whole months a course's certificate is valid: `add_months` went the other way."""
    return (end.year - start.year) * 12 + end.month - start.month
