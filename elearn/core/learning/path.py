"""What is open to an officer next: pre-test, then lessons in any order, then the exam until it is passed.

A course may ask that others are passed first; what somebody has begun is not closed by that any more.
The pre-test comes first and is sat once, without pass or fail: only who was asked before can show a gain. A course
without pre-test and exam is only read: its lessons are open at once, and it is read when those of one's role are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from elearn.core.learning.course import EXAM, PRETEST, Course
from elearn.core.learning.renewal import Held, Holding, holding
from elearn.core.vocab.roles import Role
from elearn.core.vocab.times import instant_of, text_of


class Gate(Enum):
    """Whether a sitting can be started, and if not, why. NONE: the course has no such thing."""

    NONE = "none"
    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    REQUIRES_FIRST = "requires-first"
    PRETEST_FIRST = "pretest-first"
    LESSONS_FIRST = "lessons-first"
    WAIT = "wait"
    USED_UP = "used-up"
    ON_PAPER = "on-paper"


@dataclass(frozen=True)
class Sat:
    """One sitting of the officer. submitted_at: "" while it runs; times as the ledger writes them.

    paper: it is answered on paper, and keyed in by others.
    """

    attempt: str
    kind: str
    started_at: str
    submitted_at: str = ""
    success: bool = False
    paper: bool = False


@dataclass(frozen=True)
class Standing:
    """How far an officer is. lessons: lesson id -> when it was last completed; sittings and held in any order.

    role: name of the role of the account, which decides which lessons are to be read. changed: lesson read in an
    earlier version and other now -> class of the change (clarification, meaning), or "new" of one added since; one
    changed in meaning is not in lessons. more_tries: when the officer was given one more try; missing: courses to be
    passed before this one is begun.
    """

    lessons: Mapping[str, str]
    sittings: Sequence[Sat]
    held: Sequence[Held] = ()
    role: str = Role.OFFICER.value
    changed: Mapping[str, str] = field(default_factory=dict)
    more_tries: Sequence[str] = ()
    missing: Sequence[str] = ()

    @property
    def begun(self) -> bool:
        """Tell whether there is any trace of the officer in the course."""
        return bool(self.lessons or self.changed or self.sittings or self.held)


@dataclass(frozen=True)
class LessonStep:
    """One lesson on the path. advised: the one to take next, in the recommended order; needed: for this role, never an
    optional one; changed: since it was read: "" | clarification | meaning, or new in the course."""

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
    tries_left: None = no limit; short: it is the exam that renews a certificate.
    """

    gate: Gate
    attempt: str = ""
    open_at: str = ""
    tries_left: int | None = None
    short: bool = False


