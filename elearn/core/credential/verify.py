"""Whether a certificate is good, judged with nothing but what this post holds: keys, revocations, today's date.

The states are in the order in which they are asked: without the issuer's key nothing else means anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from elearn.core.credential.payload import CertificateClaims, SignedClaims

Check = Callable[[bytes, bytes, bytes], bool]
"""check(public_key, message, signature) -> whether the signature is right."""


class State(Enum):
    """What can be said of a certificate."""

    UNKNOWN_ISSUER = "unknown-issuer"
    ALTERED = "altered"
    REVOKED = "revoked"
    EXPIRED = "expired"
    VALID = "valid"


@dataclass(frozen=True)
class TrustedKey:
    """A key whose certificates we believe, if issued from ``valid_from`` to ``valid_until`` (both included)."""

    key_id: str
    public_key: bytes
    issuer: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Revocations:
    """Which certificates were taken back: certificate id -> day; ``as_of``: the day of the newest list held here."""

    days: Mapping[str, date]
    as_of: date | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer, with what a person needs to weigh it.

    issuer: name of the key's holder, None if unknown; on: the day it expired or was revoked; revocations_as_of: how
    fresh our list is; clock_doubtful: it was issued after our "today", so this machine's clock may be behind.
    The claims of an altered certificate, or of an unknown issuer, are what it *says*: print them as such.
    """

    state: State
    claims: CertificateClaims
    issuer: str | None
    on: date | None
    revocations_as_of: date | None
    clock_doubtful: bool


def judge(
    signed: SignedClaims, keys: Iterable[TrustedKey], revocations: Revocations, today: date, check: Check
) -> Verdict:
    """Return the verdict on a certificate. Valid on its last day; revoked from the day of revocation, whenever that is.

    A key outside its window on the day of issue is as good as unknown: what a retired key signs later is not believed.
    """
    claims = signed.claims
    key = next((key for key in keys if key.key_id == claims.issuer_key_id), None)
    state, on = _state(signed, key, revocations, today, check)
    return Verdict(
        state=state,
        claims=claims,
        issuer=key.issuer if key and state is not State.UNKNOWN_ISSUER else None,
        on=on,
        revocations_as_of=revocations.as_of,
        clock_doubtful=claims.issued > today,
    )


def _state(
    signed: SignedClaims, key: TrustedKey | None, revocations: Revocations, today: date, check: Check
) -> tuple[State, date | None]:
    claims = signed.claims
    if key is None:
        return State.UNKNOWN_ISSUER, None
    if not check(key.public_key, signed.message, signed.signature):
        return State.ALTERED, None
    if claims.issued < key.valid_from or (key.valid_until is not None and claims.issued > key.valid_until):
        return State.UNKNOWN_ISSUER, None
    if claims.certificate_id in revocations.days:
        return State.REVOKED, revocations.days[claims.certificate_id]
    if claims.expires is not None and today > claims.expires:
        return State.EXPIRED, claims.expires
    return State.VALID, None
