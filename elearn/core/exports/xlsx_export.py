"""XLSX for people: a sheet a table, real numbers, percents and dates, and a sheet that says what the figures rest on.

Everything is written as text or number, never as a formula. Kept in memory: a report holds sums, never officers, so
it stays small however many there are.
"""

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from elearn.core.exports.lines import ExportLine, about_lines, summary_lines, table_lines
from elearn.core.stats.followup import FollowedLine, FollowUp
from elearn.core.stats.measures import DIMENSIONS, PERIOD
from elearn.core.stats.report import Cross, Report, Table
from elearn.core.stats.retention import TOTAL, Recalled, Retention
from elearn.core.stats.satisfaction import Opinion, Satisfaction
from elearn.core.stats.words import Words
from elearn.core.vocab.followup import STOPPED
from elearn.core.vocab.retention import WINDOWS
from elearn.core.vocab.satisfaction import ITEMS

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_DATES = ("since", "until", "on")


def to_xlsx(report: Report, words: Words) -> bytes:
    """Return the workbook; the same report gives the same bytes."""
    # Takes a tenth of a second to load, which a post should not pay at every start.
    import xlsxwriter

    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made_on = datetime.combine(date.fromisoformat(report.filters.on), datetime.min.time())
    # The day of the report, not the clock: otherwise no two files would be the same.
    workbook.set_properties({"created": made_on, "title": words.name("about"), "comments": report.sha256})
    book = _Book(workbook, words)
    book.about(report)
    book.lines("summary", list(summary_lines(report, words)), PERIOD)
    if report.cross is not None:
        book.cross(report.cross)
    for dimension in DIMENSIONS:
        book.table(report.table(dimension))
    book.table(report.certificates)
    if report.satisfaction is not None and report.satisfaction.state == "shown":
        book.satisfaction(report.satisfaction)
    if report.retention is not None and report.retention.state == "shown":
        book.retention(report.retention)
    if report.follow_up is not None and report.follow_up.state == "shown":
        book.follow_up(report.follow_up)
    workbook.close()
    return out.getvalue()


