"""Which outcome of the action plan each course is counted under."""

from collections import defaultdict

from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.action_plan import OUTCOMES
from elearn.core.vocab.tables import Where
from elearn.ports import Transaction
from elearn.services.packages import current_packages


def outcomes_there(tx: Transaction, where: Where) -> dict[str, str]:
    """Return course -> outcome for the courses of these completions, "" where none is known.

    One outcome a course, what the latest exam that names one says: if two lines shared a course, they would tell on it.
    Where no exam names any (they were passed before exams did), the course as it is taught here does.
    """
    told: dict[str, set[str]] = defaultdict(set)
    for row in tx.tables.group(COMPLETION, ("course", "outcome"), where):
        told[str(row["course"] or "")] |= {str(row["outcome"])} if row["outcome"] else set()
    taught = {} if all(told.values()) else _taught(tx)
    return {
        course: max(outcomes, key=lambda one: _last_named(tx, where, course, one), default=taught.get(course, ""))
        for course, outcomes in sorted(told.items())
    }


def outcomes_to_ask_for(tx: Transaction, where: Where) -> list[str]:
    """Return the outcomes of the courses taught here or passed, in the order of the plan."""
    there = {*_taught(tx).values(), *outcomes_there(tx, where).values()}
    return [code for code in OUTCOMES if code in there]


def _taught(tx: Transaction) -> dict[str, str]:
    # A course that is only read is passed by nobody: no figure is about it.
    return {one.course.id: one.course.main_outcome for one in current_packages(tx) if one.course.examined}


def _last_named(tx: Transaction, where: Where, course: str, outcome: str) -> tuple[str, str]:
    named = {**where, "course": course, "outcome": outcome}
    [row] = tx.tables.select(COMPLETION, named, order=("-passed_at", "-attempt"), limit=1)
    return str(row["passed_at"]), str(row["attempt"])
