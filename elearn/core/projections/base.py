"""What a projection is, and the law all of them keep: the same row for every order of arrival.

Each statement is folded once, in any order. So a fold only takes minima, maxima and unions, or lets the statement
with the lowest or highest ``when`` (timestamp, id) decide a group of columns: `first` and `latest`. A row belongs to
one subject: a void is kept by dropping the rows of that subject and folding what is left anew.
"""

from typing import Any, Protocol

from elearn.core.vocab.tables import Row, Table
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import COURSE, VOIDED, certificate_iri

CERTIFICATES = certificate_iri("")


class Rows(Protocol):
    """The part of a store that a fold needs."""

    def get(self, table: Table, *key: str | int) -> Row | None:
        """Return the row with this key, or None."""
        ...

    def put(self, table: Table, row: Row) -> None:
        """Store the row, in place of the one with its key."""
        ...


class Projection(Protocol):
    """Rows folded from the ledger. Raise ``version`` when the fold or the columns change: the store then rebuilds."""

    @property
    def name(self) -> str:
        """Return the name its version is kept under."""
        ...

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return its tables; each has a column ``subject``, and ``marks`` where `first` or `latest` decide."""
        ...

    @property
    def version(self) -> int:
        """Return the version of fold and columns."""
        ...

    def fold(self, tables: Rows, statement: Statement) -> None:
        """Take in one checked statement that is not voided."""
        ...


CURSOR = Table("cursor", ("name",), {"name": "text", "versions": "json", "position": "integer"})
"""One row, "projections": how many entries the projections hold, and which version of each. They move together,
so one row a write and not one for each. A version that is missing or old means: to be rebuilt."""

VOIDED_IDS = Table(
    "voided",
    ("id", "void"),
    {"id": "text", "void": "text", "subject": "text", "node": "text"},
    indexes=(("subject",),),
)
"""Which statements are voided, by which, said by which node. A mark may stand here before the statement it voids
arrives; then it stays only if that node has a word in it."""


def own_row(tables: Rows, table: Table, statement: Statement, *key: str | int) -> Row | None:
    """Return the row to fold ``statement`` into: the one there is, or a fresh one; None if it is another's.

    Two subjects under one key (a number minted twice, a forged attempt) can't both have the row: the lower subject
    has it, whoever came first, so that every node shows the same.
    """
    row = tables.get(table, *key)
    if row is not None and row["subject"] < statement.subject:
        return None
    if row is None or row["subject"] != statement.subject:
        return fresh_row(table, statement, *key)
    return row


def fresh_row(table: Table, statement: Statement, *key: str | int) -> Row:
    """Return an empty row of the statement's subject."""
    row: Row = dict.fromkeys(table.columns)
    row.update(zip(table.key, key, strict=True))
    row.update(subject=statement.subject, person=statement.subject)
    if "marks" in table.columns:
        row["marks"] = {}
    return row


def first(row: Row, group: str, statement: Statement, **values: Any) -> None:
    """Let the earliest statement of ``group`` say these columns. ``group`` is one letter, kept in ``marks``."""
    mark = row["marks"].get(group)
    if mark is None or list(statement.when) < mark:
        _decide(row, group, statement, values)


def latest(row: Row, group: str, statement: Statement, **values: Any) -> None:
    """Let the latest statement of ``group`` say these columns."""
    mark = row["marks"].get(group)
    if mark is None or list(statement.when) > mark:
        _decide(row, group, statement, values)


def _decide(row: Row, group: str, statement: Statement, values: Row) -> None:
    row["marks"][group] = list(statement.when)
    row.update(values)


def earlier(one: str | None, other: str) -> str:
    """Return the earlier of two instants; None is never."""
    return other if one is None else min(one, other)


def later(one: str | None, other: str) -> str:
    """Return the later of two instants; None is never."""
    return other if one is None else max(one, other)


def place_of(statement: Statement) -> tuple[str, ...]:
    """Return what the object is within its course: (), ("exam",), ("pretest",), ("lesson", id), ("question", id)."""
    if not statement.object_id.startswith(COURSE):
        return ()
    return tuple(statement.object_id[len(COURSE) :].split("/")[1:])


def certificate_of(statement: Statement) -> str | None:
    """Return the certificate number the object names, or None."""
    return statement.object_id.removeprefix(CERTIFICATES) if statement.object_id.startswith(CERTIFICATES) else None


def scaled(statement: Statement) -> float | None:
    """Return the scaled score (xAPI 1.0.3, 2.4.5.1), or None."""
    score = (statement.result.get("score") or {}).get("scaled")
    return None if score is None else float(score)


def is_void(statement: Statement) -> bool:
    """Tell whether the statement voids another (xAPI 1.0.3, 2.3.2)."""
    return statement.verb == VOIDED
