"""Everything a node holds of one officer, and how far it got: kept here, or confirmed by whom.

Delivered means that the peer named the entry's number (or a later one of its chain). Nothing else counts as sent.
"""

from dataclasses import dataclass

from elearn.core.ledger.entry import Entry
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import CONFIRMED, PEER, PERSON
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.verbs import CERTIFIED, FAILED, PASSED, certificate_iri
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.packages import Package, current_package, package_if_held
from elearn.services.refresher_record import RecordRefresher, refreshers_done
from elearn.services.revocations import revoked_at
from elearn.services.satisfaction import settled_forms


@dataclass(frozen=True)
class Delivery:
    """Where an entry is. confirmed_by: name of the peer that holds it, "" = kept here only; confirmed_at: instant."""

    confirmed_by: str = ""
    confirmed_at: str = ""

    @property
    def confirmed(self) -> bool:
        """Tell whether a peer holds it."""
        return bool(self.confirmed_by)


@dataclass(frozen=True)
class RecordCourse:
    """A course taken up. language: of the title; registered_at: "" where only later entries are here."""

    course: str
    title: str
    language: str
    version: str
    registered_at: str
    last_at: str
    lessons_done: int
    completed_at: str


@dataclass(frozen=True)
class RecordSitting:
    """A pre-test or exam that was handed in. score: 0..1; success: None for a pre-test."""

    attempt: str
    course: str
    title: str
    language: str
    kind: str
    submitted_at: str
    score: float
    success: bool | None
    delivery: Delivery


@dataclass(frozen=True)
class RecordCertificate:
    """A certificate. state: "valid" | "expired" | "revoked"; expires_at: "" = never."""

    number: str
    course: str
    title: str
    language: str
    version: str
    issued_at: str
    expires_at: str
    state: str
    delivery: Delivery


@dataclass(frozen=True)
class MyRecord:
    """All of it, newest first. entries: in the ledger about the officer; confirmed: how many of them a peer holds.

    asked: (title, its language) of the courses whose satisfaction form is settled; what was answered nobody knows.
    """

    name: str
    service_number: str
    courses: tuple[RecordCourse, ...]
    sittings: tuple[RecordSitting, ...]
    certificates: tuple[RecordCertificate, ...]
    refreshers: tuple[RecordRefresher, ...]
    asked: tuple[tuple[str, str], ...]
    entries: int
    confirmed: int


def my_record(node: Node, person: str, language: str) -> MyRecord:
    """Return the officer's own record. Raises NotFound("person.unknown")."""
    now = node.now()
    with node.store.reading() as tx:
        identity = tx.tables.get(PERSON, person)
        if identity is None:
            raise NotFound("person.unknown", person=person)
        entries = [entry for one in tx.ledger.about(person) if (entry := tx.ledger.find(one.id))]
        where = _Deliveries(tx)
        delivered = {_key(entry): where.of(entry) for entry in entries}
        return MyRecord(
            name=identity["name"],
            service_number=identity["service_number"],
            courses=tuple(_course(tx, row, language) for row in _rows(tx, PROGRESS, person, "-last_at")),
            sittings=tuple(
                _sitting(tx, row, language, delivered)
                for row in _rows(tx, ATTEMPT, person, "-submitted_at")
                if row["submitted_at"]
            ),
            certificates=tuple(
                _certificate(tx, row, language, delivered, now)
                for row in _rows(tx, CERTIFICATE, person, "-issued_at")
                if row["issued_at"]
            ),
            refreshers=refreshers_done(tx, person),
            asked=_asked(tx, person, language),
            entries=len(entries),
            confirmed=sum(where.of(entry).confirmed for entry in entries),
        )


def delivery(tx: Transaction, entry: Entry) -> Delivery:
    """Return where one entry is."""
    return _Deliveries(tx).of(entry)


class _Deliveries:
    """The numbers that peers have named, read once."""

    def __init__(self, tx: Transaction) -> None:
        names = {row["node"]: str(row["name"] or row["node"]) for row in tx.tables.select(PEER)}
        self._rows = [
            (
                row["node"],
                row["number"],
                Delivery(names.get(row["peer"]) or str(row["peer"]), row["confirmed_at"] or ""),
            )
            for row in tx.tables.select(CONFIRMED, None, ("confirmed_at",))
        ]

    def of(self, entry: Entry) -> Delivery:
        """Return the earliest confirmation that covers the entry."""
        covering = (one for node, number, one in self._rows if node == entry.node and number >= entry.number)
        return next(covering, Delivery())


def _rows(tx: Transaction, table: Table, person: str, order: str) -> list[Row]:
    return tx.tables.select(table, {"subject": person}, (order,))


def _key(entry: Entry) -> tuple[str, str]:
    """Return what a line of the record finds its entry by."""
    said = entry.statement
    if said.verb in {PASSED, FAILED}:
        return "sitting", said.attempt or ""
    return ("certificate", said.object_id) if said.verb == CERTIFIED else ("other", said.id)


def _course(tx: Transaction, row: Row, language: str) -> RecordCourse:
    title, shown_in = _title(_taught(tx, row["course"]), row["course"], language)
    return RecordCourse(
        course=row["course"],
        title=title,
        language=shown_in,
        version=row["version"] or "",
        registered_at=row["registered_at"] or "",
        last_at=row["last_at"] or "",
        lessons_done=len(row["lessons"] or {}),
        completed_at=row["completed_at"] or "",
    )


def _sitting(tx: Transaction, row: Row, language: str, delivered: dict[tuple[str, str], Delivery]) -> RecordSitting:
    course = str(row["course"] or "")
    title, shown_in = _title(package_if_held(tx, row["digest"]) or _taught(tx, course), course, language)
    return RecordSitting(
        attempt=row["attempt"],
        course=course,
        title=title,
        language=shown_in,
        kind=row["kind"] or "",
        submitted_at=row["submitted_at"],
        score=float(row["score"] or 0.0),
        success=bool(row["success"]) if row["kind"] == "exam" else None,
        delivery=delivered.get(("sitting", row["attempt"]), Delivery()),
    )


def _certificate(
    tx: Transaction, row: Row, language: str, delivered: dict[tuple[str, str], Delivery], now: str
) -> RecordCertificate:
    course = str(row["course"] or "")
    title, shown_in = _title(package_if_held(tx, row["digest"]) or _taught(tx, course), course, language)
    over = bool(row["expires_at"]) and row["expires_at"] < now
    return RecordCertificate(
        number=row["number"],
        course=course,
        title=title,
        language=shown_in,
        version=row["version"] or "",
        issued_at=row["issued_at"],
        expires_at=row["expires_at"] or "",
        state="revoked" if revoked_at(tx, row["number"]) else ("expired" if over else "valid"),
        delivery=delivered.get(("certificate", certificate_iri(row["number"])), Delivery()),
    )


def _asked(tx: Transaction, person: str, language: str) -> tuple[tuple[str, str], ...]:
    courses = dict.fromkeys(row["course"] for row in settled_forms(tx, person))
    return tuple(_title(_taught(tx, course), course, language) for course in courses)


def _taught(tx: Transaction, course: str) -> Package | None:
    try:
        return current_package(tx, course)
    except NotFound:
        return None


def _title(package: Package | None, course: str, language: str) -> tuple[str, str]:
    """Return (title, its language); the course's id where no version of it is held."""
    if package is None:
        return course, language
    return str(package.words(language).get("title", course)), package.language(language)
