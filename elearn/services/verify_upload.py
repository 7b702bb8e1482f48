"""Checks an uploaded file that carries its own signature: a certificate's PDF, or the credential out of it, as JSON.

A PDF is judged by all that is signed in it. The credential names the digest of the whole file around it: where that is
right, what the page shows is what was signed, to the byte. Where it is not - a program may have saved the file anew, or
it was made before there were credentials - only the signed words are vouched for, and a person compares.
"""

import json
from dataclasses import replace
from typing import Any

from elearn.core.credential import data_integrity
from elearn.core.credential.certificate_file import CertificateFile, says_another
from elearn.core.credential.data_integrity import Document
from elearn.core.credential.open_badge import OpenBadge, badge_of
from elearn.core.credential.payload import SignedClaims, decode
from elearn.core.credential.verify import State
from elearn.core.vocab.errors import Invalid
from elearn.services.node import Node
from elearn.services.revocations import list_date
from elearn.services.verify import CertificateCheck, believes, verify_signed

CREDENTIAL_LIMIT = 64 * 1024
ALTERED = State.ALTERED.value
UNKNOWN_ISSUER = "unknown_issuer"


def verify_upload(node: Node, data: bytes, language: str) -> CertificateCheck:
    """Check an uploaded PDF or JSON.

    Raises Invalid("pdf.too-large" | "pdf.unreadable" | "pdf.no-payload" | "payload.*"), for JSON
    Invalid("credential.unreadable") if it is no credential signed as ours are, and Invalid("credential.other") if it is
    signed by somebody we trust, but is no certificate of a form known here.
    """
    if b"%PDF-" in data[:1024]:
        return _verify_pdf(node, data, language)
    return _verify_credential(node, data, language)[0]


def _verify_pdf(node: Node, pdf: bytes, language: str) -> CertificateCheck:
    file = node.press.read_certificate(pdf)
    by_code = decode(file.payload) if file.payload else None
    checks = [verify_signed(node, by_code, language)] if by_code else []
    badge = None
    if file.credential:
        attached, badge = _verify_attached(node, file.credential, language)
        checks += attached
    if not checks:
        raise Invalid("credential.other")
    # What is wrong with one of them is wrong with the file; and nobody else puts a word into a certificate of ours.
    states = {one.state for one in checks}
    if ALTERED in states or len(states) > 1 or (by_code and badge and badge.claims != by_code.claims):
        return _altered(node)
    return checks[0] if states == {UNKNOWN_ISSUER} else _with_page(checks[0], file, badge)


def _verify_attached(node: Node, content: bytes, language: str) -> tuple[list[CertificateCheck], OpenBadge | None]:
    """Check the credential in a PDF. One of a later form says nothing here, as if it had been taken out."""
    try:
        check, badge = _verify_credential(node, content, language)
    except Invalid as error:
        return ([] if error.code == "credential.other" else [_altered(node)]), None
    return [check], badge


def _altered(node: Node) -> CertificateCheck:
    with node.store.reading() as tx:
        return CertificateCheck(ALTERED, True, list_date(tx))


def _with_page(check: CertificateCheck, file: CertificateFile, badge: OpenBadge | None) -> CertificateCheck:
    """Return the check with what can be said of the words on the page. check: of signatures that are right."""
    if badge and badge.file_digest and badge.file_digest == file.digest:
        return replace(check, page="agrees")
    if says_another(file, check.name, check.number):
        return replace(check, page="differs", state=ALTERED)
    return replace(check, page="unread")


def _verify_credential(node: Node, data: bytes, language: str) -> tuple[CertificateCheck, OpenBadge | None]:
    """Return the answer, and what the credential says if it can be read. Raises as `verify_upload`."""
    document = _loaded(data)
    try:
        proof = data_integrity.proof_of(document)
    except Invalid as error:
        raise Invalid("credential.unreadable", reason=str(error)) from None
    try:
        badge = badge_of(document)
    except Invalid as error:
        return _of_another_form(node, data_integrity.key_id_of(proof.public_key), error), None
    # Its form is known to the letter, so it cannot be one that was made to keep RDF canonicalization busy for hours.
    message = data_integrity.message_of(document, proof.options, node.linked_data.canonical)
    signature = proof.signature if proof.public_key == badge.public_key else b""
    return verify_signed(node, SignedClaims(badge.claims, message, signature), language), badge


def _of_another_form(node: Node, key_id: str, error: Invalid) -> CertificateCheck:
    """Return the answer on what we do not write. Nothing of it is shown, and it is not turned into RDF.

    With a key that is believed here it is altered, or a kind of credential made later than this program.
    """
    if believes(node, key_id):
        if error.code == "credential.other":
            raise error
        return _altered(node)
    with node.store.reading() as tx:
        return CertificateCheck(UNKNOWN_ISSUER, True, list_date(tx))


def _loaded(data: bytes) -> Document:
    """Return the JSON object in a file. Raises Invalid("credential.unreadable")."""
    if len(data) > CREDENTIAL_LIMIT:
        raise Invalid("credential.unreadable", size=len(data), limit=CREDENTIAL_LIMIT)
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
        # Half a surrogate can be written in JSON, but is no text that can be signed.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Invalid("credential.unreadable", size=len(data)) from None
    if not isinstance(document, dict):
        raise Invalid("credential.unreadable", size=len(data))
    return document


def _once(pairs: list[tuple[str, Any]]) -> Document:
    """Return an object. Raises ValueError for a key that is there twice: others may read the other one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")
