"""From a TranscriptPage to HTML, for the press and for a browser's printer."""

from elearn.adapters.press.tables_sheet import printable_tables, tables_css, tables_html
from elearn.core.credential.transcript import TranscriptPage

NAME = "transcript"


def transcript_html(page: TranscriptPage) -> str:
    """Return a transcript as HTML. Raises as `tables_html`."""
    return tables_html(page, NAME)


def transcript_css(page: TranscriptPage) -> tuple[str, ...]:
    """Return the style sheets of a transcript."""
    return tables_css(page, NAME)


def printable_transcript(page: TranscriptPage) -> str:
    """Return one self-contained page for a browser to print. Raises as `tables_html`."""
    return printable_tables(page, NAME)
