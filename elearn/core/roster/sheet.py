"""Reads a sheet of officers: CSV as Excel, LibreOffice and people write it, into forms with their lines.

Nothing is guessed about content: every cell is kept as typed, everything wrong is found in one go.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from elearn.core.roster.form import FIELDS, REQUIRED, OfficerForm, tidied

LARGEST_BYTES = 5_000_000
MOST_ROWS = 20_000
DELIMITERS = (";", ",", "\t")

# Excel writes ="00123" so that leading zeros stay: that is a text. Any other formula is not, and is found below.
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class RosterFinding:
    """One thing to say about a sheet. line: from 1, where the row begins; field: column name, "" for the whole row;
    code: stable; value: what stands there; stops: nothing is taken from the sheet until it is mended."""

    line: int
    field: str
    code: str
    value: str = ""
    stops: bool = True


@dataclass(frozen=True)
class SheetRow:
    """One officer of a sheet, in clean form, and the line where the row begins."""

    line: int
    form: OfficerForm


@dataclass(frozen=True)
class Sheet:
    """What was read. rows: the sound ones, by line; findings: by line."""

    rows: tuple[SheetRow, ...]
    findings: tuple[RosterFinding, ...]


def read_sheet(data: bytes) -> Sheet:
    """Return the officers of a sheet. UTF-8 with or without a mark, or UTF-16 with one; ";", "," or tab.

    Codes of findings: import.too-large, .encoding, .empty, .broken, .column-missing, .column-double,
    .column-unknown (does not stop), .too-many-cells, .too-many-rows, service-number.scientific, and those of `tidied`.
    """
    if len(data) > LARGEST_BYTES:
        return _refused(RosterFinding(1, "", "import.too-large", str(len(data))))
    try:
        text = sheet_text(data)
    except UnicodeDecodeError as error:
        broken = data[error.start : error.start + 4].hex(" ")
        return _refused(RosterFinding(data[: error.start].count(b"\n") + 1, "", "import.encoding", broken))
    records, findings = _records(text)
    if not records:
        return _refused(*findings, RosterFinding(1, "", "import.empty"))
    header_line, header = records[0]
    columns, wrong = _columns(header_line, header)
    findings += wrong
    if any(finding.stops for finding in findings):
        return _refused(*findings)
    if len(records) - 1 > MOST_ROWS:
        return _refused(RosterFinding(1, "", "import.too-many-rows", str(len(records) - 1)))
    rows = []
    for line, cells in records[1:]:
        form, wrong = _form(line, cells, columns)
        findings += wrong
        if form:
            rows.append(SheetRow(line, form))
    return Sheet(tuple(rows), tuple(sorted(findings, key=lambda found: found.line)))


def sheet_text(data: bytes, errors: str = "strict") -> str:
    """Return the sheet as text, read as `read_sheet` does. errors: of bytes.decode; "replace" shows a broken one."""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors)


def _refused(*findings: RosterFinding) -> Sheet:
    return Sheet((), findings)


def _records(text: str) -> tuple[list[tuple[int, list[str]]], list[RosterFinding]]:
    """All rows that are not blank, each with the line where it begins."""
    skipped = 0
    first, _, rest = text.partition("\n")
    delimiter = max(DELIMITERS, key=first.count)
    if first.strip().lower().startswith("sep="):
        delimiter, text, skipped = (first.strip()[4:5] or "\t"), rest, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((begins + skipped, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        return records, [RosterFinding(begins + skipped, "", "import.broken", str(error))]
    return records, []


def _columns(line: int, header: list[str]) -> tuple[list[str], list[RosterFinding]]:
    """The field of each column, "" for one that is not kept."""
    names = ["_".join(name.strip().lower().replace("-", " ").replace("_", " ").split()) for name in header]
    missing = [name for name in REQUIRED if name not in names]
    double = sorted({name for name in names if name and names.count(name) > 1})
    unknown = [name for name in names if name and name not in FIELDS]
    findings = [RosterFinding(line, name, "import.column-missing", ", ".join(header)[:200]) for name in missing]
    findings += [RosterFinding(line, name, "import.column-double", name) for name in double]
    findings += [RosterFinding(line, name, "import.column-unknown", name, stops=False) for name in unknown]
    return [name if name in FIELDS else "" for name in names], findings


def _form(line: int, cells: list[str], columns: list[str]) -> tuple[OfficerForm | None, list[RosterFinding]]:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return None, [RosterFinding(line, "", "import.too-many-cells", str(len(cells)))]
    said = {name: _cell(cell) for name, cell in zip(columns, cells, strict=False) if name}
    form, problems = tidied(OfficerForm(**{name: said.get(name, "") for name in FIELDS}))
    if _SCIENTIFIC.fullmatch(said.get("service_number", "")):
        problems["service_number"] = "service-number.scientific"
    # A PIN is not shown again, on no page and in no log.
    findings = [
        RosterFinding(line, field, code, "" if field == "pin" else said.get(field, "")[:100])
        for field, code in problems.items()
    ]
    return (None if findings else form), findings


def _cell(text: str) -> str:
    quoted = _QUOTED_FORMULA.fullmatch(text.strip())
    return quoted.group(1) if quoted else text.strip(" \t\r\n\u00a0")


def lines_said_twice(rows: tuple[SheetRow, ...], agency: str) -> Iterator[RosterFinding]:
    """Yield a finding for each row whose officer stood in an earlier one. agency: of rows that name none."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.form.agency or agency, row.form.service_number)
        if key in first:
            yield RosterFinding(row.line, "service_number", "import.double", str(first[key]))
        first.setdefault(key, row.line)
