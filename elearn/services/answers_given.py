"""From what a page sends to a response that may be kept, and to what is said of it: the same in lessons, pre-tests,
exams and refreshers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.core.learning.blueprint import Drawn
from elearn.core.learning.course import Question
from elearn.core.learning.grade import mark
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import Form, pattern
from elearn.core.questions.confidence import level_in
from elearn.core.vocab.errors import Invalid

Given = Form | Sequence[str]
"""Fields of a form, or a response as it is kept."""


@dataclass(frozen=True)
class Answer:
    """A response that may be kept. sure: a level of confidence, "" where none was said."""

    question: Question
    response: list[str]
    sure: str

    @property
    def result(self) -> dict[str, Any]:
        """Return the result of its statement; a scenario under way is worth nothing yet, and is not wrong either."""
        said = {"response": pattern(self.response)}
        if not kind_of(self.question).complete(self.question, self.response):
            return {**said, "completion": False}
        worth = mark(self.question, self.response)
        return {**said, "score": {"scaled": worth.score}, "success": worth.right}

    @property
    def extensions(self) -> dict[str, Any]:
        """Return what is said beside the result."""
        return {"confidence": self.sure} if self.sure else {}


def answer_given(
    question: Question, given: Given, drawn: Drawn, before: Sequence[str] = (), *, again: bool = False
) -> Answer:
    """Return the answer. drawn: as it is shown; before: the response kept so far; again: it may be tried once more.

    Raises Invalid: "answer.empty", "answer.option", what the kind adds (core/questions), and "answer.step-gone" for a
    step of a scenario that cannot be taken any more.
    """
    kind = kind_of(question)
    raw = kind.from_form(question, given, drawn.options, before) if isinstance(given, Mapping) else list(given)
    response = kind.parse_response(question, raw)
    if not kind.follows(question, before, response, again):
        raise Invalid("answer.step-gone", question=question.id)
    sure = level_in(given) if question.confidence and isinstance(given, Mapping) else ""
    return Answer(question, response, sure)


def still_fits(question: Question, response: Sequence[str]) -> list[str]:
    """Return a response kept before, [] where the question was changed since and it fits no more."""
    try:
        return kind_of(question).parse_response(question, response) if response else []
    except Invalid:
        return []
