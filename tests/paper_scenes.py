"""An exam on paper at a small post: two trainers, an officer on the list, a sheet that is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cast import PIN, memory_node, officer
from small_course import RIGHT, publish

from elearn.core.learning.paper import letters_of
from elearn.core.paper.form import SessionForm
from elearn.core.vocab.kept import PERSON
from elearn.core.vocab.roles import Role
from elearn.services import accounts, paper_sessions
from elearn.services.accounts import Session
from elearn.services.attempts import attempt_of
from elearn.services.node import Node
from elearn.services.paper_lists import session_page
from elearn.services.paper_sessions import PRESENT, sheet_row

DAY = "2026-11-24"


def signed_in(node: Node, name: str, role: Role = Role.TRAINER) -> Session:
    """Return the session of somebody new with this role."""
    person = officer(node, name, role=role.value)
    with node.store.reading() as tx:
        row = tx.tables.get(PERSON, person)
    assert row is not None
    token = accounts.sign_in(node, row["service_number"], PIN, "here").token
    found = accounts.session(node, token)
    assert found is not None
    return found


@dataclass
class Room:
    """A session with officers on its list. people: name -> person id."""

    node: Node = field(default_factory=memory_node)
    people: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.node.store.write(publish)
        self.bo, self.li = signed_in(self.node, "Bo Trainer"), signed_in(self.node, "Li Trainer")
        self.session = self.new_session()

    def new_session(self, **changes: Any) -> str:
        """Make a session and return its id."""
        form = {"course": "seals", "held_on": DAY, "place": "Room 2", "minutes": "45", **changes}
        return paper_sessions.make_session(self.node, self.bo, SessionForm(**form))

    def listed(self, *names: str, **changes: Any) -> None:
        """Put new officers on the list."""
        for name in names:
            self.people[name] = officer(self.node, name, **changes)
            paper_sessions.put_on_list(self.node, self.bo, self.session, [self.people[name]])

    def printed(self, *names: str, said: str = PRESENT) -> list[str]:
        """Put new officers on the list, make their sheets, say they were there; return the codes."""
        self.listed(*names)
        paper_sessions.make_sheets(self.node, self.bo, self.session)
        if said:
            everybody = {self.people[name]: said for name in names}
            paper_sessions.say_attendance(self.node, self.bo, self.session, everybody)
        return [self.code(name) for name in names]

    def code(self, name: str) -> str:
        """Return the code of somebody's sheet."""
        page = session_page(self.node, self.bo, self.session, "en")
        return next(one.code for one in page.members if one.person == self.people[name])

    def attempt(self, code: str) -> str:
        """Return the attempt of a sheet."""
        with self.node.store.reading() as tx:
            return str(sheet_row(tx, code)["attempt"])

    def marks(self, code: str, answers: Mapping[str, list[str]] | None = None) -> dict[str, list[str]]:
        """Return what stands on a sheet: number -> letters. answers: question -> keys, all right if None."""
        return marks_on(self.node, code, answers)


def marks_on(node: Node, code: str, answers: Mapping[str, list[str]] | None = None) -> dict[str, list[str]]:
    """Return what stands on a sheet, as `Room.marks`."""
    with node.store.reading() as tx:
        row = sheet_row(tx, code)
        found = attempt_of(tx, row["person"], row["attempt"])
    wanted = {**RIGHT, **(answers or {})}
    return {
        str(number): list(letters_of(one.options, wanted[one.id])) for number, one in enumerate(found.drawn, start=1)
    }
