"""Takes the signed payload out of an uploaded certificate PDF; never trusts the file.

A PDF can be torn, enormous when unpacked, or no PDF at all: sizes are bounded, and whatever the reader trips over is
one clear answer.
"""

import io
import logging

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError, PyPdfError

from elearn.core.vocab.errors import Invalid

FILE_LIMIT = 5 * 1024 * 1024
PAYLOAD_LIMIT = 4096
ATTACHMENT = "certificate.txt"

# No stream that leads to our attachment is larger than this when unpacked.
UNPACKED_LIMIT = 4 * 1024 * 1024
# It tells of every oddity of a torn file, a line each; the answer to the person says it once.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# What pypdf raises on torn files besides its own errors: found by cutting and flipping bytes of real certificates.
_TRIPS = (PyPdfError, LimitReachedError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError,
          OverflowError, NotImplementedError, AssertionError, OSError)  # fmt: skip


def read_payload(pdf: bytes) -> str:
    """Return the text of the attachment certificate.txt, not yet checked.

    Raises Invalid: "pdf.too-large" (limit=), "pdf.unreadable" (torn, or no PDF), "pdf.no-payload" (a PDF, but not one
    of our certificates).
    """
    if len(pdf) > FILE_LIMIT:
        raise Invalid("pdf.too-large", size=len(pdf), limit=FILE_LIMIT)
    if b"%PDF-" not in pdf[:1024] or b"%%EOF" not in pdf[-1024:]:
        raise Invalid("pdf.unreadable", size=len(pdf))
    try:
        with apply_configuration(zlib_maximum_output_length=UNPACKED_LIMIT):
            found = _attachment(PdfReader(io.BytesIO(pdf), strict=False))
    except _TRIPS:
        raise Invalid("pdf.unreadable", size=len(pdf)) from None
    if found is None:
        raise Invalid("pdf.no-payload")
    return found


def _attachment(reader: PdfReader) -> str | None:
    """Return the attachment's text, None if there is none of this name or it is larger than any payload."""
    for embedded in reader.attachment_list:
        if embedded.name != ATTACHMENT:
            continue
        size = embedded.size
        if size is not None and size > PAYLOAD_LIMIT:
            return None
        content = embedded.content
        if len(content) > PAYLOAD_LIMIT:
            return None
        return content.decode("ascii", "replace").strip()
    return None
