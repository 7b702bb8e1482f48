"""How sure an officer says to be of an answer. It is kept beside the answer and never graded."""

from elearn.core.questions.base import Form
from elearn.core.vocab.errors import Invalid

LEVELS = ("not-sure", "fairly-sure", "sure")
FIELD = "sure"


def level_in(form: Form) -> str:
    """Return the level a form says, "" for none. Raises Invalid("answer.option", key=) for what is no level."""
    level = next(iter(form.get(FIELD, ())), "")
    if level and level not in LEVELS:
        raise Invalid("answer.option", key=level[:20])
    return level
