"""The certificate number: made from the certificate's id, read over a bad telephone, typed by hand, checked.

Sixteen signs in four groups, ``7K3M-9QXA-2BTF-HW4C``. The 31 signs leave out 0 O 1 I L. Fourteen carry 69 bits of the
certificate's random id, so that posts that have never spoken to each other do not mint the same number (10 million
certificates: odds of one clash 1 in 10 million). The last two are check signs: the whole is a code word over the field
of 31 elements with minimum distance 3, so *any* two wrong signs are noticed, and any two signs swapped.
"""

import hashlib
import unicodedata
from uuid import UUID

from elearn.core.vocab.errors import Invalid

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 16
BASE = len(SIGNS)
_CARRIED = LENGTH - 2
VALUES = {sign: value for value, sign in enumerate(SIGNS)}


def number_from(certificate_id: str) -> str:
    """Return the certificate number of a certificate's id (a uuid as text).

    Raises Invalid("certificate.id") for a text that is no uuid.
    """
    try:
        seed = UUID(certificate_id).bytes
    except ValueError:
        raise Invalid("certificate.id", value=certificate_id) from None
    rest = int.from_bytes(hashlib.sha256(b"elearn certificate number" + seed).digest(), "big")
    carried = []
    for _ in range(_CARRIED):
        rest, value = divmod(rest, BASE)
        carried.append(value)
    return grouped("".join(SIGNS[value] for value in carried + check_values(carried)))


def parse_number(typed: str) -> str:
    """Return the number as printed, from what a person typed.

    Takes lower case, blanks, missing or other dashes, full width signs, and digits of any script.
    Raises Invalid: "number.sign" (sign=, position= counted from 1 among the signs), "number.length" (given=, needed=),
    "number.check" (a sign is wrong or two are swapped).
    """
    signs = [plain_sign(sign) for sign in unicodedata.normalize("NFKC", typed) if not filler(sign)]
    for position, sign in enumerate(signs, start=1):
        if sign not in VALUES:
            raise Invalid("number.sign", sign=sign, position=position)
    if len(signs) != LENGTH:
        raise Invalid("number.length", given=len(signs), needed=LENGTH)
    values = [VALUES[sign] for sign in signs]
    if check_values(values[:_CARRIED]) != values[_CARRIED:]:
        raise Invalid("number.check", number=grouped("".join(signs)))
    return grouped("".join(signs))


def check_values(carried: list[int]) -> list[int]:
    """Return the two values that make the plain sum and the sum weighted by position (from 1) vanish modulo 31."""
    plain = sum(carried) % BASE
    weighted = sum(position * value for position, value in enumerate(carried, start=1)) % BASE
    # At the places n - 1 and n: x + y = -plain and (n - 1)x + ny = -weighted.
    last = ((len(carried) + 1) * plain - weighted) % BASE
    return [(-plain - last) % BASE, last]


def grouped(signs: str) -> str:
    """Return the signs in groups of four."""
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def filler(sign: str) -> bool:
    """Tell whether the sign only separates: blanks, dashes, dots, and what copying drags along unseen."""
    return sign in ".,_·/" or unicodedata.category(sign) in ("Zs", "Pd", "Cf", "Cc")


def plain_sign(sign: str) -> str:
    """Return the sign as a Latin capital or an ASCII digit, whichever script's digit it was."""
    digit = unicodedata.digit(sign, None)
    return sign.upper() if digit is None else str(digit)
