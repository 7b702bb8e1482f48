"""One spelling for what looks the same: the form in which texts are compared, shown and marked.

NFC and never NFKC: NFKC takes the vowel AM of Thai and Lao apart, and word breaking then fails (cost Lao 20 points of
recall). Offsets everywhere in this room are code points of the canonical text.
"""

import re
import unicodedata

# Invisible, and typed or pasted at random: soft hyphen, joiners, zero-width spaces, directions, BOM, Khmer inherent
# vowels.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# NIKHAHIT + (tone) + AA is what many keyboards give for AM; on paper it is the same.
_SPLIT_AM = (
    (re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32"), "\\1\u0e33"),
    (re.compile("\u0ecd([\u0ec8-\u0ecb]*)\u0eb2"), "\\1\u0eb3"),
)
# Two E typed for one AE.
_DOUBLE_E = ((re.compile("\u0e40\u0e40"), "\u0e41"), (re.compile("\u0ec0\u0ec0"), "\u0ec1"))

# The order in which marks on one consonant are written; typed in any other order they look the same.
_SUBSCRIPT, _VOWEL, _TONE, _AM = range(4)
_ORDER: dict[str, int] = (
    dict.fromkeys("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47", _VOWEL)
    | dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b\u0e4c", _TONE)
    | {"\u0e33": _AM, "\u0ebc": _SUBSCRIPT, "\u0eb3": _AM}
    | dict.fromkeys("\u0eb1\u0eb4\u0eb5\u0eb6\u0eb7\u0eb8\u0eb9\u0ebb\u0ecd", _VOWEL)
    | dict.fromkeys("\u0ec8\u0ec9\u0eca\u0ecb\u0ecc", _TONE)
)
_MARKS = re.compile(f"[{''.join(_ORDER)}]{{2,}}")


def _in_order(marks: re.Match[str]) -> str:
    return "".join(sorted(marks[0], key=_ORDER.__getitem__))


def canonical(text: str) -> str:
    """Return the text as it is indexed, shown and marked. Doing it twice changes nothing; never raises."""
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", _LONE_SURROGATE.sub("\ufffd", text))
    text = unicodedata.normalize("NFC", text)
    for wrong, right in _SPLIT_AM + _DOUBLE_E:
        text = wrong.sub(right, text)
    return unicodedata.normalize("NFC", _MARKS.sub(_in_order, text))
