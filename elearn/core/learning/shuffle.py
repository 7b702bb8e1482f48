"""Chance that can be played again: shuffles and picks that follow from a seed, the same on every machine.

Words of 64 bits are cut from SHA-256(seed, label, 0), SHA-256(seed, label, 1), ...; a number below n is a word
modulo n, and words above the last whole multiple of n are thrown away, so that no number is likelier than another.
The order is Fisher and Yates's, in Durstenfeld's form. Python's own `random` promises no such thing across versions.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_WORD = 1 << 64


def shuffled(items: Sequence[T], seed: int, label: str) -> list[T]:
    """Return the items in an order drawn from the seed; other labels give independent orders."""
    words = _words(seed, label)
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        other = _below(last + 1, words)
        order[last], order[other] = order[other], order[last]
    return order


def _below(limit: int, words: Iterator[int]) -> int:
    """Return a number 0 <= n < limit, all equally likely."""
    fair = _WORD - _WORD % limit
    return next(word for word in words if word < fair) % limit


def _words(seed: int, label: str) -> Iterator[int]:
    count = 0
    while True:
        block = hashlib.sha256(f"{seed}\n{label}\n{count}".encode()).digest()
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start : start + 8], "big")
        count += 1
