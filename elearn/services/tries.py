"""One more try: who may sit an exam no more because all tries are used, and giving one more, with a reason.

A try counts for the exam that is failed now; with the next pass the sheet is clean again (`core/learning/path`).
"""

from dataclasses import dataclass

from elearn.core.learning.course import EXAM
from elearn.core.learning.path import Gate, Path, path
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.revoking import REASON_LIMIT
from elearn.core.vocab.roles import Permission
from elearn.core.xapi.build import build
from elearn.core.xapi.verbs import TRY_GIVEN, sitting_iri
from elearn.ports import Transaction
from elearn.services.accounts import Notice, Session, demand, tell
from elearn.services.node import Node
from elearn.services.packages import Package, current_package, current_packages
from elearn.services.record import record_in, saying_for
from elearn.services.standing import standing


@dataclass(frozen=True)
class UsedUp:
    """An officer who may sit an exam no more. language: of the title; failed_at: when it was failed last."""

    person: str
    name: str
    course: str
    title: str
    language: str
    failed_at: str


def used_up(node: Node, by: Session, language: str, person: str = "") -> list[UsedUp]:
    """Return everybody with an open account here whose tries for an exam are used, the latest first.

    person: only this one. Raises Refused("permission").
    """
    demand(by, Permission.GIVE_TRY)
    if not node.can(Power.TEACH):
        return []
    found: list[UsedUp] = []
    with node.store.reading() as tx:
        for package in current_packages(tx):
            people = _without_tries(tx, node, package, person)
            found += [_line(tx, package, one, language) for one in people]
    return sorted(found, key=lambda one: (one.failed_at, one.person), reverse=True)


def give_try(node: Node, by: Session, person: str, course: str, reason: str) -> None:
    """Let an officer sit an exam once more. Given twice, from two windows, is given once.

    reason: for the record. Raises Refused("permission"), Invalid("reason.empty" | "reason.too-long"), NotFound
    ("course.unknown" | "officer.unknown"), Refused("try.own") for oneself, Refused("try.not-needed") while there are
    tries left.
    """
    demand(by, Permission.GIVE_TRY)
    node.must(Power.TEACH)
    reason = reason.strip()
    if not reason:
        raise Invalid("reason.empty")
    if len(reason) > REASON_LIMIT:
        raise Invalid("reason.too-long", limit=REASON_LIMIT)
    if person == by.person:
        raise Refused("try.own")
    node.store.write(lambda tx: _give_in(tx, node, by, person, (course, reason)))


def _give_in(tx: Transaction, node: Node, by: Session, person: str, what: tuple[str, str]) -> None:
    course, reason = what
    package = current_package(tx, course)
    if tx.tables.get(PERSON, person) is None or tx.tables.get(ACCOUNT, person) is None:
        raise NotFound("officer.unknown", person=person)
    if not _is_used_up(_path(tx, node, package, person)):
        raise Refused("try.not-needed", person=person, course=course)
    saying = saying_for(tx, node, person, by.person)
    extensions = {"subject": person, "reason": reason, "version": package.course.version}
    given = build(saying, node.ids.new(), TRY_GIVEN, sitting_iri(course, EXAM), extensions=extensions)
    record_in(tx, node, given)
    tell(tx, person, Notice("notice.try-given", node.now(), by.name))


def _without_tries(tx: Transaction, node: Node, package: Package, person: str) -> list[str]:
    if not package.course.attempt_limit:
        return []
    where = {"course": package.course.id, "kind": EXAM, **({"subject": person} if person else {})}
    sat = {str(row["person"]) for row in tx.tables.group(ATTEMPT, ("person",), where)}
    found = []
    for one in sorted(sat):
        account = tx.tables.get(ACCOUNT, one)
        if account is not None and account["active"] and _is_used_up(_path(tx, node, package, one)):
            found.append(one)
    return found


def _is_used_up(found: Path) -> bool:
    """Tell whether no try is left. Lessons to be read again first do not make it less true."""
    return found.exam.tries_left == 0 and found.exam.gate not in {Gate.RUNNING, Gate.DONE}


def _path(tx: Transaction, node: Node, package: Package, person: str) -> Path:
    return path(package.course, standing(tx, person, package.course.id), node.now())


def _line(tx: Transaction, package: Package, person: str, language: str) -> UsedUp:
    row = tx.tables.get(PERSON, person)
    where = {"subject": person, "course": package.course.id, "kind": EXAM}
    handed_in = [str(one["submitted_at"] or "") for one in tx.tables.select(ATTEMPT, where)]
    return UsedUp(
        person=person,
        name=str(row["name"]) if row else "",
        course=package.course.id,
        title=str(package.words(language).get("title", package.course.id)),
        language=package.language(language),
        failed_at=max(handed_in),
    )
