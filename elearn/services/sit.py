"""Sitting a pre-test or an exam: start, answer, hand in, see the result. Each answer is on disk before the reply.

An attempt pins the package it was drawn from by digest: what is published meanwhile changes nothing in it.
"""

from dataclasses import replace

from elearn.core.learning.blueprint import draw, kept_form
from elearn.core.learning.course import EXAM, PRETEST
from elearn.core.learning.grade import Outcome
from elearn.core.learning.path import Gate, path
from elearn.core.learning.sitting import IDLE_S, is_late, spent
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import QUESTION_TYPE
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.times import not_before
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import (
    ANSWERED,
    COMPLETED,
    FAILED,
    INITIALIZED,
    PASSED,
    course_iri,
    question_iri,
    sitting_iri,
)
from elearn.ports import Transaction
from elearn.services.answers_given import Answer, Given, answer_given
from elearn.services.attempts import Attempt, attempt_on_screen
from elearn.services.certify import certified
from elearn.services.learning_pages import QuestionMark, Saved, SittingView
from elearn.services.node import Node
from elearn.services.packages import Package, current_package
from elearn.services.questions_shown import question_view
from elearn.services.record import record_in, saying_for
from elearn.services.standing import COURSE_TYPE, PAPER, pinned, registering, standing

SITTING_TYPE = "http://adlnet.gov/expapi/activities/assessment"


def start(node: Node, person: str, course: str, kind: str, language: str) -> str:
    """Start a pre-test or exam, or go on with the one that runs; return the attempt's id.

    Raises NotFound("course.unknown"), Invalid("sitting.kind"), and Refused: "sitting.none", "sitting.requires-first",
    "sitting.pretest-done", "sitting.pretest-first", "sitting.lessons-first", "sitting.wait" (open_at=),
    "sitting.used-up", "sitting.passed", "sitting.on-paper".
    """
    node.must(Power.TEACH)
    if kind not in {PRETEST, EXAM}:
        raise Invalid("sitting.kind", kind=kind)
    return node.store.write(lambda tx: _start_in(tx, node, person, current_package(tx, course), (kind, language)))


def sitting(node: Node, person: str, attempt: str, language: str = "", question: str = "") -> SittingView:
    """Return a sitting as it stands: the question asked for, else the first without an answer.

    language: to show it in, "" = as started. Raises NotFound("attempt.unknown" | "question.not-asked").
    """
    with node.store.reading() as tx:
        found = attempt_on_screen(tx, person, attempt)
        place = found.place(question)
        drawn = found.drawn[place]
        row = found.answers.get(drawn.id)
        view = question_view(tx, found.package, drawn, row, language or found.language)
    left = found.left_s(node.now())
    ids = found.ids
    return SittingView(
        attempt=attempt,
        course=found.package.course.id,
        course_title=str(found.package.words(view.language).get("title", found.package.course.id)),
        kind=found.kind,
        language=view.language,
        question=view,
        number=place + 1,
        previous=ids[place - 1] if place else "",
        next=ids[place + 1] if place + 1 < len(ids) else "",
        marks=tuple(QuestionMark(one, number, found.is_answered(one)) for number, one in enumerate(ids, start=1)),
        answered=len(ids) - len(found.waiting),
        total=len(ids),
        minutes=found.minutes,
        time_left_s=left,
        idle_s=IDLE_S,
        time_up=left == 0,
        submitted=bool(found.row["submitted_at"]),
    )


def answer(node: Node, person: str, attempt: str, question: str, given: Given) -> Saved:
    """Keep an answer; it is on disk when this returns. Until the sitting is handed in it may be changed, but for the
    steps of a scenario.

    given: the fields of the form, or a response. Raises NotFound("attempt.unknown" | "question.not-asked"),
    Refused("attempt.submitted" | "attempt.time-up"), Invalid as `answer_given`.
    """
    return node.store.write(lambda tx: _answer_in(tx, node, attempt_on_screen(tx, person, attempt), question, given))


def submit(node: Node, person: str, attempt: str, anyway: bool = False) -> None:
    """Hand a sitting in: grade it, and after a pass complete the course and issue the certificate, in one go.

    Handing in twice, from two tabs or two machines, is handing in once. anyway: also with questions unanswered, which
    then are wrong; without it Refused("attempt.unanswered", n=) while there is time.
    Raises NotFound("attempt.unknown").
    """
    node.store.write(lambda tx: _submit_in(tx, node, attempt_on_screen(tx, person, attempt), anyway))


def _start_in(tx: Transaction, node: Node, person: str, taught: Package, what: tuple[str, str]) -> str:
    kind, language = what
    found = path(taught.course, standing(tx, person, taught.course.id), node.now())
    step = found.pretest if kind == PRETEST else found.exam
    if step.gate is Gate.NONE or (kind == PRETEST and not taught.course.pretest):
        raise Refused("sitting.none", course=taught.course.id)
    if step.gate is Gate.RUNNING:
        return step.attempt
    if step.gate is not Gate.OPEN:
        done = "pretest-done" if kind == PRETEST else "passed"
        reason = done if step.gate is Gate.DONE else step.gate.value
        raise Refused(f"sitting.{reason}", course=taught.course.id, open_at=step.open_at)
    saying, short = saying_for(tx, node, person), kind == EXAM and step.short
    started = started_now(node, saying, taught, kind, language, short=short)
    record_in(tx, node, *registering(tx, node, saying, taught, language), started)
    return str(started.attempt)


