"""Drawing a sitting: which questions, in which order, with which order of options, all from one seed.

The draw is kept in the `initialized` statement; the seed beside it lets anyone draw it again and compare.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.core.learning.course import EXAM, PRETEST, Course, Question
from elearn.core.learning.paper import is_boxed
from elearn.core.learning.shuffle import shuffled
from elearn.core.questions.all import kind_of
from elearn.core.vocab.errors import Invalid


@dataclass(frozen=True)
class Drawn:
    """One question of a sitting, with the keys of all that is shown of it, in that order."""

    id: str
    options: tuple[str, ...]


def draw(
    course: Course, kind: str, seed: int, stale: Collection[str] = (), *, short: bool = False, paper: bool = False
) -> list[Drawn]:
    """Return the questions of a sitting in the order in which they are asked.

    kind: ``pretest`` (all its questions) or ``exam`` (as many of each objective as the blueprint says; the critical
    ones of an objective come first, as far as they fit). stale: questions whose translation is behind its source: an
    exam takes them only where an objective has too few others. short: the exam that renews a certificate.
    paper: only questions that can be answered with boxes on paper (`learning.paper`).
    Raises Invalid("sitting.kind"), Invalid("blueprint.too-few", objective=, needed=, found=).
    """
    if kind == PRETEST:
        chosen = [course.question(question) for question in course.pretest]
    elif kind == EXAM:
        chosen = []
        for objective, needed in course.blueprint(short).items():
            pool = exam_pool(course, objective, paper=paper)
            if len(pool) < needed:
                raise Invalid(
                    "blueprint.too-few", course=course.id, objective=objective, needed=needed, found=len(pool)
                )
            mixed = shuffled(pool, seed, f"objective {objective}")
            chosen += sorted(mixed, key=lambda one: (one.id in stale, not one.critical))[:needed]
    else:
        raise Invalid("sitting.kind", kind=kind)
    asked = shuffled(chosen, seed, "questions")
    return [Drawn(one.id, shown_order(one, seed)) for one in asked]


def shown_order(question: Question, seed: int) -> tuple[str, ...]:
    """Return everything a page shows of a question, by keys, in the order in which it stands there."""
    mixed = 0

    def mix(keys: Sequence[str]) -> list[str]:
        nonlocal mixed
        mixed += 1
        more = f" {mixed}" if mixed > 1 else ""
        return shuffled(keys, seed, f"options of {question.id}{more}")

    return kind_of(question).shown(question, mix)


def in_lesson(question: Question) -> Drawn:
    """Return a question as a lesson shows it: as it is written, but for kinds whose order would tell the answer."""
    if kind_of(question).telling:
        return Drawn(question.id, shown_order(question, 0))
    return Drawn(question.id, kind_of(question).shown(question, tuple))


def exam_pool(course: Course, objective: str, *, paper: bool = False) -> list[Question]:
    """Return the exam questions of an objective, by id. paper: only those that can be answered with boxes."""
    found = (one for one in course.questions.values() if one.use == EXAM and one.objective == objective)
    return sorted((one for one in found if not paper or is_boxed(one)), key=lambda one: one.id)


def kept_form(drawn: Iterable[Drawn]) -> list[dict[str, Any]]:
    """Return a draw as the statement keeps it."""
    return [{"id": one.id, "options": list(one.options)} for one in drawn]


def drawn_of(kept: Sequence[Mapping[str, Any]]) -> list[Drawn]:
    """Return the draw that a statement keeps."""
    return [Drawn(str(one["id"]), tuple(one["options"])) for one in kept]
