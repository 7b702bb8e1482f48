"""Laws of what is done for officers: who may, what is kept, what is told, what can never happen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from account_scenes import (
    CHIEF_PIN,
    FORM,
    PC,
    added,
    as_role,
    bare_node,
    chief,
    clock_of,
    entered,
    post,
    verbs,
)

from elearn.core.roster.form import OfficerForm
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON, RECOVERY_CODE
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.roles import PERMISSIONS, Permission, Role, may
from elearn.services.accounts import Session, demand, keep_idle_lock, session, sign_in
from elearn.services.node import Node
from elearn.services.officers import (
    activate,
    add_officer,
    change_officer,
    deactivate,
    officer,
    officers,
    reset_pin,
    set_role,
)
from elearn.services.officers_import import import_officers
from elearn.services.recovery import codes_left, new_recovery_codes, use_recovery_code
from elearn.services.setting_up import one_time_link_secret, set_up

GRANTED = {
    Role.OFFICER: {"learn"},
    Role.TRAINER: {"learn", "see-course-workshop", "publish-course", "hold-session", "give-try", "confirm-skill"}
    | {"print-certificates"},
    Role.COORDINATOR: {"learn", "see-figures", "export-figures", "confirm-skill"}
    | {"print-certificates", "choose-certificates"},
    Role.ADMINISTRATOR: {
        "learn",
        "see-course-workshop",
        "publish-course",
        "see-figures",
        "export-figures",
        "hold-session",
        "give-try",
        "confirm-skill",
        "manage-officers",
        "manage-node",
        "revoke-certificate",
        "print-certificates",
        "choose-certificates",
    },
}


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return post(tmp_path)


def fields_refused(node: Node, form: OfficerForm) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        add_officer(node, chief(node), form)
    fields = raised.value.details["fields"]
    assert isinstance(fields, dict)
    return fields


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_the_table_of_permissions_says_this_and_nothing_else(role: Role, permission: Permission) -> None:
    assert may(role, permission) is (permission.value in GRANTED[role])


def test_every_role_has_its_row() -> None:
    assert set(PERMISSIONS) == set(Role)


ERRANDS: dict[str, tuple[Permission, Callable[[Node, Session], object]]] = {
    "add": (Permission.MANAGE_OFFICERS, lambda node, by: add_officer(node, by, OfficerForm("B-7", "Somebody"))),
    "import": (Permission.MANAGE_OFFICERS, lambda node, by: import_officers(node, by, b"service_number,name\n8,Sok\n")),
    "list": (Permission.MANAGE_OFFICERS, officers),
    "one": (Permission.MANAGE_OFFICERS, lambda node, by: officer(node, by, target(node))),
    "change": (
        Permission.MANAGE_OFFICERS,
        lambda node, by: change_officer(node, by, target(node), OfficerForm("A-0002", "New Name")),
    ),
    "reset": (Permission.MANAGE_OFFICERS, lambda node, by: reset_pin(node, by, target(node))),
    "role": (Permission.MANAGE_OFFICERS, lambda node, by: set_role(node, by, target(node), Role.ADMINISTRATOR)),
    "deactivate": (Permission.MANAGE_OFFICERS, lambda node, by: deactivate(node, by, target(node))),
    "activate": (Permission.MANAGE_OFFICERS, lambda node, by: activate(node, by, target(node))),
    "idle lock": (Permission.MANAGE_NODE, lambda node, by: keep_idle_lock(node, by, 5)),
}


def target(node: Node) -> str:
    with node.store.reading() as tx:
        return str(tx.tables.select(PERSON, {"service_number": "A-0002"})[0]["id"])


@pytest.mark.parametrize("errand", list(ERRANDS))
@pytest.mark.parametrize("role", list(Role))
def test_an_errand_is_done_for_exactly_the_roles_that_may(node: Node, errand: str, role: Role) -> None:
    added(node, "A-0002")
    by = as_role(node, role.value)
    permission, run = ERRANDS[errand]
    before = verbs(node)

    if permission.value in GRANTED[role]:
        run(node, by)
        return
    with pytest.raises(Refused) as raised:
        run(node, by)
    assert (raised.value.code, raised.value.details) == ("permission", {"permission": permission.value})
    assert verbs(node) == before


def test_nothing_is_done_before_a_given_pin_was_changed(node: Node) -> None:
    fresh = added(node, "A-0002", role="administrator")
    by = entered(node, "A-0002", fresh.pin)

    assert not by.may(Permission.LEARN)
    for _, run in ERRANDS.values():
        with pytest.raises(Refused) as raised:
            run(node, by)
        assert raised.value.code == "pin.must-change"
    demand(replace(by, must_change_pin=False), Permission.MANAGE_OFFICERS)


def test_an_added_officer_gets_a_one_time_pin_and_what_the_post_has(node: Node) -> None:
    fresh = added(node, "a-0002", name=" Sok  Dara ")

    found = officer(node, chief(node), fresh.person)
    assert (found.service_number, found.name, found.post) == ("A-0002", "Sok Dara", "Poipet Border Post")
    assert (found.country, found.agency, found.sex, found.rank_band) == ("KH", "police", "undisclosed", "")
    assert (found.role, found.language, found.active, found.must_change_pin) == (Role.OFFICER, "en", True, True)
    assert len(fresh.pin) == 8
    assert entered(node, "A-0002", fresh.pin).must_change_pin
    assert verbs(node)[1:] == [("role-given", fresh.person)]


def test_the_same_number_is_free_in_another_agency_only(node: Node) -> None:
    added(node, "A-0001", agency="customs")

    assert fields_refused(node, OfficerForm(" a-0001", "Another")) == {"service_number": "service-number.taken"}
    with node.store.reading() as tx:
        assert tx.tables.count(PERSON) == 2
        assert tx.tables.count(ACCOUNT) == 2


def test_all_fields_that_are_wrong_are_named_at_once(node: Node) -> None:
    form = OfficerForm("", "x\x00", "x", "FR", "navy", "=A1", "king", "boss", "th", "123456")

    assert fields_refused(node, form) == {
        "service_number": "service-number.missing",
        "name": "name.characters",
        "sex": "sex.unknown",
        "country": "country.unknown",
        "agency": "agency.unknown",
        "post": "post.formula",
        "rank_band": "rank-band.unknown",
        "role": "role.unknown",
        "language": "language.not-offered",
        "pin": "pin.too-common",
    }


def test_a_node_that_holds_no_identities_takes_no_officers_but_its_own_people(tmp_path: Path) -> None:
    node = bare_node(tmp_path, kind=NodeKind.REGIONAL_HUB)
    set_up(node, FORM, one_time_link_secret(node) or "")

    assert added(node, "C-1", role="coordinator").person
    for run in (
        lambda: added(node, "C-2"),
        lambda: import_officers(node, chief(node), b"service_number,name\n8,Sok\n"),
    ):
        with pytest.raises(Refused) as raised:
            run()
        assert raised.value.code == "node.power"


def test_a_reset_ends_sessions_forgets_waits_and_is_told_and_recorded(node: Node) -> None:
    fresh = added(node, "A-0002", "483920")
    token = sign_in(node, "A-0002", "483920", PC).token
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in(node, "A-0002", "590287", "192.0.2.77")

    pin = reset_pin(node, chief(node), fresh.person)
    assert session(node, token) is None
    with pytest.raises(Refused):
        sign_in(node, "A-0002", "483920", PC)
    by = entered(node, "A-0002", pin)
    assert by.must_change_pin
    assert [(notice.code, notice.by) for notice in by.notices] == [("notice.pin-reset", "Chan Vanna")]
    assert verbs(node)[-1] == ("pin-reset", fresh.person)


def test_the_ledger_holds_neither_pins_nor_names(node: Node) -> None:
    fresh = added(node, "A-0002", name="Sok Dara")
    pin = reset_pin(node, chief(node), fresh.person)
    deactivate(node, chief(node), fresh.person)

    with node.store.reading() as tx:
        ledger = str([entry.statement.body for entry in tx.ledger.every()])
    for secret in (pin, fresh.pin, CHIEF_PIN, "Sok Dara", "Chan Vanna", "A-0001", "A-0002"):
        assert secret not in ledger


def test_ones_own_pin_is_changed_not_reset(node: Node) -> None:
    by = chief(node)
    with pytest.raises(Refused) as raised:
        reset_pin(node, by, by.person)

    assert raised.value.code == "officer.own-pin"
    assert chief(node).name == "Chan Vanna"


@pytest.mark.parametrize(
    "errand",
    [
        lambda node, by: set_role(node, by, by.person, Role.OFFICER),
        lambda node, by: deactivate(node, by, by.person),
    ],
)
def test_the_last_administrator_stays(node: Node, errand: Callable[[Node, Session], None]) -> None:
    closed = added(node, "A-0002", role="administrator")
    deactivate(node, chief(node), closed.person)
    with pytest.raises(Refused) as raised:
        errand(node, chief(node))

    assert raised.value.code == "officer.last-administrator"
    assert chief(node).role is Role.ADMINISTRATOR
    activate(node, chief(node), closed.person)
    errand(node, chief(node))
    with node.store.reading() as tx:
        assert tx.tables.count(ACCOUNT, {"role": "administrator", "active": 1}) == 1


def test_a_closed_account_is_shut_and_kept_and_can_be_opened_again(node: Node) -> None:
    fresh = added(node, "A-0002", "483920")
    token = sign_in(node, "A-0002", "483920", PC).token

    deactivate(node, chief(node), fresh.person)
    deactivate(node, chief(node), fresh.person)
    assert session(node, token) is None
    assert officer(node, chief(node), fresh.person).active is False
    activate(node, chief(node), fresh.person)
    activate(node, chief(node), fresh.person)
    assert [notice.code for notice in entered(node, "A-0002", "483920").notices] == ["notice.activated"]
    assert [verb for verb, subject in verbs(node) if subject == fresh.person] == [
        "role-given",
        "deactivated",
        "role-given",
    ]


def test_the_same_role_again_is_no_event(node: Node) -> None:
    fresh = added(node, "A-0002")
    set_role(node, chief(node), fresh.person, Role.TRAINER)
    set_role(node, chief(node), fresh.person, Role.TRAINER)

    assert verbs(node)[1:] == [("role-given", fresh.person)] * 2
    with node.store.reading() as tx:
        roles = [entry.statement.extension("role") for entry in tx.ledger.every()]
    assert roles == ["administrator", "officer", "trainer"]


def test_an_officer_nobody_knows_is_said_to_be_unknown(node: Node) -> None:
    for run in (officer, reset_pin, deactivate, activate):
        with pytest.raises(NotFound):
            run(node, chief(node), "nobody")  # type: ignore[operator]
    with pytest.raises(NotFound):
        set_role(node, chief(node), "nobody", Role.TRAINER)


def test_particulars_are_corrected_and_blanks_change_nothing(node: Node) -> None:
    fresh = added(node, "A-0002", "483920", name="Sok Dara", sex="male")
    change_officer(node, chief(node), fresh.person, OfficerForm("B-2", "Sok Daravuth", rank_band="middle"))

    found = officer(node, chief(node), fresh.person)
    assert (found.service_number, found.name, found.sex, found.rank_band) == ("B-2", "Sok Daravuth", "male", "middle")
    assert entered(node, "B-2", "483920").person == fresh.person
    with pytest.raises(Invalid) as raised:
        change_officer(node, chief(node), fresh.person, OfficerForm("A-0001", "Sok Dara"))
    assert raised.value.details == {"fields": {"service_number": "service-number.taken"}}


def test_officers_are_found_by_name_number_and_post(node: Node) -> None:
    added(node, "B-77", name="សុខ ដារ៉ា", post="Bavet")
    added(node, "C-3", name="Anousone", post="Vang Tao")

    def numbers(words: str) -> list[str]:
        return [found.service_number for found in officers(node, chief(node), words)]

    assert numbers("") == ["C-3", "A-0001", "B-77"]
    assert numbers("ដារ៉ា") == ["B-77"]
    assert numbers("b-៧") == ["B-77"]
    assert numbers("vang") == ["C-3"]
    assert numbers("nobody") == []


def test_a_recovery_code_gives_a_new_pin_once(node: Node) -> None:
    fresh = added(node, "A-0002", "483920")
    by = entered(node, "A-0002", "483920")
    codes = new_recovery_codes(node, by, "483920", PC)
    assert len(set(codes)) == 8

    use_recovery_code(node, "a-0002", f" {codes[3].lower()} ", "706152", device=PC)
    after = entered(node, "A-0002", "706152")
    assert (after.must_change_pin, [notice.code for notice in after.notices]) == (False, ["notice.recovery-code-used"])
    assert session(node, by.id) is None
    assert codes_left(node, after) == 7
    assert verbs(node)[-1] == ("pin-reset", fresh.person)
    with pytest.raises(Refused) as raised:
        use_recovery_code(node, "A-0002", codes[3], "804163", device=PC)
    assert raised.value.code == "recovery.wrong"


def test_new_codes_void_the_old_and_need_the_pin(node: Node) -> None:
    by = chief(node)
    old = new_recovery_codes(node, by, CHIEF_PIN, PC)
    with pytest.raises(Refused):
        new_recovery_codes(node, by, "483920", PC)
    new = new_recovery_codes(node, by, CHIEF_PIN, PC)

    with pytest.raises(Refused):
        use_recovery_code(node, "A-0001", old[0], "706152", device=PC)
    use_recovery_code(node, "A-0001", new[0].replace("-", ""), "706152", device=PC)
    assert entered(node, "A-0001", "706152").name == "Chan Vanna"


def test_codes_are_stored_as_digests_only(node: Node) -> None:
    codes = new_recovery_codes(node, chief(node), CHIEF_PIN, PC)

    with node.store.reading() as tx:
        kept = str(tx.tables.select(RECOVERY_CODE))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_recovery_answers_alike_for_unknown_closed_and_wrong_and_counts(node: Node) -> None:
    fresh = added(node, "A-0002", "483920")
    codes = new_recovery_codes(node, entered(node, "A-0002", "483920"), "483920", PC)
    deactivate(node, chief(node), fresh.person)

    answers = []
    for number, code in (("A-0002", codes[0]), ("A-0001", codes[0]), ("Z-9999", codes[0])):
        with pytest.raises(Refused) as raised:
            use_recovery_code(node, number, code, "706152", device=PC)
        answers.append((raised.value.code, raised.value.details))
    assert answers == [("recovery.wrong", {"wait_s": 0})] * 3
    for _ in range(4):
        with pytest.raises(Refused):
            use_recovery_code(node, "A-0001", "00000-00000", "706152", device=PC)
    with pytest.raises(Refused) as raised:
        sign_in(node, "A-0001", CHIEF_PIN, PC)
    assert raised.value.code == "sign-in.wait"
    clock_of(node).forward(seconds=5)
    assert chief(node).name == "Chan Vanna"


def test_a_poor_new_pin_does_not_use_the_code_up(node: Node) -> None:
    codes = new_recovery_codes(node, chief(node), CHIEF_PIN, PC)
    with pytest.raises(Invalid):
        use_recovery_code(node, "A-0001", codes[0], "123456", device=PC)

    assert codes_left(node, chief(node)) == 8


def test_a_name_no_certificate_can_carry_is_refused_before_anyone_sits_an_exam(node: Node) -> None:
    form = OfficerForm(service_number="X-1", name="Sok 😀")

    assert fields_refused(node, form) == {"name": "name.unprintable"}

    person = add_officer(node, chief(node), OfficerForm(service_number="X-2", name="Sok Dara")).person
    with pytest.raises(Invalid) as raised:
        change_officer(node, chief(node), person, form)
    assert raised.value.details["fields"] == {"name": "name.unprintable"}
    assert officer(node, chief(node), person).name == "Sok Dara"


def test_such_a_name_in_a_sheet_stops_it_by_line(node: Node) -> None:
    report = import_officers(node, chief(node), "service_number;name\nY-1;Dara\nY-2;Ra 😀".encode())

    assert not report.done
    assert [(one.line, one.code, one.value) for one in report.findings] == [(3, "name.unprintable", "😀")]
