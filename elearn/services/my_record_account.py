"""What a node holds of an officer beside learning: particulars, the account, and what was done to it and by whom."""

from dataclasses import dataclass

from elearn.core.vocab.kept import ACCOUNT, PERSON, RECOVERY_CODE, SESSION
from elearn.core.vocab.tables import Row
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import DEACTIVATED, PIN_RESET, ROLE_GIVEN
from elearn.ports import Transaction

_WHAT = {ROLE_GIVEN: "role", PIN_RESET: "pin", DEACTIVATED: "closed"}


@dataclass(frozen=True)
class AccountChange:
    """Something done to the account. what: "role" | "pin" | "closed"; role: the one given, else "".

    by: the name of who did it, "" where that was the officer, or somebody whose name is not kept here.
    """

    at: str
    what: str
    role: str
    by: str


@dataclass(frozen=True)
class RecordAccount:
    """The account here. sessions: browsers signed in now, this one too; codes_left: recovery codes not yet used;
    changes: newest first. PINs are kept as digests only and shown nowhere."""

    role: str
    language: str
    active: bool
    created_at: str
    sessions: int
    codes_left: int
    changes: tuple[AccountChange, ...]


def account_held(tx: Transaction, person: str, said: list[Statement]) -> RecordAccount | None:
    """Return the account, None for somebody without one here. said: all statements about the person."""
    row = tx.tables.get(ACCOUNT, person)
    if row is None:
        return None
    return RecordAccount(
        role=row["role"] or "",
        language=row["language"] or "",
        active=bool(row["active"]),
        created_at=row["created_at"] or "",
        sessions=tx.tables.count(SESSION, {"person": person}),
        codes_left=tx.tables.count(RECOVERY_CODE, {"person": person}),
        changes=tuple(_change(tx, one, person) for one in reversed(said) if one.verb in _WHAT),
    )


def _change(tx: Transaction, said: Statement, person: str) -> AccountChange:
    by: Row | None = tx.tables.get(PERSON, said.actor) if said.actor != person else None
    return AccountChange(said.timestamp, _WHAT[said.verb], str(said.extension("role") or ""), by["name"] if by else "")
