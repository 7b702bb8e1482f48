"""Several right options: right when all of them and no other are chosen.

The score in between tells a trainer how near an answer was; the exam counts only what is right, because an officer who
opens an unlabelled drum has not half followed the rule.
"""

from collections.abc import Collection, Iterable

from elearn.core.questions.base import Fault, Grade, Keyed, chosen, option_faults


class Multiple:
    """Check boxes."""

    name = "multiple"
    interaction = "choice"

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the options and the key."""
        faults = option_faults(question, least=3)
        if len(question.correct) < 2:
            faults.append(Fault("question.correct-several", {"n": len(question.correct)}))
        if question.options and set(question.options) <= set(question.correct):
            faults.append(Fault("question.correct-all", {}))
        return faults

    def parse_response(self, question: Keyed, raw: Iterable[str]) -> list[str]:
        """Return the keys chosen; errors as in `Kind`."""
        return chosen(question, raw)

    def grade(self, question: Keyed, response: Collection[str]) -> Grade:
        """Return (right chosen - wrong chosen) / right ones, not under 0."""
        given, key = set(response), set(question.correct)
        score = (len(given & key) - len(given - key)) / len(key)
        return Grade(max(0.0, score), given == key)
