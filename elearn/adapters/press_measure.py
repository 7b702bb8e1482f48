"""How long a certificate takes to draw, beside WeasyPrint drawing the same HTML and nothing else. For `bench`.

A process of its own, as the press's worker is one; the two are drawn in turn, so that whatever else goes on on the
machine meets both. Bare is: the same HTML, style sheets and fonts, kept warm in the same way, the same kind of PDF;
without our text layer, without attachments and without what is declared.

In comes, by pickle from the process that started this one, {"pages": [CertificatePage, ...], "credentials":
[JSON, ...], "rounds": n}; out goes JSON: {"ours_ms": [...], "bare_ms": [...], "sheet_ms": [...], "bytes": [...],
"first_ms": ms}, or {} where there is no Pango.
"""

import gc
import json
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from elearn.adapters.pango import find_pango
from elearn.adapters.press.sheet import Sheet, certificate_sheet
from elearn.adapters.press_worker import Drawing, fonts_file
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.page import CertificatePage

VARIANT = "pdf/a-3a"


class _Here(WeasyPress):
    """The press with its worker in this process, so that all of its work is timed, but for the pipe."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing

    def ask(self, asked: dict[str, Any], told: Callable[[int], None] = lambda _laid: None) -> tuple[Any, bytes]:
        """Draw here and now."""
        return self._drawing.pdf(asked, told)


def measure(pages: Sequence[CertificatePage], rounds: int) -> dict[str, Any]:
    """Return the times in ms of the processor, each of one certificate; the first, cold ones are not among them."""
    both = _Both(pages)
    for page in pages:
        both.draw(page, ours_first=True)
    gc.freeze()
    gc.disable()  # as the worker does
    both.found = {"ours_ms": [], "bare_ms": [], "sheet_ms": [], "bytes": [], "first_ms": both.first_ms}
    for number in range(rounds):
        # Who comes second finds letters shaped and lines broken already: each has that half of the time.
        both.draw(pages[number % len(pages)], ours_first=number // len(pages) % 2 == 0)
    both.press.close()
    return both.found


class _Both:
    """The press and bare WeasyPrint, warm in one process with one set of fonts."""

    def __init__(self, pages: Sequence[CertificatePage]) -> None:
        from weasyprint.pdf.stream import Stream  # after the fonts are named

        self._stream, self._bare = Stream, Stream.marked
        begun = time.perf_counter()
        self._drawing = Drawing()
        self._ours = Stream.marked
        self.press = _Here(self._drawing)
        self.press.certificate(pages[0])
        self.first_ms = (time.perf_counter() - begun) * 1000
        self.found: dict[str, Any] = {}

    def draw(self, page: CertificatePage, ours_first: bool) -> None:
        """Draw one page both ways, and keep how long it took."""
        begun = time.process_time()
        sheet = certificate_sheet(page)
        self._keep("sheet_ms", (time.process_time() - begun) * 1000)
        if not ours_first:
            self._draw_bare(sheet)
        begun = time.process_time()
        pdf = self.press.certificate(page)
        self._keep("ours_ms", (time.process_time() - begun) * 1000)
        self._keep("bytes", len(pdf))
        gc.collect()  # each begins with a tidy memory
        if ours_first:
            self._draw_bare(sheet)

    def _draw_bare(self, sheet: Sheet) -> None:
        drawing, sheets = self._drawing, [self._drawing._sheet(css) for css in sheet.css]
        self._stream.marked = self._bare
        begun = time.process_time()
        page = drawing.weasyprint.HTML(string=sheet.html, url_fetcher=drawing.fetcher)
        drawn = page.render(font_config=drawing.fonts, stylesheets=sheets, pdf_variant=VARIANT)
        drawn.write_pdf(pdf_variant=VARIANT)
        self._keep("bare_ms", (time.process_time() - begun) * 1000)
        self._stream.marked = self._ours
        gc.collect()

    def _keep(self, name: str, value: float) -> None:
        if self.found:
            self.found[name].append(value)


def _said(credential: str) -> Callable[[bytes], str] | None:
    """Return what gives this credential; how long signing takes is measured where the key is."""
    return (lambda _digest: credential) if credential else None


def main() -> int:
    if find_pango():
        json.dump({}, sys.stdout)
        return 0
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one, and of nobody else
    with tempfile.TemporaryDirectory(prefix="elearn-measure-") as folder:
        os.environ["FONTCONFIG_FILE"] = str(fonts_file(Path(folder)))
        signed = zip(given["pages"], given["credentials"], strict=True)
        pages = [replace(page, credential=_said(credential)) for page, credential in signed]
        json.dump(measure(pages, given["rounds"]), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
