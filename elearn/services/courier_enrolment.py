"""Enrolling a post that has no line to its hub: a one-time code, and a file the hub makes to go with it.

The file says who the hub is and what to seal to it; that it is the hub's own is proved with the code, so the post may
believe it before the hub has heard of the post. The post's first file asks to be enrolled, proved the same way.
"""

from datetime import timedelta
from typing import Any

from elearn.core.sync.codes import parse_code, proof, proves, secret_digest
from elearn.core.sync.courier import enrolment_file, read_enrolment_file
from elearn.core.sync.talk import part, text_part
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import ENROLMENT_CODE, PEER
from elearn.core.vocab.nodes import POWERS, Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.times import text_of
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.boxes import recipient_in, said
from elearn.services.courier_files import STICK
from elearn.services.courier_head import ENROL_FACT
from elearn.services.enrolment import about_node, keep_hub, kind_in, request_of
from elearn.services.node import Node, keep_fact, known
from elearn.services.posts import codes
from elearn.services.trusted_keys import keys_said

VALID_DAYS = 120
"""How long a code is good once there is a file for it: sticks take their time, there and back."""
_SIDE = "hub-file"


def make_enrolment_file(node: Node, by: Session, code_id: str) -> tuple[str, bytes]:
    """Return name and content of the file that goes with a code, and let the code be good for longer.

    Raises Refused("permission" | "node.power" | "enrol.code-used"), NotFound("enrol.code-gone") for one that is used,
    too old or not known.
    """
    demand(by, Permission.MANAGE_NODE)
    node.must(Power.ANSWER_POSTS)
    is_open = any(one.code_id == code_id and one.state == "open" for one in codes(node))

    def work(tx: Transaction) -> bytes:
        row = tx.tables.get(ENROLMENT_CODE, code_id)
        if row is None or not is_open:
            raise NotFound("enrol.code-gone")
        tx.tables.put(ENROLMENT_CODE, {**row, "expires_at": text_of(node.clock.now() + timedelta(days=VALID_DAYS))})
        mine = known(tx)
        hub = {
            **about_node(node, mine, node.keys.present()),
            "code_id": code_id,
            "demo": mine.demo,
            "box": said(node),
            "keys": keys_said(tx, set()),
        }
        return enrolment_file({"hub": hub, "proof": proof(bytes.fromhex(row["secret_digest"]), _SIDE, hub)})

    return f"elearn-enrolment-{code_id}.json", node.store.write(work)


def enrol_by_file(node: Node, by: Session, content: bytes, code_text: str) -> str:
    """Enrol this node with the hub that made the file; return the hub's name. The hub learns of it by the next file.

    Raises Refused("permission" | "enrol.demo" | "enrol.self" | "enrol.not-a-hub"), Refused("enrolment-file.other-code")
    where file and code do not belong together, Invalid("enrol.code-signs" | "enrol.code-length" |
    "enrolment-file.not-one" | "peer.part"), Refused("courier.newer").
    """
    demand(by, Permission.MANAGE_NODE)
    node.must(Power.CALL_HUB)
    code = parse_code(code_text)
    value = read_enrolment_file(content)
    hub, key = value["hub"], secret_digest(code)
    if hub.get("code_id") != code.code_id or not proves(key, _SIDE, hub, value["proof"]):
        raise Refused("enrolment-file.other-code")
    if Power.ANSWER_POSTS not in POWERS[kind_in(hub)]:
        raise Refused("enrol.not-a-hub", name=text_part(hub, "name"))
    keys = node.keys.present()

    def work(tx: Transaction) -> None:
        mine = known(tx)
        if part(hub, "demo", bool) != mine.demo:
            raise Refused("enrol.demo")
        keep_hub(tx, node, mine, STICK, hub)
        row: dict[str, Any] = tx.tables.get(PEER, text_part(hub, "node", 64)) or {}
        state = {**(row["state"] or {}), "box": recipient_in(hub.get("box"))}
        # The file was made days ago: it says nothing about the hub's clock.
        tx.tables.put(PEER, {**row, "clock_offset_ms": 0, "state": state})
        request = request_of(tx, node, mine, keys, code)
        keep_fact(tx, ENROL_FACT, {"request": request, "proof": proof(key, "post", request)})

    node.store.write(work)
    return text_part(hub, "name")
