"""The code of an answer sheet: made from the attempt it belongs to, typed by hand or read from its QR code.

Eight signs in two groups, ``7K3M-9QXA``, of the signs of certificate numbers: six carried and two for checking, so that
any two wrong signs and any two swapped are noticed (`credential.number`).
"""

import hashlib
import unicodedata

from elearn.core.credential.number import BASE, SIGNS, VALUES, check_values, filler, grouped, plain_sign
from elearn.core.vocab.errors import Invalid

LENGTH = 8
_CARRIED = LENGTH - 2
LONGEST_TYPED = 100


def sheet_code(attempt: str) -> str:
    """Return the code for an attempt. Two attempts may have the same one: 1 pair in 900 million."""
    rest = int.from_bytes(hashlib.sha256(b"elearn answer sheet" + attempt.encode()).digest(), "big")
    carried = []
    for _ in range(_CARRIED):
        rest, value = divmod(rest, BASE)
        carried.append(value)
    return grouped("".join(SIGNS[value] for value in carried + check_values(carried)))


def parse_sheet_code(typed: str) -> str:
    """Return the code as printed, from what was typed or scanned. Raises Invalid("sheet.code")."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])
    signs = [plain_sign(sign) for sign in plain if not filler(sign)]
    values = [VALUES.get(sign, -1) for sign in signs]
    if len(values) != LENGTH or min(values) < 0 or check_values(values[:_CARRIED]) != values[_CARRIED:]:
        raise Invalid("sheet.code", typed=typed[:LONGEST_TYPED])
    return grouped("".join(signs))
