"""Enrolment, both sides of it: a post and a hub learn each other's keys by a one-time code.

The code's secret does not travel. Both prove that they know it, so that on a plain line nobody can pass as either; the
hub's answer may get lost: the same post with the same key may ask again.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.sync.codes import MOST_WRONG_TRIES, Code, parse_code, proof, proves, secret_digest
from elearn.core.sync.signatures import check_answer, check_request, key_id_of, sign_request
from elearn.core.sync.succession import read_successions, steps_to
from elearn.core.sync.talk import ENROL, Answer, Asked, body_of, error_from, hex_part, part, said, text_part
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, Refused
from elearn.core.vocab.kept import CONFIRMED, ENROLMENT_CODE, PEER, PERSON_SENT, TRUSTED_KEY
from elearn.core.vocab.nodes import POWERS, NodeKind, Power
from elearn.core.vocab.people import Country
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Keys, Transaction
from elearn.services.hub_line import NONCE_BYTES, strange
from elearn.services.key_renewal import keep_step, steps_of
from elearn.services.node import About, Node, keep_fact, known
from elearn.services.trusted_keys import keep_keys, keys_said

LONGEST_NAME = 80
LONGEST_URL = 300


def enrol(node: Node, url: str, code_text: str) -> str:
    """Enrol this node with the hub at ``url``; return the hub's name. Nothing is sent but who the node is.

    Raises Invalid("hub-url.wrong"), Invalid("enrol.code-signs" | "enrol.code-length"), Refused with the codes of
    `enrol_post`, Refused("enrol.not-the-hub") for an answer by somebody who does not know the code, Unavailable as
    `ports.Peer.call`.
    """
    node.must(Power.CALL_HUB)
    address, code = hub_address(url), parse_code(code_text)
    keys = node.keys.present()
    with node.store.reading() as tx:
        mine = known(tx)
        request = request_of(tx, node, mine, keys, code)
    key = secret_digest(code)
    body = body_of({"request": request, "proof": proof(key, "post", request)})
    nonce = node.ids.secret(NONCE_BYTES)
    headers = sign_request("POST", ENROL, body, key_id=keys.key_id, nonce=nonce, sign=keys.sign)
    hub = _hub_in(node.peer.call(address, "POST", ENROL, body, headers), key, request, nonce)
    node.store.write(lambda tx: keep_hub(tx, node, mine, address, hub))
    return text_part(hub, "name")


def hub_address(url: str) -> str:
    """Return the address of a hub as typed, in one form. Raises Invalid("hub-url.wrong")."""
    text = url.strip()
    text = (text if "://" in text else f"http://{text}").rstrip("/")
    try:
        parts = urlsplit(text)
        fine = parts.hostname and (parts.port is None or parts.port > 0) and text.isascii() and text.isprintable()
    except ValueError:
        raise Invalid("hub-url.wrong", url=url[:LONGEST_URL]) from None
    plain = not (parts.username or parts.query or parts.fragment or " " in text)
    if not fine or not plain or parts.scheme not in {"http", "https"} or len(text) > LONGEST_URL:
        raise Invalid("hub-url.wrong", url=url[:LONGEST_URL])
    return text


def request_of(tx: Transaction, node: Node, mine: About, keys: Keys, code: Code) -> dict[str, Any]:
    """Return what a post says of itself when it asks to be enrolled."""
    steps = [step.said() for step in steps_of(tx, node, mine.id, keys.public_key)]
    told = {"code_id": code.code_id, "demo": mine.demo, "since": mine.set_up_at, "steps": steps}
    return {**about_node(node, mine, keys), **told}


def about_node(node: Node, mine: About, keys: Keys) -> dict[str, Any]:
    """Return what a node says of itself to one it wants to be known by."""
    return {
        "node": mine.id,
        "name": mine.name,
        "kind": node.settings.kind.value,
        "country": mine.country,
        "agency": mine.agency,
        "public_key": keys.public_key.hex(),
        "time": node.now(),
    }


def _hub_in(answer: Answer, key: bytes, request: dict[str, Any], nonce: str) -> dict[str, Any]:
    """Return the hub as it describes itself, once it has shown that it knows the code."""
    try:
        error, value = error_from(answer), said(answer.body)
    except ElearnError as problem:
        raise strange(answer, problem) from problem
    if error is not None:
        raise error
    try:
        hub, given = part(value, "answer", dict), text_part(value, "proof")
        public_key = hex_part(hub, "public_key", 32)
        if not proves(key, "hub", hub, given) or hub.get("request") != digest_of(request):
            raise Refused("enrol.not-the-hub")
        check_answer(answer, nonce, lambda _: public_key)
    except ElearnError as problem:
        raise Refused("enrol.not-the-hub") from problem
    if Power.ANSWER_POSTS not in POWERS[kind_in(hub)]:
        raise Refused("enrol.not-a-hub", name=text_part(hub, "name"))
    return hub


def keep_hub(tx: Transaction, node: Node, mine: About, address: str, hub: dict[str, Any]) -> None:
    """Keep a hub as the one this node is enrolled with, inside a write. address: "stick:" where there is no line."""
    row = {**_peer_row(hub, node.now()), "url": address, "clock_offset_ms": clock_offset_ms(hub, node)}
    if row["node"] == mine.id:
        raise Refused("enrol.self")
    # As its kind may; the first exchange confirms it, and a stick may come before that.
    holds = Power.HOLD_IDENTITIES in POWERS[NodeKind(row["kind"])]
    tx.tables.put(PEER, {**row, "state": {"holds_identities": holds}})
    # What an earlier hub, or this one before its disk was lost, has confirmed says nothing about this one.
    tx.tables.delete(CONFIRMED, {"peer": row["node"]})
    tx.tables.delete(PERSON_SENT, {"peer": row["node"]})
    keep_fact(tx, "hub", row["node"])
    _keep_key(tx, row, row["node"], node.now(), node.now())
    keep_keys(tx, node, row["node"], part(hub, "keys", list))


def enrol_post(node: Node, asked: Asked) -> dict[str, Any]:
    """Enrol the post that asks; return the answer and its proof.

    Raises Refused: "enrol.code-wrong" (also for a code there is none of), "enrol.code-blocked" after five wrong tries,
    "enrol.code-used", "enrol.code-expired" (expired=), "enrol.code-other-node", "enrol.not-a-post", "enrol.demo",
    "enrol.self", "enrol.key-lost" (date=) for a key that was reported lost; Conflict("enrol.node-known", name=) for a
    known node with a new key; Invalid as `talk.part`.
    """
    value = said(asked.body)
    request, given = part(value, "request", dict), text_part(value, "proof")
    public_key = hex_part(request, "public_key", 32)
    check_request(asked, {key_id_of(public_key): public_key}.get)
    outcome = node.store.write(lambda tx: enrol_in(tx, node, request, given))
    if isinstance(outcome, ElearnError):
        raise outcome
    return outcome


def enrol_in(tx: Transaction, node: Node, request: dict[str, Any], given: str) -> dict[str, Any] | ElearnError:
    """Return the answer. Refusals are returned, not raised: a wrong try must stay counted."""
    code = tx.tables.get(ENROLMENT_CODE, text_part(request, "code_id", 8))
    if code is None:
        return Refused("enrol.code-wrong")
    if code["wrong_tries"] >= MOST_WRONG_TRIES:
        return Refused("enrol.code-blocked")
    key = bytes.fromhex(code["secret_digest"])
    if not proves(key, "post", request, given):
        tx.tables.put(ENROLMENT_CODE, {**code, "wrong_tries": code["wrong_tries"] + 1})
        return Refused("enrol.code-wrong")
    mine, post = known(tx), _peer_row(request, node.now())
    refused = _code_problem(code, post, node) or _post_problem(tx, mine, code, post, request)
    if refused is not None:
        return refused
    if not code["used_by"]:
        tx.tables.put(ENROLMENT_CODE, {**code, "used_by": post["node"], "used_at": node.now()})
        offset_ms = clock_offset_ms(request, node)
        tx.tables.put(PEER, {**post, "last_contact_at": node.now(), "clock_offset_ms": offset_ms, "state": {}})
        _keep_key(tx, post, mine.id, _since(tx, request, post, node.now()), _last_used(tx, post, node.now()))
        _keep_earlier(tx, node, post, mine.id, request)
    answer = {**about_node(node, mine, node.keys), "request": digest_of(request), "keys": keys_said(tx, set())}
    return {"answer": answer, "proof": proof(key, "hub", answer)}


def _code_problem(code: Row, post: Row, node: Node) -> ElearnError | None:
    if code["used_by"]:
        return None if code["used_by"] == post["node"] else Refused("enrol.code-used")
    if instant_of(node.now()) >= instant_of(code["expires_at"]):
        return Refused("enrol.code-expired", expired=code["expires_at"])
    if code["for_node"] and code["for_node"] != post["node"]:
        return Refused("enrol.code-other-node", name=code["post_name"])
    return None


def _post_problem(tx: Transaction, mine: About, code: Row, post: Row, request: dict[str, Any]) -> ElearnError | None:
    if Power.CALL_HUB not in POWERS[NodeKind(post["kind"])]:
        return Refused("enrol.not-a-post")
    if post["node"] == mine.id:
        return Refused("enrol.self")
    if part(request, "demo", bool) != mine.demo:
        return Refused("enrol.demo")
    return _key_problem(tx, code, post)


def _key_problem(tx: Transaction, code: Row, post: Row) -> ElearnError | None:
    key = tx.tables.get(TRUSTED_KEY, key_id_of(post["public_key"]))
    if key is not None and key["lost_from"]:
        return Refused("enrol.key-lost", date=key["lost_from"])
    peer = tx.tables.get(PEER, post["node"])
    if peer is None or peer["public_key"] == post["public_key"]:
        return None
    # A stranger with a code for another post must not become this one.
    if code["used_by"]:
        return Refused("enrol.code-used")
    return None if code["for_node"] == post["node"] else Conflict("enrol.node-known", name=peer["name"])


def _peer_row(value: dict[str, Any], now: str) -> Row:
    country = text_part(value, "country", 2)
    if country not in {one.value for one in Country}:
        raise Invalid("peer.part", part="country", wanted="a country of the six")
    return {
        "node": text_part(value, "node", 64),
        "name": text_part(value, "name", LONGEST_NAME),
        "kind": kind_in(value).value,
        "country": country,
        "public_key": hex_part(value, "public_key", 32),
        "enrolled_at": now,
    }


def kind_in(value: dict[str, Any]) -> NodeKind:
    """Return the kind a node says it is. Raises Invalid("peer.part")."""
    try:
        return NodeKind(text_part(value, "kind", 40))
    except ValueError:
        raise Invalid("peer.part", part="kind", wanted="a kind of node") from None


def _keep_key(tx: Transaction, peer: Row, vouched_by: str, valid_from: str, others_until: str) -> None:
    """Keep the key of a node as the one in use; end the others there are of it. What was lost stays lost."""
    key_id = key_id_of(peer["public_key"])
    for row in tx.tables.select(TRUSTED_KEY, {"node": peer["node"]}):
        if row["key_id"] != key_id and not row["valid_until"]:
            tx.tables.put(TRUSTED_KEY, {**row, "valid_until": others_until})
    tx.tables.put(
        TRUSTED_KEY,
        {
            "key_id": key_id,
            "node": peer["node"],
            "node_name": peer["name"],
            "country": peer["country"],
            "public_key": peer["public_key"],
            "valid_from": valid_from,
            "valid_until": None,
            "vouched_by": vouched_by,
            "succeeded_by": None,
            "lost_from": None,
        },
    )


def _since(tx: Transaction, request: dict[str, Any], post: Row, now: str) -> str:
    """Return since when certificates of this post may be dated: when it was set up, for it prints old ones anew."""
    said = text_of(instant_of(text_part(request, "since", 40))) if request.get("since") else now
    known_since = [row["valid_from"] for row in tx.tables.select(TRUSTED_KEY, {"node": post["node"]})]
    return min([said, now, *(str(since) for since in known_since if since)])


def _last_used(tx: Transaction, post: Row, now: str) -> str:
    """Return until when an earlier key of this post can have signed: a certificate may be dated after this clock."""
    newest = tx.tables.select(CERTIFICATE, {"node": post["node"]}, order=("-issued_at",), limit=1)
    return max(now, str(newest[0]["issued_at"] or "") if newest else "")


def _keep_earlier(tx: Transaction, node: Node, post: Row, vouched_by: str, request: dict[str, Any]) -> None:
    """Keep the keys a post had before it came here, as far as each signed for the next."""
    steps = read_successions(part(request, "steps", list) if "steps" in request else [], node.keys.check)
    for step in steps_to(steps, post["node"], post["public_key"]):
        held = tx.tables.get(TRUSTED_KEY, step.old_id)
        if held is not None and held["node"] != post["node"]:
            return
        keep_step(tx, step)
        if held is None:
            row = tx.tables.get(TRUSTED_KEY, key_id_of(post["public_key"])) or {}
            earlier = {"key_id": step.old_id, "public_key": step.old_key, "valid_until": step.at}
            tx.tables.put(TRUSTED_KEY, {**row, **earlier, "succeeded_by": step.new_id, "vouched_by": vouched_by})
        elif not held["succeeded_by"] and not held["lost_from"]:
            tx.tables.put(TRUSTED_KEY, {**held, "valid_until": step.at, "succeeded_by": step.new_id})


def clock_offset_ms(value: dict[str, Any], node: Node) -> int:
    """Return how far the other side's clock is ahead of this one's; its message says `time`."""
    return round((instant_of(text_part(value, "time", 40)) - instant_of(node.now())) / timedelta(milliseconds=1))
