"""How much of a passed course an officer still knew 30, 90 and 180 days later: what the coordinator's figures count.

The days since the pass are said in the answer itself: a node that never saw the pass counts the same. Answers under a
doubted clock are left out.
"""

from dataclasses import asdict

from elearn.core.projections.base import Rows, latest, own_row, place_of
from elearn.core.vocab.retention import window_of
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED

RETENTION = Table(
    "retention",
    ("person", "course", "window", "language"),
    {
        "subject": "text",
        "person": "text",
        "course": "text",
        "window": "integer",
        "language": "text",
        "answers": "json",
        "asked": "integer",
        "right": "integer",
        "at": "text",
        "country": "text",
        "agency": "text",
        "post": "text",
        "sex": "text",
        "rank_band": "text",
        "node": "text",
        "marks": "json",
    },
    indexes=(("subject",), ("window",)),
)
"""window: 30, 90 or 180 (`core/vocab/retention.py`). answers: question -> [instant, id of the statement, 1 or 0], the
first answer to each question in that window; asked, right: how many these are. at, the snapshot of the officer and the
node are of the latest answer."""


class Retention:
    """Folds answers to refreshers of passed courses."""

    name = "retention"
    tables = (RETENTION,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.verb != ANSWERED or statement.extension("place") != "refresher":
            return
        days, asked = statement.result_extension("passed_days"), place_of(statement)
        window = None if days is None else window_of(days)
        if window is None or len(asked) != 2 or not statement.course or statement.extension("clock_uncertain"):
            return
        row = own_row(tables, RETENTION, statement, statement.subject, statement.course, window, statement.language)
        if row is None:
            return
        _count(row, asked[1], statement)
        latest(
            row,
            "l",
            statement,
            at=statement.timestamp,
            node=statement.extension("node"),
            **asdict(statement.particulars),
        )
        tables.put(RETENTION, row)


def _count(row: Row, question: str, statement: Statement) -> None:
    answers = dict(row["answers"] or {})
    known = answers.get(question)
    if known is None or list(statement.when) < known[:2]:
        answers[question] = [*statement.when, int(bool(statement.result.get("success")))]
    row["answers"] = dict(sorted(answers.items()))
    row["asked"] = len(answers)
    row["right"] = sum(one[2] for one in answers.values())
