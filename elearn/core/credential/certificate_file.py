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

    Where words are said in Unicode, as in all certificates made here, all of them are: the number without the name
    means another name. Words only drawn are read back surely in plain Latin letters, but for their marks.
    """
    said, printed = _squeezed(file.said), _squeezed(file.printed)
    numbers = {*_NUMBER.findall(said), *_NUMBER.findall(printed)}
    if number not in numbers:
        return bool(numbers)
    name = _squeezed(name)
    if name in said or name in printed:
        return False
    return number in said or (name.isascii() and name not in _without_marks(printed))


def _squeezed(text: str) -> str:
    """Return the text in NFC without blanks, line ends and what is not seen."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")


def _without_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
