"""An answer between page and statement: option keys checked against what was asked, and xAPI's way to write them."""

from collections.abc import Iterable

from elearn.core.learning.course import Question
from elearn.core.vocab.errors import Invalid

_SEPARATOR = "[,]"  # xAPI 1.0.3, Data, Appendix C: response of the interaction type "choice"


def checked(question: Question, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys marked, each once, in the order of the question's options.

    Raises Invalid: "answer.empty", "answer.option" (key= not among the options), "answer.one-only" (a question with
    one right answer got several).
    """
    marked = set(keys)
    if not marked:
        raise Invalid("answer.empty", question=question.id)
    strange = sorted(marked.difference(question.options))
    if strange:
        raise Invalid("answer.option", question=question.id, key=strange[0])
    if question.kind == "choice" and len(marked) > 1:
        raise Invalid("answer.one-only", question=question.id, given=len(marked))
    return tuple(key for key in question.options if key in marked)


def response_text(keys: Iterable[str]) -> str:
    """Return the keys as xAPI writes them: ``a[,]c``."""
    return _SEPARATOR.join(keys)


def response_keys(text: str) -> tuple[str, ...]:
    """Return the keys of an xAPI response."""
    return tuple(key for key in text.split(_SEPARATOR) if key)
