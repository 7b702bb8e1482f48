"""Is this certificate good? Answered from what this node holds, for anyone who asks, with as little as will do.

A payload (scanned, or out of a PDF) carries its own signed words. A typed number is only looked up: then the holder's
name is shown by first letters, enough to compare with the paper and too little to learn who serves where.
"""

from dataclasses import dataclass, replace
from datetime import date

from elearn.core.content.version import without_build
from elearn.core.credential.number import parse_number
from elearn.core.credential.payload import FIRST_DAY, PREFIX, CertificateClaims, SignedClaims, decode
from elearn.core.credential.verify import Revocations, State, Verdict, judge
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.search.clusters import CLUSTER
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.kept import PERSON, TRUSTED_KEY
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.key_trust import known_facts, trusted_key
from elearn.services.node import About, Node, known
from elearn.services.packages import Package, current_packages, package_if_held
from elearn.services.revocations import TakenBack, list_date, taken_back


@dataclass(frozen=True)
class CertificateCheck:
    """The answer. state: "valid" | "expired" | "revoked" | "altered" | "unknown_issuer" | "unknown" (number) |
    "key_lost" (dated on or after the day its key was reported lost from) | "key_ended" (dated after its key went out of
    use) | "doubtful" (dated before its key was lost, but the hub does not know it).

    signed: judged by the signature, not by a number alone. name: as signed, or first letters; course: title in the
    language asked for, else its code; issued, expires, revoked: ISO dates, "" = none; list_date: day up to
    which revocations made elsewhere are known here, "" = no list was ever received; clock_doubtful: it was issued
    after this machine's today; issue_doubtful: it is dated before its issuer was there, or before
    anybody issued certificates: the issuer's clock was wrong.
    Everything but state and list_date is "" where it was altered.

    key_lost: the day from which its key is reported lost, "" = it is not: then nobody vouches for the name, also if it
    is valid; key_ended: the last day of its key, where the state is "key_ended".

    replaced: it is revoked for no other reason than that a newer certificate stands in its place; why else it was
    revoked is not shown. revoked is "" also where it is dated before the certificate: a clock was wrong.

    page: of an uploaded PDF, what its page shows beside the signed words: "agrees" (the file is to the byte as it was
    issued), "differs" (surely another name or number: state is "altered", and the signed words are given all the same),
    "unread" (saved anew or made long ago: a person has to compare); "" where no page was looked at.
    """

    state: str
    signed: bool
    list_date: str
    number: str = ""
    name: str = ""
    course: str = ""
    version: str = ""
    issuer: str = ""
    issued: str = ""
    expires: str = ""
    revoked: str = ""
    clock_doubtful: bool = False
    page: str = ""
    issue_doubtful: bool = False
    key_lost: str = ""
    key_ended: str = ""
    replaced: bool = False


def verify_code(node: Node, typed: str, language: str) -> CertificateCheck:
    """Check what was typed: a number, or the text of a QR code.

    Raises Invalid("number.sign" | "number.length" | "number.check"), for a QR text Invalid("payload.*").
    """
    if typed.strip().upper().startswith(PREFIX):
        return verify_payload(node, typed.upper(), language)  # base45 knows no small letters
    number = parse_number(typed)
    with node.store.reading() as tx:
        mine, listed = known(tx), list_date(tx)
        row = tx.tables.get(CERTIFICATE, number)
        if row is not None and row["issued_at"]:
            return _looked_up(tx, row, mine, _today(node, mine), language)
        back = taken_back(tx, number)
    if back:
        day = local_date(back.at, mine.country).isoformat()
        return _with_reason(CertificateCheck("revoked", False, listed, number=number, revoked=day), back)
    return CertificateCheck("unknown", False, listed, number=number)


def verify_payload(node: Node, text: str, language: str) -> CertificateCheck:
    """Check the text of a QR code. Raises Invalid("payload.*") for what is none of ours, or torn."""
    return verify_signed(node, decode(text), language)


def verify_signed(node: Node, signed: SignedClaims, language: str) -> CertificateCheck:
    """Check what is signed, however it was carried."""
    with node.store.reading() as tx:
        mine, listed = known(tx), list_date(tx)
        back = taken_back(tx, signed.claims.number)
        days = {signed.claims.certificate_id: local_date(back.at, mine.country)} if back else {}
        listed_on = date.fromisoformat(listed) if listed else None
        revocations = Revocations(days, listed_on, known_facts(tx, node, mine, signed.claims))
        key = trusted_key(tx, node, mine, signed.claims.issuer_key_id)
        verdict = judge(signed, [key] if key else [], revocations, _today(node, mine), node.keys.check)
        course = _title_of_code(tx, signed.claims.course, language)
    return _with_reason(_judged(verdict, course, listed), back)


