"""Taking certificates back, one at a time, for good. Many at once: `services/revoking_many.py`.

What went wrong is a word of a short list and goes with the certificate; the free text stands in a statement about who
took it back, so that it reaches the hub's administrators and neither the officer's copy nor other posts.
"""

from dataclasses import replace

from elearn.core.credential.number import parse_number
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.revoking import KINDS, OTHER, REASON_LIMIT, REPLACED
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import REVOCATION_EXPLAINED, REVOKED, certificate_iri
from elearn.ports import Transaction
from elearn.services.accounts import Notice, Session, demand, tell
from elearn.services.node import Node, known
from elearn.services.record import record_in, saying_for
from elearn.services.revocations import taken_back
from elearn.services.standing_above import has_a_word

NOTICE_REVOKED = "notice.certificate-revoked"
NOTICE_REISSUED = "notice.certificate-reissued"


def revoke(node: Node, by: Session, number: str, kind: str, reason: str = "") -> None:
    """Take a certificate back, for good. kind: one of `vocab.revoking.KINDS`; reason: for administrators, may be "" but
    with the kind "other".

    A certificate that was replaced by a newer one can be taken back too: what is wrong with it is then said.
    Raises Refused("permission"), Invalid("number.*" | "revoking.kind" | "reason.empty" | "reason.too-long"), NotFound
    ("certificate.unknown"), Refused("certificate.revoked-already" | "certificate.elsewhere": this node's word does not
    count for it).
    """
    demand(by, Permission.REVOKE_CERTIFICATE)
    reason = checked_reason(kind, reason)
    node.store.write(lambda tx: _revoke_in(tx, node, by, parse_number(number), (kind, reason)))


def checked_reason(kind: str, reason: str) -> str:
    """Return the free text as it is kept. Raises Invalid("revoking.kind" | "reason.empty" | "reason.too-long")."""
    reason = reason.strip()
    if kind not in KINDS:
        raise Invalid("revoking.kind", kind=kind)
    if kind == OTHER and not reason:
        raise Invalid("reason.empty")
    if len(reason) > REASON_LIMIT:
        raise Invalid("reason.too-long", limit=REASON_LIMIT)
    return reason


def _revoke_in(tx: Transaction, node: Node, by: Session, number: str, why: tuple[str, str]) -> None:
    row, (kind, reason) = certificate_row(tx, number), why
    if not has_a_word(tx, known(tx).id, str(row["node"] or "")):
        raise Refused("certificate.elsewhere", number=number)
    if not may_be_revoked(tx, number):
        raise Refused("certificate.revoked-already", number=number)
    said = [revocation(tx, node, by.person, row, node.ids.new(), kind=kind)]
    if reason:
        about = saying_of(tx, node, by.person, by.person)
        extensions = {"kind": kind, "reason": reason}
        said.append(build(about, node.ids.new(), REVOCATION_EXPLAINED, certificate_iri(number), extensions=extensions))
    record_in(tx, node, *said)
    tell_holder(tx, row["person"], Notice(NOTICE_REVOKED, node.now(), by.name))


def may_be_revoked(tx: Transaction, number: str) -> bool:
    """Tell whether taking it back says something new and counts: it is good, or only replaced, and was issued by this
    node or one below it."""
    before, row = taken_back(tx, number), tx.tables.get(CERTIFICATE, number)
    issuer = str((row and row["node"]) or "")
    return (before is None or before.kind == REPLACED) and has_a_word(tx, known(tx).id, issuer)


def certificate_row(tx: Transaction, number: str) -> Row:
    """Return the row of a certificate. number: as printed. Raises NotFound("certificate.unknown", number=)."""
    row = tx.tables.get(CERTIFICATE, number)
    if row is None or not row["issued_at"]:
        raise NotFound("certificate.unknown", number=number)
    return row


def revocation(tx: Transaction, node: Node, actor: str, row: Row, statement_id: str, **said: str) -> Statement:
    """Return the statement that takes a certificate back. row: of CERTIFICATE; said: kind, and what else is known."""
    saying = saying_of(tx, node, row["person"], actor)
    extensions = {"subject": row["person"], "course": row["course"], **said}
    return build(saying, statement_id, REVOKED, certificate_iri(row["number"]), extensions=extensions)


def saying_of(tx: Transaction, node: Node, person: str, actor: str) -> Saying:
    """Return who says it, when and where; also about somebody whose identity is not kept on this node."""
    if tx.tables.get(PERSON, person) is not None:
        return saying_for(tx, node, person, actor)
    return replace(saying_for(tx, node, actor), particulars=Particulars("", "", "", "", ""))


def tell_holder(tx: Transaction, person: str, notice: Notice) -> None:
    """Have the holder told at the next page, where there is an account here."""
    if tx.tables.get(ACCOUNT, person) is not None:
        tell(tx, person, notice)


def tell_holders(tx: Transaction, numbers: set[str], notice: Notice) -> None:
    """Have the holders of certificates told, each once, that something was taken back elsewhere."""
    rows = [row for number in sorted(numbers) if (row := tx.tables.get(CERTIFICATE, number)) and row["issued_at"]]
    for person in sorted({str(row["person"]) for row in rows}):
        tell_holder(tx, person, notice)
