"""What a hub answers to its posts: each question is signed by one it enrolled, and each answer by the hub."""

from collections.abc import Callable
from typing import Any

from elearn.core.sync.batch import head_said, unpack
from elearn.core.sync.signatures import check_request, claimed_nonce, sign_answer
from elearn.core.sync.talk import (
    DOWN,
    ENROL,
    ENTRIES,
    LARGEST_BODY_BYTES,
    OK,
    PEOPLE,
    TOO_LARGE,
    VECTOR,
    Answer,
    Asked,
    body_of,
    part,
    refusal,
    said,
    text_part,
)
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import PEER, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.enrolment import LONGEST_NAME, clock_offset_ms, enrol_post
from elearn.services.node import Node, known
from elearn.services.receiving import Received, check_head, held_head, receive_batch
from elearn.services.receiving_people import receive_people
from elearn.services.revocation_list import list_said
from elearn.services.trusted_keys import keys_said


def answer(node: Node, asked: Asked) -> Answer:
    """Return the signed answer to what another node asks, or the signed refusal."""
    nonce = claimed_nonce(asked.headers)
    try:
        node.must(Power.ANSWER_POSTS)
        if len(asked.body) > LARGEST_BODY_BYTES:
            raise Invalid(TOO_LARGE, size_bytes=len(asked.body), most_bytes=LARGEST_BODY_BYTES)
        status, body = OK, body_of(_answered(node, asked))
    except ElearnError as error:
        status, body = refusal(error)
    headers = sign_answer(status, body, key_id=node.keys.key_id, nonce=nonce, sign=node.keys.sign)
    return Answer(status, headers, body)


def _answered(node: Node, asked: Asked) -> dict[str, Any]:
    if asked.path == ENROL:
        return enrol_post(node, asked)
    errand = _ERRANDS.get(asked.path)
    if errand is None:
        raise NotFound("peer.unknown-path", path=asked.path)
    value = errand(node, _caller(node, asked), asked.body)
    return {**value, "time": node.now()}


def _caller(node: Node, asked: Asked) -> Row:
    """Return the peer that signed. Raises Refused: "peer.unknown-key" for all not enrolled here, "peer.signature"."""
    with node.store.reading() as tx:

        def key_of(key_id: str) -> bytes | None:
            row = _peer_of(tx, key_id)
            return None if row is None else bytes(row["public_key"])

        signed = check_request(asked, key_of)
        caller = _peer_of(tx, signed.key_id)
    if caller is None:
        raise Refused("peer.unknown-key", key_id=signed.key_id)
    return caller


def _peer_of(tx: Transaction, key_id: str) -> Row | None:
    key = tx.tables.get(TRUSTED_KEY, key_id)
    peer = tx.tables.get(PEER, key["node"]) if key else None
    # A key that signed certificates once stays trusted for those, but only the present one opens this door.
    return peer if key and peer and not peer["url"] and peer["public_key"] == key["public_key"] else None


def _vector(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Answer which numbers are held, and note how fresh the post is."""
    value = said(body)
    for origin in part(value, "origins", list):
        if origin != caller["node"]:
            raise Refused("batch.foreign", origin=origin)
    head = head_said(caller["node"], part(value, "head", dict))
    check_head(node, caller, head)
    seen = {
        "name": text_part(value, "name", LONGEST_NAME),
        "last_contact_at": node.now(),
        "clock_offset_ms": clock_offset_ms(value, node),
    }

    def work(tx: Transaction) -> dict[str, Any]:
        held = held_head(tx, caller["node"])
        row = tx.tables.get(PEER, caller["node"]) or caller
        problem = "chain.shorter" if held.number > head.head.number else ""
        state = {**(row["state"] or {}), "head": head.head.number, "head_signed": head.said(), "problem": problem}
        tx.tables.put(PEER, {**row, **seen, "state": state})
        return {
            "held": {held.node: {"number": held.number, "digest": held.digest}},
            "name": known(tx).name,
            "country": known(tx).country,
            "holds_identities": node.can(Power.HOLD_IDENTITIES),
        }

    return node.store.write(work)


def _entries(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Answer which numbers are held now, and what was kept apart."""
    try:
        received: Received = receive_batch(node, caller, unpack(body))
    except Conflict as error:
        _keep_problem(node, caller, error)
        raise
    held = {"number": received.held.number, "digest": received.held.digest}
    return {"held": {received.held.node: held}, "apart": list(received.apart)}


def _keep_problem(node: Node, caller: Row, error: Conflict) -> None:
    """Have a broken or forked chain seen on the hub too: that it shows is what the chain is for."""

    def work(tx: Transaction) -> None:
        row = tx.tables.get(PEER, caller["node"]) or caller
        tx.tables.put(PEER, {**row, "state": {**(row["state"] or {}), "problem": error.code}})

    node.store.write(work)


def _people(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    return receive_people(node, caller, part(said(body), "people", list))


def _down(node: Node, _: Row, body: bytes) -> dict[str, Any]:
    """Answer with the keys the post lacks, and the list of certificates taken back if it has another one."""
    value = said(body)
    held = {str(key) for key in part(value, "have_keys", list)}
    with node.store.reading() as tx:
        taken_back = list_said(tx, text_part(value, "revocations"), str(value.get("kinds") or ""))
        return {"keys": keys_said(tx, held), **taken_back}


_ERRANDS: dict[str, Callable[[Node, Row, bytes], dict[str, Any]]] = {
    VECTOR: _vector,
    ENTRIES: _entries,
    PEOPLE: _people,
    DOWN: _down,
}
