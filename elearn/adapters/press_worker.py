"""The process that draws PDFs: one at a time, with our fonts only, fetching nothing. Started by weasy_press.

Apart from the web process because WeasyPrint's libraries are C: without a font, or with a font set shared by threads,
they do not raise, they take the process down. Here a crash costs one second and no officer's session.

Talk over stdin and stdout, each message a frame (4 bytes of length, big-endian, then that many bytes): in comes JSON
{"html", "css": [...], "attachment", "place", "created"}, out go two frames, JSON {"pages"} or {"error", "detail"} and
the PDF. {"together": [{"html", "css"}, ...], "created"} gives one PDF of all these, and in "pages" how many each took.
A page with an attachment is a certificate; without one it is a book, and a frame {"laid": n} comes before for each page
that is laid out. It ends itself when nothing was asked for the seconds given by --idle, or when the asker is gone.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import select
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from elearn.adapters.pango import find_pango
from elearn.adapters.press import certificate_file

PAUSE_SECONDS = 0.05
PAGES_UNTIDY = 4
FRAME_LIMIT = 32 * 1024 * 1024
FONTS = Path(__file__).resolve().parent / "fonts"


def read_frame(source: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end of the stream, also in the middle of a frame or when it is too long."""
    head = _exactly(source, 4)
    if head is None:
        return None
    (size,) = struct.unpack(">I", head)
    return None if size > FRAME_LIMIT else _exactly(source, size)


def _exactly(source: BinaryIO, size: int) -> bytes | None:
    parts = []
    while size:
        part = source.read(min(size, 65536))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def write_frame(target: BinaryIO, body: bytes) -> None:
    """Write one frame and push it out."""
    target.write(struct.pack(">I", len(body)) + body)
    target.flush()


def fonts_file(folder: Path) -> Path:
    """Write a fontconfig file that names our font folder and nothing else; return its path.

    With the system's fonts in sight, a character that one weight lacks is drawn with another font's glyph number.
    """
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir>"
        "<config><rescan><int>0</int></rescan></config></fontconfig>\n",
        encoding="utf-8",
    )
    return path


