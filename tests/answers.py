"""Right and wrong answers to a question of any kind, and the form in which a page sends them."""

from typing import Any

from elearn.core.learning.course import Course, Question
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import PAIR


def stages(course: Course, question: str, right: bool = True) -> list[list[str]]:
    """Return responses to be kept one after the other: one for most kinds, a step each for a scenario."""
    asked = course.question(question)
    kind = kind_of(asked)
    return kind.stages(kind.right(asked) if right else kind.wrong(asked))


def texts_in(words: Any) -> list[str]:
    """Return every text in words of a question: feedback of a scenario lies by step and option."""
    if isinstance(words, dict):
        return [text for one in words.values() for text in texts_in(one)]
    return [words] if words else []


def form_of(question: Question, shown: tuple[str, ...], response: list[str]) -> dict[str, Any]:
    """Return what a page sends for a response: the last step of a scenario, everything of all others.

    shown: the order things stand in on the page.
    """
    if question.kind == "order":
        return {f"place-{number}": str(response.index(key) + 1) for number, key in enumerate(shown, start=1)}
    if question.kind == "match":
        left = [key for key in shown if key in question.options]
        right = [key for key in shown if key not in question.options]
        pairs = dict(one.split(PAIR) for one in response)
        return {f"match-{n}": str(right.index(pairs[key]) + 1) for n, key in enumerate(left, start=1) if key in pairs}
    if question.kind == "scenario":
        node, option = response[-1].split(PAIR)
        return {"node": node, "answer": option}
    return {"answer": response}
