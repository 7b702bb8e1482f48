"""What was recorded while the clock of its node was in doubt: one row each, so that reports can say how much it is."""

from elearn.core.projections.base import Rows
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import EXPORTED

DOUBTFUL = Table(
    "doubtful",
    ("id",),
    {"subject": "text", "id": "text", "node": "text"},
    indexes=(("subject",), ("node",)),
)
"""id: of the statement; node: where it was recorded."""


class Doubtful:
    """Folds statements that say their clock was in doubt; but exports, of which figures do not depend."""

    name = "doubtful"
    tables = (DOUBTFUL,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.extension("clock_uncertain") and statement.verb != EXPORTED:
            row = {"subject": statement.subject, "id": statement.id, "node": statement.extension("node")}
            tables.put(DOUBTFUL, row)
