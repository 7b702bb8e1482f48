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
_BASE = len(SIGNS)
_CARRIED = LENGTH - 2
_VALUES = {sign: value for value, sign in enumerate(SIGNS)}


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
        rest, value = divmod(rest, _BASE)
        carried.append(value)
    return _grouped("".join(SIGNS[value] for value in carried + _check_values(carried)))


def parse_number(typed: str) -> str:
    """Return the number as printed, from what a person typed.

    Takes lower case, blanks, missing or other dashes, full width signs, and digits of any script.
    Raises Invalid: "number.sign" (sign=, position= counted from 1 among the signs), "number.length" (given=, needed=),
    "number.check" (a sign is wrong or two are swapped).
    """
    signs = [_plain(sign) for sign in unicodedata.normalize("NFKC", typed) if not _filler(sign)]
    for position, sign in enumerate(signs, start=1):
        if sign not in _VALUES:
            raise Invalid("number.sign", sign=sign, position=position)
    if len(signs) != LENGTH:
        raise Invalid("number.length", given=len(signs), needed=LENGTH)
    values = [_VALUES[sign] for sign in signs]
    if _check_values(values[:_CARRIED]) != values[_CARRIED:]:
        raise Invalid("number.check", number=_grouped("".join(signs)))
    return _grouped("".join(signs))


def _check_values(carried: list[int]) -> list[int]:
    """Return the two values that make the plain sum and the sum weighted by position (1..16) vanish modulo 31."""
    plain = sum(carried) % _BASE
    weighted = sum(position * value for position, value in enumerate(carried, start=1)) % _BASE
    # x + y = -plain and 15x + 16y = -weighted.
    last = (15 * plain - weighted) % _BASE
    return [(-plain - last) % _BASE, last]


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def _filler(sign: str) -> bool:
    """Tell whether the sign only separates: blanks, dashes, dots, and what copying drags along unseen."""
    return sign in ".,_·/" or unicodedata.category(sign) in ("Zs", "Pd", "Cf", "Cc")


def _plain(sign: str) -> str:
    """Return the sign as a Latin capital or an ASCII digit, whichever script's digit it was."""
    digit = unicodedata.digit(sign, None)
    return sign.upper() if digit is None else str(digit)
