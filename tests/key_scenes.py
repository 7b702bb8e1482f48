"""A hub and its posts whose keys change: certificates by each key, and what a post says of them that only exchanged."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cast import PIN, TickingClock, officer
from exchange_scenes import HUB_URL, Line, hub_node, numbered_officer, post_on
from small_course import certificate_of, publish

from elearn.adapters.system import Ed25519Keys
from elearn.core.credential.payload import decode, encode
from elearn.core.sync.signatures import sign_request
from elearn.core.sync.succession import Succession, succession_message, succession_words
from elearn.core.sync.talk import RENEWED, Answer, Asked, body_of
from elearn.services import certify
from elearn.services.accounts import Session, session, sign_in
from elearn.services.answer import answer
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.key_renewal import settle
from elearn.services.node import Node, fact
from elearn.services.operator import operator
from elearn.services.posts import give_code
from elearn.services.verify import verify_payload


@dataclass
class Places:
    """A hub, the post whose key changes, and another post that only exchanges with the hub."""

    hub: Node
    post: Node
    other: Node
    line: Line

    def exchange(self, *nodes: Node) -> None:
        """Let nodes exchange, one after the other: the post and then the other if none are named."""
        for node in nodes or (self.post, self.other):
            outcome = exchange_once(node)
            assert outcome.ok, outcome.error

    def state(self, payload: str, node: Node | None = None) -> str:
        """Return what a post says of a certificate; the other post if none is named."""
        return verify_payload(node or self.other, payload, "en").state

    def pass_days(self, days: int) -> None:
        """Let days go by everywhere."""
        for node in (self.hub, self.post, self.other):
            assert isinstance(node.clock, TickingClock)
            node.clock.shift(timedelta(days=days))


def places() -> Places:
    """Return all three, enrolled, with a published course."""
    hub = hub_node()
    line = Line(hub)
    post, other = post_on(line, 1), post_on(line, 2)
    for node, name in ((post, "Huay Xai"), (other, "Boten")):
        node.store.write(publish)
        enrol(node, HUB_URL, give_code(hub, name))
    hub.store.write(publish)
    for node in (hub, post, other):
        settle(node)  # as at every start
    return Places(hub, post, other, line)


def issued(node: Node) -> str:
    """Let an officer pass; return the text of the QR code of the certificate, signed with the key of today."""
    return printed(node, certificate_of(node, numbered_officer(node)))


def printed(node: Node, number: str) -> str:
    """Return the text of a certificate's QR code as it is printed today."""
    return certify.certificate_page(node, number, "en").payload


def number_of(payload: str) -> str:
    """Return the number of a certificate."""
    return decode(payload).claims.number


def forged(payload: str, keys: Ed25519Keys, **changes: Any) -> str:
    """Return a certificate that says something else, signed with a key somebody has."""
    claims = replace(decode(payload).claims, issuer_key_id=keys.key_id, **changes)
    return encode(claims, keys.sign)


def administrator(node: Node) -> Session:
    """Return somebody signed in who may report a loss."""
    officer(node, name="Chief", service_number="A-1", role="administrator")
    found = session(node, sign_in(node, "A-1", PIN, "test").token)
    assert found is not None
    return found


def key_of(node: Node) -> Ed25519Keys:
    """Return a copy of a node's key, as a thief has it."""
    found = node.keys.present()
    assert isinstance(found, Ed25519Keys)
    return found


def id_of(node: Node) -> str:
    """Return the node's id."""
    with node.store.reading() as tx:
        return str(fact(tx, "id"))


def step(node: str, old: Ed25519Keys, new: Ed25519Keys, **by: Ed25519Keys) -> Succession:
    """Return a step from one key to another. old_by, new_by: who signs in place of them."""
    words = succession_words(node, old.public_key, new.public_key, "2026-11-24T08:00:00.000000Z")
    message = succession_message(words)
    signed = [by.get("old_by", old).sign(message), by.get("new_by", new).sign(message)]
    return Succession(node, old.public_key, new.public_key, "2026-11-24T08:00:00.000000Z", words, *signed)


def tell(hub: Node, node: str, steps: list[Succession], keys: Ed25519Keys) -> Answer:
    """Show a hub steps, in a request signed with a key; return what it answers."""
    body = body_of({"node": node, "steps": [one.said() for one in steps]})
    headers = sign_request("POST", RENEWED, body, key_id=keys.key_id, nonce="n", sign=keys.sign)
    return answer(hub, Asked("POST", RENEWED, headers, body))


at_terminal = operator
