"""How a set of refreshers went, and which lessons to read again for it."""

from elearn.core.learning.grade import lessons_to_read
from elearn.ports import Transaction
from elearn.services.learning_pages import ReadAgain
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages
from elearn.services.refresher_pages import ReadAgainIn, RefresherEnd
from elearn.services.refresher_sets import RefresherSet, believed_now, set_of


def end(node: Node, person: str, attempt: str, language: str) -> RefresherEnd:
    """Return how a set went so far. Raises NotFound("refresher.unknown")."""
    with node.store.reading() as tx:
        found = set_of(tx, person, attempt)
        now = believed_now(tx, node, person)
        again = _read_again(tx, found, language)
    return RefresherEnd(
        attempt=attempt,
        right=sum(bool(row["right"]) for row in found.answers.values()),
        answered=len(found.answers),
        left=len(found.cards) - len(found.answers),
        open=found.waiting[0] + 1 if found.is_open(now) else 0,
        time_over=found.time_over,
        read_again=again,
        open_at=found.open_at(now, node.now()),
    )


def _read_again(tx: Transaction, found: RefresherSet, language: str) -> tuple[ReadAgainIn, ...]:
    """Return lessons that teach what was missed, of the versions taught now: those an officer can open."""
    taught = {one.course.id: one for one in current_packages(tx)}
    missed: dict[str, set[str]] = {}
    for card in found.cards:
        row = found.answers.get(card.asked)
        question = card.package.course.questions.get(card.asked.question) if card.package else None
        if row is not None and not row["right"] and question is not None and card.asked.course in taught:
            missed.setdefault(card.asked.course, set()).add(question.objective)
    return tuple(_again(taught[course], objectives, language) for course, objectives in missed.items())


def _again(package: Package, missed: set[str], language: str) -> ReadAgainIn:
    course = package.course
    return ReadAgainIn(
        course=course.id,
        course_title=str(package.words(language).get("title", course.id)),
        language=package.language(language),
        lessons=tuple(
            ReadAgain(
                lesson=lesson,
                number=course.lesson(lesson).number,
                title=package.lesson_words(language, lesson)["title"],
                phrases=tuple(package.objective(language, one) for one in objectives),
            )
            for lesson, objectives in lessons_to_read(course, missed)
        ),
    )
