"""What is refused of a statement from elsewhere, by which rule and at which place; and that our own pass."""

import copy
import random
from typing import Any

import pytest
from cast import NumberedIds
from hypothesis import given
from hypothesis import strategies as st
from satisfaction_scenes import responded

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build, build_void
from elearn.core.xapi.check import LARGEST_BYTES, check

ids = NumberedIds(5)
SAYING = Saying(
    ids.new(), Particulars("LA", "customs", "ຫ້ວຍຊາຍ", "female", ""), "2026-11-24T08:00:00.000000Z", ids.new()
)
CONTEXT = "/context/extensions/https:~1~1elearn.invalid~1xapi~1ext~1"
RESULT = "/result/extensions/https:~1~1elearn.invalid~1xapi~1ext~1"


def answered() -> dict[str, Any]:
    return copy.deepcopy(
        build(
            SAYING,
            ids.new(),
            verbs.ANSWERED,
            verbs.question_iri("interdiction", "q1"),
            result={"response": "a[,]b", "score": {"scaled": 0.5}, "success": False},
            result_extensions={"used_s": 12.5},
            attempt=ids.new(),
            extensions={"digest": "d" * 64, "version": "1.0", "language": "km", "place": "exam"},
            parent=verbs.sitting_iri("interdiction", "exam"),
        ).body
    )


