"""Which questions an officer is to be asked again, and when: spaced by fsrs on the officer's own answers.

Nothing is kept of a question but the answers: when it is due is worked out from them each time, so nodes with the same
answers have the same plan. fsrs is handed the time of each answer and never draws (fuzz is off).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from fsrs import Card, Rating, Scheduler, State

from elearn.core.questions.confidence import LEVELS
from elearn.core.vocab.times import instant_of, text_of

A_SET = 5
"""Questions of one shift."""

NEW_A_SET = 2
"""How many of them may be new to the officer: what was learned is kept first, the rest comes in little by little."""

SHIFT = timedelta(hours=8)
"""From the end of a set to the next one. Also: what comes due within a shift is asked at its beginning."""

NOT_SURE = LEVELS[0]

LONGEST_DAYS = 180
"""Nothing that protects people is left unasked for longer than this."""

SET_S = 300
"""A set is over when this much time was used, whatever is left of it comes again."""


def spent(used_s: float, gap_s: float) -> float:
    """Return the time of a set used after a gap. A longer gap than a set is a break, and costs nothing."""
    return used_s + gap_s if 0 < gap_s <= SET_S else used_s


_SPACING = Scheduler(
    desired_retention=0.9,
    # Steps of minutes are for people who sit and cram. One set a shift: every answer counts for days.
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)


@dataclass(frozen=True, order=True, slots=True)
class Review:
    """One answer to a question, wherever it was given. at: as the ledger writes it; id: of its statement.

    sure: a level of `core/questions/confidence.py`, "" where it was not said.
    """

    at: str
    id: str
    right: bool
    sure: str = ""


class Asked(NamedTuple):
    """A question of a course: what a card is about. A tuple, because hundreds are sorted and looked up for a page."""

    course: str
    question: str


@dataclass(frozen=True)
class Plan:
    """What is to be asked. cards: of the next set, in the order in which they are asked, () = nothing is due.

    due: how many reviewed questions are due in all; next_at: when the next one comes due, "" = nothing is planned.
    """

    cards: tuple[Asked, ...]
    due: int
    next_at: str


def dues(reviews: Mapping[Asked, Iterable[Review]], now: str) -> dict[Asked, str]:
    """Return when each question is due that was answered up to ``now``. Later answers are not believed: some clock was
    wrong. As long as there are none of those, it is the same at any time."""
    believed = {asked: tuple(sorted(one for one in found if one.at <= now)) for asked, found in reviews.items()}
    return {asked: due_at(found) for asked, found in believed.items() if found}


def plan(pool: Collection[Asked], dues: Mapping[Asked, str], now: str) -> Plan:
    """Return what is to be asked now, of the questions of ``pool``. dues: of those answered, and maybe of others.

    At most A_SET: the most overdue first, ties by course and question; where they leave room, up to NEW_A_SET that the
    officer never answered.
    """
    known = sorted((dues[asked], asked) for asked in pool if asked in dues)
    soon = text_of(instant_of(now) + SHIFT)
    due = [asked for at, asked in known if at <= soon]
    new = sorted(asked for asked in pool if asked not in dues)
    chosen = due[:A_SET]
    chosen += _fresh(new, chosen)[: min(NEW_A_SET, A_SET - len(chosen))]
    return Plan(tuple(mixed(chosen)), len(due), known[len(due)][0] if len(due) < len(known) else "")


def _fresh(new: Sequence[Asked], chosen: Sequence[Asked]) -> list[Asked]:
    """Return new questions, those of courses that are not in the set yet first."""
    there = {asked.course for asked in chosen}
    return sorted(mixed(new), key=lambda asked: asked.course in there)


def mixed(chosen: Sequence[Asked]) -> list[Asked]:
    """Return the same questions with the courses taking turns: what is mixed is remembered longer."""
    waiting: dict[str, list[Asked]] = {}
    for asked in chosen:
        waiting.setdefault(asked.course, []).append(asked)
    order: list[Asked] = []
    while waiting:
        for course in list(waiting):
            order.append(waiting[course].pop(0))
            if not waiting[course]:
                del waiting[course]
    return order


@lru_cache(maxsize=2048)
def due_at(reviews: tuple[Review, ...]) -> str:
    """Return when a question with these answers (one or more, by time) is to be asked again.

    An answer within a shift of the one that counted before says nothing about memory: it was read a moment ago.
    """
    card = Card(card_id=0, state=State.Learning, due=instant_of(reviews[0].at))
    last: datetime | None = None
    for review in sorted(reviews):
        at = instant_of(review.at)
        if last is not None and at - last < SHIFT:
            continue
        card, _ = _SPACING.review_card(card, rating_of(review), at)
        last = at
    return text_of(card.due)


def rating_of(review: Review) -> Rating:
    """Return the answer as fsrs rates it: wrong is Again, right is Good, right and not sure of it is Hard.

    Nothing is Easy: an officer who says to be sure may have guessed well, and would be asked too late.
    """
    if not review.right:
        return Rating.Again
    return Rating.Hard if review.sure == NOT_SURE else Rating.Good


def after_a_shift(ended_at: str) -> str:
    """Return from when the next set is offered after one that ended then."""
    return text_of(instant_of(ended_at) + SHIFT)


def is_of_earlier_shift(started_at: str, now: str) -> bool:
    """Tell whether a set belongs to a shift that is over. A clock that went back ends nothing."""
    return instant_of(now) - instant_of(started_at) >= SHIFT
