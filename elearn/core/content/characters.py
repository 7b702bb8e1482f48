"""Rules over single characters: what nobody sees, what is broken, what is another script or another digit."""

import re
import unicodedata

from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Text
from elearn.core.vocab.languages import LANGUAGES

# Zero-width space and joiners belong to the spelling of Khmer, Lao, Burmese and Thai; the rest belongs nowhere.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d]")
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_HTML = re.compile(r"</?[a-zA-Z][^>]*>|&(?:[a-zA-Z]{2,8}|#\d+|#x[0-9a-fA-F]+);")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)>\]]+")
_MARKUP = re.compile(r"\*\*|__|\[\^|^#+ |\]\(|`")
_DIGITS = re.compile(
    "[\u0e50-\u0e59\u0ed0-\u0ed9\u1040-\u1049\u1090-\u1099\u17e0-\u17e9\u17f0-\u17f9\uff10-\uff19\u0660-\u0669]+"
)
_SCRIPTS = {
    "Khmr": re.compile("[\u1780-\u17b3]"),
    "Laoo": re.compile("[\u0e81-\u0eae]"),
    "Mymr": re.compile("[\u1000-\u102a]"),
    "Thai": re.compile("[\u0e01-\u0e2e]"),
    "Hans": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "Latn": re.compile("[A-Za-z\u00c0-\u1eff]"),
}
_WITHOUT_ZERO_WIDTH = {"Latn", "Hans"}


def check_characters(text: Text, findings: Findings, markup: bool) -> None:
    """Note what is wrong with the characters of a text. markup: Markdown has no meaning here."""
    for number, line in enumerate(text.text.split("\n")):
        at = At(text.at.file, text.at.line + number)
        _line(line, at, findings)
        if markup:
            _plain_only(line, at, findings)


def _line(line: str, at: At, findings: Findings) -> None:
    if line.isascii() and "http" not in line and "www." not in line:
        return
    latin = LANGUAGES[tag].script in _WITHOUT_ZERO_WIDTH if (tag := at.file.split("/")[0]) in LANGUAGES else False
    for match in (_INVISIBLE.search(line), _ZERO_WIDTH.search(line) if latin else None):
        if match:
            findings.add("text.invisible", at, character=_point(match[0]))
    if match := _BROKEN.search(line):
        findings.add("text.broken-character", at, character=_point(match[0]))
    if not unicodedata.is_normalized("NFC", line):
        normal = unicodedata.normalize("NFC", line)
        # The two differ from here on; the shorter one may end first.
        first = next((i for i, pair in enumerate(zip(line, normal, strict=False)) if pair[0] != pair[1]), len(normal))
        findings.add("text.not-nfc", at, character=_point(line[first : first + 1] or line[-1]))
    if match := _DIGITS.search(line):
        findings.add("text.local-digits", at, digits=match[0])
    if match := _ADDRESS.search(line):
        findings.add("text.address", at, address=match[0][:80])


def _plain_only(line: str, at: At, findings: Findings) -> None:
    if match := _HTML.search(line):
        findings.add("text.html", at, html=match[0][:40])
    if match := _MARKUP.search(line):
        findings.add("text.markup", at, markup=match[0])


def has_letters(text: str) -> bool:
    """Tell whether there is a letter of any script in it."""
    return any(character.isalpha() for character in text)


def has_script(text: str, language: str) -> bool:
    """Tell whether there is a letter of the language's script in it."""
    return bool(_SCRIPTS[LANGUAGES[language].script].search(text))


def _point(character: str) -> str:
    return f"U+{ord(character):04X}"
