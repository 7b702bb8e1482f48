"""The follow-up of each exam passed: what the officer answered, and what a colleague has seen.

The exam, the answer and the colleague's word may arrive in any order; what is counted are rows with an exam.
"""

from dataclasses import asdict

from elearn.core.projections.base import Rows, first, own_row, place_of
from elearn.core.vocab.followup import FORM, SEEN, STOPPED, USED
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import FOLLOW_UP as PLACE
from elearn.core.xapi.verbs import FOLLOWED_UP, PASSED, SKILL_OBSERVED

FOLLOW_UP = Table(
    "follow_up",
    ("attempt",),
    {
        "subject": "text",
        "person": "text",
        "attempt": "text",
        "course": "text",
        "passed_at": "text",
        "passed_id": "text",
        "language": "text",
        "country": "text",
        "agency": "text",
        "post": "text",
        "sex": "text",
        "rank_band": "text",
        "node": "text",
        "used": "text",
        **{f"stopped_{one}": "integer" for one in STOPPED},
        "answered_at": "text",
        "answered_days": "integer",
        "seen": "text",
        "seen_at": "text",
        "seen_by": "text",
        "marks": "json",
    },
    indexes=(("subject",), ("passed_at",)),
)
"""passed_at to node: of the exam, passed_id of its statement; None where it is not here. used: a key of USED;
stopped_*: 1 where it was chosen, else 0; answered_days: since the exam, as the statement says. seen: a key of SEEN,
seen_by: person id of who says so. Of several answers, and of several words of colleagues, the first counts."""


class FollowUps:
    """Folds exams passed and their follow-ups; those of another form are left alone."""

    name = "followups"
    tables = (FOLLOW_UP,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if not statement.attempt or not _concerns(statement):
            return
        row = own_row(tables, FOLLOW_UP, statement, statement.attempt)
        if row is None:
            return
        {PASSED: _passed, FOLLOWED_UP: _answered, SKILL_OBSERVED: _observed}[statement.verb](row, statement)
        tables.put(FOLLOW_UP, row)


def _concerns(statement: Statement) -> bool:
    place = place_of(statement)
    if statement.verb == PASSED:
        return place == ("exam",)
    return place == (PLACE,) and (_is_answer(statement) or _is_word_of_another(statement))


def _is_answer(statement: Statement) -> bool:
    """Tell whether this is the officer's own answer to the form in use."""
    own = statement.verb == FOLLOWED_UP and statement.actor == statement.subject
    said = statement.result_extension
    return own and said("form") == FORM and said("used") in USED


def _is_word_of_another(statement: Statement) -> bool:
    """Tell whether this is what somebody else has seen: nobody confirms the own skill."""
    another = statement.verb == SKILL_OBSERVED and statement.actor != statement.subject
    said = statement.result_extension
    return another and said("form") == FORM and said("seen") in SEEN


def _passed(row: Row, statement: Statement) -> None:
    first(
        row,
        "p",
        statement,
        course=statement.course,
        passed_at=statement.timestamp,
        passed_id=statement.id,
        language=statement.language,
        node=statement.extension("node"),
        **asdict(statement.particulars),
    )


def _answered(row: Row, statement: Statement) -> None:
    stopped = statement.result_extension("stopped") or []
    first(
        row,
        "a",
        statement,
        used=statement.result_extension("used"),
        **{f"stopped_{one}": int(one in stopped) for one in STOPPED},
        answered_at=statement.timestamp,
        answered_days=statement.result_extension("passed_days"),
    )


def _observed(row: Row, statement: Statement) -> None:
    first(
        row,
        "o",
        statement,
        seen=statement.result_extension("seen"),
        seen_at=statement.timestamp,
        seen_by=statement.actor,
    )
