"""The shelf: files that take seconds to make, made one after the other by a thread of its own and kept in a folder.

Everything in the folder can be made again, so it may be deleted at any time. A file appears under its name only when it
is whole; what a crash left half-made is swept when the next one is made. The largest the folder gets is bounded: what
was not read for longest goes first.
"""

import logging
import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from elearn.core.vocab.errors import ElearnError
from elearn.ports import PagesTold, Shelved

log = logging.getLogger("elearn.books")

Make = Callable[[PagesTold], bytes]
LARGEST_BYTES = 100_000_000
FAILED_KEPT = 50
_HALF_MADE = ".half-made-"
_STALE_SECONDS = 3600


class FolderShelf:
    """Fulfils ports.Shelf over a folder, made when it is first needed. largest_bytes: of all files together."""

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._folder = folder
        self._largest_bytes = largest_bytes
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, Make] = OrderedDict()
        self._making = ""
        self._progress = (0, 0)
        self._failed: OrderedDict[str, str] = OrderedDict()
        self._maker: threading.Thread | None = None

    def look(self, key: str) -> Shelved:
        """Return how it stands with a file. Raises ValueError for a key that is none."""
        with self._lock:
            return self._look(key)

    def order(self, key: str, make: Make) -> Shelved:
        """Have a file made unless it is there, waiting or being made. Asked by ten at once it is made once."""
        with self._lock:
            found = self._look(key)
            if found.state in {"none", "failed"}:
                self._failed.pop(key, None)
                self._waiting[key] = make
                self._have_made()
                found = self._look(key)
        return found

    def read(self, key: str) -> bytes | None:
        """Return a file that is ready, None otherwise; it then counts as read last."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return content

    def wait(self) -> None:
        """Wait until nothing is left to be made."""
        while (maker := self._maker) is not None:
            maker.join()

    def _look(self, key: str) -> Shelved:
        try:
            return Shelved("ready", size=self._path(key).stat().st_size)
        except OSError:
            pass
        if key == self._making:
            return Shelved("making", done=self._progress[0], pages=self._progress[1])
        if key in self._waiting:
            return Shelved("waiting")
        if key in self._failed:
            return Shelved("failed", error=self._failed[key])
        return Shelved("none")

    def _have_made(self) -> None:
        if self._maker is None:
            # A daemon: the program must not wait for a book when it is told to end.
            self._maker = threading.Thread(target=self._make_all, name="books", daemon=True)
            self._maker.start()

    def _make_all(self) -> None:
        while True:
            with self._lock:
                self._making, self._progress = "", (0, 0)
                if not self._waiting:
                    self._maker = None
                    return
                self._making, make = self._waiting.popitem(last=False)
            failed = self._make(self._making, make)
            with self._lock:
                if failed:
                    self._failed[self._making] = failed
                    while len(self._failed) > FAILED_KEPT:
                        self._failed.popitem(last=False)

    def _make(self, key: str, make: Make) -> str:
        """Make one file; return the code of what went wrong, "" if nothing did."""
        try:
            self._keep(key, make(self._told))
        except ElearnError as error:
            log.error("%s was not made: %s", key, error)
            return error.code
        except OSError as error:
            log.error("%s was not kept: %s", key, error)
            return "disk.failing"
        except Exception:  # the thread must live on: others wait behind this one
            log.exception("%s was not made", key)
            return "press.failed"
        return ""

    def _told(self, done: int, pages: int) -> None:
        self._progress = (done, pages)

    def _keep(self, key: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep(len(content), key)
        half, name = tempfile.mkstemp(prefix=_HALF_MADE, dir=self._folder)
        try:
            with os.fdopen(half, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path(key))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _sweep(self, coming: int, key: str) -> None:
        """Make room for a file, and remove what crashes left. Another program may be at work here too (`courses
        book`), so only what is old is taken for left over, and a file that has just gone is no mistake."""
        kept: list[tuple[float, int, Path]] = []
        for path in self._folder.iterdir():
            try:
                found = path.stat()
            except OSError:
                continue
            if path.name.startswith(_HALF_MADE):
                if time.time() - found.st_mtime > _STALE_SECONDS:
                    path.unlink(missing_ok=True)
            elif path.suffix == ".pdf" and path != self._path(key):
                kept.append((found.st_mtime, found.st_size, path))
        total = coming + sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= self._largest_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size

    def _path(self, key: str) -> Path:
        if not key.isascii() or not key.replace("-", "").isalnum():
            raise ValueError(f"not a key of a file: {key[:40]!r}")
        return self._folder / f"{key}.pdf"
