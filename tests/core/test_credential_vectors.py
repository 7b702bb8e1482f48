"""Public test vectors: what others signed is accepted, their key gives their signature, a changed one is refused.

Where they come from stands in vectors/README.md.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from elearn.adapters.linked_data import BundledLinkedData
from elearn.adapters.system import Ed25519Keys
from elearn.core.credential import cose, data_integrity, quads
from elearn.core.vocab.errors import Invalid

VECTORS = Path(__file__).parent / "vectors"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
ANYBODY = Ed25519Keys(bytes(32))


def text(name: str) -> str:
    return (VECTORS / name).read_text("utf-8")


def data(name: str) -> dict[str, Any]:
    return dict(json.loads(text(name)))


LINKED = BundledLinkedData(
    {EXAMPLES: data("eddsa/examples-v2.context.json"), EXTENSIONS: data("open_badges/extensions.context.json")}
)


def accepted(document: dict[str, Any]) -> bool:
    proof = data_integrity.proof_of(document)
    message = data_integrity.message_of(document, proof.options, LINKED.canonical)
    return ANYBODY.check(proof.public_key, message, proof.signature)


def changed(document: dict[str, Any], *path: str, to: Any) -> dict[str, Any]:
    whole = json.loads(json.dumps(document))
    inside = whole
    for key in path[:-1]:
        inside = inside[key]
    assert inside[path[-1]] != to
    inside[path[-1]] = to
    return dict(whole)


# --- W3C, eddsa-rdfc-2022


W3C = data("eddsa/signedDataInt.json")


def test_w3cs_documents_become_w3cs_canonical_quads_and_hashes() -> None:
    bare = {key: value for key, value in W3C.items() if key != "proof"}
    proof = data_integrity.proof_of(W3C)

    assert LINKED.canonical(bare) == text("eddsa/canonDocDataInt.txt")
    config = {"@context": W3C["@context"], **proof.options}
    assert LINKED.canonical(config) == quads.canonical(config) == text("eddsa/proofCanonDataInt.txt")
    assert data_integrity.message_of(W3C, proof.options, LINKED.canonical).hex() == (
        text("eddsa/proofHashDataInt.txt") + text("eddsa/docHashDataInt.txt")
    )
    assert proof.signature.hex() == text("eddsa/sigHexDataInt.txt")


def test_w3cs_signed_document_is_accepted() -> None:
    assert accepted(W3C) is True


def test_w3cs_key_gives_w3cs_proof_to_the_letter() -> None:
    pair = data("eddsa/keyPair.json")
    private = data_integrity.from_multibase(pair["privateKeyMultibase"])
    public = data_integrity.from_multibase(pair["publicKeyMultibase"])
    assert private[:2] == b"\x80\x26"  # multicodec ed25519-priv
    keys = Ed25519Keys(private[2:])
    bare = {key: value for key, value in W3C.items() if key != "proof"}

    signed = data_integrity.sign(bare, keys.public_key, W3C["proof"]["created"], keys.sign, LINKED.canonical)

    assert public == b"\xed\x01" + keys.public_key
    assert signed == W3C


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("credentialSubject", "alumniOf"), "The School of Forgers"),
        (("issuer",), "https://vc.example/issuers/5679"),
        (("validFrom",), "2023-01-01T00:00:01Z"),
        (("credentialSubject", "id"), "did:example:abcdefgi"),
        (("type",), ["VerifiableCredential"]),
        (("proof", "created"), "2024-02-24T23:36:38Z"),
    ],
)
def test_what_was_changed_in_w3cs_document_is_refused(path: tuple[str, ...], to: Any) -> None:
    assert accepted(changed(W3C, *path, to=to)) is False


# --- 1EdTech, Open Badges 3.0


def test_1edtechs_badge_is_accepted_and_refused_when_changed() -> None:
    badge = data("open_badges/simple-did-key-method.json")

    assert accepted(badge) is True
    assert accepted(changed(badge, "credentialSubject", "achievement", "name", to="test 2")) is False
    assert accepted(changed(badge, "issuer", "name", to="Somebody")) is False


def test_a_context_that_is_not_bundled_is_not_fetched() -> None:
    with pytest.raises(Invalid, match=r"credential\.form"):
        BundledLinkedData().canonical(W3C)


# --- EU health certificate: COSE_Sign1 over CBOR in zlib and base45

DGC = data("dgc/BE-1.json")


def signer() -> EllipticCurvePublicKey:
    key = x509.load_der_x509_certificate(base64.b64decode(DGC["TESTCTX"]["CERTIFICATE"])).public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    return key


def check(message: cose.Sign1) -> None:
    """Raise InvalidSignature unless the certificate's key signed this (ES256: r and s of 32 bytes each)."""
    r, s = (int.from_bytes(half, "big") for half in (message.signature[:32], message.signature[32:]))
    signer().verify(encode_dss_signature(r, s), message.to_be_signed, ECDSA(SHA256()))


def test_an_eu_certificate_opens_with_our_reader_says_what_it_says_and_its_signature_is_right() -> None:
    message = cose.unpacked("HC1:", DGC["PREFIX"])

    check(message)
    assert cose.read(message.header)[1] == -7
    assert cose.read(message.body)[-260][1] == DGC["JSON"]


def test_an_eu_certificate_packed_again_opens_again() -> None:
    message = cose.unpacked("HC1:", DGC["PREFIX"])

    assert cose.unpacked("HC1:", cose.packed("HC1:", message)) == message


def test_an_eu_certificate_with_another_name_is_refused() -> None:
    message = cose.unpacked("HC1:", DGC["PREFIX"])
    forged = message._replace(body=message.body.replace(b"EBRAERT", b"EBRAERD"))
    assert forged != message

    with pytest.raises(InvalidSignature):
        check(cose.unpacked("HC1:", cose.packed("HC1:", forged)))


@pytest.mark.parametrize("place", [10, 100, 300, 500])
def test_an_eu_certificate_with_one_sign_changed_does_not_even_open(place: int) -> None:
    torn = DGC["PREFIX"][:place] + ("A" if DGC["PREFIX"][place] != "A" else "B") + DGC["PREFIX"][place + 1 :]

    with pytest.raises(Invalid, match=r"payload\.(torn|form)"):
        cose.unpacked("HC1:", torn)
