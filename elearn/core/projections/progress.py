"""How far each person is in each course: one row a person and course, which the officer's home page shows.

Facts may arrive before those they rest on: a row with passed_at but no registered_at is possible, and right.
"""

from elearn.core.projections.base import Rows, certificate_of, earlier, first, later, latest, own_row, place_of, scaled
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED, CERTIFIED, COMPLETED, FAILED, INITIALIZED, PASSED, REGISTERED

PROGRESS = Table(
    "progress",
    ("person", "course"),
    {
        "subject": "text",
        "person": "text",
        "course": "text",
        "registered_at": "text",
        "language": "text",
        "lessons": "json",
        "readings": "json",
        "last_at": "text",
        "version": "text",
        "pretest_score": "real",
        "pretest_at": "text",
        "best_score": "real",
        "passed_at": "text",
        "completed_at": "text",
        "certificate": "text",
        "marks": "json",
    },
    indexes=(("subject",), ("course",)),
)
"""lessons: {lesson id: instant it was first completed}. readings: {lesson id: {at, id, version, digest}} of the latest
completion of each. language, version: of the latest statement that names one.
pretest_*: of the first pre-test handed in. best_score: of all exams. certificate: the latest number."""

_OF_A_LEARNER = {REGISTERED, INITIALIZED, ANSWERED, COMPLETED, PASSED, FAILED, CERTIFIED}


class Progress:
    """Folds what a learner does into one row a course."""

    name = "progress"
    tables = (PROGRESS,)
    version = 2

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one statement."""
        if statement.verb not in _OF_A_LEARNER or not statement.course:
            return
        row = own_row(tables, PROGRESS, statement, statement.subject, statement.course)
        if row is None:
            return
        row["last_at"] = later(row["last_at"], statement.timestamp)
        row["lessons"] = row["lessons"] or {}
        _where_it_happened(row, statement)
        _HOW.get(statement.verb, _nothing_more)(row, statement)
        tables.put(PROGRESS, row)


def _where_it_happened(row: Row, statement: Statement) -> None:
    if statement.language:
        latest(row, "l", statement, language=statement.language)
    if version := statement.extension("version"):
        latest(row, "v", statement, version=version)


def _nothing_more(row: Row, statement: Statement) -> None:
    """Being seen is all there is to it."""


def _registered(row: Row, statement: Statement) -> None:
    row["registered_at"] = earlier(row["registered_at"], statement.timestamp)


def _completed(row: Row, statement: Statement) -> None:
    match place_of(statement):
        case ():
            row["completed_at"] = earlier(row["completed_at"], statement.timestamp)
        case ("lesson", lesson):
            row["lessons"][lesson] = earlier(row["lessons"].get(lesson), statement.timestamp)
            _read(row, lesson, statement)


def _read(row: Row, lesson: str, statement: Statement) -> None:
    readings = row["readings"] = row["readings"] or {}
    known = readings.get(lesson)
    if known is None or (known["at"], known["id"]) < statement.when:
        at, statement_id = statement.when
        said = {"version": statement.extension("version"), "digest": statement.extension("digest")}
        readings[lesson] = {"at": at, "id": statement_id, **said}


def _handed_in(row: Row, statement: Statement) -> None:
    score = scaled(statement)
    match place_of(statement):
        case ("pretest",):
            first(row, "p", statement, pretest_score=score, pretest_at=statement.timestamp)
        case ("exam",) if score is not None:
            row["best_score"] = score if row["best_score"] is None else max(row["best_score"], score)


def _passed(row: Row, statement: Statement) -> None:
    _handed_in(row, statement)
    if place_of(statement) == ("exam",):
        row["passed_at"] = earlier(row["passed_at"], statement.timestamp)
        row["completed_at"] = earlier(row["completed_at"], statement.timestamp)


def _certified(row: Row, statement: Statement) -> None:
    latest(row, "c", statement, certificate=certificate_of(statement))


_HOW = {
    REGISTERED: _registered,
    COMPLETED: _completed,
    FAILED: _handed_in,
    PASSED: _passed,
    CERTIFIED: _certified,
}
