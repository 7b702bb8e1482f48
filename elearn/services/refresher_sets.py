"""One set of refreshers as it stands, and what an officer may be asked: read from the projections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from elearn.core.learning.blueprint import Drawn
from elearn.core.learning.course import CHECK, EXAM
from elearn.core.learning.refresher import SET_S, Asked, Plan, after_a_shift, is_of_earlier_shift, plan
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.projections.refreshers import REFRESHER_ANSWER, REFRESHER_SET
from elearn.core.projections.reviews import REVIEW
from elearn.core.questions.all import KINDS
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.tables import Row, Span
from elearn.ports import Transaction
from elearn.services.clock_guard import clock_uncertain
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages, package_if_held
from elearn.services.refresher_dues import dues_of

_NO_CLOCK = "9000"
"""A year no answer is given in: a record that says so is not believed, whatever the clock here says."""


@dataclass(frozen=True)
class Card:
    """One question of a set. options: the keys as shuffled; package: None where this post does not hold it."""

    asked: Asked
    options: tuple[str, ...]
    package: Package | None

    @property
    def drawn(self) -> Drawn:
        """Return the question as it is shown."""
        return Drawn(self.asked.question, self.options)


@dataclass(frozen=True)
class RefresherSet:
    """A set and its answers. held_back: courses with an exam under way, whose questions wait until it is handed in."""

    row: Row
    cards: tuple[Card, ...]
    answers: Mapping[Asked, Row]
    held_back: frozenset[str]

    @property
    def attempt(self) -> str:
        """Return its id."""
        return str(self.row["attempt"])

    @property
    def used_s(self) -> float:
        """Return the seconds used when the latest answer was saved."""
        return max((float(row["used_s"] or 0.0) for row in self.answers.values()), default=0.0)

    @property
    def last_at(self) -> str:
        """Return when something was last saved: the start, or the latest answer."""
        return max([str(self.row["started_at"]), *(str(row["at"]) for row in self.answers.values())])

    @property
    def time_over(self) -> bool:
        """Tell whether the minutes of a set are used up."""
        return self.used_s >= SET_S

    @cached_property
    def waiting(self) -> tuple[int, ...]:
        """Return the places of questions that can still be answered, from 0."""
        if self.time_over:
            return ()
        return tuple(place for place, card in enumerate(self.cards) if self._can_be_asked(card))

    def _can_be_asked(self, card: Card) -> bool:
        there = card.package is not None and card.asked.question in card.package.course.questions
        return there and card.asked not in self.answers and card.asked.course not in self.held_back

    def is_open(self, now: str) -> bool:
        """Tell whether it can be gone on with: something waits, and its shift is not over."""
        return bool(self.waiting) and not is_of_earlier_shift(str(self.row["started_at"]), now)

    def open_at(self, now: str, clock: str) -> str:
        """Return from when the next set is offered, "" for now. now: believed; clock: what this machine's clock says.

        Only a set that was finished makes anybody wait. Where the clock went back nobody can say how long ago that was:
        then nobody waits.
        """
        if not self.answers or self.waiting or clock < self.last_at:
            return ""
        open_at = after_a_shift(self.last_at)
        return open_at if open_at > now else ""


@dataclass(frozen=True)
class Learned:
    """What the officer may be asked. passed: course -> when its exam was last passed; pool: in the current packages."""

    passed: Mapping[str, str]
    packages: Mapping[str, Package]
    plan: Plan
    pool: frozenset[Asked]


def believed_now(tx: Transaction, node: Node, person: str) -> str:
    """Return the time to plan by: never before the officer's last answer where this machine's clock is in doubt.

    With a clock that is not in doubt, answers that lie ahead came from a machine whose clock was wrong.
    """
    now = node.now()
    if not clock_uncertain(tx, now):
        return now
    rows = tx.tables.select(REVIEW, {"subject": person, "at": Span(None, _NO_CLOCK)}, order=("-at",), limit=1)
    sets = _rows_of_sets(tx, person, _NO_CLOCK)
    return max([now, *(str(row["at"]) for row in rows), *(str(row["started_at"]) for row in sets)])


def set_of(tx: Transaction, person: str, attempt: str) -> RefresherSet:
    """Return the set, if it is this person's. Raises NotFound("refresher.unknown")."""
    row = tx.tables.get(REFRESHER_SET, attempt)
    if row is None or row["person"] != person or not row["cards"]:
        raise NotFound("refresher.unknown", attempt=attempt)
    return _set(tx, row, _exams_under_way(tx.tables.select(ATTEMPT, {"subject": person})))


