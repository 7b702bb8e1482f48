"""A branching scenario, such as stopping a car: one step at a time, and no step can be taken back.

Each step is kept the moment it is taken, in lessons as in exams. A step may be unsafe and the scenario goes on; a
critical error ends it at once. Right is who came to a good end without an unsafe step; each unsafe step halves the
score, and after a critical error, or before the end, there is none.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from elearn.core.questions.base import PAIR, Fault, Form, Grade, Keyed, Mix, Said, Words, fields_of, pattern
from elearn.core.questions.standard import Standard, described
from elearn.core.questions.story import START, option_of, way_to_a_bad_end, ways_to_good_ends
from elearn.core.questions.story import faults as story_faults
from elearn.core.vocab.errors import Invalid

_STEP = re.compile(rf"([^\[\]]+){re.escape(PAIR)}([^\[\]]+)")
MOST_PATTERNS = 20
GOOD, UNSAFE, CRITICAL = "good", "unsafe", "critical"


class Scenario(Standard):
    """Steps with options. Response: ``step[.]option`` for each step taken so far, from the start."""

    name = "scenario"
    interaction = "performance"
    fields = frozenset(("nodes",))
    asks = False
    stepwise = True

    def implied(self, plan: Mapping[str, Any]) -> tuple[str, ...]:
        """Return ``step[.]option`` for every option of every step."""
        return tuple(
            f"{node}{PAIR}{option}"
            for node, one in fields_of(plan.get("nodes")).items()
            for option in fields_of(fields_of(one).get("options"))
        )

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the story."""
        return story_faults(fields_of(question.plan.get("nodes")))

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return a text for each step; a text and a consequence for each option."""
        steps = [tuple(one.split(PAIR)) for one in question.options]
        nodes = [f"nodes/{node}" for node in fields_of(question.plan.get("nodes"))]
        return nodes + [f"{part}/{node}/{option}" for part in ("options", "feedback") for node, option in steps]

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return all options of all steps, mixed; a page shows those of one step."""
        return tuple(mix(question.options))

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {steps: those taken, node: the one to take, None at the end, end: "" | good | unsafe | critical,
        unsafe: how many}.

        steps: [{text, option, consequence, mark}]; mark: "" while it goes on, then "" | unsafe | critical; node: {key,
        options: [{key, text}], text}.
        """
        ended = self.complete(question, response)
        node = _node_after(question, response)
        options = [option for step, option in map(_split, shown) if step == node]
        return {
            "steps": [_told(question, words, step, ended) for step in response],
            "node": None
            if ended
            else {
                "key": node,
                "text": str(words.get("nodes", {}).get(node, "")),
                "options": [{"key": one, "text": _text(words, "options", node, one)} for one in options],
            },
            "end": _end(question, response) if ended else "",
            "unsafe": _unsafe(question, response) if ended else 0,
        }

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Return the path with the step the form takes. The same step sent twice is one.

        Raises Invalid("answer.step-gone") for a step that was taken otherwise, or is not the next.
        """
        node, option = (next(iter(form.get(field, ())), "") for field in ("node", "answer"))
        if not option:
            raise Invalid("answer.empty")
        step = f"{node}{PAIR}{option}"
        if step not in question.options:
            raise Invalid("answer.option", key=step[:40])
        if step in before:
            return list(before)
        if self.complete(question, before) and node == START:
            return [step]
        if node != _node_after(question, before):
            raise Invalid("answer.step-gone")
        return [*before, step]

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the path. Raises as `Kind`: "answer.option" for a step that does not follow from those before."""
        if not raw:
            raise Invalid("answer.empty")
        for number, step in enumerate(raw):
            if step not in question.options or _split(step)[0] != _node_after(question, raw[:number]):
                raise Invalid("answer.option", key=step[:40])
        return list(raw)

    def follows(self, question: Keyed, before: Sequence[str], after: Sequence[str], again: bool) -> bool:
        """Tell whether one step was added at most; ``again`` an ended scenario may be begun once more."""
        if again and self.complete(question, before) and len(after) == 1:
            return True
        return list(after[: len(before)]) == list(before) and len(after) <= len(before) + 1

    def complete(self, question: Keyed, response: Sequence[str]) -> bool:
        """Tell whether the scenario has ended."""
        return bool(response) and not _node_after(question, response)

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return half for each unsafe step, 0 after a critical error or without an end."""
        if not self.complete(question, response) or _end(question, response) == CRITICAL:
            return Grade(0.0, False)
        unsafe = _unsafe(question, response)
        return Grade(0.5**unsafe, not unsafe)

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return the consequence of each step taken."""
        return [
            Said(step, _text(words, "feedback", *_split(step)), not _mark(question, step))
            for step in (response if self.complete(question, response) else ())
        ]

    def right(self, question: Keyed) -> list[str]:
        """Return a way to a good end."""
        return next(ways_to_good_ends(question.plan["nodes"]), [])

    def wrong(self, question: Keyed) -> list[str]:
        """Return a way to an end with an unsafe step or a critical error."""
        return way_to_a_bad_end(question.plan["nodes"])

    def stages(self, response: Sequence[str]) -> list[list[str]]:
        """Return the path after each of its steps."""
        return [list(response[:number]) for number in range(1, len(response) + 1)]

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a performance interaction: each way to a good end is a pattern."""
        return {
            "interactionType": self.interaction,
            "correctResponsesPattern": [pattern(way) for way in _first(ways_to_good_ends(question.plan["nodes"]))],
            "steps": described(tuple(question.plan["nodes"]), words, "nodes"),
        }


def _split(step: str) -> tuple[str, str]:
    found = _STEP.fullmatch(step)
    return (found[1], found[2]) if found else ("", "")


def _node_after(question: Keyed, path: Sequence[str]) -> str:
    """Return the step that comes after a path, "" at the end."""
    if not path:
        return START
    return str(option_of(question.plan["nodes"], *_split(path[-1])).get("next", ""))


def _mark(question: Keyed, step: str) -> str:
    option = option_of(question.plan["nodes"], *_split(step))
    return CRITICAL if option.get("critical") == "true" else UNSAFE if option.get("unsafe") == "true" else ""


def _unsafe(question: Keyed, path: Sequence[str]) -> int:
    return sum(_mark(question, step) == UNSAFE for step in path)


def _end(question: Keyed, path: Sequence[str]) -> str:
    if _mark(question, path[-1]) == CRITICAL:
        return CRITICAL
    return UNSAFE if _unsafe(question, path) else GOOD


def _told(question: Keyed, words: Words, step: str, ended: bool) -> dict[str, str]:
    node, option = _split(step)
    return {
        "text": str(words.get("nodes", {}).get(node, "")),
        "option": _text(words, "options", node, option),
        "consequence": _text(words, "feedback", node, option),
        "mark": _mark(question, step) if ended else "",
    }


def _text(words: Words, part: str, node: str, option: str) -> str:
    return str(words.get(part, {}).get(node, {}).get(option, ""))


def _first(ways: Iterator[list[str]]) -> list[list[str]]:
    return [way for _, way in zip(range(MOST_PATTERNS), ways, strict=False)]
