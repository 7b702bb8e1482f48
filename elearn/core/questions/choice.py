"""One right option among several: right, or nothing."""

from collections.abc import Collection, Iterable

from elearn.core.questions.base import Fault, Grade, Keyed, chosen, option_faults
from elearn.core.vocab.errors import Invalid


class Choice:
    """Radio buttons."""

    name = "choice"
    interaction = "choice"

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the options and the key."""
        faults = option_faults(question, least=2)
        if len(question.correct) != 1:
            faults.append(Fault("question.correct-one", {"n": len(question.correct)}))
        return faults

    def parse_response(self, question: Keyed, raw: Iterable[str]) -> list[str]:
        """Return the one key chosen; errors as in `Kind`."""
        keys = chosen(question, raw)
        if len(keys) > 1:
            raise Invalid("answer.one-only", given=len(keys))
        return keys

    def grade(self, question: Keyed, response: Collection[str]) -> Grade:
        """Return 1 for the right option, else 0."""
        right = set(response) == set(question.correct)
        return Grade(1.0 if right else 0.0, right)
