"""What each kind says in xAPI, letter for letter: definition of the interaction, and the results of three answers.

A change here is a change of what other systems read. `python tests/core/test_questions_golden.py` writes the files.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from kinds_course import COURSE, STRUCTURES, TODAY, kinds_course, the_course
from kinds_scenes import wrong_answer

from elearn.core.content.package import compile_course
from elearn.core.learning.blueprint import in_lesson
from elearn.core.questions.all import KINDS, kind_of
from elearn.services.answers_given import answer_given

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "interactions"
LANGUAGES = ("en", "my", "zh_Hans")


def said(kind: str) -> dict[str, Any]:
    """Return what a kind says."""
    package, _ = compile_course(COURSE, kinds_course(), TODAY)
    assert package is not None
    question = the_course().question(f"c-{kind}")
    words = {tag: package.questions[question.id, tag] for tag in LANGUAGES}
    right = KINDS[kind].right(question)
    answers = {"right": right, "wrong": wrong_answer(question), "begun": kind_of(question).stages(right)[0]}
    return {
        "definition": KINDS[kind].definition(question, words),
        "results": {name: _result(question, response) for name, response in answers.items()},
    }


def _result(question: Any, response: list[str]) -> dict[str, Any]:
    before = response[:-1] if kind_of(question).stepwise else []
    return answer_given(question, response, in_lesson(question), before).result


def written(kind: str) -> str:
    """Return it as the file holds it."""
    return json.dumps(said(kind), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("kind", list(STRUCTURES))
def test_what_a_kind_says_in_xapi_stays_as_it_is(kind: str) -> None:
    assert written(kind) == (GOLDEN / f"{kind}.json").read_text(encoding="utf-8")


def test_every_kind_has_its_file_and_no_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(KINDS) == set(STRUCTURES)


@pytest.mark.parametrize("kind", list(STRUCTURES))
def test_the_right_answer_is_one_of_the_patterns(kind: str) -> None:
    found = said(kind)
    patterns = [one.rpartition("}")[2] for one in found["definition"]["correctResponsesPattern"]]
    response = found["results"]["right"]["response"]

    if kind == "number":
        low, _, high = patterns[0].partition("[:]")
        assert float(low) <= float(response) <= float(high)
    else:
        assert response in patterns


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for one in STRUCTURES:
        (GOLDEN / f"{one}.json").write_text(written(one), encoding="utf-8")
