"""Many certificates at the press: two gentle workers of their own, and one PDF out of a handful of pages.

The worker for single certificates stays free: an officer who has just passed does not wait for somebody's thousand.
"""

from __future__ import annotations

import queue
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from elearn.adapters.press.sheet import Sheet, certificate_sheet
from elearn.adapters.press_line import PressLine
from elearn.core.credential.page import CertificatePage
from elearn.core.vocab.errors import ElearnError, Invalid, Unavailable
from elearn.ports import Together

WORKERS = 2
IDLE_SECONDS = 15
SILENT_SECONDS = 120
"""An old post takes a second or two for a page, and a part of a batch is answered in one breath."""
_MAY_BE_THE_PAGE = {"press.crashed", "press.failed"}


class BatchPress:
    """Workers that give way to everything else on the machine. Safe in threads, as many as there are workers."""

    def __init__(self, environment: Mapping[str, str] | None = None, idle_seconds: float = IDLE_SECONDS) -> None:
        self._lines = [
            PressLine(environment, idle_seconds, gentle=True, silent_seconds=SILENT_SECONDS) for _ in range(WORKERS)
        ]
        self._free: queue.LifoQueue[PressLine] = queue.LifoQueue()
        for line in self._lines:
            self._free.put(line)

    def ask(self, asked: dict[str, Any]) -> tuple[Any, bytes]:
        """Return (pages, PDF) from a worker that is free, waiting for one. Raises Unavailable as `PressLine.ask`."""
        line = self._free.get()
        try:
            return line.ask(asked)
        finally:
            self._free.put(line)

    def certificates(self, pages: Sequence[CertificatePage]) -> Together:
        """Return one PDF of the pages in their order, without those that cannot be drawn; b"" if none can.

        Raises Unavailable("press.missing"), and "press.crashed" or "press.failed" where no page alone is to blame.
        """
        sheets: dict[int, Sheet] = {}
        refused: dict[int, ElearnError] = {}
        for place, page in enumerate(pages):
            try:
                sheets[place] = certificate_sheet(page)
            except Invalid as error:
                refused[place] = error
        try:
            return self._together(pages, sheets, refused)
        except Unavailable as error:
            if error.code not in _MAY_BE_THE_PAGE:
                raise
        return self._together(pages, self._drawable(pages, sheets, refused), refused)

    def close(self) -> None:
        """Send the workers away, if there are any."""
        for line in self._lines:
            line.close()

    @property
    def worker_pids(self) -> list[int]:
        """Return the process ids of the workers there are."""
        return [line.worker_pid for line in self._lines if line.worker_pid is not None]

    def _together(
        self, pages: Sequence[CertificatePage], sheets: dict[int, Sheet], refused: dict[int, ElearnError]
    ) -> Together:
        compact: set[int] = set()
        while sheets:
            taken, pdf = self.ask(_asked(list(sheets.values()), max(pages[place].issued for place in sheets)))
            too_long = [place for place, count in zip(sheets, taken, strict=True) if count != 1]
            if not too_long:
                return Together(pdf, refused)
            for place in too_long:
                if place in compact:
                    text = pages[place].person_name
                    refused[place] = Invalid("page.too-long", field="page", text=text)
                    del sheets[place]
                else:
                    compact.add(place)
                    sheets[place] = certificate_sheet(pages[place], compact=True)
        return Together(b"", refused)

    def _drawable(
        self, pages: Sequence[CertificatePage], sheets: dict[int, Sheet], refused: dict[int, ElearnError]
    ) -> dict[int, Sheet]:
        """Return the sheets without those that take the worker down, each tried alone. Raises the error of all of them
        if none can be drawn: then it is not the pages."""
        good: dict[int, Sheet] = {}
        bad: dict[int, ElearnError] = {}
        for place, sheet in sheets.items():
            try:
                self.ask(_asked([sheet], pages[place].issued))
                good[place] = sheet
            except Unavailable as error:
                bad[place] = error
                if error.code not in _MAY_BE_THE_PAGE:
                    raise
        if bad and not good and len(sheets) > 1:
            raise next(iter(bad.values()))
        refused.update(bad)
        return good


def _asked(sheets: list[Sheet], newest: date) -> dict[str, Any]:
    return {
        "together": [{"html": sheet.html, "css": sheet.css} for sheet in sheets],
        "created": f"{newest.isoformat()}T00:00:00+00:00",
    }
