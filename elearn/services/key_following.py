"""How a post and its hub learn of each other that a key was renewed: by the steps both keys signed, without a code.

Asked for only where it is needed: a hub refuses a key it does not know, then the post shows the steps that lead to it;
an answer is signed with a key the post does not know, then it asks for the hub's steps. So it also works where one side
was put back to an older state.
"""

from typing import Any

from elearn.core.sync.signatures import check_answer, check_request, key_id_of, sign_request
from elearn.core.sync.succession import Succession, read_successions, steps_from
from elearn.core.sync.talk import RENEWED, STEPS, Answer, Asked, body_of, error_from, hex_part, part, said, text_part
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.kept import PEER, TRUSTED_KEY
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.hub_line import HUB_KEY, NONCE_BYTES, ask, strange
from elearn.services.key_renewal import keep_step, public_of, steps_of
from elearn.services.node import Node, known

_ANOTHERS_KEY = {"key.unknown", "key.not-followed", "peer.unknown-key"}
"""Who answers has a key no step leads to: another machine, or a hub whose key was lost. Then only a code helps."""


def followed(node: Node, hub: Row, error: ElearnError) -> bool:
    """Put right that one side does not know the other's new key; tell whether there was something to put right.

    Raises as `hub_line.ask`; Refused: "key.not-followed" where the hub knows another key of this node, "peer.key-lost".
    """
    if error.code == HUB_KEY:
        return _follow_hub(node, hub)
    return error.code == "peer.unknown-key" and _tell_hub(node, hub)


def _tell_hub(node: Node, hub: Row) -> bool:
    with node.store.reading() as tx:
        mine = known(tx).id
        steps = steps_of(tx, node, mine, node.keys.public_key)
    if not steps:
        return False
    ask(node, hub, RENEWED, {"node": mine, "steps": [step.said() for step in steps]})
    return True


def _follow_hub(node: Node, hub: Row) -> bool:
    nonce, keys = node.ids.secret(NONCE_BYTES), node.keys.present()
    body = body_of({"known": hub["public_key"].hex()})
    headers = sign_request("POST", STEPS, body, key_id=keys.key_id, nonce=nonce, sign=keys.sign)
    answer = node.peer.call(hub["url"], "POST", STEPS, body, headers)
    try:
        steps = _hubs_steps(node, hub, answer, nonce)
    except ElearnError as problem:
        if problem.code in _ANOTHERS_KEY:
            raise Unavailable(HUB_KEY, key_id=str(problem.details.get("key_id"))) from problem
        raise strange(answer, problem) from problem

    def work(tx: Transaction) -> None:
        row = tx.tables.get(PEER, hub["node"])
        if row is not None and row["public_key"] == hub["public_key"]:
            take_steps(tx, row, steps, vouched_by=hub["node"])

    node.store.write(work)
    return bool(steps)


def _hubs_steps(node: Node, hub: Row, answer: Answer, nonce: str) -> tuple[Succession, ...]:
    """Return the steps from the known key of the hub to the one that signed the answer they came in."""
    error = error_from(answer)
    if error is not None:
        raise error
    steps = read_successions(part(said(answer.body), "steps", list), node.keys.check)
    publics = public_of(steps, hub["public_key"])
    signed = check_answer(answer, nonce, publics.get)
    return steps_from(steps, hub["node"], hub["public_key"], publics[signed.key_id])


def say_steps(node: Node, asked: Asked) -> dict[str, Any]:
    """Answer how this node's key followed from the one the other side knows. No secret: anybody may ask.

    Raises NotFound("key.unknown") where no step leads on from that key.
    """
    from_key = hex_part(said(asked.body), "known", 32)
    present = node.keys.public_key
    with node.store.reading() as tx:
        mine = known(tx).id
        steps = steps_of(tx, node, mine, present)
    try:
        found = steps_from(steps, mine, from_key, present)
    except Refused:
        raise NotFound("key.unknown", key_id=key_id_of(from_key)) from None
    return {"steps": [step.said() for step in found]}


