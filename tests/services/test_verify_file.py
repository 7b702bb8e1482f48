"""A certificate is checked from whatever file somebody has of it, told by its content."""

from collections.abc import Iterator

import pytest
from cast import memory_node, officer
from photo_scenes import blurred, noisy, on_a_table, page, qr_code, saved, seen_from_the_side, turned
from small_course import certificate_of, publish

from elearn.core.credential.payload import PREFIX, decode, encode
from elearn.core.vocab.errors import Invalid, Unavailable
from elearn.services import certify
from elearn.services.node import Node
from elearn.services.verify import CertificateCheck, verify_payload
from elearn.services.verify_file import FRAME_LIMIT, Seen, code_in_frame, verify_file, verify_picture


@pytest.fixture(scope="module")
def post() -> Iterator[Node]:
    node = memory_node()
    node.store.write(publish)
    yield node
    node.codes.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def payload(post: Node) -> str:
    return certify.certificate_page(post, certificate_of(post, officer(post, "Noy Vong")), "en").payload


def altered(payload: str) -> str:
    """Return the text with another signature."""
    return encode(decode(payload).claims, lambda message: bytes(64))


def refusal(post: Node, file: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        verify_file(post, file, "en")
    return caught.value


def test_a_photo_gives_the_answer_the_text_of_its_code_gives(post: Node, payload: str) -> None:
    photo = saved(seen_from_the_side(on_a_table(page(payload))), quality=40)

    assert verify_file(post, photo, "km") == verify_payload(post, payload, "km")
    assert verify_file(post, photo, "km").state == "valid"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "PDF"])
def test_a_file_is_told_by_its_content(post: Node, payload: str, kind: str) -> None:
    assert verify_file(post, saved(page(payload), kind, resolution=150.0), "en").name == "Noy Vong"


def test_an_altered_code_in_a_photo_is_altered(post: Node, payload: str) -> None:
    photo = saved(blurred(turned(page(altered(payload)), 7), 1))

    assert verify_picture(post, photo, "en") == CertificateCheck("altered", True, "")


def test_two_certificates_in_one_picture_are_not_guessed_between(post: Node, payload: str) -> None:
    error = refusal(post, saved(page(payload, altered(payload))))

    assert (error.code, error.details) == ("picture.several", {"n": 2})


def test_a_certificate_beside_another_code_is_checked(post: Node, payload: str) -> None:
    assert verify_file(post, saved(page("https://example.org/", payload)), "en").state == "valid"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://example.org/verify", "picture.other-code"),
        ("HC1:NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL", "picture.other-code"),
        ("7K3M-9QXA", "picture.other-code"),
        (f"{PREFIX}ABC", "payload.torn"),
        ("", "picture.no-code"),
    ],
)
def test_a_picture_of_something_else_says_what_is_wrong(post: Node, text: str, code: str) -> None:
    assert refusal(post, saved(page(text) if text else page())).code == code


def test_a_pdf_without_a_signature_or_a_code_is_told_as_such(post: Node, payload: str) -> None:
    assert refusal(post, saved(page(), "PDF")).code == "pdf.no-payload"
    assert refusal(post, saved(page("https://example.org/"), "PDF")).code == "pdf.no-payload"
    assert refusal(post, saved(page(payload, altered(payload)), "PDF")).code == "picture.several"


def test_a_scan_larger_than_any_certificate_is_read_all_the_same(post: Node, payload: str) -> None:
    large, blank = (saved(noisy(on_a_table(page(*texts))), "PDF", quality=95) for texts in ((payload,), ()))

    assert len(large) > 5 * 1024 * 1024
    assert verify_file(post, large, "en").state == "valid"
    assert refusal(post, blank).code == "pdf.too-large"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "file.empty"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100, "picture.heic"),
        (b"PK\x03\x04", "picture.kind"),
        (b"%PDF-1.7 torn", "pdf.unreadable"),
    ],
)
def test_what_is_no_certificate_of_any_kind_is_refused(post: Node, file: bytes, code: str) -> None:
    assert refusal(post, file).code == code


def test_a_frame_of_a_camera_gives_the_text_or_tells_of_another_code(post: Node, payload: str) -> None:
    assert code_in_frame(post, saved(page(payload))) == Seen(payload)
    assert code_in_frame(post, saved(page("https://example.org/"))) == Seen(other=True)
    assert code_in_frame(post, saved(page())) == Seen()
    assert code_in_frame(post, saved(page(payload, altered(payload)))) == Seen()
    assert code_in_frame(post, b"\xff\xd8\xff torn") == Seen()


def test_a_frame_that_is_too_large_is_refused_before_it_is_looked_at(post: Node) -> None:
    with pytest.raises(Invalid, match=r"picture\.too-large"):
        code_in_frame(post, b"\xff\xd8\xff" + b"\x00" * FRAME_LIMIT)


class Busy:
    """A reader that looks at another picture."""

    def __init__(self, code: str) -> None:
        self.code = code

    def texts(self, file: bytes, *, patient: bool = True) -> list[str]:
        """Raise Unavailable."""
        raise Unavailable(self.code)

    def missing(self) -> str | None:
        """Return nothing: it is only busy."""
        return None


def test_a_frame_is_left_out_while_another_picture_is_looked_at(post: Node) -> None:
    from dataclasses import replace

    frame = saved(qr_code("EL1:X"), "PNG")

    assert code_in_frame(replace(post, codes=Busy("codes.busy")), frame) == Seen()
    with pytest.raises(Unavailable, match=r"codes\.missing"):
        code_in_frame(replace(post, codes=Busy("codes.missing")), frame)
    with pytest.raises(Unavailable, match=r"codes\.busy"):
        verify_picture(replace(post, codes=Busy("codes.busy")), frame, "en")
