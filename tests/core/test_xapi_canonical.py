"""The fast way to canonical JSON gives the bytes of RFC 8785, for every value there is."""

import json
import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.vocab.errors import Invalid
from elearn.core.xapi.canonical import Reader, canonical_json

NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1.0, 0.8, 1e-4, 9.9e-5, 1e-7, 1e15, 1e16, 1e21, 1e22, 0.1 + 0.2, 5e-324, 2**53 - 1]),
)
ODD = ["\u007f", "\u2028", "\ue000", "\uffff", "😀", '\x00\x1f"\\/', "ខ្មែរ", "é"]
TEXTS = st.one_of(st.text(), st.sampled_from(ODD))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=5)),
    max_leaves=12,
)


def encodable(value: object) -> bool:
    try:
        rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, ValueError):
        return False
    return True


@given(value=VALUES)
def test_the_fast_way_writes_the_bytes_of_the_rfc(value: object) -> None:
    if encodable(value):
        assert canonical_json(value) == rfc8785.dumps(value)  # type: ignore[arg-type]
    else:
        with pytest.raises(Invalid):
            canonical_json(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53 + 1, {1: "a"}, {"a": {1, 2}}, object(), "\ud800"])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        canonical_json(value)


def test_a_tuple_and_a_subclass_are_written_as_the_library_writes_them() -> None:
    assert canonical_json({"a": (1, 2)}) == rfc8785.dumps({"a": (1, 2)})


@given(value=VALUES.filter(encodable))
def test_what_is_read_comes_with_the_same_canonical_form(value: object) -> None:
    reader = Reader()
    for written in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        read, canonical = reader.read(written)
        assert read == json.loads(written)
        assert canonical_json(read) == canonical_json(json.loads(written))
        assert canonical in (None, rfc8785.dumps(json.loads(written)))


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a":-Infinity}', "[1", "'x'", ""])
def test_what_is_no_json_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError):
        Reader().read(text)


def test_most_statements_need_no_second_look() -> None:
    read, canonical = Reader().read('{"score":{"scaled":1.0},"b":0.85,"name":"ນ້ອຍ","a":75.0}')

    assert canonical == '{"a":75,"b":0.85,"name":"ນ້ອຍ","score":{"scaled":1}}'.encode()
    assert type(read["a"]) is int
    assert Reader().read('{"\U0001f600":1}')[1] is None
    assert Reader().read('{"\\ud83d\\ude00":1}')[1] is None
    assert Reader().read('{"a":1e300}')[1] is None
    assert Reader().read('{"a":90071992547409930}')[1] is None
