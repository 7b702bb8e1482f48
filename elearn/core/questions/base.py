"""What every kind of question must know about itself. A new kind is one file beside this and one line in `all.py`.

A response is a list of texts, in xAPI's notation for the interaction: keys for options, ``a[.]x`` for a pair, what was
typed for text. Joined by ``[,]`` it is the response of the statement (xAPI 1.0.3, Data, Appendix C).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from elearn.core.vocab.errors import Invalid

SEPARATOR, PAIR, RANGE = "[,]", "[.]", "[:]"
"""Between the parts of a response, the halves of a pair, the ends of a range."""

QUESTION_TYPE = "http://adlnet.gov/expapi/activities/cmi.interaction"
"""What kind of activity a question is in xAPI."""

Form = Mapping[str, Sequence[str]]
"""What a page sends: name of a field -> its values."""

Words = Mapping[str, Any]
"""The words of a question in one language: {stem, options: {a: ...}, feedback: {a: ...}, ...}."""

Accepted = Mapping[str, Mapping[str, Sequence[str]]]
"""What may be typed: gap -> language -> texts. Part of the key: it never goes to a page."""

Mix = Callable[[Sequence[str]], Sequence[str]]
"""Puts keys into the order in which they are shown."""


class Keyed(Protocol):
    """A question with its key."""

    @property
    def options(self) -> Sequence[str]:
        """Return the keys of all options, in the author's order."""
        ...

    @property
    def correct(self) -> Collection[str]:
        """Return the keys of the right ones; empty where the kind keeps its key elsewhere."""
        ...

    @property
    def plan(self) -> Mapping[str, Any]:
        """Return the fields only this kind has, as plain texts, lists and mappings: ``{"answer": {"value": "5"}}``."""
        ...

    @property
    def accepted(self) -> Accepted:
        """Return what may be typed; empty for kinds nothing is typed in."""
        ...


@dataclass(frozen=True)
class Fault:
    """What is wrong with a question. code, details: of a finding; place: the field or the path of words it is in."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True)
class Grade:
    """What an answer is worth. score: 0..1, parts of an answer count; right: all of it, which critical ones must be."""

    score: float
    right: bool


@dataclass(frozen=True)
class Said:
    """One piece of feedback. key: the option it belongs to, or ``right`` / ``wrong`` for the answer as a whole."""

    key: str
    text: str
    right: bool


class Kind(Protocol):
    """One kind of question. All of it is pure. `standard.Standard` holds what most kinds share."""

    name: str
    interaction: str
    """The xAPI interaction type (cmi.interaction)."""
    fields: frozenset[str]
    """Fields of questions.yaml it takes beside those of every question; all of them must be there."""
    asks: bool
    """Its stem is a question, so it ends in a question mark."""
    telling: bool
    """The order of its parts tells the answer, so they are mixed in lessons too."""
    stepwise: bool
    """It is answered in steps, each of which is kept and cannot be taken back."""

    def implied(self, plan: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the option keys of a question that does not list them; the plan may have any shape."""
        ...

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the structure. The plan may have any shape."""
        ...

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return the words a language must have beside the stem: ``options/a``. written: those the source has."""
        ...

    def check_words(self, question: Keyed, texts: Mapping[str, str], language: str) -> list[Fault]:
        """Return what is wrong with the words of one language. texts: path -> text, also of words that are not asked
        for."""
        ...

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return all keys that are shown, in the order in which they are shown."""
        ...

    def stem(self, words: Words) -> str:
        """Return the stem as a page shows it."""
        ...

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return what the template ``questions/<kind>.html`` needs, and never the key. response: [] = none yet."""
        ...

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Return the response a form says; `parse_response` has the last word. before: the response kept so far.

        Raises Invalid as `parse_response`.
        """
        ...

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the response in its one spelling.

        Raises Invalid: "answer.empty", "answer.option" (key= is no part of the question), and what the kind adds.
        """
        ...

    def follows(self, question: Keyed, before: Sequence[str], after: Sequence[str], again: bool) -> bool:
        """Tell whether ``after`` may take the place of ``before``. again: it may be tried once more from the start."""
        ...

    def complete(self, question: Keyed, response: Sequence[str]) -> bool:
        """Tell whether nothing is left to answer; False for []."""
        ...

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return what a parsed response is worth."""
        ...

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is said of a complete response."""
        ...

    def right(self, question: Keyed) -> list[str]:
        """Return a right response."""
        ...

    def wrong(self, question: Keyed) -> list[str]:
        """Return a complete response that is not right."""
        ...

    def stages(self, response: Sequence[str]) -> list[list[str]]:
        """Return the responses that are kept one after the other until this one is: most kinds take one."""
        ...

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return the interaction part of the activity's definition. words: language -> words; holds the key."""
        ...


def pattern(response: Iterable[str]) -> str:
    """Return the response as xAPI writes it: ``a[,]b``."""
    return SEPARATOR.join(response)


def response_of(text: str) -> list[str]:
    """Return the parts of an xAPI response, also empty ones between others; [] for ""."""
    return text.split(SEPARATOR) if text else []


def chosen(question: Keyed, raw: Iterable[str]) -> list[str]:
    """Return the known keys among ``raw``, each once, in the order of the options; errors as in `Kind`."""
    marked = set(raw)
    if not marked:
        raise Invalid("answer.empty")
    strange = sorted(marked.difference(question.options))
    if strange:
        raise Invalid("answer.option", key=strange[0])
    return [key for key in question.options if key in marked]


def shown_at(items: Sequence[str], number: str) -> str:
    """Return the item a form names by its place from 1. Raises Invalid("answer.option", key=)."""
    if number.isascii() and number.isdigit() and len(number) < 4 and 1 <= int(number) <= len(items):
        return items[int(number) - 1]
    raise Invalid("answer.option", key=number[:20])


def fields_of(value: Any) -> Mapping[str, Any]:
    """Return a mapping of a plan, {} for what is none."""
    return value if isinstance(value, Mapping) else {}


def items_of(value: Any) -> tuple[str, ...]:
    """Return the texts of a list of a plan, () for what is none."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def option_faults(question: Keyed, least: int, most: int = 8) -> list[Fault]:
    """Return what can be wrong with the options of any kind that has options a, b, c ..."""
    faults = letter_faults(question.options, least, most)
    unknown = [option for option in question.correct if option not in question.options]
    return faults + [Fault("question.correct-unknown", {"option": option}, "correct") for option in unknown]


def letter_faults(options: Sequence[str], least: int, most: int, place: str = "options") -> list[Fault]:
    """Return what can be wrong with a list of letters."""
    faults = []
    if len(options) < least:
        faults.append(Fault("question.options-few", {"n": len(options), "least": least}, place))
    if len(options) > most:
        faults.append(Fault("question.options-many", {"n": len(options), "most": most}, place))
    for option in dict.fromkeys(options):
        if list(options).count(option) > 1:
            faults.append(Fault("question.option-twice", {"option": option}, place))
        if not (len(option) == 1 and "a" <= option <= "z"):
            faults.append(Fault("question.option-malformed", {"option": option}, place))
    return faults
