"""What is searched and what is found: a passage goes in, a hit with marked pieces comes out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """One paragraph of a lesson, or one term of a glossary: the smallest thing a search can point at.

    kind: "lesson" or "glossary". place: id of the lesson or of the term. anchor: id of the paragraph on its page.
    """

    id: str
    language: str
    kind: str
    course: str
    place: str
    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text to show; ``hit`` = to be marked."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    """A passage that was found, and how to show it.

    title: the pieces of the whole title. snippet: the pieces of the best stretch of the text; ``cut_before`` and
    ``cut_after`` tell whether text was left off there (the page sets the dots, they are not in the pieces).
    score: higher is better; comparable within one answer only.
    """

    passage: Passage
    score: float
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    cut_before: bool = False
    cut_after: bool = False
