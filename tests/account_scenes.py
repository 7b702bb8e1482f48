"""A node with accounts for tests: real store, real argon2id made quick, a clock that moves when told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cast import EnglishPhrases, MemoryCourses, MemoryIncoming, MemorySearch, NoLine, NoNeighbours, NoPress, settings

from elearn.adapters.age_box import FileBox
from elearn.adapters.batch_room import FolderBatches
from elearn.adapters.book_shelf import FolderShelf
from elearn.adapters.code_reading import CodeWorkerLine
from elearn.adapters.collation import IcuCollation
from elearn.adapters.linked_data import BundledLinkedData
from elearn.adapters.sqlite.store import SqliteStore
from elearn.adapters.system import Argon2Passwords, Ed25519Keys, RandomIds
from elearn.core.roster.form import OfficerForm
from elearn.core.vocab.nodes import NodeKind
from elearn.services.accounts import Session, session, sign_in
from elearn.services.node import Node
from elearn.services.officers import Added, add_officer
from elearn.services.setting_up import SetUpForm, one_time_link_secret, set_up

PC = "192.0.2.10"
CHIEF_PIN = "739164"
FORM = SetUpForm(
    node_name="Poipet Border Post",
    country="KH",
    agency="police",
    languages=("km", "en"),
    name="Chan Vanna",
    service_number="A-0001",
    pin=CHIEF_PIN,
    sex="female",
    rank_band="senior",
)


class SetClock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class CountedPasswords(Argon2Passwords):
    """argon2id with the smallest parameters; counts comparisons, which are what takes time."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, rounds=1)
        self.compared = 0

    def matches(self, pin: str, hashed: str) -> bool:
        self.compared += 1
        return super().matches(pin, hashed)


def bare_node(folder: Path, clock: SetClock | None = None, kind: NodeKind = NodeKind.POST) -> Node:
    """Return a node over the SQLite file in this folder, which may hold one already."""
    return Node(
        settings=settings(folder, kind),
        store=SqliteStore(folder),
        clock=clock or SetClock(),
        ids=RandomIds(),
        passwords=CountedPasswords(),
        keys=Ed25519Keys(b"k" * 32),
        box=FileBox(folder),
        search=MemorySearch(),
        press=NoPress(),
        codes=CodeWorkerLine(idle_seconds=5),
        shelf=FolderShelf(folder / "cache" / "books"),
        phrases=EnglishPhrases(),
        course_files=MemoryCourses(),
        peer=NoLine(),
        linked_data=BundledLinkedData(),
        neighbours=NoNeighbours(),
        batches=FolderBatches(folder / "cache" / "certificates"),
        collation=IcuCollation(),
        incoming=MemoryIncoming(),
    )


def post(folder: Path) -> Node:
    """Return a node that was set up with FORM."""
    node = bare_node(folder)
    set_up(node, FORM, one_time_link_secret(node) or "")
    return node


def clock_of(node: Node) -> SetClock:
    """Return the clock, to be moved."""
    assert isinstance(node.clock, SetClock)
    return node.clock


def entered(node: Node, number: str, pin: str, agency: str = "") -> Session:
    """Sign in and return the session."""
    found = session(node, sign_in(node, number, pin, PC, agency).token)
    assert found is not None
    return found


def chief(node: Node) -> Session:
    """Return a session of the first administrator."""
    return entered(node, FORM.service_number, CHIEF_PIN)


def added(node: Node, number: str, pin: str = "", **said: str) -> Added:
    """Add an officer."""
    return add_officer(node, chief(node), OfficerForm(number, said.pop("name", f"Officer {number}"), pin=pin, **said))


def as_role(node: Node, role: str) -> Session:
    """Return a session of somebody of this role who has changed the first PIN."""
    fresh = added(node, f"R-{role}", role=role)
    return replace(entered(node, f"R-{role}", fresh.pin), must_change_pin=False)


def verbs(node: Node) -> list[tuple[str, str]]:
    """Return (verb, subject) of the whole ledger, in order."""
    with node.store.reading() as tx:
        return [(entry.statement.verb.rsplit("/", 1)[1], entry.statement.subject) for entry in tx.ledger.every()]
