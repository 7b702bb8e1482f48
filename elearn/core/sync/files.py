"""Course packages as they go down from a hub: what is offered, in which files, and how these are packed and checked.

A package travels as what people wrote, not as pages made of it: the node that takes it in compiles it anew, and holds
the digest of the result against the one that was signed. So no page can come down that does not say what was signed.
The words of each language are one file, so that an edit in one language does not send the others again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import zstandard

from elearn.core.content.parse import is_raster
from elearn.core.content.version import numbers_of
from elearn.core.sync.talk import hex_part, number_part, part, text_part
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import canonical_json, sha256_hex

MOST_OFFERED = 500
MOST_FILES = 2000
MOST_SIGNATURES = 20
LARGEST_FILE_BYTES = 32 * 1024 * 1024
LARGEST_PACKAGE_BYTES = 256 * 1024 * 1024
LARGEST_TEXT_BYTES = 64 * 1024 * 1024
LONGEST_PATH = 300

LEAST_CHUNK = 4 * 1024
FIRST_CHUNK = 64 * 1024
LARGEST_CHUNK = 256 * 1024
"""Of a file in one answer, bytes. It begins small, for what was cut off within an answer has to come again."""

WORDS: Literal["words"] = "words"
PICTURE: Literal["picture"] = "picture"
_LEVEL = 12
_WINDOW_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class FileOf:
    """A file of a package. kind: "words" (name: language, or "." for what belongs to none) or "picture" (name: path in
    the course's folder); digest: SHA-256 of its bytes as they travel, as hex; size: of them."""

    kind: str
    name: str
    digest: str
    size: int

    def said(self) -> list[Any]:
        """Return it as it travels."""
        return [self.kind, self.name, self.digest, self.size]


@dataclass(frozen=True)
class Offer:
    """A package a hub hands down. signatures: (key id, signature); files: None where the caller has said it needs
    none of them."""

    digest: str
    course: str
    version: str
    published_at: str
    signatures: tuple[tuple[str, bytes], ...]
    files: tuple[FileOf, ...] | None

    @property
    def size(self) -> int:
        """Return how many bytes its files are together."""
        return sum(one.size for one in self.files or ())

    def said(self) -> dict[str, Any]:
        """Return it as it travels."""
        value: dict[str, Any] = {
            "digest": self.digest,
            "course": self.course,
            "version": self.version,
            "published_at": self.published_at,
            "signatures": [[key, signature.hex()] for key, signature in self.signatures],
        }
        return value if self.files is None else {**value, "files": [one.said() for one in self.files]}


def offers_in(given: Any) -> tuple[tuple[Offer, ...], bool]:
    """Return what is offered, and whether that is all of it. Raises Invalid("peer.part")."""
    if not isinstance(given, dict):
        raise Invalid("peer.part", part="packages", wanted="dict")
    listed = part(given, "packages", list)
    if len(listed) > MOST_OFFERED:
        raise Invalid("peer.part", part="packages", wanted=f"at most {MOST_OFFERED}")
    offers = tuple(_offer(one) for one in listed)
    if len({one.digest for one in offers}) != len(offers):
        raise Invalid("peer.part", part="packages", wanted="each package once")
    return offers, part(given, "all", bool)


def _offer(value: Any) -> Offer:
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="packages", wanted="objects")
    version = text_part(value, "version", 80)
    if numbers_of(version) is None:
        raise Invalid("peer.part", part="version", wanted="a version of a course")
    try:
        published_at = text_of(instant_of(text_part(value, "published_at", 40)))
    except ValueError:
        raise Invalid("peer.part", part="published_at", wanted="an instant") from None
    signed = part(value, "signatures", list)
    if len(signed) > MOST_SIGNATURES:
        raise Invalid("peer.part", part="signatures", wanted=f"at most {MOST_SIGNATURES}")
    return Offer(
        digest=hex_part(value, "digest", 32).hex(),
        course=text_part(value, "course", 64),
        version=version,
        published_at=published_at,
        signatures=tuple(_signature(one) for one in signed),
        files=files_said(part(value, "files", list)) if "files" in value else None,
    )


