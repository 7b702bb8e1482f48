"""A report as a value: counts in, protected figures with their hash out. Words are put to it elsewhere.

The hash is of the figures only, so that a post and its hub that hold the same records can show that they agree.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from elearn.core.stats.counted import CERTIFICATES, Count, Counted
from elearn.core.stats.followup import FollowUp, make_follow_up
from elearn.core.stats.hiding import hidden_in, hidden_in_cross
from elearn.core.stats.measures import DIMENSIONS, Filters
from elearn.core.stats.privacy import is_small
from elearn.core.stats.retention import Retention, make_retention
from elearn.core.stats.satisfaction import Satisfaction, make_satisfaction
from elearn.core.xapi.canonical import digest_of

CERTIFICATE_STATES = ("valid", "expiring", "expired", "revoked")
"""valid: for more than 90 days yet; expiring: valid, but no longer than that."""

EXPIRING_DAYS = 90
SILENT_DAYS = 30

State = Literal["shown", "none", "few", "withheld"]


@dataclass(frozen=True)
class Line:
    """One line of a table, or one cell. None: not shown. share: of all persons of the report, 0..1."""

    value: str
    persons: int | None
    completions: int | None
    share: float | None = None


@dataclass(frozen=True)
class Table:
    """Lines of one dimension. withheld: no line could be shown without giving a small count away."""

    dimension: str
    lines: tuple[Line, ...]
    withheld: bool = False

    @property
    def hides(self) -> bool:
        """Tell whether something is not shown."""
        return self.withheld or any(line.persons is None for line in self.lines)

    def line(self, value: str) -> Line | None:
        """Return the line of a value, or None."""
        return next((line for line in self.lines if line.value == value), None)


@dataclass(frozen=True)
class Cross:
    """Rows by columns. cells: row by row, as the row and column tables order their lines."""

    rows: Table
    columns: Table
    cells: tuple[tuple[Line, ...], ...]
    withheld: bool = False

    @property
    def hides(self) -> bool:
        """Tell whether something is not shown."""
        return self.withheld or any(cell.persons is None for row in self.cells for cell in row)


@dataclass(frozen=True)
class Silent:
    """A post that was not heard of. since: instant of its last exchange, or of its enrolment."""

    node: str
    name: str
    since: str


@dataclass(frozen=True)
class Standing:
    """What the figures rest on.

    position: SHA-256 of the vector (node -> highest number held); entries: how many that are. Exports write entries
    too, which are left out: otherwise a second export of the same figures would differ from the first.
    collects: posts send their records here; waiting: entries of this node its hub has not confirmed; alone: there is no
    hub to confirm them, or no post that sends any; silent: posts not heard of for more than 30 days; refused: how many
    posts had their last records refused; doubtful: records made while the clock of their post was in doubt, which may
    be counted under a wrong day.
    """

    node: str
    name: str
    position: str
    entries: int
    version: str
    collects: bool = False
    waiting: int = 0
    alone: bool = False
    silent: tuple[Silent, ...] = ()
    refused: int = 0
    doubtful: int = 0

    @property
    def confirmed(self) -> bool:
        """Tell whether nothing is known to be missing or unconfirmed."""
        return not (self.waiting or self.alone or self.silent or self.refused)


@dataclass(frozen=True)
class Report:
    """state: "shown"; "none": nobody; "few": fewer than 5 persons; "withheld": it would give a smaller count away.

    Without "shown" there are no tables and no numbers. cross: None also where it has too many cells to be read.
    satisfaction: what officers think of courses, retention: what they still know later, follow_up: what they use
    at work, None without "shown".
    sha256: of `figures()`.
    """

    filters: Filters
    state: State
    persons: int | None
    completions: int | None
    women_share: float | None
    mean_score: float | None
    tables: tuple[Table, ...]
    certificates: Table
    cross: Cross | None
    satisfaction: Satisfaction | None
    retention: Retention | None
    follow_up: FollowUp | None
    sha256: str
    standing: Standing

    def table(self, dimension: str) -> Table:
        """Return the table of a dimension, without lines if there is none."""
        return next((table for table in self.tables if table.dimension == dimension), Table(dimension, ()))

    @property
    def hides(self) -> bool:
        """Tell whether something is not shown."""
        cross = self.cross is not None and self.cross.hides
        return cross or self.certificates.hides or any(table.hides for table in self.tables)

    def figures(self) -> dict[str, Any]:
        """Return all that the hash is taken of, as JSON; what is not shown is null."""
        return _figures(self.filters, self.state, asdict(self))


def make_report(filters: Filters, counted: Counted, standing: Standing) -> Report:
    """Return the protected report."""
    state = _state(counted)
    shown = state == "shown"
    total = counted.total
    tables = tuple(_protected(name, counted) for name in DIMENSIONS) if shown else ()
    by_name = {table.dimension: table for table in tables}
    parts: dict[str, Any] = {
        "persons": total.persons if shown or state == "none" else None,
        "completions": total.completions if shown or state == "none" else None,
        "women_share": _women_share(by_name["sex"]) if shown else None,
        "mean_score": _rounded(counted.mean_score) if shown else None,
        "tables": tables,
        "certificates": _protected(CERTIFICATES, counted) if shown else Table(CERTIFICATES, ()),
        "cross": _cross(by_name[filters.rows], by_name[filters.columns], counted) if shown else None,
        "satisfaction": _satisfaction(filters, counted, by_name) if shown else None,
        "retention": _retention(counted, by_name) if shown else None,
        "follow_up": make_follow_up(counted.followed, _left_out(by_name)) if shown else None,
    }
    plain = {name: _plain(part) for name, part in parts.items()}
    return Report(filters, state, **parts, sha256=digest_of(_figures(filters, state, plain)), standing=standing)


_HASHED = (
    *("persons", "completions", "women_share", "mean_score", "tables", "certificates", "cross"),
    *("satisfaction", "retention", "follow_up"),
)


def _figures(filters: Filters, state: State, parts: Mapping[str, Any]) -> dict[str, Any]:
    figures = {"filters": asdict(filters), "state": state, **{name: parts[name] for name in _HASHED}}
    return {name: list(part) if isinstance(part, tuple) else part for name, part in figures.items()}


def _plain(part: Any) -> Any:
    if isinstance(part, tuple):
        return [asdict(one) for one in part]
    return asdict(part) if isinstance(part, (Table, Cross, Satisfaction, Retention, FollowUp)) else part


def _state(counted: Counted) -> State:
    if counted.told_apart:
        return "withheld"
    if not counted.total.persons:
        return "none"
    return "few" if is_small(counted.total.persons) else "shown"


def _protected(dimension: str, counted: Counted) -> Table:
    hidden = hidden_in(dimension, counted)
    if hidden is None:
        return Table(dimension, (), withheld=True)
    lines = (_nothing(one.value) if one.value in hidden else _line(one, counted) for one in counted.lines(dimension))
    return Table(dimension, tuple(lines))


def _line(count: Count, counted: Counted) -> Line:
    share = _rounded(count.persons / counted.total.persons) if counted.total.persons else None
    return Line(count.value, count.persons, count.completions, share)


def _nothing(value: str) -> Line:
    return Line(value, None, None)


def _women_share(sexes: Table) -> float | None:
    female = sexes.line("female")
    return female.share if female else None


def _cross(rows: Table, columns: Table, counted: Counted) -> Cross | None:
    if counted.cross is None:
        return None
    hidden = hidden_in_cross(rows.dimension, columns.dimension, counted)
    if hidden is None:
        return Cross(rows, columns, (), withheld=True)
    cells = tuple(tuple(_cell(row.value, at.value, counted, hidden) for at in columns.lines) for row in rows.lines)
    return Cross(rows, columns, cells)


def _cell(row: str, column: str, counted: Counted, hidden: frozenset[tuple[str, str]]) -> Line:
    if (row, column) in hidden:
        return _nothing(column)
    found = (counted.cross or {}).get((row, column), Count("", 0, 0))
    return _line(Count(column, found.persons, found.completions), counted)


def _satisfaction(filters: Filters, counted: Counted, tables: Mapping[str, Table]) -> Satisfaction:
    courses, languages = (
        {line.value: line.persons for line in tables[dimension].lines} for dimension in ("course", "language")
    )
    # Recorded when five are together, an answer may be of a later day than the exam.
    same_time = not (filters.since or filters.until)
    return make_satisfaction(counted.heard, courses, languages, rates=same_time)


def _retention(counted: Counted, tables: Mapping[str, Table]) -> Retention:
    return make_retention(counted.recalled, left_out=_left_out(tables))


def _left_out(tables: Mapping[str, Table]) -> bool:
    """Tell whether courses or languages are not shown, with which all that is counted of them is left out."""
    return tables["course"].hides or tables["language"].hides


def _rounded(share: float | None) -> float | None:
    """To four digits: the same text on every machine, and more than a share of persons can bear."""
    return None if share is None else round(share, 4)