@dataclass(frozen=True)
class Path:
    """Everything open and done in one course. valid: the certificate that holds now, if any; missing: courses to be
    passed before this one opens; short: the certificate can be renewed the short way (`learning.renewal`); lapsed: it
    ended too long ago for that."""

    pretest: SittingStep
    lessons: tuple[LessonStep, ...]
    exam: SittingStep
    valid: Held | None
    latest: Held | None
    missing: tuple[str, ...] = ()
    short: bool = False
    lapsed: bool = False

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
    ("used-up", ""), ("on-paper", ""), ("requires", course id) or, in a course without an exam, ("read", "").
    """
    if found.exam.gate is Gate.RUNNING:
        return "exam", found.exam.attempt
    if found.exam.gate is Gate.ON_PAPER:
        return "on-paper", ""
    if found.pretest.gate in {Gate.OPEN, Gate.RUNNING} and found.exam.gate is not Gate.DONE:
        return "pretest", found.pretest.attempt
    for lesson in found.lessons:
        if lesson.advised and found.exam.gate in {Gate.LESSONS_FIRST, Gate.NONE}:
            return "lesson", lesson.id
    if found.exam.gate is Gate.DONE and found.valid:
        return "certificate", found.valid.number
    return _nothing_to_open(found)


def _nothing_to_open(found: Path) -> tuple[str, str]:
    if found.missing:
        return "requires", found.missing[0]
    if found.exam.gate is Gate.WAIT:
        return "wait", found.exam.open_at
    return {Gate.NONE: "read", Gate.USED_UP: "used-up"}.get(found.exam.gate, "exam"), ""


def path(course: Course, standing: Standing, now: str) -> Path:
    """Return what is open at ``now``."""
    held = holding(course, standing.held, now)
    missing = () if standing.begun else tuple(standing.missing)
    pretest = _pretest(course, standing, held, closed=bool(missing))
    lessons = _lessons(course, standing, held, is_open=pretest.gate is Gate.DONE and not missing)
    return Path(
        pretest=pretest,
        lessons=lessons,
        exam=_exam(course, standing, held, _before_exam(pretest, lessons, closed=bool(missing)), now),
        valid=held.valid,
        latest=held.latest,
        missing=missing,
        short=held.short,
        lapsed=bool(held.read_since),
    )


def _pretest(course: Course, standing: Standing, held: Holding, *, closed: bool) -> SittingStep:
    if not course.pretest:
        return SittingStep(Gate.DONE)
    running, handed_in = _split(standing, PRETEST)
    if handed_in:
        return SittingStep(Gate.DONE, handed_in[0].attempt)
    if running:
        return SittingStep(Gate.RUNNING, running[0].attempt)
    if closed:
        return SittingStep(Gate.REQUIRES_FIRST)
    # Who holds the certificate came with it from another post: what is asked before the course is past.
    return SittingStep(Gate.DONE if held.valid or held.short else Gate.OPEN)


def _lessons(course: Course, standing: Standing, held: Holding, *, is_open: bool) -> tuple[LessonStep, ...]:
    in_order = sorted(course.lessons, key=lambda one: one.number)
    to_read = [one.id for one in in_order if one.is_needed(standing.role)]
    read = {lesson for lesson, at in standing.lessons.items() if at > held.read_since}
    first_open = next((one for one in to_read if one not in read), "")
    return tuple(
        LessonStep(
            id=one.id,
            open=is_open,
            done=one.id in read,
            advised=is_open and one.id == first_open,
            needed=one.id in to_read,
            changed=standing.changed.get(one.id, ""),
        )
        for one in in_order
    )


def _before_exam(pretest: SittingStep, lessons: Sequence[LessonStep], *, closed: bool) -> Gate:
    """Return what is to be done before the exam, OPEN for nothing."""
    if closed:
        return Gate.REQUIRES_FIRST
    if pretest.gate is not Gate.DONE:
        return Gate.PRETEST_FIRST
    return Gate.LESSONS_FIRST if any(one.needed and not one.done for one in lessons) else Gate.OPEN


def _exam(course: Course, standing: Standing, held: Holding, before: Gate, now: str) -> SittingStep:
    running, handed_in = _split(standing, EXAM)
    failed = _failed_since_the_pass(handed_in)
    left = _tries_left(course, standing, handed_in, len(failed))
    open_at = _wait_over(course, failed)
    # The first that holds is the reason shown. An exam that runs is of an earlier version, where there is none now.
    on_screen, on_paper = _by_medium(running)
    reasons = (
        (bool(on_screen), Gate.RUNNING),
        (bool(on_paper), Gate.ON_PAPER),
        (not course.examined, Gate.NONE),
        (held.valid is not None and not held.renewable, Gate.DONE),
        (before is not Gate.OPEN, before),
        (left == 0, Gate.USED_UP),
        (open_at > now, Gate.WAIT),
    )
    gate = next((gate for holds, gate in reasons if holds), Gate.OPEN)
    shown = on_screen[:1] or on_paper[:1] or handed_in[-1:]
    return SittingStep(
        gate,
        shown[0].attempt if shown else "",
        open_at if gate is Gate.WAIT else "",
        left,
        short=held.short and bool(course.renewal_draw),
    )


def _by_medium(running: Sequence[Sat]) -> tuple[list[Sat], list[Sat]]:
    """Return those on screen, those on paper."""
    return [one for one in running if not one.paper], [one for one in running if one.paper]


def _tries_left(course: Course, standing: Standing, handed_in: Sequence[Sat], failed: int) -> int | None:
    """Return how often the exam may still be failed, None without a limit. A try given counts until the next pass."""
    if not course.attempt_limit:
        return None
    passed_at = max((one.submitted_at for one in handed_in if one.success), default="")
    given = sum(at > passed_at for at in standing.more_tries)
    return max(0, course.attempt_limit + given - failed)


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
