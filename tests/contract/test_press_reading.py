"""Laws of reading an uploaded certificate: the payload or a clear no, whatever the bytes are."""

import io
import random

import pytest
from pypdf import PdfWriter

from elearn.adapters.pdf_reading import FILE_LIMIT, read_certificate
from elearn.core.vocab.errors import Invalid

PAYLOAD = "EL1:" + "ABC123" * 60


def a_pdf(attachment: bytes | None = PAYLOAD.encode(), name: str = "certificate.txt") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(842, 595)
    if attachment is not None:
        writer.add_attachment(name, attachment)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refusal(pdf: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_certificate(pdf)
    return caught.value.code


def test_the_payload_comes_out_as_it_went_in() -> None:
    assert read_certificate(a_pdf()).payload == PAYLOAD


@pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"PK\x03\x04" * 100])
def test_what_is_no_pdf_is_unreadable(pdf: bytes) -> None:
    assert refusal(pdf) == "pdf.unreadable"


def test_a_pdf_that_is_not_ours_says_so() -> None:
    assert refusal(a_pdf(None)) == "pdf.no-payload"
    assert refusal(a_pdf(b"EL1:X", "notes.txt")) == "pdf.no-payload"
    assert refusal(a_pdf(b"x" * 5000)) == "pdf.no-payload"


def test_an_upload_cut_off_anywhere_is_unreadable() -> None:
    pdf = a_pdf()
    # The last bytes are the end mark and its line ends: without a line end it is still whole.
    codes = {refusal(pdf[:length]) for length in range(0, len(pdf) - 6, 7)}

    assert codes == {"pdf.unreadable"}


def test_damaged_bytes_never_raise_anything_but_a_clear_no() -> None:
    pdf = a_pdf()
    chance = random.Random(7)
    answers = set()
    for _ in range(600):
        torn = bytearray(pdf)
        for _ in range(chance.randint(1, 12)):
            torn[chance.randrange(len(torn))] = chance.randrange(256)
        try:
            read_certificate(bytes(torn))
            answers.add("read")
        except Invalid as error:
            answers.add(error.code)

    assert answers <= {"read", "pdf.unreadable", "pdf.no-payload"}
    assert "pdf.unreadable" in answers


def test_a_file_that_is_too_large_is_not_even_looked_at() -> None:
    assert refusal(a_pdf() + b"\n" * FILE_LIMIT) == "pdf.too-large"


def test_an_attachment_that_unpacks_to_very_much_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(842, 595)
    writer.add_attachment("certificate.txt", b"0" * 20_000_000)
    for part in writer._objects:
        if part is not None and hasattr(part, "get") and part.get("/Type") == "/EmbeddedFile":
            part.update(part.flate_encode())
            part.get("/Params", {}).pop("/Size", None)
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)

    assert refusal(out.getvalue()) in ("pdf.too-large", "pdf.unreadable", "pdf.no-payload")
