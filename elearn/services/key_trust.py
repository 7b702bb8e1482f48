"""Which keys this node believes on certificates, and what the hub knows of one whose key was lost."""

from datetime import date

from elearn.core.credential.payload import CertificateClaims
from elearn.core.credential.verify import TrustedKey
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.kept import KNOWN_CERTIFICATE, PERSON, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.key_list import known_before, known_row
from elearn.services.node import About, Node
from elearn.services.packages import current_packages


def trusted_key(tx: Transaction, node: Node, mine: About, key_id: str) -> TrustedKey | None:
    """Return a key with how long it is believed, None for one nobody vouches for.

    Days are those of the country its node is in, for so certificates are dated.
    """
    row = tx.tables.get(TRUSTED_KEY, key_id)
    if key_id == node.keys.key_id:
        # Our own key is believed for all time: certificates of days before a clock was put right are ours too.
        since = _day(row["valid_from"], mine.country) if row else None
        return TrustedKey(key_id, node.keys.public_key, mine.issuer or mine.name, since or date.min)
    if row is None:
        return None
    country = row["country"] or ""
    return TrustedKey(
        key_id=key_id,
        public_key=row["public_key"] or b"",
        issuer=(mine.issuer or mine.name) if row["node"] == mine.id else str(row["node_name"] or ""),
        valid_from=_day(row["valid_from"], country) or date.min,
        valid_until=_day(row["valid_until"], country),
        lost_from=date.fromisoformat(row["lost_from"]) if row["lost_from"] else None,
    )


def known_facts(tx: Transaction, node: Node, mine: About, claims: CertificateClaims) -> dict[str, str]:
    """Return certificate id -> what is known of it where its key was lost, {} if nothing is."""
    key = tx.tables.get(TRUSTED_KEY, claims.issuer_key_id)
    if key is None or not key["lost_from"]:
        return {}
    found = tx.tables.get(KNOWN_CERTIFICATE, claims.certificate_id) or _known_here(tx, node, mine, claims, key)
    if found is None or found["node"] != key["node"]:
        return {}
    if not _same_course(tx, found["course"], claims.course) or not _same_name(tx, claims):
        return {}
    return {claims.certificate_id: found["facts"]}


def _known_here(tx: Transaction, node: Node, mine: About, claims: CertificateClaims, key: Row) -> Row | None:
    """Return what this node's own ledger knows: a hub has the chains of its posts, and each node has its own."""
    row = tx.tables.get(CERTIFICATE, claims.number)
    if row is None or not row["issued_at"] or not (node.can(Power.ANSWER_POSTS) or row["node"] == mine.id):
        return None
    return known_row(row, key["country"] or "") if known_before(tx, row, key) else None


def _same_course(tx: Transaction, course: str, said: str) -> bool:
    """Tell whether a certificate may name the course so. A course that is not held here cannot be compared."""
    held = next((one.course for one in current_packages(tx) if one.course.id == course), None)
    return held is None or said in {held.id, held.code}


def _same_name(tx: Transaction, claims: CertificateClaims) -> bool:
    """Tell whether a certificate names its officer as this node does. Who is not known here cannot be compared."""
    row = tx.tables.get(CERTIFICATE, claims.number)
    person = tx.tables.get(PERSON, row["person"]) if row else None
    return person is None or person["name"] == claims.person_name


def _day(text: str | None, country: str) -> date | None:
    """Return the day of an instant there; a day stays what it is."""
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == len("2026-01-01") else local_date(text, country)
