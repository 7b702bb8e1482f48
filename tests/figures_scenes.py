"""Exams passed, certificates and coordinators for the tests of figures: statements as a post records them."""

from typing import Any

from cast import officer

from elearn.core.vocab.people import Particulars
from elearn.core.vocab.roles import Role
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.services.accounts import Session
from elearn.services.node import Node, fact
from elearn.services.record import record

MIDDAY = "T05:00:00.000000Z"


def own_id(node: Node) -> str:
    """Return the node's id."""
    with node.store.reading() as tx:
        return str(fact(tx, "id"))


def passed(node: Node, person: str, day: str = "2026-03-05", **said: Any) -> Statement:
    """Return: the person passed an exam on this day (or at this instant). said: particulars, course, outcome, language,
    score, attempt, in place of the usual ones."""
    at = day if "T" in day else day + MIDDAY
    usual = {"country": "LA", "agency": "customs", "post": "Huay Xai", "sex": "male", "rank_band": "junior"}
    particulars = Particulars(**{name: said.get(name, value) for name, value in usual.items()})
    return build(
        Saying(person, particulars, at, own_id(node)),
        node.ids.new(),
        verbs.PASSED,
        verbs.sitting_iri(said.get("course", "interdiction"), "exam"),
        result={"score": {"scaled": said.get("score", 0.9)}, "success": True, "completion": True},
        attempt=said.get("attempt") or node.ids.new(),
        extensions={"version": "1.0.0", "language": said.get("language", "en"), "outcome": said.get("outcome")},
    )


def certified(node: Node, exam: Statement, number: str, expires_at: str | None) -> Statement:
    """Return: the exam was certified."""
    return build(
        Saying(exam.actor, exam.particulars, exam.timestamp, own_id(node)),
        node.ids.new(),
        verbs.CERTIFIED,
        verbs.certificate_iri(number),
        attempt=exam.attempt,
        extensions={"version": "1.0.0", "language": "en", "course": exam.course, "expires_at": expires_at},
    )


def revoked(node: Node, person: str, number: str, day: str) -> Statement:
    """Return: the certificate was taken back."""
    nobody = Particulars("", "", "", "", "")
    saying = Saying("chief", nobody, day + MIDDAY, own_id(node))
    return build(
        saying,
        node.ids.new(),
        verbs.REVOKED,
        verbs.certificate_iri(number),
        extensions={"subject": person, "reason": "x"},
    )


def issued_anew(node: Node, exam: Statement, number: str, new: str, day: str) -> tuple[Statement, Statement]:
    """Return: the certificate was replaced by a newer one that ends with the year 2028."""
    saying = Saying("chief", exam.particulars, day + MIDDAY, own_id(node))
    said = {"subject": exam.actor, "course": exam.course}
    again = {"version": "1.0.0", "language": "en", "certificate": node.ids.new(), "replaces": number}
    ends = {"passed_at": exam.timestamp, "expires_at": "2028-12-31T16:59:59.999999Z"}
    gone = {"kind": "replaced", "replaced_by": new}
    return (
        build(
            saying,
            node.ids.new(),
            verbs.CERTIFIED,
            verbs.certificate_iri(new),
            attempt=exam.attempt,
            extensions={**said, **again, **ends},
        ),
        build(saying, node.ids.new(), verbs.REVOKED, verbs.certificate_iri(number), extensions={**said, **gone}),
    )


def train(node: Node, how_many: int, day: str = "2026-03-05", **said: Any) -> list[str]:
    """Record that so many new persons passed; return their ids."""
    people = [node.ids.new() for _ in range(how_many)]
    record(node, *(passed(node, person, day, **said) for person in people))
    return people


def coordinator(node: Node, role: Role = Role.COORDINATOR) -> Session:
    """Return a session of a coordinator, or of another role."""
    person = officer(node, "Bopha Keo", role=role.value)
    return Session("s", person, "Bopha Keo", "C-1", role, "en", "csrf", False, (), "2026-11-24T07:00:00.000000Z")
