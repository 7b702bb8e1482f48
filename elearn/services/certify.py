"""Issuing certificates, and putting one into words for the press.

A certificate's id is the id of the attempt that was passed: one pass can never give two numbers, on whatever node. One
that is issued anew has an id that follows from the old one (`services/reissue`).
"""

from elearn.core.credential.number import number_from, parse_number
from elearn.core.credential.page import CertificatePage
from elearn.core.credential.pictures import SEAL
from elearn.core.vocab.dates import add_months, end_of_day, local_date
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.roles import Permission, Role, may
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, certificate_iri
from elearn.ports import Transaction
from elearn.services.certificate_look import look_in
from elearn.services.certificate_signing import ToSign, credential_of, payload_of
from elearn.services.certificate_words import signatories_in, told_of, unit_in, words_in
from elearn.services.node import Node, known
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
        look = look_in(tx, mine)
    if back and back.kind == REPLACED:
        raise Refused("certificate.replaced", number=number)
    if back:
        raise Refused("certificate.revoked", number=number)
    if person is None:
        raise NotFound("certificate.no-person", number=number)
    language = language if language in LANGUAGES else str(row["language"] or SOURCE)
    told = told_of(row, package, mine.country)
    local, english = (words_in(node, told, look, tag) for tag in (language, SOURCE))
    signing = ToSign(row, package, person["name"], mine.country, node.keys.present())
    return CertificatePage(
        language=language,
        local=local,
        english=english,
        person_name=person["name"],
        number=number,
        issuer=look.issuer_in(language),
        issuer_english=look.issuers.get(SOURCE, ""),
        issued=local_date(row["issued_at"], mine.country),
        payload=payload_of(signing),
        credential=credential_of(node, signing, look.issuer_in(language), language, (local, english)),
        unit=unit_in(node, person, language),
        unit_english=unit_in(node, person, SOURCE),
        signatories=signatories_in(look, language),
        watermark=node.phrases.say(language, "DEMONSTRATION") if mine.demo else "",
        seal=look.pictures.get(SEAL, b""),
        seal_words=node.phrases.say(language, "Seal of the issuer"),
        signature_words=node.phrases.say(language, "Signature"),
    )
