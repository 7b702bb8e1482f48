"""CSV for spreadsheets and programs: UTF-8 with its mark, one line a number, codes beside words.

Column names are English and stay what they are, so that a program can rely on them; labels are the reader's.
"""

import csv
import io
from dataclasses import astuple, fields

from elearn.core.exports.lines import ExportLine, every_line
from elearn.core.stats.report import Report
from elearn.core.stats.words import Words

BOM = "\ufeff"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = tuple(field.name for field in fields(ExportLine))


def defused(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: an apostrophe before what could be one."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def to_csv(report: Report, words: Words) -> bytes:
    """Return the report; the same report gives the same bytes."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in every_line(report, words):
        writer.writerow([_cell(value) for value in astuple(line)])
    return out.getvalue().encode()


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return defused(value) if isinstance(value, str) else repr(value)
