"""The satisfaction form after a course: who may answer, the ballot box, and the way of a full box into the ledger.

Nothing may tie a person to an answer: not a row, not a time, not an order. So the box has no person and no time, the
list of who is not asked again has no answer and no time, and after each change both are written anew in the order of
their keys (in which the pages of a database file hold no trace of who came when). Answers are recorded when five of one
course, major version and language are together, in an order drawn by chance, all with the instant that day began.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from elearn.core.content.version import numbers_of, without_build
from elearn.core.learning.satisfaction import Answers, answers_from
from elearn.core.learning.shuffle import shuffled
from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.dates import local_date, start_of_day
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import BALLOT, FORM_SETTLED
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.satisfaction import FORM, LEAST
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANONYMOUS, RESPONDED, course_iri, satisfaction_iri
from elearn.ports import Transaction
from elearn.services.clock_guard import clock_uncertain
from elearn.services.node import Node, fact, known
from elearn.services.packages import current_package
from elearn.services.record import record_in

SURVEY_TYPE = "http://id.tincanapi.com/activitytype/survey"


@dataclass(frozen=True)
class FormView:
    """The form of one course. language: of the title."""

    course: str
    course_title: str
    language: str


@dataclass(frozen=True)
class _Box:
    """Which box an answer falls into: all in it are recorded alike. version: the major number."""

    course: str
    version: str
    language: str


def form(node: Node, person: str, course: str, language: str) -> FormView:
    """Return the form to answer.

    Raises NotFound("course.unknown"), Refused("satisfaction.not-passed" | "satisfaction.settled", course=).
    """
    with node.store.reading() as tx:
        _open_box(tx, person, course)
        title, shown_in = _title(tx, course, language)
    return FormView(course, title, shown_in)


def answer(node: Node, person: str, course: str, said: Mapping[str, str]) -> None:
    """Put an answer into the box; a box that is full is recorded. said: the fields of the form.

    Raises Invalid("satisfaction.incomplete", fields={field: code}), and as `form`.
    """
    node.must(Power.TEACH)
    answers = answers_from(said)
    node.store.write(lambda tx: _answer_in(tx, node, person, course, answers))
    node.store.forget_overwritten()


def decline(node: Node, person: str, course: str) -> None:
    """Keep that the officer does not want to be asked again about this course. Raises as `form`."""
    node.must(Power.TEACH)
    node.store.write(lambda tx: _settle(tx, person, _open_box(tx, person, course)))
    node.store.forget_overwritten()


def open_forms(tx: Transaction, person: str) -> frozenset[str]:
    """Return the courses whose form is open to this person."""
    return frozenset(_open_boxes(tx, person))


def settled_forms(tx: Transaction, person: str) -> list[Row]:
    """Return what is kept of a person about forms: {person, course, version}."""
    return tx.tables.select(FORM_SETTLED, {"person": person})


def _answer_in(tx: Transaction, node: Node, person: str, course: str, answers: Answers) -> None:
    box = _open_box(tx, person, course)
    _settle(tx, person, box)
    tx.tables.put(BALLOT, {"id": node.ids.new(), **vars(box), "answers": answers.kept()})
    if tx.tables.count(BALLOT, vars(box)) >= LEAST:
        _empty(tx, node, box)
    _leave_no_order(tx, BALLOT)


def _open_box(tx: Transaction, person: str, course: str) -> _Box:
    box = _passed(tx, person).get(course)
    if box is None:
        current_package(tx, course)  # a course nobody knows is told as such
        raise Refused("satisfaction.not-passed", course=course)
    if _is_settled(tx, person, box):
        raise Refused("satisfaction.settled", course=course)
    return box


def _open_boxes(tx: Transaction, person: str) -> dict[str, _Box]:
    passed = _passed(tx, person)
    return {course: box for course, box in passed.items() if not _is_settled(tx, person, box)}


def _passed(tx: Transaction, person: str) -> dict[str, _Box]:
    """Return the box of each course this person passed here, by the latest exam.

    Here only: at another post it could be answered twice, for who was asked is never sent anywhere.
    """
    here = {"subject": person, "node": str(fact(tx, "id", ""))}
    rows = tx.tables.select(COMPLETION, here, ("passed_at",))
    return {row["course"]: _Box(row["course"], _major(row["version"] or ""), row["language"] or "") for row in rows}


def _is_settled(tx: Transaction, person: str, box: _Box) -> bool:
    return tx.tables.get(FORM_SETTLED, person, box.course, box.version) is not None


def _settle(tx: Transaction, person: str, box: _Box) -> None:
    tx.tables.put(FORM_SETTLED, {"person": person, "course": box.course, "version": box.version})
    _leave_no_order(tx, FORM_SETTLED)


def _leave_no_order(tx: Transaction, table: Table) -> None:
    """Write a table anew in the order of its keys: a page holds its rows in the order they were written in."""
    rows = tx.tables.select(table)
    tx.tables.delete(table, {})
    for row in rows:
        tx.tables.put(table, row)


def _empty(tx: Transaction, node: Node, box: _Box) -> None:
    """Record all answers of a box, and take them out of it."""
    ballots = tx.tables.select(BALLOT, vars(box))
    tx.tables.delete(BALLOT, vars(box))
    mine, now = known(tx), node.now()
    day = start_of_day(local_date(now, mine.country), mine.country)
    nobody = Particulars("", "", "", "", "")
    saying = Saying(ANONYMOUS, nobody, day, mine.id, clock_uncertain(tx, now))
    in_any_order = shuffled(ballots, node.ids.seed(), "ballots")
    record_in(tx, node, *(_statement(node, saying, box, ballot) for ballot in in_any_order))


def _statement(node: Node, saying: Saying, box: _Box, ballot: Row) -> Statement:
    # A fresh id, not the ballot's: an old copy of the box must not name the entry.
    return build(
        saying,
        node.ids.new(),
        RESPONDED,
        satisfaction_iri(box.course),
        activity_type=SURVEY_TYPE,
        result_extensions={"form": FORM, **ballot["answers"]},
        extensions={"version": box.version, "language": box.language},
        parent=course_iri(box.course),
    )


def _major(version: str) -> str:
    numbers = numbers_of(version)
    return str(numbers[0]) if numbers else without_build(version)


def _title(tx: Transaction, course: str, language: str) -> tuple[str, str]:
    try:
        package = current_package(tx, course)
    except NotFound:  # passed once, taught no more
        return course, language
    return str(package.words(language).get("title", course)), package.language(language)
