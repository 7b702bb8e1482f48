"""A sample certificate, and keeping a look only when samples in all languages offered come out right.

A sample is worth nothing: its code has no signature, its number is that of no pass, and SAMPLE stands across it.
"""

from elearn.core.credential.number import number_from
from elearn.core.credential.page import CertificatePage
from elearn.core.credential.payload import CertificateClaims, encode
from elearn.core.credential.pictures import SEAL
from elearn.core.vocab.dates import add_months, local_date
from elearn.core.vocab.errors import NotFound, Unavailable
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.people import Agency
from elearn.services.accounts import Session
from elearn.services.certificate_look import Look, LookForm, keep_look, look_asked, look_of
from elearn.services.certificate_words import Told, signatories_in, unit_in, words_in
from elearn.services.node import About, Node, known
from elearn.services.packages import Package, current_packages

NO_ATTEMPT = "00000000-0000-4000-8000-000000000000"
LONG_NAMES = {
    "en": "Police Lieutenant Colonel Alexandra Wilhelmina Featherstonehaugh-Cholmondeley",
    "km": "វរសេនីយ៍ឯក លោកស្រី សុវណ្ណារ៉ា មុនីរ័ត្នវិបុលលក្ខណ៍ ចន្ទកញ្ញាសិរីវឌ្ឍនា",
    "lo": "ພັນໂທ ນາງ ວັນນະພາ ສີສຸວັນນະວົງ ໄຊຍະສິດເດດ ພົມມະວິໄຊ",
    "my": "ဒုတိယရဲမှူးကြီး ဒေါ်ခင်မျိုးချစ်သန္တာလှိုင်ဝင်းနွယ်နီလာထွန်းသီတာ",
    "th": "พันตำรวจโทหญิง สุภาภรณ์พรรณราย ศรีสวัสดิ์วรโชติธนพัฒน์กุลชัย",
    "vi": "Trung tá Nguyễn Phúc Công Tằng Tôn Nữ Thị Phương Thảo Quỳnh Nguyệt Ánh Tuyết",
    "zh_Hans": "阿卜杜热合曼·买买提图尔逊·吐尔洪江",
}
"""Invented people, with names as long as they are met with."""


def sample_pdf(node: Node, by: Session, language: str) -> bytes:
    """Return a sample in a language, in the look that is kept. Raises as `sample_page`, and as `Press.certificate`."""
    return node.press.certificate(sample_page(node, look_of(node, by), language))


def sample_printable(node: Node, by: Session, language: str) -> str:
    """Return the same as a page a browser can print. Raises as `sample_page`."""
    return node.press.printable(sample_page(node, look_of(node, by), language))


def change_look(node: Node, by: Session, form: LookForm) -> None:
    """Keep a look, all or nothing, after a sample in each language that is offered came out right.

    Raises as `look_asked`, and what the press refuses: Invalid("page.too-long"), Invalid("name.characters").
    """
    asked = look_asked(node, by, form)
    with node.store.reading() as tx:
        offered = known(tx).languages
    for language in offered:
        page = sample_page(node, asked, language)
        try:
            node.press.certificate(page)
        except Unavailable:
            node.press.printable(page)
    keep_look(node, by, asked)


def sample_page(node: Node, look: Look, language: str) -> CertificatePage:
    """Return a sample certificate with a long name, of the course with the longest title.

    Raises NotFound("language.unknown").
    """
    if language not in LANGUAGES:
        raise NotFound("language.unknown", language=language[:20])
    with node.store.reading() as tx:
        mine, packages = known(tx), current_packages(tx)
    package = max(
        (one for one in packages if one.course.examined), key=lambda one: _length(one, language), default=None
    )
    told = _told(node, mine, package)
    local, english = (words_in(node, told, look, tag) for tag in (language, SOURCE))
    holder = {"agency": mine.agency or Agency.NARCOTICS.value, "post": mine.name}
    return CertificatePage(
        language=language,
        local=local,
        english=english,
        person_name=LONG_NAMES[language],
        number=number_from(NO_ATTEMPT),
        issuer=look.issuer_in(language),
        issuer_english=look.issuers.get(SOURCE, ""),
        issued=local_date(told.issued_at, mine.country),
        payload=_payload(node, told, language),
        unit=unit_in(node, holder, language),
        unit_english=unit_in(node, holder, SOURCE),
        signatories=signatories_in(look, language),
        watermark=node.phrases.say(language, "SAMPLE"),
        seal=look.pictures.get(SEAL, b""),
        seal_words=node.phrases.say(language, "Seal of the issuer"),
        signature_words=node.phrases.say(language, "Signature"),
    )


def _length(package: Package, language: str) -> int:
    return len(str(package.words(language).get("title", "")))


def _told(node: Node, mine: About, package: Package | None) -> Told:
    today = node.now()
    months = package.course.validity_months if package else 24
    return Told(
        package=package,
        course=mine.name,
        version=package.course.version if package else "1.0.0",
        score=0.9,
        issued_at=today,
        expires_at=add_months(local_date(today, mine.country), months).isoformat() if months else "",
        country=mine.country,
    )


def _payload(node: Node, told: Told, language: str) -> str:
    """Return the text of a code as dense as a real one, with zeros for a signature."""
    claims = CertificateClaims(
        certificate_id=NO_ATTEMPT,
        person_name=LONG_NAMES[language],
        course=told.package.course.code if told.package else "0",
        course_version=told.version.partition("+")[0],
        score=told.score,
        issued=local_date(told.issued_at, told.country),
        expires=None,
        issuer_key_id=node.keys.key_id,
        language=language,
    )
    return encode(claims, lambda _message: bytes(64))
