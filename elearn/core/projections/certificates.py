"""The certificates issued, issued anew and revoked. The name is not here: it is put in when the page is printed.

A revocation may arrive before the certificate: such a row has revoked_at and no issued_at. One that is issued anew is a
row of its own, under its own number; the revocation of the old one names the new number.
"""

from elearn.core.projections.base import Rows, certificate_of, first, own_row, scaled
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, REVOKED

CERTIFICATE = Table(
    "certificate",
    ("number",),
    {
        "subject": "text",
        "person": "text",
        "number": "text",
        "certificate_id": "text",
        "course": "text",
        "version": "text",
        "digest": "text",
        "attempt": "text",
        "score": "real",
        "language": "text",
        "issued_at": "text",
        "issued_doubtful": "integer",
        "expires_at": "text",
        "node": "text",
        "replaces": "text",
        "passed_at": "text",
        "revoked_at": "text",
        "revoked_doubtful": "integer",
        "replaced_at": "text",
        "replaced_by": "text",
        "withdrawn_at": "text",
        "revoked_kind": "text",
        "revoked_reason": "text",
        "marks": "json",
    },
    indexes=(("subject",), ("attempt",), ("issued_at",), ("course", "issued_at"), ("node",)),
)
"""issued_doubtful 1: the clock was in doubt when it was issued; expires_at None: for ever. replaces: number of the
certificate this one was issued in place of, passed_at: when that pass was certified first; None for others. revoked_at:
of the first revocation of any sort, revoked_doubtful 1 where its clock was in doubt; replaced_at, replaced_by: a newer
one stands in its place; withdrawn_at, revoked_kind, revoked_reason: of the first revocation that is not such a
replacement."""


class Certificates:
    """Folds certificates and their revocations."""

    name = "certificates"
    tables = (CERTIFICATE,)
    version = 3

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        number = certificate_of(statement)
        if statement.verb not in {CERTIFIED, REVOKED} or not number:
            return
        row = own_row(tables, CERTIFICATE, statement, number)
        if row is None:
            return
        if statement.verb == REVOKED:
            _revoked(row, statement)
        else:
            _issued(row, statement)
        tables.put(CERTIFICATE, row)


def _revoked(row: Row, statement: Statement) -> None:
    at = statement.timestamp
    first(row, "r", statement, revoked_at=at, revoked_doubtful=_doubtful(statement))
    newer = statement.extension("replaced_by")
    if newer:
        first(row, "p", statement, replaced_at=at, replaced_by=newer)
    else:
        kind, reason = statement.extension("kind"), statement.extension("reason")
        first(row, "w", statement, withdrawn_at=at, revoked_kind=kind, revoked_reason=reason)


def _issued(row: Row, statement: Statement) -> None:
    passed_at = statement.extension("passed_at")
    first(
        row,
        "c",
        statement,
        certificate_id=statement.extension("certificate") or statement.attempt,
        course=statement.course,
        version=statement.extension("version"),
        digest=statement.extension("digest"),
        attempt=statement.attempt,
        score=scaled(statement),
        language=statement.language,
        # A clock that went back must not date a certificate before its pass.
        issued_at=max(statement.timestamp, passed_at or ""),
        issued_doubtful=_doubtful(statement),
        expires_at=statement.extension("expires_at"),
        node=statement.extension("node"),
        replaces=statement.extension("replaces"),
        passed_at=passed_at,
    )


def _doubtful(statement: Statement) -> int | None:
    return 1 if statement.extension("clock_uncertain") else None
