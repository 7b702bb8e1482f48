"""From a CeremonyList to HTML: a table for each unit, large enough to be read aloud."""

from elearn.adapters.press.tables_sheet import printable_tables, tables_css, tables_html
from elearn.core.credential.ceremony import CeremonyList

NAME = "ceremony"


def ceremony_html(ceremony: CeremonyList) -> str:
    """Return a list as HTML. Raises as `tables_html`."""
    return tables_html(ceremony, NAME)


def ceremony_css(ceremony: CeremonyList) -> tuple[str, ...]:
    """Return the style sheets of a list."""
    return tables_css(ceremony, NAME)


def printable_ceremony(ceremony: CeremonyList) -> str:
    """Return one self-contained page for a browser to print. Raises as `tables_html`."""
    return printable_tables(ceremony, NAME)
