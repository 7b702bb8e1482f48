"""The follow-up form, its statements and its rows: no word of a case, and the same rows for every order of arrival."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from cast import NumberedIds, memory_node
from followup_scenes import AT, followed_up, observed, ticked
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.core.learning.followup import answers_from, days_since, is_asked, is_open
from elearn.core.ledger.entry import follow, head_after
from elearn.core.projections.followups import FOLLOW_UP
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.followup import SEEN, STOPPED, USED
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build, build_void
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.services.record import rebuild_projections, receive_in

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "statements"
PEOPLE = ("00000000-0000-4000-a000-00000000000a", "00000000-0000-4000-a000-00000000000b")
ATTEMPTS = ("00000001-0000-4000-8000-000000000001", "00000001-0000-4000-8000-000000000002")
COLLEAGUE = "00000000-0000-4000-a000-00000000000c"


def exam(index: int, person: str, attempt: str, day: int = 5) -> Statement:
    who = Saying(
        person, Particulars("LA", "customs", "Huay Xai", "female", "junior"), f"2026-03-0{day}T05:00:00.000000Z", "n"
    )
    return build(
        who,
        f"00000000-0000-4000-b000-{index:012x}",
        verbs.PASSED,
        verbs.sitting_iri("interdiction", "exam"),
        attempt=attempt,
        extensions={"version": "1.0.0", "language": "lo"},
        result={"score": {"scaled": 0.9}, "success": True},
    )


EXAM = exam(1, PEOPLE[0], ATTEMPTS[0])


def folded(*statements: Statement) -> list[dict[str, Any]]:
    """Return the rows after the statements came in this order, as the chain of one origin."""
    node = memory_node()

    def work(tx: Any) -> None:
        head, entries = tx.ledger.head("origin"), []
        for statement in statements:
            entries.append(follow(head, statement))
            head = head_after(entries[-1])
        receive_in(tx, node, entries)

    node.store.write(work)
    with node.store.reading() as tx:
        rows = tx.tables.select(FOLLOW_UP)
    rebuild_projections(node)
    with node.store.reading() as tx:
        assert tx.tables.select(FOLLOW_UP) == rows
    return rows


def refused(said: dict[str, list[str]]) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        answers_from(said)
    assert error.value.code == "followup.incomplete"
    fields: dict[str, str] = error.value.details["fields"]
    return fields


def test_what_was_chosen_is_kept_in_the_order_of_the_form() -> None:
    found = answers_from(ticked("more", "time", "equipment") | {"remark": ["a case"]})

    assert found.kept() == {"form": 1, "used": "more", "stopped": ["equipment", "time"]}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, {"used": "followup.no-choice", "stopped": "followup.no-choice"}),
        (ticked("always"), {"used": "followup.no-choice"}),
        ({"used": ["once", "never"], "stopped": ["time"]}, {"used": "followup.no-choice"}),
        (ticked("once", "a man at the bridge"), {"stopped": "followup.no-choice"}),
        (ticked("once", "nothing", "time"), {"stopped": "followup.nothing-alone"}),
    ],
)
def test_what_is_missing_or_not_offered_is_told_by_field(said: dict[str, list[str]], wrong: dict[str, str]) -> None:
    assert refused(said) == wrong


def test_the_form_opens_on_day_80_is_asked_for_to_day_150_and_never_closes_by_itself() -> None:
    passed = "2026-03-05T05:00:00.000000Z"

    assert days_since(passed, "2026-05-24T04:59:59.000000Z") == 79
    assert days_since(passed, "2026-05-24T05:00:00.000000Z") == 80
    assert days_since(passed, "1970-01-01T00:00:00.000000Z") == 0
    assert [is_open(days) for days in (79, 80, 150, 151, 4000)] == [False, True, True, True, True]
    assert [is_asked(days) for days in (79, 80, 150, 151)] == [False, True, True, False]


@pytest.mark.parametrize("name", ["followed-up", "skill-observed"])
def test_statements_are_what_other_systems_read(name: str) -> None:
    """The golden files: a change here is a change of what other systems read."""
    made = {
        "followed-up": followed_up(EXAM, "00000000-0000-4000-b000-0000000000aa", "more", "equipment", "time"),
        "skill-observed": observed(EXAM, "00000000-0000-4000-b000-0000000000bb", "not-observed", by=COLLEAGUE),
    }[name]

    assert made.body == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert check(made.body).body == made.body


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("result", "response"), "we stopped a blue lorry at the bridge"),
        (("result", "extensions", verbs.EXTENSION + "remark"), "a blue lorry"),
        (("result", "extensions", "https://other.invalid/remark"), "a blue lorry"),
        (("result", "extensions", verbs.EXTENSION + "used"), "A man I stopped"),
        (("result", "extensions", verbs.EXTENSION + "stopped"), ["the blue lorry of Mr X"]),
        (("result", "extensions", verbs.EXTENSION + "seen"), "Yes, with Mr X"),
    ],
)
@pytest.mark.parametrize("made", [followed_up(EXAM, PEOPLE[1]), observed(EXAM, PEOPLE[1])])
def test_a_follow_up_that_could_hold_a_case_is_refused(pointer: tuple[str, ...], value: Any, made: Statement) -> None:
    body = copy.deepcopy(made.body)
    at = body
    for name in pointer[:-1]:
        at = at[name]
    at[pointer[-1]] = value

    with pytest.raises(Invalid) as error:
        check(body)

    assert [one["rule"] for one in error.value.details["findings"]] == ["house"]


def test_a_row_holds_exam_answer_and_the_word_of_a_colleague() -> None:
    ids = NumberedIds(7)
    [row] = folded(EXAM, followed_up(EXAM, ids.new(), "more", "time"), observed(EXAM, ids.new(), "no", by=COLLEAGUE))

    assert {name: value for name, value in row.items() if name not in {"marks", "subject", "passed_id"}} == {
        "person": PEOPLE[0],
        "attempt": ATTEMPTS[0],
        "course": "interdiction",
        "passed_at": "2026-03-05T05:00:00.000000Z",
        "language": "lo",
        "country": "LA",
        "agency": "customs",
        "post": "Huay Xai",
        "sex": "female",
        "rank_band": "junior",
        "node": "n",
        "used": "more",
        "stopped_equipment": 0,
        "stopped_authority": 0,
        "stopped_time": 1,
        "stopped_occasion": 0,
        "stopped_nothing": 0,
        "answered_at": AT,
        "answered_days": 97,
        "seen": "no",
        "seen_at": AT,
        "seen_by": COLLEAGUE,
    }


@pytest.mark.parametrize(
    "other",
    [
        followed_up(EXAM, PEOPLE[1], form=2),
        followed_up(EXAM, PEOPLE[1], "always"),
        followed_up(EXAM, PEOPLE[1], by=COLLEAGUE),
        observed(EXAM, PEOPLE[1], form=2),
        observed(EXAM, PEOPLE[1], "surely"),
        observed(EXAM, PEOPLE[1], by=EXAM.actor),
    ],
)
def test_another_form_another_hand_and_a_word_on_oneself_are_left_alone(other: Statement) -> None:
    [row] = folded(EXAM, other)

    assert (row["used"], row["seen"]) == (None, None)


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    """Return exams of two people with answers and words of colleagues, and perhaps a void."""

    def one(index: int) -> Statement:
        owner = draw(st.integers(0, 1))
        taken = exam(index, PEOPLE[owner], ATTEMPTS[owner], draw(st.integers(1, 3)))
        made = draw(st.sampled_from(("exam", "answer", "word")))
        at = f"2026-06-1{draw(st.integers(0, 3))}T05:00:00.000000Z"
        if made == "answer":
            return followed_up(
                taken, taken.id, draw(st.sampled_from(list(USED))), draw(st.sampled_from(list(STOPPED))), at=at
            )
        if made == "word":
            return observed(
                taken,
                taken.id,
                draw(st.sampled_from(list(SEEN))),
                at=at,
                by=draw(st.sampled_from((*PEOPLE, COLLEAGUE))),
            )
        return taken

    told = [one(index) for index in range(draw(st.integers(1, 8)))]
    if draw(st.booleans()):
        gone = draw(st.sampled_from(told))
        who = Saying(COLLEAGUE, Particulars("", "", "", "", ""), AT, "n")
        told.append(build_void(who, "00000000-0000-4000-c000-000000000001", gone.id, gone.subject))
    return told


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_rows_are_the_same_for_every_order_of_arrival(data: st.DataObject) -> None:
    told = data.draw(statements())

    assert folded(*data.draw(st.permutations(told))) == folded(*told)
