"""A published course as learning sees it: rules, lessons and questions with their keys, without a word of text.

Read once from a package's structure and kept in memory; holds the answer keys, so it never goes to a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.core.vocab.errors import Invalid, NotFound

PRETEST, EXAM, CHECK = "pretest", "exam", "check"
OBJECTIVES, ANSWERS_AFTER_PASS = "objectives", "answers-after-pass"
REVIEWS = (OBJECTIVES, ANSWERS_AFTER_PASS)
"""What a result shows of an exam: scores by objective only, or after a pass also the officer's own answers."""


@dataclass(frozen=True)
class Question:
    """One question. correct: the keys of the right options; linked: the pre-test question that measures the same.

    plan: what only its kind has; accepted: gap -> language -> what may be typed; confidence: asks "how sure are you?".
    """

    id: str
    kind: str
    objective: str
    use: str
    options: tuple[str, ...]
    correct: frozenset[str]
    critical: bool = False
    linked: str = ""
    plan: Mapping[str, Any] = field(default_factory=dict)
    accepted: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    confidence: bool = False


@dataclass(frozen=True)
class Lesson:
    """One lesson. checks: ids of the questions asked after it; audience: names of the roles it is for, () = all;
    optional: nobody needs it for the exam, or to have read the course."""

    id: str
    number: int
    minutes: int
    objectives: tuple[str, ...]
    checks: tuple[str, ...]
    audience: tuple[str, ...] = ()
    optional: bool = False

    def is_needed(self, role: str) -> bool:
        """Tell whether somebody of this role is to read it."""
        return not self.optional and (not self.audience or role in self.audience)


@dataclass(frozen=True)
class Course:
    """One version of a course. pass_mark: 0..1; validity_months, attempt_limit, wait_minutes, exam_minutes: 0 = none.

    draw: objective id -> how many exam questions of it are asked, in the order of the objectives. examined: there is an
    exam; a course without one is only read, and has no pass mark and no certificate. requires: ids of courses to be
    passed before; review: one of REVIEWS; renewal_draw: as draw, of the exam that renews a certificate, {} = the whole
    exam; renewal_months: so long after its end a certificate can be renewed the short way, 0 = however late.
    """

    id: str
    code: str
    version: str
    sap: tuple[str, ...]
    pass_mark: float
    validity_months: int
    attempt_limit: int
    wait_minutes: int
    objectives: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    pretest: tuple[str, ...]
    exam_minutes: int
    draw: Mapping[str, int]
    questions: Mapping[str, Question]
    examined: bool = True
    requires: tuple[str, ...] = ()
    review: str = OBJECTIVES
    renewal_draw: Mapping[str, int] = field(default_factory=dict)
    renewal_months: int = 0

    @property
    def main_outcome(self) -> str:
        """Return the outcome of the action plan that figures count the course under, "" if it names none."""
        return self.sap[0] if self.sap else ""

    def lesson(self, lesson: str) -> Lesson:
        """Return the lesson with this id. Raises NotFound("lesson.unknown")."""
        for one in self.lessons:
            if one.id == lesson:
                return one
        raise NotFound("lesson.unknown", course=self.id, lesson=lesson)

    def question(self, question: str) -> Question:
        """Return the question with this id. Raises NotFound("question.unknown")."""
        if question not in self.questions:
            raise NotFound("question.unknown", course=self.id, question=question)
        return self.questions[question]

    def blueprint(self, short: bool) -> Mapping[str, int]:
        """Return objective -> how many questions an exam asks of it. short: the one that renews a certificate."""
        return self.renewal_draw if short and self.renewal_draw else self.draw

    def minutes(self, kind: str) -> int:
        """Return the time limit of a sitting in minutes, 0 = none."""
        return self.exam_minutes if kind == EXAM else 0


def course_of(structure: Mapping[str, Any]) -> Course:
    """Return the course of a package's structure. Raises Invalid("package.structure") for what is no structure."""
    try:
        return _course(structure)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid("package.structure", course=str(structure.get("id")), reason=repr(error)) from None


def _course(structure: Mapping[str, Any]) -> Course:
    examined = "exam" in structure
    rules = structure if examined else _NOTHING_TO_PASS
    attempts, exam, renewal = rules["attempts"], rules["exam"], structure.get("renewal") or {}
    return Course(
        id=structure["id"],
        code=structure["code"],
        version=structure["version"],
        sap=tuple(structure["sap"]),
        pass_mark=float(rules["pass_mark"]),
        validity_months=int(rules["validity_months"]),
        attempt_limit=int(attempts["limit"]),
        wait_minutes=int(attempts["wait_minutes"]),
        objectives=tuple(structure["objectives"]),
        lessons=tuple(_lesson(one) for one in structure["lessons"]),
        pretest=tuple(structure["pretest"]),
        exam_minutes=int(exam["minutes"]),
        draw=_draw(structure, exam["draw"]),
        questions={name: _question(name, one) for name, one in structure["questions"].items()},
        examined=examined,
        requires=tuple(structure.get("requires", ())),
        review=exam.get("review") or OBJECTIVES,
        renewal_draw=_draw(structure, renewal.get("draw") or {}),
        renewal_months=int(renewal.get("within_months") or 0),
    )


def _draw(structure: Mapping[str, Any], counts: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(counts[name]) for name in structure["objectives"] if name in counts}


_NOTHING_TO_PASS: Mapping[str, Any] = {
    "pass_mark": 0,
    "validity_months": 0,
    "attempts": {"limit": 0, "wait_minutes": 0},
    "exam": {"minutes": 0, "draw": {}},
}


def _lesson(one: Mapping[str, Any]) -> Lesson:
    return Lesson(
        id=one["id"],
        number=int(one["number"]),
        minutes=int(one["minutes"]),
        objectives=tuple(one["objectives"]),
        checks=tuple(one["checks"]),
        audience=tuple(one.get("audience", ())),
        optional=bool(one.get("optional")),
    )


def _question(name: str, one: Mapping[str, Any]) -> Question:
    return Question(
        id=name,
        kind=one["kind"],
        objective=one["objective"],
        use=one["use"],
        options=tuple(one["options"]),
        correct=frozenset(one["correct"]),
        critical=bool(one.get("critical")),
        linked=one.get("linked") or "",
        plan=one.get("plan") or {},
        accepted=one.get("accepted") or {},
        confidence=bool(one.get("confidence")),
    )
