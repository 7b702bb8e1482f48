"""Laws of the file a record travels in: sealed, signed, bounded, and nothing in it can be changed unnoticed."""

import json
from hashlib import sha256
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.adapters.system import Ed25519Keys
from elearn.core.ledger.entry import Head, follow, head_after
from elearn.core.sync.carried import Carried, Part, pack, part_message, part_words, unpack
from elearn.core.sync.sealed import (
    LARGEST_CONTENT_BYTES,
    LARGEST_FILE_BYTES,
    MAGIC,
    _cipher,
    code_from,
    parse_code,
    seal,
    unseal,
)
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build, build_void

KEYS, OTHERS = Ed25519Keys(bytes([1] * 32)), Ed25519Keys(bytes([2] * 32))
NODE = "00000001-0000-4000-9000-000000000000"
PERSON, STRANGER = "00000001-0000-4000-8000-00000000000a", "00000001-0000-4000-8000-00000000000b"
NOBODY = Particulars("LA", "customs", "Huay Xai", "female", "junior")
CODE = code_from("12345678-1234-4234-8234-123456789abc")
SEALED = seal(b"what was learned" * 20, CODE, "chance")


def said(number: int, verb: str = verbs.COMPLETED, person: str = PERSON, node: str = NODE) -> Any:
    saying = Saying(person, NOBODY, f"2026-11-24T08:00:{number:02d}.000000Z", node)
    statement_id = f"00000001-0000-4000-8000-{number:012x}"
    if verb == verbs.VOIDED:
        return build_void(saying, statement_id, "00000001-0000-4000-8000-0000000000ff", person)
    return build(saying, statement_id, verb, verbs.lesson_iri("seals", f"l{number}"), extensions={"subject": person})


def part(*statements: Any, keys: Ed25519Keys = KEYS, person: str = PERSON, node: str = NODE) -> Part:
    head, entries = Head(node), []
    for one in statements:
        entries.append(follow(head, one))
        head = head_after(entries[-1])
    words = part_words(person, node, "Huay Xai", "LA", entries)
    signature = keys.sign(part_message(words))
    return Part(person, node, "Huay Xai", "LA", tuple(entries), words, keys.public_key, signature)


def carried(*parts: Part, **changes: Any) -> Carried:
    person = {"id": PERSON, "name": "Noy Vong", "service_number": "LA-1", **changes}
    at = "2026-11-24T09:00:00.000000Z"
    return Carried(person, "en", NODE, "Huay Xai", "LA", at, False, parts, KEYS.public_key)


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        unpack(content, KEYS.check)
    return caught.value.code


def test_what_was_packed_is_what_is_unpacked() -> None:
    whole = carried(part(said(1), said(2)), part(node="00000002-0000-4000-9000-000000000000", keys=OTHERS))

    assert unpack(pack(whole, KEYS.sign), KEYS.check) == whole


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_byte_of_a_signed_record_can_be_changed(data: st.DataObject) -> None:
    content = pack(carried(part(said(1), said(2))), KEYS.sign)
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    changed = content[:at] + bytes([other]) + content[at + 1 :]

    assert refused(changed) in {"carried.form", "carried.signature"}


def test_parts_cannot_be_left_out_added_or_swapped() -> None:
    one, two = part(said(1)), part(said(2))
    value = json.loads(pack(carried(one), KEYS.sign))
    other = json.loads(pack(carried(two), KEYS.sign))

    assert refused(json.dumps({**value, "parts": []}).encode()) == "carried.form"
    assert refused(json.dumps({**value, "parts": value["parts"] * 2}).encode()) == "carried.form"
    assert refused(json.dumps({**value, "parts": other["parts"]}).encode()) == "carried.form"


@pytest.mark.parametrize(
    "statement",
    [
        said(1, person=STRANGER),
        said(1, verb=verbs.ROLE_GIVEN),
        said(1, verb=verbs.PIN_RESET),
        said(1, verb=verbs.VOIDED),
        said(1, node="00000002-0000-4000-9000-000000000000"),
    ],
)
def test_only_the_officers_own_learning_said_by_that_node_is_taken(statement: Any) -> None:
    assert refused(pack(carried(part(statement)), KEYS.sign)) == "carried.form"


def test_a_record_of_nobody_of_a_stranger_or_with_a_statement_twice_is_refused() -> None:
    assert refused(pack(carried(part(said(1)), id="anonymous"), KEYS.sign)) == "carried.form"
    assert refused(pack(carried(part(said(1)), id=STRANGER), KEYS.sign)) == "carried.form"
    assert refused(pack(carried(part(said(1), said(1))), KEYS.sign)) == "carried.form"
    assert refused(pack(carried(part(said(1)), part(said(2))), KEYS.sign)) == "carried.form"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"head": 1}', b"\xff", b"[" * 100_000])
def test_what_is_no_record_is_refused(content: bytes) -> None:
    assert refused(content) == "carried.form"


def test_a_sealed_file_opens_with_its_code_however_it_is_typed() -> None:
    for typed in (CODE, CODE.lower(), CODE.replace("-", ""), f" {CODE.replace('-', ' ')} "):
        assert unseal(SEALED, parse_code(typed)) == b"what was learned" * 20


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_byte_of_a_sealed_file_can_be_changed(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SEALED) - 1))
    changed = SEALED[:at] + bytes([SEALED[at] ^ data.draw(st.integers(1, 255))]) + SEALED[at + 1 :]

    with pytest.raises(Invalid) as caught:
        unseal(changed, CODE)
    assert caught.value.code in {"carried.torn", "carried.not-a-record"}


def test_nothing_inside_can_be_read_from_outside() -> None:
    assert b"learned" not in SEALED
    assert seal(b"x", CODE, "one") != seal(b"x", CODE, "two")


def test_too_large_files_are_refused_before_anything_is_opened() -> None:
    with pytest.raises(Invalid) as caught:
        unseal(MAGIC + b"\x00" * LARGEST_FILE_BYTES, CODE)
    assert caught.value.code == "carried.too-large"


def test_a_record_too_large_to_be_taken_in_is_not_made() -> None:
    with pytest.raises(Invalid) as caught:
        seal(b"\x00" * (LARGEST_CONTENT_BYTES + 1), CODE, "chance")
    assert caught.value.code == "carried.too-large"


def test_a_file_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = zstandard.ZstdCompressor(level=3).compress(b"\x00" * (LARGEST_CONTENT_BYTES + 1))
    head = SEALED[: len(MAGIC) + 28]
    body = head + _cipher(head, CODE).encrypt(head[-12:], bomb, head)

    with pytest.raises(Invalid) as caught:
        unseal(body + sha256(body).digest(), CODE)
    assert len(bomb) < 10_000
    assert caught.value.code == "carried.too-large"
