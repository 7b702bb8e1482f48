"""Reads an answered satisfaction form, and says what of it is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.satisfaction import HELPED, ITEMS, SCALE

CHOICE = "helped"
"""Name of the field of the one choice; those of the statements are the names of ITEMS."""


@dataclass(frozen=True)
class Answers:
    """A whole answer. ratings: item -> 1..5, of every item; helped: a key of HELPED."""

    ratings: Mapping[str, int]
    helped: str

    def kept(self) -> dict[str, Any]:
        """Return what the box holds: always in the order of the form, whatever the order of clicking was."""
        return {"ratings": {item: self.ratings[item] for item in ITEMS}, "helped": self.helped}


def answers_from(said: Mapping[str, str]) -> Answers:
    """Return the answers of a form that was sent. said: field -> what was chosen; other fields are not looked at.

    Raises Invalid("satisfaction.incomplete", fields=) with {field: code} of what has no answer, or one that the form
    does not offer.
    """
    wrong = {item: "satisfaction.no-rating" for item in ITEMS if _rating(said.get(item, "")) is None}
    if said.get(CHOICE, "") not in HELPED:
        wrong[CHOICE] = "satisfaction.no-choice"
    if wrong:
        raise Invalid("satisfaction.incomplete", fields=wrong)
    return Answers({item: _rating(said[item]) or 0 for item in ITEMS}, said[CHOICE])


def _rating(typed: str) -> int | None:
    return next((value for value in SCALE if typed == str(value)), None)
