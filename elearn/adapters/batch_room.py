"""The room where batches of certificates are made: one after the other, each by up to two workers, kept for some days.

What a batch is made of is kept in its folder (`batch_folder`), so a crash costs the part at hand and no more. Two
processes may look into the same room, a post and a command: a lock keeps them from making the same batch.
"""

import errno
import logging
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from elearn.adapters.batch_folder import BatchFolder
from elearn.core.credential.certificate_batch import BatchPlan, BatchStands, Part, State
from elearn.core.vocab.errors import ElearnError, Unavailable
from elearn.core.vocab.times import text_of

log = logging.getLogger("elearn.batches")

Make = Callable[[tuple[str, ...]], Part]
ROOT = Path(__file__).resolve().parents[2]
KEPT_DAYS = 7
UNFINISHED_KEPT_DAYS = 30
LARGEST_BYTES = 500_000_000
AT_WORK_SECONDS = 60
"""Another process that has made a part so recently is taken to be at it."""
CANCEL_TRIES, CANCEL_EVERY_SECONDS = 20, 0.02
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def workers_here() -> int:
    """Return how many workers a batch gets: one where that leaves only one core to the pages, else two."""
    return 1 if (os.cpu_count() or 1) <= 2 else 2


@dataclass
class _Running:
    """The batch this process makes now. begun: of this run, seconds; before: certificates that were there already."""

    batch: str
    total: int
    done: int = 0
    before: int = 0
    begun: float = field(default_factory=time.monotonic)
    joining: bool = False

    def seconds_left(self) -> float | None:
        """Return how long it takes at this speed, None before anything was made."""
        made = self.done - self.before
        return (time.monotonic() - self.begun) / made * (self.total - self.done) if made else None


class FolderBatches:
    """Fulfils ports.Batches over a folder. workers: at once for a batch, 0 = as many as suit the machine;
    largest_bytes: of all that is kept together."""

    def __init__(self, folder: Path, workers: int = 0, largest_bytes: int = LARGEST_BYTES) -> None:
        self._folder = folder
        self.workers = workers or workers_here()
        self._largest_bytes = largest_bytes
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, Make] = OrderedDict()
        self._running: _Running | None = None
        self._maker: threading.Thread | None = None

    def every(self) -> list[BatchStands]:
        """Return how all of them stand, the newest first."""
        if not self._folder.is_dir():
            return []
        self._sweep()
        found = [stands for path in self._folder.iterdir() if (stands := self.look(path.name))]
        return sorted(found, key=lambda one: (one.plan.made_at, one.plan.id), reverse=True)

    def look(self, batch: str) -> BatchStands | None:
        """Return how one stands, None if there is none."""
        folder = self._of(batch)
        plan = folder.plan() if folder else None
        if folder is None or plan is None:
            return None
        made = folder.made()
        parts, left_out = plan.parts, {name: code for one in made.values() for name, code in one.left_out.items()}
        done = sum(len(parts[number]) for number in made if number < len(parts))
        result = folder.result_path(plan.form)
        if result.exists():
            found = result.stat()
            at = text_of(datetime.fromtimestamp(found.st_mtime, UTC))
            return BatchStands(plan, "ready", len(plan.numbers), left_out, found.st_size, ended_at=at)
        running = self._running
        if running and running.batch == batch:
            state: State = "joining" if running.joining else "making"
            return BatchStands(plan, state, running.done, left_out, seconds_left=running.seconds_left())
        if code := folder.failed():
            at = text_of(datetime.fromtimestamp(folder.changed_at(), UTC))
            return BatchStands(plan, "failed", done, left_out, error=code, ended_at=at)
        at_work = batch not in self._waiting and time.time() - folder.changed_at() < AT_WORK_SECONDS
        return BatchStands(plan, "making" if at_work else "waiting", done, left_out)

    def begin(self, plan: BatchPlan, make: Make) -> None:
        """Keep a plan and have its parts made. Raises Unavailable("disk.full" | "disk.failing")."""
        folder = self._of(plan.id)
        if folder is None:
            raise ValueError(f"not an id of a batch: {plan.id[:40]!r}")
        try:
            self._sweep()
            folder.keep_plan(plan)
        except OSError as error:
            raise Unavailable(_code(error), path=str(self._folder)) from error
        self._queue(plan.id, make)

    def go_on(self, batch: str, make: Make) -> None:
        """Have made what is missing; what failed is tried again."""
        stands = self.look(batch)
        folder = self._of(batch)
        if folder is None or stands is None or stands.state == "ready":
            return
        if stands.state == "failed":
            folder.forget_failed()
        self._queue(batch, make)

    def cancel(self, batch: str) -> None:
        """Stop and forget a batch with all that was made of it."""
        folder = self._of(batch)
        if folder is None or not folder.path.is_dir():
            return
        with self._lock:
            self._waiting.pop(batch, None)
        folder.stop()
        for _ in range(CANCEL_TRIES):  # who makes it removes it; who has just made it lets go in a moment
            with folder.held() as mine:
                if mine:
                    folder.remove()
            if mine or not folder.path.is_dir():
                return
            time.sleep(CANCEL_EVERY_SECONDS)

    def open(self, batch: str) -> BinaryIO | None:
        """Return the file of a batch that is ready, None otherwise."""
        folder = self._of(batch)
        plan = folder.plan() if folder else None
        try:
            return folder.result_path(plan.form).open("rb") if folder and plan else None
        except OSError:
            return None

    def wait(self) -> None:
        """Wait until nothing is left to be made."""
        while (maker := self._maker) is not None:
            maker.join()

    def _of(self, batch: str) -> BatchFolder | None:
        plain = batch.isascii() and batch.replace("-", "").isalnum()
        return BatchFolder(self._folder / batch) if plain else None

    def _queue(self, batch: str, make: Make) -> None:
        with self._lock:
            if self._running and self._running.batch == batch:
                return
            self._waiting[batch] = make
            if self._maker is None:
                # A daemon: the program must not wait for a batch when it is told to end; it goes on at the next start.
                self._maker = threading.Thread(target=self._make_all, name="certificates", daemon=True)
                self._maker.start()

    def _make_all(self) -> None:
        while True:
            with self._lock:
                self._running = None
                if not self._waiting:
                    self._maker = None
                    return
                batch, make = self._waiting.popitem(last=False)
                folder = self._of(batch)
                plan = folder.plan() if folder else None
                if folder is None or plan is None:
                    continue
                self._running = _Running(batch, len(plan.numbers))
            with folder.held() as mine:
                if mine:
                    self._make_one(folder, plan, make, self._running)

    def _make_one(self, folder: BatchFolder, plan: BatchPlan, make: Make, running: _Running) -> None:
        failed = self._failing(lambda: _Making(folder, plan, make, running).all(self.workers), plan.id)
        if folder.stopped():
            folder.remove()
            return
        if not failed:
            running.joining = True
            failed = self._failing(lambda: _joined(folder, plan), plan.id)
        if failed:
            folder.keep_failed(failed)
        else:
            folder.drop_parts()
        if folder.stopped():
            folder.remove()

    def _failing(self, work: Callable[[], None], batch: str) -> str:
        """Do it; return the code of what went wrong, "" if nothing did."""
        try:
            work()
        except ElearnError as error:
            log.error("batch %s stopped: %s", batch, error)
            return error.code
        except OSError as error:
            log.error("batch %s stopped: %s", batch, error)
            return _code(error)
        except Exception:  # the thread must live on: others wait behind this one
            log.exception("batch %s stopped", batch)
            return "press.failed"
        return ""

    def _sweep(self) -> None:
        """Remove what is old, what was cancelled, and where that is not enough the oldest that is ready."""
        if not self._folder.is_dir():
            return
        now, ready = time.time(), list[tuple[float, int, BatchFolder]]()
        for path in self._folder.iterdir():
            folder = BatchFolder(path)
            plan, age_days = folder.plan(), (now - folder.changed_at()) / 86_400
            if plan is None and not folder.left_behind(now):
                continue
            ended = plan is not None and (folder.result_path(plan.form).exists() or bool(folder.failed()))
            if plan is None or age_days > (KEPT_DAYS if ended else UNFINISHED_KEPT_DAYS):
                with folder.held() as mine:
                    if mine:
                        folder.remove()
            elif ended:
                ready.append((folder.changed_at(), folder.size(), folder))
        total = sum(size for _, size, _ in ready)
        for _, size, folder in sorted(ready, key=lambda one: one[0]):
            if total <= self._largest_bytes:
                return
            folder.remove()
            total -= size


