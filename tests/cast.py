"""The cast of the tests: nodes that are real but small, a clock that ticks, ids that count, officers by name.

`from cast import memory_node, officer`. Nothing here pretends: the memory store keeps the laws of the SQLite one
(tests/contract), keys sign, passwords are argon2 with the smallest parameters.
"""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from elearn.adapters.age_box import AgeBox
from elearn.adapters.batch_room import FolderBatches
from elearn.adapters.book_shelf import FolderShelf
from elearn.adapters.code_reading import CodeWorkerLine
from elearn.adapters.collation import IcuCollation
from elearn.adapters.linked_data import BundledLinkedData
from elearn.adapters.memory import MemoryStore
from elearn.adapters.pdf_reading import read_certificate
from elearn.adapters.press.pictures import drawn_anew
from elearn.adapters.press.sheet import name_too_wide
from elearn.adapters.system import Argon2Passwords, Ed25519Keys
from elearn.core.book.book import Book
from elearn.core.credential.ceremony import CeremonyList
from elearn.core.credential.certificate_file import CertificateFile
from elearn.core.credential.page import CertificatePage
from elearn.core.credential.pictures import PictureBox
from elearn.core.credential.transcript import TranscriptPage
from elearn.core.paper.page import Papers
from elearn.core.search.passage import Hit, Passage, Piece
from elearn.core.sync.talk import Answer
from elearn.core.vocab.errors import NotFound, Unavailable
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import NodeKind
from elearn.ports import Neighbour, Store, Together, Transaction
from elearn.services.node import Node, fact, keep_fact
from elearn.settings import Settings

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PIN = "739164"
_SMALL = Argon2Passwords(memory_kib=8, rounds=1)
_PIN_HASH = _SMALL.hash(PIN)


class TickingClock:
    """Each look at it takes a second (or ``step``); `shift` moves it."""

    def __init__(self, start: datetime = START, step: timedelta = timedelta(seconds=1)) -> None:
        self._next = start
        self._step = step
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time, and tick."""
        with self._lock:
            now = self._next
            self._next += self._step
        return now

    def shift(self, by: timedelta) -> None:
        """Set the clock forward, or back."""
        with self._lock:
            self._next += by


class NumberedIds:
    """Ids that count: 00000000-0000-4000-8000-000000000001 and so on. ``series`` keeps two nodes' ids apart."""

    def __init__(self, series: int = 0) -> None:
        self._series = series
        self._count = 0
        self._lock = threading.Lock()

    def new(self) -> str:
        """Return the next id."""
        return f"{self._series:08x}-0000-4000-8000-{self._next():012x}"

    def secret(self, size_bytes: int) -> str:
        """Return a text as long as a real secret, and as different from all others."""
        return f"{self._series}-{self._next():0{size_bytes}d}"

    def seed(self) -> int:
        """Return the next number."""
        return self._next()

    def _next(self) -> int:
        with self._lock:
            self._count += 1
            return self._count


class MemorySearch:
    """Finds passages that contain the query as it is typed, letter for letter."""

    def __init__(self) -> None:
        self._fingerprint = ""
        self._passages: list[Passage] = []

    def current(self, fingerprint: str) -> bool:
        """Tell whether it was built from this."""
        return self._fingerprint == fingerprint

    def rebuild(self, fingerprint: str, passages: Any, progress: Any = None) -> None:
        """Take the passages."""
        self._passages = list(passages)
        self._fingerprint = fingerprint
        if progress:
            progress(len(self._passages))

    def find(self, language: str, query: str, limit: int = 20) -> list[Hit]:
        """Return the passages of the language that hold the query."""
        if not self._fingerprint:
            raise Unavailable("search.building")
        wanted = query.strip().casefold()
        there = [one for one in self._passages if one.language == language]
        found = [one for one in there if wanted and wanted in f"{one.title}\n{one.text}".casefold()]
        return [Hit(one, 1.0, (Piece(one.title, False),), (Piece(one.text, False),)) for one in found[:limit]]


