"""Laws of the verdict on a certificate."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from elearn.core.credential.payload import CertificateClaims, SignedClaims, decode, encode
from elearn.core.credential.verify import Revocations, State, TrustedKey, Verdict, facts_of, judge

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KEY_ID = "00112233aabbccdd"
CLAIMS = CertificateClaims(
    certificate_id="12345678-1234-4234-8234-123456789abc",
    person_name="ສົມຊາຍ",
    course="interdiction-at-borders",
    course_version="1",
    score=0.8,
    issued=date(2026, 3, 1),
    expires=date(2028, 3, 1),
    issuer_key_id=KEY_ID,
    language="lo",
)
TRUSTED = TrustedKey(KEY_ID, KEY.public_key().public_bytes_raw(), "Academy", date(2026, 1, 1), date(2026, 12, 31))
NONE = Revocations({}, date(2026, 5, 1))
TODAY = date(2026, 6, 1)


def check(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def signed(claims: CertificateClaims = CLAIMS, key: Ed25519PrivateKey = KEY) -> SignedClaims:
    return decode(encode(claims, key.sign))


def verdict(
    given: SignedClaims, keys: tuple[TrustedKey, ...] = (TRUSTED,), lists: Revocations = NONE, today: date = TODAY
) -> Verdict:
    return judge(given, keys, lists, today, check)


def test_a_sound_certificate_is_valid_and_names_its_issuer_and_the_age_of_our_list() -> None:
    assert verdict(signed()) == Verdict(State.VALID, CLAIMS, "Academy", None, date(2026, 5, 1), False)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2028, 3, 1), State.VALID),
        (date(2028, 3, 2), State.EXPIRED),
        (date(2026, 3, 1), State.VALID),
    ],
)
def test_it_is_valid_up_to_and_on_its_last_day(today: date, state: State) -> None:
    assert verdict(signed(), today=today).state is state


def test_one_without_expiry_never_expires() -> None:
    assert verdict(signed(replace(CLAIMS, expires=None)), today=date(2099, 1, 1)).state is State.VALID


def test_an_unknown_key_says_so_and_claims_no_issuer() -> None:
    answer = verdict(signed(), keys=())

    assert (answer.state, answer.issuer) == (State.UNKNOWN_ISSUER, None)


def test_another_persons_signature_under_a_known_key_id_is_altered() -> None:
    assert verdict(signed(key=OTHER)).state is State.ALTERED


def test_any_change_of_the_claims_is_altered() -> None:
    right = signed()
    forged = SignedClaims(
        replace(right.claims, person_name="Someone Else"),
        signed(replace(CLAIMS, person_name="Someone Else"), OTHER).message,
        right.signature,
    )

    assert verdict(forged).state is State.ALTERED


def test_a_revoked_one_is_revoked_with_its_day_even_after_it_expired() -> None:
    lists = Revocations({CLAIMS.certificate_id: date(2026, 4, 2)}, date(2026, 5, 1))

    for today in (TODAY, date(2029, 1, 1)):
        answer = verdict(signed(), lists=lists, today=today)
        assert (answer.state, answer.on) == (State.REVOKED, date(2026, 4, 2))


def test_a_key_is_not_believed_after_its_last_day() -> None:
    answer = verdict(signed(replace(CLAIMS, issued=date(2027, 1, 1))))

    assert (answer.state, answer.on) == (State.KEY_ENDED, date(2026, 12, 31))


def test_a_day_before_the_issuer_was_there_is_a_wrong_clock_and_no_forgery() -> None:
    answer = verdict(signed(replace(CLAIMS, issued=date(2021, 1, 1))))

    assert (answer.state, answer.issue_doubtful) == (State.VALID, True)


@pytest.mark.parametrize("issued", [date(2026, 1, 1), date(2026, 12, 31)])
def test_a_key_is_believed_on_the_first_and_last_day_of_its_window(issued: date) -> None:
    answer = verdict(signed(replace(CLAIMS, issued=issued)))

    assert (answer.state, answer.issue_doubtful) == (State.VALID, False)


LOST = replace(TRUSTED, lost_from=date(2026, 3, 2))


def facts(claims: CertificateClaims = CLAIMS) -> str:
    return facts_of(claims.certificate_id, claims.course_version, claims.score, claims.issued, claims.expires)


def lost_verdict(claims: CertificateClaims, known: str, lists: Revocations = NONE) -> Verdict:
    lists = replace(lists, known={claims.certificate_id: known} if known else {})
    return judge(signed(claims), (LOST,), lists, TODAY, check)


def test_what_a_lost_key_signs_from_the_day_of_the_loss_is_not_believed_even_if_the_hub_knows_it() -> None:
    late = replace(CLAIMS, issued=date(2026, 3, 2))

    answer = lost_verdict(late, facts(late))

    assert (answer.state, answer.on, answer.key_lost) == (State.KEY_LOST, date(2026, 3, 2), date(2026, 3, 2))


def test_what_a_lost_key_signed_before_is_valid_where_the_hub_knows_it_and_doubtful_where_not() -> None:
    assert lost_verdict(CLAIMS, facts()).state is State.VALID
    assert lost_verdict(CLAIMS, "").state is State.DOUBTFUL


@pytest.mark.parametrize(
    "changes",
    [{"score": 0.81}, {"expires": None}, {"issued": date(2026, 2, 28)}, {"course_version": "2"}],
)
def test_a_known_number_with_other_facts_is_doubtful(changes: dict[str, Any]) -> None:
    assert lost_verdict(replace(CLAIMS, **changes), facts()).state is State.DOUBTFUL


def test_one_of_a_lost_key_that_was_revoked_is_revoked() -> None:
    lists = Revocations({CLAIMS.certificate_id: date(2026, 4, 2)}, date(2026, 5, 1))

    assert lost_verdict(CLAIMS, "", lists).state is State.REVOKED


def test_a_forged_signature_under_a_lost_key_is_altered() -> None:
    lists = replace(NONE, known={CLAIMS.certificate_id: facts()})

    assert judge(signed(key=OTHER), (LOST,), lists, TODAY, check).state is State.ALTERED


def test_a_clock_behind_the_day_of_issue_is_pointed_out_not_punished() -> None:
    answer = verdict(signed(), today=date(1970, 1, 1))

    assert (answer.state, answer.clock_doubtful) == (State.VALID, True)