def _signature(value: Any) -> tuple[str, bytes]:
    named = dict(zip(("key", "signature"), value, strict=False)) if isinstance(value, list) else {}
    return hex_part(named, "key", 8).hex(), hex_part(named, "signature", 64)


def files_said(listed: list[Any]) -> tuple[FileOf, ...]:
    """Return the files of a package as they were said. Raises Invalid("peer.part")."""
    if len(listed) > MOST_FILES:
        raise Invalid("peer.part", part="files", wanted=f"at most {MOST_FILES}")
    found = tuple(_file(one) for one in listed)
    if len({(one.kind, one.name) for one in found}) != len(found):
        raise Invalid("peer.part", part="files", wanted="each file once")
    return found


def _file(value: Any) -> FileOf:
    named = dict(zip(("kind", "name", "digest", "size"), value, strict=False)) if isinstance(value, list) else {}
    kind, name, size = text_part(named, "kind", 10), text_part(named, "name", LONGEST_PATH), number_part(named, "size")
    if kind not in {WORDS, PICTURE} or size == 0:
        raise Invalid("peer.part", part="files", wanted="words or pictures")
    return FileOf(kind, name, hex_part(named, "digest", 32).hex(), size)


def is_too_large(offer: Offer) -> bool:
    """Tell whether a package is larger than any course needs to be."""
    return offer.size > LARGEST_PACKAGE_BYTES or any(one.size > LARGEST_FILE_BYTES for one in offer.files or ())


def bundles_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the words of a course's folder as they travel: language, or "." for what belongs to none -> content.

    Pictures made of pixels are not in them; what is no UTF-8 is nothing the course was made of.
    """
    grouped: dict[str, dict[str, str]] = {}
    for path in sorted(files):
        if not is_raster(path):
            first, slash, _ = path.partition("/")
            try:
                grouped.setdefault(first if slash else ".", {})[path] = files[path].decode()
            except UnicodeDecodeError:
                continue
    return {name: _packed(canonical_json(texts)) for name, texts in grouped.items() if texts}


def _packed(text: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True, write_checksum=True).compress(text)


def words_in(content: bytes) -> dict[str, bytes]:
    """Return path -> content of the files in a bundle. Raises Invalid("package.damaged", reason=)."""
    try:
        size = zstandard.frame_content_size(content)
        if not 0 <= size <= LARGEST_TEXT_BYTES:
            raise Invalid("package.damaged", reason=f"{size} bytes of words")
        text = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompress(
            content, max_output_size=LARGEST_TEXT_BYTES, allow_extra_data=False
        )
        value = json.loads(text)
    except (zstandard.ZstdError, ValueError, RecursionError) as error:
        raise Invalid("package.damaged", reason=str(error)) from None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Invalid("package.damaged", reason="not texts by path")
    return {path: words.encode() for path, words in value.items()}


def whole_folder(bundles: Iterable[bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return path -> content of a course's folder, put together again. Raises Invalid("package.damaged", reason=)."""
    found: dict[str, bytes] = {}
    for content in bundles:
        found |= words_in(content)
    if found.keys() & pictures.keys() or any(is_raster(path) for path in found):
        raise Invalid("package.damaged", reason="a picture among the words")
    return {**found, **pictures}


def is_whole(content: bytes, file: FileOf) -> bool:
    """Tell whether these are the bytes that were offered."""
    return len(content) == file.size and sha256_hex(content) == file.digest


def larger_chunk(size: int) -> int:
    """Return how much to ask for once an answer came through."""
    return min(LARGEST_CHUNK, size * 2)


def smaller_chunk(size: int) -> int:
    """Return how much to ask for after the line was cut: what is asked for has to come through whole."""
    return max(LEAST_CHUNK, size // 2)
