"""Finding the largest type in which a text fits its place: shrink, then wrap, then refuse.

Wrapped is between words; only a word that is longer than a line in every type is cut inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from elearn.adapters.press.metrics import width
from elearn.adapters.word_breaks import letters, line_breaks

MM_PER_PT = 25.4 / 72
# Shaping may come out a little wider than the sum of the advances.
SLACK = 1.03
PART_ENDS = "·‧・-"


@dataclass(frozen=True)
class Step:
    """One thing to try: a size in points, and how many lines the text may take in it."""

    size_pt: float
    lines: int = 1


@dataclass(frozen=True)
class Place:
    """Where a text goes: its width, the steps to try from the largest, and whether it is set in bold."""

    width_mm: float
    steps: tuple[Step, ...]
    bold: bool = False


@lru_cache(maxsize=1024)  # labels and titles are the same on all certificates, and measuring them takes 2 ms
def fit(text: str, language: str, stack: tuple[str, ...], place: Place, cut_words: bool = False) -> Step | None:
    """Return the first step in which the text fits, with the lines it really takes; None if it fits in none.

    cut_words: a word longer than a line may be cut, between two letters, if there is no step without.
    """
    pieces = _pieces(text, line_breaks(text, language))
    found = _first_that_fits(pieces, stack, place)
    if found is None and cut_words:
        return _first_that_fits(_pieces(text, letters(text)), stack, place)
    return found


def room_in(place: Place, size_pt: float) -> float:
    """Return how wide a line may be in type of this size. Unit: font sizes."""
    return place.width_mm / (size_pt * MM_PER_PT * SLACK)


def _first_that_fits(pieces: Sequence[str], stack: tuple[str, ...], place: Place) -> Step | None:
    for step in place.steps:
        lines = _lines_taken(pieces, stack, place.bold, room_in(place, step.size_pt))
        if lines is not None and lines <= step.lines:
            return Step(step.size_pt, lines)
    return None


def two_lines(text: str, language: str, stack: tuple[str, ...], place: Place, size_pt: float) -> tuple[str, str]:
    """Return the text cut in two lines of like length: between parts of a name if that fits, else between two words.

    A name is read by its parts: cut there it stays whole, and one syllable is never left over on a line.
    The first line keeps its blank, if it ends with one. A word longer than a line is cut between two letters.
    """
    room = room_in(place, size_pt)
    cuts = [cut for cut in line_breaks(text, language) if 0 < cut < len(text)]

    def longest(cut: int) -> float:
        return max(width(text[:cut].rstrip(), stack, place.bold), width(text[cut:], stack, place.bold))

    fitting = [cut for cut in cuts if longest(cut) <= room]
    fitting = fitting or [cut for cut in letters(text) if longest(cut) <= room] or cuts or [len(text)]
    between_parts = [cut for cut in fitting if text[cut - 1].isspace() or text[cut - 1] in PART_ENDS]
    cut = min(between_parts or fitting, key=longest)
    return text[:cut], text[cut:]


def _pieces(text: str, ends: list[int]) -> list[str]:
    """Return the text cut wherever a line may end."""
    cuts = [0, *ends, len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if end > start]


def _lines_taken(pieces: Sequence[str], stack: tuple[str, ...], bold: bool, room: float) -> int | None:
    """Return how many lines a greedy setting takes, None if a piece is wider than a line. Unit: font sizes."""
    lines, taken = 1, 0.0
    for piece in pieces:
        solid = width(piece.rstrip(), stack, bold)
        if solid > room:
            return None
        if taken + solid > room:
            lines, taken = lines + 1, 0.0
        taken += width(piece, stack, bold)
    return lines
