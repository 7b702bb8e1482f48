"""A table as a value: its name, key, columns and indexes. Stores make real ones from these.

Declaring tables here and not in SQL keeps every store (SQLite, memory, later PostgreSQL) to one small contract.
Projection tables are dropped and rebuilt when ``version`` rises; kept tables change by numbered migrations only.
"""

from dataclasses import dataclass
from typing import Any, Literal

ColumnType = Literal["text", "integer", "real", "json", "blob"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table. ``key`` names the columns that identify a row; every column holds its type or None."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, ColumnType]
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    version: int = 1
    unordered: bool = False
    """Rows are kept by their key alone: nothing says which of them came first."""

    def __hash__(self) -> int:
        return hash((self.name, self.version))


@dataclass(frozen=True)
class Span:
    """A half-open range in a `where`: at_least <= column < before; None leaves a side open."""

    at_least: Any = None
    before: Any = None


Where = dict[str, Any]
"""Column -> value (equal; None = is null), tuple of values (one of them), or Span."""
