"""What a hub answers to its posts: each question is signed by one it enrolled, and each answer by the hub."""

from collections.abc import Callable
from typing import Any

from elearn.core.ledger.entry import Head
from elearn.core.sync.batch import unpack
from elearn.core.sync.files import LARGEST_CHUNK
from elearn.core.sync.signatures import check_request, claimed_nonce, sign_answer
from elearn.core.sync.talk import (
    DOWN,
    ENROL,
    ENTRIES,
    FILE,
    HELLO,
    LARGEST_BODY_BYTES,
    MOST_CHAINS,
    OK,
    OWN,
    RENEWED,
    STEPS,
    TALK,
    TOO_LARGE,
    UP,
    VECTOR,
    Answer,
    Asked,
    body_of,
    check_talk,
    hex_part,
    number_part,
    part,
    refusal,
    said,
    text_part,
)
from elearn.core.sync.vector import SHORT, digest_of_heads
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, NotFound
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services import exchange_parts as parts
from elearn.services.chains import held_head, sent_by
from elearn.services.enrolment import LONGEST_NAME, clock_offset_ms, enrol_post
from elearn.services.exchange_talk import whole_digest
from elearn.services.healing import own_entries
from elearn.services.key_following import caller_of, key_to_check, say_steps, take_renewed
from elearn.services.node import Node, known
from elearn.services.offering import piece_of
from elearn.services.receiving import receive_batch

SAID, PIECE = "application/json", "application/octet-stream"


def answer(node: Node, asked: Asked) -> Answer:
    """Return the signed answer to what another node asks, or the signed refusal."""
    nonce = claimed_nonce(asked.headers)
    try:
        node.must(Power.ANSWER_POSTS)
        if len(asked.body) > LARGEST_BODY_BYTES:
            raise Invalid(TOO_LARGE, size_bytes=len(asked.body), most_bytes=LARGEST_BODY_BYTES)
        if asked.path == FILE:
            status, body, kind = OK, _file(node, _caller(node, asked), asked.body), PIECE
        else:
            status, body, kind = OK, body_of(_answered(node, asked)), SAID
    except ElearnError as error:
        (status, body), kind = refusal(error), SAID
    keys = node.keys.present()
    headers = sign_answer(status, body, key_id=keys.key_id, nonce=nonce, sign=keys.sign)
    return Answer(status, headers, body, kind)


def _answered(node: Node, asked: Asked) -> dict[str, Any]:
    of_anybody = _OF_ANYBODY.get(asked.path)
    if of_anybody is not None:
        return {**of_anybody(node, asked), "time": node.now()}
    errand = _ERRANDS.get(asked.path)
    if errand is None:
        raise NotFound("peer.unknown-path", path=asked.path)
    value = errand(node, _caller(node, asked), asked.body)
    return {**value, "time": node.now()}


def _caller(node: Node, asked: Asked) -> Row:
    """Return the peer that signed. Raises Refused: "peer.signature", as `key_following.caller_of`."""
    with node.store.reading() as tx:
        signed = check_request(asked, lambda key_id: key_to_check(tx, key_id))
        return caller_of(tx, signed.key_id)


