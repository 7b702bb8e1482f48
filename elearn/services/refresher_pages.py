"""What the pages of refreshers are given: words and states, never a key before the answer is in."""

from dataclasses import dataclass

from elearn.services.learning_pages import CheckView, ReadAgain


@dataclass(frozen=True)
class RefresherOffer:
    """What the home page says of refreshers.

    state: "none" (nothing learned yet) | "open" (a set is under way) | "due" | "wait" (the set of this shift is done) |
    "rest" (nothing is due). questions: left of the set, or in the next one; open_at: from when the next set is offered;
    next_at: when the next question comes due, "" = not known.
    """

    state: str
    attempt: str = ""
    questions: int = 0
    open_at: str = ""
    next_at: str = ""


@dataclass(frozen=True)
class RefresherView:
    """One question of a set. number: its place from 1; check: with feedback once it was answered.

    next: number of the next one to answer, 0 = nothing more is asked in this set; answered: how many are.
    """

    attempt: str
    number: int
    total: int
    course: str
    course_title: str
    language: str
    check: CheckView
    next: int
    answered: int


@dataclass(frozen=True)
class ReadAgainIn:
    """Lessons to read again of one course."""

    course: str
    course_title: str
    language: str
    lessons: tuple[ReadAgain, ...]


@dataclass(frozen=True)
class RefresherEnd:
    """How a set went. open: number of the question to go on with, 0 = it is over.

    left: how many were not answered and come again; time_over: its minutes are used; open_at: from when the next set is
    offered, "" = now.
    """

    attempt: str
    right: int
    answered: int
    left: int
    open: int
    time_over: bool
    read_again: tuple[ReadAgainIn, ...]
    open_at: str
