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
CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
ANYBODY = Ed25519Keys(bytes(32))


def text(name: str) -> str:
    return (VECTORS / name).read_text("utf-8")


def data(name: str) -> dict[str, Any]:
    return dict(json.loads(text(name)))


LINKED = BundledLinkedData(
    {
        EXAMPLES: data("eddsa/examples-v2.context.json"),
        CITIZENSHIP: data("eddsa/employ/citizenship-v4rc1.context.json"),
        EXTENSIONS: data("open_badges/extensions.context.json"),
    }
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


@pytest.mark.parametrize("folder", ["eddsa", "eddsa/employ"])
def test_w3cs_documents_become_w3cs_canonical_quads_and_hashes_and_are_accepted(folder: str) -> None:
    document = data(f"{folder}/signedDataInt.json")
    bare = {key: value for key, value in document.items() if key != "proof"}
    proof = data_integrity.proof_of(document)

    assert LINKED.canonical(bare) == text(f"{folder}/canonDocDataInt.txt")
    assert data_integrity.message_of(document, proof.options, LINKED.canonical).hex() == (
        text(f"{folder}/proofHashDataInt.txt") + text(f"{folder}/docHashDataInt.txt")
    )
    assert proof.signature.hex() == text(f"{folder}/sigHexDataInt.txt")
    assert accepted(document) is True


def test_w3cs_proof_becomes_w3cs_canonical_quads_also_without_pyld() -> None:
    config = {"@context": W3C["@context"], **data_integrity.proof_of(W3C).options}

    assert LINKED.canonical(config) == quads.canonical(config) == text("eddsa/proofCanonDataInt.txt")


@pytest.mark.parametrize("folder", ["eddsa", "eddsa/employ"])
def test_w3cs_key_gives_w3cs_proof_to_the_letter(folder: str) -> None:
    document = data(f"{folder}/signedDataInt.json")
    pair = data("eddsa/keyPair.json")
    private = data_integrity.from_multibase(pair["privateKeyMultibase"])
    public = data_integrity.from_multibase(pair["publicKeyMultibase"])
    assert private[:2] == b"\x80\x26"  # multicodec ed25519-priv
    keys = Ed25519Keys(private[2:])
    bare = {key: value for key, value in document.items() if key != "proof"}

    signed = data_integrity.sign(bare, keys.public_key, document["proof"]["created"], keys.sign, LINKED.canonical)

    assert public == b"\xed\x01" + keys.public_key
    assert signed == document


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

BADGE = data("open_badges/simple-did-key-method.json")
THEIR_KEY = Ed25519Keys(bytes.fromhex("6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"))


def proof_of_web(name: str) -> tuple[bytes, bytes, bytes]:
    """Return (key, message, signature) of a badge whose issuer is a web address: the key stands behind its #."""
    document = data(name)
    proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
    named = data_integrity.from_multibase(proof["verificationMethod"].split("#")[1])
    message = data_integrity.message_of(document, proof, LINKED.canonical)
    return named.removeprefix(b"\xed\x01"), message, data_integrity.from_multibase(proof["proofValue"])


def test_1edtechs_badge_with_a_did_key_is_accepted_and_refused_when_changed() -> None:
    assert accepted(BADGE) is True
    assert accepted(changed(BADGE, "credentialSubject", "achievement", "name", to="test 2")) is False
    assert accepted(changed(BADGE, "issuer", "name", to="Somebody")) is False


@pytest.mark.parametrize("name", ["simple", "complete", "blank-nodes"])
def test_1edtechs_badges_are_signed_as_we_read_them(name: str) -> None:
    key, message, signature = proof_of_web(f"open_badges/{name}.json")

    assert ANYBODY.check(key, message, signature) is True


def test_1edtechs_badge_with_a_wrong_proof_is_refused() -> None:
    key, message, signature = proof_of_web("open_badges/simple-err-proof-value.json")

    assert ANYBODY.check(key, message, signature) is False


@pytest.mark.parametrize("name", ["simple", "blank-nodes"])
def test_1edtechs_key_gives_1edtechs_proof(name: str) -> None:
    key, message, signature = proof_of_web(f"open_badges/{name}.json")

    assert key == THEIR_KEY.public_key
    assert THEIR_KEY.sign(message) == signature


def test_a_key_behind_a_web_address_is_not_looked_up() -> None:
    with pytest.raises(Invalid, match=r"credential\.key"):
        data_integrity.proof_of(data("open_badges/simple.json"))


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
