"""The refreshers an officer has done, for the own record: a line for each set, nothing of its questions."""

from dataclasses import dataclass

from elearn.core.projections.refreshers import REFRESHER_ANSWER
from elearn.ports import Transaction


@dataclass(frozen=True)
class RecordRefresher:
    """One set with at least one answer. at: of its latest answer."""

    attempt: str
    at: str
    right: int
    answered: int


def refreshers_done(tx: Transaction, person: str) -> tuple[RecordRefresher, ...]:
    """Return all sets of the officer, newest first."""
    found: dict[str, RecordRefresher] = {}
    for row in tx.tables.select(REFRESHER_ANSWER, {"subject": person}):
        attempt = str(row["attempt"])
        known = found.get(attempt, RecordRefresher(attempt, "", 0, 0))
        found[attempt] = RecordRefresher(
            attempt, max(known.at, row["at"]), known.right + row["right"], known.answered + 1
        )
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.attempt), reverse=True))
