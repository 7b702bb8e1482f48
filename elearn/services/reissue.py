"""Issuing a certificate anew for the same pass: a new number, and the old one is replaced for good.

The course, version, score and last day are those of the pass; the day of issue is the day it was issued anew, for it is
signed with the key and bears the name of that day. Both are said in one go: there is never one without the other.
Where the clock was wrong at the pass, its days are put right as far as they can be known (`services/issue_doubt`).
"""

from elearn.core.credential.number import number_from, parse_number
from elearn.core.credential.replacing import replacement_id
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.revoking import PASS_IN_DOUBT, REPLACED
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, certificate_iri
from elearn.ports import Transaction
from elearn.services.accounts import Notice, Session, demand
from elearn.services.certify import CERTIFICATE_TYPE
from elearn.services.issue_doubt import clock_is_wrong, days_anew, issue_in_doubt
from elearn.services.node import Node, known
from elearn.services.record import record_in
from elearn.services.revocations import taken_back
from elearn.services.revoking import NOTICE_REISSUED, certificate_row, revocation, saying_of, tell_holder


def reissue(node: Node, by: Session, number: str) -> str:
    """Issue a certificate anew; return the new number. Two nodes that do so give the same one.

    Raises Refused("permission" | "node.power"), Invalid("number.*"), NotFound("certificate.unknown"), and as
    `why_not`: Refused("reissue.replaced" | "reissue.expired" | "reissue.pass-in-doubt" | "reissue.reason-unknown" |
    "reissue.clock"), NotFound("certificate.no-person").
    """
    demand(by, Permission.REVOKE_CERTIFICATE)
    node.must(Power.TEACH)
    return node.store.write(lambda tx: _reissue_in(tx, node, by, parse_number(number)))


def _reissue_in(tx: Transaction, node: Node, by: Session, number: str) -> str:
    row = certificate_row(tx, number)
    code = why_not(tx, node, row)
    if code == "certificate.no-person":
        raise NotFound(code, number=number)
    if code:
        raise Refused(code, number=number)
    new_id = replacement_id(row["certificate_id"])
    new_number = number_from(new_id)
    issued = _issued_anew(tx, node, by, row, new_id)
    replaced = revocation(tx, node, by.person, row, node.ids.new(), kind=REPLACED, replaced_by=new_number)
    record_in(tx, node, issued, replaced)
    tell_holder(tx, row["person"], Notice(NOTICE_REISSUED, node.now(), by.name))
    return new_number


def why_not(tx: Transaction, node: Node, row: Row) -> str:
    """Return the code of what forbids to issue a certificate anew on this node, "" if nothing does."""
    before = taken_back(tx, row["number"])
    if not node.can(Power.TEACH):
        return "node.power"
    if row["replaced_by"] or (before and before.kind == REPLACED):
        return "reissue.replaced"
    if before and before.kind in PASS_IN_DOUBT:
        return "reissue.pass-in-doubt"
    if before and not before.kind:
        return "reissue.reason-unknown"
    return _why_not_today(tx, row, node.now())


def _why_not_today(tx: Transaction, row: Row, now: str) -> str:
    if clock_is_wrong(tx, now) and issue_in_doubt(tx, row, now):
        return "reissue.clock"
    ends = days_anew(tx, row, now, known(tx).country)[1]
    if ends and ends < now:
        return "reissue.expired"
    # It bears the holder's name as it is known here.
    return "" if tx.tables.get(PERSON, row["person"]) else "certificate.no-person"


def _issued_anew(tx: Transaction, node: Node, by: Session, row: Row, new_id: str) -> Statement:
    passed_at, expires_at = days_anew(tx, row, node.now(), known(tx).country)
    extensions = {
        **{name: row[name] for name in ("course", "version", "digest", "language")},
        "expires_at": expires_at,
        "subject": row["person"],
        "certificate": new_id,
        "replaces": row["number"],
        "passed_at": passed_at,
    }
    return build(
        saying_of(tx, node, row["person"], by.person),
        node.ids.new(),
        CERTIFIED,
        certificate_iri(number_from(new_id)),
        activity_type=CERTIFICATE_TYPE,
        result={"score": {"scaled": row["score"]}} if row["score"] is not None else None,
        attempt=row["attempt"],
        extensions=extensions,
    )
