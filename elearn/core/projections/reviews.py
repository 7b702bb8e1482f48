"""Every answer that says something about an officer's memory: in lessons, exams and refreshers. One row an answer.

A set of rows, so no order matters; what follows from them is worked out when it is asked for
(`core/learning/refresher.py`).
"""

from elearn.core.projections.base import Rows, own_row, place_of
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED

REVIEW = Table(
    "review",
    ("id",),
    {
        "subject": "text",
        "person": "text",
        "id": "text",
        "course": "text",
        "question": "text",
        "attempt": "text",
        "place": "text",
        "at": "text",
        "right": "integer",
        "confidence": "text",
    },
    indexes=(("subject",),),
)
"""id: of the statement. place: check, exam or refresher; attempt: of an exam or a set of refreshers, None in lessons.
An answer in an exam counts once the exam was handed in, and only the latest to each question. confidence: how sure the
officer was, None where it was not said."""

PLACES = frozenset(("check", "exam", "refresher"))


class Reviews:
    """Folds answers, but for those of pre-tests: nobody can forget what was not taught yet."""

    name = "reviews"
    tables = (REVIEW,)
    version = 2

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        asked, place = place_of(statement), statement.extension("place")
        if statement.verb != ANSWERED or place not in PLACES or len(asked) != 2 or asked[0] != "question":
            return
        if statement.result.get("completion") is False:  # a step of a scenario that goes on
            return
        row = own_row(tables, REVIEW, statement, statement.id)
        if row is None:
            return
        row.update(
            course=statement.course,
            question=asked[1],
            attempt=statement.attempt,
            place=place,
            at=statement.timestamp,
            right=int(bool(statement.result.get("success"))),
            confidence=statement.result_extension("confidence"),
        )
        tables.put(REVIEW, row)
