"""The satisfaction forms that were recorded: one row each, of nobody in particular."""

from elearn.core.projections.base import Rows, place_of
from elearn.core.vocab.satisfaction import FORM, HELPED, ITEMS
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANONYMOUS, RESPONDED
from elearn.core.xapi.verbs import SATISFACTION as PLACE

SATISFACTION = Table(
    "satisfaction",
    ("id",),
    {
        "subject": "text",
        "id": "text",
        "course": "text",
        "version": "text",
        "language": "text",
        "node": "text",
        "said_on": "text",
        **dict.fromkeys(ITEMS, "integer"),
        "helped": "text",
    },
    indexes=(("subject",), ("course", "said_on")),
)
"""id: of the statement; subject: always `verbs.ANONYMOUS`. said_on: the instant its day began, the same for all that
were recorded together. A column for each statement of the form, 1..5; helped: a key of HELPED."""


class Satisfactions:
    """Folds answers to the form in use; those to another form are left alone."""

    name = "satisfaction"
    tables = (SATISFACTION,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.verb != RESPONDED or statement.actor != ANONYMOUS or place_of(statement) != (PLACE,):
            return
        ratings = statement.result_extension("ratings") or {}
        helped = statement.result_extension("helped")
        whole = ratings.keys() >= ITEMS.keys() and helped in HELPED
        if statement.result_extension("form") != FORM or not whole:
            return
        row = {
            "subject": statement.subject,
            "id": statement.id,
            "course": statement.course,
            "version": statement.extension("version"),
            "language": statement.language,
            "node": statement.extension("node"),
            "said_on": statement.timestamp,
            **{item: ratings[item] for item in ITEMS},
            "helped": helped,
        }
        tables.put(SATISFACTION, row)
