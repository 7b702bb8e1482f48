"""A text with gaps to fill. The gaps stand in the stem as ``{gap-1}``; each has its own accepted answers."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from elearn.core.questions.base import Fault, Form, Grade, Keyed, Mix, Said, Words, items_of
from elearn.core.questions.standard import Standard, gives_verdict, text_of, verdict_said, verdict_words
from elearn.core.questions.typed import accepted_faults, first_accepted, is_accepted, not_accepted, patterns, tidied
from elearn.core.vocab.errors import Invalid

MOST = 6
_GAP = re.compile(r"gap-[1-9]", re.ASCII)
_IN_STEM = re.compile(r"\{([^{}]*)\}")


class FillIn(Standard):
    """A field for each gap. Response: what was typed for each gap, in the order of ``gaps``, "" for an open one."""

    name = "fillin"
    interaction = "fill-in"
    fields = frozenset(("gaps",))
    asks = False

    def implied(self, plan: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the gaps."""
        return items_of(plan.get("gaps"))

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the list of gaps."""
        gaps = question.options
        faults = [Fault("fillin.gap-malformed", {"gap": gap}, "gaps") for gap in gaps if not _GAP.fullmatch(gap)]
        faults += [Fault("fillin.gap-twice", {"gap": gap}, "gaps") for gap in sorted({*gaps}) if gaps.count(gap) > 1]
        if not 1 <= len(gaps) <= MOST:
            faults.append(Fault("fillin.gaps-count", {"n": len(gaps), "most": MOST}, "gaps"))
        return faults

    def words(self, question: Keyed, written: Collection[str]) -> list[str]:
        """Return one accepted answer at least for each gap; feedback on each gap, or on the whole answer."""
        told = [f"feedback/{gap}" for gap in question.options]
        whole = gives_verdict(written) or not set(told) & set(written)
        return [*(f"accepted/{gap}/0" for gap in question.options), *(verdict_words() if whole else told)]

    def check_words(self, question: Keyed, texts: Mapping[str, str], language: str) -> list[Fault]:
        """Return gaps that are not once in the stem, and what is wrong with accepted answers."""
        named = _IN_STEM.findall(texts.get("stem", ""))
        faults = [Fault("fillin.gap-unknown", {"gap": gap}, "stem") for gap in named if gap not in question.options]
        for gap in question.options:
            if "stem" in texts and named.count(gap) != 1:
                faults.append(Fault("fillin.gap-not-once", {"gap": gap, "n": named.count(gap)}, "stem"))
            faults += accepted_faults(texts, f"accepted/{gap}/", language)
        return faults

    def shown(self, question: Keyed, mix: Mix) -> tuple[str, ...]:
        """Return the gaps: their order is the sentence's."""
        return tuple(question.options)

    def stem(self, words: Words) -> str:
        """Return the text with numbered blanks: the fields stand below it, under the same numbers."""
        return _IN_STEM.sub(lambda gap: f"({gap[1].removeprefix('gap-')}) ______", str(words["stem"]))

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {gaps: [{number: as in the stem, key, value: what was answered}]}."""
        values = [*response, *[""] * len(shown)]
        gaps = [
            {"number": gap.removeprefix("gap-"), "key": gap, "value": value}
            for gap, value in zip(shown, values, strict=False)
        ]
        return {"gaps": gaps}

    def from_form(self, question: Keyed, form: Form, shown: Sequence[str], before: Sequence[str]) -> list[str]:
        """Return the values of the fields ``answer``: a page sends one for each gap."""
        return list(form.get("answer", ()))

    def parse_response(self, question: Keyed, raw: Sequence[str]) -> list[str]:
        """Return the texts. Raises Invalid("answer.text-long", limit=) beside those of `Kind`."""
        texts = [tidied(text) for text in raw]
        if not any(texts):
            raise Invalid("answer.empty")
        if len(texts) != len(question.options):
            raise Invalid("answer.option", key=str(len(texts)))
        return texts

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return right gaps / all gaps."""
        right = sum(ok for _, ok in self._filled(question, response))
        return Grade(right / len(question.options), right == len(question.options))

    def feedback(self, question: Keyed, words: Words, response: Sequence[str]) -> list[Said]:
        """Return what is written for each gap, else for the answer as a whole."""
        if gives_verdict([f"feedback/{key}" for key in words.get("feedback", {})]):
            return verdict_said(words, self.grade(question, response))
        return [Said(gap, text_of(words, "feedback", gap), ok) for gap, ok in self._filled(question, response)]

    def right(self, question: Keyed) -> list[str]:
        """Return the first accepted answer of each gap."""
        return [first_accepted(question, gap) for gap in question.options]

    def wrong(self, question: Keyed) -> list[str]:
        """Return what is accepted in no gap."""
        return [not_accepted(question, gap) for gap in question.options]

    def definition(self, question: Keyed, words: Mapping[str, Words]) -> dict[str, Any]:
        """Return a fill-in interaction."""
        return {"interactionType": self.interaction, "correctResponsesPattern": patterns(question, question.options)}

    def _filled(self, question: Keyed, response: Sequence[str]) -> list[tuple[str, bool]]:
        given = [*response, *[""] * len(question.options)]
        return [
            (gap, is_accepted(text, question.accepted.get(gap, {})))
            for gap, text in zip(question.options, given, strict=False)
        ]
