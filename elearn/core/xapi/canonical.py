"""One form of JSON for one value, so that a digest means something on every machine (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785

from elearn.core.vocab.errors import Invalid


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of ``value``. Raises Invalid for what JSON cannot hold (NaN, sets ...)."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, TypeError, ValueError, RecursionError) as error:
        raise Invalid("json.not-canonical", reason=str(error)) from None


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``."""
    return sha256_hex(canonical_json(value))
