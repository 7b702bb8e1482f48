"""What most kinds share: options in the form's field ``answer``, one response at a time, words and feedback for each
option. A kind overrides what it does otherwise."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from elearn.core.questions.base import Fault, Form, Grade, Keyed, Mix, Said, Words, chosen, pattern
from elearn.core.vocab.languages import LANGUAGES

VERDICTS = ("right", "wrong")


class Standard:
    """The base of kinds; not a kind itself."""

    name: str
    interaction = "choice"
    fields = frozenset(("options", "correct"))
    asks = True
    telling = False
    stepwise = False

    def implied(self, plan: Mapping[str, Any]) -> tuple[str, ...]:
        """Return (): the options are listed."""
        return ()

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return a text and feedback for each option."""
        return [f"{part}/{key}" for part in ("options", "feedback") for key in question.options]

    def check_words(self, question: Keyed, texts: Mapping[str, str], language: str) -> list[Fault]:
        """Return []: the words need nothing but to be there."""
        return []

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return the options, mixed."""
        return tuple(mix(question.options))

    def stem(self, words: Words) -> str:
        """Return the stem as it is written."""
        return str(words["stem"])

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {options: [{key, text}]}."""
        return {"options": [{"key": key, "text": text_of(words, "options", key)} for key in shown]}

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Return the values of the field ``answer``."""
        return list(form.get("answer", ()))

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the keys chosen, each once, in the order of the options; errors as in `Kind`."""
        return chosen(question, raw)

    def follows(self, question: Keyed, before: Sequence[str], after: Sequence[str], again: bool) -> bool:
        """Return True: an answer may be changed until it is handed in."""
        return True

    def complete(self, question: Keyed, response: Sequence[str]) -> bool:
        """Tell whether there is a response."""
        return bool(response)

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return 1 for exactly the right keys, else 0."""
        right = set(response) == set(question.correct)
        return Grade(1.0 if right else 0.0, right)

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is written for each option that was chosen."""
        return [Said(key, text_of(words, "feedback", key), key in question.correct) for key in response]

    def right(self, question: Keyed) -> list[str]:
        """Return the right keys in the order of the options."""
        return [key for key in question.options if key in question.correct]

    def wrong(self, question: Keyed) -> list[str]:
        """Return one wrong option."""
        return [key for key in question.options if key not in question.correct][:1]

    def stages(self, response: Sequence[str]) -> list[list[str]]:
        """Return the response itself."""
        return [list(response)]

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return an interaction with choices."""
        return {
            "interactionType": self.interaction,
            "correctResponsesPattern": [pattern(self.right(question))],
            "choices": described(question.options, words, "options"),
        }


def text_of(words: Words, part: str, key: str) -> str:
    """Return one text of a question, "" if it is not there."""
    return str(words.get(part, {}).get(key, ""))


def described(keys: Sequence[str], words: Mapping[str, Words], part: str) -> list[dict[str, Any]]:
    """Return interaction components (xAPI 1.0.3, 2.4.4.1): each key with its text in every language."""
    return [{"id": key, "description": in_languages(words, part, key)} for key in keys]


def in_languages(words: Mapping[str, Words], part: str, key: str) -> dict[str, str]:
    """Return one text as a language map, languages without it left out."""
    found = {LANGUAGES[tag].bcp47: text_of(one, part, key) for tag, one in words.items() if tag in LANGUAGES}
    return {tag: text for tag, text in found.items() if text}


def verdict_said(words: Words, grade: Grade) -> list[Said]:
    """Return the feedback on an answer as a whole."""
    key = VERDICTS[0] if grade.right else VERDICTS[1]
    return [Said(key, text_of(words, "feedback", key), grade.right)]


def verdict_words() -> list[str]:
    """Return the paths of feedback on an answer as a whole."""
    return [f"feedback/{key}" for key in VERDICTS]


def gives_verdict(written: Collection[str]) -> bool:
    """Tell whether the source language gives feedback on the answer as a whole, and not on each part."""
    return any(f"feedback/{key}" in written for key in VERDICTS)
