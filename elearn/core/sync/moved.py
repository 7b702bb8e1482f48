"""Officers who moved, as they travel: a post's questions up, what its hub holds of them down.

A post names an officer by service and service number, exactly: it can't look around among the officers of others. What
comes down is the same signed record an officer could carry along (`carried.py`), made and signed by the hub.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import zstandard

from elearn.core.sync.talk import hex_part, part, text_part
from elearn.core.vocab.errors import ElearnError, Invalid

MOST_ASKS = 300
LARGEST_ANSWER_BYTES = 3 * 1024 * 1024
LARGEST_RECORD_BYTES = 16 * 1024 * 1024
_LEVEL = 9


@dataclass(frozen=True)
class Asked:
    """Whom a post asks for."""

    agency: str
    service_number: str


@dataclass(frozen=True)
class Found:
    """What the hub holds of one who was asked for. digest: of what others than the asking post have said; content: the
    record as `carried.pack` made it."""

    asked: Asked
    digest: str
    content: bytes


def asks_said(asks: list[Asked]) -> list[dict[str, str]]:
    """Return them as they travel."""
    return [{"agency": one.agency, "service_number": one.service_number} for one in asks]


def asks_in(value: Any) -> list[Asked]:
    """Return whom a post asks for. Raises Invalid("peer.part")."""
    if not isinstance(value, list) or len(value) > MOST_ASKS:
        raise Invalid("peer.part", part="asks", wanted=f"at most {MOST_ASKS}")
    return [_asked(one) for one in value]


def found_said(found: Found) -> dict[str, str]:
    """Return it as it travels."""
    packed = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(found.content)
    return {
        "agency": found.asked.agency,
        "service_number": found.asked.service_number,
        "digest": found.digest,
        "record": b64encode(packed).decode("ascii"),
    }


def found_in(value: Any) -> Found:
    """Return what came of one officer; the signatures in it are not checked here. Raises Invalid("peer.part")."""
    asked = _asked(value)
    try:
        packed = b64decode(part(value, "record", str), validate=True)
        size = zstandard.frame_content_size(packed)
        if not 0 < size <= LARGEST_RECORD_BYTES:
            raise Invalid("peer.part", part="record", wanted=f"at most {LARGEST_RECORD_BYTES} bytes")
        content = zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST_RECORD_BYTES)
    except (ValueError, zstandard.ZstdError) as error:
        raise Invalid("peer.part", part="record", wanted=f"a packed record: {error}") from None
    return Found(asked, hex_part(value, "digest", 32).hex(), content)


def _asked(value: Any) -> Asked:
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="asks", wanted="objects")
    try:
        return Asked(text_part(value, "agency", 40), text_part(value, "service_number", 80))
    except ElearnError:
        raise Invalid("peer.part", part="asks", wanted="service and service number") from None
