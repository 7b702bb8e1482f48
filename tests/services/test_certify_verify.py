"""Is it good? Every answer, from the signature and from the number alone."""

from datetime import timedelta

import pytest
from cast import TickingClock, memory_node, officer
from small_course import certificate_of, publish

from elearn.core.credential.number import number_from
from elearn.core.credential.payload import PREFIX, decode, encode
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import REVOCATION, TRUSTED_KEY
from elearn.services import certify
from elearn.services.node import Node, keep_fact
from elearn.services.verify import CertificateCheck, initials, verify_code, verify_payload
from elearn.services.verify_upload import verify_upload


@pytest.fixture
def post() -> Node:
    node = memory_node()
    node.store.write(publish)
    return node


@pytest.fixture
def other() -> Node:
    """A post that has never spoken to the first."""
    node = memory_node(series=9)
    node.store.write(publish)
    return node


def issued(node: Node, name: str = "Noy Vong") -> tuple[str, str]:
    """Return (number, text of the QR code)."""
    number = certificate_of(node, officer(node, name))
    return number, certify.certificate_page(node, number, "en").payload


def trust(node: Node, issuer: Node, **changes: object) -> None:
    row = {
        "key_id": issuer.keys.key_id,
        "node": "00000000-0000-4000-9000-000000000000",
        "node_name": "Post of Huay Xai",
        "country": "LA",
        "public_key": issuer.keys.public_key,
        "valid_from": "2026-01-01T00:00:00.000000Z",
        "valid_until": None,
        "vouched_by": "hub",
    }
    node.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**row, **changes}))


def revoke_by_list(node: Node, number: str) -> None:
    row = {"number": number, "revoked_at": "2026-11-24T09:00:00.000000Z", "listed_at": "", "listed_by": "hub"}
    node.store.write(lambda tx: tx.tables.put(REVOCATION, row))
    node.store.write(lambda tx: keep_fact(tx, "revocations_at", "2026-11-24T10:00:00.000000Z"))


def later(node: Node, by: timedelta) -> None:
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(by)


def test_a_code_of_this_post_is_valid_with_all_it_says(post: Node) -> None:
    number, payload = issued(post)

    assert verify_payload(post, payload, "km") == CertificateCheck(
        state="valid",
        signed=True,
        list_date="",
        number=number,
        name="Noy Vong",
        course="ខ្មែរ Seals",
        version="1.0.0",
        issuer="Border Training Service",
        issued="2026-11-24",
        expires="2028-11-24",
    )


def test_another_post_that_trusts_the_key_verifies_it_without_a_line(post: Node, other: Node) -> None:
    number, payload = issued(post)
    trust(other, post)

    found = verify_code(other, f"  {payload.lower()}\n", "en")

    assert (found.state, found.signed, found.number, found.issuer) == ("valid", True, number, "Post of Huay Xai")


def test_a_key_nobody_vouched_for_is_an_unknown_issuer(post: Node, other: Node) -> None:
    _, payload = issued(post)

    found = verify_payload(other, payload, "en")

    assert (found.state, found.issuer, found.name) == ("unknown_issuer", "", "Noy Vong")


def test_what_a_key_signs_after_its_time_is_not_believed(post: Node, other: Node) -> None:
    _, payload = issued(post)
    trust(other, post, valid_until="2026-11-23")

    assert verify_payload(other, payload, "en").state == "key_ended"


def test_an_altered_certificate_says_nothing_of_what_it_says(post: Node) -> None:
    _, payload = issued(post)
    forged = encode(decode(payload).claims, lambda message: bytes(64))

    assert verify_payload(post, forged, "en") == CertificateCheck("altered", True, "")


def test_it_is_valid_on_its_last_day_and_expired_on_the_next(post: Node) -> None:
    number, payload = issued(post)

    later(post, timedelta(days=731))  # from 24 November 2026 to 24 November 2028
    assert verify_payload(post, payload, "en").state == verify_code(post, number, "en").state == "valid"
    later(post, timedelta(days=1))
    assert verify_payload(post, payload, "en").state == verify_code(post, number, "en").state == "expired"


def test_what_was_revoked_anywhere_is_revoked_here_by_code_and_by_number(post: Node, other: Node) -> None:
    number, payload = issued(post)
    trust(other, post)
    revoke_by_list(other, number)

    by_code, by_number = verify_payload(other, payload, "en"), verify_code(other, number, "en")

    assert (by_code.state, by_code.revoked, by_code.list_date) == ("revoked", "2026-11-24", "2026-11-24")
    assert by_number == CertificateCheck("revoked", False, "2026-11-24", number=number, revoked="2026-11-24")


def test_a_clock_behind_the_day_of_issue_is_said_to_be_doubtful(post: Node) -> None:
    number, payload = issued(post)
    later(post, -timedelta(days=400))

    assert verify_payload(post, payload, "en").clock_doubtful is True
    assert verify_code(post, number, "en").clock_doubtful is True


def test_a_typed_number_shows_first_letters_only(post: Node) -> None:
    number, _ = issued(post)

    found = verify_code(post, number.replace("-", " ").lower(), "en")

    assert found == CertificateCheck(
        state="valid",
        signed=False,
        list_date="",
        number=number,
        name="N… V…",
        course="Seals",
        version="1.0.0",
        issuer="Border Training Service",
        issued="2026-11-24",
        expires="2028-11-24",
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Nguyễn Thị Hoa", "N… T… H…"), ("ស្រី ណា", "ស្រី… ណា…"), ("王小明", "王…"), ("กิ่ง ใจ", "กิ่… ใ…"), ("", "")],
)
def test_a_first_letter_keeps_its_marks(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_a_number_nobody_here_knows_is_unknown_not_false(post: Node) -> None:
    number = number_from("00000000-0000-4000-8000-00000000ffff")

    assert verify_code(post, number, "en") == CertificateCheck("unknown", False, "", number=number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "number.length"), ("0000-0000-0000-0000", "number.sign"), (f"{PREFIX}ABC", "payload.torn")],
)
def test_what_can_be_neither_number_nor_code_is_said_to_be(post: Node, typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        verify_code(post, typed, "en")

    assert refused.value.code == code


def test_two_signs_swapped_are_noticed_before_anything_is_looked_up(post: Node) -> None:
    number, _ = issued(post)
    signs = list(number)
    place = next(n for n in range(3) if signs[n] != signs[n + 1])
    signs[place], signs[place + 1] = signs[place + 1], signs[place]

    with pytest.raises(Invalid, match=r"number\.check"):
        verify_code(post, "".join(signs), "en")


def test_a_file_that_is_no_certificate_is_said_to_be(post: Node) -> None:
    with pytest.raises(Invalid, match=r"credential\.unreadable"):
        verify_upload(post, b"not a PDF", "en")


@pytest.mark.pango
def test_a_pdf_of_one_post_is_verified_at_another(post: Node, other: Node) -> None:
    from dataclasses import replace

    from elearn.adapters.weasy_press import WeasyPress

    noy = officer(post, "ນ້ອຍ ວົງ")
    number = certificate_of(post, noy, "lo")
    press = WeasyPress()
    try:
        pdf = certify.certificate_pdf(replace(post, press=press), noy, number, "lo")
    finally:
        press.close()
    trust(other, post)

    found = verify_upload(other, pdf, "en")

    assert (found.state, found.name, found.number) == ("valid", "ນ້ອຍ ວົງ", number)
