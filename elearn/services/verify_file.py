"""Checks a certificate from whatever file somebody has of it: the PDF itself, a photo, a screenshot, a scan.

What a file is, is told by its content, never by its name.
"""

from dataclasses import dataclass

from elearn.core.credential.payload import PREFIX
from elearn.core.vocab.errors import Invalid, Unavailable
from elearn.services.node import Node
from elearn.services.verify import CertificateCheck, verify_payload
from elearn.services.verify_upload import verify_upload

FRAME_LIMIT = 600_000
"""Bytes of one frame of a camera."""
_JSON_STARTS = b"{["


@dataclass(frozen=True)
class Seen:
    """What a frame of a camera shows. text: of a certificate's QR code, "" while there is none, or several;
    other: there is a code, but not that of a certificate."""

    text: str = ""
    other: bool = False


def verify_file(node: Node, data: bytes, language: str) -> CertificateCheck:
    """Check an uploaded file. A PDF without a signature in it is looked at as what it most likely is, a scan.

    Raises Invalid("file.empty"), and as `verify_upload` and `verify_picture`.
    """
    if not data:
        raise Invalid("file.empty")
    is_pdf = b"%PDF-" in data[:1024]
    if not is_pdf and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in _JSON_STARTS:
        return verify_picture(node, data, language)
    try:
        return verify_upload(node, data, language)
    except Invalid as error:
        # A scanner's file is larger than any certificate of ours.
        if error.code not in ("pdf.no-payload", "pdf.too-large"):
            raise
        return _verify_scan(node, data, language, error)


def verify_picture(node: Node, picture: bytes, language: str) -> CertificateCheck:
    """Check the certificate whose QR code is in a picture.

    Raises Invalid("picture.no-code" | "picture.other-code" | "picture.several", n=), as `ports.CodeReader.texts` and as
    `verify_payload`.
    """
    return verify_payload(node, _one_of_ours(node.codes.texts(picture)), language)


def code_in_frame(node: Node, frame: bytes) -> Seen:
    """Return what is in one frame of a camera.

    A frame that comes while another picture is looked at is left out: the next one comes in a second.
    Raises Invalid("picture.too-large"), Unavailable("codes.missing").
    """
    if len(frame) > FRAME_LIMIT:
        raise Invalid("picture.too-large", size=len(frame), limit=FRAME_LIMIT)
    try:
        return Seen(_one_of_ours(node.codes.texts(frame, patient=False)))
    except Unavailable as error:
        if error.code != "codes.busy":
            raise
        return Seen()
    except Invalid as error:
        return Seen(other=error.code == "picture.other-code")


def _verify_scan(node: Node, pdf: bytes, language: str, otherwise: Invalid) -> CertificateCheck:
    """Check the code in the pictures of a PDF. Raises ``otherwise`` where there is no code in them."""
    try:
        found = _one_of_ours(node.codes.texts(pdf))
    except Invalid as error:
        raise error if error.code == "picture.several" else otherwise from None
    return verify_payload(node, found, language)


def _one_of_ours(texts: list[str]) -> str:
    ours = [text for text in texts if text.startswith(PREFIX)]
    if not texts:
        raise Invalid("picture.no-code")
    if not ours:
        raise Invalid("picture.other-code")
    if len(ours) > 1:
        raise Invalid("picture.several", n=len(ours))
    return ours[0]