class _Making:
    """All parts that are missing, made by some threads at once; the first that fails stops the others."""

    def __init__(self, folder: BatchFolder, plan: BatchPlan, make: Make, running: _Running) -> None:
        self._folder, self._plan, self._make, self._running = folder, plan, make, running
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._missing: Iterator[int] = iter(())

    def all(self, workers: int) -> None:
        """Make them. Raises what the first that failed raised."""
        parts, whole = self._plan.parts, self._folder.whole()
        (self._folder.path / "parts").mkdir(mode=0o700, exist_ok=True)
        self._running.before = self._running.done = sum(len(parts[number]) for number in whole)
        self._running.begun = time.monotonic()
        self._missing = iter([number for number in range(len(parts)) if number not in whole])
        threads = [threading.Thread(target=self._work, name="certificates", daemon=True) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        while (number := self._next()) is not None:
            try:
                made = self._make(self._plan.parts[number])
                with self._lock:
                    if self._folder.stopped():
                        return
                    self._folder.keep_part(number, made)
                    self._running.done += len(self._plan.parts[number])
            except BaseException as error:  # noqa: BLE001 (raised again where it is waited for)
                self._error = self._error or error

    def _next(self) -> int | None:
        with self._lock:
            return None if self._error or self._folder.stopped() else next(self._missing, None)


def _joined(folder: BatchFolder, plan: BatchPlan) -> None:
    """Have the parts joined by a process of its own: pypdf and its objects never come into this one."""
    if not any(one.size for one in folder.made().values()):
        raise Unavailable("printing.none")
    command = [sys.executable, "-m", "elearn.adapters.batch_joining", str(folder.path)]
    together = os.pathsep.join(path for path in (str(ROOT), os.environ.get("PYTHONPATH")) if path)
    done = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": together}, start_new_session=True
    )
    if done.returncode:
        log.error("joining %s: %s", plan.id, done.stderr.decode("utf-8", "replace")[-1000:])
        raise Unavailable(done.stdout.decode("utf-8", "replace").strip() or "press.failed", path=str(folder.path))


def _code(error: OSError) -> str:
    return "disk.full" if error.errno in _NO_ROOM else "disk.failing"
