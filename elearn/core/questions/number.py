"""A number with a tolerance, typed as people write numbers in seven languages.

Digits may be those of any of the scripts; the decimal sign is a point or a comma; thousands may be set apart by blanks,
or by the sign that is not the decimal one. ``1,234`` alone can be read in two ways, so it is refused and not guessed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from elearn.core.questions.base import RANGE, Fault, Form, Grade, Keyed, Mix, Said, Words, fields_of
from elearn.core.questions.standard import Standard, verdict_said, verdict_words
from elearn.core.vocab.errors import Invalid

LONGEST = 40
_PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_ZEROS = "\u0e50\u0ed0\u17e0\u1040\u1090\uff10"
"""Of Thai, Lao, Khmer, Burmese, Shan and full-width digits; the other nine follow each."""
_SIGNS = {
    **{ord(zero) + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    **dict.fromkeys(map(ord, "\u2212\uff0d\u2013\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\uff0e\u3002\uff61"), "."),
    **dict.fromkeys(map(ord, "\uff0c\u3001\u066b"), ","),
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\u3000\u2002\u2003\u2004\u2005\u2006\u2008\u200a"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None),
}
_BLANKS = re.compile(r"(?<=\d) (?=\d{3}(\D|$))", re.ASCII)
_GROUPS = {
    ",": re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII),
    ".": re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII),
}


class Number(Standard):
    """A text field and its unit. Response: the number as ``-?digits[.digits]``, nothing to the right of it wasted."""

    name = "number"
    interaction = "numeric"
    fields = frozenset(("answer",))

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the answer."""
        answer = fields_of(question.plan.get("answer"))
        faults = [
            Fault("number.malformed", {"field": name}, "answer")
            for name in ("value", "tolerance")
            if not (isinstance(answer.get(name, "0"), str) and _PLAIN.fullmatch(answer.get(name, "0")))
        ]
        faults += [Fault("number.field-unknown", {"field": name}, "answer") for name in {*answer} - _ANSWER_FIELDS]
        if "value" not in answer:
            faults.append(Fault("number.no-value", {}, "answer"))
        elif not faults and Decimal(answer.get("tolerance", "0")) < 0:
            faults.append(Fault("number.malformed", {"field": "tolerance"}, "answer"))
        return faults

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return the unit and the feedback on the answer."""
        return ["unit", *verdict_words()]

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return (): there is nothing to choose from."""
        return ()

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {value: what was answered, unit}."""
        return {"value": response[0] if response else "", "unit": str(words.get("unit", ""))}

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Return what was typed, [] for nothing."""
        return [typed for typed in form.get("answer", ()) if typed.strip()]

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the number. Raises Invalid: "answer.number" (typed=), "answer.number-unclear" (typed=), and those of
        `Kind`."""
        if not raw:
            raise Invalid("answer.empty")
        if len(raw) > 1:
            raise Invalid("answer.one-only", given=len(raw))
        return [number_of(raw[0])]

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return 1 within the tolerance, else 0."""
        low, high = _range(question)
        right = len(response) == 1 and bool(_PLAIN.fullmatch(response[0])) and low <= Decimal(response[0]) <= high
        return Grade(1.0 if right else 0.0, right)

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is written for right or wrong."""
        return verdict_said(words, self.grade(question, response))

    def right(self, question: Keyed) -> list[str]:
        """Return the value itself."""
        return [spelt(Decimal(question.plan["answer"]["value"]))]

    def wrong(self, question: Keyed) -> list[str]:
        """Return a number just above the range."""
        return [spelt(_range(question)[1] + 1)]

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a numeric interaction with the range that is right."""
        low, high = _range(question)
        return {
            "interactionType": self.interaction,
            "correctResponsesPattern": [f"{spelt(low)}{RANGE}{spelt(high)}"],
        }


_ANSWER_FIELDS = {"value", "tolerance"}


def _range(question: Keyed) -> tuple[Decimal, Decimal]:
    answer = question.plan["answer"]
    value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    return value - tolerance, value + tolerance


def number_of(typed: str) -> str:
    """Return what was typed as a plain number. Raises Invalid("answer.number" | "answer.number-unclear", typed=)."""
    text = " ".join(typed.translate(_SIGNS).split())
    shown = typed.strip()[:LONGEST]
    if len(text) > LONGEST or not text:
        raise Invalid("answer.number", typed=shown)
    text = _BLANKS.sub("", text.removeprefix("+")).replace("- ", "-")
    if _unclear(text):
        raise Invalid("answer.number-unclear", typed=shown)
    for sign, grouped in _GROUPS.items():
        if grouped.fullmatch(text):
            text = text.replace(sign, "")
    text = text.replace(",", ".")
    if text.startswith((".", "-.")):
        text = text.replace(".", "0.", 1)
    if not _PLAIN.fullmatch(text):
        raise Invalid("answer.number", typed=shown)
    return spelt(Decimal(text))


def spelt(number: Decimal) -> str:
    """Return a number in its one spelling: no exponent, no zeros at the end, no minus before 0."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _unclear(text: str) -> bool:
    """Tell whether one sign before three digits could set thousands apart or begin the decimals."""
    return bool(re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", text, re.ASCII))
