"""The result of a sitting: score, bars by objective, what to read again. It names no question and shows no key.

Where the course says so, a passed exam can be looked at again, answer by answer: `services.look_back`.
"""

from elearn.core.learning.course import EXAM, PRETEST
from elearn.core.learning.grade import Gain, Outcome, gain, lessons_to_read
from elearn.core.learning.path import path
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import NotFound, Refused
from elearn.ports import Transaction
from elearn.services.attempts import Attempt, attempt_of
from elearn.services.learn import sitting_line
from elearn.services.learning_pages import ObjectiveBar, ReadAgain, ResultView, SittingLine
from elearn.services.look_back import may_look_back
from elearn.services.node import Node
from elearn.services.packages import Package, current_package
from elearn.services.standing import standing


def result(node: Node, person: str, attempt: str, language: str) -> ResultView:
    """Return the result of a sitting that was handed in.

    Raises NotFound("attempt.unknown"), Refused("attempt.running") before it was handed in.
    """
    with node.store.reading() as tx:
        found = attempt_of(tx, person, attempt)
        if not found.row["submitted_at"]:
            raise Refused("attempt.running", attempt=attempt)
        taught = _taught(tx, found)
        exam = _exam_line(tx, node, person, taught)
        own_gain = _gain(tx, found) if found.kind == EXAM else None
        certificate = _certificate(tx, found)
    outcome, shown = found.outcome(), found.package
    return ResultView(
        attempt=attempt,
        course=shown.course.id,
        course_title=str(shown.words(language).get("title", shown.course.id)),
        kind=found.kind,
        version=shown.course.version,
        language=shown.language(language),
        draft=shown.draft(language),
        submitted_at=found.row["submitted_at"],
        score=float(found.row["score"] or 0.0),
        pass_mark=shown.course.pass_mark,
        passed=bool(found.row["success"]) if found.kind == EXAM else None,
        right=outcome.right,
        asked=outcome.asked,
        critical=_critical(shown, outcome, language),
        objectives=_bars(shown, outcome, language),
        read_again=_read_again(taught, outcome, language),
        gain=own_gain,
        certificate=certificate,
        exam=exam,
        answers=may_look_back(found),
    )


def _taught(tx: Transaction, found: Attempt) -> Package:
    """Return the version taught now, the pinned one where the course is taught no more."""
    try:
        return current_package(tx, found.package.course.id)
    except NotFound:
        return found.package


def _exam_line(tx: Transaction, node: Node, person: str, taught: Package) -> SittingLine:
    found = path(taught.course, standing(tx, person, taught.course.id), node.now())
    return sitting_line(taught, EXAM, found.exam)


def _critical(shown: Package, outcome: Outcome, language: str) -> tuple[str, ...]:
    """Return what the critical questions missed were about, not which they were."""
    objectives = dict.fromkeys(shown.course.question(one).objective for one in outcome.critical_missed)
    return tuple(shown.objective(language, one) for one in objectives)


def _bars(shown: Package, outcome: Outcome, language: str) -> tuple[ObjectiveBar, ...]:
    return tuple(
        ObjectiveBar(one.objective, shown.objective(language, one.objective), one.right, one.asked)
        for one in outcome.objectives
    )


def _read_again(taught: Package, outcome: Outcome, language: str) -> tuple[ReadAgain, ...]:
    """Return lessons of the version taught now: that is what an officer can open."""
    return tuple(
        ReadAgain(
            lesson=lesson,
            number=taught.course.lesson(lesson).number,
            title=taught.lesson_words(language, lesson)["title"],
            phrases=tuple(taught.objective(language, one) for one in objectives),
        )
        for lesson, objectives in lessons_to_read(taught.course, outcome.missed)
    )


def _gain(tx: Transaction, found: Attempt) -> Gain | None:
    where = {"subject": found.row["person"], "course": found.package.course.id, "kind": PRETEST}
    first = next((row for row in tx.tables.select(ATTEMPT, where, ("submitted_at",)) if row["submitted_at"]), None)
    if first is None:
        return None
    before = {row["question"]: row["response"] for row in tx.tables.select(ANSWER, {"attempt": first["attempt"]})}
    return gain(found.package.course, before, found.drawn, found.responses)


def _certificate(tx: Transaction, found: Attempt) -> str:
    rows = tx.tables.select(CERTIFICATE, {"attempt": found.id})
    issued = [row for row in rows if row["issued_at"]]
    # One that was issued anew stands in place of the old one.
    issued.sort(key=lambda row: (bool(row["replaced_by"]), row["issued_at"]))
    return next((str(row["number"]) for row in issued), "")
