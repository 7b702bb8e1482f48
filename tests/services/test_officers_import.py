"""Laws of importing a sheet: whole or not at all, nobody deleted, nobody swapped, start PINs given once."""

from pathlib import Path

import pytest
from account_scenes import CHIEF_PIN, FORM, PC, CountedPasswords, added, chief, entered, post, verbs

from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.pins import pin_problem
from elearn.core.vocab.roles import Role
from elearn.services.accounts import change_pin, session
from elearn.services.node import Node
from elearn.services.officers import deactivate, officer, officers, set_role
from elearn.services.officers_import import ImportReport, import_officers

HEADER = "service_number,name,sex,country,agency,post,rank_band,role,language,pin\n"


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return post(tmp_path)


def taken(node: Node, rows: str, **how: bool) -> ImportReport:
    return import_officers(node, chief(node), (HEADER + rows).encode(), **how)


def counts(report: ImportReport) -> tuple[int, int, int, bool]:
    return report.added, report.changed, report.unchanged, report.done


def found(report: ImportReport) -> list[tuple[int, str, str, bool]]:
    return [(finding.line, finding.field, finding.code, finding.stops) for finding in report.findings]


def test_a_sheet_adds_officers_with_start_pins_that_work_once(node: Node) -> None:
    report = taken(node, "១០១,សុខ ដារ៉ា,f,,,,junior,,km,\n102,Nguyễn Văn An,m,VN,customs,Mộc Bài,,trainer,en,\n")

    assert counts(report) == (2, 0, 0, True)
    assert [(start.service_number, start.agency, start.name) for start in report.start_pins] == [
        ("101", "police", "សុខ ដារ៉ា"),
        ("102", "customs", "Nguyễn Văn An"),
    ]
    pin = report.start_pins[0].pin
    assert (len(pin), pin.isdigit()) == (16, True)
    by = entered(node, "101", f"{pin[:4]} {pin[4:8]} {pin[8:12]} {pin[12:]}")
    assert (by.must_change_pin, by.language, by.role) == (True, "km", Role.OFFICER)
    change_pin(node, by, pin, "483920", PC)
    assert session(node, by.id) is None
    assert entered(node, "101", "483920").must_change_pin is False
    an = entered(node, "102", report.start_pins[1].pin)
    assert officer(node, chief(node), an.person).country == "VN"
    assert [verb for verb, _ in verbs(node)] == ["role-given"] * 3


def test_a_start_pin_is_stored_as_a_digest_and_takes_the_same_work(node: Node) -> None:
    pin = taken(node, "101,Sok,,,,,,,,\n").start_pins[0].pin
    assert isinstance(node.passwords, CountedPasswords)

    with node.store.reading() as tx:
        assert pin not in str(tx.tables.select(ACCOUNT))
    node.passwords.compared = 0
    entered(node, "101", pin)
    assert node.passwords.compared == 1


def test_the_same_sheet_again_changes_nothing(node: Node) -> None:
    rows = "101,Sok,f,,,,junior,,,\n102,Dara,,,,Bavet,,trainer,,\n"
    taken(node, rows)
    before = verbs(node)

    again = taken(node, rows)
    assert counts(again) == (0, 0, 2, True)
    assert (again.start_pins, again.changes) == ((), ())
    assert verbs(node) == before


def test_blank_cells_and_absent_officers_are_left_as_they_are(node: Node) -> None:
    taken(node, "101,Sok,f,VN,,Bavet,junior,trainer,km,\n102,Dara,,,,,,,,\n")
    report = taken(node, "101,Sok,,,,,middle,,,\n")

    assert counts(report) == (0, 1, 0, True)
    assert [(change.line, change.field, change.old, change.new) for change in report.changes] == [
        (2, "rank_band", "junior", "middle")
    ]
    sok, dara = sorted(officers(node, chief(node), "10"), key=lambda one: one.service_number)
    assert (sok.sex, sok.country, sok.post, sok.rank_band) == ("female", "VN", "Bavet", "middle")
    assert (sok.role, sok.language) == (Role.TRAINER, "km")
    assert dara.active


def test_a_number_under_another_name_is_a_question_first(node: Node) -> None:
    taken(node, "101,Sok,,,,,,,,\n")

    stopped = taken(node, "101,Dara,,,,,,,,\n103,New,,,,,,,,\n")
    assert counts(stopped) == (1, 1, 0, False)
    assert found(stopped) == [(2, "name", "import.other-name", True)]
    assert stopped.findings[0].value == "Sok"
    assert [one.name for one in officers(node, chief(node), "10")] == ["Sok"]
    assert counts(taken(node, "101,Dara,,,,,,,,\n", names_may_change=True)) == (0, 1, 0, True)
    assert [one.name for one in officers(node, chief(node), "10")] == ["Dara"]


def test_the_same_number_in_another_agency_is_another_officer(node: Node) -> None:
    report = taken(node, "101,Sok,,,,,,,,\n101,Dara,,,customs,,,,,\nA-0001,Third,,,immigration,,,,,\n")

    assert counts(report) == (3, 0, 0, True)
    assert len({one.person for one in officers(node, chief(node))}) == 4
    assert entered(node, "101", report.start_pins[1].pin, "customs").name == "Dara"
    assert entered(node, "101", report.start_pins[0].pin).name == "Sok"


