"""The list of question kinds. A kind that is not in here does not exist."""

from typing import Protocol

from elearn.core.questions.base import Kind
from elearn.core.questions.choice import Choice
from elearn.core.questions.fillin import FillIn
from elearn.core.questions.hotspot import Hotspot
from elearn.core.questions.match import Match
from elearn.core.questions.multiple import Multiple
from elearn.core.questions.number import Number
from elearn.core.questions.order import Order
from elearn.core.questions.scenario import Scenario
from elearn.core.questions.text import ShortText
from elearn.core.questions.truefalse import TrueFalse
from elearn.core.vocab.errors import Invalid

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Choice(),
        Multiple(),
        TrueFalse(),
        Number(),
        Order(),
        Match(),
        ShortText(),
        FillIn(),
        Hotspot(),
        Scenario(),
    )
}


class Named(Protocol):
    """A question that says of which kind it is."""

    @property
    def id(self) -> str:
        """Return its id."""
        ...

    @property
    def kind(self) -> str:
        """Return the name of its kind."""
        ...


def kind_of(question: Named) -> Kind:
    """Return the kind of a question. Raises Invalid("question.kind") for one this program does not know."""
    if question.kind not in KINDS:
        raise Invalid("question.kind", question=question.id, kind=question.kind)
    return KINDS[question.kind]
