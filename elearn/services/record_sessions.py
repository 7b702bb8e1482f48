"""The sessions in a classroom an officer was at or is on the list of, for the own record."""

from dataclasses import dataclass

from elearn.core.projections.attendance import ATTENDANCE
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import PAPER_MEMBER, PAPER_SESSION
from elearn.ports import Transaction
from elearn.services.packages import current_package, package_if_held


@dataclass(frozen=True)
class RecordSession:
    """A session. place: "" where it was held at another post; said: "present", "absent", "lost" (there, the sheet is
    lost), or "" where nothing was said yet; language: of the title."""

    session: str
    course: str
    title: str
    language: str
    held_on: str
    place: str
    said: str


def sessions_held(tx: Transaction, person: str, language: str) -> tuple[RecordSession, ...]:
    """Return all sessions of the officer, newest first. language: of the titles."""
    listed = {row["session"]: row for row in tx.tables.select(PAPER_MEMBER, {"person": person})}
    found = [
        _session(tx, row["session"], row["course"], (row["digest"], row["held_on"], "present"), language)
        for row in tx.tables.select(ATTENDANCE, {"subject": person})
        if row["session"] not in listed
    ]
    for session, member in listed.items():
        row = tx.tables.get(PAPER_SESSION, session)
        if row is not None:
            found.append(_session(tx, session, row["course"], (None, row["held_on"], member["said"] or ""), language))
    return tuple(sorted(found, key=lambda one: (one.held_on, one.session), reverse=True))


def _session(
    tx: Transaction, session: str, course: str, known: tuple[str | None, str, str], language: str
) -> RecordSession:
    digest, held_on, said = known
    row = tx.tables.get(PAPER_SESSION, session)
    try:
        package = package_if_held(tx, digest) or current_package(tx, course)
    except NotFound:
        return RecordSession(session, course, course, "", held_on or "", row["place"] if row else "", said)
    title = str(package.words(language).get("title", course))
    return RecordSession(
        session, course, title, package.language(language), held_on or "", row["place"] if row else "", said
    )
