"""Reads an answered follow-up, and says from when on it is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.followup import FIRST_DAY, FORM, LAST_DAY, NOTHING, STOPPED, USED
from elearn.core.vocab.times import instant_of

USE, STOP = "used", "stopped"
"""Names of the fields of the form."""


@dataclass(frozen=True)
class Answers:
    """A whole answer. used: a key of USED; stopped: keys of STOPPED, in their order."""

    used: str
    stopped: tuple[str, ...]

    def kept(self) -> dict[str, Any]:
        """Return what the statement holds."""
        return {"form": FORM, USE: self.used, STOP: list(self.stopped)}


def answers_from(said: Mapping[str, Sequence[str]]) -> Answers:
    """Return the answers of a form that was sent. said: field -> all that was chosen; other fields are not looked at.

    Raises Invalid("followup.incomplete", fields=) with {field: code} of what has no answer, or one that the form does
    not offer, or "nothing" together with something.
    """
    used, stopped = list(said.get(USE, ())), set(said.get(STOP, ()))
    wrong = {}
    if len(used) != 1 or used[0] not in USED:
        wrong[USE] = "followup.no-choice"
    if not stopped or not stopped <= STOPPED.keys():
        wrong[STOP] = "followup.no-choice"
    elif NOTHING in stopped and len(stopped) > 1:
        wrong[STOP] = "followup.nothing-alone"
    if wrong:
        raise Invalid("followup.incomplete", fields=wrong)
    return Answers(used[0], tuple(one for one in STOPPED if one in stopped))


def days_since(passed_at: str, now: str) -> int:
    """Return the whole days since the exam, 0 for one that lies ahead. Both: instants."""
    return max(0, (instant_of(now) - instant_of(passed_at)).days)


def is_open(days: int) -> bool:
    """Tell whether the form can be answered so many days after the exam."""
    return days >= FIRST_DAY


def is_asked(days: int) -> bool:
    """Tell whether the home page asks for it."""
    return FIRST_DAY <= days <= LAST_DAY
