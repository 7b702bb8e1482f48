"""Reads the QR codes in pictures people send, by a worker process that is kept while there is work.

A picture that kills the worker, or keeps it busy for too long, is refused like a torn one; the next one gets a fresh
worker. Only few requests wait for it at a time, so that pictures can never take all threads of the post.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from elearn.adapters.press_worker import read_frame, write_frame
from elearn.core.vocab.errors import Invalid, Unavailable

ROOT = Path(__file__).resolve().parents[2]
FILE_LIMIT = 15 * 1024 * 1024
MOST_WAITING = 3
START_SECONDS = 30
LONGEST_SECONDS = 20
"""For one picture. An old post needs a second or two for a photo of 12 million points."""
_PHOTO_BRANDS = (b"heic", b"heix", b"heif", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


class CodeWorkerLine:
    """Fulfils ports.CodeReader. Safe in threads: one picture at a time. idle_seconds: how long the worker waits."""

    def __init__(self, idle_seconds: float = 60, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._longest_seconds = longest_seconds
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._worker: subprocess.Popen[bytes] | None = None

    def texts(self, file: bytes, *, patient: bool = True) -> list[str]:
        """Return the text of each QR code in a picture, or in the pictures of a scanned PDF; see ports.CodeReader."""
        _check_kind(file)
        if not self._places.acquire(blocking=False):
            raise Unavailable("codes.busy")
        try:
            if not self._turn.acquire(blocking=patient):
                raise Unavailable("codes.busy")
            try:
                answer = self._asked(file)
            finally:
                self._turn.release()
        finally:
            self._places.release()
        if "error" in answer:
            raise Invalid(answer.pop("error"), **answer)
        return [str(text) for text in answer["texts"]]

    def missing(self) -> str | None:
        """Return why no picture can be looked at here, or None; takes as long as starting the worker."""
        with self._turn:
            idle = self._worker is None
            try:
                self._running()
            except Unavailable:
                return "the program that looks at them does not start"
            if idle:
                self._let_go()
        return None

    def close(self) -> None:
        """Send the worker away, if there is one."""
        with self._turn:
            self._let_go()

    @property
    def worker_pid(self) -> int | None:
        """Return the process id of the worker, or None if there is none."""
        return self._worker.pid if self._worker else None

    def _asked(self, file: bytes) -> dict[str, Any]:
        fresh = self._worker is None
        answer = self._asked_once(file)
        if answer is None and not fresh:
            answer = self._asked_once(file)  # most likely it had just ended itself, being idle
        return answer if answer is not None else {"error": "picture.unreadable", "reason": "the worker died over it"}

    def _asked_once(self, file: bytes) -> dict[str, Any] | None:
        """Return the worker's answer, None if it died over the picture, or was sent away because it took too long."""
        worker = self._running()
        try:
            write_frame(cast(BinaryIO, worker.stdin), file)
            answer = _answer(worker, self._longest_seconds)
        except OSError:
            answer = None
        if answer is None:
            self._let_go()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        self._let_go()
        command = [sys.executable, "-m", "elearn.adapters.code_worker", "--idle", str(self._idle_seconds)]
        paths = os.pathsep.join(path for path in (str(ROOT), os.environ.get("PYTHONPATH")) if path)
        pipe = subprocess.PIPE
        # A session of its own: Ctrl-C is meant for the server, which closes the pipe when it is done.
        self._worker = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, bufsize=0, env={**os.environ, "PYTHONPATH": paths}, start_new_session=True
        )
        if _answer(self._worker, START_SECONDS) is None:
            self._let_go()
            raise Unavailable("codes.missing")
        return self._worker

    def _let_go(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            cast(BinaryIO, pipe).close()


def _check_kind(file: bytes) -> None:
    """Refuse what no worker has to look at. Raises Invalid("picture.too-large" | "picture.heic")."""
    if len(file) > FILE_LIMIT:
        raise Invalid("picture.too-large", size=len(file), limit=FILE_LIMIT)
    if file[4:8] == b"ftyp" and file[8:12] in _PHOTO_BRANDS:
        raise Invalid("picture.heic")


def _answer(worker: subprocess.Popen[bytes], seconds: float) -> dict[str, Any] | None:
    """Return the next answer, None if the worker is gone or says nothing for that long."""
    out = cast(BinaryIO, worker.stdout)
    frame = read_frame(out) if select.select([out], [], [], seconds)[0] else None
    return None if frame is None else json.loads(frame)
