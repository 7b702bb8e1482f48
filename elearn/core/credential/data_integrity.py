"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022 (W3C, VC Data Integrity EdDSA 1.0, section 3.2).

What is signed is not the JSON but what it says: both proof and document are turned into canonical N-Quads (RDFC-1.0) by
the callable handed in, each is hashed, and the two hashes after each other are the message. Keys are did:key: the key
is its own name, so nothing has to be looked up to check a signature, and whether it is *believed* is asked elsewhere.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from elearn.core.vocab.errors import Invalid

Document = dict[str, Any]
Canonical = Callable[[Document], str]
"""canonical(document) -> its canonical N-Quads. Raises Invalid("credential.form") if it has none."""

SUITE = "eddsa-rdfc-2022"
KIND = "DataIntegrityProof"
PURPOSE = "assertionMethod"
_DID_KEY = "did:key:"
_ED25519 = b"\xed\x01"
"""Multicodec ed25519-pub, 0xed as a varint."""

# No 0 O I l; the order counts.
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {sign: value for value, sign in enumerate(_BASE58)}
_LONGEST = 128


@dataclass(frozen=True)
class Proof:
    """A proof as far as it can be read without checking it. options: all of it but the value."""

    public_key: bytes
    signature: bytes
    options: Document


def sign(
    document: Document, public_key: bytes, created: str, seal: Callable[[bytes], bytes], form: Canonical
) -> Document:
    """Return the document with a proof. created: xsd:dateTime; seal: message -> 64 bytes; the document has no proof."""
    did = did_of(public_key)
    options = {
        "type": KIND,
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": f"{did}#{did.removeprefix(_DID_KEY)}",
        "proofPurpose": PURPOSE,
    }
    value = multibase(seal(message_of(document, options, form)))
    return {**document, "proof": {**options, "proofValue": value}}


def message_of(document: Document, options: Document, form: Canonical) -> bytes:
    """Return the 64 bytes that are signed. document: a proof in it does not count; options: the proof's, no value."""
    bare = {key: value for key, value in document.items() if key != "proof"}
    config = {"@context": document.get("@context"), **{k: v for k, v in options.items() if k != "proofValue"}}
    return b"".join(hashlib.sha256(form(part).encode()).digest() for part in (config, bare))


def proof_of(document: Document) -> Proof:
    """Return the one proof of a document, unchecked. Raises Invalid("credential.proof") for none, or several."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    wanted = {"type": KIND, "cryptosuite": SUITE, "proofPurpose": PURPOSE}
    if not isinstance(proof, dict) or any(proof.get(key) != value for key, value in wanted.items()):
        raise Invalid("credential.proof", part="type")
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str):
        raise Invalid("credential.proof", part="value")
    signature = from_multibase(value)
    if len(signature) != 64:
        raise Invalid("credential.proof", part="value")
    return Proof(key_of(method), signature, {key: item for key, item in proof.items() if key != "proofValue"})


def did_of(public_key: bytes) -> str:
    """Return the did:key of an Ed25519 key of 32 bytes."""
    return _DID_KEY + multibase(_ED25519 + public_key)


def key_of(method: str) -> bytes:
    """Return the Ed25519 key of a did:key, with its own name as fragment or without one.

    Raises Invalid("credential.key") for another way of naming a key (a web address would have to be fetched).
    """
    name, mark, fragment = method.removeprefix(_DID_KEY).partition("#")
    if not method.startswith(_DID_KEY) or (mark and fragment != name):
        raise Invalid("credential.key", method=method[:100])
    try:
        named = from_multibase(name)
    except Invalid:
        raise Invalid("credential.key", method=method[:100]) from None
    if not named.startswith(_ED25519) or len(named) != 34:
        raise Invalid("credential.key", method=method[:100])
    return named.removeprefix(_ED25519)


def multibase(data: bytes) -> str:
    """Return bytes in base58-btc with its multibase mark, ``z``."""
    rest, signs = int.from_bytes(data, "big"), ""
    while rest:
        rest, value = divmod(rest, 58)
        signs = _BASE58[value] + signs
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + signs


def from_multibase(text: str) -> bytes:
    """Return the bytes of a base58-btc multibase text. Raises Invalid("credential.multibase")."""
    signs = text.removeprefix("z")
    if not text.startswith("z") or len(text) > _LONGEST or any(sign not in _VALUES for sign in signs):
        raise Invalid("credential.multibase", text=text[:100])
    rest = 0
    for sign in signs:
        rest = rest * 58 + _VALUES[sign]
    zeros = len(signs) - len(signs.lstrip("1"))
    return bytes(zeros) + rest.to_bytes((rest.bit_length() + 7) // 8, "big")


def key_id_of(public_key: bytes) -> str:
    """Return the id under which nodes keep a key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]
