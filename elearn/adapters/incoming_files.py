"""Files that come in piece by piece, in a folder, each named by its digest; what is here of one is its length.

A piece is added at the end; one that a power cut left half-written is shorter than was told, and goes on there. What is
wrong in it shows when the whole is held against its digest.
"""

import errno
import os
import re
import shutil
from pathlib import Path

from elearn.core.vocab.errors import Unavailable

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FolderIncoming:
    """Fulfils ports.Incoming over a folder, made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self, digest: str) -> int:
        """Return how many bytes of a file are here."""
        try:
            return self._path(digest).stat().st_size
        except OSError:
            return 0

    def add(self, digest: str, offset: int, piece: bytes) -> None:
        """Keep a piece. What follows ``offset`` already is overwritten."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._path(digest), os.O_CREAT | os.O_RDWR, 0o600)
            with os.fdopen(handle, "r+b") as file:
                file.truncate(offset)
                file.seek(offset)
                file.write(piece)
        except OSError as error:
            code = "disk.full" if error.errno in _FULL else "disk.failing"
            raise Unavailable(code, path=str(self._folder), reason=str(error)) from error

    def read(self, digest: str) -> bytes:
        """Return what is here."""
        try:
            return self._path(digest).read_bytes()
        except OSError:
            return b""

    def keep_only(self, digests: frozenset[str]) -> None:
        """Forget all other files; nothing else in the folder is touched."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if _DIGEST.fullmatch(path.name) and path.name not in digests:
                path.unlink(missing_ok=True)

    def room(self) -> int:
        """Return what is free on the disk, for who is not root."""
        for folder in (self._folder, *self._folder.parents):
            if folder.is_dir():
                return shutil.disk_usage(folder).free
        return 0

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a digest: {digest!r}")
        return self._folder / digest
