"""How far an officer is, read from the projections: what the path needs to know."""

from dataclasses import replace

from elearn.core.content.version import MEANING
from elearn.core.learning.path import Sat, Standing
from elearn.core.learning.renewal import Held
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.progress import PROGRESS
from elearn.core.projections.tries import TRY
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import ACCOUNT
from elearn.core.vocab.roles import Role
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import REGISTERED, course_iri
from elearn.ports import Transaction
from elearn.services.news import changes
from elearn.services.node import Node, fact
from elearn.services.packages import Package, current_package, current_packages, package_if_held
from elearn.services.requirements import missing_courses
from elearn.services.revocations import revoked_at

PAPER = "paper"
"""The medium of a sitting whose answers are written on paper and keyed in."""

COURSE_TYPE = "http://adlnet.gov/expapi/activities/course"


def standing(tx: Transaction, person: str, course: str) -> Standing:
    """Return how far the officer is in one course."""
    lessons, changed = _lessons(tx, tx.tables.get(PROGRESS, person, course))
    role = role_of(tx, person)
    return Standing(
        role=role,
        lessons=lessons,
        changed=changed,
        sittings=[
            _sat(row) for row in tx.tables.select(ATTEMPT, {"subject": person, "course": course}) if _can_go_on(tx, row)
        ],
        held=[_held(tx, row) for row in tx.tables.select(CERTIFICATE, {"subject": person}) if _of(row, course)],
        more_tries=[row["at"] for row in tx.tables.select(TRY, {"subject": person, "course": course})],
        missing=missing_courses(tx, person, role, current_packages(tx)).get(course, ()),
    )


def role_of(tx: Transaction, person: str) -> str:
    """Return the name of the role of somebody's account; without an account here, that of an officer."""
    account = tx.tables.get(ACCOUNT, person)
    return str(account["role"]) if account and account["role"] else Role.OFFICER.value


def standings(tx: Transaction, person: str) -> dict[str, Standing]:
    """Return how far the officer is in every course with a trace of it: course -> standing. Few reads in all.

    What is missing to begin a course is not in it: that concerns courses without a trace.
    """
    nothing = Standing({}, [], [], role_of(tx, person))
    found: dict[str, Standing] = {}
    for row in tx.tables.select(PROGRESS, {"subject": person}):
        lessons, changed = _lessons(tx, row)
        found[row["course"]] = replace(nothing, lessons=lessons, changed=changed)
    for row in tx.tables.select(ATTEMPT, {"subject": person}):
        if not _can_go_on(tx, row):
            continue
        one = found.setdefault(row["course"], nothing)
        found[row["course"]] = replace(one, sittings=[*one.sittings, _sat(row)])
    for row in tx.tables.select(CERTIFICATE, {"subject": person}):
        if _of(row, row["course"]):
            one = found.setdefault(row["course"], nothing)
            found[row["course"]] = replace(one, held=[*one.held, _held(tx, row)])
    for row in tx.tables.select(TRY, {"subject": person}):
        one = found.setdefault(row["course"], nothing)
        found[row["course"]] = replace(one, more_tries=[*one.more_tries, row["at"]])
    return found


def _lessons(tx: Transaction, progress: Row | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the lessons that count as read, and those read that are other now (see `services.news`)."""
    if progress is None:
        return {}, {}
    lessons, readings = progress["lessons"] or {}, progress["readings"] or {}
    try:
        changed = changes(tx, current_package(tx, progress["course"]), readings) if readings else {}
    except NotFound:  # the course is not taught here
        changed = {}
    read_last = {one: str(readings[one]["at"]) if one in readings else at for one, at in lessons.items()}
    return {one: at for one, at in read_last.items() if changed.get(one) != MEANING}, changed


def registering(tx: Transaction, node: Node, saying: Saying, package: Package, language: str) -> tuple[Statement, ...]:
    """Return the statement that enrols the officer, none where that was said before."""
    row = tx.tables.get(PROGRESS, saying.actor, package.course.id)
    if row is not None and row["registered_at"]:
        return ()
    return (
        build(
            saying,
            node.ids.new(),
            REGISTERED,
            course_iri(package.course.id),
            activity_type=COURSE_TYPE,
            extensions=pinned(package, language),
        ),
    )


def pinned(package: Package, language: str) -> dict[str, str]:
    """Return the extensions that say which words and rules an officer had before the eyes."""
    return {"digest": package.digest, "version": package.course.version, "language": language}


def _can_go_on(tx: Transaction, row: Row) -> bool:
    """Tell whether a sitting is handed in, or can be gone on with here.

    One begun at another post, in a version this node does not hold, is left behind: it must not bar a new one. So is
    one on paper: its sheet is keyed in where it was printed.
    """
    if row["medium"] == PAPER and not row["submitted_at"]:
        return bool(row["node"] == fact(tx, "id"))
    return bool(row["submitted_at"]) or not row["digest"] or package_if_held(tx, row["digest"]) is not None


def _sat(row: Row) -> Sat:
    return Sat(
        attempt=row["attempt"],
        kind=row["kind"] or "",
        started_at=row["started_at"] or "",
        submitted_at=row["submitted_at"] or "",
        success=bool(row["success"]),
        paper=row["medium"] == PAPER,
    )


def _of(row: Row, course: str | None) -> bool:
    """Tell whether the row is a certificate of the course; a revocation alone (its certificate is not here) is not."""
    return bool(course) and row["course"] == course and bool(row["issued_at"])


def _held(tx: Transaction, row: Row) -> Held:
    return Held(
        number=row["number"],
        version=row["version"] or "",
        issued_at=row["issued_at"],
        expires_at=row["expires_at"] or "",
        revoked_at=revoked_at(tx, row["number"]),
    )