def take_renewed(node: Node, asked: Asked) -> dict[str, Any]:
    """Take the new key of a post, shown by the steps from the key known here. Shown again, it changes nothing.

    Raises Invalid("peer.part" | "key.succession"), Refused: "peer.unknown-key" for a node not enrolled here,
    "peer.signature", "peer.key-lost", "key.not-followed" where the steps do not begin at the key in use.
    """
    value = said(asked.body)
    origin = text_part(value, "node", 64)
    steps = read_successions(part(value, "steps", list), node.keys.check)
    if not steps:
        raise Invalid("peer.part", part="steps", wanted="at least one")
    publics = public_of(steps, steps[0].old_key)
    end = publics[check_request(asked, publics.get).key_id]

    def work(tx: Transaction) -> None:
        peer = tx.tables.get(PEER, origin)
        if peer is None or peer["url"]:
            raise Refused("peer.unknown-key", key_id=key_id_of(end))
        refuse_lost(tx.tables.get(TRUSTED_KEY, key_id_of(peer["public_key"])))
        refuse_lost(tx.tables.get(TRUSTED_KEY, key_id_of(end)))
        take_steps(tx, peer, steps_from(steps, origin, peer["public_key"], end), vouched_by=known(tx).id)

    node.store.write(work)
    return {}


def key_to_check(tx: Transaction, key_id: str) -> bytes | None:
    """Return a key of a post enrolled here, also one that is refused: why it is refused is told to who has it only."""
    row = tx.tables.get(TRUSTED_KEY, key_id)
    peer = tx.tables.get(PEER, row["node"]) if row else None
    return bytes(row["public_key"]) if row and peer and not peer["url"] else None


def caller_of(tx: Transaction, key_id: str) -> Row:
    """Return the row of the post that calls with this key.

    A key that signed certificates once stays trusted for those, but only the present one opens this door. Raises
    Refused: "peer.unknown-key" for all not enrolled here, "peer.key-lost" (date=), "peer.key-renewed" for one that was
    followed by another.
    """
    row = tx.tables.get(TRUSTED_KEY, key_id)
    peer = tx.tables.get(PEER, row["node"]) if row else None
    if row is None or peer is None or peer["url"]:
        raise Refused("peer.unknown-key", key_id=key_id)
    refuse_lost(row)
    if peer["public_key"] != row["public_key"]:
        raise Refused("peer.key-renewed" if row["succeeded_by"] else "peer.unknown-key", key_id=key_id)
    return peer


def refuse_lost(row: Row | None) -> None:
    """Raise Refused("peer.key-lost", date=) for a key that was reported lost."""
    if row is not None and row["lost_from"]:
        raise Refused("peer.key-lost", date=row["lost_from"])


def take_steps(tx: Transaction, peer: Row, steps: tuple[Succession, ...], vouched_by: str) -> None:
    """Keep how the key of a peer was followed, and that the last one is in use. Raises Refused("key.not-followed")."""
    for step in steps:
        known_already = tx.tables.get(TRUSTED_KEY, step.new_id)
        if known_already is not None and (known_already["node"] != peer["node"] or known_already["valid_until"]):
            raise Refused("key.not-followed", key_id=step.new_id)  # a key does not come back
        keep_step(tx, step)
        before = tx.tables.get(TRUSTED_KEY, step.old_id) or _fresh_row(peer, step.old_key, step.at, vouched_by)
        tx.tables.put(TRUSTED_KEY, {**before, "valid_until": step.at, "succeeded_by": step.new_id})
        # What was issued before is printed again with the new key, so it may sign for all of the node's time.
        after = _fresh_row(peer, step.new_key, before["valid_from"], vouched_by)
        tx.tables.put(TRUSTED_KEY, after)
    if steps:
        tx.tables.put(PEER, {**peer, "public_key": steps[-1].new_key})


def _fresh_row(peer: Row, public_key: bytes, valid_from: str, vouched_by: str) -> Row:
    return {
        "key_id": key_id_of(public_key),
        "node": peer["node"],
        "node_name": peer["name"],
        "country": peer["country"],
        "public_key": public_key,
        "valid_from": valid_from,
        "valid_until": None,
        "vouched_by": vouched_by,
        "succeeded_by": None,
        "lost_from": None,
    }
