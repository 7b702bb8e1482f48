"""Names and other short texts people type, in one clean form: NFC, one line, nothing invisible."""

import unicodedata

LONGEST_NAME = 100
LONGEST_POST = 80

# Control characters, line ends, private use, unassigned, halves of pairs: none can be printed on a certificate.
UNPRINTABLE = ("Cc", "Zl", "Zp", "Co", "Cn", "Cs")
FORMULA_STARTS = ("=", "+", "-", "@")


def clean(text: str) -> str:
    """Return the text in NFC with single blanks, without the marks that turn direction or have no width.

    A name with a hidden U+202E would be printed backwards, and two that look alike would count as different.
    """
    shown = (letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) != "Cf")
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in shown)
    return " ".join(part for part in spaced.split(" ") if part)


def text_problem(text: str, longest: int) -> str | None:
    """Return what is wrong with a clean text: "characters", "too-long", "formula", or None."""
    if any(unicodedata.category(letter) in UNPRINTABLE for letter in text):
        return "characters"
    if text.startswith(FORMULA_STARTS):
        return "formula"
    return "too-long" if len(text) > longest else None


def name_problem(name: str) -> str | None:
    """Return the code of what is wrong with a clean name: name.missing, .characters, .formula, .too-long, or None."""
    problem = text_problem(name, LONGEST_NAME)
    if problem:
        return f"name.{problem}"
    return None if any(letter.isalpha() for letter in name) else "name.missing"
