"""One-time enrolment codes: five groups of four signs that are hard to misread, and what is proved with them.

Four signs name the code, sixteen (80 bits) are its secret. The secret never travels: both sides show that they know it
by an HMAC over what they say, so that on a plain line nobody can pass as the post, or as the hub.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.xapi.canonical import canonical_json

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 4
SECRET_LENGTH = 16
VALID_DAYS = 14
MOST_WRONG_TRIES = 5
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = ID_LENGTH + SECRET_LENGTH
_GROUP = 4


@dataclass(frozen=True)
class Code:
    """code_id: names it, not secret; secret: 16 signs, kept by nobody but the two administrators."""

    code_id: str
    secret: str

    def __str__(self) -> str:
        """Return it as it is written down: in groups of four."""
        whole = self.code_id + self.secret
        return "-".join(whole[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def code_from(chance: str) -> Code:
    """Return the code made from an unguessable text of 100 bits or more."""
    number = int.from_bytes(hashlib.sha256(chance.encode()).digest(), "big")
    signs = "".join(SIGNS[(number >> 5 * at) & 31] for at in range(_LENGTH))
    return Code(signs[:ID_LENGTH], signs[ID_LENGTH:])


def parse_code(text: str) -> Code:
    """Return the code as typed, in either case, with or without hyphens and blanks; O is 0, I and L are 1.

    Raises Invalid("enrol.code-signs", signs=) for signs that are in no code, Invalid("enrol.code-length", given=).
    """
    plain = "".join(text.upper().split()).replace("-", "").translate(_ALIKE)
    strange = sorted(set(plain) - set(SIGNS))
    if strange:
        raise Invalid("enrol.code-signs", signs=" ".join(strange)[:40])
    if len(plain) != _LENGTH:
        raise Invalid("enrol.code-length", given=len(plain), wanted=_LENGTH)
    return Code(plain[:ID_LENGTH], plain[ID_LENGTH:])


def secret_digest(code: Code) -> bytes:
    """Return the SHA-256 of the secret: what the hub keeps, and the key of the proofs. 80 random bits need no salt."""
    return hashlib.sha256(code.secret.encode()).digest()


def proof(key: bytes, side: str, said: Any) -> str:
    """Return the HMAC-SHA256 that shows that who says this knows the code. side: "post" or "hub"."""
    # The side is part of it, or an answer could be made from the post's own words.
    return hmac.new(key, side.encode() + b"\n" + canonical_json(said), hashlib.sha256).hexdigest()


def proves(key: bytes, side: str, said: Any, given: str) -> bool:
    """Tell whether the proof is right."""
    return hmac.compare_digest(proof(key, side, said).encode(), given.encode(errors="surrogatepass"))
