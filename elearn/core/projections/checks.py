"""The latest answer to each check question of a lesson, so that a lesson can be gone on with where it was left."""

from elearn.core.projections.base import Rows, latest, own_row, place_of, scaled
from elearn.core.questions.base import response_of
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED

CHECK_ANSWER = Table(
    "check_answer",
    ("person", "course", "question"),
    {
        "subject": "text",
        "person": "text",
        "course": "text",
        "question": "text",
        "response": "json",
        "score": "real",
        "at": "text",
        "marks": "json",
        "confidence": "text",
    },
    indexes=(("subject",),),
)
"""response: as core/questions writes it; score None: a scenario under way; confidence: how sure the officer was.
A check may be tried again: the latest answer stands."""


class Checks:
    """Folds answers that belong to no sitting."""

    name = "checks"
    tables = (CHECK_ANSWER,)
    version = 2

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.verb != ANSWERED or statement.attempt or not statement.course:
            return
        place = place_of(statement)
        if len(place) != 2 or place[0] != "question":
            return
        row = own_row(tables, CHECK_ANSWER, statement, statement.subject, statement.course, place[1])
        if row is None:
            return
        latest(
            row,
            "a",
            statement,
            response=response_of(str(statement.result.get("response") or "")),
            score=scaled(statement),
            at=statement.timestamp,
            confidence=statement.result_extension("confidence"),
        )
        tables.put(CHECK_ANSWER, row)
