"""Issuing certificates, and putting one into words for the press.

A certificate's id is the id of the attempt that was passed: one pass can never give two numbers, on whatever node. One
that is issued anew has an id that follows from the old one (`services/reissue`).
"""

from elearn.core.content.version import without_build
from elearn.core.credential.number import number_from, parse_number
from elearn.core.credential.page import CertificatePage, CertificateWords, Signatory
from elearn.core.credential.payload import CertificateClaims, encode
from elearn.core.vocab.dates import add_months, end_of_day, format_date, local_date
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.roles import Permission, Role, may
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, certificate_iri
from elearn.ports import Transaction
from elearn.services.node import About, Node, known
from elearn.services.packages import Package, package_if_held
from elearn.services.revocations import taken_back
from elearn.services.revoking import certificate_row
from elearn.services.standing import pinned

CERTIFICATE_TYPE = "https://www.opigno.org/en/tincan_registry/activity_type/certificate"


def certified(
    tx: Transaction, node: Node, saying: Saying, package: Package, *, attempt: str, score: float, language: str
) -> Statement:
    """Return the statement that issues the certificate of a passed exam. score: 0..1."""
    months = package.course.validity_months
    expires_at = None
    if months:
        country = known(tx).country
        expires_at = end_of_day(add_months(local_date(saying.timestamp, country), months), country)
    return build(
        saying,
        node.ids.new(),
        CERTIFIED,
        certificate_iri(number_from(attempt)),
        activity_type=CERTIFICATE_TYPE,
        result={"score": {"scaled": score}},
        attempt=attempt,
        extensions={**pinned(package, language), "course": package.course.id, "expires_at": expires_at},
    )


def certificate_pdf(node: Node, person: str, number: str, language: str) -> bytes:
    """Return a certificate as PDF. Raises as `certificate_for`, and as `ports.Press.certificate`."""
    return node.press.certificate(certificate_for(node, person, number, language))


def certificate_printable(node: Node, person: str, number: str, language: str) -> str:
    """Return a certificate as a page a browser can print, for where there is no press. Raises as `certificate_for`."""
    return node.press.printable(certificate_for(node, person, number, language))


def certificate_for(node: Node, person: str, number: str, language: str) -> CertificatePage:
    """Return a certificate for its holder, or for who manages officers. person: who asks; number: as typed.

    Raises as `certificate_page`, Invalid("number.*"), Refused("certificate.not-yours").
    """
    with node.store.reading() as tx:
        row = certificate_row(tx, parse_number(number))
        account = tx.tables.get(ACCOUNT, person)
    manages = account is not None and account["active"] and may(Role(account["role"]), Permission.MANAGE_OFFICERS)
    if row["person"] != person and not manages:
        raise Refused("certificate.not-yours")
    return certificate_page(node, row["number"], language)


def certificate_page(node: Node, number: str, language: str) -> CertificatePage:
    """Return a certificate put into words. number: as printed; language: tag of the local words, "" = as taken.

    Raises NotFound("certificate.unknown"), NotFound("certificate.no-person") where the identity is not kept here,
    Refused("certificate.revoked" | "certificate.replaced"), Invalid("claims.*").
    """
    with node.store.reading() as tx:
        row, mine, back = certificate_row(tx, number), known(tx), taken_back(tx, number)
        person = tx.tables.get(PERSON, row["person"])
        package = package_if_held(tx, row["digest"])
    if back and back.kind == REPLACED:
        raise Refused("certificate.replaced", number=number)
    if back:
        raise Refused("certificate.revoked", number=number)
    if person is None:
        raise NotFound("certificate.no-person", number=number)
    language = language if language in LANGUAGES else str(row["language"] or SOURCE)
    local, english = (_words(node, row, package, tag, mine.country) for tag in (language, SOURCE))
    return CertificatePage(
        language=language,
        local=local,
        english=english,
        person_name=person["name"],
        number=number,
        issuer=mine.issuer or mine.name,
        issued=local_date(row["issued_at"], mine.country),
        payload=_payload(node, mine, row, package, person["name"]),
        unit=_unit(node, person, language),
        unit_english=_unit(node, person, SOURCE),
        signatories=_signatories(mine),
        watermark=node.phrases.say(language, "DEMONSTRATION") if mine.demo else "",
    )


def _payload(node: Node, mine: About, row: Row, package: Package | None, name: str) -> str:
    """Return the signed text of the QR code, with the name as this post knows it today."""
    claims = CertificateClaims(
        certificate_id=row["certificate_id"],
        person_name=name,
        course=package.course.code if package else row["course"],
        course_version=without_build(row["version"] or "") or "0",
        score=row["score"] or 0.0,
        issued=local_date(row["issued_at"], mine.country),
        expires=local_date(row["expires_at"], mine.country) if row["expires_at"] else None,
        issuer_key_id=node.keys.key_id,
        language=row["language"] or SOURCE,
    )
    return encode(claims, node.keys.sign)


def _words(node: Node, row: Row, package: Package | None, language: str, country: str) -> CertificateWords:
    say = node.phrases.say
    title = str(package.words(language).get("title", row["course"])) if package else str(row["course"])
    draft = bool(package and package.language(language) == language and package.draft(language))
    expires = format_date(language, row["expires_at"], country=country) if row["expires_at"] else ""
    outcome = package.course.main_outcome if package else ""
    return CertificateWords(
        heading=say(language, "Certificate of completion"),
        awarded_to=say(language, "This certificate is awarded to"),
        has_completed=say(language, "who has completed the course"),
        course_title=title,
        number_label=say(language, "Certificate number"),
        version_label=say(language, "Version"),
        version=without_build(row["version"] or ""),
        score_label=say(language, "Score"),
        score=say(language, "%(percent)s %%", percent=round((row["score"] or 0.0) * 100)),
        issued_label=say(language, "Issued on"),
        issued=format_date(language, row["issued_at"], country=country),
        expires_label=say(language, "Valid until"),
        expires=expires or say(language, "No expiry"),
        verify_hint=say(
            language,
            "To check this certificate, scan the code or type the number at any post. No connection is needed.",
        ),
        outcome=say(language, "Serves outcome %(outcome)s of the action plan", outcome=outcome) if outcome else "",
        draft=say(language, "Draft translation, not yet reviewed") if draft else "",
    )


def _unit(node: Node, person: Row, language: str) -> str:
    """Return agency and post of the officer in one line; a post's name is as people there write it."""
    agency = agency_name(node, person["agency"] or "", language)
    post = person["post"] or ""
    if agency and post:
        return node.phrases.say(language, "%(agency)s, %(post)s", agency=agency, post=post)
    return agency or post


def agency_name(node: Node, agency: str, language: str) -> str:
    """Return the name of an agency in a language, "" for one not known."""
    say = node.phrases.say
    names = {
        "police": say(language, "Police"),
        "customs": say(language, "Customs"),
        "immigration": say(language, "Immigration"),
        "narcotics": say(language, "Narcotics control"),
        "border-guard": say(language, "Border guard"),
    }
    return names.get(agency, "")


def _signatories(mine: About) -> tuple[Signatory, ...]:
    """Return up to three signatories of the node's facts: {name, title, title_english}."""
    return tuple(
        Signatory(one.get("name", ""), one.get("title", ""), one.get("title_english", ""))
        for one in mine.signatories[:3]
    )
