"""From answers to a result: score, pass or fail, and what to read again. Pure, and the same on every node.

Each answer is worth something from 0 to 1, as its kind says (core/questions); the score is the mean over the questions
asked, and what was not answered is worth nothing. A question is right when all of it is right: that is what objectives
and critical questions count, which must be right whatever the score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from elearn.core.learning.blueprint import Drawn
from elearn.core.learning.course import Course, Question
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import Grade

Answers = Mapping[str, Sequence[str]]
"""Question id -> response; questions without an answer are missing."""


@dataclass(frozen=True)
class ObjectiveScore:
    """How many questions of an objective were asked, and how many were right."""

    objective: str
    right: int
    asked: int


@dataclass(frozen=True)
class Outcome:
    """The outcome of a sitting. score: 0..1, parts of answers counted; right: how many were right altogether.

    missed: objectives with a wrong answer, in the course's order; critical_missed: ids of critical questions not right.
    """

    score: float
    passed: bool
    right: int
    asked: int
    missed: tuple[str, ...]
    critical_missed: tuple[str, ...]
    objectives: tuple[ObjectiveScore, ...]


@dataclass(frozen=True)
class Gain:
    """An officer's own gain on linked questions: the same things asked before and after. before, after: 0..1."""

    pairs: int
    before: float
    after: float


def mark(question: Question, keys: Iterable[str]) -> Grade:
    """Return what a response is worth; [] is a wrong answer."""
    given = list(keys)
    return kind_of(question).grade(question, given) if given else Grade(0.0, False)


def is_right(question: Question, keys: Iterable[str]) -> bool:
    """Tell whether an answer counts as right."""
    return mark(question, keys).right


def grade(course: Course, drawn: Sequence[Drawn], answers: Answers) -> Outcome:
    """Return the result of a sitting of this (pinned) course version."""
    asked = [course.question(one.id) for one in drawn]
    worth = {one.id: mark(one, answers.get(one.id, ())) for one in asked}
    right = {name for name, one in worth.items() if one.right}
    critical_missed = tuple(one.id for one in asked if one.critical and one.id not in right)
    # Thirds do not add up to one in a machine: what differs in the ninth digit is the same score.
    score = round(fsum(one.score for one in worth.values()) / len(worth), 9) if worth else 0.0
    objectives = _by_objective(course, asked, right)
    return Outcome(
        score=score,
        passed=bool(asked) and score >= round(course.pass_mark, 9) and not critical_missed,
        right=len(right),
        asked=len(asked),
        missed=tuple(one.objective for one in objectives if one.right < one.asked),
        critical_missed=critical_missed,
        objectives=objectives,
    )


def gain(course: Course, before: Answers, drawn: Sequence[Drawn], after: Answers) -> Gain | None:
    """Return the gain from pre-test to exam, None where no question asked is linked to one that was answered before."""
    pairs = [
        (course.questions[one.linked], one)
        for one in (course.question(drawn_one.id) for drawn_one in drawn)
        if one.linked in course.questions and one.linked in before
    ]
    if not pairs:
        return None
    knew = sum(is_right(pre, before[pre.id]) for pre, _ in pairs)
    knows = sum(is_right(post, after.get(post.id, ())) for _, post in pairs)
    return Gain(len(pairs), knew / len(pairs), knows / len(pairs))


def lessons_to_read(course: Course, missed: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (lesson id, its missed objectives) for every lesson that teaches one of them, in the course's order."""
    wanted = set(missed)
    found = ((one.id, tuple(name for name in one.objectives if name in wanted)) for one in course.lessons)
    return [(lesson, objectives) for lesson, objectives in found if objectives]


def _by_objective(course: Course, asked: Sequence[Question], right: set[str]) -> tuple[ObjectiveScore, ...]:
    scores = []
    for objective in course.objectives:
        of_it = [one.id for one in asked if one.objective == objective]
        if of_it:
            scores.append(ObjectiveScore(objective, len(right.intersection(of_it)), len(of_it)))
    return tuple(scores)
