"""Taking many certificates back: one administrator proposes a list, another one approves it, and only then it is done.

The list is frozen when it is proposed: what is issued later is not in it. It is gone through in slices, each in one
write together with how far it got, so that a power cut costs nothing and doubles nothing.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, REVOCATION_PROPOSAL
from elearn.core.vocab.pins import fold_number
from elearn.core.vocab.roles import Permission, Role, may
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import text_of
from elearn.core.xapi.build import build
from elearn.core.xapi.canonical import digest_of
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import REVOCATION_APPROVED, REVOCATION_DECLINED, REVOCATION_PROPOSED, revocation_iri
from elearn.ports import Transaction
from elearn.services.accounts import Notice, Session, demand, prove, tell
from elearn.services.certificates_found import Sought, good_numbers
from elearn.services.delays import give_back
from elearn.services.node import Node
from elearn.services.record import record_in, saying_for
from elearn.services.revoking import NOTICE_REVOKED, checked_reason, may_be_revoked, revocation, tell_holder

OPEN_DAYS = 14
"""So long a proposal waits for a second person."""
MOST_AT_ONCE = 5000
SLICE = 100
APPROVED, DECLINED, WITHDRAWN = "approved", "declined", "withdrawn"


def propose(node: Node, by: Session, sought: Sought, why: tuple[str, str], digest: str) -> str:
    """Propose to take back all that is found; return the id. why: (kind, free text); digest: of the list that was seen.

    Raises Refused("permission"), Invalid as `revoking.checked_reason` and `certificates_found.conditions`, Refused
    ("revoking.nothing" | "revoking.too-many" | "revoking.list-changed").
    """
    demand(by, Permission.REVOKE_CERTIFICATE)
    kind, reason = why[0], checked_reason(*why)

    def work(tx: Transaction) -> str:
        numbers = good_numbers(tx, sought)
        if not numbers:
            raise Refused("revoking.nothing")
        if len(numbers) > MOST_AT_ONCE:
            raise Refused("revoking.too-many", n=len(numbers), most=MOST_AT_ONCE)
        if digest_of(numbers) != digest:
            raise Refused("revoking.list-changed")
        now = node.clock.now()
        row = {
            "id": node.ids.new(),
            "made_by": by.person,
            "made_at": text_of(now),
            "expires_at": text_of(now + timedelta(days=OPEN_DAYS)),
            "kind": kind,
            "reason": reason,
            "sought": sought.said(),
            "numbers": numbers,
            "digest": digest,
            "done": 0,
            "revoked": 0,
        }
        tx.tables.put(REVOCATION_PROPOSAL, row)
        record_in(tx, node, _said(tx, node, by.person, row, REVOCATION_PROPOSED))
        for person in others_who_may(tx, by.person):
            tell(tx, person, Notice("notice.revocation-proposed", node.now(), by.name))
        return str(row["id"])

    return node.store.write(work)


def approve(node: Node, by: Session, proposal: str, digest: str, pin: str, device: str) -> None:  # noqa: PLR0917 - who, what, and the proof
    """Approve a proposal: from now on it is carried out. digest: of the list that was seen; pin: of who approves, whose
    sign-in may have been left open by another.

    Raises Refused("permission"), NotFound("revoking.unknown"), Refused("revoking.own" | "revoking.expired" |
    "revoking.decided" | "revoking.maker-gone" | "revoking.list-changed"), and as `accounts.prove`.
    """
    demand(by, Permission.REVOKE_CERTIFICATE)
    with node.store.reading() as tx:
        _approvable(tx, node, by, proposal, digest)
    prove(node, by, pin, device)

    def work(tx: Transaction) -> None:
        give_back(tx, fold_number(by.service_number), device)
        row = _approvable(tx, node, by, proposal, digest)
        tx.tables.put(REVOCATION_PROPOSAL, _decided(node, by, row, APPROVED))
        record_in(tx, node, _said(tx, node, by.person, row, REVOCATION_APPROVED))

    node.store.write(work)
    carry_out(node, proposal, slices=1)


def decline(node: Node, by: Session, proposal: str) -> None:
    """Decline a proposal, or withdraw one's own: nothing is taken back.

    Raises Refused("permission"), NotFound("revoking.unknown"), Refused("revoking.decided").
    """
    demand(by, Permission.REVOKE_CERTIFICATE)

    def work(tx: Transaction) -> None:
        row = proposal_row(tx, proposal)
        if row["decision"]:
            raise Refused("revoking.decided")
        _must_still(tx, by.person)
        word = WITHDRAWN if row["made_by"] == by.person else DECLINED
        tx.tables.put(REVOCATION_PROPOSAL, _decided(node, by, row, word))
        record_in(tx, node, _said(tx, node, by.person, row, REVOCATION_DECLINED))

    node.store.write(work)


def carry_out(node: Node, proposal: str, slices: int | None = None) -> bool:
    """Go on with an approved proposal; tell whether all is done. slices: so many at most, None = to the end."""
    done = False
    while not done and slices != 0:
        done = node.store.write(lambda tx: _slice(tx, node, proposal))
        slices = None if slices is None else slices - 1
    return done


def tick(node: Node) -> None:
    """Go on with what was approved; called once a minute, and so after every start."""
    with node.store.reading() as tx:
        rows = tx.tables.select(REVOCATION_PROPOSAL, {"decision": APPROVED, "ended_at": None})
    for row in rows:
        carry_out(node, row["id"])


def _slice(tx: Transaction, node: Node, proposal: str) -> bool:
    row = proposal_row(tx, proposal)
    if row["decision"] != APPROVED or row["ended_at"]:
        return True
    here = row["numbers"][row["done"] : row["done"] + SLICE]
    revoked = sum(_revoke_one(tx, node, row, number) for number in here)
    done = row["done"] + len(here)
    ended = node.now() if done == len(row["numbers"]) else None
    counted = {"done": done, "revoked": row["revoked"] + revoked, "ended_at": ended}
    tx.tables.put(REVOCATION_PROPOSAL, {**row, **counted})
    return ended is not None


def _revoke_one(tx: Transaction, node: Node, proposal: Row, number: str) -> bool:
    """Take one certificate of the list back; tell whether that was still to do."""
    certificate = tx.tables.get(CERTIFICATE, number)
    # The id follows from the proposal: whatever went wrong before, nothing is said twice.
    statement_id = str(uuid5(UUID(proposal["id"]), number))
    if not certificate or not may_be_revoked(tx, number) or tx.ledger.find(statement_id):
        return False
    actor, said = proposal["decided_by"], {"kind": proposal["kind"], "proposal": proposal["id"]}
    record_in(tx, node, revocation(tx, node, actor, certificate, statement_id, **said))
    tell_holder(tx, certificate["person"], Notice(NOTICE_REVOKED, node.now(), ""))
    return True


def _approvable(tx: Transaction, node: Node, by: Session, proposal: str, digest: str) -> Row:
    row = proposal_row(tx, proposal)
    if row["decision"]:
        raise Refused("revoking.decided")
    if row["made_by"] == by.person:
        raise Refused("revoking.own")
    if node.now() >= row["expires_at"]:
        raise Refused("revoking.expired")
    _must_still(tx, by.person)
    if not may_take_back(tx, row["made_by"]):
        raise Refused("revoking.maker-gone")
    if row["digest"] != digest or digest_of(row["numbers"]) != digest:
        raise Refused("revoking.list-changed")
    return row


def _must_still(tx: Transaction, person: str) -> None:
    """The session may be older than what was done to the account. Raises Refused("permission")."""
    if not may_take_back(tx, person):
        raise Refused("permission", permission=Permission.REVOKE_CERTIFICATE.value)


def may_take_back(tx: Transaction, person: str) -> bool:
    """Tell whether somebody's account here may take certificates back now."""
    account = tx.tables.get(ACCOUNT, person)
    return bool(account and account["active"] and may(Role(account["role"]), Permission.REVOKE_CERTIFICATE))


def others_who_may(tx: Transaction, person: str) -> list[str]:
    """Return the other people on this node who may take certificates back."""
    roles = tuple(role.value for role in Role if may(role, Permission.REVOKE_CERTIFICATE))
    accounts = tx.tables.select(ACCOUNT, {"role": roles})
    return [str(one["person"]) for one in accounts if one["active"] and one["person"] != person]


def _decided(node: Node, by: Session, row: Row, word: str) -> Row:
    return {**row, "decision": word, "decided_by": by.person, "decided_at": node.now()}


def _said(tx: Transaction, node: Node, person: str, row: Row, verb: str) -> Statement:
    extensions = {
        **{name: row[name] or None for name in ("kind", "reason", "digest")},
        "count": len(row["numbers"]),
        "proposed_by": row["made_by"],
    }
    return build(saying_for(tx, node, person), node.ids.new(), verb, revocation_iri(row["id"]), extensions=extensions)


def proposal_row(tx: Transaction, proposal: str) -> Row:
    """Return the row of a proposal. Raises NotFound("revoking.unknown")."""
    row = tx.tables.get(REVOCATION_PROPOSAL, proposal)
    if row is None:
        raise NotFound("revoking.unknown", proposal=proposal)
    return row
