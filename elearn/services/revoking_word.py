"""Whose word counts where a certificate is taken back: of the node that issued it, and of the hubs above it.

Anybody else's statement is kept and does nothing, in whatever order the two arrive. One exception keeps a number that
follows from another (`services/reissue`) the same everywhere: who issues a certificate anew replaces the old one, also
at the post an officer has moved to; the officer is never without one by that.
"""

from elearn.core.projections.base import certificate_of
from elearn.core.projections.certificates import CERTIFICATE, REPLACING, show
from elearn.core.vocab.tables import Row
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, REVOKED
from elearn.ports import Transaction
from elearn.services.folding import HeldRows
from elearn.services.standing_above import has_a_word


def settle(tx: Transaction, rows: HeldRows, said: Statement) -> None:
    """Let count, of what is said about the certificate of a statement that was just folded, what counts."""
    if said.verb not in {CERTIFIED, REVOKED}:
        return
    for number in (certificate_of(said), said.extension("replaces")):
        row = rows.get(CERTIFICATE, number) if number else None
        if row is not None and row["issued_at"] and set(row["revocations"] or {}) - {row["node"]}:
            _settle(tx, rows, row)


def _settle(tx: Transaction, rows: HeldRows, row: Row) -> None:
    def counts(by: str, sort: str) -> bool:
        if has_a_word(tx, by, str(row["node"] or "")):
            return True
        return sort == REPLACING and _issued_anew_by(rows, row, by)

    show(row, counts)
    rows.put(CERTIFICATE, row)


def _issued_anew_by(rows: HeldRows, row: Row, by: str) -> bool:
    newer = rows.get(CERTIFICATE, row["revocations"][by][REPLACING][3])
    if newer is None or not newer["issued_at"]:
        return False
    return (newer["replaces"], newer["subject"], newer["node"]) == (row["number"], row["subject"], by)
