"""What may be a PIN, and the one form in which PINs and service numbers are compared whatever the keyboard.

A PIN is six digits or more; a passphrase is ten characters or more. Khmer, Lao, Thai, Burmese and full-width digits
are folded to ASCII, so that the same PIN works on every keyboard of the post.
"""

import unicodedata
from itertools import pairwise

from elearn.core.vocab.errors import Invalid

SHORTEST_PIN = 6
SHORTEST_PASSPHRASE = 10
LONGEST = 128
LONGEST_NUMBER = 32
NUMBER_MARKS = "-/."
UNSEEN = ("Cf", "Cs")  # zero-width and direction marks, which keyboards put in by themselves; broken halves of pairs

# Keypad figures, years and lucky numbers people take when asked for six digits or more; runs, repeats and dates
# are found by rule, not listed.
_PINS = """
    102030 112358 121314 123654 131452 134679 142536 147258 147852 147896 159357 159753 159951 201314 258456 314159
    321654 357159 369258 456123 456852 520131 520134 654123 741258 741852 753951 789456 789654 852456 951753 963852
    987456 1314520 1357913 2580258 5201314 7758258 7758521 10203040 11223344 12344321 13141314 14725836 14789632
    147258369 159753456 741852963 789456123 987412365
"""
_PASSPHRASES = """
    administrator letmeinplease password12 password123 password1234 passwordpassword passw0rd123 qwertyuiop
    qwerty12345 qwertyuiop1 iloveyou123 iloveyou1234 welcome123 welcome1234 1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y
    abcdefghij abcd123456 abc1234567 asdfghjkl123 changemeplease adminadmin borderpolice immigration
"""
COMMON_PINS = frozenset(_PINS.split())
COMMON_PASSPHRASES = frozenset(_PASSPHRASES.split())


def fold_pin(text: str) -> str:
    """Return the one form of a PIN or passphrase as typed: NFKC, ASCII digits, no invisible characters.

    Blanks and hyphens are dropped from what is otherwise all digits ("1234 5678"), kept inside a passphrase.
    """
    folded = _fold(text).strip()
    digits = "".join(letter for letter in folded if not letter.isspace() and letter != "-")
    return digits if is_digits(digits) else " ".join(folded.split())


def fold_number(text: str) -> str:
    """Return the one form of a service number as typed: NFKC, upper case, ASCII digits and hyphens, no blanks."""
    upper = unicodedata.normalize("NFKC", _fold(text).upper())
    plain = ("-" if unicodedata.category(letter) == "Pd" or letter == "\u2212" else letter for letter in upper)
    # Composed again: what stood apart by a blank may now be one letter.
    return unicodedata.normalize("NFKC", "".join("".join(plain).split()))


def number_problem(number: str) -> str | None:
    """Return the code of what is wrong with a folded service number, or None."""
    if not number:
        return "service-number.missing"
    if len(number) > LONGEST_NUMBER:
        return "service-number.too-long"
    if not all(_of_number(letter) for letter in number) or not any(letter.isalnum() for letter in number):
        return "service-number.characters"
    return None


def pin_problem(pin: str, service_number: str = "") -> str | None:
    """Return the code of what is wrong with a folded PIN or passphrase, or None.

    Codes: pin.missing, pin.too-short, pin.too-long, pin.too-common, pin.date, pin.own-number.
    """
    if not pin:
        return "pin.missing"
    if len(pin) > LONGEST:
        return "pin.too-long"
    if _too_short(pin):
        return "pin.too-short"
    if _is_own_number(pin, service_number):
        return "pin.own-number"
    if is_digits(pin):
        return _digits_problem(pin)
    plain = len(set(pin)) < 4 or _is_run(pin) or _repeats(pin) or pin.casefold() in COMMON_PASSPHRASES
    return "pin.too-common" if plain else None


def check_pin(pin: str, service_number: str = "") -> None:
    """Raise Invalid with the code of `pin_problem`, if there is one."""
    problem = pin_problem(pin, service_number)
    if problem:
        raise Invalid(problem)


def is_digits(text: str) -> bool:
    """Tell whether the text is ASCII digits and nothing else."""
    return text.isascii() and text.isdigit()


def _fold(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    shown = (letter for letter in normal if unicodedata.category(letter) not in UNSEEN)
    folded = "".join(str(unicodedata.decimal(letter, letter)) for letter in shown)
    return unicodedata.normalize("NFKC", folded)


def _of_number(letter: str) -> bool:
    # Marks too: a service number may hold Khmer or Thai letters, which carry their vowels.
    return letter.isalnum() or letter in NUMBER_MARKS or unicodedata.category(letter)[0] == "M"


def _too_short(pin: str) -> bool:
    if is_digits(pin):
        return len(pin) < SHORTEST_PIN
    # Vowel signs and tone marks are not counted: they add little that is hard to guess.
    return sum(1 for letter in pin if unicodedata.category(letter)[0] != "M") < SHORTEST_PASSPHRASE


def _is_own_number(pin: str, service_number: str) -> bool:
    number = fold_number(service_number)
    digits = "".join(letter for letter in number if is_digits(letter))
    if is_digits(pin):
        holds = len(digits) >= 5 and (digits in pin or digits[::-1] in pin)
        return holds or pin in digits or pin in digits[::-1]
    return bool(number) and fold_number(pin) in (number, number * 2)


def _digits_problem(pin: str) -> str | None:
    if len(set(pin)) < 3 or pin in COMMON_PINS or _is_run(pin) or _repeats(pin) or pin[::-1] == pin:
        return "pin.too-common"
    if len(pin) % 2 == 0 and pin[::2] == pin[1::2] and _is_run(pin[::2]):
        return "pin.too-common"
    return "pin.date" if _is_birth_date(pin) else None


def _is_run(pin: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    return len(steps) == 1 or (is_digits(pin) and len({step % 10 for step in steps}) == 1)


def _repeats(pin: str) -> bool:
    """A block said again and again: 121212, 123123, 4747474."""
    return any(all(pin[at] == pin[at % size] for at in range(len(pin))) for size in range(1, len(pin) // 2 + 1))


def _is_birth_date(pin: str) -> bool:
    """Day, month and year of a birth in any order that is in use, of somebody who serves today; also in the
    Buddhist era where the year has four digits. About 7 of 100 six-digit numbers, and far more of those chosen."""
    if len(pin) == 6:
        orders = ((pin[:2], pin[2:4], pin[4:]), (pin[2:4], pin[:2], pin[4:]), (pin[4:], pin[2:4], pin[:2]))
        return any(_is_day(day, month) and (int(year) >= 45 or int(year) <= 10) for day, month, year in orders)
    if len(pin) == 8:
        orders = ((pin[:2], pin[2:4], pin[4:]), (pin[2:4], pin[:2], pin[4:]), (pin[6:], pin[4:6], pin[:4]))
        return any(_is_day(day, month) and _is_birth_year(int(year)) for day, month, year in orders)
    return False


def _is_day(day: str, month: str) -> bool:
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def _is_birth_year(year: int) -> bool:
    return 1945 <= year <= 2010 or 1945 <= year - 543 <= 2010
