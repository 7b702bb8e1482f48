"""What the pages of learning are given: words to show and states to colour, never a key before the answer is in.

``language`` in each says in which language its words are (for the ``lang`` attribute); it may be another than the one
asked for, where a course is not translated. ``draft``: a translation that was not yet reviewed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elearn.core.learning.grade import Gain
from elearn.core.learning.path import Gate, Path
from elearn.services.lesson_terms import TermNote
from elearn.services.requirements import RequiredCourse


@dataclass(frozen=True)
class OptionView:
    """One option as shown. source: the same in the source language, where the translation is behind, else ""."""

    key: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class QuestionView:
    """A question as shown, without its keys and feedback. chosen: the response so far, () = not yet.

    kind: names the template; parts: what that template needs (`Kind.view`); options: where the kind has a list of them;
    behind: the source changed since the translation, source_stem and the source beside each text then hold what
    it says now; confidence: asks how sure the officer is, sure: what was said; closed: it cannot be changed any more.
    """

    id: str
    kind: str
    stem: str
    options: tuple[OptionView, ...]
    chosen: tuple[str, ...]
    language: str
    draft: bool
    behind: bool = False
    source_stem: str = ""
    parts: Mapping[str, Any] = field(default_factory=dict)
    confidence: bool = False
    sure: str = ""
    closed: bool = False


@dataclass(frozen=True)
class FeedbackView:
    """What is said of a part of an answer. key: the option, or ``right`` / ``wrong`` for the answer as a whole."""

    key: str
    text: str
    right: bool


@dataclass(frozen=True)
class CheckView:
    """A check of a lesson. answered: at least once; right: the latest answer; feedback: on the chosen options."""

    question: QuestionView
    answered: bool
    right: bool
    feedback: tuple[FeedbackView, ...]


@dataclass(frozen=True)
class CourseCard:
    """A course on the officer's home page. examined: it has an exam; lessons, minutes: of those for one's role.

    state: "new" | "started" | "read" (all lessons, where there is no exam) | "passed" (certificate valid) | "renew"
    (valid, can be renewed now) | "expired" | "revoked". next, next_id: the one thing to offer, as `path.next_step`
    says. certificate: number of the valid one, "" = none; expires_at: of the latest, also where it is over; days_left:
    until then, where it is valid and ends; stage: see `renewal.stage`. news: how many lessons for one's role are other
    than when they were read, or new. closed: other courses are to be passed first.
    """

    id: str
    code: str
    version: str
    title: str
    summary: str
    language: str
    draft: bool
    examined: bool
    minutes: int
    lessons_done: int
    lessons: int
    state: str
    next: str
    next_id: str
    certificate: str
    expires_at: str
    news: int = 0
    days_left: int | None = None
    stage: int = 0
    closed: bool = False


@dataclass(frozen=True)
class LessonLine:
    """A lesson in the list of a course. advised: the one to take next; audience: roles it is for, () = all; changed:
    see `path.LessonStep`."""

    id: str
    number: int
    title: str
    summary: str
    minutes: int
    open: bool
    done: bool
    advised: bool
    audience: tuple[str, ...] = ()
    changed: str = ""
    optional: bool = False


@dataclass(frozen=True)
class SittingLine:
    """Pre-test or exam in the list of a course. minutes: 0 = no limit; open_at, tries_left: see `path.SittingStep`."""

    kind: str
    gate: Gate
    attempt: str
    questions: int
    minutes: int
    open_at: str
    tries_left: int | None
    short: bool = False


@dataclass(frozen=True)
class PastSitting:
    """A sitting that was handed in. score: 0..1."""

    attempt: str
    kind: str
    submitted_at: str
    score: float
    success: bool


@dataclass(frozen=True)
class CoursePage:
    """One course: what there is, what is done, what is open.

    pretest, exam: None where there is none; pass_mark: 0..1; history: handed in, newest first; sap: codes of the action
    plan's outcomes, the main one first; required: courses to be passed before this one opens.
    """

    card: CourseCard
    outcomes: tuple[str, ...]
    sap: tuple[str, ...]
    pretest: SittingLine | None
    lessons: tuple[LessonLine, ...]
    exam: SittingLine | None
    pass_mark: float
    validity_months: int
    history: tuple[PastSitting, ...]
    path: Path
    required: tuple[RequiredCourse, ...] = ()

    @property
    def to_read(self) -> int:
        """Return how many lessons are still to be read before the exam."""
        return self.card.lessons - self.card.lessons_done

    @property
    def news(self) -> tuple[LessonLine, ...]:
        """Return the lessons that are other than when the officer read them, or new."""
        return tuple(one for one in self.lessons if one.changed)


@dataclass(frozen=True)
class LessonView:
    """A lesson to read. html: safe to print; sources: facts cited [{number, fact, claim, source, ...}].

    behind: anchors of paragraphs whose source changed since ("" stands for the whole lesson); source_html: the page in
    the source language where something is behind, else "". before, after: ids of the neighbours, "" = none. changed:
    see `path.LessonStep`. terms: those of the glossary that html links to.
    """

    course: str
    course_title: str
    id: str
    number: int
    title: str
    summary: str
    minutes: int
    html: str
    sources: tuple[dict[str, object], ...]
    language: str
    draft: bool
    behind: tuple[str, ...]
    source_html: str
    examined: bool
    checks: tuple[CheckView, ...]
    checks_open: int
    done: bool
    before: str
    after: str
    changed: str = ""
    terms: tuple[TermNote, ...] = ()


@dataclass(frozen=True)
class QuestionMark:
    """One question in the row of numbers of a sitting. number: from 1."""

    id: str
    number: int
    answered: bool


@dataclass(frozen=True)
class SittingView:
    """A sitting that runs (or was handed in: ``submitted``).

    question: the one to show now (asked for, else the first without an answer, else the last); number: its place from
    1; previous, next: ids, "" = none; time_left_s: None = no limit; a page's clock stops after idle_s without an
    answer, as the server's does; time_up: only handing in is left.
    """

    attempt: str
    course: str
    course_title: str
    kind: str
    language: str
    question: QuestionView
    number: int
    previous: str
    next: str
    marks: tuple[QuestionMark, ...]
    answered: int
    total: int
    minutes: int
    time_left_s: int | None
    idle_s: int
    time_up: bool
    submitted: bool


@dataclass(frozen=True)
class Saved:
    """An answer is kept, durable. next: id of the next question without an answer (going round), "" = all have one.

    stay: the same question is to be shown next: a scenario goes on, or has just ended.
    """

    answered: int
    total: int
    next: str
    time_left_s: int | None
    stay: bool = False


@dataclass(frozen=True)
class ObjectiveBar:
    """One objective in a result."""

    id: str
    phrase: str
    right: int
    asked: int


@dataclass(frozen=True)
class ReadAgain:
    """A lesson to read again, of the version taught now, and the phrases of what was missed in it."""

    lesson: str
    number: int
    title: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class ResultView:
    """A sitting's result. score, pass_mark: 0..1; passed is None for a pre-test, which nobody passes or fails.

    critical: phrases of the objectives in which a critical question was missed; gain: on linked questions, None where
    there are none; certificate: number, "" = none; exam: whether it can be sat again now; answers: whether the own
    answers may be looked at (`services.look_back`).
    """

    attempt: str
    course: str
    course_title: str
    kind: str
    version: str
    language: str
    draft: bool
    submitted_at: str
    score: float
    pass_mark: float
    passed: bool | None
    right: int
    asked: int
    critical: tuple[str, ...]
    objectives: tuple[ObjectiveBar, ...]
    read_again: tuple[ReadAgain, ...]
    gain: Gain | None
    certificate: str
    exam: SittingLine
    answers: bool = False


@dataclass(frozen=True)
class AnswerMark:
    """One answer in the row of numbers of a passed exam. number: from 1."""

    id: str
    number: int
    right: bool


@dataclass(frozen=True)
class LookBack:
    """One question of an exam that was passed, with the answer given and what is said of it.

    number: from 1; previous, next: ids, "" = none; marks: of every question asked.
    """

    attempt: str
    course: str
    course_title: str
    language: str
    check: CheckView
    number: int
    total: int
    previous: str
    next: str
    marks: tuple[AnswerMark, ...]
