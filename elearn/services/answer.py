"""What a hub does for its posts: gives them codes, enrols them, and takes their records."""

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import ENROLMENT_CODE, PEER
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.services.accounts import Session, demand
from elearn.services.node import Node


def posts(node: Node) -> list[Row]:
    """Return the posts enrolled here."""
    with node.store.reading() as tx:
        return tx.tables.select(PEER, {"url": None}, order=("name",))


def codes(node: Node) -> list[Row]:
    """Return the codes that were given out."""
    with node.store.reading() as tx:
        return tx.tables.select(ENROLMENT_CODE, order=("-made_at",))


def make_code(node: Node, by: Session, post_name: str) -> str:
    """Make a one-time code. Raises Refused("exchange.not-yet")."""
    demand(by, Permission.MANAGE_NODE)
    raise Refused("exchange.not-yet", post=post_name)
