"""Enrolment codes: read back as they are written, however they are typed, and proofs that fit one side and one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.sync.codes import SIGNS, Code, code_from, parse_code, proof, proves, secret_digest
from elearn.core.vocab.errors import Invalid

CODE = Code("K7QD", "0123456789ABCDEF")


@given(st.text(min_size=1))
def test_a_code_is_read_back_as_it_was_written(chance: str) -> None:
    chance = chance.encode(errors="ignore").decode()
    code = code_from(chance)

    assert parse_code(str(code)) == code
    assert set(code.code_id + code.secret) <= set(SIGNS)


@pytest.mark.parametrize(
    "typed",
    ["K7QD-0123-4567-89AB-CDEF", "k7qd0123456789abcdef", " K7QD 0123 4567 89AB CDEF\n", "K7QD-O1Z3-4567-89AB-CDEF"],
)
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert parse_code(typed.replace("Z", "2")) == CODE


def test_letters_that_look_like_digits_are_digits() -> None:
    assert parse_code("K7QD-OIL3-4567-89AB-CDEF") == Code("K7QD", "0113456789ABCDEF")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "enrol.code-length"),
        ("K7QD-0123", "enrol.code-length"),
        ("K7QD-0123-4567-89AB-CDEF-0", "enrol.code-length"),
        ("K7QD-0123-4567-89AB-CDE*", "enrol.code-signs"),
        ("K7QD-0123-4567-89AB-CDEU", "enrol.code-signs"),
        ("ក្ខ៧", "enrol.code-signs"),
    ],
)
def test_what_is_no_code_is_told_apart(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_code(typed)

    assert refused.value.code == code


def test_a_proof_fits_one_key_one_side_and_one_text() -> None:
    key = secret_digest(CODE)
    given = proof(key, "post", {"node": "a", "name": "Huay Xai"})

    assert proves(key, "post", {"name": "Huay Xai", "node": "a"}, given)
    assert not proves(key, "hub", {"node": "a", "name": "Huay Xai"}, given)
    assert not proves(key, "post", {"node": "b", "name": "Huay Xai"}, given)
    assert not proves(secret_digest(Code("K7QD", "1" * 16)), "post", {"node": "a", "name": "Huay Xai"}, given)
    assert not proves(key, "post", {"node": "a", "name": "Huay Xai"}, "ក" * 64)
