"""Things to be put in order, such as the steps of a search.

A part of the answer counts: of all pairs of things, how many stand the right way round. Chance gets half of them right,
so what is wrong is taken off (Kendall's tau, not under 0). Pairs, and not places: one thing moved to the front must
not make everything wrong.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any

from elearn.core.questions.base import Fault, Form, Grade, Keyed, Mix, Said, Words, letter_faults, shown_at
from elearn.core.questions.standard import Standard, text_of, verdict_said, verdict_words
from elearn.core.vocab.errors import Invalid


class Order(Standard):
    """A list with a place for each thing. Response: all keys in the order given. The options stand in right order.

    A page names things by where they stand on it, for the keys would tell the order.
    """

    name = "order"
    interaction = "sequencing"
    fields = frozenset(("options",))
    asks = False
    telling = True

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the options."""
        return letter_faults(question.options, least=3, most=8)

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return a text for each thing, and the feedback on the answer."""
        return [*(f"options/{key}" for key in question.options), *verdict_words()]

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return the things mixed, and never in the right order."""
        mixed = tuple(mix(question.options))
        return mixed if mixed != tuple(question.options) else (*mixed[1:], *mixed[:1])

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {things: [{number: where it was shown first, place: where it stands now, text}], by place}."""
        now = list(response) if sorted(response) == sorted(shown) else list(shown)
        things = [
            {"number": number, "place": now.index(key) + 1, "text": text_of(words, "options", key)}
            for number, key in enumerate(shown, start=1)
        ]
        return {"things": sorted(things, key=lambda one: int(one["place"]))}

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Read the fields ``place-1``, ``place-2`` ...: the place chosen for the thing shown there.

        Raises Invalid("answer.order-twice") for two things at one place, Invalid("answer.order-open") for none.
        """
        places = [next(iter(form.get(f"place-{number}", ())), "") for number in range(1, len(shown) + 1)]
        if not any(places):
            raise Invalid("answer.empty")
        if not all(places):
            raise Invalid("answer.order-open")
        numbers = [str(number) for number in range(1, len(shown) + 1)]
        wanted = [int(shown_at(numbers, place)) for place in places]
        if len(set(wanted)) < len(wanted):
            raise Invalid("answer.order-twice")
        return [key for _, key in sorted(zip(wanted, shown, strict=True))]

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return all keys in the order given. Raises Invalid("answer.order-twice" | "answer.order-open") beside those
        of `Kind`."""
        if not raw:
            raise Invalid("answer.empty")
        strange = sorted(set(raw).difference(question.options))
        if strange:
            raise Invalid("answer.option", key=strange[0])
        if len(set(raw)) < len(raw):
            raise Invalid("answer.order-twice")
        if len(raw) < len(question.options):
            raise Invalid("answer.order-open")
        return list(raw)

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return (pairs the right way round - pairs the wrong way round) / all pairs, not under 0."""
        place = {key: number for number, key in enumerate(question.options)}
        given = [place[key] for key in response if key in place]
        pairs = len(place) * (len(place) - 1) // 2
        if not pairs or sorted(given) != list(range(len(place))):
            return Grade(0.0, False)
        right = sum(one < other for one, other in combinations(given, 2))
        return Grade(max(0.0, (2 * right - pairs) / pairs), right == pairs)

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is written for right or wrong."""
        return verdict_said(words, self.grade(question, response))

    def right(self, question: Keyed) -> list[str]:
        """Return the author's order."""
        return list(question.options)

    def wrong(self, question: Keyed) -> list[str]:
        """Return the author's order turned around."""
        return list(reversed(question.options))

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a sequencing interaction, its choices in the order of the alphabet."""
        definition = super().definition(question, words)
        return {**definition, "choices": sorted(definition["choices"], key=lambda one: str(one["id"]))}
