"""Laws of PINs, passphrases and service numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.vocab.delays import DEVICE_LIMIT, NUMBER_LIMIT, delay_s
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.pins import check_pin, fold_number, fold_pin, number_problem, pin_problem


@pytest.mark.parametrize(
    "typed",
    ["483920", "៤៨៣៩២០", "໔໘໓໙໒໐", "๔๘๓๙๒๐", "၄၈၃၉၂၀", "４８３９２０", " 483 920 ", "483-920", "48\u200b39\u200e20"],
)
def test_a_pin_is_the_same_on_every_keyboard(typed: str) -> None:
    assert fold_pin(typed) == "483920"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("kh-00123", "KH-00123"),
        ("ＫＨ－００１２３", "KH-00123"),
        ("KH \u201300 123", "KH-00123"),
        ("៤២/ក", "42/ក"),
        ("ตร.๑๒๓", "ตร.123"),
        ("\u200b00123\ufeff", "00123"),
    ],
)
def test_a_service_number_is_the_same_however_it_is_typed(typed: str, number: str) -> None:
    assert fold_number(typed) == number
    assert number_problem(number) is None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "service-number.missing"),
        ("  ", "service-number.missing"),
        ("--", "service-number.characters"),
        ("12\x0034", "service-number.characters"),
        ("12;34", "service-number.characters"),
        ("=1+1", "service-number.characters"),
        ("<b>1</b>", "service-number.characters"),
        ("1" * 33, "service-number.too-long"),
    ],
)
def test_what_is_no_service_number_is_named(typed: str, problem: str) -> None:
    assert number_problem(fold_number(typed)) == problem


@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ("", "pin.missing"),
        ("48392", "pin.too-short"),
        ("4839a2", "pin.too-short"),
        ("ninechars", "pin.too-short"),
        ("ខ្ញុំទៅផ្ស", "pin.too-short"),
        ("1" * 129, "pin.too-long"),
        ("111111", "pin.too-common"),
        ("111112", "pin.too-common"),
        ("123456", "pin.too-common"),
        ("654321", "pin.too-common"),
        ("890123", "pin.too-common"),
        ("135791", "pin.too-common"),
        ("121212", "pin.too-common"),
        ("485485", "pin.too-common"),
        ("112233", "pin.too-common"),
        ("485584", "pin.too-common"),
        ("147258", "pin.too-common"),
        ("5201314", "pin.too-common"),
        ("170485", "pin.date"),
        ("041785", "pin.date"),
        ("850417", "pin.date"),
        ("19850417", "pin.date"),
        ("17042528", "pin.date"),
        ("passwordpassword", "pin.too-common"),
        ("Qwertyuiop", "pin.too-common"),
        ("aaaaabbbbbccccc", "pin.too-common"),
        ("abcdefghijkl", "pin.too-common"),
        ("lemonslemons", "pin.too-common"),
        ("483920", None),
        ("48392017", None),
        ("three wet dogs", None),
        ("ខ្ញុំទៅផ្សារនៅព្រឹកនេះ", None),
        ("边境站的早晨有雾很冷", None),
    ],
)
def test_a_pin_is_refused_for_a_reason_and_only_then(pin: str, problem: str | None) -> None:
    assert pin_problem(fold_pin(pin)) == problem


@pytest.mark.parametrize(
    ("pin", "own"),
    [
        ("772910", "KH-77291"),
        ("019277", "KH-77291"),
        ("5577291", "KH-77291"),
        ("729105", "KH-7729105"),
        ("501927", "7729105"),
        ("772910", "KH-772910"),
    ],
)
def test_ones_own_service_number_is_no_pin(pin: str, own: str) -> None:
    assert pin_problem(pin, own) == "pin.own-number"
    assert pin_problem(pin, "KH-4839") is None


def test_a_service_number_of_letters_is_no_passphrase() -> None:
    assert pin_problem("ABCD-EFGH-JK", "abcd-efgh-jk") == "pin.own-number"


def test_check_pin_raises_what_pin_problem_names() -> None:
    with pytest.raises(Invalid) as raised:
        check_pin("123456")

    assert raised.value.code == "pin.too-common"


def test_nine_of_ten_six_digit_numbers_remain_free() -> None:
    free = sum(pin_problem(f"{number:06d}") is None for number in range(0, 1_000_000, 7))

    assert free / (1_000_000 / 7) > 0.9


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(typed: str) -> None:
    assert fold_pin(fold_pin(typed)) == fold_pin(typed)
    assert fold_number(fold_number(typed)) == fold_number(typed)


def test_the_wait_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    waits = [delay_s(NUMBER_LIMIT, failures) for failures in range(16)]

    assert waits == [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    assert delay_s(NUMBER_LIMIT, 10**9) == 900


def test_a_device_is_slowed_later_and_less_than_a_number() -> None:
    assert delay_s(DEVICE_LIMIT, 29) == 0
    assert delay_s(DEVICE_LIMIT, 30) == 5
    assert delay_s(DEVICE_LIMIT, 1000) == 60
