"""Which courses somebody has to pass before another one opens.

Pure: who requires what, and what was passed. Once passed is enough, also when the certificate has ended since.
"""

from collections.abc import Collection, Mapping, Sequence

Requires = Mapping[str, Sequence[str]]
"""Course -> courses it requires, for every course taught here."""


def still_missing(course: str, requires: Requires, passed: Collection[str]) -> tuple[str, ...]:
    """Return the courses to be passed before ``course`` can be begun, as the course lists them.

    A course that is not taught here, or that itself rests on this one, closes nothing: nobody could ever open it.
    """
    return tuple(
        one
        for one in dict.fromkeys(requires.get(course, ()))
        if one in requires and one not in passed and course not in all_required(one, requires) and one != course
    )


def all_required(course: str, requires: Requires) -> frozenset[str]:
    """Return everything a course requires, also by way of others."""
    found: set[str] = set()
    waiting = list(requires.get(course, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += requires.get(one, ())
    return frozenset(found)
