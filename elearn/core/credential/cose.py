"""A COSE_Sign1 message as the text of a QR code: prefix, base45, zlib, CBOR, as in the EU health certificate.

What comes in through a camera or an upload is not trusted: sizes are bounded before anything is unpacked, and of the
many ways to write the same in CBOR only the canonical one is taken (RFC 8949, section 4.2.3, as cbor2 writes it).
"""

import zlib
from typing import Any, NamedTuple

import base45
import cbor2

from elearn.core.vocab.errors import Invalid

TEXT_LIMIT = 1200
MESSAGE_LIMIT = 1024
_COSE_SIGN1 = 18


class Sign1(NamedTuple):
    """The three parts of a COSE_Sign1 message without unprotected headers; header and body are CBOR."""

    header: bytes
    body: bytes
    signature: bytes

    @property
    def to_be_signed(self) -> bytes:
        """Return the Sig_structure (RFC 9052, section 4.4)."""
        return to_be_signed(self.header, self.body)


def to_be_signed(header: bytes, body: bytes) -> bytes:
    """Return the Sig_structure of a protected header and a body (RFC 9052, section 4.4)."""
    return written(["Signature1", header, b"", body])


def packed(prefix: str, message: Sign1) -> str:
    """Return the message as text."""
    inside = written(cbor2.CBORTag(_COSE_SIGN1, [message.header, {}, message.body, message.signature]))
    letters: bytes = base45.b45encode(zlib.compress(inside, 9))
    return prefix + letters.decode("ascii")


def unpacked(prefix: str, text: str) -> Sign1:
    """Return the message in a text; whether the signature is right is for others.

    Raises Invalid: "payload.prefix", "payload.too-long", "payload.torn" (cut off or mistyped), "payload.form" (unpacks,
    but is no COSE_Sign1 with a signature of 64 bytes).
    """
    if not text.startswith(prefix):
        raise Invalid("payload.prefix", start=text[:8])
    if len(text) > TEXT_LIMIT:
        raise Invalid("payload.too-long", length=len(text), limit=TEXT_LIMIT)
    return _opened(_inflated(text[len(prefix) :]))


def read(encoded: bytes) -> Any:
    """Return one CBOR value. Trailing bytes, and all but the one canonical way of writing it, are refused.

    Raises Invalid("payload.form").
    """
    try:
        value = cbor2.loads(encoded, max_depth=8, allow_indefinite=False, allow_duplicate_keys=False)
        again = written(value)
    except (cbor2.CBORError, ValueError, TypeError):
        raise Invalid("payload.form", part="CBOR") from None
    if again != encoded:  # cbor2.loads says nothing of bytes left over
        raise Invalid("payload.form", part="CBOR")
    return value


def written(value: Any) -> bytes:
    """Return a value as canonical CBOR."""
    return cbor2.dumps(value, canonical=True)


def _inflated(text: str) -> bytes:
    """Return the message inside base45 and zlib, never more than MESSAGE_LIMIT bytes."""
    try:
        opener = zlib.decompressobj()
        message = opener.decompress(base45.b45decode(text), MESSAGE_LIMIT)
    except (ValueError, zlib.error):
        raise Invalid("payload.torn", part="packing") from None
    if not opener.eof:
        whole = not opener.unconsumed_tail
        raise Invalid("payload.torn", part="packing") if whole else Invalid("payload.too-long", limit=MESSAGE_LIMIT)
    if opener.unused_data:
        raise Invalid("payload.torn", part="trailing")
    return message


def _opened(message: bytes) -> Sign1:
    outer = read(message)
    inside = outer.value if isinstance(outer, cbor2.CBORTag) and outer.tag == _COSE_SIGN1 else None
    if not isinstance(inside, list | tuple) or len(inside) != 4:
        raise Invalid("payload.form", part="COSE_Sign1")
    header, unprotected, body, signature = inside
    sound = isinstance(header, bytes) and isinstance(body, bytes) and isinstance(signature, bytes)
    if not sound or unprotected != {} or len(signature) != 64:
        raise Invalid("payload.form", part="COSE_Sign1")
    return Sign1(header, body, signature)
