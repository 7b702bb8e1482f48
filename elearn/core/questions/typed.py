"""Short texts that officers type: what is kept of them, and when two of them are the same answer.

Two texts are the same when they fold to the same. Folding takes away what people do not mean: capitals, blanks,
punctuation, invisible characters, the width and script of digits. What it does with marks is the language's matter:

* English: accents are dropped (cafe = café).
* Vietnamese: accents are letters, but who types none at all (no such keyboard) is understood.
* Khmer, Lao, Burmese, Thai, Chinese: marks are letters and are kept; blanks mean nothing and are dropped.

Nothing is guessed beyond that: a slip of the key is wrong unless the author accepts it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from elearn.core.questions.base import PAIR, RANGE, SEPARATOR, Accepted, Fault, Keyed
from elearn.core.search.canonical import canonical
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES

LONGEST = 200
_MARKED_OFF = re.compile("|".join(map(re.escape, (SEPARATOR, PAIR, RANGE))))
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_QUIET = dict.fromkeys(map(ord, "'\u2018\u2019\u02bc`"))
_DROPS_ACCENTS, _MAY_DROP_ACCENTS = ("en",), ("vi",)


def tidied(typed: str) -> str:
    """Return what is kept of a text: one line, no control characters, none of xAPI's separators.

    Raises Invalid("answer.text-long", limit=).
    """
    text = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in typed)
    text = "".join(one for one in text if unicodedata.category(one) != "Cs")
    text = " ".join(_MARKED_OFF.sub(" ", text).split())
    # What stood around a separator may have become one.
    while _MARKED_OFF.search(text):
        text = " ".join(_MARKED_OFF.sub(" ", text).split())
    if len(text) > LONGEST:
        raise Invalid("answer.text-long", limit=LONGEST)
    return text


def folded(text: str, language: str) -> str:
    """Return the form in which answers in a language are compared."""
    plain = canonical(text.translate(_WIDE)).casefold().translate(_QUIET)
    signs = "".join(_letter(one) for one in plain)
    if language in _DROPS_ACCENTS:
        signs = without_accents(signs)
    spaced = language not in LANGUAGES or LANGUAGES[language].spaced
    return unicodedata.normalize("NFC", (" " if spaced else "").join(signs.split()))


def without_accents(text: str) -> str:
    """Return Latin letters without their accents."""
    bare = (one for one in unicodedata.normalize("NFD", text) if not "\u0300" <= one <= "\u036f")
    return "".join(bare).replace("đ", "d").replace("Đ", "D")


def is_accepted(typed: str, accepted: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a text is among those accepted in any language. accepted: language -> texts.

    Any, because officers answer in the language they know the word in, whatever the page is in.
    """
    return any(_same(typed, text, language) for language, texts in accepted.items() for text in texts)


def accepted_faults(texts: Mapping[str, str], prefix: str, language: str) -> list[Fault]:
    """Return what is wrong with the accepted answers of one gap. texts: path -> text; prefix: ``accepted/``."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for path, text in texts.items():
        if not path.startswith(prefix) or not path.removeprefix(prefix).isdigit():
            continue
        fold = folded(text, language)
        if text and (not fold or _MARKED_OFF.search(text) or len(text) > LONGEST):
            faults.append(Fault("accepted.unusable", {"text": text[:40]}, path))
        elif fold in seen:
            faults.append(Fault("accepted.same", {"first": seen[fold], "second": text[:40]}, path))
        seen.setdefault(fold, text[:40])
    return faults


def patterns(question: Keyed, gaps: Sequence[str]) -> list[str]:
    """Return what is right as xAPI says it, one pattern a language and accepted text; of several gaps the first ones.

    A pattern is one way to be right; with several gaps all ways together would be too many to list.
    """
    found = []
    for language in _languages(question.accepted):
        lists = [question.accepted.get(gap, {}).get(language, ()) for gap in gaps]
        if all(lists):
            ways = [[text] for text in lists[0]] if len(gaps) == 1 else [[texts[0] for texts in lists]]
            tag = LANGUAGES[language].bcp47 if language in LANGUAGES else language
            found += ["{case_matters=false}{lang=" + tag + "}" + SEPARATOR.join(way) for way in ways]
    return found


def first_accepted(question: Keyed, gap: str) -> str:
    """Return an answer that is right, "" where none is known."""
    texts = question.accepted.get(gap, {})
    return next((text for language in LANGUAGES for text in texts.get(language, ())), "")


def not_accepted(question: Keyed, gap: str) -> str:
    """Return a text that is not right."""
    text = "-0"
    while is_accepted(text, question.accepted.get(gap, {})):
        text += "0"
    return text


def _languages(accepted: Accepted) -> list[str]:
    return list(dict.fromkeys(language for texts in accepted.values() for language in texts))


def _same(typed: str, text: str, language: str) -> bool:
    mine, theirs = folded(typed, language), folded(text, language)
    if not theirs:
        return False
    bare = language in _MAY_DROP_ACCENTS and mine == without_accents(mine)
    return mine == (without_accents(theirs) if bare else theirs)


def _letter(sign: str) -> str:
    """Return a sign as it is compared: a digit of any script as 0-9, punctuation as a blank."""
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.digit(sign))
    return sign if category[0] in "LMN" else " "
