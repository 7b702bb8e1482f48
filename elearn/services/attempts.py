"""One attempt as it stands: its row, the package it pins, the questions drawn, the answers given, the time used."""

from dataclasses import dataclass

from elearn.core.learning.blueprint import Drawn, drawn_of
from elearn.core.learning.grade import Outcome, grade
from elearn.core.learning.sitting import time_left
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.questions.all import kind_of
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import seconds_between
from elearn.ports import Transaction
from elearn.services.outages import Outage, off_s, outages_since
from elearn.services.packages import Package, package
from elearn.services.standing import PAPER


@dataclass(frozen=True)
class Attempt:
    """Read in one transaction. answers: question id -> row, those without are missing; outages: since it began."""

    row: Row
    package: Package
    drawn: list[Drawn]
    answers: dict[str, Row]
    outages: tuple[Outage, ...] = ()

    @property
    def id(self) -> str:
        """Return the attempt's uuid."""
        return str(self.row["attempt"])

    @property
    def kind(self) -> str:
        """Return ``pretest`` or ``exam``."""
        return str(self.row["kind"])

    @property
    def language(self) -> str:
        """Return the language it was started in."""
        return str(self.row["language"] or "")

    @property
    def on_paper(self) -> bool:
        """Tell whether its answers are written on paper and keyed in by others."""
        return bool(self.row["medium"] == PAPER)

    @property
    def minutes(self) -> int:
        """Return the time limit, 0 = none: on paper whoever gives the session looks at the clock."""
        return 0 if self.on_paper else self.package.course.minutes(self.kind)

    @property
    def ids(self) -> list[str]:
        """Return the questions in the order in which they are asked."""
        return [one.id for one in self.drawn]

    @property
    def used_s(self) -> float:
        """Return the seconds used when the latest answer was saved."""
        return max((row["used_s"] or 0.0 for row in self.answers.values()), default=0.0)

    @property
    def last_at(self) -> str:
        """Return when something was last saved: the start, or the latest answer."""
        return max([str(self.row["started_at"]), *(str(row["at"]) for row in self.answers.values())])

    @property
    def responses(self) -> dict[str, list[str]]:
        """Return question -> response."""
        return {question: row["response"] for question, row in self.answers.items()}

    @property
    def waiting(self) -> list[str]:
        """Return the questions without an answer, in order; a scenario under way is one of them."""
        return [one for one in self.ids if not self.is_answered(one)]

    def is_answered(self, question: str) -> bool:
        """Tell whether nothing is left to answer in a question."""
        asked = self.package.course.question(question)
        row = self.answers.get(question)
        return row is not None and kind_of(asked).complete(asked, row["response"])

    def place(self, question: str) -> int:
        """Return where a question stands, from 0; "" = the first without an answer, else the last.

        Raises NotFound("question.not-asked").
        """
        if not question:
            return self.ids.index(self.waiting[0]) if self.waiting else len(self.ids) - 1
        if question not in self.ids:
            raise NotFound("question.not-asked", attempt=self.id, question=question)
        return self.ids.index(question)

    def gap_s(self, now: str) -> float:
        """Return the seconds since the last save, without those the node was off; below 0: the clock went back."""
        return seconds_between(self.last_at, now) - off_s(self.outages, self.last_at, now)

    def left_s(self, now: str) -> int | None:
        """Return the whole seconds left, None without a limit."""
        left = time_left(self.used_s, self.gap_s(now), self.minutes)
        return None if left is None else int(left)

    def outcome(self) -> Outcome:
        """Return the grade, by the package it pins."""
        return grade(self.package.course, self.drawn, self.responses)


def attempt_of(tx: Transaction, person: str, attempt: str) -> Attempt:
    """Return the attempt, if it is this person's.

    Raises NotFound("attempt.unknown"), also for other people's; NotFound("package.unknown") where the package is not
    held here.
    """
    row = tx.tables.get(ATTEMPT, attempt)
    if row is None or row["person"] != person or not row["started_at"]:
        raise NotFound("attempt.unknown", attempt=attempt)
    answers = {one["question"]: one for one in tx.tables.select(ANSWER, {"attempt": attempt})}
    outages = outages_since(tx, row["started_at"])
    return Attempt(row, package(tx, row["digest"]), drawn_of(row["questions"]), answers, outages)


def attempt_on_screen(tx: Transaction, person: str, attempt: str) -> Attempt:
    """Return the attempt. Raises as `attempt_of`, Refused("sitting.on-paper") for one that others are to key in."""
    found = attempt_of(tx, person, attempt)
    if found.on_paper and not found.row["submitted_at"]:
        raise Refused("sitting.on-paper", attempt=attempt)
    return found
