"""Sessions in a classroom with the exam on paper: making one, its list of officers, their sheets, who was there.

A session stands for pre-test and lessons: who learns from a trainer where there are few screens need not read the same
there first. All other rules of the exam hold (waiting time, tries, courses to be passed before).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from elearn.core.credential.sheet_code import sheet_code
from elearn.core.learning.blueprint import exam_pool
from elearn.core.learning.course import EXAM, Course
from elearn.core.learning.path import Gate, path
from elearn.core.paper.form import SessionForm, form_problems
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PAPER_MEMBER, PAPER_SESSION, PAPER_SHEET, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import Saying, build, build_void
from elearn.core.xapi.verbs import ATTENDED, course_iri, session_iri
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node
from elearn.services.packages import Package, current_package
from elearn.services.record import record_in, saying_for
from elearn.services.sit import started_now
from elearn.services.standing import PAPER, pinned, registering, standing

PRESENT, ABSENT, LOST = "present", "absent", "lost"
SAID = (PRESENT, ABSENT, LOST)
"""What is said of an officer on the list; lost: was there, but the sheet is lost."""

MOST_OFFICERS = 60
SESSION_TYPE = "http://adlnet.gov/expapi/activities/meeting"
_MAY_BEGIN = (Gate.OPEN, Gate.PRETEST_FIRST, Gate.LESSONS_FIRST)


def make_session(node: Node, by: Session, form: SessionForm) -> str:
    """Make a session and return its id. Raises Refused("permission"), NotFound("course.unknown"),
    Refused("sitting.none"), Refused("session.too-few", objective=, needed=, found=), and Invalid("form.fields",
    fields={field: code}): "session.day", "session.place", "session.minutes".
    """
    demand(by, Permission.HOLD_SESSION)
    node.must(Power.TEACH)
    place, session = " ".join(form.place.split()), node.ids.new()
    problems = form_problems(form, place)
    if problems:
        raise Invalid("form.fields", fields=problems)

    def work(tx: Transaction) -> None:
        must_fit_on_paper(current_package(tx, form.course).course)
        said = {"course": form.course, "held_on": form.held_on, "place": place, "minutes": int(form.minutes)}
        tx.tables.put(PAPER_SESSION, {"id": session, **said, "trainer": by.person, "made_at": node.now()})

    node.store.write(work)
    return session


def must_fit_on_paper(course: Course) -> None:
    """Raise Refused("sitting.none") without an exam, Refused("session.too-few") where an objective has too few
    questions with boxes."""
    if not course.examined:
        raise Refused("sitting.none", course=course.id)
    for objective, needed in course.draw.items():
        found = len(exam_pool(course, objective, paper=True))
        if found < needed:
            raise Refused("session.too-few", course=course.id, objective=objective, needed=needed, found=found)


def session_row(tx: Transaction, session: str) -> Row:
    """Return the row of a session. Raises NotFound("session.unknown")."""
    row = tx.tables.get(PAPER_SESSION, session)
    if row is None:
        raise NotFound("session.unknown", session=session)
    return row


def sheet_row(tx: Transaction, code: str) -> Row:
    """Return the row of a sheet. Raises NotFound("sheet.unknown")."""
    row = tx.tables.get(PAPER_SHEET, code)
    if row is None:
        raise NotFound("sheet.unknown", sheet=code)
    return row


def gate_of(tx: Transaction, node: Node, package: Package, person: str) -> Gate:
    """Return whether somebody's exam can begin on paper: Gate.OPEN, or why not."""
    gate = path(package.course, standing(tx, person, package.course.id), node.now()).exam.gate
    return Gate.OPEN if gate in _MAY_BEGIN else gate


def put_on_list(node: Node, by: Session, session: str, people: Collection[str]) -> None:
    """Put officers on the list, each in the language of the account. Who is on it stays as they are.

    Raises Refused("permission"), NotFound("session.unknown" | "officer.unknown"), Refused("session.full", limit=).
    """
    demand(by, Permission.HOLD_SESSION)

    def work(tx: Transaction) -> None:
        package = current_package(tx, session_row(tx, session)["course"])
        for person in people:
            account = tx.tables.get(ACCOUNT, person)
            if account is None or not account["active"]:
                raise NotFound("officer.unknown", person=person)
            if tx.tables.get(PAPER_MEMBER, session, person) is None:
                language = package.language(account["language"] or "")
                tx.tables.put(PAPER_MEMBER, {"session": session, "person": person, "language": language})
        if tx.tables.count(PAPER_MEMBER, {"session": session}) > MOST_OFFICERS:
            raise Refused("session.full", limit=MOST_OFFICERS)

    node.store.write(work)


def change_list(
    node: Node, by: Session, session: str, languages: Mapping[str, str], taken_off: Collection[str]
) -> None:
    """Give officers their sheets in other languages, and take officers off the list. languages: person -> tag.

    Only of officers without a sheet and of whom nothing was said yet; others stay as they are.
    Raises Refused("permission"), NotFound("session.unknown").
    """
    demand(by, Permission.HOLD_SESSION)

    def work(tx: Transaction) -> None:
        package = current_package(tx, session_row(tx, session)["course"])
        for member in tx.tables.select(PAPER_MEMBER, {"session": session}):
            person = member["person"]
            if member["code"] or member["said"]:
                continue
            if person in taken_off:
                tx.tables.delete(PAPER_MEMBER, {"session": session, "person": person})
            elif languages.get(person) in package.texts:
                tx.tables.put(PAPER_MEMBER, {**member, "language": languages[person]})

    node.store.write(work)


