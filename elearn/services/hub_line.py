"""One signed call to the hub a node is enrolled with: said, answered, and the answer checked to be the hub's own."""

from typing import Any

from elearn.core.sync.signatures import check_answer, key_id_of, sign_request
from elearn.core.sync.talk import OK, Answer, body_of, error_from, said
from elearn.core.vocab.errors import ElearnError, Unavailable
from elearn.core.vocab.tables import Row
from elearn.services.node import Node

NONCE_BYTES = 12
HUB_KEY = "peer.hub-key"
"""Code of the error for an answer signed with a key that is not the one known of the hub."""


def ask(node: Node, hub: Row, path: str, value: Any) -> dict[str, Any]:
    """Say something to the hub; return what it answered. hub: row of PEER; value: JSON, or the bytes of a batch.

    Raises what the hub refused with, by the same class and code; Unavailable("peer.no-line", reason=);
    Unavailable("peer.strange-answer", reason=) where the answer is not signed by the hub, Unavailable(HUB_KEY, key_id=)
    where it is signed with a key that is not known as the hub's.
    """
    answer, nonce = _called(node, hub, path, value if isinstance(value, bytes) else body_of(value))
    return understood(answer, hub["public_key"], nonce)


def ask_piece(node: Node, hub: Row, path: str, value: Any) -> bytes:
    """Ask the hub for a piece of a file; return it. Raises as `ask`."""
    answer, nonce = _called(node, hub, path, body_of(value))
    if answer.status == OK:
        _must_be_of(answer, hub["public_key"], nonce)
    else:
        understood(answer, hub["public_key"], nonce)
    return answer.body


def _called(node: Node, hub: Row, path: str, body: bytes) -> tuple[Answer, str]:
    nonce, keys = node.ids.secret(NONCE_BYTES), node.keys.present()
    headers = sign_request("POST", path, body, key_id=keys.key_id, nonce=nonce, sign=keys.sign)
    return node.peer.call(hub["url"], "POST", path, body, headers), nonce


def understood(answer: Answer, public_key: bytes, nonce: str) -> dict[str, Any]:
    """Return what an answer says, once it is sure that the owner of the key gave it. Raises as `ask`."""
    _must_be_of(answer, public_key, nonce)
    try:
        error, value = error_from(answer), said(answer.body)
    except ElearnError as problem:
        raise strange(answer, problem) from problem
    if error is not None:
        raise error
    return value


def _must_be_of(answer: Answer, public_key: bytes, nonce: str) -> None:
    try:
        check_answer(answer, nonce, {key_id_of(public_key): public_key}.get)
    except ElearnError as problem:
        if problem.code == "peer.unknown-key":
            raise Unavailable(HUB_KEY, **problem.details) from problem
        # A page that asks for a password, a proxy, another machine at that address: the hub has refused nothing.
        raise strange(answer, problem) from problem


def strange(answer: Answer, problem: ElearnError) -> Unavailable:
    """Return the error for an answer that is not the hub's."""
    return Unavailable("peer.strange-answer", reason=f"status {answer.status}, {problem}")
