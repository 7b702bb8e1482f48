"""The PDF of a certificate checks itself: what lies in it, and what is noticed when somebody has been at it."""

import hashlib
import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cast import memory_node, officer
from press_cast import LONG, SHORT, page_for
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, NameObject
from small_course import certificate_of, publish

from elearn.adapters.pdf_reading import read_certificate
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.vocab.errors import Invalid
from elearn.services import certify
from elearn.services.node import Node
from elearn.services.verify import CertificateCheck
from elearn.services.verify_upload import verify_upload

VECTORS = Path(__file__).parent.parent / "core" / "vectors"

pytestmark = pytest.mark.pango


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


@pytest.fixture(scope="module")
def post(press: WeasyPress) -> Node:
    node = replace(memory_node(), press=press)
    node.store.write(publish)
    return node


@pytest.fixture(scope="module")
def numbers(post: Node) -> tuple[str, str]:
    """Two certificates, of two officers."""
    return certificate_of(post, officer(post, "Mara Lim")), certificate_of(post, officer(post, "Chan Vanna"))


@pytest.fixture(scope="module")
def pdf(post: Node, numbers: tuple[str, str]) -> bytes:
    return post.press.certificate(certify.certificate_page(post, numbers[0], "km"))


def with_attachments(pdf: bytes, **attachments: bytes) -> bytes:
    """Return the PDF written anew, with the content of attachments changed. certificate_txt="" takes one away."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]  # type: ignore[index]
    for name, content in attachments.items():
        place = list(names).index(name.replace("_", "."))
        if not content:
            del names[place : place + 2]
            continue
        stream = DecodedStreamObject()
        stream.set_data(content)
        stream[NameObject("/Type")] = NameObject("/EmbeddedFile")
        names[place + 1].get_object()["/EF"][NameObject("/F")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_note(pdf: bytes) -> bytes:
    """Return the PDF with another name laid over the page, added at its end without touching what was there."""
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_annotation(0, FreeText(text="Vera Lim", rect=(50, 300, 300, 350)))
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    return out.getvalue()


def test_a_certificate_as_issued_is_valid_and_its_page_is_what_was_signed(
    post: Node, numbers: tuple[str, str], pdf: bytes
) -> None:
    found = verify_upload(post, pdf, "en")

    assert (found.state, found.page, found.number, found.name) == ("valid", "agrees", numbers[0], "Mara Lim")


def test_the_credential_taken_out_of_the_file_is_good_alone(post: Node, numbers: tuple[str, str], pdf: bytes) -> None:
    found = verify_upload(post, read_certificate(pdf).credential, "en")

    assert (found.state, found.page, found.number) == ("valid", "", numbers[0])


def test_equal_certificates_are_equal_to_the_byte(post: Node, numbers: tuple[str, str], pdf: bytes) -> None:
    assert post.press.certificate(certify.certificate_page(post, numbers[0], "km")) == pdf


def test_what_lies_in_the_file_is_declared_as_pdf_a_asks(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    named = root["/Names"]["/EmbeddedFiles"]["/Names"]
    parts = [named[place].get_object() for place in (1, 3)]
    streams = [part["/EF"]["/F"] for part in parts]

    assert [str(name) for name in named[::2]] == ["certificate.txt", "credential.json"]  # sorted, as a name tree is
    assert [one.idnum for one in root["/AF"]] == [named[place].idnum for place in (1, 3)]
    assert [part["/UF"] for part in parts] == [part["/F"] for part in parts] == named[::2]
    assert [part["/AFRelationship"] for part in parts] == ["/Data", "/Data"]
    assert all(part["/Desc"] for part in parts)
    assert [stream["/Subtype"] for stream in streams] == ["/text/plain", "/application/ld+json"]
    for stream in streams:
        content = stream.get_data()
        assert stream["/Params"]["/Size"] == len(content)
        assert stream["/Params"]["/CheckSum"].original_bytes == hashlib.md5(content, usedforsecurity=False).digest()
    metadata = root["/Metadata"].get_data()
    for declared in (b'pdfaid:part="3"', b'pdfaid:conformance="A"', b'pdfuaid:part="1"'):
        assert declared in metadata


def test_no_byte_of_the_file_can_be_changed_unnoticed(post: Node, pdf: bytes) -> None:
    credential = read_certificate(pdf).credential
    start = pdf.index(credential)
    chance = random.Random(5)
    outside = [place for place in range(len(pdf)) if not start <= place < start + len(credential)]
    answers = set()
    for place in chance.sample(outside, 60):
        torn = bytearray(pdf)
        torn[place] ^= 1 << chance.randrange(8)
        try:
            found = verify_upload(post, bytes(torn), "en")
        except Invalid as error:
            answers.add(error.code)
            continue
        answers.add(f"{found.state} {found.page}".strip())

    assert answers <= {"valid unread", "altered", "altered differs", "pdf.unreadable", "pdf.no-payload", "payload.form",
                       "payload.prefix", "payload.torn"}  # fmt: skip
    assert "valid unread" in answers


def test_a_credential_changed_in_its_place_is_altered(post: Node, pdf: bytes) -> None:
    forged = pdf.replace(b'"identityHash":"Mara Lim"', b'"identityHash":"Vera Lim"')
    assert forged != pdf

    assert verify_upload(post, forged, "en") == CertificateCheck("altered", True, "")


def test_a_credential_that_is_none_is_altered(post: Node, pdf: bytes) -> None:
    for content in (b"{}", b"not JSON", b'{"proof": 1}'):
        assert verify_upload(post, with_attachments(pdf, credential_json=content), "en").state == "altered"


def test_a_credential_of_somebody_else_in_our_file_is_altered(post: Node, pdf: bytes) -> None:
    badge = (VECTORS / "open_badges" / "simple-did-key-method.json").read_bytes()

    assert verify_upload(post, badge, "en").state == "unknown_issuer"
    assert verify_upload(post, with_attachments(pdf, credential_json=badge), "en").state == "altered"


def test_a_credential_of_a_later_form_leaves_the_code_to_be_judged(post: Node, pdf: bytes) -> None:
    document = json.loads(read_certificate(pdf).credential)
    later = json.dumps({**document, "type": [*document["type"], "NextCredential"]}).encode()

    found = verify_upload(post, with_attachments(pdf, credential_json=later), "en")

    assert (found.state, found.page, found.name) == ("valid", "unread", "Mara Lim")
    with pytest.raises(Invalid, match=r"credential\.other"):
        verify_upload(post, with_attachments(pdf, credential_json=later, certificate_txt=b""), "en")


def test_a_certificate_of_an_unknown_issuer_is_one_in_both_its_parts(pdf: bytes) -> None:
    stranger = memory_node(series=9)

    found = verify_upload(stranger, pdf, "en")

    assert (found.state, found.name, found.page) == ("unknown_issuer", "Mara Lim", "")


def test_a_payload_changed_is_altered_or_torn(post: Node, pdf: bytes) -> None:
    payload = read_certificate(pdf).payload
    with pytest.raises(Invalid, match=r"payload\.(torn|form)"):
        verify_upload(post, with_attachments(pdf, certificate_txt=payload[:-2].encode()), "en")


def test_two_signed_parts_that_do_not_say_the_same_are_altered(
    post: Node, numbers: tuple[str, str], pdf: bytes
) -> None:
    other = post.press.certificate(certify.certificate_page(post, numbers[1], "km"))
    theirs = read_certificate(other)

    for swapped in (
        with_attachments(pdf, certificate_txt=theirs.payload.encode()),
        with_attachments(pdf, credential_json=theirs.credential),
    ):
        assert verify_upload(post, swapped, "en") == CertificateCheck("altered", True, "")


def test_a_page_with_both_parts_of_another_certificate_is_altered_and_says_whose_they_are(
    post: Node, numbers: tuple[str, str], pdf: bytes
) -> None:
    other = read_certificate(post.press.certificate(certify.certificate_page(post, numbers[1], "km")))
    forged = with_attachments(pdf, certificate_txt=other.payload.encode(), credential_json=other.credential)

    found = verify_upload(post, forged, "en")

    assert (found.state, found.page, found.number, found.name) == ("altered", "differs", numbers[1], "Chan Vanna")


def test_a_file_saved_anew_is_valid_in_its_signed_words_and_its_page_is_for_a_person_to_compare(
    post: Node, numbers: tuple[str, str], pdf: bytes
) -> None:
    for saved in (with_attachments(pdf), with_a_note(pdf)):
        found = verify_upload(post, saved, "en")

        assert (found.state, found.page, found.name) == ("valid", "unread", "Mara Lim")


def redrawn(pdf: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    """Return the PDF with what draws its page changed, as a hand with an editor would."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    page = writer.pages[0]
    drawn = page.get_contents().get_data()  # type: ignore[union-attr]
    for old, new in changes:
        assert old in drawn
        drawn = drawn.replace(old, new)
    stream = DecodedStreamObject()
    stream.set_data(drawn)
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def glyphs_of(pdf: bytes, text: bytes) -> bytes:
    """Return what draws this text on the page: between its /ActualText and the end of that."""
    drawn = PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data()  # type: ignore[union-attr]
    return drawn.split(b"/ActualText (" + text + b")")[1].split(b"EMC")[0]


