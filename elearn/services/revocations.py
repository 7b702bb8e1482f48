"""Whether a certificate was taken back, as far as is known here: by a statement held, or by the hub's list."""

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.kept import REVOCATION
from elearn.ports import Transaction
from elearn.services.node import fact

LISTED_AT = "revocations_at"
"""Node fact: as of when the hub's list is."""


def revoked_at(tx: Transaction, number: str) -> str:
    """Return the instant a certificate was taken back, the earliest known; "" if it was not."""
    rows = (tx.tables.get(CERTIFICATE, number), tx.tables.get(REVOCATION, number))
    return min((str(row["revoked_at"]) for row in rows if row and row["revoked_at"]), default="")


def list_date(tx: Transaction) -> str:
    """Return the day (ISO) up to which revocations made elsewhere are known here, "" = none were ever received."""
    return str(fact(tx, LISTED_AT, "") or "")[:10]
