"""The rows of refreshers are the same for every order of arrival, doubling included; what they leave out stays out."""

from typing import Any

from cast import memory_node
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.core.ledger.entry import follow, head_after
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.refreshers import REFRESHER_ANSWER, REFRESHER_SET
from elearn.core.projections.retention import RETENTION
from elearn.core.projections.reviews import REVIEW
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.retention import WINDOWS, window_of
from elearn.core.xapi.build import Saying, build, build_void
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED, INITIALIZED, REFRESHER, question_iri
from elearn.services.record import rebuild_projections, receive_in

PEOPLE = ("00000000-0000-4000-a000-00000000000a", "00000000-0000-4000-a000-00000000000b")
SETS = ("00000001-0000-4000-8000-000000000001", "00000001-0000-4000-8000-000000000002")
TABLES = (REVIEW, REFRESHER_SET, REFRESHER_ANSWER, RETENTION)


def saying(person: str, second: int = 0, uncertain: bool = False) -> Saying:
    particulars = Particulars("LA", "customs", f"Post {second % 2}", "female", "junior")
    return Saying(person, particulars, f"2026-11-24T08:00:{second:02}.000000Z", "n", uncertain)


def answered(index: int, who: Saying, **changes: Any) -> Statement:
    told = {"course": "seals", "question": "e-one", "right": True, "days": 30, "place": "refresher", "language": "km"}
    told |= {"attempt": SETS[0], **changes}
    return build(
        who,
        f"00000000-0000-4000-b000-{index:012x}",
        ANSWERED,
        question_iri(told["course"], told["question"]),
        attempt=told["attempt"],
        extensions={"digest": "d" * 64, "version": "1.0", "language": told["language"], "place": told["place"]},
        result={"response": "a" if told["right"] else "b[,]c", "score": {"scaled": 1.0}, "success": told["right"]},
        result_extensions={"used_s": index, "passed_days": told["days"]},
        parent=REFRESHER,
    )


def started(index: int, who: Saying, attempt: str) -> Statement:
    cards = [{"course": "seals", "digest": "d" * 64, "id": f"e-{index}", "options": ["b", "a"]}]
    return build(
        who,
        f"00000000-0000-4000-b000-{index:012x}",
        INITIALIZED,
        REFRESHER,
        attempt=attempt,
        extensions={"language": "km", "place": "refresher"},
        result_extensions={"cards": cards, "seed": index},
    )


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    """Return statements of two people. With a void among them each has sets of their own."""
    voids = draw(st.booleans())

    def one(index: int) -> Statement:
        owner = draw(st.integers(0, 1))
        who = saying(PEOPLE[owner], draw(st.integers(0, 4)), draw(st.booleans()))
        sets = SETS[owner : owner + 1] if voids else SETS
        if draw(st.integers(0, 4)) == 0:
            return started(index, who, draw(st.sampled_from(sets)))
        return answered(
            index,
            who,
            course=draw(st.sampled_from(("seals", "doors"))),
            question=draw(st.sampled_from(("e-one", "e-two"))),
            right=draw(st.booleans()),
            days=draw(st.sampled_from((None, 3, 15, 59, 60, 200, 400))),
            place=draw(st.sampled_from(("refresher", "refresher", "check", "exam", "pretest"))),
            language=draw(st.sampled_from(("km", "en"))),
            attempt=draw(st.sampled_from((*sets, None))),
        )

    told = [one(index) for index in range(draw(st.integers(1, 12)))]
    if voids:
        gone = draw(st.sampled_from(told))
        told.append(build_void(saying(PEOPLE[0]), "00000000-0000-4000-c000-000000000001", gone.id, gone.subject))
    return told


def rows(told: list[Statement], again: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Return every folded row after these arrived one after the other. again: folded anew at the end."""
    node = memory_node()

    def work(tx: Any) -> None:
        head = tx.ledger.head("origin")
        for statement in told:
            entry = follow(head, statement)
            head = head_after(entry)
            receive_in(tx, node, [entry])

    node.store.write(work)
    if again:
        rebuild_projections(node)
    with node.store.reading() as tx:
        return {table.name: tx.tables.select(table) for table in FOLDED_TABLES}


@settings(max_examples=150, deadline=None)
@given(told=statements(), data=st.data())
def test_the_order_of_arrival_does_not_matter_for_refreshers(told: list[Statement], data: st.DataObject) -> None:
    wanted = rows(told)

    assert rows(data.draw(st.permutations(told))) == wanted
    assert rows(told, again=True) == wanted
    assert [check(one.body) for one in told] == told


def kept(*told: Statement) -> dict[str, list[dict[str, Any]]]:
    found = rows(list(told))
    return {table.name: found[table.name] for table in TABLES}


def test_the_first_answer_to_a_question_of_a_set_stands() -> None:
    who = PEOPLE[0]
    found = kept(answered(2, saying(who, 9), right=True), answered(1, saying(who, 3), right=False))

    assert [(row["right"], row["response"], row["used_s"]) for row in found["refresher_answer"]] == [(0, ["b", "c"], 1)]
    assert len(found["review"]) == 2


def test_retention_counts_the_first_answer_of_each_question_in_a_window() -> None:
    who = PEOPLE[0]
    found = kept(
        answered(1, saying(who, 1), right=False, days=20),
        answered(2, saying(who, 2), right=True, days=50),
        answered(3, saying(who, 3), question="e-two", right=True, days=50),
        answered(4, saying(who, 4), right=True, days=90),
    )
    seen = [(row["window"], row["asked"], row["right"], row["post"]) for row in found["retention"]]

    assert seen == [(30, 2, 1, "Post 1"), (90, 1, 1, "Post 0")]


def test_a_doubted_clock_and_days_outside_the_windows_do_not_count() -> None:
    who = PEOPLE[0]
    found = kept(
        answered(1, saying(who, 1, uncertain=True), days=30),
        answered(2, saying(who, 2), days=14),
        answered(3, saying(who, 3), days=None),
        answered(4, saying(who, 4), days=30, place="check", attempt=None),
    )

    assert found["retention"] == []
    assert len(found["review"]) == 4


def test_answers_of_a_pre_test_say_nothing_about_memory() -> None:
    assert kept(answered(1, saying(PEOPLE[0]), place="pretest"))["review"] == []


def test_every_day_between_the_first_and_the_last_window_belongs_to_exactly_one() -> None:
    assert [window_of(day) for day in (14, 15, 30, 59, 60, 90, 134, 135, 180, 270, 271)] == [
        *(None, 30, 30, 30, 90, 90, 90, 180, 180, 180, None)
    ]
    assert all(first <= name <= last for name, (first, last) in WINDOWS.items())
