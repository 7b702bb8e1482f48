"""Several right options: right when all of them and no other are chosen, and something for a part of them."""

from collections.abc import Sequence

from elearn.core.questions.base import Fault, Grade, Keyed, option_faults
from elearn.core.questions.standard import Standard


class Multiple(Standard):
    """Check boxes. Response: the keys chosen, in the author's order."""

    name = "multiple"

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the options and the key."""
        return [*option_faults(question, least=3), *key_faults(question)]

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return (right chosen - wrong chosen) / right ones, not under 0."""
        return share_of_right(question, response)


def key_faults(question: Keyed) -> list[Fault]:
    """Return what is wrong with a key of several options."""
    faults = []
    if len(question.correct) < 2:
        faults.append(Fault("question.correct-several", {"n": len(question.correct)}, "correct"))
    if question.options and set(question.options) <= set(question.correct):
        faults.append(Fault("question.correct-all", {}, "correct"))
    return faults


def share_of_right(question: Keyed, response: Sequence[str]) -> Grade:
    """Return (right chosen - wrong chosen) / right ones, not under 0: ticking everything is worth nothing."""
    given, key = set(response), set(question.correct)
    score = (len(given & key) - len(given - key)) / len(key)
    return Grade(max(0.0, score), given == key)
