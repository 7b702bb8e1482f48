"""What lies in the PDF of a certificate, as it was read, and whether its printed words are the signed ones."""

import re
import unicodedata
from dataclasses import dataclass

from elearn.core.credential.number import SIGNS

_NUMBER = re.compile("-".join([f"[{SIGNS}]{{4}}"] * 4))


@dataclass(frozen=True)
class CertificateFile:
    """Nothing of it is checked. payload: text of the QR code, "" = none; credential: JSON, b"" = none.

    digest: SHA-256 of the file with the place of the credential left blank, b"" where the credential was not put in as
    `adapters.pdf_seal` does; printed: the words of the pages as the file draws them; said: as the file says they read
    (/ActualText). A program cannot read ``printed`` with certainty in every script.
    """

    payload: str
    credential: bytes = b""
    digest: bytes = b""
    printed: str = ""
    said: str = ""


def says_another(file: CertificateFile, name: str, number: str) -> bool:
    """Tell whether the words on the page are surely not those of this certificate; False where that is not sure.

    Words only drawn are read back surely in plain Latin letters, on a page without Latin letters with marks: a font
    draws both with one glyph, and Vietnamese pages read "Kha Hc" for "Khoa Hoc". Otherwise they are not; but where
    words are said in Unicode, as in all certificates made here, all of them are: the number without the name means
    another name.
    """
    said, printed = _squeezed(file.said), _squeezed(file.printed)
    numbers = {*_NUMBER.findall(said), *_NUMBER.findall(printed)}
    if number not in numbers:
        return bool(numbers)
    name = _squeezed(name)
    if name.isascii() and number in printed and not _has_marks(printed):
        return name not in printed
    return number in said and name not in said and name not in printed


def _squeezed(text: str) -> str:
    """Return the text without blanks, line ends, ligatures and what is not seen."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")


def _has_marks(text: str) -> bool:
    """Tell whether there is a Latin letter with a mark, or of another shape (đ)."""
    return any("LATIN" in unicodedata.name(sign, "") and not sign.isascii() for sign in text)
