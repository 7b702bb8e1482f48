"""A sentence that is true or false. The two options have no texts: they are words of the interface."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from elearn.core.questions.base import Fault, Keyed, Mix, Words
from elearn.core.questions.choice import Choice

VALUES = ("true", "false")


class TrueFalse(Choice):
    """Two radio buttons. Response: ``true`` or ``false``."""

    name = "truefalse"
    interaction = "true-false"
    fields = frozenset(("correct",))
    asks = False

    def implied(self, plan: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the two values."""
        return VALUES

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the key."""
        if len(question.correct) == 1 and set(question.correct) <= set(VALUES):
            return []
        return [Fault("question.correct-true-false", {}, "correct")]

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return feedback for both values."""
        return [f"feedback/{value}" for value in VALUES]

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return true first, always: in another order it would only be misread."""
        return VALUES

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {values}."""
        return {"values": list(shown)}

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a true-false interaction."""
        return {"interactionType": self.interaction, "correctResponsesPattern": self.right(question)}
