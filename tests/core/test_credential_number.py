"""Laws of the certificate number."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.credential.number import LENGTH, SIGNS, number_from, parse_number
from elearn.core.vocab.errors import Invalid

IDS = st.uuids(version=4).map(str)


def code_of(typed: str) -> str:
    with pytest.raises(Invalid) as caught:
        parse_number(typed)
    return caught.value.code


@given(IDS)
def test_a_number_is_the_same_each_time_and_parses_to_itself(certificate_id: str) -> None:
    number = number_from(certificate_id)

    assert number == number_from(certificate_id.upper())
    assert parse_number(number) == number
    assert [len(group) for group in number.split("-")] == [4, 4, 4, 4]


def test_no_sign_can_be_mistaken_for_another() -> None:
    assert len(set(SIGNS)) == 31
    assert not set(SIGNS) & set("01OIL")


def test_a_known_id_gives_the_number_that_is_printed_already() -> None:
    assert number_from("12345678-1234-4234-8234-123456789abc") == "QUTA-7394-T944-49SV"


@given(IDS, st.integers(0, LENGTH - 1), st.sampled_from(SIGNS))
def test_any_one_wrong_sign_is_noticed(certificate_id: str, at: int, sign: str) -> None:
    signs = list(number_from(certificate_id).replace("-", ""))
    if signs[at] == sign:
        return
    signs[at] = sign

    assert code_of("".join(signs)) == "number.check"


def test_every_single_error_and_every_swap_in_one_number_is_noticed() -> None:
    right = number_from("8b0e3a1c-55aa-4c59-9d8e-0f2b1a7c6d5e").replace("-", "")
    wrong = {right[:at] + sign + right[at + 1 :] for at in range(LENGTH) for sign in SIGNS} - {right}
    swapped = {right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(LENGTH - 1)} - {right}

    assert len(wrong) == LENGTH * 30
    assert {code_of(typed) for typed in wrong | swapped} == {"number.check"}


@given(IDS, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1), st.sampled_from(SIGNS), st.sampled_from(SIGNS))
def test_any_two_wrong_signs_are_noticed(certificate_id: str, first: int, second: int, one: str, two: str) -> None:
    right = number_from(certificate_id).replace("-", "")
    signs = list(right)
    signs[first], signs[second] = one, two
    if "".join(signs) == right:
        return

    assert code_of("".join(signs)) == "number.check"


def test_a_number_typed_in_any_sensible_way_is_understood() -> None:
    number = number_from("12345678-1234-4234-8234-123456789abc")
    bare = number.replace("-", "")

    for typed in (
        number.lower(),
        f"  {bare} ",
        " ".join(bare),
        number.replace("-", " – "),
        number.replace("-", "\u2011\u200b"),
        "".join(chr(ord(sign) + 0xFEE0) for sign in bare),
    ):
        assert parse_number(typed) == number


@pytest.mark.parametrize("zero", [0x17E0, 0x0ED0, 0x1040, 0x0E50, 0xFF10])
def test_digits_of_every_script_are_understood(zero: int) -> None:
    number = number_from("12345678-1234-4234-8234-123456789abc")
    assert any(sign.isdigit() for sign in number)

    typed = "".join(chr(zero + int(sign)) if sign.isdigit() else sign for sign in number)

    assert parse_number(typed) == number


def test_what_is_wrong_with_a_number_is_said_with_its_place() -> None:
    number = number_from("12345678-1234-4234-8234-123456789abc")

    with pytest.raises(Invalid) as caught:
        parse_number("O" + number[1:])
    assert (caught.value.code, caught.value.details) == ("number.sign", {"sign": "O", "position": 1})
    with pytest.raises(Invalid) as caught:
        parse_number(number[:-1])
    assert (caught.value.code, caught.value.details) == ("number.length", {"given": 15, "needed": 16})
    assert code_of("") == "number.length"


def test_numbers_of_many_posts_do_not_meet() -> None:
    ids = [str(UUID(int=(index * 0x9E3779B97F4A7C15) % 2**128)) for index in range(50_000)]

    assert len({number_from(certificate_id) for certificate_id in ids}) == len(ids)


def test_an_id_that_is_no_uuid_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        number_from("certificate-7")
    assert caught.value.code == "certificate.id"
