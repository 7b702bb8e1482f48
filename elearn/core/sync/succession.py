"""How one key of a node is followed by the next: a sentence that both of them sign, and chains of such sentences.

The old key signs so that nobody else can put a key in its place; the new one signs so that nobody can claim a key that
is another's. Only a step that leads on from the key that is known counts, so an old one sent again changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.talk import hex_part, part, said, text_part
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import canonical_json

FORM = "elearn key succession 1"
MOST_STEPS = 200
"""In one message: two hundred renewals are many years."""

Check = Callable[[bytes, bytes, bytes], bool]
"""check(public_key, message, signature) -> whether the signature is right."""


@dataclass(frozen=True)
class Succession:
    """One step. words: exactly what both keys signed; old_key, new_key: 32 bytes; at: the instant the old one ended, by
    the clock of ``node``, and not before anything that node had recorded."""

    node: str
    old_key: bytes
    new_key: bytes
    at: str
    words: str
    old_signature: bytes
    new_signature: bytes

    @property
    def old_id(self) -> str:
        """Return the id of the key that ended."""
        return key_id_of(self.old_key)

    @property
    def new_id(self) -> str:
        """Return the id of the key that followed."""
        return key_id_of(self.new_key)

    def said(self) -> dict[str, str]:
        """Return it as it travels."""
        return {"words": self.words, "old": self.old_signature.hex(), "new": self.new_signature.hex()}


def succession_words(node: str, old_key: bytes, new_key: bytes, at: str) -> str:
    """Return what both keys sign."""
    value = {"form": FORM, "node": node, "old": old_key.hex(), "new": new_key.hex(), "at": at}
    return canonical_json(value).decode()


def succession_message(words: str) -> bytes:
    """Return the bytes that are signed."""
    return b"elearn key succession\n" + words.encode()


def read_succession(value: Any, checks: Check) -> Succession:
    """Return a step, its two signatures right. Raises Invalid("peer.part" | "key.succession", reason=)."""
    if not isinstance(value, dict):
        raise Invalid("peer.part", part="successions", wanted="objects")
    words = part(value, "words", str)
    content = said(words.encode())
    if content.get("form") != FORM:
        raise Invalid("key.succession", reason="another form")
    step = Succession(
        node=text_part(content, "node", 64),
        old_key=hex_part(content, "old", 32),
        new_key=hex_part(content, "new", 32),
        at=text_of(instant_of(text_part(content, "at", 40))),
        words=words,
        old_signature=hex_part(value, "old", 64),
        new_signature=hex_part(value, "new", 64),
    )
    message = succession_message(words)
    if step.old_key == step.new_key:
        raise Invalid("key.succession", reason="a key that follows itself")
    if not checks(step.old_key, message, step.old_signature):
        raise Invalid("key.succession", reason="not signed by the old key")
    if not checks(step.new_key, message, step.new_signature):
        raise Invalid("key.succession", reason="not signed by the new key")
    return step


def read_successions(values: list[Any], checks: Check) -> tuple[Succession, ...]:
    """Return the steps of one message. Raises as `read_succession`."""
    if len(values) > MOST_STEPS:
        raise Invalid("peer.part", part="successions", wanted=f"at most {MOST_STEPS}")
    return tuple(read_succession(one, checks) for one in values)


def steps_from(steps: Iterable[Succession], node: str, known: bytes, end: bytes) -> tuple[Succession, ...]:
    """Return the steps that lead from the known key of a node to the key ``end``, in order; () if it is that one.

    Raises Refused("key.not-followed"): they do not lead there, or another's step is among them.
    """
    follower = {one.old_key: one for one in steps if one.node == node}
    found: list[Succession] = []
    key = known
    while key != end:
        step = follower.pop(key, None)
        if step is None:
            raise Refused("key.not-followed", key_id=key_id_of(end))
        found.append(step)
        key = step.new_key
    return tuple(found)


def steps_to(steps: Iterable[Succession], node: str, end: bytes) -> tuple[Succession, ...]:
    """Return the steps that lead to the key ``end`` of a node, in order, as far back as they are known."""
    leader = {one.new_key: one for one in steps if one.node == node}
    found: list[Succession] = []
    key = end
    while (step := leader.pop(key, None)) is not None:
        found.append(step)
        key = step.old_key
    return tuple(reversed(found))