def test_one_wrong_line_and_nothing_is_taken(node: Node) -> None:
    report = taken(
        node, "101,Sok,,,,,,,,\n102,,,,,,,,,\n101,Sok,,,police,,,,,\n104,Kim,,,,,,,vi,\n105,Ly,,,,,,,,123456\n"
    )

    assert counts(report)[3] is False
    assert found(report) == [
        (3, "name", "name.missing", True),
        (4, "service_number", "import.double", True),
        (5, "language", "language.not-offered", True),
        (6, "pin", "pin.too-common", True),
    ]
    assert report.start_pins == ()
    with node.store.reading() as tx:
        assert (tx.tables.count(PERSON), tx.tables.count(ACCOUNT)) == (1, 1)
    assert len(verbs(node)) == 1


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"name\nSok\n", b"service_number,name\n1,S\xe9b\n"])
def test_what_is_no_sheet_is_refused_with_a_finding(node: Node, data: bytes) -> None:
    report = import_officers(node, chief(node), data)

    assert counts(report) == (0, 0, 0, False)
    assert report.findings[0].stops


def test_checking_only_tells_and_takes_nothing(node: Node) -> None:
    report = taken(node, "101,Sok,,,,,,,,\n", check_only=True)

    assert counts(report) == (1, 0, 0, False)
    assert report.start_pins == ()
    with node.store.reading() as tx:
        assert tx.tables.count(PERSON) == 1


def test_a_pin_in_the_sheet_is_taken_for_new_officers_and_must_be_changed(node: Node) -> None:
    added(node, "100", "706152", name="Kim")
    report = taken(node, "100,Kim,,,,,,,,590287\n101,Sok,,,,,,,,483920\n")

    assert found(report) == [(2, "pin", "import.pin-ignored", False)]
    assert report.start_pins == ()
    assert entered(node, "101", "483920").must_change_pin
    assert entered(node, "100", "706152").name == "Kim"


def test_too_many_pins_in_a_sheet_are_refused(node: Node) -> None:
    pins = [str(pin) for pin in range(47_300_001, 47_306_000, 7) if pin_problem(str(pin), "1") is None]
    rows = [f"N-{number},Officer {number},,,,,,,,{pin}\n" for number, pin in enumerate(pins[:501], 1000)]

    assert found(taken(node, "".join(rows))) == [(1, "pin", "import.too-many-pins", True)]
    assert counts(taken(node, "".join(rows[:500]))) == (500, 0, 0, True)


def test_roles_change_with_an_entry_but_the_last_administrator_stays(node: Node) -> None:
    fresh = added(node, "101", name="Sok")
    report = taken(node, "101,Sok,,,,,,coordinator,,\n")

    assert counts(report) == (0, 1, 0, True)
    assert verbs(node)[-1] == ("role-given", fresh.person)
    stopped = taken(node, f"{FORM.service_number},{FORM.name},,,,,,officer,,\n")
    assert found(stopped) == [(2, "role", "officer.last-administrator", True)]
    set_role(node, chief(node), fresh.person, Role.ADMINISTRATOR)
    assert counts(taken(node, f"{FORM.service_number},{FORM.name},,,,,,officer,,\n")) == (0, 1, 0, True)
    assert entered(node, FORM.service_number, CHIEF_PIN).role is Role.OFFICER


def test_a_closed_account_stays_closed_and_is_pointed_out(node: Node) -> None:
    fresh = added(node, "101", name="Sok")
    deactivate(node, chief(node), fresh.person)

    report = taken(node, "101,Sok,,,,,,,,\n")
    assert found(report) == [(2, "", "import.inactive", False)]
    assert officer(node, chief(node), fresh.person).active is False


def test_a_person_known_from_elsewhere_gets_an_account_and_keeps_the_id(node: Node) -> None:
    person = {"id": "from-another-post", "name": "Sok", "service_number": "101", "agency": "police"}
    elsewhere = {"country": "VN", "post": "Bavet", "sex": "female"}
    node.store.write(lambda tx: tx.tables.put(PERSON, {**person, **elsewhere}))

    report = taken(node, "101,Sok,,,,,,,,\n")
    assert counts(report) == (1, 0, 0, True)
    assert entered(node, "101", report.start_pins[0].pin).person == "from-another-post"
    found_here = officer(node, chief(node), "from-another-post")
    assert (found_here.sex, found_here.post, found_here.country) == ("female", "Bavet", "VN")


def test_five_thousand_officers_are_taken_whole_with_no_slow_hash_each(node: Node) -> None:
    rows = "".join(f"P-{number:05d},មន្ត្រី {number},f,KH,,Post {number % 50},junior,,km,\n" for number in range(5000))
    by = chief(node)
    report = import_officers(node, by, (HEADER + rows).encode())

    assert counts(report) == (5000, 0, 0, True)
    assert len({start.pin for start in report.start_pins}) == 5000
    assert len(verbs(node)) == 5001
    assert counts(import_officers(node, by, (HEADER + rows).encode())) == (0, 0, 5000, True)
