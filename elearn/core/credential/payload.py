"""What the QR code holds: a certificate's claims, signed, in 250 to 350 characters that a QR code packs tightly.

``EL1:`` + base45(zlib(COSE_Sign1)), after the EU health certificate. COSE_Sign1 (RFC 9052, section 4.2) carries
Ed25519 (alg -8) and the key's id in its protected header, and a CBOR map with integer keys. The course's title is not
in there: who checks looks it up by the course's code. Signing and checking come in as callables.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from elearn.core.credential.cose import Sign1, packed, read, to_be_signed, unpacked, written
from elearn.core.credential.number import number_from
from elearn.core.vocab.errors import Invalid

PREFIX = "EL1:"
NAME_LIMIT = 400  # bytes in UTF-8: 133 Khmer characters

_ED25519 = -8
_ALG, _KID = 1, 4
_ID, _NAME, _COURSE, _VERSION, _SCORE, _ISSUED, _EXPIRES, _LANGUAGE = range(1, 9)
_SCORE_STEPS = 10_000

FIRST_DAY = date(2020, 1, 1)
"""Days are counted from here. Nobody issued a certificate earlier: what is dated so was dated by a wrong clock, and is
taken all the same, for the officer has passed."""


@dataclass(frozen=True)
class CertificateClaims:
    """What a certificate says, as far as it is signed.

    certificate_id: uuid as text; score: 0..1, kept to 1/10000; expires: last day of validity or None; issuer_key_id:
    the first 16 hex digits of the SHA-256 of the issuer's public key; language: tag of the language it was taken in.
    The name is kept in NFC without zero-width spaces. Raises Invalid("claims.<field>", value=).
    """

    certificate_id: str
    person_name: str
    course: str
    course_version: str
    score: float
    issued: date
    expires: date | None
    issuer_key_id: str
    language: str

    def __post_init__(self) -> None:
        number_from(self.certificate_id)
        name = unicodedata.normalize("NFC", self.person_name.replace("\u200b", "")).strip()
        if not name or len(name.encode()) > NAME_LIMIT or any(unicodedata.category(sign) == "Cc" for sign in name):
            raise Invalid("claims.person_name", value=self.person_name)
        if not 0 <= self.score <= 1:
            raise Invalid("claims.score", value=self.score)
        if self.expires is not None and self.expires < self.issued:
            raise Invalid("claims.expires", value=self.expires.isoformat())
        if not _is_key_id(self.issuer_key_id):
            raise Invalid("claims.issuer_key_id", value=self.issuer_key_id)
        for field, text in (("course", self.course), ("course_version", self.course_version)):
            if not text or len(text.encode()) > 64:
                raise Invalid(f"claims.{field}", value=text)
        object.__setattr__(self, "certificate_id", str(UUID(self.certificate_id)))
        object.__setattr__(self, "person_name", name)
        object.__setattr__(self, "score", round(self.score * _SCORE_STEPS) / _SCORE_STEPS)

    @property
    def number(self) -> str:
        """Return the number printed on the certificate; it follows from the id."""
        return number_from(self.certificate_id)


@dataclass(frozen=True)
class SignedClaims:
    """Claims with the bytes that were signed and the signature, not yet checked."""

    claims: CertificateClaims
    message: bytes
    signature: bytes


def encode(claims: CertificateClaims, sign: Callable[[bytes], bytes]) -> str:
    """Return the payload of the QR code. ``sign`` returns the 64 bytes of an Ed25519 signature."""
    header = written({_ALG: _ED25519, _KID: bytes.fromhex(claims.issuer_key_id)})
    body = written(_map_of(claims))
    return packed(PREFIX, Sign1(header, body, sign(to_be_signed(header, body))))


def decode(text: str) -> SignedClaims:
    """Return what a payload says; whether the signature is right is for ``verify.judge``.

    Raises Invalid: "payload.prefix" (not one of ours, or of a later form), "payload.too-long", "payload.torn" (cut
    off or mistyped), "payload.form" (unpacks, but is not a certificate).
    """
    message = unpacked(PREFIX, text.strip())
    header = _plain_map(message.header)
    if set(header) != {_ALG, _KID} or header[_ALG] != _ED25519 or not isinstance(header[_KID], bytes):
        raise Invalid("payload.form", part="header")
    claims = _claims_of(_plain_map(message.body), header[_KID].hex())
    return SignedClaims(claims, message.to_be_signed, message.signature)


def _plain_map(encoded: bytes) -> dict[int, Any]:
    """Return a CBOR map whose values are bytes, text and whole numbers and nothing else."""
    value = read(encoded)
    if not isinstance(value, dict):
        raise Invalid("payload.form", part="map")
    if not all(type(key) is int and type(item) in (bytes, str, int) for key, item in value.items()):
        raise Invalid("payload.form", part="map")
    return value


def _map_of(claims: CertificateClaims) -> dict[int, Any]:
    filled: dict[int, Any] = {
        _ID: UUID(claims.certificate_id).bytes,
        _NAME: claims.person_name,
        _COURSE: claims.course,
        _VERSION: claims.course_version,
        _SCORE: round(claims.score * _SCORE_STEPS),
        _ISSUED: (claims.issued - FIRST_DAY).days,
        _LANGUAGE: claims.language,
    }
    if claims.expires is not None:
        filled[_EXPIRES] = (claims.expires - FIRST_DAY).days
    return filled


def _claims_of(filled: dict[int, Any], key_id: str) -> CertificateClaims:
    """Return the claims of a map. Keys not known here are let be: the signature covers them all the same."""
    kinds = {_ID: bytes, _NAME: str, _COURSE: str, _VERSION: str, _SCORE: int, _ISSUED: int, _LANGUAGE: str}
    for key, kind in kinds.items():
        if not isinstance(filled.get(key), kind):
            raise Invalid("payload.form", part="claims", key=key)
    expires = filled.get(_EXPIRES)
    try:
        return CertificateClaims(
            certificate_id=str(UUID(bytes=filled[_ID])),
            person_name=filled[_NAME],
            course=filled[_COURSE],
            course_version=filled[_VERSION],
            score=filled[_SCORE] / _SCORE_STEPS,
            issued=FIRST_DAY + timedelta(days=filled[_ISSUED]),
            expires=None if expires is None else FIRST_DAY + timedelta(days=expires),
            issuer_key_id=key_id,
            language=filled[_LANGUAGE],
        )
    except (Invalid, ValueError, TypeError, OverflowError):
        raise Invalid("payload.form", part="claims") from None


def _is_key_id(text: str) -> bool:
    return len(text) == 16 and all(sign in "0123456789abcdef" for sign in text)