def started_now(
    node: Node, saying: Saying, taught: Package, kind: str, language: str, *, short: bool = False
) -> Statement:
    """Return the statement that starts a sitting, its questions drawn. saying.medium: on paper only boxes are asked."""
    attempt, seed, stale = node.ids.new(), node.ids.seed(), taught.stale_questions(language)
    drawn = draw(taught.course, kind, seed, stale, short=short, paper=saying.medium == PAPER)
    return build(
        saying,
        node.ids.new(),
        INITIALIZED,
        sitting_iri(taught.course.id, kind),
        activity_type=SITTING_TYPE,
        # Which blueprint it was drawn by: without it nobody could draw it again from the seed.
        result_extensions={"questions": kept_form(drawn), "seed": seed, **({"short": True} if short else {})},
        attempt=attempt,
        extensions=pinned(taught, language),
        parent=course_iri(taught.course.id),
    )


def _answer_in(tx: Transaction, node: Node, found: Attempt, question: str, given: Given) -> Saved:
    if found.row["submitted_at"]:
        raise Refused("attempt.submitted", attempt=found.id)
    drawn = found.drawn[found.place(question)]
    asked = found.package.course.question(drawn.id)
    before = found.answers.get(drawn.id)
    said = answer_given(asked, given, drawn, before["response"] if before else ())
    saying = saying_for(tx, node, found.row["person"])
    gap_s = found.gap_s(saying.timestamp)
    if is_late(found.used_s, gap_s, found.minutes):
        raise Refused("attempt.time-up", attempt=found.id)
    if not before or (before["response"], before["confidence"] or "") != (said.response, said.sure):
        # pressed twice is said once
        record_in(tx, node, answered(node, after(saying, found.last_at), found, said))
    kind = kind_of(asked)
    complete = kind.complete(asked, said.response)
    waiting = [one for one in found.waiting if one != drawn.id or not complete]
    return Saved(
        answered=len(found.drawn) - len(waiting),
        total=len(found.drawn),
        next=_next(found, drawn.id, waiting),
        time_left_s=found.left_s(saying.timestamp),
        stay=kind.stepwise,
    )


def answered(node: Node, saying: Saying, found: Attempt, said: Answer) -> Statement:
    """Return the statement of an answer."""
    course, row = found.package.course, found.row
    used_s = 0.0 if found.on_paper else spent(found.used_s, found.gap_s(saying.timestamp))
    return build(
        saying,
        node.ids.new(),
        ANSWERED,
        question_iri(course.id, said.question.id),
        activity_type=QUESTION_TYPE,
        result=said.result,
        result_extensions={**said.extensions, "used_s": round(used_s, 3)},
        attempt=row["attempt"],
        extensions={**pinned(found.package, found.language), "place": row["kind"]},
        parent=sitting_iri(course.id, row["kind"]),
    )


def _submit_in(tx: Transaction, node: Node, found: Attempt, anyway: bool) -> None:
    if found.row["submitted_at"]:
        return
    saying = after(saying_for(tx, node, found.row["person"]), found.last_at)
    waiting = found.waiting
    if waiting and not anyway and found.left_s(saying.timestamp) != 0:
        raise Refused("attempt.unanswered", attempt=found.id, n=len(waiting))
    record_in(tx, node, *handing_in(tx, node, saying, found))


def handing_in(tx: Transaction, node: Node, saying: Saying, found: Attempt) -> list[Statement]:
    """Return the statements that hand a sitting in: the result, and after a pass completion and certificate."""
    outcome = found.outcome()
    statements = [_handed_in(node, saying, found, outcome)]
    if found.kind == EXAM and outcome.passed:
        attempt, language = found.id, found.language
        statements.append(_course_completed(node, saying, found, outcome))
        statements.append(
            certified(tx, node, saying, found.package, attempt=attempt, score=outcome.score, language=language)
        )
    return statements


def _handed_in(node: Node, saying: Saying, found: Attempt, outcome: Outcome) -> Statement:
    return build(
        saying,
        node.ids.new(),
        PASSED if outcome.passed else FAILED,
        sitting_iri(found.package.course.id, found.kind),
        activity_type=SITTING_TYPE,
        result={"score": {"scaled": outcome.score}, "success": outcome.passed, "completion": True},
        result_extensions={"missed": list(outcome.missed), "critical_missed": list(outcome.critical_missed)},
        attempt=found.id,
        # Said here because a hub need not hold the package that an exam was taken in.
        extensions={**pinned(found.package, found.language), "outcome": found.package.course.main_outcome},
        parent=course_iri(found.package.course.id),
    )


def _course_completed(node: Node, saying: Saying, found: Attempt, outcome: Outcome) -> Statement:
    return build(
        saying,
        node.ids.new(),
        COMPLETED,
        course_iri(found.package.course.id),
        activity_type=COURSE_TYPE,
        result={"score": {"scaled": outcome.score}, "success": True, "completion": True},
        attempt=found.id,
        extensions=pinned(found.package, found.language),
    )


def _next(found: Attempt, question: str, waiting: list[str]) -> str:
    """Return the first question without an answer after this one, going round."""
    ids = found.ids
    place = ids.index(question)
    return next((one for one in [*ids[place + 1 :], *ids[: place + 1]] if one in waiting), "")


def after(saying: Saying, last_at: str) -> Saying:
    """Return the saying, not before the last thing said in this sitting.

    A machine without a clock battery may come back from a power cut in the past; an answer changed then must still be
    the later one, for folds go by the timestamp.
    """
    return replace(saying, timestamp=not_before(saying.timestamp, last_at))
