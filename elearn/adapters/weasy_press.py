"""The press: certificates and books to PDF by WeasyPrint in worker processes, or to printable HTML without it.

A worker is started at the first page (about a second), kept while there is work, and ends itself when idle.
If it dies in the middle of a page, the page is drawn once more by a fresh one before anyone is told.

Books have a worker of their own, which gives way to everything else: an officer who has just passed an exam does not
wait for somebody's book.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from elearn.adapters import pdf_seal
from elearn.adapters.batch_press import BatchPress
from elearn.adapters.press.book_sheet import book_css, book_html, pages_at_a_guess, printable_book
from elearn.adapters.press.ceremony_sheet import ceremony_css, ceremony_html, printable_ceremony
from elearn.adapters.press.metrics import outside
from elearn.adapters.press.papers_sheet import papers_css, papers_html, printable_papers
from elearn.adapters.press.pictures import drawn_anew
from elearn.adapters.press.sheet import Sheet, certificate_sheet, name_too_wide, printable_sheet
from elearn.adapters.press.transcript_sheet import printable_transcript, transcript_css, transcript_html
from elearn.adapters.press_line import PressLine
from elearn.core.book.book import Book
from elearn.core.credential.ceremony import CeremonyList
from elearn.core.credential.certificate_file import CertificateFile
from elearn.core.credential.page import CertificatePage
from elearn.core.credential.pictures import PictureBox
from elearn.core.credential.transcript import TranscriptPage
from elearn.core.paper.page import Papers
from elearn.core.vocab.errors import Invalid
from elearn.ports import Together

ASK_AGAIN_SECONDS = 30
BOOK_IDLE_SECONDS = 15
BOOK_SILENT_SECONDS = 180
"""An old post takes a second or two for a page, but all of a book is written out in one breath."""


class WeasyPress(PressLine):
    """Fulfils ports.Press. Safe in threads: pages are drawn one after the other, books beside them.

    environment: added to the workers' environment; idle_seconds: how long the one for certificates waits for more.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, idle_seconds: float = 60) -> None:
        super().__init__(environment, idle_seconds)
        self._books = PressLine(
            environment, min(idle_seconds, BOOK_IDLE_SECONDS), gentle=True, silent_seconds=BOOK_SILENT_SECONDS
        )
        self.batch = BatchPress(environment)
        self._missing: str | None = None
        self._asked_at: float | None = None

    def certificate(self, page: CertificatePage, gentle: bool = False) -> bytes:
        """Return a PDF of one page; equal pages give equal bytes. gentle: by a worker for batches.

        Raises Invalid("name.characters", characters=, text=), Invalid("page.too-long", field=, text=), and
        Unavailable as `PressLine.ask`: "press.missing" where there is no Pango.
        """
        created = f"{page.issued.isoformat()}T00:00:00+00:00"
        place = pdf_seal.place_for(page.credential) if page.credential else ""
        for compact in (False, True):
            pages, pdf = self._drawn(certificate_sheet(page, compact), created, place, gentle)
            if pages == 1:
                return pdf_seal.sealed(pdf, place, page.credential) if page.credential else pdf
        raise Invalid("page.too-long", field="page", text=page.person_name)

    def certificates(self, pages: Sequence[CertificatePage]) -> Together:
        """Return one PDF of some pages, by a worker for batches. Raises Unavailable as `PressLine.ask`."""
        return self.batch.certificates(pages)

    def ceremony(self, ceremony: CeremonyList) -> bytes:
        """Return a PDF; equal lists give equal bytes. Raises Invalid("name.characters"), Unavailable as a book."""
        created = f"{ceremony.made_on.isoformat()}T00:00:00+00:00"
        asked = {"html": ceremony_html(ceremony), "css": ceremony_css(ceremony), "created": created}
        pdf: bytes = self._books.ask(asked)[1]
        return pdf

    def ceremony_printable(self, ceremony: CeremonyList) -> str:
        """Return the same as self-contained HTML; needs no Pango. To be sent as ``printable`` is."""
        return printable_ceremony(ceremony)

    def printable(self, page: CertificatePage) -> str:
        """Return the same page as self-contained HTML; needs no Pango. Raises Invalid as ``certificate`` does.

        To be sent with a policy that allows inline style and data: for images and fonts, and nothing else.
        """
        return printable_sheet(page)

    def book(self, book: Book, told: Callable[[int, int], None]) -> bytes:
        """Return a PDF; equal books give equal bytes. told: of (pages laid out, pages at a guess), from time to time.

        Raises Unavailable as `PressLine.ask`.
        """
        guess = pages_at_a_guess(book)
        told(0, guess)
        asked = {"html": book_html(book), "css": book_css(book), "created": f"{book.published_on}T00:00:00+00:00"}
        _pages, pdf = self._books.ask(asked, lambda laid: told(laid, max(laid, guess)))
        return pdf

    def book_printable(self, book: Book) -> str:
        """Return the same book as one self-contained HTML page; needs no Pango. To be sent as ``printable`` is."""
        return printable_book(book)

    def transcript(self, page: TranscriptPage) -> bytes:
        """Return a PDF; equal pages give equal bytes. Raises Invalid("name.characters"), Unavailable as a book."""
        created = f"{page.made_on.isoformat()}T00:00:00+00:00"
        asked = {"html": transcript_html(page), "css": transcript_css(page), "created": created}
        return self.ask(asked)[1]

    def transcript_printable(self, page: TranscriptPage) -> str:
        """Return the same page as self-contained HTML; needs no Pango. To be sent as ``printable`` is."""
        return printable_transcript(page)

    def papers(self, papers: Papers) -> bytes:
        """Return a PDF; equal papers give equal bytes. Raises Invalid("name.characters"), Unavailable as a book."""
        created = f"{papers.made_on.isoformat()}T00:00:00+00:00"
        return self._books.ask({"html": papers_html(papers), "css": papers_css(papers), "created": created})[1]

    def papers_printable(self, papers: Papers) -> str:
        """Return the same as self-contained HTML; needs no Pango. To be sent as ``printable`` is."""
        return printable_papers(papers)

    def unprintable(self, text: str) -> str:
        """Return the characters that no bundled font has, "" if all can be printed; needs no Pango."""
        return outside(text)

    def too_wide(self, name: str) -> bool:
        """Tell whether a name finds no room on a certificate, even in its smallest type; needs no Pango."""
        return name_too_wide(name)

    def picture(self, content: bytes, box: PictureBox) -> bytes:
        """Return a picture drawn anew; needs no Pango. Raises as `drawn_anew`."""
        return drawn_anew(content, box)

    def missing(self) -> str | None:
        """Return why no PDF can be made here, or None. A "no" is asked again after half a minute."""
        now = time.monotonic()
        stale = self._asked_at is None or (self._missing is not None and now - self._asked_at > ASK_AGAIN_SECONDS)
        if stale:
            command = [*self.command(), "--check"]
            done = subprocess.run(command, capture_output=True, check=False, env=self.worker_environment())
            failed = "" if done.returncode == 0 else done.stderr.decode("utf-8", "replace").strip()[-300:]
            self._missing = done.stdout.decode("utf-8", "replace").strip() or failed or None
            self._asked_at = now
        return self._missing

    def read_certificate(self, pdf: bytes) -> CertificateFile:
        """Return what lies in a certificate's PDF; errors as in `pdf_reading.read_certificate`."""
        from elearn.adapters.pdf_reading import read_certificate  # pypdf takes 0.2 s to load, and few ask

        return read_certificate(pdf)

    def close(self) -> None:
        """Send the workers away, if there are any."""
        super().close()
        self._books.close()
        self.batch.close()

    def _drawn(self, sheet: Sheet, created: str, place: str = "", gentle: bool = False) -> tuple[int, bytes]:
        asked = {"html": sheet.html, "css": sheet.css, "attachment": sheet.payload, "place": place, "created": created}
        return self.batch.ask(asked) if gentle else self.ask(asked)
