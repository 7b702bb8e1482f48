"""What the other side lacks of a chain, whether the chains are still the same one, and from where they are not.

Pure: what one side has and what the other side named in, a number out. Nothing held counts as number 0.
"""

import hashlib
from collections.abc import Iterable

from elearn.core.ledger.entry import Entry, Head

SHORT = 32
"""Hex digits of the digests that two sides compare to see that nothing is to be said (128 bits)."""
POINTS = 30
"""How many places of a chain are asked for at once while looking for the one where two copies part."""


def digest_of_heads(heads: Iterable[Head]) -> str:
    """Return what two sides compare to see that they agree on how far every chain is held."""
    lines = sorted(f"{head.node} {head.number} {head.digest}" for head in heads if head.number)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:SHORT]


def is_held_here(held: Head, at_held: Head | None) -> bool:
    """Tell whether what the other side holds is the beginning of what this side has. at_held: the place with that
    number here, None if the chain here is shorter."""
    return at_held is not None and at_held.digest == held.digest


def points_between(same: int, other: int) -> list[int]:
    """Return the numbers to ask for next, to find the last at which two copies of a chain are the same.

    same: known to be the same; other: known not to be, or to be missing on one side. [] once it is found.
    """
    width = other - same - 1
    if width <= POINTS:
        return list(range(same + 1, other))
    return sorted({same + (width + 1) * step // (POINTS + 1) for step in range(1, POINTS + 1)} - {same})


def split_known(entries: tuple[Entry, ...], held: Head) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return (entries held already, entries that are new), by number."""
    known = tuple(entry for entry in entries if entry.number <= held.number)
    return known, entries[len(known) :]
