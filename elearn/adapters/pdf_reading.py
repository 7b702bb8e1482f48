"""Takes out of an uploaded certificate PDF what is signed in it, and the words on its page; never trusts the file.

A PDF can be torn, enormous when unpacked, or no PDF at all: sizes are bounded, and whatever the reader trips over is
one clear answer.
"""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, DictionaryObject

from elearn.adapters.pdf_seal import CREDENTIAL, digest_of_sealed
from elearn.core.credential.certificate_file import CertificateFile
from elearn.core.vocab.errors import Invalid

FILE_LIMIT = 5 * 1024 * 1024
PAYLOAD_LIMIT = 4096
CREDENTIAL_LIMIT = 32 * 1024
ATTACHMENT = "certificate.txt"
PAGES_READ = 3
WORDS_LIMIT = 200_000
"""Characters of drawing instructions that are looked through for words; a certificate has 30,000."""

# No stream that leads to our attachments is larger than this when unpacked.
UNPACKED_LIMIT = 4 * 1024 * 1024
# It tells of every oddity of a torn file, a line each; the answer to the person says it once.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# What pypdf raises on torn files besides its own errors: found by cutting and flipping bytes of real certificates.
_TRIPS = (PyPdfError, LimitReachedError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError,
          OverflowError, NotImplementedError, AssertionError, OSError)  # fmt: skip


def read_certificate(pdf: bytes) -> CertificateFile:
    """Return what lies in a certificate's PDF, not yet checked.

    Raises Invalid: "pdf.too-large" (limit=), "pdf.unreadable" (torn, or no PDF), "pdf.no-payload" (a PDF, but not one
    of our certificates).
    """
    if len(pdf) > FILE_LIMIT:
        raise Invalid("pdf.too-large", size=len(pdf), limit=FILE_LIMIT)
    if b"%PDF-" not in pdf[:1024] or b"%%EOF" not in pdf[-1024:]:
        raise Invalid("pdf.unreadable", size=len(pdf))
    try:
        with apply_configuration(zlib_maximum_output_length=UNPACKED_LIMIT):
            reader = PdfReader(io.BytesIO(pdf), strict=False)
            payload = _attached(reader, ATTACHMENT, PAYLOAD_LIMIT)
            credential = _attached(reader, CREDENTIAL, CREDENTIAL_LIMIT)
            if not payload and not credential:
                raise Invalid("pdf.no-payload")
            digest = digest_of_sealed(pdf, credential) if credential else b""
            printed, said = _words(reader)
    except _TRIPS:
        raise Invalid("pdf.unreadable", size=len(pdf)) from None
    return CertificateFile(payload.decode("ascii", "replace").strip(), credential, digest, printed, said)


def _attached(reader: PdfReader, name: str, limit: int) -> bytes:
    """Return the first attachment of this name, b"" if there is none or it is larger than any of ours."""
    for embedded in reader.attachment_list:
        if embedded.name == name:
            size = embedded.size
            content = b"" if size is not None and size > limit else bytes(embedded.content)
            return content if len(content) <= limit else b""
    return b""


def _words(reader: PdfReader) -> tuple[str, str]:
    """Return the words of the pages as they are drawn, and as the file says they read; "" where they cannot be read."""
    printed, said = list[str](), list[str]()
    for page in reader.pages[:PAGES_READ]:
        try:
            content = page.get_contents()
            if content is None or len(content.get_data()) > WORDS_LIMIT:
                continue
            printed.append(page.extract_text())
            said.extend(_said(content))
        except _TRIPS:
            continue
    return "\n".join(printed), "\n".join(said)


def _said(content: ContentStream) -> Iterator[str]:
    """Yield the /ActualText of every run of text."""
    for operands, operator in content.operations:
        if operator == b"BDC" and isinstance(operands[1], DictionaryObject):
            text: Any = operands[1].get("/ActualText", "")
            yield str(text)
