"""What colleagues have seen of a skill 90 days after the exam: who waits for a word, and giving it.

Whoever gives it never sees what the officer answered, nor whether: the two stand for themselves.
"""

from dataclasses import dataclass

from elearn.core.learning.followup import is_open
from elearn.core.projections.followups import FOLLOW_UP
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.followup import FORM, SEEN
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import build
from elearn.core.xapi.verbs import SKILL_OBSERVED, course_iri, follow_up_iri
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.followup import SURVEY_TYPE, Passed, last_passed, title_of
from elearn.services.node import Node
from elearn.services.record import record_in, saying_for


@dataclass(frozen=True)
class ToConfirm:
    """An officer and a course that wait for a word. language: of the title; passed_at: instant of the exam."""

    person: str
    name: str
    course: str
    course_title: str
    language: str
    passed_at: str


def to_confirm(node: Node, by: Session, language: str) -> list[ToConfirm]:
    """Return everybody else with an open account here of whom a word is due, who passed longest ago first.

    Raises Refused("permission").
    """
    demand(by, Permission.CONFIRM_SKILL)
    with node.store.reading() as tx:
        found = [
            _line(tx, row, one, language)
            for row in _colleagues(tx, by.person)
            for one in last_passed(tx, node, row["id"]).values()
            if _waits(one)
        ]
    return sorted(found, key=lambda one: (one.passed_at, one.name, one.course))


def how_many_wait(node: Node, by: Session) -> int:
    """Return how many lines `to_confirm` has; 0 for who may not give a word."""
    if not by.may(Permission.CONFIRM_SKILL):
        return 0
    with node.store.reading() as tx:
        people = [row["id"] for row in _colleagues(tx, by.person)]
        return sum(_waits(one) for person in people for one in last_passed(tx, node, person).values())


def confirm(node: Node, by: Session, person: str, course: str, seen: str) -> None:
    """Keep what was seen of an officer's skill. seen: a key of SEEN.

    Raises Refused("permission" | "followup.own" | "followup.not-open" | "followup.confirmed"),
    Invalid("followup.no-choice"), NotFound("officer.unknown").
    """
    demand(by, Permission.CONFIRM_SKILL)
    node.must(Power.TEACH)
    if person == by.person:
        raise Refused("followup.own")
    if seen not in SEEN:
        raise Invalid("followup.no-choice")
    node.store.write(lambda tx: _confirm_in(tx, node, by, (person, course), seen))


def _confirm_in(tx: Transaction, node: Node, by: Session, of: tuple[str, str], seen: str) -> None:
    person, course = of
    account = tx.tables.get(ACCOUNT, person)
    if account is None or not account["active"]:
        raise NotFound("officer.unknown", person=person)
    passed = last_passed(tx, node, person).get(course)
    if passed is None or not is_open(passed.days):
        raise Refused("followup.not-open", course=course)
    if passed.row["seen_at"]:
        raise Refused("followup.confirmed", course=course)
    said = build(
        saying_for(tx, node, person, by.person),
        node.ids.new(),
        SKILL_OBSERVED,
        follow_up_iri(course),
        activity_type=SURVEY_TYPE,
        result_extensions={"form": FORM, "seen": seen, "passed_days": passed.days},
        attempt=passed.row["attempt"],
        extensions={"subject": person, "language": passed.row["language"]},
        parent=course_iri(course),
    )
    record_in(tx, node, said)


def _colleagues(tx: Transaction, but: str) -> list[Row]:
    """Return everybody with an open account here who passed something, but one."""
    passed = {row["person"] for row in tx.tables.group(FOLLOW_UP, ("person",), {"seen": None})}
    accounts = tx.tables.select(ACCOUNT, {"active": 1})
    there = [one["person"] for one in accounts if one["person"] in passed and one["person"] != but]
    return [row for one in there if (row := tx.tables.get(PERSON, one)) is not None]


def _waits(passed: Passed) -> bool:
    return is_open(passed.days) and not passed.row["seen_at"]


def _line(tx: Transaction, person: Row, passed: Passed, language: str) -> ToConfirm:
    course = str(passed.row["course"])
    title, shown_in = title_of(tx, course, language)
    return ToConfirm(person["id"], person["name"], course, title, shown_in, passed.row["passed_at"])
