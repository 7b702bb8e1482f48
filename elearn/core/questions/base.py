"""What every kind of question must know about itself. A new kind is one file beside this and one line in `all.py`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from elearn.core.vocab.errors import Invalid

SEPARATOR = "[,]"
"""Between the parts of a response: xAPI 1.0.3, Data, Appendix C."""


class Keyed(Protocol):
    """A question with its key. options, correct: the option keys."""

    @property
    def options(self) -> Sequence[str]:
        """Return the keys of all options, in the author's order."""
        ...

    @property
    def correct(self) -> Collection[str]:
        """Return the keys of the right ones."""
        ...


@dataclass(frozen=True)
class Fault:
    """What is wrong with a question's structure. code, details: of a finding."""

    code: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Grade:
    """What an answer is worth. score: 0..1, for feedback and item statistics; right: what an exam counts."""

    score: float
    right: bool


class Kind(Protocol):
    """One kind of question. All of it is pure."""

    name: str
    interaction: str
    """The xAPI interaction type (cmi.interaction)."""

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the options and the key."""
        ...

    def parse_response(self, question: Keyed, raw: Iterable[str]) -> list[str]:
        """Return the keys chosen, each once, in the order of the options.

        Raises Invalid: "answer.empty", "answer.option" (key= is no option), "answer.one-only" (given= how many).
        """
        ...

    def grade(self, question: Keyed, response: Collection[str]) -> Grade:
        """Return what a parsed response is worth."""
        ...


def pattern(response: Iterable[str]) -> str:
    """Return the response as xAPI writes it: ``a[,]b``."""
    return SEPARATOR.join(response)


def response_of(text: str) -> list[str]:
    """Return the keys in an xAPI response; [] for ""."""
    return [key for key in text.split(SEPARATOR) if key]


def chosen(question: Keyed, raw: Iterable[str]) -> list[str]:
    """Return the known keys among ``raw``, each once, in the order of the options; errors as in `Kind`."""
    marked = set(raw)
    if not marked:
        raise Invalid("answer.empty")
    strange = sorted(marked.difference(question.options))
    if strange:
        raise Invalid("answer.option", key=strange[0])
    return [key for key in question.options if key in marked]


def option_faults(question: Keyed, least: int, most: int = 8) -> list[Fault]:
    """Return what can be wrong with the options of any kind that has options a, b, c ..."""
    faults = []
    if len(question.options) < least:
        faults.append(Fault("question.options-few", {"n": len(question.options), "least": least}))
    if len(question.options) > most:
        faults.append(Fault("question.options-many", {"n": len(question.options), "most": most}))
    for option in dict.fromkeys(question.options):
        if list(question.options).count(option) > 1:
            faults.append(Fault("question.option-twice", {"option": option}))
        if not (len(option) == 1 and "a" <= option <= "z"):
            faults.append(Fault("question.option-malformed", {"option": option}))
    unknown = [option for option in question.correct if option not in question.options]
    return faults + [Fault("question.correct-unknown", {"option": option}) for option in unknown]
