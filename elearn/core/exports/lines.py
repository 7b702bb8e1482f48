"""A report as flat lines: what the CSV holds, and what the other formats take their tables from."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from elearn.core.stats.followup import FollowedLine, FollowUp
from elearn.core.stats.measures import DIMENSIONS
from elearn.core.stats.report import Cross, Line, Report, Table
from elearn.core.stats.retention import TOTAL, Retention
from elearn.core.stats.satisfaction import Opinion, Satisfaction
from elearn.core.stats.words import Words
from elearn.core.vocab.followup import STOPPED

CROSS = "cross"
SUMMARY = "summary"
ABOUT = "about"
SATISFACTION = "satisfaction"
RETENTION = "retention"
FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class ExportLine:
    """One line. table: dimension, "certificate", "cross", "summary" or "about", or what `satisfaction_lines`,
    `retention_lines` and `follow_up_lines` yield.

    row, column: codes, their labels in the reader's language. officers, completions, share: numbers, None where they do
    not apply or are not shown; value: anything else; shown: "yes" or "no"."""

    table: str
    row: str
    row_label: str
    column: str = ""
    column_label: str = ""
    officers: int | None = None
    completions: int | None = None
    share: float | None = None
    value: str | float | None = None
    shown: str = "yes"


def about_lines(report: Report, words: Words) -> Iterator[ExportLine]:
    """Yield filters, hash, position and standing."""
    standing, filters = report.standing, report.filters
    facts: dict[str, str | int] = {
        "standing": "confirmed" if standing.confirmed else "provisional",
        "sha256": report.sha256,
        "position": standing.position,
        "entries": standing.entries,
        "node": standing.name,
        "version": standing.version,
        **{name: value for name, value in asdict(filters).items() if value},
    }
    for name, fact in facts.items():
        yield ExportLine(ABOUT, name, words.name(name), value=fact)
    about_answers = words.retention(report.retention) if report.retention else []
    about_answers += words.follow_up(report.follow_up) if report.follow_up else []
    about_answers += words.satisfaction(report.satisfaction) if report.satisfaction else []
    for sentence in dict.fromkeys((*words.standing(standing), words.protection(report), *about_answers)):
        if sentence:
            yield ExportLine(ABOUT, "note", sentence)
    for post in standing.silent:
        yield ExportLine(ABOUT, "silent", words.name("silent"), post.node, post.name, value=post.since)


def summary_lines(report: Report, words: Words) -> Iterator[ExportLine]:
    """Yield the headline numbers. They are there, unshown, for a report that may not show them."""
    shown = "yes" if report.persons is not None else "no"
    total = words.name("total")
    yield ExportLine(SUMMARY, "total", total, officers=report.persons, completions=report.completions, shown=shown)
    for name, share in (("women_share", report.women_share), ("mean_score", report.mean_score)):
        there = "yes" if share is not None or report.state == "none" else "no"
        yield ExportLine(SUMMARY, name, words.name(name), value=share, shown=there)


def table_lines(table: Table, words: Words) -> Iterator[ExportLine]:
    """Yield the lines of one dimension; one unshown line without a row for a table that is withheld."""
    if table.withheld:
        yield ExportLine(table.dimension, "", "", shown="no")
    for line in table.lines:
        label = words.of(table.dimension, line.value)
        yield _numbered(line, ExportLine(table.dimension, line.value, label))


def cross_lines(cross: Cross, words: Words) -> Iterator[ExportLine]:
    """Yield the cells of the table of two dimensions; its totals stand in the one-way tables."""
    if cross.withheld:
        yield ExportLine(CROSS, "", "", shown="no")
    for row, cells in zip(cross.rows.lines, cross.cells, strict=False):
        for cell in cells:
            labels = words.of(cross.rows.dimension, row.value), words.of(cross.columns.dimension, cell.value)
            yield _numbered(cell, ExportLine(CROSS, row.value, labels[0], cell.value, labels[1]))


def satisfaction_lines(found: Satisfaction, words: Words) -> Iterator[ExportLine]:
    """Yield the satisfaction forms: in all ("satisfaction"), by course and language ("satisfaction_course", ...), each
    with how many answers, the share who answered, and mean (value) and share of 4 and 5 of every statement; and what
    would have helped most ("satisfaction_helped")."""
    if found.total is not None:
        yield from _opinion(SATISFACTION, found.total, words.name("total"), words)
    for dimension, opinions in (("course", found.courses), ("language", found.languages)):
        for one in opinions:
            yield from _opinion(f"{SATISFACTION}_{dimension}", one, words.of(dimension, one.value), words)
    for choice in found.helped:
        label = words.of("helped", choice.value)
        head = ExportLine(f"{SATISFACTION}_helped", choice.value, label, "answers", words.name("answers"))
        yield replace(head, value=choice.answers, share=choice.share)


def _opinion(table: str, one: Opinion, label: str, words: Words) -> Iterator[ExportLine]:
    head = ExportLine(table, one.value, label)
    yield replace(head, column="answers", column_label=words.name("answers"), value=one.answers)
    rate = replace(head, column="response_rate", column_label=words.name("response_rate"), share=one.rate)
    yield replace(rate, shown="no" if one.rate is None else "yes")
    for item, mean in one.means.items():
        yield replace(head, column=item, column_label=words.of("item", item), value=mean, share=one.high[item])


def retention_lines(found: Retention, words: Words) -> Iterator[ExportLine]:
    """Yield what officers still know: in all ("retention"), by course and by language ("retention_course", ...).

    column: days after the exam; officers: asked; value: how many answers; share: of right ones.
    """
    for dimension in (TOTAL, "course", "language"):
        table = RETENTION if dimension == TOTAL else f"{RETENTION}_{dimension}"
        for line in found.lines(dimension):
            label = words.name(TOTAL) if dimension == TOTAL else words.of(dimension, line.value)
            head = ExportLine(table, line.value, label, str(line.window), words.after_days(line.window))
            shown = "no" if line.persons is None else "yes"
            yield replace(head, officers=line.persons, value=line.asked, share=line.share, shown=shown)


def follow_up_lines(found: FollowUp, words: Words) -> Iterator[ExportLine]:
    """Yield what officers use at work: in all ("follow_up"), by course and by language ("follow_up_course", ...).

    column: "due", "answers" (share: of those due) and "observed", with officers; "used", "seen" and what stopped them
    (as "stopped_time"), with the share of those who answered, or of whom a colleague spoke.
    """
    if found.total is not None:
        yield from _followed(FOLLOW_UP, found.total, words.name(TOTAL), words)
    for dimension, lines in (("course", found.courses), ("language", found.languages)):
        for line in lines:
            yield from _followed(f"{FOLLOW_UP}_{dimension}", line, words.of(dimension, line.value), words)


def _followed(table: str, line: FollowedLine, label: str, words: Words) -> Iterator[ExportLine]:
    head = ExportLine(table, line.value, label)
    counts = (("due", line.due, None), ("answers", line.answered, line.rate), ("observed", line.observed, None))
    for name, persons, share in counts:
        shown = "no" if persons is None else "yes"
        yield replace(
            head, column=name, column_label=words.name(_named(name)), officers=persons, share=share, shown=shown
        )
    for name in ("used", "seen", *STOPPED):
        column, label = (f"stopped_{name}", words.of("stopped", name)) if name in STOPPED else (name, words.name(name))
        is_hidden = (line.observed if name == "seen" else line.answered) is None
        found = replace(head, column=column, column_label=label, share=line.shares.get(name))
        yield replace(found, shown="no" if is_hidden else "yes")


def _named(stage: str) -> str:
    return "officers_asked" if stage == "due" else stage


def every_line(report: Report, words: Words) -> Iterator[ExportLine]:
    """Yield the whole report."""
    yield from about_lines(report, words)
    yield from summary_lines(report, words)
    for dimension in DIMENSIONS:
        yield from table_lines(report.table(dimension), words)
    yield from table_lines(report.certificates, words)
    if report.cross is not None:
        yield from cross_lines(report.cross, words)
    if report.satisfaction is not None:
        yield from satisfaction_lines(report.satisfaction, words)
    if report.retention is not None:
        yield from retention_lines(report.retention, words)
    if report.follow_up is not None:
        yield from follow_up_lines(report.follow_up, words)


def _numbered(line: Line, head: ExportLine) -> ExportLine:
    shown = "no" if line.persons is None else "yes"
    return replace(head, officers=line.persons, completions=line.completions, share=line.share, shown=shown)