class _Book:
    """A workbook being filled."""

    def __init__(self, workbook: Any, words: Words) -> None:
        self._workbook = workbook
        self._words = words
        self._names: set[str] = set()
        head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        self._head = workbook.add_format(head)
        self._wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self._count = workbook.add_format({"num_format": "0", "align": "left", "valign": "top"})
        self._whole = workbook.add_format({"num_format": "0"})
        self._percent = workbook.add_format({"num_format": "0.0%"})
        self._mean = workbook.add_format({"num_format": "0.00"})
        self._soft = workbook.add_format({"italic": True, "align": "right", "font_color": "#666666"})

    def about(self, report: Report) -> None:
        """Write filters, hash, position, standing."""
        sheet = self._sheet(self._words.name("about"))
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 2, 70)
        for at, line in enumerate(about_lines(report, self._words)):
            if line.row == "note":
                sheet.merge_range(at, 0, at, 1, "", self._wrapped)
                sheet.write_string(at, 0, line.row_label, self._wrapped)
                continue
            sheet.write_string(at, 0, line.row_label, self._head)
            self._fact(sheet, at, line)

    def _fact(self, sheet: Any, at: int, line: ExportLine) -> None:
        if line.row in _DATES:
            sheet.write_datetime(at, 1, datetime.fromisoformat(str(line.value)), self._day)
        elif line.row == "silent":
            sheet.write_string(at, 1, line.column_label, self._wrapped)
            sheet.write_string(at, 2, str(line.value))
        elif isinstance(line.value, (int, float)):
            sheet.write_number(at, 1, line.value, self._count)
        else:
            sheet.write_string(at, 1, self._in_words(line.row, str(line.value)), self._wrapped)

    def _in_words(self, name: str, value: str) -> str:
        if name in {"rows", "columns", "by"}:
            return self._words.name(value)
        if name == "standing":
            return self._words.standing_word(value)
        return self._words.of("country" if name == "calendar" else name, value)

    def table(self, table: Table) -> None:
        """Write one dimension."""
        self.lines(table.dimension, list(table_lines(table, self._words)), table.dimension)

    def lines(self, name: str, lines: list[ExportLine], dimension: str) -> None:
        """Write lines as a table: label, officers, exams, share; the code of a period beside it as a date."""
        words = self._words
        sheet = self._sheet(words.name(name))
        heads = [words.name(name), words.name("officers"), words.name(_second(name)), words.name("share")]
        self._heads(sheet, heads)
        for at, line in enumerate(lines, 1):
            sheet.write_string(at, 0, line.row_label or words.not_shown, self._wrapped)
            share = line.value if isinstance(line.value, float) else line.share
            numbers = ((line.officers, self._whole), (line.completions, self._whole), (share, self._percent))
            for column, (value, style) in enumerate(numbers, 1):
                if value is not None:
                    sheet.write_number(at, column, value, style)
                elif line.shown == "no":
                    sheet.write_string(at, column, words.not_shown, self._soft)
            if name == dimension == PERIOD and line.row:
                sheet.write_datetime(at, 4, _first_day(line.row), self._day)

    def cross(self, cross: Cross) -> None:
        """Write officers of both dimensions with totals, and below them exams passed."""
        words = self._words
        title = f"{words.name(cross.rows.dimension)} × {words.name(cross.columns.dimension)}"
        sheet = self._sheet(title)
        if cross.withheld:
            sheet.write_string(0, 0, words.not_shown, self._soft)
            return
        below = self._grid(sheet, 0, cross, "officers", lambda line: line.persons)
        self._grid(sheet, below + 1, cross, "completions", lambda line: line.completions)

    def _grid(self, sheet: Any, top: int, cross: Cross, measure: str, of: Callable[[Any], int | None]) -> int:
        words = self._words
        labels = [words.of(cross.columns.dimension, line.value) for line in cross.columns.lines]
        self._heads(sheet, [words.name(measure), *labels, words.name("total")], top)
        for at, (row, cells) in enumerate(zip(cross.rows.lines, cross.cells, strict=True), top + 1):
            sheet.write_string(at, 0, words.of(cross.rows.dimension, row.value), self._wrapped)
            for column, line in enumerate((*cells, row), 1):
                self._whole_or_hidden(sheet, at, column, of(line))
        last = top + 1 + len(cross.rows.lines)
        sheet.write_string(last, 0, words.name("total"), self._head)
        for column, line in enumerate(cross.columns.lines, 1):
            self._whole_or_hidden(sheet, last, column, of(line))
        return last + 1

    def satisfaction(self, found: Satisfaction) -> None:
        """Write the forms: a line for each course and language, with mean and share of every statement."""
        words = self._words
        sheet = self._sheet(words.name("satisfaction"))
        statements = [words.of("item", item) for item in ITEMS]
        measures = [f"{statement} {words.name(name)}" for statement in statements for name in ("mean", "high")]
        self._heads(sheet, [words.name("course"), words.name("answers"), words.name("response_rate"), *measures])
        named = [(words.of("course", one.value), one) for one in found.courses]
        named += [(words.of("language", one.value), one) for one in found.languages]
        named += [(words.name("total"), found.total)] if found.total else []
        for at, (label, one) in enumerate(named, 1):
            self._opinion(sheet, at, label, one)
        top = len(named) + 2
        self._heads(sheet, [words.name("helped"), words.name("answers"), words.name("share_of_answers")], top)
        for at, choice in enumerate(found.helped, top + 1):
            sheet.write_string(at, 0, words.of("helped", choice.value), self._wrapped)
            sheet.write_number(at, 1, choice.answers, self._whole)
            sheet.write_number(at, 2, choice.share, self._percent)

    def _opinion(self, sheet: Any, at: int, label: str, one: Opinion) -> None:
        sheet.write_string(at, 0, label, self._wrapped)
        sheet.write_number(at, 1, one.answers, self._whole)
        if one.rate is not None:
            sheet.write_number(at, 2, one.rate, self._percent)
        for column, item in enumerate(ITEMS):
            sheet.write_number(at, 3 + 2 * column, one.means[item], self._mean)
            sheet.write_number(at, 4 + 2 * column, one.high[item], self._percent)

    def retention(self, found: Retention) -> None:
        """Write what officers still know: a line for each course and language, three columns for each window."""
        words = self._words
        sheet = self._sheet(words.name("retention"))
        measures = ("share_right", "officers_asked", "answers")
        heads = [f"{words.name(name)} {words.after_days(window)}" for window in WINDOWS for name in measures]
        self._heads(sheet, [words.name("course"), *heads])
        at = 0
        for dimension in ("course", "language", TOTAL):
            for value, windows in found.rows(dimension).items():
                at += 1
                label = words.name(TOTAL) if dimension == TOTAL else words.of(dimension, value)
                sheet.write_string(at, 0, label, self._wrapped)
                for place, window in enumerate(WINDOWS):
                    if window in windows:
                        self._recalled(sheet, at, 1 + 3 * place, windows[window])

    def _recalled(self, sheet: Any, at: int, column: int, line: Recalled) -> None:
        if line.share is not None:
            sheet.write_number(at, column, line.share, self._percent)
        self._whole_or_hidden(sheet, at, column + 1, line.persons)
        self._whole_or_hidden(sheet, at, column + 2, line.asked)

    def follow_up(self, found: FollowUp) -> None:
        """Write what officers use at work: a line for each course and language, officers and shares."""
        words = self._words
        sheet = self._sheet(words.name("follow_up"))
        stopped = [f"{words.name('stopped')}: {words.of('stopped', one)}" for one in STOPPED]
        names = ("officers_asked", "answers", "response_rate", "used", "observed", "seen")
        self._heads(sheet, [words.name("course"), *map(words.name, names), *stopped])
        named = [(words.of("course", line.value), line) for line in found.courses]
        named += [(words.of("language", line.value), line) for line in found.languages]
        named += [(words.name(TOTAL), found.total)] if found.total else []
        for at, (label, line) in enumerate(named, 1):
            sheet.write_string(at, 0, label, self._wrapped)
            self._followed(sheet, at, line)

    def _followed(self, sheet: Any, at: int, line: FollowedLine) -> None:
        for column, persons in ((1, line.due), (2, line.answered), (5, line.observed)):
            self._whole_or_hidden(sheet, at, column, persons)
        shares = {3: line.rate, 4: line.shares.get("used"), 6: line.shares.get("seen")}
        shares |= {column: line.shares.get(one) for column, one in enumerate(STOPPED, 7)}
        for column, share in shares.items():
            if share is not None:
                sheet.write_number(at, column, share, self._percent)

    def _whole_or_hidden(self, sheet: Any, at: int, column: int, value: int | None) -> None:
        if value is None:
            sheet.write_string(at, column, self._words.not_shown, self._soft)
        else:
            sheet.write_number(at, column, value, self._whole)

    def _heads(self, sheet: Any, heads: list[str], top: int = 0) -> None:
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, max(4, len(heads)), 16)
        for column, head in enumerate(heads):
            sheet.write_string(top, column, head, self._head)
        if not top:
            sheet.freeze_panes(1, 1)

    def _sheet(self, title: str) -> Any:
        """Add a sheet; a translated title may be too long, hold forbidden signs, or be there already."""
        name = _NOT_IN_NAMES.sub(" ", title).strip()[:_LONGEST_NAME] or "-"
        number = 1
        while name.casefold() in self._names:
            number += 1
            name = f"{name[: _LONGEST_NAME - 3]} {number}"
        self._names.add(name.casefold())
        return self._workbook.add_worksheet(name)


def _second(name: str) -> str:
    return "certificates" if name == "certificate" else "completions"


def _first_day(code: str) -> datetime:
    year, _, part = code.partition("-")
    months = {"Q": 3, "S": 6}.get(part[:1])
    month = months * (int(part[1:]) - 1) + 1 if months else int(part or 1)
    return datetime(int(year), month, 1)  # noqa: DTZ001 - a day in a sheet has no zone
