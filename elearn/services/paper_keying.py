"""Keying in answer sheets: read by one person, read again by another, settled where they differ, then handed in.

Nobody sees what the other read before both have; and only when both agree, or a third look at the paper has settled
it, do the marks become answers of the officer, as if given on a screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from elearn.core.credential.sheet_code import parse_sheet_code
from elearn.core.learning.paper import (
    LETTERS,
    TAKES_SEVERAL,
    Reading,
    differing,
    keys_of,
    letters_of,
    response_of_marks,
    settled,
)
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import PAPER_MEMBER, PAPER_SHEET, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import Saying
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.answers_given import Answer
from elearn.services.attempts import Attempt, attempt_of
from elearn.services.node import Node
from elearn.services.paper_sessions import PRESENT, in_classroom, session_row, sheet_row
from elearn.services.record import record_in, saying_for
from elearn.services.sit import after, answered, handing_in

FIRST, SECOND, THIRD, DONE = "first", "second", "third", "done"
NOW_DUE = (FIRST, SECOND, THIRD, DONE)
"""What is due on a sheet: the first reading, the second, settling what differs, nothing any more."""

Marks = Mapping[str, Sequence[str]]
"""Number of the question, from "1" -> letters marked."""


@dataclass(frozen=True)
class Line:
    """One question on a sheet. letters: of its boxes; several: it takes more than one mark.

    first, second: letters read, only where both have read and differ.
    """

    number: int
    letters: str
    several: bool
    first: str = ""
    second: str = ""


@dataclass(frozen=True)
class SheetView:
    """A sheet, as it stands for who asks. due: one of NOW_DUE; another: it has to be another person; lines: all boxes,
    or those to settle; readers: names of who has read it."""

    code: str
    session: str
    course_title: str
    language: str
    held_on: str
    place: str
    service_number: str
    due: str
    another: bool
    lines: tuple[Line, ...]
    readers: tuple[str, ...]


def sheet(node: Node, by: Session, typed: str, language: str) -> SheetView:
    """Return a sheet by its code, as typed or scanned. Raises as `key_in`, but for what is due."""
    demand(by, Permission.HOLD_SESSION)
    with node.store.reading() as tx:
        row, found = _sheet(tx, by, typed)
        session, person = session_row(tx, row["session"]), tx.tables.get(PERSON, row["person"])
        due = _due(row)
        return SheetView(
            code=row["code"],
            session=session["id"],
            course_title=str(found.package.words(language).get("title", session["course"])),
            language=found.package.language(language),
            held_on=session["held_on"],
            place=session["place"],
            service_number=person["service_number"] if person else "",
            due=due,
            another=due == SECOND and row["first_by"] == by.person,
            lines=_lines(row, found, due),
            readers=tuple(_name(tx, row[one]) for one in ("first_by", "second_by") if row[one]),
        )


def key_in(node: Node, by: Session, typed: str, marks: Marks) -> str:
    """Keep a reading of a sheet, the first or the second; return what is due now. Both alike: it is handed in.

    Raises Refused("permission"), Invalid("sheet.code"), NotFound("sheet.unknown"), and Refused: "sheet.withdrawn",
    "sheet.attendance-first", "sheet.own", "sheet.same-person", "sheet.done", "sheet.differs" (settle it).
    """
    demand(by, Permission.HOLD_SESSION)
    node.must(Power.TEACH)
    return node.store.write(lambda tx: _key_in(tx, node, by, typed, marks))


def settle(node: Node, by: Session, typed: str, choices: Mapping[str, str], marks: Marks) -> None:
    """Settle what differs by a look at the paper, and hand the sheet in.

    choices: number of the question -> "first", "second" or "third": then its marks count.
    Raises as `key_in`, Invalid("sheet.unsettled", number=) where a choice is missing, Refused("sheet.not-read") before
    both have read it.
    """
    demand(by, Permission.HOLD_SESSION)
    node.must(Power.TEACH)
    node.store.write(lambda tx: _settle(tx, node, by, typed, choices, marks))


def _sheet(tx: Transaction, by: Session, typed: str) -> tuple[Row, Attempt]:
    code = parse_sheet_code(typed)
    row = sheet_row(tx, code)
    if row["withdrawn_at"]:
        raise Refused("sheet.withdrawn", sheet=code)
    if row["person"] == by.person:
        raise Refused("sheet.own")
    member = tx.tables.get(PAPER_MEMBER, row["session"], row["person"])
    if member is None or member["said"] != PRESENT:
        raise Refused("sheet.attendance-first", sheet=code)
    return row, attempt_of(tx, row["person"], row["attempt"])


def _due(row: Row) -> str:
    if row["done_at"]:
        return DONE
    if row["first"] is None:
        return FIRST
    return SECOND if row["second"] is None else THIRD


def _lines(row: Row, found: Attempt, due: str) -> tuple[Line, ...]:
    differ = differing(row["first"], row["second"], found.ids) if due == THIRD else ()
    lines = []
    for number, drawn in enumerate(found.drawn, start=1):
        several = found.package.course.question(drawn.id).kind in TAKES_SEVERAL
        line = Line(number, LETTERS[: len(drawn.options)], several)
        if drawn.id in differ:
            first, second = (letters_of(drawn.options, row[one].get(drawn.id, ())) for one in ("first", "second"))
            line = replace(line, first=first, second=second)
        if due in {FIRST, SECOND} or drawn.id in differ:
            lines.append(line)
    return tuple(lines)


def _name(tx: Transaction, person: str) -> str:
    row = tx.tables.get(PERSON, person)
    return str(row["name"]) if row else ""


def _key_in(tx: Transaction, node: Node, by: Session, typed: str, marks: Marks) -> str:
    row, found = _sheet(tx, by, typed)
    due = _due(row)
    if due == DONE:
        raise Refused("sheet.done", sheet=row["code"])
    if due == THIRD:
        raise Refused("sheet.differs", sheet=row["code"])
    if due == SECOND and row["first_by"] == by.person:
        raise Refused("sheet.same-person", sheet=row["code"])
    row = {**row, due: _reading(found, marks), f"{due}_by": by.person, f"{due}_at": node.now()}
    if due == SECOND and not differing(row["first"], row["second"], found.ids):
        row = _handed_in(tx, node, row, found, {})
    tx.tables.put(PAPER_SHEET, row)
    return _due(row)


def _reading(found: Attempt, marks: Marks) -> dict[str, list[str]]:
    read = {
        drawn.id: keys_of(drawn.options, marks.get(str(number), ()))
        for number, drawn in enumerate(found.drawn, start=1)
    }
    return {question: keys for question, keys in read.items() if keys}


def _settle(  # noqa: PLR0917 - as `settle`
    tx: Transaction, node: Node, by: Session, typed: str, choices: Mapping[str, str], marks: Marks
) -> None:
    row, found = _sheet(tx, by, typed)
    due = _due(row)
    if due == DONE:
        raise Refused("sheet.done", sheet=row["code"])
    if due != THIRD:
        raise Refused("sheet.not-read", sheet=row["code"])
    third, seen = {}, _reading(found, marks)
    for question in differing(row["first"], row["second"], found.ids):
        number = found.ids.index(question) + 1
        readings = {"first": row["first"], "second": row["second"], "third": seen}
        chosen = readings.get(choices.get(str(number), ""))
        if chosen is None:
            raise Invalid("sheet.unsettled", number=number)
        third[question] = list(chosen.get(question, ()))
    row = {**row, "third": third, "third_by": by.person}
    tx.tables.put(PAPER_SHEET, _handed_in(tx, node, row, found, third))


def _handed_in(tx: Transaction, node: Node, row: Row, found: Attempt, third: Reading) -> Row:
    """Record the answers and the result of a sheet that is settled, and return its row, done."""
    session = session_row(tx, row["session"])
    saying = after(in_classroom(saying_for(tx, node, row["person"]), session), found.last_at)
    counted = settled(row["first"], row["second"], third, found.ids)
    given = [one for one in (_answer(found, question, keys) for question, keys in counted.items()) if one.response]
    said: list[Statement] = [answered(node, saying, found, one) for one in given]
    whole = _with_answers(found, given, saying)
    said += handing_in(tx, node, after(saying, saying.timestamp), whole)
    record_in(tx, node, *said)
    return {**row, "done_at": node.now()}


def _answer(found: Attempt, question: str, keys: Sequence[str]) -> Answer:
    asked = found.package.course.question(question)
    # In the author's order, as every answer is kept.
    in_order = [key for key in asked.options if key in keys]
    return Answer(asked, response_of_marks(asked, in_order), "")


def _with_answers(found: Attempt, given: Sequence[Answer], saying: Saying) -> Attempt:
    rows = {
        one.question.id: {"response": one.response, "at": saying.timestamp, "used_s": 0.0, "confidence": None}
        for one in given
    }
    return replace(found, answers=rows)
