"""The certificates issued, issued anew and revoked. The name is not here: it is put in when the page is printed.

A revocation may arrive before the certificate: such a row has revoked_at and no issued_at. One that is issued anew is a
row of its own, under its own number; the revocation of the old one names the new number.

Which node may take back what another issued is not known here: what each node said is kept apart (`revocations`), and
`show` puts into the columns what counts. Here all of it does; `services/revoking_word.py` leaves out what does not.
"""

from collections.abc import Callable
from typing import Any

from elearn.core.projections.base import Rows, certificate_of, first, fresh_row, own_row, scaled
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
        "revocations": "json",
        "marks": "json",
    },
    indexes=(("subject",), ("attempt",), ("issued_at",), ("course", "issued_at"), ("node",)),
)
"""issued_doubtful 1: the clock was in doubt when it was issued; expires_at None: for ever. replaces: number of the
certificate this one was issued in place of, passed_at: when that pass was certified first; None for others. revoked_at:
of the first revocation of any sort, revoked_doubtful 1 where its clock was in doubt; replaced_at, replaced_by: a newer
one stands in its place; withdrawn_at, revoked_kind, revoked_reason: of the first revocation that is not such a
replacement. revocations: node -> {REPLACING: [at, id, doubtful, number], TAKING: [at, id, doubtful, kind, reason]}, of
the first of each sort that this node said."""

REPLACING, TAKING = "p", "w"


class Certificates:
    """Folds certificates and their revocations."""

    name = "certificates"
    tables = (CERTIFICATE,)
    version = 4

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        number = certificate_of(statement)
        if statement.verb not in {CERTIFIED, REVOKED} or not number:
            return
        row = _row_for(tables, statement, number)
        if row is None:
            return
        if statement.verb == REVOKED:
            _revoked(row, statement)
        else:
            _issued(row, statement)
        tables.put(CERTIFICATE, row)


def takes_over(row: Row | None, statement: Statement) -> bool:
    """Tell whether a certificate comes to a number of which only a revocation about another person is held.

    What was said about the person of the certificate before did not find its row: their rows are to be folded anew.
    """
    other = row is not None and not row["issued_at"] and row["subject"] != statement.subject
    return statement.verb == CERTIFIED and other


def show(row: Row, counts: Callable[[str, str], bool]) -> None:
    """Put into the columns what was taken back. counts(node, REPLACING | TAKING): whether what the node said counts."""
    said = row["revocations"] or {}
    newer = _earliest([one[REPLACING] for by, one in said.items() if REPLACING in one and counts(by, REPLACING)])
    taken = _earliest([one[TAKING] for by, one in said.items() if TAKING in one and counts(by, TAKING)])
    any_at, _, doubtful = _earliest([one[:3] for one in (newer, taken) if one[0]])[:3]
    row.update(
        revoked_at=any_at,
        revoked_doubtful=doubtful,
        replaced_at=newer[0],
        replaced_by=newer[3],
        withdrawn_at=taken[0],
        revoked_kind=taken[3],
        revoked_reason=taken[4],
    )


def _earliest(told: list[list[Any]]) -> list[Any]:
    return min(told, key=lambda one: one[:2], default=[None] * 5)


def _row_for(tables: Rows, statement: Statement, number: str) -> Row | None:
    """Return the row to fold into; None for a revocation that is about another person than the certificate."""
    row = tables.get(CERTIFICATE, number)
    if takes_over(row, statement):
        return fresh_row(CERTIFICATE, statement, number)
    if row is not None and row["issued_at"] and statement.verb == REVOKED and row["subject"] != statement.subject:
        return None
    return own_row(tables, CERTIFICATE, statement, number)


def _revoked(row: Row, statement: Statement) -> None:
    newer, node = statement.extension("replaced_by"), str(statement.extension("node") or "")
    told: list[Any] = [*statement.when, _doubtful(statement)]
    if newer:
        sort, told = REPLACING, [*told, newer]
    else:
        sort, told = TAKING, [*told, statement.extension("kind"), statement.extension("reason")]
    said = row["revocations"] or {}
    of_node = said.get(node, {})
    if sort not in of_node or told[:2] < of_node[sort][:2]:
        row["revocations"] = {**said, node: {**of_node, sort: told}}
    show(row, lambda _by, _sort: True)


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