def latest_set(tx: Transaction, person: str, now: str) -> RefresherSet | None:
    """Return the set started last, up to ``now``."""
    rows = _rows_of_sets(tx, person, now)
    if not rows:
        return None
    return _set(tx, rows[0], _exams_under_way(tx.tables.select(ATTEMPT, {"subject": person})))


def learned(tx: Transaction, person: str, language: str, now: str) -> Learned:
    """Return what the officer may be asked in this language, and what is due of it.

    Of passed courses the questions of exam and lessons; of others the checks answered already. Nothing of a course
    whose exam is under way, and nothing whose translation is behind its source.
    """
    attempts = tx.tables.select(ATTEMPT, {"subject": person})
    answered = dues_of(tx, person, attempts, now)
    passed = _passed(attempts, now)
    held_back = _exams_under_way(attempts)
    packages = {one.course.id: one for one in current_packages(tx) if one.course.id not in held_back}
    pool = frozenset(
        asked
        for package in packages.values()
        for asked in _askable(package, language, package.course.id in passed)
        if package.course.id in passed or asked in answered.questions
    )
    return Learned(passed, packages, plan(pool, answered.dues, now), pool)


def passed_at(tx: Transaction, person: str, course: str, now: str) -> str:
    """Return when the exam of the course was last passed, "" for never."""
    return _passed(tx.tables.select(ATTEMPT, {"subject": person, "course": course}), now).get(course, "")


@lru_cache(maxsize=64)
def _askable(package: Package, language: str, passed: bool) -> tuple[Asked, ...]:
    uses = {EXAM, CHECK} if passed else {CHECK}
    stale = package.stale_questions(language)
    return tuple(
        Asked(package.course.id, one.id)
        for one in package.course.questions.values()
        # A scenario is played in steps, and takes longer than a shift's question may.
        if one.use in uses and one.id not in stale and one.kind in KINDS and not KINDS[one.kind].stepwise
    )


def _passed(attempts: Iterable[Row], now: str) -> dict[str, str]:
    passed: dict[str, str] = {}
    for row in attempts:
        at = row["submitted_at"]
        if row["kind"] == EXAM and row["success"] and at:
            course = str(row["course"])
            # A pass that lies ahead is a pass; only its day is not believed.
            passed[course] = max(passed.get(course, ""), min(at, now))
    return passed


def _exams_under_way(attempts: Iterable[Row]) -> frozenset[str]:
    running = (row for row in attempts if row["kind"] == EXAM and row["started_at"] and not row["submitted_at"])
    return frozenset(str(row["course"]) for row in running)


def _rows_of_sets(tx: Transaction, person: str, until: str) -> list[Row]:
    where = {"subject": person, "started_at": Span(None, until + "~")}
    return tx.tables.select(REFRESHER_SET, where, order=("-started_at",), limit=1)


def _set(tx: Transaction, row: Row, held_back: frozenset[str]) -> RefresherSet:
    answers = {
        Asked(str(one["course"]), str(one["question"])): one
        for one in tx.tables.select(REFRESHER_ANSWER, {"attempt": row["attempt"]})
        if one["subject"] == row["subject"]
    }
    return RefresherSet(row, tuple(_card(tx, one) for one in row["cards"] or ()), answers, held_back)


def _card(tx: Transaction, kept: Row) -> Card:
    asked = Asked(str(kept["course"]), str(kept["id"]))
    return Card(asked, tuple(kept["options"]), package_if_held(tx, str(kept["digest"])))
