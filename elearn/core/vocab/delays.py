"""How long somebody who guesses has to wait: nothing at first, then twice as long each time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """free: tries without a wait; then first_s, doubling up to longest_s; forgotten after forget_s of quiet."""

    free: int
    first_s: int
    longest_s: int
    forget_s: int


NUMBER_LIMIT = Limit(free=5, first_s=5, longest_s=15 * 60, forget_s=24 * 3600)
"""Of one service number, whether an officer has it or not: otherwise the wait would tell which ones exist."""

DEVICE_LIMIT = Limit(free=30, first_s=5, longest_s=60, forget_s=3600)
"""Of one device. Wide and short, because fifty officers share one PC: it slows a walk through all numbers, no more."""


def delay_s(limit: Limit, failures: int) -> int:
    """Return how many seconds to wait after this many failures in a row."""
    if failures < limit.free:
        return 0
    return min(limit.longest_s, limit.first_s << min(failures - limit.free, 20))
