"""Statements as small blobs: one byte that says how, then zstd with a dictionary trained on statements.

A dictionary is never changed once it was shipped: bodies that were packed with it need it to be read. To renew it, run
`train_dictionary.py`, ship the result under the next number and make that CURRENT.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import zstandard

from elearn.core.vocab.errors import Unavailable

PLAIN = 0
CURRENT = 1
KNOWN = (1,)
LARGEST_BODY = 16 * 1024 * 1024


@cache
def dictionary(number: int) -> zstandard.ZstdCompressionDict:
    """Return a shipped dictionary."""
    data = files("elearn.adapters").joinpath(f"statements-{number}.dict").read_bytes()
    return zstandard.ZstdCompressionDict(data)


class Bodies:
    """Packs and unpacks. Not for two threads at once: zstd's contexts are not."""

    def __init__(self) -> None:
        self._packer: zstandard.ZstdCompressor | None = None
        self._unpackers: dict[int, zstandard.ZstdDecompressor] = {}

    def pack(self, body: dict[str, Any]) -> bytes:
        """Return the body as a blob."""
        return self.pack_line(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    def pack_line(self, line: bytes) -> bytes:
        """Return a body that is written as JSON already (`Statement.line`) as a blob."""
        if self._packer is None:
            self._packer = zstandard.ZstdCompressor(
                level=3, dict_data=dictionary(CURRENT), write_checksum=False, write_dict_id=False
            )
        return bytes([CURRENT]) + self._packer.compress(line)

    def unpack(self, blob: bytes) -> dict[str, Any]:
        """Return the body. Raises Unavailable("store.damaged") for a blob that cannot be read."""
        return self.unpack_line(blob)[0]

    def unpack_line(self, blob: bytes) -> tuple[dict[str, Any], bytes]:
        """Return (body, the JSON it was packed from), for whoever hands it on. Raises as `unpack`."""
        try:
            line = blob[1:] if blob[0] == PLAIN else self._unpacker(blob[0]).decompress(blob[1:], LARGEST_BODY)
            body: dict[str, Any] = json.loads(line)
        except (IndexError, ValueError, zstandard.ZstdError) as error:
            raise Unavailable("store.damaged", reason=f"a statement's body cannot be read: {error}") from error
        return body, line

    def _unpacker(self, number: int) -> zstandard.ZstdDecompressor:
        if number not in self._unpackers:
            if number not in KNOWN:
                raise ValueError(f"dictionary {number} is not known to this version")
            self._unpackers[number] = zstandard.ZstdDecompressor(dict_data=dictionary(number))
        return self._unpackers[number]
