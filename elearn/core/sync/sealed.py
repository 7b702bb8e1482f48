"""A file sealed with a code that a person carries beside it: useless to whoever finds the stick.

The code has sixteen signs (69 random bits and two check signs) and is made by the machine: nobody's birthday. scrypt
makes each guess cost 32 MB and a tenth of a second; ChaCha20-Poly1305 keeps what is inside secret and unchanged. A
digest over everything ends the file, so that a torn file is told from a wrong code. Chance comes from the caller.
"""

import hashlib

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from elearn.core.credential.number import number_from, parse_number
from elearn.core.vocab.errors import Invalid

MAGIC = b"elearn record 1\n"
LARGEST_FILE_BYTES = 2 * 1024 * 1024
LARGEST_CONTENT_BYTES = 16 * 1024 * 1024
_WINDOW_BYTES = 8 * 1024 * 1024
_SALT, _NONCE, _TAG, _DIGEST = 16, 12, 16, 32
_HEAD = len(MAGIC) + _SALT + _NONCE
_LEVEL = 15
_WORK = 2**15


def code_from(chance: str) -> str:
    """Return a code made from a random uuid4 as text, written as four groups of four signs."""
    return number_from(chance)


def parse_code(typed: str) -> str:
    """Return the code, from what a person typed. Raises Invalid("carried.code") where a sign is wrong or missing."""
    try:
        return parse_number(typed)
    except Invalid:
        raise Invalid("carried.code") from None


def seal(content: bytes, code: str, chance: str) -> bytes:
    """Return the sealed file. code: as `parse_code` returns it; chance: an unguessable text, new for each file.

    Raises Invalid("carried.too-large", size_bytes=, most_bytes=).
    """
    random = hashlib.sha512(chance.encode()).digest()
    head = MAGIC + random[: _SALT + _NONCE]
    packed = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(content)
    body = head + _cipher(head, code).encrypt(_nonce(head), packed, head)
    if len(content) > LARGEST_CONTENT_BYTES or len(body) + _DIGEST > LARGEST_FILE_BYTES:
        raise Invalid("carried.too-large", size_bytes=len(body), most_bytes=LARGEST_FILE_BYTES)
    return body + hashlib.sha256(body).digest()


def unseal(file: bytes, code: str) -> bytes:
    """Return what is inside.

    Raises Invalid: "carried.too-large" (size_bytes=, most_bytes=), "carried.not-a-record", "carried.torn",
    "carried.wrong-code".
    """
    if len(file) > LARGEST_FILE_BYTES:
        raise Invalid("carried.too-large", size_bytes=len(file), most_bytes=LARGEST_FILE_BYTES)
    if not file.startswith(MAGIC):
        raise Invalid("carried.not-a-record")
    body, digest = file[:-_DIGEST], file[-_DIGEST:]
    if len(body) < _HEAD + _TAG or hashlib.sha256(body).digest() != digest:
        raise Invalid("carried.torn")
    head = body[:_HEAD]
    try:
        packed = _cipher(head, code).decrypt(_nonce(head), body[_HEAD:], head)
    except InvalidTag:
        raise Invalid("carried.wrong-code") from None
    return _unpacked(packed)


def _cipher(head: bytes, code: str) -> ChaCha20Poly1305:
    salt = head[len(MAGIC) : len(MAGIC) + _SALT]
    key = hashlib.scrypt(code.encode(), salt=salt, n=_WORK, r=8, p=1, dklen=32, maxmem=64 * 1024 * 1024)
    return ChaCha20Poly1305(key)


def _nonce(head: bytes) -> bytes:
    return head[-_NONCE:]


def _unpacked(packed: bytes) -> bytes:
    """Unpack, but only up to a limit: who made the file may have meant to fill the memory."""
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= LARGEST_CONTENT_BYTES:
            raise Invalid("carried.too-large", size_bytes=size, most_bytes=LARGEST_CONTENT_BYTES)
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES)
        return unpacker.decompress(packed, max_output_size=LARGEST_CONTENT_BYTES, allow_extra_data=False)
    except zstandard.ZstdError:
        raise Invalid("carried.torn") from None
