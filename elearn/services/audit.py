"""What is done to accounts, as statements in the ledger: roles, PIN resets, closed accounts. Never PINs or names."""

from elearn.core.vocab.roles import Role
from elearn.core.xapi.build import build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import DEACTIVATED, PIN_RESET, ROLE_GIVEN, person_iri
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.record import saying_for


def role_given(tx: Transaction, node: Node, actor: str, person: str, role: Role) -> Statement:
    """Return: actor gave person this role (also with a new or reopened account)."""
    return _about(tx, node, actor, person, ROLE_GIVEN, role=role.value)


def pin_reset(tx: Transaction, node: Node, actor: str, person: str, means: str) -> Statement:
    """Return: the PIN was replaced without the old one. means: "supervisor" or "recovery-code"."""
    return _about(tx, node, actor, person, PIN_RESET, means=means)


def deactivated(tx: Transaction, node: Node, actor: str, person: str) -> Statement:
    """Return: actor closed the account of person."""
    return _about(tx, node, actor, person, DEACTIVATED)


def _about(tx: Transaction, node: Node, actor: str, person: str, verb: str, **extensions: str) -> Statement:
    saying = saying_for(tx, node, person, actor)
    return build(saying, node.ids.new(), verb, person_iri(person), extensions={"subject": person, **extensions})
