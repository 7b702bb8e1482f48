"""A certificate signed twice with the node's key: as the text of its QR code, and as the credential in its PDF.

Both say the same: the name is as this post knows it today, the rest as it was recorded.
"""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from elearn.core.content.version import without_build
from elearn.core.credential import data_integrity, quads
from elearn.core.credential.open_badge import OpenBadge, created_of, document_of
from elearn.core.credential.page import CertificateWords
from elearn.core.credential.payload import CertificateClaims, encode
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.languages import SOURCE
from elearn.core.vocab.tables import Row
from elearn.ports import Keys
from elearn.services.node import Node
from elearn.services.packages import Package


@dataclass(frozen=True)
class ToSign:
    """What is signed of a certificate. row: of the certificates; name: of the holder; country: whose days they are."""

    row: Row
    package: Package | None
    name: str
    country: str
    keys: Keys


def payload_of(given: ToSign) -> str:
    """Return the text of the QR code. Raises Invalid("claims.*")."""
    return encode(_claims(given), given.keys.sign)


def credential_of(
    node: Node, given: ToSign, issuer: str, language: str, words: tuple[CertificateWords, CertificateWords]
) -> Callable[[bytes], str]:
    """Return what makes the credential: digest of the PDF it is for -> JSON. words: in ``language`` and in English.

    Raises Invalid("claims.*").
    """
    local, english = words
    course = given.package.course if given.package else None
    claims, keys = _claims(given), given.keys

    def both(message: str) -> str:
        return "\n\n".join(dict.fromkeys(node.phrases.say(tag, message) for tag in (language, SOURCE)))

    badge = OpenBadge(
        claims=claims,
        public_key=keys.public_key,
        issuer=_plain(issuer),
        heading=_plain(local.heading),
        title=_plain(local.course_title),
        description="\n\n".join(dict.fromkeys([_plain(local.course_title), _plain(english.course_title)])),
        criteria=both("Who holds this certificate has read all lessons of the course and passed its exam."),
        score_label=node.phrases.say(language, "Score"),
        pass_mark=course.pass_mark if course else None,
        outcome=course.main_outcome if course else "",
        outcome_name=_plain(local.outcome),
    )

    def signed(file_digest: bytes) -> str:
        document = document_of(replace(badge, file_digest=file_digest))
        created = created_of(claims)
        return written(data_integrity.sign(document, keys.public_key, created, keys.sign, quads.canonical))

    return signed


def written(document: data_integrity.Document) -> str:
    """Return a credential as JSON, the one way it is written here."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _claims(given: ToSign) -> CertificateClaims:
    row, package, country = given.row, given.package, given.country
    return CertificateClaims(
        certificate_id=row["certificate_id"],
        person_name=given.name,
        course=package.course.code if package else row["course"],
        course_version=without_build(row["version"] or "") or "0",
        score=row["score"] or 0.0,
        issued=local_date(row["issued_at"], country),
        expires=local_date(row["expires_at"], country) if row["expires_at"] else None,
        issuer_key_id=given.keys.key_id,
        language=row["language"] or SOURCE,
    )


def _plain(text: str) -> str:
    """Return a text without signs that nobody sees: a credential refuses them, and a name of a course may have them."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cs"})
