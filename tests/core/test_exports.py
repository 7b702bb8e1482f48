"""Files of figures: the same bytes for the same report, safe in a spreadsheet, right in all scripts."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
import rfc8785

from elearn.core.exports.all import FORMATS
from elearn.core.exports.csv_export import COLUMNS, defused, to_csv
from elearn.core.exports.json_export import to_json
from elearn.core.exports.xlsx_export import to_xlsx
from elearn.core.stats.counted import Count, Counted
from elearn.core.stats.measures import DIMENSIONS, Filters
from elearn.core.stats.report import Report, Silent, Standing, make_report
from elearn.core.stats.words import Words
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.xapi.canonical import sha256_hex

FORMULA = '=HYPERLINK("http://x.invalid","+1")'
KHMER_POST = "ប៉ុស្តិ៍ព្រំដែនប៉ោយប៉ែត"
STANDING = Standing("node-1", "Huay Xai", "p" * 64, 1234, "0.1.0", collects=True)


def say(language: str, message: str, **values: object) -> str:
    return message % values if values else message


def words(language: str = "en") -> Words:
    return Words(language, say, {"interdiction": "Interdiction at borders"})


def counted(**changes: Any) -> Counted:
    lines = {
        "country": [Count("LA", 30, 33)],
        "agency": [Count("police", 3, 4), Count("customs", 7, 9), Count("other", 20, 20)],
        "post": [Count(FORMULA, 10, 12), Count("@SUM(A1)", 9, 10), Count(KHMER_POST, 11, 11)],
        "sex": [Count("female", 12, 13), Count("male", 18, 20)],
        "rank_band": [Count("junior", 30, 33), Count("", 0, 0)],
        "course": [Count("interdiction", 30, 33)],
        "language": [Count("km", 10, 11), Count("my", 20, 22)],
        "outcome": [Count("TA2-O4", 30, 33)],
        "area": [Count("TA2", 30, 33)],
        "period": [Count("2026-Q1", 14, 15), Count("2026-Q2", 16, 18)],
    }
    cross = {("other", "female"): Count("", 9, 9), ("other", "male"): Count("", 11, 11)}
    cross |= {("customs", "male"): Count("", 7, 9), ("police", "female"): Count("", 3, 4)}
    told = {
        "total": Count("", 30, 33),
        "mean_score": 0.87654321,
        "told_apart": False,
        "tables": lines,
        "certificates": [Count(state, 6, 6) for state in ("valid", "expiring", "expired", "revoked")],
        "cross": cross,
        "groups": {"outcome": {"interdiction": "TA2-O4"}, "area": {"interdiction": "TA2"}},
    }
    return Counted(**{**told, **changes})


@pytest.fixture
def report() -> Report:
    return make_report(Filters(by="quarter", on="2026-11-24", calendar="LA"), counted(), STANDING)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", sorted(FORMATS))
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_same_report_is_the_same_file(report: Report, kind: str, language: str) -> None:
    again = make_report(report.filters, counted(), STANDING)

    assert FORMATS[kind].write(report, words(language)) == FORMATS[kind].write(again, words(language))


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_other_figures_are_another_file(report: Report, kind: str) -> None:
    other = make_report(report.filters, counted(total=Count("", 31, 34)), STANDING)

    assert FORMATS[kind].write(report, words()) != FORMATS[kind].write(other, words())


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+855", "'+855"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("Poi=pet", "Poi=pet"),
        ("", ""),
        (KHMER_POST, KHMER_POST),
    ],
)
def test_what_a_spreadsheet_would_take_for_a_formula_is_defused(typed: str, written: str) -> None:
    assert defused(typed) == written


def test_csv_begins_with_its_mark_and_names_its_columns(report: Report) -> None:
    data = to_csv(report, words())

    assert data.startswith(b"\xef\xbb\xbftable,row,row_label,")
    assert data.endswith(b"\r\n")
    assert tuple(read_csv(data)[0]) == COLUMNS
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in read_csv(data) for cell in line.values())


def test_csv_has_codes_words_and_numbers_of_every_table(report: Report) -> None:
    lines = read_csv(to_csv(report, words()))

    found = {(line["table"], line["row"]): line for line in lines if line["table"] != "cross"}
    assert found[("sex", "female")]["row_label"] == "Female"
    assert (found[("sex", "female")]["officers"], found[("sex", "female")]["completions"]) == ("12", "13")
    assert found[("sex", "female")]["share"] == "0.4"
    assert found[("period", "2026-Q1")]["row_label"] == "Q1 2026"
    assert found[("post", KHMER_POST)]["officers"] == "11"
    assert found[("post", f"'{FORMULA}")]["row_label"] == f"'{FORMULA}"
    assert found[("summary", "total")]["officers"] == "30"
    assert found[("outcome", "TA2-O4")]["row_label"].startswith("TA2-O4 Officers on the main routes")
    assert found[("area", "TA2")]["row_label"] == "TA2 Cooperation in law enforcement"
    assert found[("about", "sha256")]["value"] == report.sha256
    assert found[("about", "position")]["value"] == STANDING.position
    assert found[("about", "standing")]["value"] == "confirmed"
    assert {line["table"] for line in lines} == {*DIMENSIONS, "certificate", "cross", "summary", "about"}


def test_what_is_hidden_is_in_no_file(report: Report) -> None:
    lines = read_csv(to_csv(report, words()))
    hidden = [line for line in lines if line["shown"] == "no"]

    assert {(line["table"], line["row"]) for line in hidden} >= {("agency", "police"), ("agency", "customs")}
    assert all((line["officers"], line["completions"], line["share"]) == ("", "", "") for line in hidden)
    figures = json.loads(to_json(report, words()))["figures"]
    agencies = next(table for table in figures["tables"] if table["dimension"] == "agency")["lines"]
    assert [line["persons"] for line in agencies] == [None, None, 20]
    assert [line["completions"] for line in agencies] == [None, None, 20]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_report_of_fewer_than_five_has_no_number_in_any_file(kind: str) -> None:
    few = counted(total=Count("", 4, 77), mean_score=0.654)
    found = make_report(Filters(on="2026-11-24", calendar="LA"), few, replace(STANDING, entries=0))

    data = FORMATS[kind].write(found, words()).decode()

    assert found.state == "few"
    assert "77" not in data.replace(found.sha256, "")
    assert "0.654" not in data


def test_json_can_be_checked_by_anybody(report: Report) -> None:
    document = json.loads(to_json(report, words()))

    assert sha256_hex(rfc8785.dumps(document["figures"])) == document["sha256"] == report.sha256
    assert document["standing"]["confirmed"] is True
    assert document["labels"]["course"] == {"interdiction": "Interdiction at borders"}


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_xlsx_has_a_sheet_a_table_with_numbers_as_numbers(report: Report) -> None:
    found = sheets(to_xlsx(report, words()))

    assert list(found)[:3] == ["About this report", "Summary", "Service × Sex"]
    assert len(found) == len(DIMENSIONS) + 4
    assert ("Female", 12, 13, 0.4) in [row[:4] for row in found["Sex"]]
    assert ("Police", "not shown", "not shown", "not shown") in [row[:4] for row in found["Service"]]
    assert found["Period"][1][:4] == ("Q1 2026", 14, 15, 0.4667)
    assert found["Period"][1][4].date() == date(2026, 1, 1)
    about = {row[0]: row[1] for row in found["About this report"]}
    assert about["Certificates as of"].date() == date(2026, 11, 24)
    assert report.sha256 in [row[1] for row in found["About this report"]]


def test_xlsx_has_no_formula_whatever_a_post_is_called(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report, words())))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert FORMULA in [cell.value for cell in cells]
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


def test_how_many_entries_there_are_is_a_number_not_a_day(report: Report) -> None:
    about = sheets(to_xlsx(report, words()))["About this report"]

    assert dict(row[:2] for row in about)["Entries in the ledger"] == report.standing.entries


def test_sheets_keep_different_names_however_long_their_titles(report: Report) -> None:
    def long_winded(language: str, message: str, **values: object) -> str:
        return f"[{'ຄ' * 40}]:*?/\\"

    found = sheets(to_xlsx(report, Words("lo", long_winded, {})))

    assert len(found) == len(DIMENSIONS) + 4
    assert all(0 < len(name) <= 31 for name in found)


def test_silent_posts_and_why_it_is_provisional_are_in_every_file() -> None:
    silent = (Silent("n", "Mae Sai", "2026-01-05T00:00:00.000000Z"),)
    found = make_report(Filters(on="2026-11-24", calendar="LA"), counted(), replace(STANDING, silent=silent))

    for kind in ("csv", "json"):
        data = FORMATS[kind].write(found, words()).decode()
        assert "Mae Sai" in data
        assert "2026-01-05T00:00:00.000000Z" in data
        assert "Provisional: posts silent for more than 30 days: 1." in data
    assert "Mae Sai" in str(sheets(to_xlsx(found, words())))


def test_the_hash_is_of_figures_and_not_of_who_made_them(report: Report) -> None:
    elsewhere = make_report(report.filters, counted(), Standing("node-2", "Hub", "q" * 64, 9, "0.2.0", waiting=3))

    assert elsewhere.sha256 == report.sha256
    assert make_report(replace(report.filters, sex="male"), counted(), STANDING).sha256 != report.sha256