def set_at(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    inner = body
    for part in way:
        inner = inner[int(part)] if isinstance(inner, list) else inner[part]
    inner[last] = value
    return body


def findings(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        check(body)
    assert refused.value.code == "statement.malformed"
    return [(one["where"], one["rule"]) for one in refused.value.details["findings"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        answered(),
        build_void(SAYING, ids.new(), ids.new(), ids.new()).body,
        build(
            SAYING,
            ids.new(),
            verbs.INITIALIZED,
            verbs.sitting_iri("c", "exam"),
            result_extensions={"questions": [{"id": "q", "options": ["a"]}], "seed": 2**53 - 1},
        ).body,
        build(
            SAYING, ids.new(), verbs.REVOKED, verbs.certificate_iri("N"), extensions={"subject": "x", "reason": "y"}
        ).body,
        responded(ids.new()).body,
    ],
)
def test_what_we_build_passes_and_comes_back_unchanged(body: dict[str, Any]) -> None:
    before = copy.deepcopy(body)

    assert check(body).body == before


@pytest.mark.parametrize(
    ("pointer", "value", "rule"),
    [
        ("/id", "7", "2.4.1"),
        ("/id", "00000000-0000-4000-8000-00000000000A", "2.4.1"),
        ("/id", 7, "2.4.1"),
        ("/extra", 1, "2.2"),
        ("/timestamp", "2026-11-24T08:00:00Z", "2.4.7"),
        ("/timestamp", "2026-11-24T08:00:00.000000", "2.4.7"),
        ("/timestamp", "0001-01-01T00:00:00+14:00", "2.4.7"),
        ("/timestamp", 12, "2.4.7"),
        ("/version", "2.0.0", "2.4.10"),
        ("/version", 1, "2.4.10"),
        ("/actor", "me", "2.4.2"),
        ("/actor/objectType", "Group", "house"),
        ("/actor/mbox", "mailto:noy@example.org", "2.4.2.3"),
        ("/actor/account", {"name": "x"}, "2.4.2.4"),
        ("/actor/account/homePage", "no iri", "2.4.2.4"),
        ("/actor/account/name", 7, "2.4.2.4"),
        ("/verb/id", "answered", "2.4.3"),
        ("/verb", [], "2.4.3"),
        ("/verb/display", {"e n": "x"}, "4.2"),
        ("/verb/display", {"en": 1}, "4.2"),
        ("/object", None, "2.2"),
        ("/object/objectType", "SubStatement", "house"),
        ("/object/objectType", "StatementRef", "2.3.2"),
        ("/object/id", "question one", "2.4.4.1"),
        ("/object/id", "x:" + "y" * 1000, "2.4.4.1"),
        ("/object/more", 1, "2.4.4.1"),
        ("/object/definition", "x", "2.4.4.1"),
        ("/result", "good", "2.4.5"),
        ("/result/success", "yes", "2.4.5"),
        ("/result/response", 5, "2.4.5"),
        ("/result/grade", 5, "2.4.5"),
        ("/result/score", 1, "2.4.5.1"),
        ("/result/score/scaled", 1.01, "2.4.5.1"),
        ("/result/score/scaled", "1", "2.4.5.1"),
        ("/result/score/scaled", True, "2.4.5.1"),
        ("/result/score/best", 1, "2.4.5.1"),
        ("/result/extensions", {"no iri": 1}, "4.1"),
        ("/context", [], "2.4.6"),
        ("/context/mood", "x", "2.4.6"),
        ("/context/registration", "x", "2.4.6.1"),
        ("/context/contextActivities", [], "2.4.6.2"),
        ("/context/contextActivities/sibling", [], "2.4.6.2"),
        ("/context/contextActivities/parent", {}, "2.4.6.2"),
        ("/context/contextActivities/parent", [{"id": "x"}], "2.4.4.1"),
        ("/context/extensions", [], "4.1"),
        (CONTEXT + "language", 7, "house"),
        (CONTEXT + "post", "x" * 1001, "house"),
        (CONTEXT + "clock_uncertain", "yes", "house"),
        (CONTEXT + "expires_at", "tomorrow", "house"),
        (RESULT + "questions", [{"id": "q"}], "house"),
        (RESULT + "questions", {"q": 1}, "house"),
        (RESULT + "seed", -1, "house"),
        (RESULT + "seed", 1.5, "house"),
        (RESULT + "seed", True, "house"),
        (RESULT + "used_s", "1", "house"),
        (RESULT + "missed", "o1", "house"),
        (RESULT + "missed", [1], "house"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_that_rule_at_its_place(pointer: str, value: Any, rule: str) -> None:
    found = findings(set_at(answered(), pointer, value))

    assert rule in {one_rule for _, one_rule in found}
    assert all(where.startswith((pointer, pointer.rsplit("/", 1)[0])) for where, _ in found)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/context/registration", ids.new()),
        ("/context/instructor", {"account": {"homePage": "https://elearn.invalid/", "name": "x"}}),
        (CONTEXT + "sex", "female"),
        (CONTEXT + "rank_band", "senior"),
        (CONTEXT + "post", "Huay Xai"),
        (CONTEXT + "subject", ids.new()),
        ("/context/extensions/https:~1~1other.invalid~1x", 1),
        ("/result/response", "too little time for us two at the bridge"),
        (RESULT + "ratings", {"useful": 6}),
        (RESULT + "ratings", {"useful": True}),
        (RESULT + "ratings", [5]),
        (RESULT + "helped", 1),
        (RESULT + "form", "1"),
    ],
)
def test_an_anonymous_answer_that_could_tell_who_gave_it_is_refused(pointer: str, value: Any) -> None:
    found = findings(set_at(copy.deepcopy(responded(ids.new()).body), pointer, value))

    assert found == [(pointer, "house")]


def test_only_satisfaction_is_anonymous_and_satisfaction_is_only_anonymous() -> None:
    by_somebody = set_at(copy.deepcopy(responded(ids.new()).body), "/actor/account/name", ids.new())
    exam_of_nobody = set_at(answered(), "/actor/account/name", verbs.ANONYMOUS)

    assert findings(by_somebody) == [("/actor/account/name", "house")]
    assert findings(exam_of_nobody) == [("/actor/account/name", "house")]


@pytest.mark.parametrize("missing", ["id", "actor", "verb", "object", "timestamp"])
def test_what_must_be_there_is_missed(missing: str) -> None:
    body = answered()
    del body[missing]

    assert any(where.startswith(f"/{missing}") for where, _ in findings(body))


def test_a_void_must_name_a_statement() -> None:
    void = build_void(SAYING, ids.new(), ids.new(), ids.new()).body

    assert findings(set_at(copy.deepcopy(void), "/object/id", "https://x.invalid/")) == [("/object/id", "2.4.4.3")]
    assert findings(set_at(copy.deepcopy(void), "/object/objectType", "Activity")) == [("/object/objectType", "2.3.2")]


def test_all_that_is_wrong_is_told_at_once() -> None:
    body = set_at(set_at(answered(), "/id", "7"), "/result/success", "yes")

    assert findings(body) == [("/id", "2.4.1"), ("/result/success", "2.4.5")]


def test_null_is_allowed_in_extensions_only() -> None:
    body = set_at(answered(), "/context/extensions/https:~1~1other.invalid~1x", None)
    assert check(body).body == body

    assert ("/result/response", "2.2") in findings(set_at(body, "/result/response", None))


@pytest.mark.parametrize("body", [None, [], "statement", 7, {"id": float("nan")}, {"id": 2**60}, {"id": "\ud800"}])
def test_what_is_no_statement_at_all_is_refused(body: Any) -> None:
    assert findings(body) == [("", "2.2")]


def test_a_statement_too_large_or_too_deep_is_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    assert findings(set_at(answered(), "/result/response", "x" * LARGEST_BYTES))[0] == ("", "house")
    assert findings(set_at(answered(), "/result/extensions/https:~1~1other.invalid~1x", deep)) == [("", "2.2")]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(where=st.integers(0, 10**6), value=ANY_JSON)
def test_whatever_stands_anywhere_it_is_taken_or_refused_but_nothing_else_happens(where: int, value: Any) -> None:
    body = answered()
    place = random.Random(where)
    inner: Any = body
    while True:
        key = place.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        if not isinstance(inner[key], (dict, list)) or not inner[key] or place.random() < 0.3:
            break
        inner = inner[key]
    inner[key] = value

    try:
        statement = check(body)
    except Invalid:
        assert findings(body) != []
    else:
        assert statement.when == (statement.timestamp, statement.id)
        assert isinstance(statement.subject, str)
        assert statement.particulars.country is not None
