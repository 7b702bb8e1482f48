"""A certificate as an Open Badges 3.0 credential (VC Data Model 2.0), and back again.

There is one way to write a certificate, and only what is written that way is read: `badge_of` builds the document anew
from what it read and compares. So no word can hide in a place that a signature over RDF does not reach (a term the
contexts do not know is dropped there without a sound), and nothing is left for a reader to interpret.

A later form must have another `@context` or `type`, so that this one can tell it from an altered one.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from elearn.core.credential.data_integrity import Document, did_of, from_multibase, key_id_of, key_of, multibase
from elearn.core.credential.payload import CertificateClaims
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
COURSES = "https://elearn.invalid/course/"
OUTCOMES = "https://elearn.invalid/outcome/"
"""Names, not addresses (RFC 2606), as in `xapi.verbs`."""
_TAGS = {row.bcp47: row.tag for row in LANGUAGES.values()}
_STEPS = 10_000
_SHA256 = b"\x12\x20"
"""Multihash: sha2-256, 32 bytes."""


@dataclass(frozen=True)
class OpenBadge:
    """What the credential of a certificate says. claims: as in its QR code; public_key: of the signing node.

    issuer: name of the issuer; heading: "Certificate of completion"; title: of the course; description, criteria: a
    paragraph for each language; score_label: "Score"; pass_mark: 0..1 or None; outcome, outcome_name: code of the
    outcome of the action plan and a sentence on it, or "". All in the language of the page. file_digest: SHA-256 of the
    PDF that it lies in, with the place of the credential left blank; b"" where it lies in none. Raises
    Invalid("badge.text", field=) for a text that is empty where it must not be, or has signs nobody can read.
    """

    claims: CertificateClaims
    public_key: bytes
    issuer: str
    heading: str
    title: str
    description: str
    criteria: str
    score_label: str
    pass_mark: float | None
    outcome: str = ""
    outcome_name: str = ""
    file_digest: bytes = b""

    def __post_init__(self) -> None:
        for field in ("issuer", "heading", "title", "description", "criteria", "score_label"):
            if not getattr(self, field):
                raise Invalid("badge.text", field=field)
        for field, text in vars(self).items():
            # pyld does not escape them as canonical N-Quads ask (RDFC-1.0, section 5); surrogates cannot be encoded.
            if isinstance(text, str) and any(unicodedata.category(s) in {"Cc", "Cs"} for s in text if s != "\n"):
                raise Invalid("badge.text", field=field)
        if self.pass_mark is not None:
            object.__setattr__(self, "pass_mark", round(self.pass_mark * _STEPS) / _STEPS)


def document_of(badge: OpenBadge) -> Document:
    """Return the credential, not yet signed. Days are days at the post: from 00:00 to 23:59 of them, written as UTC."""
    claims = badge.claims
    document: Document = {
        "@context": CONTEXTS,
        "id": f"urn:uuid:{claims.certificate_id}",
        "type": TYPES,
        "name": badge.heading,
        "issuer": {"id": did_of(badge.public_key), "type": ["Profile"], "name": badge.issuer},
        "validFrom": created_of(claims),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": claims.person_name,
                    "identityType": "name",
                }
            ],
            "licenseNumber": claims.number,
            "achievement": _achievement(badge),
            "result": [
                {"type": ["Result"], "resultDescription": _result_id(claims), "value": _percent(claims.score)},
            ],
        },
    }
    if claims.expires is not None:
        document["validUntil"] = f"{claims.expires.isoformat()}T23:59:59Z"
    if badge.file_digest:
        document["relatedResource"] = [
            {
                "id": f"urn:uuid:{claims.certificate_id}#pdf",
                "mediaType": "application/pdf",
                "digestMultibase": multibase(_SHA256 + badge.file_digest),
            }
        ]
    return document


def created_of(claims: CertificateClaims) -> str:
    """Return the time a certificate is valid from and its proof is dated: so equal certificates have equal proofs."""
    return f"{claims.issued.isoformat()}T00:00:00Z"


def badge_of(document: Document) -> OpenBadge:
    """Return what a credential says; whether it is signed right is for others.

    Raises Invalid: "credential.other" (not a credential of this form at all), "credential.form" (looks like one of
    this form, and says something it never says, or in a way it never does).
    """
    if document.get("@context") != CONTEXTS or document.get("type") != TYPES:
        raise Invalid("credential.other")
    try:
        badge = _read(document)
        again = document_of(badge)
    except (Invalid, LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise Invalid("credential.form", part="claims") from None
    if again != {key: value for key, value in document.items() if key != "proof"}:
        raise Invalid("credential.form", part="words")
    return badge


def _achievement(badge: OpenBadge) -> Document:
    claims = badge.claims
    achievement: Document = {
        "id": _course_id(claims),
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": badge.title,
        "description": badge.description,
        "criteria": {"narrative": badge.criteria},
        "humanCode": claims.course,
        "version": claims.course_version,
        "inLanguage": LANGUAGES[claims.language].bcp47 if claims.language in LANGUAGES else claims.language,
        "resultDescription": [
            {
                "id": _result_id(claims),
                "type": ["ResultDescription"],
                "name": badge.score_label,
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
        ],
    }
    if badge.pass_mark is not None:
        achievement["resultDescription"][0]["requiredValue"] = _percent(badge.pass_mark)
    if badge.outcome:
        aligned = {"type": ["Alignment"], "targetCode": badge.outcome, "targetName": badge.outcome_name}
        achievement["alignment"] = [{**aligned, "targetUrl": OUTCOMES + quote(badge.outcome, safe="")}]
    return achievement


def _read(document: Document) -> OpenBadge:
    from_key = document["issuer"]["id"]
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    described = achievement["resultDescription"][0]
    aligned: Document = achievement.get("alignment", [{}])[0]
    public_key = key_of(from_key)
    tag = achievement["inLanguage"]
    until, files = document.get("validUntil"), document.get("relatedResource")
    claims = CertificateClaims(
        certificate_id=document["id"].removeprefix("urn:uuid:"),
        person_name=subject["identifier"][0]["identityHash"],
        course=achievement["humanCode"],
        course_version=achievement["version"],
        score=_scaled(subject["result"][0]["value"]),
        issued=date.fromisoformat(document["validFrom"][:10]),
        expires=None if until is None else date.fromisoformat(until[:10]),
        issuer_key_id=key_id_of(public_key),
        language=_TAGS.get(tag, tag),
    )
    return OpenBadge(
        claims=claims,
        public_key=public_key,
        issuer=document["issuer"]["name"],
        heading=document["name"],
        title=achievement["name"],
        description=achievement["description"],
        criteria=achievement["criteria"]["narrative"],
        score_label=described["name"],
        pass_mark=_scaled(described["requiredValue"]) if "requiredValue" in described else None,
        outcome=aligned.get("targetCode", ""),
        outcome_name=aligned.get("targetName", ""),
        file_digest=from_multibase(files[0]["digestMultibase"])[len(_SHA256) :] if files else b"",
    )


def _course_id(claims: CertificateClaims) -> str:
    return f"{COURSES}{quote(claims.course, safe='')}/{quote(claims.course_version, safe='')}"


def _result_id(claims: CertificateClaims) -> str:
    return f"{_course_id(claims)}/score"


def _percent(score: float) -> str:
    """Return 0..1 as percent with at most two decimals: 0.9231 -> "92.31", 0.8 -> "80"."""
    whole, hundredths = divmod(round(score * _STEPS), 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") if hundredths else str(whole)


def _scaled(percent: Any) -> float:
    return round(float(percent) * 100) / _STEPS
