"""One form of JSON for one value, so that a digest means something on every machine (RFC 8785)."""

import hashlib
import json
from typing import Any

import rfc8785

from elearn.core.vocab.errors import Invalid

_SAFE = 2**53
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of ``value``. Raises Invalid for what JSON cannot hold (NaN, sets ...)."""
    try:
        # Python's own encoder gives the same bytes several times faster for what statements are made of; whatever it
        # would write in another way goes to the library. A property test holds the two together.
        plain, simple = _simple(value)
        return _ENCODER.encode(plain).encode() if simple else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, TypeError, ValueError, RecursionError) as error:
        raise Invalid("json.not-canonical", reason=str(error)) from None


class Reader:
    """Reads many JSON texts, each together with its canonical form. Not for two threads at once.

    Whole numbers written with a point become integers, as the canonical form has them.
    """

    def __init__(self) -> None:
        self._odd = False
        self._decoder = json.JSONDecoder(
            parse_float=self._float, parse_int=self._integer, parse_constant=self._refuse, strict=True
        )

    def read(self, text: str) -> tuple[Any, bytes | None]:
        """Return (value, its RFC 8785 bytes, None where `canonical_json` has to find them). Raises ValueError."""
        self._odd = False
        value = self._decoder.decode(text)
        # An escape may stand for any letter, also for one that sorts in another way.
        if self._odd or "\\u" in text or not (text.isascii() or _basic(text)):
            return value, None
        # What a parser made has only texts as names and no numbers but those looked at: nothing is left to check.
        return value, _ENCODER.encode(value).encode()

    def _float(self, text: str) -> float | int:
        value, simple = _number(float(text))
        self._odd |= not simple
        return value

    def _integer(self, text: str) -> int:
        value = int(text)
        self._odd |= not -_SAFE < value < _SAFE
        return value

    @staticmethod
    def _refuse(text: str) -> None:
        raise ValueError(f"{text} is not JSON")


def _simple(value: Any) -> tuple[Any, bool]:
    """Return the value with whole floats as integers, and whether Python's encoder writes it as RFC 8785 does."""
    kind = type(value)
    if kind is dict:
        return _fields(value)
    if kind is list:
        pairs = [_simple(one) for one in value]
        return [plain for plain, _ in pairs], all(simple for _, simple in pairs)
    if kind is float:
        return _number(value)
    if kind is int:
        return value, -_SAFE < value < _SAFE
    return value, value is None or kind is bool or (kind is str and _basic(value))


def _fields(value: dict[Any, Any]) -> tuple[Any, bool]:
    made = {}
    for name, one in value.items():
        plain, simple = _simple(one)
        if not simple or type(name) is not str or not _basic(name):
            return value, False
        made[name] = plain
    return made, True


def _basic(text: str) -> bool:
    """Tell whether names like this sort the same by code points and, as the RFC asks, by UTF-16."""
    return text.isascii() or max(text) < "\ud800"


def _number(value: float) -> tuple[float | int, bool]:
    """Whole numbers lose their point; very small and very large ones are written with exponents in their own way."""
    if value.is_integer() and abs(value) < _SAFE:
        return int(value), True
    return value, 1e-4 <= abs(value) < 1e15


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``."""
    return sha256_hex(canonical_json(value))
