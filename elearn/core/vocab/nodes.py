"""What a node may do is a table of powers, never a question of its kind.

A laptop that is post and hub at once is one more row here; no code asks `if hub`.
"""

from enum import Enum


class Power(Enum):
    """One thing a node may do."""

    TEACH = "teach"
    AUTHOR = "author"
    CALL_HUB = "call-hub"
    ANSWER_POSTS = "answer-posts"
    SEE_ALL_UNITS = "see-all-units"
    HOLD_IDENTITIES = "hold-identities"


class NodeKind(Enum):
    """The roles a machine can be set up for."""

    POST = "post"
    HUB = "hub"
    REGIONAL_HUB = "regional-hub"
    LAPTOP = "laptop"


POWERS: dict[NodeKind, frozenset[Power]] = {
    NodeKind.POST: frozenset({Power.TEACH, Power.AUTHOR, Power.CALL_HUB, Power.HOLD_IDENTITIES}),
    NodeKind.HUB: frozenset(
        {Power.TEACH, Power.AUTHOR, Power.CALL_HUB, Power.ANSWER_POSTS, Power.SEE_ALL_UNITS, Power.HOLD_IDENTITIES}
    ),
    NodeKind.REGIONAL_HUB: frozenset({Power.AUTHOR, Power.ANSWER_POSTS, Power.SEE_ALL_UNITS}),
    NodeKind.LAPTOP: frozenset(Power),
}