def test_a_name_edited_on_the_page_is_never_plainly_fine(post: Node, pdf: bytes) -> None:
    glyphs = glyphs_of(pdf, b"Mara Lim")
    other_glyphs = re.sub(rb"<([0-9a-f]{4})", rb"<0001", glyphs)
    assert other_glyphs != glyphs

    only_seen = verify_upload(post, redrawn(pdf, (glyphs, other_glyphs)), "en")
    only_said = verify_upload(post, redrawn(pdf, (b"(Mara Lim)", b"(Vera Lim)")), "en")
    both = verify_upload(post, redrawn(pdf, (glyphs, other_glyphs), (b"(Mara Lim)", b"(Vera Lim)")), "en")

    assert (only_seen.state, only_seen.page, only_seen.name) == ("altered", "differs", "Mara Lim")
    # The name is drawn right: that screen readers say another is for a person to find, nobody is accused.
    assert (only_said.state, only_said.page, only_said.name) == ("valid", "unread", "Mara Lim")
    assert (both.state, both.page, both.name) == ("altered", "differs", "Mara Lim")


def test_a_file_made_before_there_were_credentials_is_still_verified(post: Node, numbers: tuple[str, str]) -> None:
    page = replace(certify.certificate_page(post, numbers[0], "km"), credential=None)

    found = verify_upload(post, post.press.certificate(page), "en")

    assert (found.state, found.page, found.name) == ("valid", "unread", "Mara Lim")