class NoPress:
    """A machine without Pango: no PDF, a page to print instead."""

    def certificate(self, page: CertificatePage, gentle: bool = False) -> bytes:
        """Raise Unavailable("press.missing")."""
        raise Unavailable("press.missing")

    def certificates(self, pages: Any) -> Together:
        """Raise Unavailable("press.missing")."""
        raise Unavailable("press.missing")

    def ceremony(self, ceremony: CeremonyList) -> bytes:
        """Raise Unavailable("press.missing")."""
        raise Unavailable("press.missing")

    def ceremony_printable(self, ceremony: CeremonyList) -> str:
        """Return all there is to print, a line each."""
        return "\n".join(ceremony.texts())

    def printable(self, page: CertificatePage) -> str:
        """Return all there is to print, a line each."""
        return "\n".join(page.texts())

    def book(self, book: Book, told: Any) -> bytes:
        """Raise Unavailable("press.missing")."""
        raise Unavailable("press.missing")

    def book_printable(self, book: Book) -> str:
        """Return all there is to print, a part each line."""
        return "\n".join([book.title, *book.bodies()])

    def transcript(self, page: TranscriptPage) -> bytes:
        """Raise Unavailable("press.missing")."""
        raise Unavailable("press.missing")

    def transcript_printable(self, page: TranscriptPage) -> str:
        """Return all there is to print, a line each."""
        return "\n".join(page.texts())

    def papers(self, papers: Papers) -> bytes:
        """Raise Unavailable("press.missing")."""
        raise Unavailable("press.missing")

    def papers_printable(self, papers: Papers) -> str:
        """Return all there is to print, a line each."""
        return "\n".join(papers.texts())

    def unprintable(self, text: str) -> str:
        """Return what lies beyond the basic plane, as if no font had it."""
        return "".join(sign for sign in text if sign > "\uffff")

    def too_wide(self, name: str) -> bool:
        """Measure as every press does."""
        return name_too_wide(name)

    def picture(self, content: bytes, box: PictureBox) -> bytes:
        """Draw anew as every press does."""
        return drawn_anew(content, box)

    def missing(self) -> str | None:
        """Return why."""
        return "no press in this test"

    def read_certificate(self, pdf: bytes) -> CertificateFile:
        """Read as every press does."""
        return read_certificate(pdf)


class EnglishPhrases:
    """Says everything in English."""

    def say(self, language: str, message: str, **values: object) -> str:
        """Return the message, filled in."""
        return message % values if values else message

    def compiled(self) -> str:
        """Return a folder without catalogs."""
        return str(Path(__file__).parent / "no-catalogs")


class MemoryCourses:
    """Course folders as dictionaries."""

    def __init__(self, courses: dict[str, dict[str, bytes]] | None = None) -> None:
        self._courses = {} if courses is None else courses

    def courses(self) -> list[str]:
        """Return the ids."""
        return sorted(self._courses)

    def read(self, course: str) -> dict[str, bytes]:
        """Return the files."""
        if course not in self._courses:
            raise NotFound("course.unknown", course=course)
        return dict(self._courses[course])

    def terms(self) -> dict[str, bytes]:
        """Return no list."""
        return {}