def make_sheets(node: Node, by: Session, session: str) -> int:
    """Draw an exam for every officer on the list who has none and may begin one; return how many were drawn.

    Raises Refused("permission"), NotFound("session.unknown" | "course.unknown"), Refused as `must_fit_on_paper`.
    """
    demand(by, Permission.HOLD_SESSION)
    node.must(Power.TEACH)
    return node.store.write(lambda tx: _make_sheets(tx, node, session_row(tx, session)))


def say_attendance(node: Node, by: Session, session: str, said: Mapping[str, str]) -> None:
    """Keep who was there. said: person -> one of SAID; people not named stay as they are.

    Who was absent, and whose sheet is lost, has not begun the exam: what was drawn is withdrawn, and is no failed try.
    Raises Refused("permission"), NotFound("session.unknown"), Refused("session.keyed-in", name=) where the answers of a
    sheet count already.
    """
    demand(by, Permission.HOLD_SESSION)

    def work(tx: Transaction) -> None:
        row = session_row(tx, session)
        for member in tx.tables.select(PAPER_MEMBER, {"session": session}):
            word = said.get(member["person"], "")
            if word in SAID and word != member["said"]:
                _say(tx, node, by, row, member, word)

    node.store.write(work)


def in_classroom(saying: Saying, session: Row, medium: str = PAPER) -> Saying:
    """Return how something is said of an officer in a session."""
    return replace(saying, instructor=session["trainer"], medium=medium)


def _make_sheets(tx: Transaction, node: Node, session: Row) -> int:
    package, made = current_package(tx, session["course"]), 0
    must_fit_on_paper(package.course)
    for member in tx.tables.select(PAPER_MEMBER, {"session": session["id"]}):
        waits = not member["code"] and member["said"] in {None, "", PRESENT}
        if waits and gate_of(tx, node, package, member["person"]) is Gate.OPEN:
            _make_sheet(tx, node, session, member, package)
            made += 1
    return made


def _make_sheet(tx: Transaction, node: Node, session: Row, member: Row, package: Package) -> None:
    person, language = member["person"], package.language(member["language"] or "")
    saying = in_classroom(saying_for(tx, node, person), session)
    started = started_now(node, saying, package, EXAM, language)
    while tx.tables.get(PAPER_SHEET, sheet_code(str(started.attempt))):  # the code of another sheet, by chance
        started = started_now(node, saying, package, EXAM, language)
    code = sheet_code(str(started.attempt))
    record_in(tx, node, *registering(tx, node, saying, package, language), started)
    belongs = {"session": session["id"], "person": person, "attempt": started.attempt, "started_id": started.id}
    tx.tables.put(PAPER_SHEET, {"code": code, **belongs})
    tx.tables.put(PAPER_MEMBER, {**member, "code": code})


def _say(  # noqa: PLR0917 - private, one caller
    tx: Transaction, node: Node, by: Session, session: Row, member: Row, word: str
) -> None:
    changed = {**member, "said": word}
    if word == ABSENT and member["attended_id"]:
        _void(tx, node, by, member["person"], member["attended_id"])
        changed["attended_id"] = None
    if word != ABSENT and not member["attended_id"]:
        changed["attended_id"] = _attended(tx, node, session, member)
    if word != PRESENT and member["code"]:
        _withdraw(tx, node, by, member)
        changed["code"] = None
    tx.tables.put(PAPER_MEMBER, changed)


def _attended(tx: Transaction, node: Node, session: Row, member: Row) -> str:
    package = current_package(tx, session["course"])
    language = package.language(member["language"] or "")
    saying = in_classroom(saying_for(tx, node, member["person"]), session, medium="")
    statement = build(
        saying,
        node.ids.new(),
        ATTENDED,
        session_iri(session["course"], session["id"]),
        activity_type=SESSION_TYPE,
        extensions={**pinned(package, language), "held_on": session["held_on"]},
        parent=course_iri(session["course"]),
    )
    record_in(tx, node, *registering(tx, node, saying, package, language), statement)
    return statement.id


def _withdraw(tx: Transaction, node: Node, by: Session, member: Row) -> None:
    sheet = tx.tables.get(PAPER_SHEET, member["code"])
    if sheet is None:
        return
    if sheet["done_at"]:
        person = tx.tables.get(PERSON, member["person"])
        raise Refused("session.keyed-in", name=person["name"] if person else "")
    _void(tx, node, by, member["person"], sheet["started_id"])
    tx.tables.put(PAPER_SHEET, {**sheet, "withdrawn_at": node.now()})


def _void(tx: Transaction, node: Node, by: Session, subject: str, statement: str) -> None:
    saying = saying_for(tx, node, subject, by.person)
    record_in(tx, node, build_void(saying, node.ids.new(), statement, subject))
