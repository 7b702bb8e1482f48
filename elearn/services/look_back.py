"""The own answers of an exam, right and wrong, with what is said of them: after a pass, where the course allows it.

Only questions that were asked, and of them only what is said of the answer given: which answer would have been right is
told by that, never listed. The rule is that of the version the exam pins.
"""

from elearn.core.learning.course import ANSWERS_AFTER_PASS, EXAM
from elearn.core.learning.grade import is_right
from elearn.core.vocab.errors import Refused
from elearn.services.attempts import Attempt, attempt_of
from elearn.services.learning_pages import AnswerMark, LookBack
from elearn.services.node import Node
from elearn.services.questions_shown import check_view


def may_look_back(found: Attempt) -> bool:
    """Tell whether the officer may look at the own answers of this attempt."""
    passed = found.kind == EXAM and bool(found.row["submitted_at"]) and bool(found.row["success"])
    return passed and found.package.course.review == ANSWERS_AFTER_PASS


def look_back(node: Node, person: str, attempt: str, language: str, question: str = "") -> LookBack:
    """Return one question of a passed exam with the own answer. question: its id, "" = the first.

    Raises NotFound("attempt.unknown" | "question.not-asked"), Refused("attempt.not-shown").
    """
    with node.store.reading() as tx:
        found = attempt_of(tx, person, attempt)
        if not may_look_back(found):
            raise Refused("attempt.not-shown", attempt=attempt)
        ids = found.ids
        place = found.place(question or ids[0])
        drawn, row = found.drawn[place], found.answers.get(ids[place])
        course = found.package.course
        response, sure = (row["response"], row["confidence"] or "") if row else (None, "")
        asked = course.question(drawn.id)
        check = check_view(tx, found.package, asked, response, language, sure=sure, drawn=drawn)
    right = {one: is_right(course.question(one), found.responses.get(one, ())) for one in ids}
    return LookBack(
        attempt=attempt,
        course=course.id,
        course_title=str(found.package.words(language).get("title", course.id)),
        language=found.package.language(language),
        check=check,
        number=place + 1,
        total=len(ids),
        previous=ids[place - 1] if place else "",
        next=ids[place + 1] if place + 1 < len(ids) else "",
        marks=tuple(AnswerMark(one, number, right[one]) for number, one in enumerate(ids, start=1)),
    )
