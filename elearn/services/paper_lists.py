"""What a trainer sees of sessions in a classroom: all of them, one with its officers, who can be put on its list."""

from collections.abc import Sequence
from dataclasses import dataclass

from elearn.core.learning.paper import differing
from elearn.core.learning.path import Gate
from elearn.core.roster.words import clean
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PAPER_MEMBER, PAPER_SESSION, PAPER_SHEET, PERSON
from elearn.core.vocab.pins import fold_number
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node
from elearn.services.packages import Package, current_package, current_packages
from elearn.services.paper_sessions import ABSENT, LOST, PRESENT, gate_of, must_fit_on_paper, session_row

MOST_FOUND = 50


@dataclass(frozen=True)
class SessionLine:
    """One session. language: of the title; officers: on its list; done: sheets whose answers count."""

    id: str
    title: str
    language: str
    held_on: str
    place: str
    officers: int
    done: int


@dataclass(frozen=True)
class CourseChoice:
    """A course whose exam can be held on paper."""

    id: str
    title: str


@dataclass(frozen=True)
class Member:
    """An officer on the list.

    state: "listed", "printed", "key-first", "key-second", "differs", "done", "present" without a sheet, "absent" or
    "lost"; gate: why no exam can begin for somebody without a sheet, "open" if it can; code: of the sheet.
    """

    person: str
    name: str
    service_number: str
    language: str
    said: str
    code: str
    state: str
    gate: str = ""


@dataclass(frozen=True)
class Candidate:
    """An officer who can be put on the list."""

    person: str
    name: str
    service_number: str


@dataclass(frozen=True)
class SessionPage:
    """One session. to_make: how many on the list can be given a sheet now; sheets: how many have one; more: officers
    found beside the candidates shown; languages: those the course has."""

    line: SessionLine
    course: str
    minutes: int
    trainer: str
    members: tuple[Member, ...]
    candidates: tuple[Candidate, ...]
    more: int
    languages: tuple[str, ...]
    to_make: int
    sheets: int


def sessions(node: Node, by: Session, language: str) -> list[SessionLine]:
    """Return all sessions, the latest first. Raises Refused("permission")."""
    demand(by, Permission.HOLD_SESSION)
    with node.store.reading() as tx:
        rows = tx.tables.select(PAPER_SESSION, order=("-held_on", "-made_at"))
        return [_line(tx, row, language) for row in rows]


def courses_on_paper(node: Node, by: Session, language: str) -> list[CourseChoice]:
    """Return the courses with enough questions for an exam on paper. Raises Refused("permission")."""
    demand(by, Permission.HOLD_SESSION)
    with node.store.reading() as tx:
        packages = current_packages(tx)
    return [CourseChoice(one.course.id, _title(one, language)) for one in packages if _fits(one)]


def session_page(node: Node, by: Session, session: str, language: str, words: str = "") -> SessionPage:
    """Return one session. words: in name or service number of the officers to choose from.

    Raises Refused("permission"), NotFound("session.unknown" | "course.unknown").
    """
    demand(by, Permission.HOLD_SESSION)
    with node.store.reading() as tx:
        row = session_row(tx, session)
        package = current_package(tx, row["course"])
        rows = tx.tables.select(PAPER_MEMBER, {"session": session})
        members = sorted((_member(tx, node, package, one) for one in rows), key=lambda one: (one.name, one.person))
        found = _candidates(tx, words, {one.person for one in members})
        trainer = tx.tables.get(PERSON, row["trainer"])
        line = _line(tx, row, language)
    return SessionPage(
        line=line,
        course=row["course"],
        minutes=row["minutes"],
        trainer=trainer["name"] if trainer else "",
        members=tuple(members),
        candidates=tuple(found[:MOST_FOUND]),
        more=max(0, len(found) - MOST_FOUND),
        languages=tuple(package.texts),
        to_make=sum(not one.code and one.gate == Gate.OPEN.value and one.said in {"", PRESENT} for one in members),
        sheets=sum(bool(one.code) for one in members),
    )


def _line(tx: Transaction, row: Row, language: str) -> SessionLine:
    sheets = tx.tables.select(PAPER_SHEET, {"session": row["id"]})
    try:
        package = current_package(tx, row["course"])
        title, shown_in = _title(package, language), package.language(language)
    except NotFound:  # the course is not taught here any more
        title, shown_in = str(row["course"]), ""
    return SessionLine(
        id=row["id"],
        title=title,
        language=shown_in,
        held_on=row["held_on"],
        place=row["place"],
        officers=tx.tables.count(PAPER_MEMBER, {"session": row["id"]}),
        done=sum(bool(one["done_at"]) for one in sheets),
    )


def _title(package: Package, language: str) -> str:
    return str(package.words(language).get("title", package.course.id))


def _fits(package: Package) -> bool:
    try:
        must_fit_on_paper(package.course)
    except Refused:
        return False
    return True


def _member(tx: Transaction, node: Node, package: Package, row: Row) -> Member:
    person = tx.tables.get(PERSON, row["person"])
    sheet = tx.tables.get(PAPER_SHEET, row["code"]) if row["code"] else None
    return Member(
        person=row["person"],
        name=person["name"] if person else "",
        service_number=person["service_number"] if person else "",
        language=row["language"] or "",
        said=row["said"] or "",
        code=row["code"] or "",
        state=_state(row["said"] or "", sheet),
        gate="" if sheet else gate_of(tx, node, package, row["person"]).value,
    )


def _state(said: str, sheet: Row | None) -> str:
    if sheet is None:
        return said if said in {PRESENT, ABSENT, LOST} else "listed"
    if sheet["done_at"]:
        return "done"
    if said != PRESENT:
        return "printed"
    if sheet["first"] is None:
        return "key-first"
    if sheet["second"] is None:
        return "key-second"
    return "differs" if differing(sheet["first"], sheet["second"], {*sheet["first"], *sheet["second"]}) else "done"


def _candidates(tx: Transaction, words: str, listed: set[str]) -> Sequence[Candidate]:
    wanted, number = clean(words).casefold(), fold_number(words)
    accounts = {row["person"] for row in tx.tables.select(ACCOUNT, {"active": 1})} - listed
    return [
        Candidate(row["id"], row["name"], row["service_number"])
        for row in tx.tables.select(PERSON, order=("name",))
        if row["id"] in accounts and (wanted in row["name"].casefold() or (number and number in row["service_number"]))
    ]
