"""Whether a certificate is good, judged with nothing but what this post holds: keys, revocations, today's date.

The states are in the order in which they are asked: without the issuer's key nothing else means anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from elearn.core.credential.payload import FIRST_DAY, CertificateClaims, SignedClaims
from elearn.core.xapi.canonical import digest_of

Check = Callable[[bytes, bytes, bytes], bool]
"""check(public_key, message, signature) -> whether the signature is right."""

_SCORE_STEPS = 10_000


class State(Enum):
    """What can be said of a certificate."""

    UNKNOWN_ISSUER = "unknown-issuer"
    ALTERED = "altered"
    KEY_LOST = "key-lost"
    KEY_ENDED = "key-ended"
    REVOKED = "revoked"
    DOUBTFUL = "doubtful"
    EXPIRED = "expired"
    VALID = "valid"


@dataclass(frozen=True)
class TrustedKey:
    """A key whose certificates we believe, if issued up to ``valid_until`` (included) and before ``lost_from``.

    valid_from: the first day its node can have issued anything on. Whoever holds a key can write any earlier day, so
    the day before is no ground to refuse, only to doubt the clock of the node. lost_from: the day from which somebody
    else may have had the key.
    """

    key_id: str
    public_key: bytes
    issuer: str
    valid_from: date
    valid_until: date | None = None
    lost_from: date | None = None


@dataclass(frozen=True)
class Revocations:
    """What the hub says of single certificates.

    days: certificate id -> the day it was taken back; as_of: the day of the newest list held here; known: of nodes that
    lost a key, certificate id -> what the hub knows of it (`facts_of`).
    """

    days: Mapping[str, date]
    as_of: date | None = None
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The answer, with what a person needs to weigh it.

    issuer: name of the key's holder, None if unknown; on: the day it expired or was revoked, or the last day its key
    was good; revocations_as_of: how fresh our list is; clock_doubtful: it was issued after our "today", so this
    machine's clock may be behind; issue_doubtful: it is dated before its issuer was there, or before anybody issued
    certificates (`payload.FIRST_DAY`), so the issuer's clock was wrong; key_lost: the day from which its key is
    reported lost, None if it is not.
    The claims of an altered certificate, of an unknown issuer, or of a key that is not believed, are what it *says*:
    print them as such.
    """

    state: State
    claims: CertificateClaims
    issuer: str | None
    on: date | None
    revocations_as_of: date | None
    clock_doubtful: bool
    issue_doubtful: bool = False
    key_lost: date | None = None


def judge(
    signed: SignedClaims,
    keys: Iterable[TrustedKey],
    revocations: Revocations,
    today: date,
    check: Check,
) -> Verdict:
    """Return the verdict on a certificate. Valid on its last day; revoked from the day of revocation, whenever that is.

    A lost key can write any day: what it signs is KEY_LOST from the day of the loss on; before that day it is DOUBTFUL
    unless the hub knows the certificate. A key that was followed by another is believed up to its last day, KEY_ENDED
    after it.
    """
    claims = signed.claims
    key = next((key for key in keys if key.key_id == claims.issuer_key_id), None)
    state, on = _state(signed, key, revocations, today, check)
    return Verdict(
        state=state,
        claims=claims,
        issuer=key.issuer if key else None,
        on=on,
        revocations_as_of=revocations.as_of,
        clock_doubtful=claims.issued > today,
        issue_doubtful=claims.issued < max(FIRST_DAY, key.valid_from if key else FIRST_DAY),
        key_lost=key.lost_from if key else None,
    )


def facts_of(certificate_id: str, version: str, score: float, issued: date, expires: date | None) -> str:
    """Return what a hub says it knows of a certificate: 16 hex digits over all a ledger holds of it.

    version: without a build. Course and name are not in it: the code of a course may change, and names stay at home.
    """
    days = [issued.isoformat(), expires.isoformat() if expires else ""]
    return digest_of([certificate_id, version, round(score * _SCORE_STEPS), *days])[:16]


def _state(
    signed: SignedClaims, key: TrustedKey | None, revocations: Revocations, today: date, check: Check
) -> tuple[State, date | None]:
    claims = signed.claims
    if key is None:
        return State.UNKNOWN_ISSUER, None
    if not check(key.public_key, signed.message, signed.signature):
        return State.ALTERED, None
    if key.lost_from is not None and claims.issued >= key.lost_from:
        return State.KEY_LOST, key.lost_from
    if key.valid_until is not None and claims.issued > key.valid_until:
        return State.KEY_ENDED, key.valid_until
    return _state_of_signed(claims, key, revocations, today)


def _state_of_signed(
    claims: CertificateClaims, key: TrustedKey, revocations: Revocations, today: date
) -> tuple[State, date | None]:
    if claims.certificate_id in revocations.days:
        return State.REVOKED, revocations.days[claims.certificate_id]
    known = revocations.known.get(claims.certificate_id)
    if key.lost_from is not None and known != _facts_of_claims(claims):
        return State.DOUBTFUL, None
    if claims.expires is not None and today > claims.expires:
        return State.EXPIRED, claims.expires
    return State.VALID, None


def _facts_of_claims(claims: CertificateClaims) -> str:
    """Return `facts_of` what a certificate says of itself."""
    return facts_of(claims.certificate_id, claims.course_version, claims.score, claims.issued, claims.expires)
