"""Everything a node holds of one officer, and how far it got: kept here, or confirmed by whom."""

from dataclasses import dataclass

from elearn.core.learning.renewal import days_left, stage
from elearn.core.ledger.entry import Entry
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.checks import CHECK_ANSWER
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import PERSON
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.verbs import CERTIFIED, FAILED, PASSED, certificate_iri
from elearn.ports import Transaction
from elearn.services.brought import brought_about, names_of_origins
from elearn.services.deliveries import Deliveries, Delivery, delivery
from elearn.services.followup import FollowUpLine, follow_ups_held
from elearn.services.issue_doubt import issue_in_doubt
from elearn.services.my_record_account import RecordAccount, account_held
from elearn.services.node import Node, known
from elearn.services.packages import Package, current_package, package_if_held
from elearn.services.record_sessions import RecordSession, sessions_held
from elearn.services.refresher_record import RecordRefresher, refreshers_done
from elearn.services.revocations import taken_back
from elearn.services.satisfaction import settled_forms


@dataclass(frozen=True)
class RecordCourse:
    """A course taken up. language: of the title; registered_at: "" where only later entries are here.

    checks: how many questions in lessons have an answer; best_score: 0..1 of all exams, None where none was sat.
    """

    course: str
    title: str
    language: str
    version: str
    registered_at: str
    last_at: str
    lessons_done: int
    checks: int
    best_score: float | None
    completed_at: str


@dataclass(frozen=True)
class RecordSitting:
    """A pre-test or exam. submitted_at: "" while it runs; score: 0..1; success: None for a pre-test.

    held: whether the version it pins is on this node, so that it can be opened; answers: how many questions have one.
    """

    attempt: str
    course: str
    title: str
    language: str
    kind: str
    version: str
    started_at: str
    submitted_at: str
    answers: int
    held: bool
    score: float
    success: bool | None
    delivery: Delivery


@dataclass(frozen=True)
class RecordCertificate:
    """A certificate. state: "valid" | "expired" | "revoked" | "replaced"; expires_at: "" = never; days_left, stage: of
    a valid one that ends, see `learning.renewal`; revoked_at: "" = it was not; replaced_by: number of the newer one,
    "" where it is not known here; days_in_doubt: good or expired, and dated by a clock that was wrong
    (`services/issue_doubt`)."""

    number: str
    course: str
    title: str
    language: str
    version: str
    issued_at: str
    expires_at: str
    state: str
    delivery: Delivery
    days_left: int | None = None
    stage: int = 0
    revoked_at: str = ""
    replaced_by: str = ""
    days_in_doubt: bool = False


@dataclass(frozen=True)
class RecordFollowUp:
    """The follow-up of an exam. language: of the title."""

    title: str
    language: str
    said: FollowUpLine


@dataclass(frozen=True)
class MyRecord:
    """All of it, newest first. entries: in the ledger about the officer; confirmed: how many of them a peer holds.

    brought: how many more the officer brought along from the posts named in brought_from.
    person: the row of `kept.PERSON`; account: None where somebody has no account here; running: sittings not handed in.
    asked: (title, its language) of the courses whose satisfaction form is settled; what was answered nobody knows.
    """

    name: str
    service_number: str
    person: Row
    account: RecordAccount | None
    courses: tuple[RecordCourse, ...]
    sittings: tuple[RecordSitting, ...]
    running: tuple[RecordSitting, ...]
    certificates: tuple[RecordCertificate, ...]
    refreshers: tuple[RecordRefresher, ...]
    sessions: tuple[RecordSession, ...]
    asked: tuple[tuple[str, str], ...]
    follow_ups: tuple[RecordFollowUp, ...]
    entries: int
    confirmed: int
    brought: int
    brought_from: tuple[str, ...]


__all__ = ["Delivery", "MyRecord", "delivery", "my_record"]


