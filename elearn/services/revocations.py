"""Whether a certificate was taken back, as far as is known here: by a statement held, or by the hub's list."""

from dataclasses import dataclass

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.kept import REVOCATION
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.node import fact

LISTED_AT = "revocations_at"
"""Node fact: as of when the hub's list is."""


@dataclass(frozen=True)
class TakenBack:
    """at: the instant, the earliest known; kind: one of `vocab.revoking.KINDS`, "replaced" where nothing else is wrong
    with it than that a newer one stands in its place, "" where the kind is not known; replaced_by: number of the newer
    one, "" if there is none or its number is not known here."""

    at: str
    kind: str = ""
    replaced_by: str = ""


def taken_back(tx: Transaction, number: str) -> TakenBack | None:
    """Return when and why a certificate was taken back, None if it was not."""
    return judged(tx.tables.get(CERTIFICATE, number), tx.tables.get(REVOCATION, number))


def judged(row: Row | None, listed: Row | None) -> TakenBack | None:
    """Return what a row of CERTIFICATE and one of REVOCATION, either of which may be missing, say together.

    A revocation counts whatever its date: a clock in 1970 takes back as well as any.
    """
    told = [str(one["revoked_at"]) for one in (row, listed) if one and one["revoked_at"]]
    if not told:
        return None
    newer = str((row and row["replaced_by"]) or "")
    own = str((row and row["revoked_kind"]) or "")
    far = str((listed and listed["kind"]) or "")
    if row and row["withdrawn_at"]:
        kind = own or (far if far != REPLACED else "")
    else:
        kind = far or (REPLACED if newer else "")
    return TakenBack(min(told), kind, newer)


def revoked_at(tx: Transaction, number: str) -> str:
    """Return the instant a certificate was taken back, the earliest known; "" if it was not."""
    found = taken_back(tx, number)
    return found.at if found else ""


def list_date(tx: Transaction) -> str:
    """Return the day (ISO) up to which revocations made elsewhere are known here, "" = none were ever received."""
    return str(fact(tx, LISTED_AT, "") or "")[:10]
