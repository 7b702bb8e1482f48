"""What is open to an officer next: pre-test, then lessons in any order, then the exam until it is passed.

The pre-test comes first and is sat once, without pass or fail: only who was asked before can show a gain. A course
without pre-test and exam is only read: its lessons are open at once, and it is read when those of one's role are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from elearn.core.learning.course import EXAM, PRETEST, Course
from elearn.core.vocab.roles import Role
from elearn.core.vocab.times import instant_of, text_of

RENEW_DAYS = 90
"""So long before its last day a certificate may be renewed by sitting the exam again."""


class Gate(Enum):
    """Whether a sitting can be started, and if not, why. NONE: the course has no such thing."""

    NONE = "none"
    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    PRETEST_FIRST = "pretest-first"
    LESSONS_FIRST = "lessons-first"
    WAIT = "wait"
    USED_UP = "used-up"


@dataclass(frozen=True)
class Sat:
    """One sitting of the officer. submitted_at: "" while it runs; times as the ledger writes them."""

    attempt: str
    kind: str
    started_at: str
    submitted_at: str = ""
    success: bool = False


@dataclass(frozen=True)
class Held:
    """A certificate of the course. expires_at: "" = never; revoked_at: "" = not revoked."""

    number: str
    version: str
    issued_at: str
    expires_at: str = ""
    revoked_at: str = ""


@dataclass(frozen=True)
class Standing:
    """How far an officer is. lessons: lesson id -> when it was first completed; sittings and held in any order.

    role: name of the role of the account, which decides which lessons are to be read. changed: lesson read in an
    earlier version and other now -> class of the change (clarification, meaning), or "new" of one added since; one
    changed in meaning is not in lessons.
    """

    lessons: Mapping[str, str]
    sittings: Sequence[Sat]
    held: Sequence[Held] = ()
    role: str = Role.OFFICER.value
    changed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LessonStep:
    """One lesson on the path. advised: the one to take next, in the recommended order; needed: for this role; changed:
    since it was read: "" | clarification | meaning, or new in the course."""

    id: str
    open: bool
    done: bool
    advised: bool
    needed: bool = True
    changed: str = ""


@dataclass(frozen=True)
class SittingStep:
    """Pre-test or exam on the path.

    attempt: the one that runs, else the last one handed in, else ""; open_at: when the wait is over, else "";
    tries_left: None = no limit.
    """

    gate: Gate
    attempt: str = ""
    open_at: str = ""
    tries_left: int | None = None


@dataclass(frozen=True)
class Path:
    """Everything open and done in one course. valid: the certificate that holds now, if any."""

    pretest: SittingStep
    lessons: tuple[LessonStep, ...]
    exam: SittingStep
    valid: Held | None
    latest: Held | None

    @property
    def lessons_done(self) -> int:
        """Return how many of the lessons to be read are completed."""
        return sum(one.done and one.needed for one in self.lessons)

    @property
    def lessons_needed(self) -> int:
        """Return how many lessons of this version somebody of this role is to read."""
        return sum(one.needed for one in self.lessons)

    @property
    def read(self) -> bool:
        """Tell whether all there was to do in a course without an exam is done."""
        return self.exam.gate is Gate.NONE and 0 < self.lessons_needed == self.lessons_done


def next_step(found: Path) -> tuple[str, str]:
    """Return the one thing to offer: (what, id).

    ("pretest" | "exam", attempt that runs or ""), ("lesson", lesson id), ("certificate", number), ("wait", instant),
    ("used-up", "") or, in a course without an exam, ("read", "").
    """
    if found.exam.gate is Gate.RUNNING:
        return "exam", found.exam.attempt
    if found.pretest.gate in {Gate.OPEN, Gate.RUNNING} and found.exam.gate is not Gate.DONE:
        return "pretest", found.pretest.attempt
    for lesson in found.lessons:
        if lesson.advised and found.exam.gate in {Gate.LESSONS_FIRST, Gate.NONE}:
            return "lesson", lesson.id
    if found.exam.gate is Gate.DONE and found.valid:
        return "certificate", found.valid.number
    if found.exam.gate is Gate.WAIT:
        return "wait", found.exam.open_at
    return _NOTHING_TO_OPEN.get(found.exam.gate, "exam"), ""


_NOTHING_TO_OPEN = {Gate.NONE: "read", Gate.USED_UP: "used-up"}


def path(course: Course, standing: Standing, now: str) -> Path:
    """Return what is open at ``now``."""
    pretest = _pretest(course, standing)
    held = sorted(standing.held, key=lambda one: (one.issued_at, one.number))
    good = [one for one in held if not one.revoked_at]
    latest = next(iter([*good[-1:], *held[-1:]]), None)
    valid = latest if good and latest and (not latest.expires_at or now <= latest.expires_at) else None
    return Path(
        pretest=pretest,
        lessons=_lessons(course, standing, pretest.gate is Gate.DONE),
        exam=_exam(course, standing, pretest, valid, now),
        valid=valid,
        latest=latest,
    )


def _pretest(course: Course, standing: Standing) -> SittingStep:
    if not course.pretest:
        return SittingStep(Gate.DONE)
    running, handed_in = _split(standing, PRETEST)
    if handed_in:
        return SittingStep(Gate.DONE, handed_in[0].attempt)
    return SittingStep(Gate.RUNNING, running[0].attempt) if running else SittingStep(Gate.OPEN)


def _lessons(course: Course, standing: Standing, asked_before: bool) -> tuple[LessonStep, ...]:
    in_order = sorted(course.lessons, key=lambda one: one.number)
    to_read = [one.id for one in in_order if one.is_for(standing.role)]
    first_open = next((one for one in to_read if one not in standing.lessons), "")
    return tuple(
        LessonStep(
            id=one.id,
            open=asked_before,
            done=one.id in standing.lessons,
            advised=asked_before and one.id == first_open,
            needed=one.id in to_read,
            changed=standing.changed.get(one.id, ""),
        )
        for one in in_order
    )


def _exam(course: Course, standing: Standing, pretest: SittingStep, valid: Held | None, now: str) -> SittingStep:
    running, handed_in = _split(standing, EXAM)
    failed = _failed_since_the_pass(handed_in)
    left = max(0, course.attempt_limit - len(failed)) if course.attempt_limit else None
    open_at = _wait_over(course, failed)
    to_read = [one for one in course.lessons if one.is_for(standing.role)]
    # The first that holds is the reason shown. An exam that runs is of an earlier version, where there is none now.
    reasons = (
        (bool(running), Gate.RUNNING),
        (not course.examined, Gate.NONE),
        (valid is not None and not _renewable(course, valid, now), Gate.DONE),
        (pretest.gate is not Gate.DONE, Gate.PRETEST_FIRST),
        (any(one.id not in standing.lessons for one in to_read), Gate.LESSONS_FIRST),
        (left == 0, Gate.USED_UP),
        (open_at > now, Gate.WAIT),
    )
    gate = next((gate for holds, gate in reasons if holds), Gate.OPEN)
    shown = running[:1] or handed_in[-1:]
    return SittingStep(gate, shown[0].attempt if shown else "", open_at if gate is Gate.WAIT else "", left)


def _renewable(course: Course, valid: Held, now: str) -> bool:
    """Tell whether a valid certificate may be renewed: near its end, or the course has changed in meaning since."""
    if _major(course.version) > _major(valid.version):
        return True
    if not valid.expires_at:
        return False
    return now >= text_of(instant_of(valid.expires_at) - timedelta(days=RENEW_DAYS))


def _failed_since_the_pass(handed_in: Sequence[Sat]) -> list[Sat]:
    """Return the failed exams after the last that was passed: a renewal starts with a clean sheet."""
    failed: list[Sat] = []
    for one in handed_in:
        failed = [] if one.success else [*failed, one]
    return failed


def _wait_over(course: Course, failed: Sequence[Sat]) -> str:
    if not failed or not course.wait_minutes:
        return ""
    return text_of(instant_of(failed[-1].submitted_at) + timedelta(minutes=course.wait_minutes))


def _split(standing: Standing, kind: str) -> tuple[list[Sat], list[Sat]]:
    """Return (running, handed in) sittings of a kind, oldest first."""
    of_kind = [one for one in standing.sittings if one.kind == kind]
    running = sorted((one for one in of_kind if not one.submitted_at), key=lambda one: (one.started_at, one.attempt))
    done = sorted((one for one in of_kind if one.submitted_at), key=lambda one: (one.submitted_at, one.attempt))
    return running, done


def _major(version: str) -> int:
    head = version.split(".", 1)[0]
    return int(head) if head.isascii() and head.isdigit() else 0
