"""What the hub lacks of a chain, and the two ways in which it can turn out that the chains are not the same one.

Pure: what one side has and what the other side named in, a number out. Nothing held counts as number 0.
"""

from elearn.core.ledger.entry import ORIGIN, Entry, Head
from elearn.core.vocab.errors import Conflict


def first_missing(mine: Head, held: Head, at_held: Entry | None) -> int:
    """Return after which number the hub lacks entries; equal to ``mine.number`` if it lacks none.

    held: what the hub named; at_held: this node's own entry with that number, None for number 0.
    Raises Conflict("chain.shorter", here=, there=) where the hub holds more than this node: it was put back to an older
    state; Conflict("chain.fork", number=) where the hub holds another entry at that number.
    """
    if held.number > mine.number:
        raise Conflict("chain.shorter", here=mine.number, there=held.number)
    digest = ORIGIN if at_held is None else at_held.digest
    if held.digest != digest:
        raise Conflict("chain.fork", number=held.number)
    return held.number


def split_known(entries: tuple[Entry, ...], held: Head) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return (entries held already, entries that are new), by number."""
    known = tuple(entry for entry in entries if entry.number <= held.number)
    return known, entries[len(known) :]
