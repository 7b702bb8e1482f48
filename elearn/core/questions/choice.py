"""One right option among several: right, or nothing."""

from collections.abc import Sequence

from elearn.core.questions.base import Fault, Keyed, chosen, option_faults
from elearn.core.questions.standard import Standard
from elearn.core.vocab.errors import Invalid


class Choice(Standard):
    """Radio buttons. Response: the one key."""

    name = "choice"

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the options and the key."""
        faults = option_faults(question, least=2)
        if len(question.correct) != 1:
            faults.append(Fault("question.correct-one", {"n": len(question.correct)}, "correct"))
        return faults

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the one key chosen. Raises Invalid("answer.one-only", given=) beside those of `Kind`."""
        keys = chosen(question, raw)
        if len(keys) > 1:
            raise Invalid("answer.one-only", given=len(keys))
        return keys
