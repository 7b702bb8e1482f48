"""The folder of one batch of certificates: its plan, each part with its digest, and at the end one file.

A part counts as made when the journal names it *and* the file is what the journal says: what a power cut tore is made
anew, what is whole is never made twice. Nothing is flushed to the disk for each part, for the digest tells.
Names of officers are in here: folders are 0700, files 0600.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from elearn.core.credential.certificate_batch import BatchPlan, Part

_PLAN, _JOURNAL, _FAILED, _STOP, _LOCK, _PARTS = "plan.json", "made.jsonl", "failed", "stop", "lock", "parts"
_HALF = ".half"
_PLANLESS_SECONDS = 3600


@dataclass(frozen=True)
class Made:
    """One line of the journal. sha256, size: of the part's file, size 0 = nothing in it could be printed."""

    part: int
    sha256: str
    size: int
    name: str
    left_out: dict[str, str]


class BatchFolder:
    """What lies in one folder, and how it is written so that no crash leaves a lie."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep_plan(self, plan: BatchPlan) -> None:
        """Make the folder. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700, exist_ok=True)
        (self.path / _PARTS).mkdir(mode=0o700, exist_ok=True)
        write_whole(self.path / _PLAN, json.dumps(asdict(plan), ensure_ascii=False).encode())

    def plan(self) -> BatchPlan | None:
        """Return the plan; None if there is none, it cannot be read, or the batch was cancelled."""
        if (self.path / _STOP).exists():
            return None
        try:
            found = json.loads((self.path / _PLAN).read_bytes())
            return BatchPlan(**{**found, "numbers": tuple(found["numbers"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def made(self) -> dict[int, Made]:
        """Return what the journal names, by part; a torn line is none."""
        found: dict[int, Made] = {}
        try:
            lines = (self.path / _JOURNAL).read_bytes().split(b"\n")
        except OSError:
            return found
        for line in lines:
            try:
                one = Made(**json.loads(line))
            except (ValueError, TypeError):
                continue
            found[one.part] = one
        return found

    def whole(self) -> dict[int, Made]:
        """Return what is really there, and write the journal anew without the rest. Raises OSError."""
        found = {part: one for part, one in self.made().items() if self._is_whole(one)}
        lines = b"".join(_line(one) for one in found.values())
        write_whole(self.path / _JOURNAL, lines)
        return found

    def keep_part(self, number: int, part: Part) -> None:
        """Keep a part, then name it in the journal. Raises OSError. One caller at a time for the journal."""
        if part.content:
            write_whole(self.part_path(number), part.content, flushed=False)
        made = Made(number, hashlib.sha256(part.content).hexdigest(), len(part.content), part.name, dict(part.left_out))
        with open(self.path / _JOURNAL, "ab", opener=private) as journal:
            journal.write(_line(made))

    def part_path(self, number: int) -> Path:
        """Return where a part lies."""
        return self.path / _PARTS / f"{number:05}"

    def result_path(self, form: str) -> Path:
        """Return where the file lies once all is done."""
        return self.path / f"certificates.{form}"

    def drop_parts(self) -> None:
        """Remove what is in the result now."""
        shutil.rmtree(self.path / _PARTS, ignore_errors=True)

    def keep_failed(self, code: str) -> None:
        """Keep why it stopped; where even that finds no room, it counts as interrupted."""
        try:
            write_whole(self.path / _FAILED, code.encode())
        except OSError:
            return

    def failed(self) -> str:
        """Return the code of why it stopped, "" if it did not."""
        try:
            return (self.path / _FAILED).read_text()
        except (OSError, ValueError):
            return ""

    def forget_failed(self) -> None:
        """Let it be tried again."""
        (self.path / _FAILED).unlink(missing_ok=True)

    def stop(self) -> None:
        """Say to whoever makes it, in whatever process, that it is not wanted any more."""
        try:
            (self.path / _STOP).touch(mode=0o600)
        except OSError:
            self.remove()  # no room for the sign: without its folder it stops as well

    def stopped(self) -> bool:
        """Tell whether it is not wanted any more."""
        return (self.path / _STOP).exists() or not (self.path / _PLAN).exists()

    def left_behind(self, now: float) -> bool:
        """Tell whether this is a batch no more: cancelled, or for an hour without a plan. now: seconds since 1970."""
        return (self.path / _STOP).exists() or now - _changed(self.path) > _PLANLESS_SECONDS

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.path, ignore_errors=True)

    def changed_at(self) -> float:
        """Return when something last happened to it, seconds since 1970; 0 if it is gone."""
        found = [path for name in (_JOURNAL, _PLAN, _FAILED) if (path := self.path / name).exists()]
        results = list(self.path.glob("certificates.*"))
        return max((_changed(path) for path in [*found, *results]), default=0.0)

    def size(self) -> int:
        """Return the bytes of everything in it."""
        return sum(_size(path) for path in self.path.rglob("*"))

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Give whether this is the one process that makes it now; the system lets go when a process dies."""
        try:
            lock = open(self.path / _LOCK, "wb", opener=private)  # noqa: SIM115 (closed below)
        except OSError:
            yield False
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def _is_whole(self, one: Made) -> bool:
        if not one.size:
            return True
        try:
            content = self.part_path(one.part).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(content).hexdigest() == one.sha256


def write_whole(path: Path, content: bytes, flushed: bool = True) -> None:
    """Write a file that appears under its name only when it is whole; flushed: also after a power cut. OSError."""
    half = path.with_name(path.name + _HALF)
    try:
        with open(half, "wb", opener=private) as file:
            file.write(content)
            if flushed:
                file.flush()
                os.fsync(file.fileno())
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def private(path: str, flags: int) -> int:
    """Open a file for this user alone: what `open` takes as opener."""
    return os.open(path, flags, 0o600)


def _line(one: Made) -> bytes:
    # The line break comes first: what is written behind a torn line is a line of its own.
    return b"\n" + json.dumps(asdict(one), ensure_ascii=False).encode()


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
