"""Laws of the sheet of officers: everything wrong is found in one go, by line; nothing readable is refused."""

import pytest

from elearn.core.roster.form import OfficerForm, filled, tidied
from elearn.core.roster.sheet import lines_said_twice, read_sheet
from elearn.core.roster.words import clean, name_problem

HEADER = "service_number,name,sex,country,agency,post,rank_band,role,language,pin\n"


def found(data: bytes) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.field, finding.code) for finding in read_sheet(data).findings]


def names(data: bytes) -> list[str]:
    sheet = read_sheet(data)
    assert sheet.findings == ()
    return [row.form.name for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_way_office_programs_write_csv_is_read(encoding: str, delimiter: str, line_end: str) -> None:
    rows = [["service_number", "name"], ["001", "សុខ ដារ៉ា"], ["002", "ສົມພອນ"], ["003", "ကျော်ကျော်"]]
    data = line_end.join(delimiter.join(row) for row in rows).encode(encoding)

    assert names(data) == ["សុខ ដារ៉ា", "ສົມພອນ", "ကျော်ကျော်"]
    assert [row.form.service_number for row in read_sheet(data).rows] == ["001", "002", "003"]


def test_excels_separator_line_is_no_header_and_still_counts_as_a_line() -> None:
    sheet = read_sheet(b"sep=;\nservice_number;name\n1;Sok\n2;\n")

    assert [row.line for row in sheet.rows] == [3]
    assert [(finding.line, finding.code) for finding in sheet.findings] == [(4, "name.missing")]


def test_a_quoted_cell_may_hold_the_delimiter_and_lines_are_counted_on() -> None:
    assert found(b'service_number,name\n1,"Sok, Dara"\n\n2,"Two\nlines"\n3,\n') == [
        (4, "name", "name.characters"),
        (6, "name", "name.missing"),
    ]


def test_headers_may_be_written_as_people_write_them() -> None:
    assert names(b"Service Number;NAME;Rank-Band\n1;Sok;Junior\n") == ["Sok"]


def test_words_for_values_are_understood() -> None:
    data = (HEADER + "1,Sok,F,Viet Nam,Border guard,Bavet,SENIOR,Trainer,Tiếng Việt,\n").encode()

    form = read_sheet(data).rows[0].form
    assert (form.sex, form.country, form.agency, form.rank_band) == ("female", "VN", "border-guard", "senior")
    assert (form.role, form.language, form.pin) == ("trainer", "vi", "")


def test_everything_wrong_in_a_row_is_named_at_once() -> None:
    data = (HEADER + "1 2;3,,x,FR,army,=A1,boss,king,fr,123\n").encode()

    assert sorted(field for _, field, _ in found(data)) == [
        "agency", "country", "language", "name", "pin", "post", "rank_band", "role", "service_number", "sex",
    ]  # fmt: skip
    assert {line for line, _, _ in found(data)} == {2}


def test_a_missing_column_is_named_with_what_stands_there() -> None:
    finding = read_sheet(b"number,name\n1,Sok\n").findings[0]

    assert (finding.line, finding.field, finding.code) == (1, "service_number", "import.column-missing")
    assert finding.value == "number, name"


def test_an_unknown_column_is_told_and_not_kept() -> None:
    sheet = read_sheet(b"service_number,name,e-mail\n1,Sok,sok@example.org\n")

    assert [(finding.code, finding.stops) for finding in sheet.findings] == [("import.column-unknown", False)]
    assert "example.org" not in str(sheet)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (1, "", "import.empty")),
        (b"\xef\xbb\xbf\n\n", (1, "", "import.empty")),
        (b"service_number,name\n1,Sok\n2,S\xe9b\n", (3, "", "import.encoding")),
        (b"\xff\xfea", (1, "", "import.encoding")),
        (b"service_number,name,name\n1,a,b\n", (1, "name", "import.column-double")),
        (b'service_number,name\n1,Sok\n2,"open\n', (3, "", "import.broken")),
        (b"service_number,name\n1,Sok,extra\n", (2, "", "import.too-many-cells")),
        (b"service_number,name\n1.23E+05,Sok\n", (2, "service_number", "service-number.scientific")),
        (b"service_number,name\n1,=HYPERLINK(1)\n", (2, "name", "name.formula")),
        (b"service_number,name\n1,@SUM\n", (2, "name", "name.formula")),
        (b"service_number,name\n1,a\x00b\n", (2, "name", "name.characters")),
        (b"PK\x03\x04\x14\x00\x06\x00", (1, "service_number", "import.column-missing")),
        (b"x" * 5_000_001, (1, "", "import.too-large")),
        (b"service_number,name\n" + b"1,a\n" * 20_001, (1, "", "import.too-many-rows")),
    ],
)
def test_a_broken_sheet_is_refused_with_line_and_reason(data: bytes, expected: tuple[int, str, str]) -> None:
    assert expected in found(data)
    assert any(finding.stops for finding in read_sheet(data).findings)


def test_leading_zeros_survive_as_excel_guards_them() -> None:
    sheet = read_sheet(b'service_number,name\n"=""00123""",Sok\n')

    assert [row.form.service_number for row in sheet.rows] == ["00123"]


def test_a_refused_pin_is_not_shown() -> None:
    assert "123456" not in str(read_sheet((HEADER + "1,Sok,,,,,,,,123456\n").encode()))


def test_a_second_line_for_an_officer_names_the_first() -> None:
    rows = read_sheet(b"service_number,name,agency\n1,A,customs\n1,B,police\n 1 ,A,\n2,C,\n").rows

    twice = list(lines_said_twice(rows, "customs"))

    assert [(finding.line, finding.value) for finding in twice] == [(4, "2")]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Sok \u00a0 Dara ", "Sok Dara"),
        ("Sok\u202eDara\u200b", "SokDara"),
        ("e\u0301lan", "\u00e9lan"),
        ("王　小明", "王 小明"),
        ("ကျော်", "ကျော်"),
        ("O'Neil-Vũ", "O'Neil-Vũ"),
    ],
)
def test_names_are_kept_in_one_clean_form(typed: str, name: str) -> None:
    assert clean(typed) == name
    assert name_problem(name) is None


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "a\u2028b", "\ue000a", "a\x7f", "a\ud800"])
def test_what_cannot_be_printed_is_no_name(name: str) -> None:
    assert name_problem(clean(name)) == "name.characters"


def test_blanks_are_filled_and_what_was_said_stays() -> None:
    form, problems = tidied(OfficerForm("1", "Sok", agency="police"))

    assert problems == {}
    assert filled(form, {"agency": "customs", "post": "Poipet"}) == OfficerForm(
        "1", "Sok", agency="police", post="Poipet"
    )
