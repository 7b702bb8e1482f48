"""The certificates issued and revoked. The name is not here: it is put in when the page is printed.

A revocation may arrive before the certificate: such a row has revoked_at and no issued_at.
"""

from elearn.core.projections.base import Rows, certificate_of, first, own_row, scaled
from elearn.core.vocab.tables import Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, REVOKED

CERTIFICATE = Table(
    "certificate",
    ("number",),
    {
        "subject": "text",
        "person": "text",
        "number": "text",
        "course": "text",
        "version": "text",
        "digest": "text",
        "attempt": "text",
        "score": "real",
        "language": "text",
        "issued_at": "text",
        "expires_at": "text",
        "node": "text",
        "revoked_at": "text",
        "revoked_reason": "text",
        "marks": "json",
    },
    indexes=(("subject",), ("attempt",)),
)
"""expires_at None: for ever. revoked_*: of the first revocation."""


class Certificates:
    """Folds certificates and their revocations."""

    name = "certificates"
    tables = (CERTIFICATE,)
    version = 1

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        number = certificate_of(statement)
        if statement.verb not in {CERTIFIED, REVOKED} or not number:
            return
        row = own_row(tables, CERTIFICATE, statement, number)
        if row is None:
            return
        if statement.verb == REVOKED:
            reason = statement.extension("reason")
            first(row, "r", statement, revoked_at=statement.timestamp, revoked_reason=reason)
        else:
            first(
                row,
                "c",
                statement,
                course=statement.course,
                version=statement.extension("version"),
                digest=statement.extension("digest"),
                attempt=statement.attempt,
                score=scaled(statement),
                language=statement.language,
                issued_at=statement.timestamp,
                expires_at=statement.extension("expires_at"),
                node=statement.extension("node"),
            )
        tables.put(CERTIFICATE, row)