def my_record(node: Node, person: str, language: str) -> MyRecord:
    """Return the officer's own record. Raises NotFound("person.unknown")."""
    now = node.now()
    with node.store.reading() as tx:
        identity = tx.tables.get(PERSON, person)
        if identity is None:
            raise NotFound("person.unknown", person=person)
        said = tx.ledger.about(person)
        entries = [entry for one in said if (entry := tx.ledger.find(one.id))]
        brought, names = brought_about(tx, person), names_of_origins(tx, person)
        where = Deliveries(tx)
        delivered = {_key(entry): where.of(entry) for entry in entries}
        delivered |= {_key(one): Delivery(brought_from=names.get(one.node, one.node)) for one in brought}
        sittings = [_sitting(tx, row, language, delivered) for row in _rows(tx, ATTEMPT, person, "-submitted_at")]
        return MyRecord(
            name=identity["name"],
            service_number=identity["service_number"],
            person=identity,
            account=account_held(tx, person, said),
            courses=tuple(_course(tx, row, language) for row in _rows(tx, PROGRESS, person, "-last_at")),
            sittings=tuple(one for one in sittings if one.submitted_at),
            running=tuple(one for one in sittings if not one.submitted_at),
            certificates=tuple(
                _certificate(tx, row, language, delivered, now)
                for row in _rows(tx, CERTIFICATE, person, "-issued_at")
                if row["issued_at"]
            ),
            refreshers=refreshers_done(tx, person),
            sessions=sessions_held(tx, person, language),
            asked=_asked(tx, person, language),
            follow_ups=_follow_ups(tx, person, language),
            entries=len(entries),
            confirmed=sum(where.of(entry).confirmed for entry in entries),
            brought=len(brought),
            brought_from=tuple(sorted({names.get(one.node, one.node) for one in brought})),
        )


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
        checks=tx.tables.count(CHECK_ANSWER, {"subject": row["subject"], "course": row["course"]}),
        best_score=row["best_score"],
        completed_at=row["completed_at"] or "",
    )


def _sitting(tx: Transaction, row: Row, language: str, delivered: dict[tuple[str, str], Delivery]) -> RecordSitting:
    course = str(row["course"] or "")
    pinned = package_if_held(tx, row["digest"])
    title, shown_in = _title(pinned or _taught(tx, course), course, language)
    return RecordSitting(
        attempt=row["attempt"],
        course=course,
        title=title,
        language=shown_in,
        kind=row["kind"] or "",
        version=row["version"] or "",
        started_at=row["started_at"] or "",
        submitted_at=row["submitted_at"] or "",
        answers=tx.tables.count(ANSWER, {"attempt": row["attempt"]}),
        held=pinned is not None,
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
    back = taken_back(tx, row["number"])
    if back:
        state = "replaced" if back.kind == REPLACED else "revoked"
    else:
        state = "expired" if over else "valid"
    country, days = known(tx).country, None
    if state == "valid" and row["expires_at"]:
        days = days_left(local_date(now, country), local_date(row["expires_at"], country))
    return RecordCertificate(
        number=row["number"],
        course=course,
        title=title,
        language=shown_in,
        version=row["version"] or "",
        issued_at=row["issued_at"],
        expires_at=row["expires_at"] or "",
        state=state,
        delivery=delivered.get(("certificate", certificate_iri(row["number"])), Delivery()),
        days_left=days,
        stage=0 if days is None else stage(days),
        revoked_at=back.at if back else "",
        replaced_by=back.replaced_by if back else "",
        days_in_doubt=back is None and issue_in_doubt(tx, row, now),
    )


def _asked(tx: Transaction, person: str, language: str) -> tuple[tuple[str, str], ...]:
    courses = dict.fromkeys(row["course"] for row in settled_forms(tx, person))
    return tuple(_title(_taught(tx, course), course, language) for course in courses)


def _follow_ups(tx: Transaction, person: str, language: str) -> tuple[RecordFollowUp, ...]:
    return tuple(
        RecordFollowUp(*_title(_taught(tx, one.course), one.course, language), one)
        for one in follow_ups_held(tx, person)
    )


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
