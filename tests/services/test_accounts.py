"""Laws of signing in and of sessions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from account_scenes import (
    CHIEF_PIN,
    FORM,
    PC,
    CountedPasswords,
    added,
    bare_node,
    chief,
    clock_of,
    entered,
    post,
)

from elearn.adapters.memory import MemoryStore
from elearn.core.vocab.errors import Invalid, Refused, Unavailable
from elearn.core.vocab.kept import ACCOUNT, SESSION, SIGN_IN_DELAY
from elearn.core.vocab.roles import Role
from elearn.ports import Transaction
from elearn.services.accounts import (
    change_pin,
    keep_idle_lock,
    put_notices_away,
    session,
    set_language,
    sign_in,
    sign_out,
)
from elearn.services.node import Node
from elearn.services.officers import deactivate, reset_pin, set_role
from elearn.services.setting_up import one_time_link_secret, set_up

T = TypeVar("T")


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return post(tmp_path)


def refused(node: Node, number: str, pin: str, device: str = PC, agency: str = "") -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as raised:
        sign_in(node, number, pin, device, agency)
    return raised.value.code, raised.value.details


def test_the_right_pin_opens_a_session_on_any_keyboard(node: Node) -> None:
    found = entered(node, " a\u20130001 ", "៧៣៩ ១៦៤")

    assert (found.name, found.service_number, found.role) == ("Chan Vanna", "A-0001", Role.ADMINISTRATOR)
    assert (found.language, found.must_change_pin, found.notices) == ("km", False, ())


def test_neither_token_nor_pin_is_stored(node: Node, tmp_path: Path) -> None:
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token
    refused(node, CHIEF_PIN, "A-0001")
    node.store.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.encode() not in kept
    assert CHIEF_PIN.encode() not in kept


def test_unknown_number_and_wrong_pin_get_the_same_answer_for_the_same_work(node: Node) -> None:
    fresh = added(node, "A-0002")
    deactivate(node, chief(node), fresh.person)
    assert isinstance(node.passwords, CountedPasswords)

    answers = []
    for number in ("A-0001", "A-0002", "Z-9999", "", "\x00' OR 1=1 --", "9" * 5000):
        node.passwords.compared = 0
        answers.append((refused(node, number, "483920"), node.passwords.compared))

    assert answers == [(("sign-in.wrong", {"wait_s": 0}), 1)] * 6


def test_waits_are_the_same_for_numbers_that_do_not_exist(node: Node) -> None:
    known = [refused(node, "A-0001", "483920", "192.0.2.1") for _ in range(7)]
    unknown = [refused(node, "Z-9999", "483920", "192.0.2.2") for _ in range(7)]

    assert known == unknown
    assert known[4:6] == [("sign-in.wrong", {"wait_s": 5}), ("sign-in.wait", {"wait_s": 5})]


def test_while_there_is_a_wait_not_even_the_right_pin_is_looked_at(node: Node) -> None:
    for _ in range(5):
        refused(node, "A-0001", "483920")

    assert refused(node, "A-0001", CHIEF_PIN) == ("sign-in.wait", {"wait_s": 5})
    clock_of(node).forward(seconds=4)
    assert refused(node, "A-0001", CHIEF_PIN) == ("sign-in.wait", {"wait_s": 1})
    clock_of(node).forward(seconds=1)
    assert chief(node).name == "Chan Vanna"


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(node: Node) -> None:
    waits = []
    for _ in range(14):
        _, details = refused(node, "A-0001", "483920")
        waits.append(details["wait_s"])
        clock_of(node).forward(seconds=float(str(details["wait_s"])))

    assert waits == [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


def test_waits_survive_a_restart(node: Node, tmp_path: Path) -> None:
    for _ in range(6):
        clock_of(node).forward(seconds=5)
        refused(node, "A-0001", "483920")
    node.store.close()

    again = bare_node(tmp_path, clock_of(node))
    assert refused(again, "A-0001", CHIEF_PIN) == ("sign-in.wait", {"wait_s": 10})


def test_a_hundred_guesses_at_once_are_no_better_than_one_by_one(node: Node) -> None:
    def guess(pin: int) -> str:
        return refused(node, "A-0001", str(pin), f"198.51.100.{pin % 200}")[0]

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(480_000, 480_100)))

    assert codes.count("sign-in.wrong") == 5
    assert codes.count("sign-in.wait") == 95


def test_a_right_pin_forgets_the_failures_of_the_number(node: Node) -> None:
    for _ in range(4):
        refused(node, "A-0001", "483920")
    chief(node)

    assert refused(node, "A-0001", "483920") == ("sign-in.wrong", {"wait_s": 0})


def test_a_right_pin_buys_no_tries_at_other_peoples(node: Node) -> None:
    for number in range(30):
        assert refused(node, f"Z-{number}", "483920")[0] == "sign-in.wrong"
        if number < 29:
            chief(node)

    assert refused(node, "Z-30", "483920") == ("sign-in.wait", {"wait_s": 5})


def test_a_shared_pc_is_slowed_late_and_never_for_long(node: Node) -> None:
    for number in range(30):
        refused(node, f"Z-{number}", "483920")
    assert refused(node, "A-0001", CHIEF_PIN) == ("sign-in.wait", {"wait_s": 5})
    assert sign_in(node, "A-0001", CHIEF_PIN, "192.0.2.99").token

    for number in range(30, 60):
        clock_of(node).forward(seconds=60)
        refused(node, f"Z-{number}", "483920")
    clock_of(node).forward(seconds=60)
    assert chief(node).name == "Chan Vanna"


def test_failures_are_forgotten_after_a_quiet_day(node: Node) -> None:
    for _ in range(5):
        refused(node, "A-0001", "483920")
    clock_of(node).forward(hours=25)

    assert refused(node, "A-0001", "483920") == ("sign-in.wrong", {"wait_s": 0})


def test_a_clock_that_went_back_locks_nobody_out_for_years_and_lets_nobody_off(node: Node) -> None:
    for _ in range(8):
        clock_of(node).forward(seconds=30)
        refused(node, "A-0001", "483920")
    clock_of(node).forward(days=-20_000)

    assert refused(node, "A-0001", CHIEF_PIN) == ("sign-in.wait", {"wait_s": 40})
    clock_of(node).forward(seconds=40)
    assert sign_in(node, "A-0001", CHIEF_PIN, PC).token


def test_rows_of_invented_numbers_do_not_pile_up(node: Node) -> None:
    for number in range(20):
        refused(node, f"Z-{number}", "483920")
    clock_of(node).forward(hours=25)
    refused(node, "Z-77", "483920")

    with node.store.reading() as tx:
        assert tx.tables.count(SIGN_IN_DELAY) == 2


def test_a_number_two_agencies_share_needs_the_agency_only_if_the_pin_fits_both(node: Node) -> None:
    added(node, "7", "483920", agency="police")
    added(node, "7", "590287", agency="customs")
    added(node, "7", "483920", agency="immigration")

    assert entered(node, "7", "590287").person != ""
    assert refused(node, "7", "483920") == ("sign-in.which-agency", {"agencies": ["immigration", "police"]})
    assert refused(node, "7", "111999")[0] == "sign-in.wrong"
    assert refused(node, "7", "483920", agency="customs")[0] == "sign-in.wrong"
    assert refused(node, "7", "483920", agency="nonsense")[0] == "sign-in.wrong"
    police, immigration = (entered(node, "7", "483920", agency) for agency in ("police", "immigration"))
    assert police.person != immigration.person


def test_a_shared_number_takes_no_more_work_than_others(node: Node) -> None:
    added(node, "7", agency="police")
    added(node, "7", agency="customs")
    assert isinstance(node.passwords, CountedPasswords)

    work = []
    for number in ("7", "A-0001", "Z-9999"):
        node.passwords.compared = 0
        refused(node, number, "483920")
        work.append(node.passwords.compared)

    assert work == [2, 2, 2]


def test_a_closed_account_is_named_only_after_the_right_pin(node: Node) -> None:
    fresh = added(node, "A-0002", "483920")
    deactivate(node, chief(node), fresh.person)

    assert refused(node, "A-0002", "590287")[0] == "sign-in.wrong"
    assert refused(node, "A-0002", "483920")[0] == "sign-in.inactive"


def test_a_session_lies_idle_for_twenty_minutes_and_no_longer(node: Node) -> None:
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token

    clock_of(node).forward(minutes=19)
    assert session(node, token) is not None
    clock_of(node).forward(minutes=19)
    assert session(node, token) is not None
    clock_of(node).forward(minutes=20)
    assert session(node, token) is None


def test_the_idle_lock_can_be_set_by_who_manages_the_node(node: Node) -> None:
    keep_idle_lock(node, chief(node), 5)
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token
    clock_of(node).forward(minutes=5)

    assert session(node, token) is None
    for minutes in (1, 241):
        with pytest.raises(Invalid):
            keep_idle_lock(node, chief(node), minutes)


def test_a_session_ends_after_twelve_hours_however_busy(node: Node) -> None:
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token
    for _ in range(12 * 6 - 1):
        clock_of(node).forward(minutes=10)
        assert session(node, token) is not None

    clock_of(node).forward(minutes=10)
    assert session(node, token) is None


def test_seen_is_written_at_most_once_a_minute(node: Node) -> None:
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token
    seen = set()
    for _ in range(120):
        clock_of(node).forward(seconds=1)
        session(node, token)
        with node.store.reading() as tx:
            seen.add(tx.tables.select(SESSION)[0]["seen_at"])

    assert len(seen) == 3


def test_a_clock_that_went_back_ends_sessions(node: Node) -> None:
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token

    clock_of(node).forward(seconds=-30)
    assert session(node, token) is not None
    clock_of(node).forward(days=-20_000)
    assert session(node, token) is None


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "\ud800"])
def test_what_is_no_token_opens_nothing(node: Node, token: str) -> None:
    chief(node)

    assert session(node, token) is None
    sign_out(node, token)


def test_signing_out_ends_this_session_only(node: Node) -> None:
    mine, other = (sign_in(node, "A-0001", CHIEF_PIN, PC).token for _ in range(2))

    sign_out(node, mine)
    assert session(node, mine) is None
    assert session(node, other) is not None


class FullDisk(MemoryStore):
    """Can be read, and takes nothing more."""

    full = False

    def write(self, work: Callable[[Transaction], T]) -> T:
        if self.full:
            raise Unavailable("disk.full")
        return super().write(work)


def test_on_a_full_disk_who_is_signed_in_can_go_on_reading(node: Node) -> None:
    store = FullDisk()
    node = replace(node, store=store)
    set_up(node, FORM, one_time_link_secret(node) or "")
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token
    store.full = True

    clock_of(node).forward(minutes=5)
    assert session(node, token) is not None
    with pytest.raises(Unavailable):
        sign_in(node, "A-0001", CHIEF_PIN, PC)


def test_two_sessions_share_neither_token_nor_csrf(node: Node) -> None:
    one, two = chief(node), chief(node)

    assert one.id != two.id
    assert one.csrf != two.csrf
    assert len(one.csrf) >= 40


def test_changing_the_pin_ends_the_other_sessions(node: Node) -> None:
    mine, other = (sign_in(node, "A-0001", CHIEF_PIN, PC).token for _ in range(2))
    by = session(node, mine)
    assert by is not None

    change_pin(node, by, CHIEF_PIN, "၄၈၃၉၂၀", PC)
    assert session(node, mine) is not None
    assert session(node, other) is None
    assert refused(node, "A-0001", CHIEF_PIN)[0] == "sign-in.wrong"
    assert entered(node, "A-0001", "483920").name == "Chan Vanna"


def test_a_wrong_old_pin_changes_nothing_and_counts_like_a_sign_in(node: Node) -> None:
    by = chief(node)
    for _ in range(5):
        with pytest.raises(Refused) as raised:
            change_pin(node, by, "590287", "483920", PC)
        assert raised.value.code == "pin.wrong"

    with pytest.raises(Refused) as raised:
        change_pin(node, by, CHIEF_PIN, "483920", PC)
    assert raised.value.code == "sign-in.wait"
    clock_of(node).forward(seconds=5)
    assert chief(node).name == "Chan Vanna"


@pytest.mark.parametrize(
    ("new", "code"), [("12345", "pin.too-short"), ("123456", "pin.too-common"), (CHIEF_PIN, "pin.same")]
)
def test_a_poor_new_pin_is_refused_before_anything_is_counted(node: Node, new: str, code: str) -> None:
    by = chief(node)
    with pytest.raises(Invalid) as raised:
        change_pin(node, by, CHIEF_PIN, new, PC)

    assert raised.value.code == code
    with node.store.reading() as tx:
        assert tx.tables.count(SIGN_IN_DELAY) == 0


def test_a_one_time_pin_must_be_changed_and_then_need_not(node: Node) -> None:
    fresh = added(node, "A-0002")
    by = entered(node, "A-0002", fresh.pin)
    assert by.must_change_pin

    change_pin(node, by, fresh.pin, "483920", PC)
    assert not entered(node, "A-0002", "483920").must_change_pin


def test_the_account_keeps_an_offered_language_only(node: Node) -> None:
    set_language(node, chief(node), "en")
    for language in ("th", "", "xx"):
        with pytest.raises(Invalid):
            set_language(node, chief(node), language)

    assert chief(node).language == "en"


def test_what_others_did_is_told_at_the_next_sign_in_until_put_away(node: Node) -> None:
    fresh = added(node, "A-0002")
    set_role(node, chief(node), fresh.person, Role.TRAINER)
    pin = reset_pin(node, chief(node), fresh.person)
    by = entered(node, "A-0002", pin)

    assert [(notice.code, notice.by, notice.role) for notice in by.notices] == [
        ("notice.role-given", "Chan Vanna", "trainer"),
        ("notice.pin-reset", "Chan Vanna", ""),
    ]
    clock_of(node).forward(seconds=1)
    set_role(node, chief(node), fresh.person, Role.COORDINATOR)
    put_notices_away(node, by)
    assert [notice.role for notice in entered(node, "A-0002", pin).notices] == ["coordinator"]


def test_a_role_taken_away_is_gone_from_running_sessions(node: Node) -> None:
    fresh = added(node, "A-0002", role="administrator")
    token = sign_in(node, "A-0002", fresh.pin, PC).token
    set_role(node, chief(node), fresh.person, Role.OFFICER)

    found = session(node, token)
    assert found is not None
    assert found.role is Role.OFFICER


def test_a_lost_account_row_ends_its_sessions(node: Node) -> None:
    token = sign_in(node, "A-0001", CHIEF_PIN, PC).token
    node.store.write(lambda tx: tx.tables.delete(ACCOUNT, {}))

    assert session(node, token) is None
