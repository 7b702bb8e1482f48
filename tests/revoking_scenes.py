"""Administrators and certificates for the tests of taking back: statements as a post records them, many at once."""

from typing import Any

from cast import PIN, officer

from elearn.core.credential.number import number_from
from elearn.core.vocab.kept import PERSON
from elearn.core.vocab.roles import Role
from elearn.core.xapi.build import build
from elearn.core.xapi.verbs import CERTIFIED, certificate_iri
from elearn.services import revoking_many, revoking_shown
from elearn.services.accounts import Session, session, sign_in
from elearn.services.certificates_found import Sought
from elearn.services.node import Node
from elearn.services.record import record, saying_for

DEVICE = "192.0.2.1"


def chief(node: Node, name: str = "Somchai Dee", role: Role = Role.ADMINISTRATOR, **changes: Any) -> Session:
    """Return a session of somebody who signed in."""
    person = officer(node, name, role=role.value, **changes)
    with node.store.reading() as tx:
        number = tx.tables.get(PERSON, person)["service_number"]
    found = session(node, sign_in(node, number, PIN, DEVICE).token)
    assert found is not None
    return found


def certified_many(node: Node, count: int, person: str = "", course: str = "seals") -> list[str]:
    """Record certificates of as many passes; return their numbers, sorted."""
    person = person or officer(node)
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    attempts = [node.ids.new() for _ in range(count)]
    said = [
        build(
            saying,
            node.ids.new(),
            CERTIFIED,
            certificate_iri(number_from(attempt)),
            result={"score": {"scaled": 0.9}},
            attempt=attempt,
            extensions={"version": "1.0.0", "language": "en", "course": course, "digest": "d" * 64},
        )
        for attempt in attempts
    ]
    record(node, *said)
    return sorted(number_from(attempt) for attempt in attempts)


def proposed(node: Node, by: Session, sought: Sought | None = None, kind: str = "key", reason: str = "Stolen.") -> str:
    """Propose to take back what is found, as somebody who has seen the list does; return the id."""
    sought = sought or Sought()
    seen = revoking_shown.preview(node, by, sought, "en")
    return revoking_many.propose(node, by, sought, (kind, reason), seen.digest)


def approved(node: Node, by: Session, proposal: str, pin: str = PIN) -> None:
    """Approve a proposal, as somebody who has seen the list does."""
    seen = revoking_shown.proposal_page(node, by, proposal, "en")
    revoking_many.approve(node, by, proposal, seen.digest, pin, DEVICE)
