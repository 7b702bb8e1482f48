"""HTTP messages signed with a node's Ed25519 key, by RFC 9421 and the library `http-message-signatures`.

A request covers method, path and body; an answer covers its status, its body and the nonce of the request, so that no
answer can be passed off as the answer to another request. The time in a signature is never believed, for a post's clock
may stand in 1970: what is sent twice is harmless because every call may be repeated.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from elearn.core.sync.talk import Answer, Asked
from elearn.core.vocab.errors import Refused
from elearn.core.xapi.canonical import sha256_hex

TAG = "elearn"
OF_REQUEST = ("@method", "@path", "content-digest")
OF_ANSWER = ("@status", "content-digest")
_LABEL = "n"
_HOST = "http://peer"  # a node is known by its key, not by its address: addresses change, and proxies stand between
_NONCE = re.compile(r';nonce="([A-Za-z0-9_-]{1,100})"')
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)

Sign = Callable[[bytes], bytes]
KeyOf = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Signed:
    """Who signed a message, and the nonce that ties question and answer together."""

    key_id: str
    nonce: str


@dataclass
class _Request:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class _Response:
    status_code: int
    headers: dict[str, str] = field(default_factory=dict)
    request: None = None


def sign_request(method: str, path: str, body: bytes, *, key_id: str, nonce: str, sign: Sign) -> dict[str, str]:
    """Return the headers that sign a request."""
    return _signed(_Request(method, _HOST + path), OF_REQUEST, body, key_id=key_id, nonce=nonce, sign=sign)


def sign_answer(status: int, body: bytes, *, key_id: str, nonce: str, sign: Sign) -> dict[str, str]:
    """Return the headers that sign the answer to the request with this nonce."""
    return _signed(_Response(status), OF_ANSWER, body, key_id=key_id, nonce=nonce, sign=sign)


def check_request(asked: Asked, key_of: KeyOf) -> Signed:
    """Return who signed a request. key_of: the 32 raw bytes of a known key by its id, None for others.

    Raises Refused("peer.unknown-key") for a key not known here, Refused("peer.signature", reason=) for all else.
    """
    message = _Request(asked.method, _HOST + asked.path, dict(asked.headers))
    return _checked(message, OF_REQUEST, asked.body, key_of)


def check_answer(answer: Answer, nonce: str, key_of: KeyOf) -> Signed:
    """Return who signed the answer to the request with this nonce. Raises as `check_request`."""
    signed = _checked(_Response(answer.status, dict(answer.headers)), OF_ANSWER, answer.body, key_of)
    if signed.nonce != nonce:
        raise Refused("peer.signature", reason="the answer to another request")
    return signed


def _signed(
    message: _Request | _Response, covered: tuple[str, ...], body: bytes, *, key_id: str, nonce: str, sign: Sign
) -> dict[str, str]:
    signer, _ = _library()
    prepared = signer.prepare(
        message,
        key_id=key_id,
        created=_NO_TIME,
        nonce=nonce,
        label=_LABEL,
        tag=TAG,
        include_alg=False,  # a node has Ed25519 keys and no others
        covered_component_ids=covered,
        body=body,
    )
    signer.apply(message, prepared, sign(prepared.signature_base))
    return message.headers


def _checked(message: _Request | _Response, covered: tuple[str, ...], body: bytes, key_of: KeyOf) -> Signed:
    from http_message_signatures import HTTPMessageSignaturesException  # see `_library`

    _, verifier_for = _library()
    unknown: list[str] = []

    def resolve(key_id: str) -> Ed25519PublicKey | None:
        raw = key_of(key_id)
        if raw is None:
            unknown.append(key_id)
        return None if raw is None else Ed25519PublicKey.from_public_bytes(raw)

    try:
        [result] = verifier_for(resolve).verify(
            message, max_age=None, expect_tag=TAG, require_components=covered, body=body
        )
    except (HTTPMessageSignaturesException, ValueError) as error:
        if unknown:
            raise Refused("peer.unknown-key", key_id=unknown[0][:64]) from None
        raise Refused("peer.signature", reason=str(error)) from None
    if result.body is None or not result.nonce:
        raise Refused("peer.signature", reason="body and nonce must be signed")
    return Signed(str(result.parameters["keyid"]), str(result.nonce))


@cache
def _library() -> tuple[Any, Callable[[Any], Any]]:
    """Return a signer, and what makes a verifier for a way to find keys.

    Imported here: the library takes 50 ms, which a post that starts should not wait for.
    """
    from http_message_signatures import (
        HTTPMessageSigner,
        HTTPMessageVerifier,
        HTTPSignatureKeyResolver,
        algorithms,
    )

    class Resolver(HTTPSignatureKeyResolver):
        def __init__(self, resolve: Callable[[str], Ed25519PublicKey | None]) -> None:
            self._resolve = resolve

        def resolve_public_key(self, key_id: str) -> Any:
            return self._resolve(key_id)

    class TimelessVerifier(HTTPMessageVerifier):
        def validate_created_and_expires(self, *_: Any, **__: Any) -> None:
            """Believe no clock."""

    def verifier_for(resolve: Callable[[str], Ed25519PublicKey | None]) -> Any:
        return TimelessVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Resolver(resolve))

    return HTTPMessageSigner(signature_algorithm=algorithms.ED25519), verifier_for


def key_id_of(public_key: bytes) -> str:
    """Return the id of a key: the first 16 hex digits of its SHA-256 (`ports.Keys.key_id`)."""
    return sha256_hex(public_key)[:16]


def claimed_nonce(headers: dict[str, str]) -> str:
    """Return the nonce a request names, checked by nobody: a refusal has to say what it refuses."""
    line = next((value for name, value in headers.items() if name.lower() == "signature-input"), "")
    found = _NONCE.search(line)
    return found.group(1) if found else "none"