def _hello(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Answer nothing where both sides agree, else what this one has; note how fresh the post is.

    body: {talk, time, state: `exchange_talk.state_digest`, name: where it is new, head: number, where it has more than
    this hub has confirmed}. The answer, where the states differ: {talk, name, country, holds_identities, chains:
    {held: [[node, number, digest]], more: where the next page begins}, down: {part: digest}, up: {part: digest}}.
    """
    value = said(body)
    check_talk(value)
    state = text_part(value, "state", 64)
    head = number_part(value, "head") if "head" in value else None
    seen: Row = {"last_contact_at": node.now(), "clock_offset_ms": clock_offset_ms(value, node)}
    if "name" in value:
        seen["name"] = text_part(value, "name", LONGEST_NAME)

    def work(tx: Transaction) -> dict[str, Any]:
        row = {**(tx.tables.get(PEER, caller["node"]) or caller), **seen}
        heads = _heads(tx, caller["node"])
        held = heads.get(caller["node"], Head(caller["node"])).number
        number = held if head is None else head
        past = {**(row["state"] or {}), "head": number, "problem": "chain.shorter" if number < held else ""}
        tx.tables.put(PEER, {**row, "state": past})
        return _differing(tx, node, row, heads, state)

    return node.store.write(work)


def _differing(tx: Transaction, node: Node, caller: Row, heads: dict[str, Head], state: str) -> dict[str, Any]:
    mine, holds = known(tx), node.can(Power.HOLD_IDENTITIES)
    down, up = parts.there(tx, node, caller), parts.kept(caller, "up")
    if whole_digest([mine.name, mine.country, holds], digest_of_heads(heads.values()), down, up) == state:
        return {}
    return {
        "talk": TALK,
        "name": mine.name,
        "country": mine.country,
        "holds_identities": holds,
        "chains": _page(heads, ""),
        "down": down,
        "up": up,
    }


def _heads(tx: Transaction, caller: str) -> dict[str, Head]:
    """Return the chains this node holds of those the caller may send."""
    heads = {origin: held_head(tx, origin) for origin in sent_by(tx, caller)}
    return {origin: head for origin, head in heads.items() if head.number}


def _page(heads: dict[str, Head], after: str) -> dict[str, Any]:
    left = sorted(origin for origin in heads if origin > after)
    page, rest = left[:MOST_CHAINS], left[MOST_CHAINS:]
    held = [[origin, heads[origin].number, heads[origin].digest] for origin in page]
    return {"held": held, "more": page[-1] if rest else ""}


def _vector(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Answer which numbers are held, from one chain on: the pages that had no room in the hello."""
    value = said(body)
    check_talk(value)
    after = text_part(value, "after", 64)
    with node.store.reading() as tx:
        return _page(_heads(tx, caller["node"]), after)


def _entries(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Answer which numbers are held now, and what was kept apart."""
    batch = unpack(body)
    try:
        received = receive_batch(node, caller["node"], batch)
    except Conflict as error:
        if batch.origin == caller["node"]:
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


def _own(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    return own_entries(node, caller, said(body))


def _up(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Take in a part from below. body: {part, value, digest: "" while more is to come}; answer: the part's own."""
    value = said(body)
    name, digest = text_part(value, "part", 40), part(value, "digest", str)
    if "value" not in value:
        raise Invalid("peer.part", part="value", wanted="anything")
    one = next((one for one in parts.UP if one.name == name), None)
    if one is None:
        raise NotFound("peer.unknown-part", part=name)
    given = one.take(node, caller, value["value"])
    if digest:
        node.store.write(lambda tx: parts.keep(tx, caller["node"], "up", name, digest[:SHORT]))
    return given


def _down(node: Node, caller: Row, body: bytes) -> dict[str, Any]:
    """Answer with the parts that are asked for. body: {parts: {name: what the caller says it wants}}."""
    wanted = part(said(body), "parts", dict)
    with node.store.reading() as tx:
        return {
            "parts": {
                one.name: one.given(tx, node, caller, wanted[one.name]) for one in parts.DOWN if one.name in wanted
            }
        }


def _file(node: Node, caller: Row, body: bytes) -> bytes:
    """Answer with a piece of a file of what is handed down. body: {digest, offset, size: at most so many bytes}."""
    value = said(body)
    digest, offset, size = hex_part(value, "digest", 32).hex(), number_part(value, "offset"), number_part(value, "size")
    with node.store.reading() as tx:
        return piece_of(tx, node, caller, digest)[offset : offset + min(size, LARGEST_CHUNK)]


_OF_ANYBODY: dict[str, Callable[[Node, Asked], dict[str, Any]]] = {
    ENROL: enrol_post,
    STEPS: say_steps,
    RENEWED: take_renewed,
}
"""What is answered to a key not known here yet; each looks at the signature itself."""

_ERRANDS: dict[str, Callable[[Node, Row, bytes], dict[str, Any]]] = {
    HELLO: _hello,
    VECTOR: _vector,
    ENTRIES: _entries,
    OWN: _own,
    UP: _up,
    DOWN: _down,
}