class MemoryIncoming:
    """Files that come in, in memory. free: bytes there is still room for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.free = 10**12

    def size(self, digest: str) -> int:
        """Return how much of a file is here."""
        return len(self.files.get(digest, b""))

    def add(self, digest: str, offset: int, piece: bytes) -> None:
        """Keep a piece."""
        self.files[digest] = self.files.get(digest, b"")[:offset] + piece

    def read(self, digest: str) -> bytes:
        """Return what is here."""
        return self.files.get(digest, b"")

    def keep_only(self, digests: frozenset[str]) -> None:
        """Forget the others."""
        self.files = {name: data for name, data in self.files.items() if name in digests}

    def room(self) -> int:
        """Return what is free."""
        return self.free


class NoLine:
    """A peer that can't be reached."""

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Raise Unavailable("peer.no-line")."""
        raise Unavailable("peer.no-line", reason="no line in this test")


class NoNeighbours:
    """A local network nobody else is on. announced: (name, node, port) of what was."""

    def __init__(self) -> None:
        self.announced: list[tuple[str, str, int]] = []

    def find(self, seconds: float) -> list[Neighbour]:
        """Return nobody."""
        return []

    def announce(self, name: str, node: str, port: int) -> bool:
        """Note it."""
        self.announced.append((name, node, port))
        return True

    def close(self) -> None:
        """Take it back."""
        self.announced.clear()


def settings(data: Path, kind: NodeKind = NodeKind.POST) -> Settings:
    """Return settings with the real courses and translations of the checkout."""
    root = Path(__file__).parent.parent
    return Settings(data, root / "courses", root / "translations", kind, "127.0.0.1", 0)


def memory_node(*, kind: NodeKind = NodeKind.POST, series: int = 0, **changes: Any) -> Node:
    """Return a node that is set up, in memory. changes: any port or ``settings`` in place of the small one.

    series: another number gives another node id, other ids and another key.
    """
    return _node(MemoryStore(), settings(Path("/nowhere"), kind), series, changes)


def sqlite_node(folder: Path, *, kind: NodeKind = NodeKind.POST, series: int = 0, **changes: Any) -> Node:
    """Return a node that is set up, on disk in ``folder``. Close ``node.store`` when done."""
    from elearn.adapters.sqlite.store import SqliteStore

    return _node(SqliteStore(folder), settings(folder, kind), series, changes)


def postgres_node(
    database: str, folder: Path, *, kind: NodeKind = NodeKind.HUB, series: int = 0, **changes: Any
) -> Node:
    """Return a node that is set up, in a PostgreSQL database (fixture ``database``). Close ``node.store`` when done."""
    from elearn.adapters.postgres.store import PostgresStore

    return _node(PostgresStore(database), settings(folder, kind), series, changes)


def _node(store: Store, chosen: Settings, series: int, changes: dict[str, Any]) -> Node:
    node = Node(
        settings=chosen,
        store=store,
        clock=TickingClock(),
        ids=NumberedIds(series),
        passwords=_SMALL,
        keys=Ed25519Keys(bytes([series % 256] * 32)),
        box=AgeBox(),
        search=MemorySearch(),
        press=NoPress(),
        codes=CodeWorkerLine(idle_seconds=5),
        shelf=FolderShelf(chosen.data / "cache" / "books"),
        phrases=EnglishPhrases(),
        course_files=MemoryCourses(),
        peer=NoLine(),
        neighbours=NoNeighbours(),
        linked_data=BundledLinkedData(),
        batches=FolderBatches(chosen.data / "cache" / "certificates"),
        incoming=MemoryIncoming(),
        collation=IcuCollation(),
    )
    node = replace(node, **changes)
    node.store.write(lambda tx: set_up(tx, node, series))
    return node


def set_up(tx: Transaction, node: Node, series: int = 0) -> None:
    """Keep the facts of a node that went through set-up. Does nothing to one that did."""
    facts = {
        "id": f"{series:08x}-0000-4000-9000-000000000000",
        "name": "Huay Xai",
        "country": "LA",
        "agency": "customs",
        "languages": list(LANGUAGES),
        "issuer": "Border Training Service",
        "set_up_at": "2026-11-24T07:00:00.000000Z",
    }
    if not fact(tx, "set_up_at"):
        for name, value in facts.items():
            keep_fact(tx, name, value)


def officer(node: Node, name: str = "Noy Vong", **changes: Any) -> str:
    """Add a person with an account (PIN ``cast.PIN``, role officer); return the person id.

    changes: columns of `person` or `account` in place of the usual ones, e.g. ``role="trainer"``, ``language="km"``.
    """
    person_id = node.ids.new()
    person = {
        "id": person_id,
        "name": name,
        "service_number": f"LA-{person_id[-6:].upper()}",
        "country": "LA",
        "agency": "customs",
        "post": "Huay Xai",
        "sex": "female",
        "rank_band": "junior",
        "changed_at": "2026-11-24T07:00:00.000000Z",
    }
    account = {
        "person": person_id,
        "role": "officer",
        "pin_hash": _PIN_HASH,
        "language": "en",
        "active": 1,
        "must_change_pin": 0,
        "created_at": "2026-11-24T07:00:00.000000Z",
    }
    unknown = changes.keys() - PERSON.columns.keys() - ACCOUNT.columns.keys()
    if unknown:
        raise TypeError(f"neither a person nor an account has {sorted(unknown)}")

    def keep(tx: Transaction) -> None:
        tx.tables.put(PERSON, person | {name: value for name, value in changes.items() if name in PERSON.columns})
        tx.tables.put(ACCOUNT, account | {name: value for name, value in changes.items() if name in ACCOUNT.columns})

    node.store.write(keep)
    return person_id
