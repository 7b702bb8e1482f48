"""An exam on paper: which questions can be answered with boxes, and what two readings of the same sheet come to.

A reading is what somebody saw on a sheet: question -> keys of the options marked, in the order of the options; a
question without a mark is missing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from elearn.core.learning.course import Question

BOXED = frozenset(("choice", "multiple", "truefalse"))
"""Kinds of questions that are answered by marking boxes."""

TAKES_SEVERAL = frozenset(("multiple",))
LETTERS = "ABCDEFGHIJ"
"""The options of a question, as they stand in its booklet and on the sheet."""

Reading = Mapping[str, Sequence[str]]


def is_boxed(question: Question) -> bool:
    """Tell whether a question can be answered on paper with boxes."""
    return question.kind in BOXED and len(question.options) <= len(LETTERS)


def keys_of(shown: Sequence[str], letters: Collection[str]) -> list[str]:
    """Return the keys behind the letters, in the order shown. Letters without an option count for nothing."""
    return [key for letter, key in zip(LETTERS, shown, strict=False) if letter in letters]


def letters_of(shown: Sequence[str], keys: Collection[str]) -> str:
    """Return the letters of options on a sheet: "AC"."""
    return "".join(letter for letter, key in zip(LETTERS, shown, strict=False) if key in keys)


def differing(first: Reading, second: Reading, asked: Iterable[str]) -> list[str]:
    """Return the questions that were read in two ways, in the order asked."""
    return [one for one in asked if set(first.get(one, ())) != set(second.get(one, ()))]


def settled(first: Reading, second: Reading, third: Reading, asked: Iterable[str]) -> dict[str, list[str]]:
    """Return the reading that counts: where two readings differ, the third has the say."""
    asked = list(asked)
    differ = set(differing(first, second, asked))
    found = {one: list((third if one in differ else first).get(one, ())) for one in asked}
    return {one: keys for one, keys in found.items() if keys}


def response_of_marks(question: Question, keys: Sequence[str]) -> list[str]:
    """Return the answer that marks say, [] for none: two marks where one answer is asked for say nothing."""
    return list(keys) if question.kind in TAKES_SEVERAL or len(keys) == 1 else []
