"""Who works at the terminal of a node: not an account, but whoever holds the machine may administer it.

Audit entries name the node itself as the actor, so that nobody's name stands under what they did not do.
"""

from elearn.core.vocab.languages import SOURCE
from elearn.core.vocab.roles import Role
from elearn.services.accounts import Session
from elearn.services.node import Node, known


def operator(node: Node) -> Session:
    """Return a session with an administrator's powers. Raises Refused("node.not-set-up")."""
    with node.store.reading() as tx:
        mine = known(tx)
    return Session(
        id="",
        person=mine.id,
        name=mine.name,
        service_number="",
        role=Role.ADMINISTRATOR,
        language=SOURCE,
        csrf="",
        must_change_pin=False,
        notices=(),
        started_at=node.now(),
    )
