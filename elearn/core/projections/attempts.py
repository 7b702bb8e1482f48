"""Each sitting of a pre-test or exam, and each answer given in it.

After a power cut these rows are all there is of a sitting: the questions drawn, the time left, what was answered.
"""

from elearn.core.projections.base import Rows, first, own_row, place_of, scaled
from elearn.core.questions.base import response_of
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED, FAILED, INITIALIZED, PASSED

ATTEMPT = Table(
    "attempt",
    ("attempt",),
    {
        "subject": "text",
        "person": "text",
        "attempt": "text",
        "course": "text",
        "kind": "text",
        "digest": "text",
        "version": "text",
        "language": "text",
        "started_at": "text",
        "ends_at": "text",
        "questions": "json",
        "seed": "integer",
        "submitted_at": "text",
        "score": "real",
        "success": "integer",
        "missed": "json",
        "critical_missed": "json",
        "node": "text",
        "medium": "text",
        "marks": "json",
    },
    indexes=(("subject", "course", "kind"),),
)
"""kind: pretest or exam. ends_at None: no limit. questions: [{id, options: [keys as shuffled]}].
started_at None: handed in, but the start has not arrived yet. submitted_at None: still sitting (or lost).
medium: "paper" where the answers are written on paper and keyed in, else None."""

ANSWER = Table(
    "answer",
    ("attempt", "question"),
    {
        "subject": "text",
        "person": "text",
        "attempt": "text",
        "question": "text",
        "response": "json",
        "score": "real",
        "at": "text",
        "statement_id": "text",
        "used_s": "real",
        "confidence": "text",
    },
    indexes=(("subject",),),
)
"""The latest answer to each question of a sitting. response: as core/questions writes it, [] for none; score None: a
scenario under way; confidence: how sure the officer was, None where it was not said.
used_s: seconds of the sitting used up to this answer (see `core/learning/sitting.py`)."""


class Attempts:
    """Folds sittings and their answers."""

    name = "attempts"
    tables = (ATTEMPT, ANSWER)
    version = 3

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if not statement.attempt:
            return
        place = place_of(statement)
        if statement.extension("place") == "refresher":
            return
        if statement.verb == ANSWERED and len(place) == 2 and place[0] == "question":
            _answered(tables, statement, statement.attempt, place[1])
        elif statement.verb in {INITIALIZED, PASSED, FAILED} and len(place) == 1:
            _sat(tables, statement, statement.attempt, place[0])


def _sat(tables: Rows, statement: Statement, attempt: str, kind: str) -> None:
    row = own_row(tables, ATTEMPT, statement, attempt)
    if row is None:
        return
    first(row, "k", statement, course=statement.course, kind=kind)
    if statement.verb == INITIALIZED:
        first(
            row,
            "i",
            statement,
            started_at=statement.timestamp,
            digest=statement.extension("digest"),
            version=statement.extension("version"),
            language=statement.language,
            questions=statement.result_extension("questions") or [],
            seed=statement.result_extension("seed"),
            ends_at=statement.result_extension("ends_at"),
            node=statement.extension("node"),
            medium=statement.extension("medium"),
        )
    else:
        first(
            row,
            "s",
            statement,
            submitted_at=statement.timestamp,
            score=scaled(statement),
            success=int(bool(statement.result.get("success"))),
            missed=statement.result_extension("missed") or [],
            critical_missed=statement.result_extension("critical_missed") or [],
        )
    tables.put(ATTEMPT, row)


def _answered(tables: Rows, statement: Statement, attempt: str, question: str) -> None:
    row = own_row(tables, ANSWER, statement, attempt, question)
    if row is None or (row["at"] is not None and (row["at"], row["statement_id"]) >= statement.when):
        return
    row.update(
        response=response_of(str(statement.result.get("response") or "")),
        score=scaled(statement),
        at=statement.timestamp,
        used_s=statement.result_extension("used_s"),
        confidence=statement.result_extension("confidence"),
        statement_id=statement.id,
    )
    tables.put(ANSWER, row)
