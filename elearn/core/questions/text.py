"""A short text, such as the word for a thing: compared with the answers the author accepts, by `typed`'s rules."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from elearn.core.questions.base import Fault, Form, Grade, Keyed, Mix, Said, Words
from elearn.core.questions.standard import Standard, verdict_said, verdict_words
from elearn.core.questions.typed import accepted_faults, first_accepted, is_accepted, not_accepted, patterns, tidied
from elearn.core.vocab.errors import Invalid

GAP = "answer"
"""Where the accepted answers of a question with one field are kept."""


class ShortText(Standard):
    """One line to type. Response: what was typed. The accepted answers stand in the words of each language."""

    name = "text"
    interaction = "fill-in"
    fields: frozenset[str] = frozenset()

    def check(self, question: Keyed) -> list[Fault]:
        """Return []: all there is to this kind are words."""
        return []

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return one accepted answer at least, and the feedback on the answer."""
        return ["accepted/0", *verdict_words()]

    def check_words(self, question: Keyed, texts: Mapping[str, str], language: str) -> list[Fault]:
        """Return accepted answers that are the same, or that nobody could type."""
        return accepted_faults(texts, "accepted/", language)

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return (): there is nothing to choose from."""
        return ()

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {value: what was answered}."""
        return {"value": response[0] if response else ""}

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Return what was typed, [] for nothing."""
        return [typed for typed in form.get("answer", ()) if typed.strip()]

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the text. Raises Invalid("answer.text-long", limit=) beside those of `Kind`."""
        if len(raw) > 1:
            raise Invalid("answer.one-only", given=len(raw))
        text = tidied(raw[0]) if raw else ""
        if not text:
            raise Invalid("answer.empty")
        return [text]

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return 1 for an accepted answer, else 0."""
        right = len(response) == 1 and is_accepted(response[0], question.accepted.get(GAP, {}))
        return Grade(1.0 if right else 0.0, right)

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is written for right or wrong."""
        return verdict_said(words, self.grade(question, response))

    def right(self, question: Keyed) -> list[str]:
        """Return the first accepted answer."""
        return [first_accepted(question, GAP)]

    def wrong(self, question: Keyed) -> list[str]:
        """Return what is not accepted."""
        return [not_accepted(question, GAP)]

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a fill-in interaction."""
        return {"interactionType": self.interaction, "correctResponsesPattern": patterns(question, (GAP,))}
