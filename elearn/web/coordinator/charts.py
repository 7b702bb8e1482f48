"""Bars of a table as numbers a template can draw: widths in percent, so that text keeps its size on every screen.

Each bar has its label and its number written at it: it reads the same in black and white.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from elearn.core.search.clusters import CLUSTER
from elearn.core.stats.report import Line, Table
from elearn.core.stats.words import Words

ROW_PX = 56
MOST_BARS = 16
WIDEST = 78.0
"""Percent of the drawing; the rest is for the number at the end of the longest bar."""

LONGEST_LABEL = 34.0
"""In widths of a Latin letter: what a telephone has room for."""


@dataclass(frozen=True)
class Bar:
    """label: cut to fit, full: not cut; width: percent; number: in words; hidden: not shown; top: px."""

    label: str
    full: str
    width: float
    number: str
    hidden: bool
    top: int


@dataclass(frozen=True)
class Chart:
    """Bars from top to bottom. left_out: how many lines have no bar here because there are too many."""

    bars: tuple[Bar, ...]
    height: int
    left_out: int


def chart(table: Table, words: Words) -> Chart:
    """Return the bars of a table; of a long one the longest, in the order of the table."""
    lines = _chosen(table.lines)
    largest = max((line.persons or 0 for line in lines), default=0) or 1
    bars = tuple(_bar(line, at, largest, table.dimension, words) for at, line in enumerate(lines))
    return Chart(bars, ROW_PX * len(bars), len(table.lines) - len(bars))


def measured(values: Sequence[tuple[str, float, str]], largest: float) -> Chart:
    """Return bars of measures that are always shown. values: (label, value, number in words); largest: a full bar."""
    bars = tuple(
        Bar(cut(full), full, round(WIDEST * value / largest, 2), number, False, at * ROW_PX)
        for at, (full, value, number) in enumerate(values)
    )
    return Chart(bars, ROW_PX * len(bars), 0)


def _chosen(lines: tuple[Line, ...]) -> list[Line]:
    if len(lines) <= MOST_BARS:
        return list(lines)
    # Hidden lines are left out as a whole: their place among the others would tell their size.
    by_size = sorted((line for line in lines if line.persons is not None), key=lambda line: -(line.persons or 0))
    kept = {line.value for line in by_size[:MOST_BARS]}
    return [line for line in lines if line.value in kept]


def _bar(line: Line, at: int, largest: int, dimension: str, words: Words) -> Bar:
    full = words.of(dimension, line.value)
    return Bar(
        label=cut(full),
        full=full,
        width=round(WIDEST * (line.persons or 0) / largest, 2),
        number=words.not_shown if line.persons is None else words.number(line.persons),
        hidden=line.persons is None,
        top=at * ROW_PX,
    )


def cut(text: str) -> str:
    """Return the text, or as much of it as fits a label and an ellipsis; never cut inside a letter and its marks."""
    used = 0.0
    kept: list[str] = []
    for cluster in CLUSTER.findall(text):
        used += _width(cluster)
        if used > LONGEST_LABEL:
            return "".join(kept[:-1]).rstrip() + "…"
        kept.append(cluster)
    return text


def _width(cluster: str) -> float:
    if unicodedata.east_asian_width(cluster[0]) in {"W", "F"}:
        return 2.0
    return 1.0 if ord(cluster[0]) < 0x370 or 0x1E00 <= ord(cluster[0]) < 0x2C00 else 1.5
