"""The tries given: an officer whose tries for an exam were used up may sit it once more, and why.

A row a gift; how many there are is a union, so that two nodes that heard of them in another order count the same.
"""

from elearn.core.projections.base import Rows, own_row, place_of
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import TRY_GIVEN

TRY = Table(
    "try_given",
    ("statement_id",),
    {
        "statement_id": "text",
        "subject": "text",
        "person": "text",
        "course": "text",
        "at": "text",
        "given_by": "text",
        "reason": "text",
    },
    indexes=(("subject", "course"),),
)
"""given_by: person id of who gave it; reason: in that person's words."""


class Tries:
    """Folds the tries given."""

    name = "tries"
    tables = (TRY,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.verb != TRY_GIVEN or place_of(statement) != ("exam",):
            return
        row = own_row(tables, TRY, statement, statement.id)
        if row is None:
            return
        row.update(
            course=statement.course,
            at=statement.timestamp,
            given_by=statement.actor,
            reason=statement.extension("reason"),
        )
        tables.put(TRY, row)
