"""What happened to one certificate: issued, issued anew, replaced, taken back; by whom, when and why."""

from dataclasses import dataclass

from elearn.core.credential.number import parse_number
from elearn.core.ledger.entry import Entry
from elearn.core.projections.base import VOIDED_IDS, certificate_of
from elearn.core.vocab.kept import PEER, REVOCATION
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import (
    CERTIFIED,
    REVOCATION_APPROVED,
    REVOCATION_EXPLAINED,
    REVOKED,
    revocation_iri,
)
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.brought import brought_about
from elearn.services.certificates_found import Line, Words
from elearn.services.issue_doubt import issue_in_doubt
from elearn.services.node import Node
from elearn.services.reissue import why_not
from elearn.services.revoking import certificate_row, may_be_revoked


@dataclass(frozen=True)
class Event:
    """what: "issued" | "issued-anew" | "replaced" | "revoked" | "listed" (as the hub's list says, no more is known).

    by: name of who did it, "" where it is not known here or nobody did; post: where; kind: of the reason, "" = none is
    known; reason: free text, "" = none, or not known here; number: of the other certificate; proposal: id of the
    proposal it was done by; proposed_by: name.
    """

    what: str
    at: str
    by: str = ""
    post: str = ""
    kind: str = ""
    reason: str = ""
    number: str = ""
    proposal: str = ""
    proposed_by: str = ""


@dataclass(frozen=True)
class CertificateHistory:
    """events: the earliest first; revocable: it can be taken back; reissue: code of why it cannot be issued anew here,
    "" = it can; days_in_doubt: the clock was wrong when it was issued, or nobody knows yet;
    replaced_by, replaces: numbers, "" = none; passed_at: when the pass was certified first."""

    line: Line
    events: tuple[Event, ...]
    revocable: bool
    reissue: str
    replaced_by: str
    replaces: str
    passed_at: str
    days_in_doubt: bool = False


def history(node: Node, by: Session, number: str, language: str) -> CertificateHistory:
    """Return everything known of one certificate. Raises Refused("permission"), Invalid("number.*"), NotFound."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    number = parse_number(number)
    with node.store.reading() as tx:
        row = certificate_row(tx, number)
        return CertificateHistory(
            line=Words(tx, language).line(row, node.now()),
            events=_events(tx, row, language),
            revocable=may_be_revoked(tx, number),
            reissue=why_not(tx, node, row),
            replaced_by=row["replaced_by"] or "",
            replaces=row["replaces"] or "",
            passed_at=row["passed_at"] or row["issued_at"],
            days_in_doubt=issue_in_doubt(tx, row, node.now()),
        )


def _events(tx: Transaction, row: Row, language: str) -> tuple[Event, ...]:
    number, words = row["number"], Words(tx, language)
    said = [*tx.ledger.about(row["person"]), *map(_statement, brought_about(tx, row["person"]))]
    here = [one for one in said if certificate_of(one) == number and one.verb in {CERTIFIED, REVOKED}]
    events = [_event(tx, one, words) for one in here if not tx.tables.count(VOIDED_IDS, {"id": one.id})]
    listed = tx.tables.get(REVOCATION, number)
    if listed and not any(one.what in {"revoked", "replaced"} for one in events):
        peer = tx.tables.get(PEER, listed["listed_by"])
        by, kind = str(peer["name"]) if peer else "", listed["kind"] or ""
        events.append(Event("listed", listed["revoked_at"], post=by, kind=kind))
    return tuple(sorted(events, key=lambda one: (one.at, one.what)))


def _statement(entry: Entry) -> Statement:
    return entry.statement


def _event(tx: Transaction, said: Statement, words: Words) -> Event:
    by = words.name(said.actor) if said.actor != said.subject else ""
    post, at = words.post(str(said.extension("node") or "")), said.timestamp
    if said.verb == CERTIFIED:
        replaces = str(said.extension("replaces") or "")
        return Event("issued-anew" if replaces else "issued", at, by, post, number=replaces)
    if said.extension("replaced_by"):
        return Event("replaced", at, by, post, REPLACED, number=str(said.extension("replaced_by")))
    proposal = str(said.extension("proposal") or "")
    why = _why(tx, said, proposal)
    reason = str((why and why.extension("reason")) or said.extension("reason") or "")
    proposed_by = words.name(str((why and why.extension("proposed_by")) or ""))
    kind = str(said.extension("kind") or "")
    return Event("revoked", at, by, post, kind, reason, proposal=proposal, proposed_by=proposed_by)


def _why(tx: Transaction, said: Statement, proposal: str) -> Statement | None:
    """Return the statement about who took it back that tells why: of the proposal, or of this one certificate."""
    verb, about = REVOCATION_EXPLAINED, said.object_id
    if proposal:
        verb, about = REVOCATION_APPROVED, revocation_iri(proposal)
    told = [one for one in tx.ledger.about(said.actor) if one.verb == verb and one.object_id == about]
    return next((one for one in told if one.timestamp >= said.timestamp), told[-1] if told else None)
