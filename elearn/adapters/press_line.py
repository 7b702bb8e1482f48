"""One worker process of the press, and how to ask it: begun at the first page, replaced once if it dies over one."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from elearn.adapters.press_worker import read_frame, write_frame
from elearn.core.vocab.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30

Told = Callable[[int], None]
"""Is told how many pages are laid out."""


class _WorkerGoneError(Exception):
    """The worker went away, or was sent away because it did not answer."""


class _Worker:
    """One running worker process, and the two pipes to it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        pipe = subprocess.PIPE
        # A session of its own: Ctrl-C is meant for the server, which closes the pipe when it is done.
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, bufsize=0, env=environment, start_new_session=True
        )
        self.into = cast(BinaryIO, self.process.stdin)
        self.out = cast(BinaryIO, self.process.stdout)

    def runs(self) -> bool:
        return self.process.poll() is None

    def answer(self, seconds: float) -> bytes:
        """Return the next frame. Raises _WorkerGoneError if the worker is gone or says nothing for that long."""
        frame = read_frame(self.out) if select.select([self.out], [], [], seconds)[0] else None
        if frame is None:
            raise _WorkerGoneError(f"no answer within {seconds} s, or the process ended")
        return frame

    def ask(self, body: bytes, seconds: float, told: Told) -> tuple[dict[str, Any], bytes]:
        """Return (head, PDF). seconds: how long it may be silent. Raises _WorkerGoneError."""
        try:
            write_frame(self.into, body)
        except OSError as error:
            raise _WorkerGoneError("gone before the page was handed over") from error
        head = json.loads(self.answer(seconds))
        while "laid" in head:
            told(head["laid"])
            head = json.loads(self.answer(seconds))
        return head, self.answer(seconds)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.into.close()
        self.out.close()


class PressLine:
    """A worker that is kept while there is work and ends itself when idle. Safe in threads: one request at a time.

    environment: added to the worker's; idle_seconds: how long it waits for more; gentle: it gives way to everything
    else on the machine; silent_seconds: after so long without a word it counts as dead.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        idle_seconds: float = 60,
        gentle: bool = False,
        silent_seconds: float = 30,
    ) -> None:
        self._idle_seconds = idle_seconds
        self._environment = dict(environment or {})
        self._gentle = gentle
        self._silent_seconds = silent_seconds
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def ask(self, asked: dict[str, Any], told: Told = lambda _laid: None) -> tuple[Any, bytes]:
        """Return (pages, PDF). asked: as in `press_worker`; told: of every page laid out, for books.

        Raises Unavailable: "press.missing" (reason=), "press.crashed" (died twice over this), "press.failed" (reason=).
        """
        body = json.dumps(asked).encode()
        with self._lock:
            try:
                head, pdf = self._asked_once(body, told)
            except _WorkerGoneError:
                # Most likely it had just ended itself, being idle; or a page killed it. A fresh one, once.
                try:
                    head, pdf = self._asked_once(body, told)
                except _WorkerGoneError as gone:
                    raise Unavailable("press.crashed", reason=str(gone)) from None
        if "error" in head:
            raise Unavailable("press.failed", reason=f"{head['error']}: {head['detail']}")
        return head["pages"], pdf

    def close(self) -> None:
        """Send the worker away, if there is one."""
        with self._lock:
            self._let_go()

    @property
    def worker_pid(self) -> int | None:
        """Return the process id of the worker, or None if there is none."""
        return self._worker.process.pid if self._worker else None

    def command(self) -> list[str]:
        """Return how the worker is started."""
        gentle = ["--gentle"] if self._gentle else []
        return [sys.executable, "-m", "elearn.adapters.press_worker", "--idle", str(self._idle_seconds), *gentle]

    def worker_environment(self) -> dict[str, str]:
        """Return the environment the worker is started in."""
        paths = [self._environment.get("PYTHONPATH"), str(ROOT), os.environ.get("PYTHONPATH")]
        together = os.pathsep.join(path for path in paths if path)
        return {**os.environ, **self._environment, "PYTHONPATH": together}

    def _asked_once(self, body: bytes, told: Told) -> tuple[dict[str, Any], bytes]:
        try:
            return self._running().ask(body, self._silent_seconds, told)
        except _WorkerGoneError:
            self._let_go()
            raise

    def _running(self) -> _Worker:
        if self._worker is not None and self._worker.runs():
            return self._worker
        self._let_go()
        self._worker = _Worker(self.command(), self.worker_environment())
        greeting = json.loads(self._worker.answer(START_SECONDS))
        if "error" in greeting:
            self._let_go()
            raise Unavailable("press.missing", reason=greeting["detail"])
        return self._worker

    def _let_go(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()
