"""Laws of the signed payload: what is signed comes back, and nothing else is taken for it."""

import zlib
from dataclasses import replace
from datetime import date

import base45
import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.credential.cose import MESSAGE_LIMIT, TEXT_LIMIT
from elearn.core.credential.payload import PREFIX, CertificateClaims, decode, encode
from elearn.core.vocab.errors import Invalid

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAMES = {
    "en": "Somchai Phetsavanh",
    "km": "ចាន់ សុភាព",
    "lo": "ສົມຊາຍ ເພັດສະຫວັນ",
    "my": "ဒေါ်ခင်မျိုးချစ်",
    "th": "พันตำรวจโทหญิง สุภาภรณ์ ศรีสวัสดิ์",
    "vi": "Nguyễn Thị Phương Thảo",
    "zh_Hans": "欧阳䶮",
}


def claims_for(language: str = "km") -> CertificateClaims:
    return CertificateClaims(
        certificate_id="12345678-1234-4234-8234-123456789abc",
        person_name=NAMES[language],
        course="interdiction-at-borders",
        course_version="1.2",
        score=0.9167,
        issued=date(2026, 11, 24),
        expires=date(2028, 11, 23),
        issuer_key_id="0011223344556677",
        language=language,
    )


def wrapped(message: bytes) -> str:
    return PREFIX + base45.b45encode(zlib.compress(message)).decode()


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        decode(text)
    return caught.value.code


@pytest.mark.parametrize("language", NAMES)
def test_what_is_signed_comes_back_with_its_signature(language: str) -> None:
    claims = claims_for(language)
    signed = decode(encode(claims, KEY.sign))

    assert signed.claims == claims
    KEY.public_key().verify(signed.signature, signed.message)


@pytest.mark.parametrize("language", NAMES)
def test_the_payload_fits_a_small_qr_code(language: str) -> None:
    text = encode(claims_for(language), KEY.sign)
    code = segno.make(text, error="m", boost_error=False)

    assert 230 <= len(text) <= (350 if len(NAMES[language].encode()) <= 60 else 390)
    assert code.mode == "alphanumeric"
    assert int(code.version) <= 12


@given(
    st.uuids().map(str),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60).filter(
        lambda name: name.replace("\u200b", "").strip() != ""
    ),
    st.floats(0, 1),
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    st.none() | st.dates(date(2090, 1, 1), date(2190, 1, 1)),
)
def test_every_sound_claim_goes_round(
    certificate_id: str, name: str, score: float, issued: date, expires: date | None
) -> None:
    claims = replace(
        claims_for(), certificate_id=certificate_id, person_name=name, score=score, issued=issued, expires=expires
    )

    assert decode(encode(claims, KEY.sign)).claims == claims
    assert abs(claims.score - score) <= 0.00005 + 1e-12


def test_the_message_signed_is_the_one_of_the_cose_standard() -> None:
    signed = decode(encode(claims_for(), KEY.sign))
    context, protected, aad, body = cbor2.loads(signed.message)

    assert (context, aad) == ("Signature1", b"")
    assert cbor2.loads(protected) == {1: -8, 4: bytes.fromhex("0011223344556677")}
    assert cbor2.loads(body)[3] == "interdiction-at-borders"


def test_the_number_follows_from_the_id_and_cannot_be_forged_apart_from_it() -> None:
    signed = decode(encode(claims_for(), KEY.sign))

    assert signed.claims.number == claims_for().number


def test_a_payload_cut_anywhere_is_refused() -> None:
    text = encode(claims_for(), KEY.sign)
    codes = {refusal(text[:length]) for length in range(len(text))}

    assert codes == {"payload.prefix", "payload.torn"}


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    text = wrapped(b"\x00" * 1_000_000)

    assert len(text) > TEXT_LIMIT
    assert refusal(text) == "payload.too-long"
    small = wrapped(b"\x00" * (MESSAGE_LIMIT + 1))
    assert len(small) < TEXT_LIMIT
    assert refusal(small) == "payload.too-long"


def test_bytes_after_the_end_are_refused_in_every_layer() -> None:
    packed = base45.b45decode(encode(claims_for(), KEY.sign)[len(PREFIX) :])
    message = zlib.decompress(packed)

    assert refusal(PREFIX + base45.b45encode(packed + b"x").decode()) == "payload.torn"
    assert refusal(wrapped(message + b"\x00")) == "payload.form"
    tag = cbor2.loads(message)
    protected, empty, body, signature = tag.value
    inner = cbor2.dumps(cbor2.CBORTag(18, [protected, empty, body + b"\x00", signature]), canonical=True)
    assert refusal(wrapped(inner)) == "payload.form"


@pytest.mark.parametrize(
    "message",
    [
        cbor2.dumps(7),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b""])),
        cbor2.dumps(cbor2.CBORTag(98, [b"", {}, b"", b"s" * 64])),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -7, 4: b"k" * 8}), {}, cbor2.dumps({}), b"s" * 64])),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -8, 4: b"k" * 8}), {}, cbor2.dumps({}), b"s" * 64])),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -8, 4: b"k" * 8}), {}, cbor2.dumps({}), b"short"])),
        b"\x9f\x01\xff",
        b"\x81" * 500 + b"\x01",
    ],
)
def test_what_is_no_certificate_is_refused_by_form(message: bytes) -> None:
    assert refusal(wrapped(message)) == "payload.form"


@pytest.mark.parametrize("text", ["", "HC1:6BF", "https://example.org", "EL2:ABC"])
def test_a_foreign_code_is_told_apart_from_a_torn_one(text: str) -> None:
    assert refusal(text) == "payload.prefix"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person_name", " \u200b "),
        ("person_name", "ក" * 140),
        ("person_name", "A\nB"),
        ("score", 1.01),
        ("score", -0.1),
        ("score", float("nan")),
        ("expires", date(2026, 11, 23)),
        ("issuer_key_id", "ABCDEF"),
        ("course", ""),
        ("course_version", "9" * 65),
    ],
)
def test_claims_that_make_no_sense_are_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        replace(claims_for(), **{field: value})
    assert caught.value.code == f"claims.{field}"


def test_zero_width_spaces_never_reach_the_signed_name() -> None:
    claims = replace(claims_for(), person_name="ចាន់\u200b សុភាព")

    assert claims.person_name == "ចាន់ សុភាព"