def test_one_part_alone_is_enough(post: Node, pdf: bytes) -> None:
    for part in ("certificate_txt", "credential_json"):
        found = verify_upload(post, with_attachments(pdf, **{part: b""}), "en")

        assert (found.state, found.page, found.name) == ("valid", "unread", "Mara Lim")


@pytest.mark.parametrize("language", SHORT)
def test_the_words_of_an_honest_page_are_never_called_anothers_and_anothers_name_is_noticed(
    press: WeasyPress, language: str
) -> None:
    from elearn.core.credential.certificate_file import says_another

    latin = ("Khoa Hoc Sinh", "Fiona Affleck")
    for name, another in ((SHORT[language], LONG[language]), (LONG[language], SHORT[language]), latin):
        page = page_for(language, name)
        made = press.certificate(page)
        for file in (read_certificate(made), read_certificate(with_attachments(made))):
            assert says_another(file, name, page.number) is False
            assert says_another(file, another, page.number) is (another not in {one.name for one in page.signatories})


def test_the_credential_speaks_the_language_of_the_page(post: Node, numbers: tuple[str, str], pdf: bytes) -> None:
    document = json.loads(read_certificate(pdf).credential)

    assert document["credentialSubject"]["achievement"]["name"] == "ខ្មែរ Seals"
    assert document["credentialSubject"]["achievement"]["description"] == "ខ្មែរ Seals\n\nSeals"
