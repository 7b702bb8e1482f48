"""Pairs to be found: for each thing on the left one on the right, among which some may belong to nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from elearn.core.questions.base import (
    PAIR,
    SEPARATOR,
    Fault,
    Form,
    Grade,
    Keyed,
    Mix,
    Said,
    Words,
    fields_of,
    items_of,
    letter_faults,
    shown_at,
)
from elearn.core.questions.standard import (
    Standard,
    described,
    gives_verdict,
    text_of,
    verdict_said,
    verdict_words,
)
from elearn.core.vocab.errors import Invalid


class Match(Standard):
    """A list to choose from beside each thing. Response: ``a[.]x`` for each thing that has one, in the author's order.

    A page names both sides by where they stand on it: letters in the author's order could tell the pairs.
    """

    name = "match"
    interaction = "matching"
    fields = frozenset(("options", "targets", "pairs"))
    asks = False
    telling = True

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the two sides and the pairs."""
        targets, pairs = items_of(question.plan.get("targets")), fields_of(question.plan.get("pairs"))
        faults = letter_faults(question.options, least=2, most=8)
        faults += letter_faults(targets, least=2, most=10, place="targets")
        faults += [Fault("match.both-sides", {"key": key}, "targets") for key in targets if key in question.options]
        faults += [Fault("match.no-pair", {"option": key}, "pairs") for key in question.options if key not in pairs]
        for option, target in pairs.items():
            if option not in question.options:
                faults.append(Fault("match.pair-unknown", {"key": option}, "pairs"))
            if target not in targets:
                faults.append(Fault("match.pair-unknown", {"key": target if isinstance(target, str) else ""}, "pairs"))
        return faults

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return a text for everything on both sides; feedback on each thing on the left, or on the whole answer."""
        sides = [f"options/{key}" for key in question.options]
        sides += [f"targets/{key}" for key in items_of(question.plan.get("targets"))]
        told = verdict_words() if gives_verdict(written) else [f"feedback/{key}" for key in question.options]
        return [*sides, *told]

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return the left side mixed, then the right side mixed."""
        return (*mix(question.options), *mix(items_of(question.plan["targets"])))

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {left: [{number, key, text, chosen: number on the right or 0}], right: [{number, text}]}.

        A page shows the numbers and not the keys, which find the feedback.
        """
        left, right = _sides(question, shown)
        pairs = _pairs(response)
        return {
            "left": [
                {
                    "number": number,
                    "key": key,
                    "text": text_of(words, "options", key),
                    "chosen": right.index(pairs[key]) + 1 if pairs.get(key) in right else 0,
                }
                for number, key in enumerate(left, start=1)
            ],
            "right": [
                {"number": number, "text": text_of(words, "targets", key)} for number, key in enumerate(right, start=1)
            ],
        }

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Read the fields ``match-1``, ``match-2`` ...: the number of the target chosen for the thing shown there."""
        left, right = _sides(question, shown)
        given = [next(iter(form.get(f"match-{number}", ())), "") for number in range(1, len(left) + 1)]
        return [f"{key}{PAIR}{shown_at(right, number)}" for key, number in zip(left, given, strict=True) if number]

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the pairs in the author's order. Raises Invalid("answer.one-only") for two of one thing, and those of
        `Kind`. Things may be left without a pair."""
        if not raw:
            raise Invalid("answer.empty")
        pairs: dict[str, str] = {}
        for one in raw:
            key, _, target = one.partition(PAIR)
            if key not in question.options or target not in items_of(question.plan["targets"]):
                raise Invalid("answer.option", key=one[:20])
            if pairs.setdefault(key, target) != target:
                raise Invalid("answer.one-only", given=2)
        return [f"{key}{PAIR}{pairs[key]}" for key in question.options if key in pairs]

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return right pairs / all pairs."""
        pairs, key = _pairs(response), fields_of(question.plan["pairs"])
        right = sum(pairs.get(option) == target for option, target in key.items())
        return Grade(right / len(key), right == len(key))

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is written for each thing on the left, else for the answer as a whole."""
        if gives_verdict([f"feedback/{key}" for key in words.get("feedback", {})]):
            return verdict_said(words, self.grade(question, response))
        pairs, key = _pairs(response), fields_of(question.plan["pairs"])
        return [
            Said(option, text_of(words, "feedback", option), pairs.get(option) == key[option])
            for option in question.options
        ]

    def right(self, question: Keyed) -> list[str]:
        """Return all pairs."""
        return [f"{option}{PAIR}{question.plan['pairs'][option]}" for option in question.options]

    def wrong(self, question: Keyed) -> list[str]:
        """Return a pair that is wrong for each thing."""
        targets, pairs = items_of(question.plan["targets"]), question.plan["pairs"]
        others = {key: next(one for one in targets if one != pairs[key]) for key in question.options}
        return [f"{key}{PAIR}{target}" for key, target in others.items()]

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a matching interaction."""
        return {
            "interactionType": self.interaction,
            "correctResponsesPattern": [SEPARATOR.join(self.right(question))],
            "source": described(question.options, words, "options"),
            "target": described(items_of(question.plan["targets"]), words, "targets"),
        }


def _sides(question: Keyed, shown: Sequence[str]) -> tuple[list[str], list[str]]:
    return [key for key in shown if key in question.options], [key for key in shown if key not in question.options]


def _pairs(response: Sequence[str]) -> dict[str, str]:
    return {key: target for key, _, target in (one.partition(PAIR) for one in response)}
