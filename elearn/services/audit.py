"""What is done to accounts and keys, as statements in the ledger: roles, PIN resets, new keys. Never PINs or names."""

from elearn.core.vocab.people import Particulars
from elearn.core.vocab.roles import Role
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import DEACTIVATED, KEY_LOST, KEY_RENEWED, PIN_RESET, ROLE_GIVEN, key_iri, person_iri
from elearn.ports import Transaction
from elearn.services.clock_guard import clock_uncertain
from elearn.services.node import Node, known
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


def key_renewed(tx: Transaction, node: Node, actor: str, key_id: str, old_key_id: str) -> Statement:
    """Return: actor renewed the key of this node. actor: person, or the node itself at its terminal."""
    return _about_key(tx, node, actor, KEY_RENEWED, key_id, old_key=old_key_id)


def key_lost(tx: Transaction, node: Node, actor: str, key_id: str, **said: str) -> Statement:
    """Return: actor reported that a key is not to be believed. said: lost_from, the first such day (ISO); reason."""
    return _about_key(tx, node, actor, KEY_LOST, key_id, **said)


def _about_key(tx: Transaction, node: Node, actor: str, verb: str, key_id: str, **extensions: str) -> Statement:
    now = node.now()
    saying = Saying(actor, Particulars("", "", "", "", ""), now, known(tx).id, clock_uncertain(tx, now))
    return build(saying, node.ids.new(), verb, key_iri(key_id), extensions=extensions)


def _about(tx: Transaction, node: Node, actor: str, person: str, verb: str, **extensions: str) -> Statement:
    saying = saying_for(tx, node, person, actor)
    return build(saying, node.ids.new(), verb, person_iri(person), extensions={"subject": person, **extensions})
