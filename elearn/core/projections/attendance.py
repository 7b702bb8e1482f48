"""The sessions in a classroom an officer was at: one row each."""

from elearn.core.projections.base import Rows, own_row, place_of
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ATTENDED

ATTENDANCE = Table(
    "attendance",
    ("session", "subject"),
    {
        "session": "text",
        "subject": "text",
        "person": "text",
        "course": "text",
        "digest": "text",
        "held_on": "text",
        "at": "text",
    },
    indexes=(("subject",),),
)
"""held_on: the day of the session; at: when it was first said that the officer was there."""


class Attendances:
    """Folds who attended what."""

    name = "attendance"
    tables = (ATTENDANCE,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement. Said twice of the same session, the earlier counts."""
        place = place_of(statement)
        if statement.verb != ATTENDED or len(place) != 2 or place[0] != "session":
            return
        row = own_row(tables, ATTENDANCE, statement, place[1], statement.subject)
        if row is None or (row["at"] is not None and row["at"] <= statement.timestamp):
            return
        row.update(
            course=statement.course,
            digest=statement.extension("digest"),
            held_on=statement.extension("held_on"),
            at=statement.timestamp,
        )
        tables.put(ATTENDANCE, row)
