"""One signed call to the hub a node is enrolled with: said, answered, and the answer checked to be the hub's own."""

from typing import Any

from elearn.core.sync.signatures import check_answer, sign_request
from elearn.core.sync.talk import Answer, body_of, error_from, said
from elearn.core.vocab.errors import ElearnError, Unavailable
from elearn.core.vocab.tables import Row
from elearn.services.node import Node

NONCE_BYTES = 16


def ask(node: Node, hub: Row, path: str, value: Any) -> dict[str, Any]:
    """Say something to the hub; return what it answered. hub: row of PEER; value: JSON, or the bytes of a batch.

    Raises what the hub refused with, by the same class and code; Unavailable("peer.no-line", reason=);
    Unavailable("peer.strange-answer", reason=) where the answer is not signed by the hub.
    """
    body = value if isinstance(value, bytes) else body_of(value)
    nonce = node.ids.secret(NONCE_BYTES)
    headers = sign_request("POST", path, body, key_id=node.keys.key_id, nonce=nonce, sign=node.keys.sign)
    answer = node.peer.call(hub["url"], "POST", path, body, headers)
    return understood(answer, hub["public_key"], nonce)


def understood(answer: Answer, public_key: bytes, nonce: str) -> dict[str, Any]:
    """Return what an answer says, once it is sure that the owner of the key gave it. Raises as `ask`."""
    try:
        check_answer(answer, nonce, lambda _: public_key)
        error, value = error_from(answer), said(answer.body)
    except ElearnError as problem:
        # A page that asks for a password, a proxy, another machine at that address: the hub has refused nothing.
        raise strange(answer, problem) from problem
    if error is not None:
        raise error
    return value


def strange(answer: Answer, problem: ElearnError) -> Unavailable:
    """Return the error for an answer that is not the hub's."""
    return Unavailable("peer.strange-answer", reason=f"status {answer.status}, {problem}")
