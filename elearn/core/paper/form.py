"""The form that makes a session in a classroom, and what can be wrong with it."""

from dataclasses import dataclass
from datetime import date

LONGEST_PLACE = 100
MOST_MINUTES = 600


@dataclass(frozen=True)
class SessionForm:
    """What is typed to make a session. held_on: 2026-11-24; minutes: noted for the trainer, no limit of the exam."""

    course: str = ""
    held_on: str = ""
    place: str = ""
    minutes: str = ""


def form_problems(form: SessionForm, place: str) -> dict[str, str]:
    """Return field -> code of what is wrong with it. place: as it will be kept, blanks tidied."""
    problems = {} if _is_day(form.held_on) else {"held_on": "session.day"}
    if not place or len(place) > LONGEST_PLACE or not place.isprintable():
        problems["place"] = "session.place"
    plain = form.minutes.isascii() and form.minutes.isdigit() and len(form.minutes) < 5
    if not plain or not 1 <= int(form.minutes) <= MOST_MINUTES:
        problems["minutes"] = "session.minutes"
    return problems


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
