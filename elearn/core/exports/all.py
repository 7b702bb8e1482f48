"""The list of exports. A new one is one file beside this and one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from elearn.core.exports.csv_export import to_csv
from elearn.core.exports.json_export import to_json
from elearn.core.exports.xlsx_export import to_xlsx
from elearn.core.stats.report import Report
from elearn.core.stats.words import Words


@dataclass(frozen=True)
class Format:
    """One file format. write: the same report and words give the same bytes."""

    content_type: str
    write: Callable[[Report, Words], bytes]


FORMATS: dict[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", to_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
    "json": Format("application/json", to_json),
}
