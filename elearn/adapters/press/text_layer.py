"""Makes the PDF's text layer say what is written, in every script.

WeasyPrint maps each glyph to the characters it first stood for. In Khmer, Lao, Burmese and Thai one glyph stands for
different characters in different places (an error rate of 6 to 15 % was measured), and where Vietnamese was drawn
first the plain Latin letters go wrong as well ("hoc" for "học" and the reverse): copying, searching and screen readers
get other letters. PDF has a cure, /ActualText: each run of text says in Unicode what it is.

This wraps one private method, so it is tied to the version it was made for and does nothing under any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MADE_FOR = "70."
_UNSAID = {0x200B: None, 0x2060: None}
"""Where a line may end and where it must not: no part of what is written."""


def install() -> bool:
    """Wrap WeasyPrint's drawing of text in this process. Return False if this WeasyPrint is not the one it fits."""
    import pydyf  # inside: importing WeasyPrint loads Pango, and that is for the caller to time
    import weasyprint
    from weasyprint.formatting_structure.boxes import TextBox
    from weasyprint.pdf.stream import Stream

    if not weasyprint.__version__.startswith(MADE_FOR):
        return False
    drawn = Stream.marked

    @contextmanager
    def marked(self: Any, box: Any, tag: str) -> Iterator[None]:
        with drawn(self, box, tag):
            said = box.text.translate(_UNSAID) if isinstance(box, TextBox) else ""
            if not said:
                yield
                return
            self.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(said)}))
            try:
                yield
            finally:
                self.end_marked_content()

    Stream.marked = marked
    return True