def believes(node: Node, key_id: str) -> bool:
    """Tell whether this node knows whose key this is; also one that is lost or out of use."""
    with node.store.reading() as tx:
        return trusted_key(tx, node, known(tx), key_id) is not None


def initials(name: str) -> str:
    """Return the first letter of each word of a name, with its marks: ``S… V…``."""
    return " ".join(f"{first[0]}…" for word in name.split() if (first := CLUSTER.match(word)))


def _with_reason(check: CertificateCheck, back: TakenBack | None) -> CertificateCheck:
    if back is None or check.state != State.REVOKED.value:
        return check
    revoked = check.revoked if check.revoked >= check.issued else ""
    return replace(check, revoked=revoked, replaced=back.kind == REPLACED)


def _judged(verdict: Verdict, course: str, listed: str) -> CertificateCheck:
    state = verdict.state.value.replace("-", "_")
    if verdict.state is State.ALTERED:
        return CertificateCheck(state, True, listed)
    claims: CertificateClaims = verdict.claims
    return CertificateCheck(
        state=state,
        signed=True,
        list_date=listed,
        number=claims.number,
        name=claims.person_name,
        course=course,
        version=claims.course_version,
        issuer=verdict.issuer or "",
        issued=claims.issued.isoformat(),
        expires=claims.expires.isoformat() if claims.expires else "",
        revoked=verdict.on.isoformat() if verdict.state is State.REVOKED and verdict.on else "",
        clock_doubtful=verdict.clock_doubtful,
        issue_doubtful=verdict.issue_doubtful,
        key_lost=verdict.key_lost.isoformat() if verdict.key_lost else "",
        key_ended=verdict.on.isoformat() if verdict.state is State.KEY_ENDED and verdict.on else "",
    )


def _looked_up(tx: Transaction, row: Row, mine: About, today: date, language: str) -> CertificateCheck:
    """Return what this node holds of a number."""
    person = tx.tables.get(PERSON, row["person"])
    package = package_if_held(tx, row["digest"])
    issued = local_date(row["issued_at"], mine.country)
    expires = local_date(row["expires_at"], mine.country) if row["expires_at"] else None
    back = taken_back(tx, row["number"])
    state = State.EXPIRED if expires and today > expires else State.VALID
    check = CertificateCheck(
        state=State.REVOKED.value if back else state.value,
        signed=False,
        list_date=list_date(tx),
        number=row["number"],
        name=initials(person["name"]) if person else "",
        course=_title(package, language) if package else str(row["course"] or ""),
        version=without_build(row["version"] or ""),
        issuer=_issuer(tx, row["node"], mine),
        issued=issued.isoformat(),
        expires=expires.isoformat() if expires else "",
        revoked=local_date(back.at, mine.country).isoformat() if back else "",
        clock_doubtful=issued > today,
        issue_doubtful=issued < max(FIRST_DAY, _there_since(tx, row["node"], mine)),
    )
    return _with_reason(check, back)


def _issuer(tx: Transaction, node_id: str | None, mine: About) -> str:
    if node_id == mine.id:
        return mine.issuer or mine.name
    rows = tx.tables.select(TRUSTED_KEY, {"node": node_id}, limit=1) if node_id else []
    return str(rows[0]["node_name"] or "") if rows else ""


def _there_since(tx: Transaction, node_id: str | None, mine: About) -> date:
    """Return the first day on which a node can have issued anything, as far as it is known here."""
    rows = tx.tables.select(TRUSTED_KEY, {"node": node_id}) if node_id else []
    return min((local_date(row["valid_from"], mine.country) for row in rows if row["valid_from"]), default=date.min)


def _title_of_code(tx: Transaction, code: str, language: str) -> str:
    found = next((one for one in current_packages(tx) if code in {one.course.code, one.course.id}), None)
    return _title(found, language) if found else code


def _title(package: Package, language: str) -> str:
    return str(package.words(language).get("title", package.course.id))


def _today(node: Node, mine: About) -> date:
    return local_date(node.now(), mine.country)
