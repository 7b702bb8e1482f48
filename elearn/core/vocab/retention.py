"""What is meant by "still known after 30, 90 and 180 days": which answers to refreshers count for which."""

WINDOWS: dict[int, tuple[int, int]] = {30: (15, 59), 90: (60, 134), 180: (135, 270)}
"""Days it is named after -> first and last whole day after the exam was passed. Nobody is asked on one very day: the
windows meet half-way, so that every answer of these months counts once."""


def window_of(days: int) -> int | None:
    """Return the window an answer so many days after the pass counts for, None for none."""
    return next((name for name, (first, last) in WINDOWS.items() if first <= days <= last), None)
