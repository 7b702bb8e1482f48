"""From answers to a result: score, pass or fail, and what to read again. Pure, and the same on every node.

A question is right or wrong, as its kind says (core/questions). The score is the share of the questions asked that are
right; what was not answered is wrong. Critical questions must be right whatever the score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from elearn.core.learning.blueprint import Drawn
from elearn.core.learning.course import Course, Question
from elearn.core.questions.all import KINDS
from elearn.core.questions.base import Grade, Kind
from elearn.core.vocab.errors import Invalid

Answers = Mapping[str, Sequence[str]]
"""Question id -> keys of the options marked; questions without an answer are missing."""


@dataclass(frozen=True)
class ObjectiveScore:
    """How many questions of an objective were asked, and how many were right."""

    objective: str
    right: int
    asked: int


@dataclass(frozen=True)
class Outcome:
    """The outcome of a sitting. score: 0..1.

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


def kind_of(question: Question) -> Kind:
    """Return the kind of a question. Raises Invalid("question.kind") for one this program does not know."""
    if question.kind not in KINDS:
        raise Invalid("question.kind", question=question.id, kind=question.kind)
    return KINDS[question.kind]


def mark(question: Question, keys: Iterable[str]) -> Grade:
    """Return what an answer is worth; no keys is a wrong answer."""
    given = list(keys)
    return kind_of(question).grade(question, given) if given else Grade(0.0, False)


def is_right(question: Question, keys: Iterable[str]) -> bool:
    """Tell whether an answer counts as right."""
    return mark(question, keys).right


def grade(course: Course, drawn: Sequence[Drawn], answers: Answers) -> Outcome:
    """Return the result of a sitting of this (pinned) course version."""
    asked = [course.question(one.id) for one in drawn]
    right = {one.id for one in asked if is_right(one, answers.get(one.id, ()))}
    critical_missed = tuple(one.id for one in asked if one.critical and one.id not in right)
    score = len(right) / len(asked) if asked else 0.0
    objectives = _by_objective(course, asked, right)
    return Outcome(
        score=score,
        passed=bool(asked) and score >= course.pass_mark and not critical_missed,
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