class Drawing:
    """WeasyPrint with one font set, kept warm. Made once, in the only thread there is."""

    def __init__(self) -> None:
        import weasyprint  # after FONTCONFIG_FILE is set: its libraries read it when they are loaded
        from weasyprint.text.fonts import FontConfiguration

        from elearn.adapters.press import drawing_words, text_layer

        class DataOnly(weasyprint.urls.URLFetcher):
            """Gives out data: addresses and nothing from the disk or the network."""

            def __init__(self) -> None:
                super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

        self.weasyprint = weasyprint
        self.fetcher = DataOnly()
        self.fonts = FontConfiguration()
        self.sheets: dict[str, Any] = {}
        text_layer.install()
        drawing_words.install()

    def pdf(self, asked: dict[str, Any], told: Callable[[int], None]) -> tuple[int | list[int], bytes]:
        """Return (pages, PDF). Equal requests give equal bytes, in every process. told: of each page of a book.

        Raises OSError for a page that asks for anything but data:.
        """
        try:
            if "together" in asked:
                return self._together(asked)
            return self._drawn(asked) if "attachment" in asked else self._book(asked, told)
        except self.weasyprint.urls.FatalURLFetchingError as error:  # a BaseException: it would end the worker
            raise PermissionError(str(error)) from error

    def _drawn(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        document = self.weasyprint.HTML(string=asked["html"], url_fetcher=self.fetcher).render(
            font_config=self.fonts, stylesheets=[self._sheet(css) for css in asked["css"]], pdf_variant="pdf/a-3a"
        )
        attached = certificate_file.attachments(self.weasyprint, asked)
        pdf = document.write_pdf(
            pdf_variant="pdf/a-3a", attachments=attached, finisher=lambda _document, pdf: certificate_file.finish(pdf)
        )
        return len(document.pages), pdf

    def _together(self, asked: dict[str, Any]) -> tuple[list[int], bytes]:
        """Draw many certificates for paper: each laid out for itself, all written with the same font subsets.

        No PDF/A, no tags, no attachments: what only a single file can promise stays with the single file.
        """
        documents, pictures = list[Any](), dict[str, Any]()
        for number, one in enumerate(asked["together"], start=1):
            page = self.weasyprint.HTML(string=one["html"], url_fetcher=self.fetcher)
            sheets = [self._sheet(css) for css in one["css"]]
            # The pictures of all of them together, so that a seal is in the file once.
            documents.append(page.render(font_config=self.fonts, stylesheets=sheets, cache=pictures))
            if number % PAGES_UNTIDY == 0:
                gc.collect()
        whole = documents[0].copy([page for document in documents for page in document.pages])
        whole.metadata.created = whole.metadata.modified = asked["created"]
        return [len(document.pages) for document in documents], whole.write_pdf()

    def _book(self, asked: dict[str, Any], told: Callable[[int], None]) -> tuple[int, bytes]:
        with _Laid(told):
            document = self.weasyprint.HTML(string=asked["html"], url_fetcher=self.fetcher).render(
                font_config=self.fonts, stylesheets=[self._sheet(css) for css in asked["css"]], pdf_variant="pdf/ua-1"
            )
        document.metadata.created = document.metadata.modified = asked["created"]
        return len(document.pages), document.write_pdf(pdf_variant="pdf/ua-1")

    def _sheet(self, css: str) -> Any:
        if len(self.sheets) > 50:
            self.sheets.clear()
        if css not in self.sheets:
            self.sheets[css] = self.weasyprint.CSS(string=css, font_config=self.fonts, url_fetcher=self.fetcher)
        return self.sheets[css]


class _Laid(logging.Handler):
    """Listens to WeasyPrint's log of progress while a book is laid out, and tells of each new page."""

    LOG = logging.getLogger("weasyprint.progress")

    def __init__(self, told: Callable[[int], None]) -> None:
        super().__init__()
        self._told = told
        self._most = 0

    def __enter__(self) -> None:
        self.LOG.setLevel(logging.INFO)
        self.LOG.propagate = False
        self.LOG.addHandler(self)

    def __exit__(self, *_error: object) -> None:
        self.LOG.removeHandler(self)
        self.LOG.setLevel(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Take "... - Page %d". Pages laid out a second time, for the numbers in the contents, are no news."""
        page = record.args[0] if isinstance(record.args, tuple) and record.args else 0
        if "Page %d" in str(record.msg) and isinstance(page, int) and page > self._most:
            self._most = page
            self._told(page)


def serve(source: BinaryIO, target: BinaryIO, drawing: Drawing, idle_seconds: float) -> None:
    """Answer until the asker is gone or nothing was asked for that long."""
    # A page makes some 100,000 objects, and looking for garbage while it grows takes a tenth of the time. So that is
    # done in a pause, or after a few pages if there is none.
    gc.freeze()
    gc.disable()
    untidy = 0
    while True:
        if untidy and (untidy >= PAGES_UNTIDY or not _asked_within(source, PAUSE_SECONDS)):
            gc.collect()
            untidy = 0
        if not _asked_within(source, idle_seconds):
            return
        asked = read_frame(source)
        if asked is None:
            return
        head, body = _answer(drawing, asked, lambda page: write_frame(target, json.dumps({"laid": page}).encode()))
        write_frame(target, json.dumps(head).encode())
        write_frame(target, body)
        untidy += 1


def _asked_within(source: BinaryIO, seconds: float) -> bool:
    return bool(select.select([source], [], [], seconds)[0])


def _answer(drawing: Drawing, asked: bytes, told: Callable[[int], None]) -> tuple[dict[str, Any], bytes]:
    try:
        pages, pdf = drawing.pdf(json.loads(asked), told)
    except Exception as error:  # noqa: BLE001 (whatever goes wrong in there is told, and the next page is drawn)
        return {"error": type(error).__name__, "detail": str(error)[:500]}, b""
    return {"pages": pages}, pdf


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say on stdout what is missing")
    parser.add_argument("--idle", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--gentle", action="store_true", help="give way to everything else on the machine")
    given = parser.parse_args()
    if given.check:
        sys.stdout.write(find_pango() or "")
        return 0
    if given.gentle:
        os.nice(10)
    # What C libraries print must not get between the frames.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    missing = find_pango()
    if missing:
        write_frame(target, json.dumps({"error": "missing", "detail": missing}).encode())
        return 1
    with tempfile.TemporaryDirectory(prefix="elearn-press-") as folder:
        os.environ["FONTCONFIG_FILE"] = str(fonts_file(Path(folder)))
        drawing = Drawing()
    write_frame(target, b"{}")
    serve(source, target, drawing, given.idle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
