"""Each set of refreshers and the answers in it: after a power cut these rows are all there is of it."""

from elearn.core.projections.base import Rows, first, own_row, place_of
from elearn.core.questions.base import response_of
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED, INITIALIZED, REFRESHER

REFRESHER_SET = Table(
    "refresher_set",
    ("attempt",),
    {
        "subject": "text",
        "person": "text",
        "attempt": "text",
        "started_at": "text",
        "language": "text",
        "cards": "json",
        "marks": "json",
    },
    indexes=(("subject", "started_at"),),
)
"""cards: [{course, digest, id, options: [keys as shuffled]}] in the order asked."""

REFRESHER_ANSWER = Table(
    "refresher_answer",
    ("attempt", "course", "question"),
    {
        "subject": "text",
        "person": "text",
        "attempt": "text",
        "course": "text",
        "question": "text",
        "response": "json",
        "right": "integer",
        "at": "text",
        "used_s": "real",
        "confidence": "text",
        "marks": "json",
    },
    indexes=(("subject",),),
)
"""The first answer to each question of a set: feedback comes with it, so no second one counts.
used_s: seconds of the set used up to this answer; confidence: how sure the officer was, None where it was not said."""


class Refreshers:
    """Folds sets and their answers."""

    name = "refreshers"
    tables = (REFRESHER_SET, REFRESHER_ANSWER)
    version = 2

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if not statement.attempt:
            return
        if statement.verb == INITIALIZED and statement.object_id == REFRESHER:
            _started(tables, statement, statement.attempt)
        elif statement.verb == ANSWERED and statement.extension("place") == "refresher":
            _answered(tables, statement, statement.attempt)


def _started(tables: Rows, statement: Statement, attempt: str) -> None:
    row = own_row(tables, REFRESHER_SET, statement, attempt)
    if row is None:
        return
    first(
        row,
        "i",
        statement,
        started_at=statement.timestamp,
        language=statement.language,
        cards=statement.result_extension("cards") or [],
    )
    tables.put(REFRESHER_SET, row)


def _answered(tables: Rows, statement: Statement, attempt: str) -> None:
    asked = place_of(statement)
    if len(asked) != 2 or asked[0] != "question" or not statement.course:
        return
    row = own_row(tables, REFRESHER_ANSWER, statement, attempt, statement.course, asked[1])
    if row is None:
        return
    first(
        row,
        "a",
        statement,
        response=response_of(str(statement.result.get("response") or "")),
        right=int(bool(statement.result.get("success"))),
        at=statement.timestamp,
        used_s=statement.result_extension("used_s"),
        confidence=statement.result_extension("confidence"),
    )
    tables.put(REFRESHER_ANSWER, row)
