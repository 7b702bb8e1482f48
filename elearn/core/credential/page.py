"""Everything printed on a certificate, already put into words: the press only sets it.

Two sets of words, the officer's language and English. When the language is English the second is not printed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from elearn.core.vocab.languages import SOURCE


@dataclass(frozen=True)
class CertificateWords:
    """The words of one language. Labels and values come as whole sentences or pairs, never glued by the press.

    heading: "Certificate of completion"; awarded_to: "This certificate is awarded to"; has_completed: "who has
    completed the course"; course_title; outcome: the SAP outcome the course serves, or "".
    The *_label / value pairs: number_label "Certificate number", version "Version" / "1.2", score "Score" / "92 %"
    (both "" where it is not printed), issued "Issued on" / "3 March 2026", expires "Valid until" / "3 March 2028" or
    "No expiry".
    verify_hint: how to check it with no line; draft: "draft translation, not yet reviewed" or "".
    """

    heading: str
    awarded_to: str
    has_completed: str
    course_title: str
    number_label: str
    version_label: str
    version: str
    score_label: str
    score: str
    issued_label: str
    issued: str
    expires_label: str
    expires: str
    verify_hint: str
    outcome: str = ""
    draft: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who signs: a name, the title in the local language and in English ("" where there is none), and the signature.

    picture: PNG of 50 x 14 mm, to stand on the line, b"" = to be signed by hand.
    """

    name: str
    title: str
    title_english: str = ""
    picture: bytes = b""


@dataclass(frozen=True)
class CertificatePage:
    """One certificate, ready to be set.

    language: tag of the local words; issuer: the neutral name from the settings, in the local language and in
    English ("" where it is the same); unit: agency and post of the officer, or ""; signatories: none to three;
    watermark: "DEMO" and the like, or ""; payload: the text of the QR code; issued: also the date inside the PDF;
    seal: PNG of at most 45 x 20 mm, or b""; seal_words, signature_words: what these pictures are, for who hears it.
    """

    language: str
    local: CertificateWords
    english: CertificateWords
    person_name: str
    number: str
    issuer: str
    issued: date
    payload: str
    issuer_english: str = ""
    unit: str = ""
    unit_english: str = ""
    signatories: tuple[Signatory, ...] = ()
    watermark: str = ""
    seal: bytes = b""
    seal_words: str = ""
    signature_words: str = ""

    credential: Callable[[bytes], str] | None = field(default=None, compare=False, repr=False)
    """credential(digest of the PDF without it) -> the signed credential to put into the PDF, as JSON; None = none."""

    @property
    def bilingual(self) -> bool:
        """Tell whether English stands beside the local words."""
        return self.language != SOURCE

    def texts(self) -> list[str]:
        """Return every text that is printed, for checking that the fonts can."""
        people = [text for one in self.signatories for text in (one.name, one.title, one.title_english)]
        own = [self.person_name, self.number, self.issuer, self.issuer_english, self.unit, self.unit_english]
        sets = [self.local, self.english] if self.bilingual else [self.english]
        words = [text for words in sets for text in vars(words).values()]
        return [text for text in [*own, self.watermark, *people, *words] if text]
