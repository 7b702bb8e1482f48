"""The folder of the search index: builds beside each other, one file that names the one in use.

A build becomes the one in use by one rename, after everything in it is on the disk; so a crash at any moment leaves
either the old build or the new one. What no name points at is rubbish, and is swept by the next build.
"""

import errno
import fcntl
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from elearn.core.vocab.errors import Unavailable

Stamp = tuple[int, int, int]
_PREFIX = "build-"
_DISK = {
    errno.ENOSPC: "disk.full",
    errno.EDQUOT: "disk.full",
    errno.EFBIG: "disk.full",
    errno.EROFS: "disk.read-only",
    errno.EACCES: "disk.read-only",
}


@dataclass(frozen=True)
class Build:
    """A finished build. languages: tag -> passages held. files: path inside the build -> CRC-32 of the content."""

    name: str
    fingerprint: str
    languages: dict[str, int]
    files: dict[str, int]


class Builds:
    """Reads the build in use; makes the next one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._named = folder / "in-use.json"

    def stamp(self) -> Stamp | None:
        """Return what changes whenever another build comes into use (costs one stat), or None if there is none."""
        try:
            found = self._named.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def in_use(self) -> Build | None:
        """Return the build in use; None if there is none, or what names it can't be read."""
        try:
            build = Build(**json.loads(self._named.read_bytes()))
            sound = isinstance(build.languages, dict) and isinstance(build.files, dict)
            return build if sound and build.name.startswith(_PREFIX) and "/" not in build.name else None
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def path(self, build: Build) -> Path:
        """Return the folder of a build."""
        return self.folder / build.name

    def whole(self, build: Build) -> bool:
        """Tell whether every file of the build is what was written, to the byte (reads them all)."""
        return _sums(self.path(build)) == build.files

    def make(self, fingerprint: str, fill: Callable[[Path], dict[str, int]]) -> Build:
        """Let ``fill`` write an index into an empty folder and return its languages; then put it into use.

        Raises Unavailable("search.building") if another writer is at work, ("disk.full" | "disk.read-only") where the
        disk won't take it; what was in use then stays in use.
        """
        with _disk_errors():
            self.folder.mkdir(parents=True, exist_ok=True)
            with _locked(self.folder / "lock"):
                old = self.in_use()
                self._sweep(keep=old.name if old else "")
                build = self._filled(fingerprint, fill)
                self._put_in_use(build)
                # Readers that have the old files open keep them; those about to open them look again.
                self._sweep(keep=build.name)
                return build

    def _filled(self, fingerprint: str, fill: Callable[[Path], dict[str, int]]) -> Build:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.folder))
        try:
            languages = fill(path)
            _to_disk(path)
            return Build(path.name, fingerprint, languages, _sums(path) or {})
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise

    def _put_in_use(self, build: Build) -> None:
        beside = self._named.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(build), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._named)
        _fsync(self.folder)

    def _sweep(self, keep: str) -> None:
        for path in self.folder.glob(f"{_PREFIX}*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)


def _sums(folder: Path) -> dict[str, int] | None:
    try:
        return {str(path.relative_to(folder)): _sum(path) for path in folder.rglob("*") if path.is_file()}
    except OSError:
        return None


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 18):
            total = zlib.crc32(block, total)
    return total


def _to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder, folder.parent]:
        _fsync(path)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the one writer's lock; the system lets go of it when the process dies, however it dies."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unavailable("search.building") from error
        yield


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if code := _DISK.get(error.errno or 0):
            raise Unavailable(code, path=str(error.filename or "")) from error
        raise
