"""The press: certificates to PDF by WeasyPrint in a worker process, or to printable HTML without it.

The worker is started at the first certificate (about a second), kept while there is work, and ends itself when idle.
If it dies in the middle of a page, the page is drawn once more by a fresh one before anyone is told.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from elearn.adapters.press.metrics import outside
from elearn.adapters.press.sheet import Sheet, certificate_sheet, printable_sheet
from elearn.adapters.press_worker import read_frame, write_frame
from elearn.core.credential.page import CertificatePage
from elearn.core.vocab.errors import Invalid, Unavailable

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
PAGE_SECONDS = 30
ASK_AGAIN_SECONDS = 30


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

    def ask(self, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Return (head, PDF) for one page. Raises _WorkerGoneError."""
        try:
            write_frame(self.into, body)
        except OSError as error:
            raise _WorkerGoneError("gone before the page was handed over") from error
        head = json.loads(self.answer(PAGE_SECONDS))
        return head, self.answer(PAGE_SECONDS)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.into.close()
        self.out.close()


class WeasyPress:
    """Fulfils ports.Press. Safe in threads: pages are drawn one after the other.

    environment: added to the worker's environment; idle_seconds: how long a worker waits for more.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, idle_seconds: float = 60) -> None:
        self._idle_seconds = idle_seconds
        self._environment = dict(environment or {})
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._missing: str | None = None
        self._asked_at: float | None = None

    def certificate(self, page: CertificatePage) -> bytes:
        """Return a PDF of one page; equal pages give equal bytes.

        Raises Invalid("name.characters", characters=, text=), Invalid("page.too-long", field=, text=), and
        Unavailable: "press.missing" (reason=; no Pango here), "press.crashed" (the worker died twice over this page),
        "press.failed" (reason=).
        """
        created = f"{page.issued.isoformat()}T00:00:00+00:00"
        for compact in (False, True):
            pages, pdf = self._drawn(certificate_sheet(page, compact), created)
            if pages == 1:
                return pdf
        raise Invalid("page.too-long", field="page", text=page.person_name)

    def printable(self, page: CertificatePage) -> str:
        """Return the same page as self-contained HTML; needs no Pango. Raises Invalid as ``certificate`` does.

        To be sent with a policy that allows inline style and data: for images and fonts, and nothing else.
        """
        return printable_sheet(page)

    def unprintable(self, text: str) -> str:
        """Return the characters that no bundled font has, "" if all can be printed; needs no Pango."""
        return outside(text)

    def missing(self) -> str | None:
        """Return why no PDF can be made here, or None. A "no" is asked again after half a minute."""
        now = time.monotonic()
        stale = self._asked_at is None or (self._missing is not None and now - self._asked_at > ASK_AGAIN_SECONDS)
        if stale:
            command = [*self._command(), "--check"]
            done = subprocess.run(command, capture_output=True, check=False, env=self._worker_environment())
            failed = "" if done.returncode == 0 else done.stderr.decode("utf-8", "replace").strip()[-300:]
            self._missing = done.stdout.decode("utf-8", "replace").strip() or failed or None
            self._asked_at = now
        return self._missing

    def read_payload(self, pdf: bytes) -> str:
        """Return the signed text inside a certificate's PDF; errors as in `pdf_reading.read_payload`."""
        from elearn.adapters.pdf_reading import read_payload  # pypdf takes 0.2 s to load, and few ask

        return read_payload(pdf)

    def close(self) -> None:
        """Send the worker away, if there is one."""
        with self._lock:
            self._let_go()

    @property
    def worker_pid(self) -> int | None:
        """Return the process id of the worker, or None if there is none."""
        return self._worker.process.pid if self._worker else None

    def _drawn(self, sheet: Sheet, created: str) -> tuple[int, bytes]:
        asked = {"html": sheet.html, "css": sheet.css, "attachment": sheet.payload, "created": created}
        body = json.dumps(asked).encode()
        with self._lock:
            try:
                head, pdf = self._ask(body)
            except _WorkerGoneError:
                # Most likely it had just ended itself, being idle; or a page killed it. A fresh one, once.
                try:
                    head, pdf = self._ask(body)
                except _WorkerGoneError as gone:
                    raise Unavailable("press.crashed", reason=str(gone)) from None
        if "error" in head:
            raise Unavailable("press.failed", reason=f"{head['error']}: {head['detail']}")
        return head["pages"], pdf

    def _ask(self, body: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            return self._running().ask(body)
        except _WorkerGoneError:
            self._let_go()
            raise

    def _running(self) -> _Worker:
        if self._worker is not None and self._worker.runs():
            return self._worker
        self._let_go()
        self._worker = _Worker(self._command(), self._worker_environment())
        greeting = json.loads(self._worker.answer(START_SECONDS))
        if "error" in greeting:
            self._let_go()
            raise Unavailable("press.missing", reason=greeting["detail"])
        return self._worker

    def _let_go(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "elearn.adapters.press_worker", "--idle", str(self._idle_seconds)]

    def _worker_environment(self) -> dict[str, str]:
        paths = [self._environment.get("PYTHONPATH"), str(ROOT), os.environ.get("PYTHONPATH")]
        together = os.pathsep.join(path for path in paths if path)
        return {**os.environ, **self._environment, "PYTHONPATH": together}
