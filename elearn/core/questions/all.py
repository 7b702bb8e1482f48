"""The list of question kinds. A kind that is not in here does not exist."""

from elearn.core.questions.base import Kind
from elearn.core.questions.choice import Choice
from elearn.core.questions.multiple import Multiple

KINDS: dict[str, Kind] = {kind.name: kind for kind in (Choice(), Multiple())}
