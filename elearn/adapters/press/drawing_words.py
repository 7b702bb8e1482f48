"""Makes the words in a drawing words: WeasyPrint sets them letter by letter, which no script of the region survives.

A letter may have a place of its own in SVG, and so each is shaped alone: vowels of Khmer, Thai and Burmese come out on
dotted circles. Where only the first letter has a place, as in all our drawings, the text is set as one piece here. It
also says in the text layer what it is, as `text_layer` does for the rest of the page.

This wraps one private function, so it is tied to the version it was made for and does nothing under any other.
"""

from collections.abc import Iterator
from typing import Any

MADE_FOR = "70."
_LETTER_BY_LETTER = ("rotate", "letter-spacing", "textLength")
_PLACES = ("x", "y", "dx", "dy")


class _OnePiece(str):
    """A text that comes as one letter to whoever asks for its letters."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def install() -> bool:
    """Wrap WeasyPrint's text of drawings in this process. Return False if this WeasyPrint is not the one it fits."""
    import pydyf  # inside: importing WeasyPrint loads Pango, and that is for the caller to time
    import weasyprint
    from weasyprint import svg as drawings

    if not weasyprint.__version__.startswith(MADE_FOR):
        return False
    letters = drawings.TAGS["text"]

    def words(svg: Any, node: Any, font_size: float) -> None:
        if not node.text or not _in_one_piece(node):
            letters(svg, node, font_size)
            return
        said = pydyf.Dictionary({"ActualText": pydyf.String(str(node.text))})
        node._etree_node.text = _OnePiece(node.text)
        svg.stream.begin_marked_content("Span", said)
        try:
            letters(svg, node, font_size)
        finally:
            svg.stream.end_marked_content()

    for tag in [tag for tag, draws in drawings.TAGS.items() if draws is letters]:
        drawings.TAGS[tag] = words
    drawings.text = words  # what its own code takes for "the tag of a text"
    return True


def _in_one_piece(node: Any) -> bool:
    """Tell whether no letter but the first has a place of its own."""
    if any(name in node.attrib for name in _LETTER_BY_LETTER):
        return False
    return all(len(str(node.attrib.get(name, "")).replace(",", " ").split()) <= 1 for name in _PLACES)
