"""One row for each exam passed, with the coarse snapshot of the officer: what the coordinator's figures count.

The snapshot is of the day of the exam. No identities are in here.
"""

from dataclasses import asdict

from elearn.core.projections.base import Rows, first, own_row, place_of, scaled
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import PASSED

COMPLETION = Table(
    "completion",
    ("attempt",),
    {
        "subject": "text",
        "person": "text",
        "attempt": "text",
        "course": "text",
        "version": "text",
        "outcome": "text",
        "language": "text",
        "score": "real",
        "passed_at": "text",
        "country": "text",
        "agency": "text",
        "post": "text",
        "sex": "text",
        "rank_band": "text",
        "node": "text",
        "marks": "json",
    },
    indexes=(("subject",), ("passed_at",), ("course", "passed_at")),
)
"""country, agency, post, sex, rank_band: "" where the statement says nothing. outcome: of the action plan, the main
one of the course as it was taken; None in statements that do not say."""


class Completions:
    """Folds exams passed."""

    name = "completions"
    tables = (COMPLETION,)
    version = 2

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.verb != PASSED or not statement.attempt or place_of(statement) != ("exam",):
            return
        row = own_row(tables, COMPLETION, statement, statement.attempt)
        if row is None:
            return
        first(
            row,
            "p",
            statement,
            course=statement.course,
            version=statement.extension("version"),
            outcome=statement.extension("outcome"),
            language=statement.language,
            score=scaled(statement),
            passed_at=statement.timestamp,
            node=statement.extension("node"),
            **asdict(statement.particulars),
        )
        tables.put(COMPLETION, row)
