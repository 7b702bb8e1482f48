"""The follow-up 90 days after an exam: to whom it is open, the officer's answer, and what the own record says of it.

It belongs to the exam last passed in a course. Days are counted by the believed time; an exam under a doubted clock
counts from when its entry was stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.core.learning.followup import Answers, answers_from, days_since, is_asked, is_open
from elearn.core.projections.followups import FOLLOW_UP
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.followup import STOPPED
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import build
from elearn.core.xapi.verbs import FOLLOWED_UP, course_iri, follow_up_iri
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.packages import current_package
from elearn.services.record import record_in, saying_for
from elearn.services.refresher_sets import believed_now

SURVEY_TYPE = "http://id.tincanapi.com/activitytype/survey"


@dataclass(frozen=True)
class FollowUpView:
    """The form of one course. language: of the title; passed_at: instant of the exam."""

    course: str
    course_title: str
    language: str
    passed_at: str


@dataclass(frozen=True)
class FollowUpLine:
    """What is held of one follow-up. used: "" before the officer answered; stopped: keys of STOPPED; seen: "" before a
    colleague said what was seen."""

    course: str
    passed_at: str
    used: str
    stopped: tuple[str, ...]
    answered_at: str
    seen: str
    seen_at: str


@dataclass(frozen=True)
class Passed:
    """The exam last passed in a course. days: whole days since then; row: of `FOLLOW_UP`."""

    row: Row
    days: int


def form(node: Node, person: str, course: str, language: str) -> FollowUpView:
    """Return the form to answer.

    Raises NotFound("course.unknown"), Refused("followup.not-open" | "followup.answered", course=).
    """
    with node.store.reading() as tx:
        passed = _must_be_open(tx, node, person, course)
        title, shown_in = title_of(tx, course, language)
    return FollowUpView(course, title, shown_in, passed.row["passed_at"])


def answer(node: Node, person: str, course: str, said: Mapping[str, Sequence[str]]) -> None:
    """Keep the officer's answer. said: field of the form -> all that was chosen.

    Raises Invalid("followup.incomplete", fields={field: code}), and as `form`.
    """
    node.must(Power.TEACH)
    answers = answers_from(said)
    node.store.write(lambda tx: _answer_in(tx, node, person, course, answers))


def open_follow_ups(tx: Transaction, node: Node, person: str) -> dict[str, bool]:
    """Return the courses whose form is open to this person, and whether the home page asks for it now."""
    found = last_passed(tx, node, person)
    return {
        course: is_asked(one.days) for course, one in found.items() if is_open(one.days) and not one.row["answered_at"]
    }


def follow_ups_held(tx: Transaction, person: str) -> list[FollowUpLine]:
    """Return everything said in follow-ups of this person, the latest exam first."""
    rows = tx.tables.select(FOLLOW_UP, {"subject": person}, ("-passed_at",))
    return [
        FollowUpLine(
            course=row["course"] or "",
            passed_at=row["passed_at"] or "",
            used=row["used"] or "",
            stopped=tuple(one for one in STOPPED if row[f"stopped_{one}"]),
            answered_at=row["answered_at"] or "",
            seen=row["seen"] or "",
            seen_at=row["seen_at"] or "",
        )
        for row in rows
        if row["answered_at"] or row["seen_at"]
    ]


def last_passed(tx: Transaction, node: Node, person: str) -> dict[str, Passed]:
    """Return course -> the exam this person last passed in it."""
    rows = [row for row in tx.tables.select(FOLLOW_UP, {"subject": person}) if row["passed_at"]]
    if not rows:
        return {}
    now = believed_now(tx, node, person)
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda one: (one["passed_at"], one["attempt"])):
        found[row["course"]] = row
    return {course: Passed(row, _days(tx, row, now)) for course, row in found.items()}


def title_of(tx: Transaction, course: str, language: str) -> tuple[str, str]:
    """Return (title, its language); the id of a course that was passed once and is taught no more."""
    try:
        package = current_package(tx, course)
    except NotFound:
        return course, language
    return str(package.words(language).get("title", course)), package.language(language)


def _days(tx: Transaction, row: Row, now: str) -> int:
    """Return the days since the exam. Whether its time is believed is looked up once the form could be open: what is
    believed is never earlier, and the home page asks each time."""
    days = days_since(str(row["passed_at"]), now)
    return days_since(_believed(tx, row), now) if is_open(days) else days


def _believed(tx: Transaction, row: Row) -> str:
    """Return when the exam was passed, as far as that can be believed."""
    entry = tx.ledger.find(row["passed_id"])
    if entry is None or not entry.statement.extension("clock_uncertain"):
        return str(row["passed_at"])
    return max(str(row["passed_at"]), entry.stored)


def _must_be_open(tx: Transaction, node: Node, person: str, course: str) -> Passed:
    passed = last_passed(tx, node, person).get(course)
    if passed is None:
        current_package(tx, course)  # a course nobody knows is told as such
    if passed is None or not is_open(passed.days):
        raise Refused("followup.not-open", course=course)
    if passed.row["answered_at"]:
        raise Refused("followup.answered", course=course)
    return passed


def _answer_in(tx: Transaction, node: Node, person: str, course: str, answers: Answers) -> None:
    passed = _must_be_open(tx, node, person, course)
    said = build(
        saying_for(tx, node, person),
        node.ids.new(),
        FOLLOWED_UP,
        follow_up_iri(course),
        activity_type=SURVEY_TYPE,
        result_extensions={**answers.kept(), "passed_days": passed.days},
        attempt=passed.row["attempt"],
        extensions={"language": passed.row["language"]},
        parent=course_iri(course),
    )
    record_in(tx, node, said)
