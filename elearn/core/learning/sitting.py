"""The time of a sitting: counted from what was saved, so that a power cut does not eat it.

Time runs from one saved answer to the next. What of it the node was switched off (`services/outages`) costs nothing.
A gap longer than IDLE_S is a break all the same (the cable of the officer's own screen, an alarm at the barrier): it
costs IDLE_S, and with less than that left it ends the sitting, or every break would be time for nothing.
A clock that went back costs nothing.
The price: an officer who thinks longer than five minutes about one question is not charged for the rest of it.
The sum so far (used_s) is kept in every answer, so a reader of the ledger can follow it.
"""

IDLE_S = 300
GRACE_S = 15
"""An answer on its way when the time ran out is still taken."""


def spent(used_s: float, gap_s: float) -> float:
    """Return the time used after a gap. used_s: before it; gap_s: since the last save, without outages."""
    return used_s + min(max(gap_s, 0.0), IDLE_S)


def time_left(used_s: float, gap_s: float, minutes: int) -> float | None:
    """Return the seconds left, 0.0 when the time is up, None without a limit (minutes = 0)."""
    if not minutes:
        return None
    return max(0.0, minutes * 60 - spent(used_s, gap_s))


def is_late(used_s: float, gap_s: float, minutes: int) -> bool:
    """Tell whether an answer given now comes after the time and the grace."""
    return bool(minutes) and spent(used_s, gap_s) > minutes * 60 + GRACE_S
