"""Kinds of questions: what may be answered, what it is worth."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from elearn.core.questions.all import KINDS
from elearn.core.questions.base import Grade, pattern, response_of
from elearn.core.vocab.errors import Invalid


@dataclass(frozen=True)
class Keyed:
    options: tuple[str, ...]
    correct: tuple[str, ...]
    plan: dict[str, Any] = field(default_factory=dict)
    accepted: dict[str, Any] = field(default_factory=dict)


ONE = Keyed(("a", "b", "c"), ("b",))
SEVERAL = Keyed(("a", "b", "c", "d"), ("a", "c"))


@pytest.mark.parametrize(
    ("kind", "question", "response", "grade"),
    [
        ("choice", ONE, ["b"], Grade(1.0, True)),
        ("choice", ONE, ["a"], Grade(0.0, False)),
        ("choice", ONE, [], Grade(0.0, False)),
        ("multiple", SEVERAL, ["a", "c"], Grade(1.0, True)),
        ("multiple", SEVERAL, ["c", "a"], Grade(1.0, True)),
        ("multiple", SEVERAL, ["a"], Grade(0.5, False)),
        ("multiple", SEVERAL, ["a", "c", "d"], Grade(0.5, False)),
        ("multiple", SEVERAL, ["b", "d"], Grade(0.0, False)),
        ("multiple", SEVERAL, ["a", "b", "c", "d"], Grade(0.0, False)),
    ],
)
def test_only_the_exact_answer_is_right(kind: str, question: Keyed, response: list[str], grade: Grade) -> None:
    assert KINDS[kind].grade(question, response) == grade


def test_a_response_is_put_in_the_order_of_the_options_each_key_once() -> None:
    assert KINDS["multiple"].parse_response(SEVERAL, ["d", "a", "d"]) == ["a", "d"]


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("choice", [], "answer.empty"),
        ("choice", ["z"], "answer.option"),
        ("choice", ["a", "b"], "answer.one-only"),
        ("multiple", [], "answer.empty"),
        ("multiple", ["a", ""], "answer.option"),
    ],
)
def test_a_response_that_cannot_be_is_refused(kind: str, raw: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        KINDS[kind].parse_response(SEVERAL, raw)

    assert refused.value.code == code


def test_responses_are_written_as_xapi_writes_them() -> None:
    assert pattern(["a", "c"]) == "a[,]c"
    assert [response_of(text) for text in ("a[,]c", "b", "")] == [["a", "c"], ["b"], []]


@pytest.mark.parametrize(("kind", "question"), [("choice", ONE), ("multiple", SEVERAL)])
def test_a_sound_question_has_no_fault(kind: str, question: Keyed) -> None:
    assert KINDS[kind].check(question) == []


def test_each_kind_is_listed_under_its_own_name() -> None:
    assert [kind.name for kind in KINDS.values()] == list(KINDS)
    assert len(KINDS) == 10
