"""Proposals to take many certificates back, as the two people see them: the list before, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.kept import REVOCATION_PROPOSAL
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.certificates_found import Line, Sought, Words, good_numbers
from elearn.services.node import Node
from elearn.services.revoking_many import APPROVED, others_who_may, proposal_row

SAMPLE = 10
MOST_LISTED = 50


@dataclass(frozen=True)
class Preview:
    """The list a proposal would have. sample: its first lines; digest: of the whole; seconds: how many other people
    could approve it."""

    count: int
    digest: str
    sample: tuple[Line, ...]
    seconds: int


@dataclass(frozen=True)
class Proposal:
    """state: "waiting" | "expired" | "under-way" | "done" | "declined" | "withdrawn"; made_by, decided_by: names; own:
    who asks made it; done: certificates gone through, revoked: of them taken back by this."""

    id: str
    state: str
    made_by: str
    made_at: str
    expires_at: str
    kind: str
    reason: str
    sought: dict[str, str]
    count: int
    digest: str
    decided_by: str
    decided_at: str
    done: int
    revoked: int
    own: bool
    sample: tuple[Line, ...] = ()


def preview(node: Node, by: Session, sought: Sought, language: str) -> Preview:
    """Return what would be proposed. Raises Refused("permission"), Invalid as `certificates_found.conditions`."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    with node.store.reading() as tx:
        numbers = good_numbers(tx, sought)
        sample = _sample(tx, node, numbers, language)
        return Preview(len(numbers), digest_of(numbers), sample, len(others_who_may(tx, by.person)))


def proposals(node: Node, by: Session) -> list[Proposal]:
    """Return all proposals, the newest first, without samples. Raises Refused("permission")."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    with node.store.reading() as tx:
        rows = tx.tables.select(REVOCATION_PROPOSAL, None, ("-made_at",), MOST_LISTED)
        return [_proposal(tx, node, by, row) for row in rows]


def proposal_page(node: Node, by: Session, proposal: str, language: str) -> Proposal:
    """Return one proposal with a sample. Raises Refused("permission"), NotFound("revoking.unknown")."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    with node.store.reading() as tx:
        row = proposal_row(tx, proposal)
        return _proposal(tx, node, by, row, _sample(tx, node, row["numbers"], language))


def waiting_for(node: Node, by: Session) -> int:
    """Return how many proposals wait for a decision of this person."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    now = node.now()
    with node.store.reading() as tx:
        rows = tx.tables.select(REVOCATION_PROPOSAL, {"decision": None})
    return sum(_state(row, now) == "waiting" and row["made_by"] != by.person for row in rows)


def seconds(node: Node, by: Session) -> int:
    """Return how many other people on this node could approve what this one proposes."""
    with node.store.reading() as tx:
        return len(others_who_may(tx, by.person))


def _sample(tx: Transaction, node: Node, numbers: Sequence[str], language: str) -> tuple[Line, ...]:
    words, now = Words(tx, language), node.now()
    rows = [row for number in numbers[:SAMPLE] if (row := tx.tables.get(CERTIFICATE, number)) and row["issued_at"]]
    return tuple(words.line(row, now) for row in rows)


def _proposal(tx: Transaction, node: Node, by: Session, row: Row, sample: tuple[Line, ...] = ()) -> Proposal:
    words = Words(tx, by.language)
    return Proposal(
        **{name: row[name] or "" for name in ("id", "made_at", "expires_at", "kind", "reason", "digest")},
        state=_state(row, node.now()),
        made_by=words.name(row["made_by"]),
        sought=row["sought"] or {},
        count=len(row["numbers"]),
        decided_by=words.name(row["decided_by"] or ""),
        decided_at=row["decided_at"] or "",
        done=row["done"],
        revoked=row["revoked"],
        own=row["made_by"] == by.person,
        sample=sample,
    )


def _state(row: Row, now: str) -> str:
    if row["decision"] == APPROVED:
        return "done" if row["ended_at"] else "under-way"
    if row["decision"]:
        return str(row["decision"])
    return "waiting" if now < row["expires_at"] else "expired"
