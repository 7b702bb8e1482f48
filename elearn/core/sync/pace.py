"""When to try again: often while something waits, seldom while nothing does, ever slower while there is no line."""

from datetime import datetime, timedelta

EVERY_S = 60
IDLE_S = 15 * 60
LONGEST_S = 60 * 60
_SPREAD = 0.25


def pause_s(failures: int, waiting: bool, seed: int) -> float:
    """Return how long to wait before the next exchange.

    failures: in a row; waiting: whether something is to be sent; seed: chance, so that a thousand posts whose line came
    back at the same minute do not all knock at once.
    """
    if failures:
        pause = min(LONGEST_S, EVERY_S * 2.0 ** min(failures - 1, 10))
    else:
        pause = EVERY_S if waiting else IDLE_S
    spread = (seed % 10_001) / 10_000 * 2 - 1
    return pause * (1 + _SPREAD * spread)


def is_due(now: datetime, next_try: datetime) -> bool:
    """Tell whether it is time. One that lies further ahead than any pause was set by a clock that was wrong."""
    return now >= next_try or next_try - now > timedelta(seconds=LONGEST_S * (1 + _SPREAD))
