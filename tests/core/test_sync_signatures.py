"""Signed messages: whatever is altered on the way is noticed, and no clock is believed."""

import pytest

from elearn.adapters.system import Ed25519Keys
from elearn.core.sync.signatures import (
    check_answer,
    check_request,
    claimed_nonce,
    key_id_of,
    sign_answer,
    sign_request,
)
from elearn.core.sync.talk import Answer, Asked
from elearn.core.vocab.errors import Refused

POST, STRANGER = Ed25519Keys(b"\x01" * 32), Ed25519Keys(b"\x02" * 32)
BODY = b'{"origins":["a"]}'


def key_of(key_id: str) -> bytes | None:
    return {POST.key_id: POST.public_key}.get(key_id)


def request(keys: Ed25519Keys = POST, path: str = "/peer/vector") -> Asked:
    headers = sign_request("POST", path, BODY, key_id=keys.key_id, nonce="n-1", sign=keys.sign)
    return Asked("POST", path, headers, BODY)


def test_who_signed_is_known_by_its_key() -> None:
    signed = check_request(request(), key_of)

    assert (signed.key_id, signed.nonce) == (POST.key_id, "n-1")
    assert key_id_of(POST.public_key) == POST.key_id


def test_header_names_may_change_their_case_on_the_way() -> None:
    asked = request()
    lower = {name.lower(): value for name, value in asked.headers.items()}

    assert check_request(Asked("POST", asked.path, {**lower, "host": "hub.example"}, BODY), key_of).nonce == "n-1"


@pytest.mark.parametrize(
    "altered",
    [
        Asked("POST", "/peer/vector", request().headers, BODY + b" "),
        Asked("POST", "/peer/people", request().headers, BODY),
        Asked("PUT", "/peer/vector", request().headers, BODY),
        Asked("POST", "/peer/vector", {}, BODY),
        Asked("POST", "/peer/vector", {"Signature": "x", "Signature-Input": "((("}, BODY),
        Asked("POST", "/peer/vector", {**request().headers, "Content-Digest": "sha-256=:AAAA:"}, BODY),
        Asked("POST", "/peer/vector", {**request().headers, "Signature": "node=:AAAA:"}, BODY),
    ],
    ids=["body", "path", "method", "none", "junk", "digest", "signature"],
)
def test_what_was_altered_is_refused(altered: Asked) -> None:
    with pytest.raises(Refused) as refused:
        check_request(altered, key_of)

    assert refused.value.code == "peer.signature"


def test_a_stranger_is_told_that_the_key_is_not_known() -> None:
    with pytest.raises(Refused) as refused:
        check_request(request(STRANGER), key_of)

    assert refused.value.code == "peer.unknown-key"
    assert refused.value.details == {"key_id": STRANGER.key_id}


def test_a_stranger_under_a_known_name_is_refused() -> None:
    headers = sign_request("POST", "/peer/vector", BODY, key_id=POST.key_id, nonce="n-1", sign=STRANGER.sign)

    with pytest.raises(Refused) as refused:
        check_request(Asked("POST", "/peer/vector", headers, BODY), key_of)

    assert refused.value.code == "peer.signature"


def test_a_signature_that_leaves_the_body_out_is_refused() -> None:
    asked = request()
    headers = {name: value.replace(' "content-digest"', "") for name, value in asked.headers.items()}

    with pytest.raises(Refused):
        check_request(Asked("POST", asked.path, headers, BODY), key_of)


def test_an_answer_answers_one_request_only() -> None:
    headers = sign_answer(200, b"{}", key_id=POST.key_id, nonce="n-1", sign=POST.sign)

    assert check_answer(Answer(200, headers, b"{}"), "n-1", key_of).key_id == POST.key_id
    with pytest.raises(Refused):
        check_answer(Answer(200, headers, b"{}"), "n-2", key_of)
    with pytest.raises(Refused):
        check_answer(Answer(403, headers, b"{}"), "n-1", key_of)


def test_the_nonce_a_request_claims_can_be_read_before_it_is_checked() -> None:
    assert claimed_nonce(request().headers) == "n-1"
    assert claimed_nonce({}) == "none"
    assert claimed_nonce({"signature-input": 'node=();nonce="a\\"b"'}) == "none"
