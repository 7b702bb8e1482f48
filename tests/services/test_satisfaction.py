"""Who may answer the satisfaction form, and how five answers of one box come into the ledger."""

from datetime import timedelta
from threading import Thread

import pytest
from cast import memory_node, officer
from exchange_scenes import pair
from figures_scenes import own_id, passed
from satisfaction_scenes import (
    COURSE,
    different,
    in_the_box,
    let_answer,
    let_pass,
    responded,
    responses,
    said,
    settled,
)
from small_course import publish, structure

from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.satisfaction import SATISFACTION
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.satisfaction import HELPED, ITEMS, LEAST
from elearn.core.xapi import verbs
from elearn.core.xapi.check import check
from elearn.services import satisfaction
from elearn.services.exchange import exchange_once
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.record import record


@pytest.fixture
def node() -> Node:
    return memory_node()


def open_to(node: Node, person: str) -> frozenset[str]:
    with node.store.reading() as tx:
        return satisfaction.open_forms(tx, person)


def test_the_form_is_open_to_who_passed_until_it_is_answered(node: Node) -> None:
    [person] = let_pass(node, 1)
    assert open_to(node, person) == {COURSE}

    satisfaction.answer(node, person, COURSE, said())

    assert open_to(node, person) == frozenset()
    with pytest.raises(Refused) as refused:
        satisfaction.answer(node, person, COURSE, said())
    assert refused.value.code == "satisfaction.settled"
    assert len(in_the_box(node)) == 1


def test_declining_leaves_the_same_trace_as_answering_and_no_ballot(node: Node) -> None:
    one, other = let_pass(node, 2)

    satisfaction.decline(node, one, COURSE)

    assert in_the_box(node) == []
    with pytest.raises(Refused) as refused:
        satisfaction.form(node, one, COURSE, "en")
    assert refused.value.code == "satisfaction.settled"
    satisfaction.answer(node, other, COURSE, said())
    assert sorted(settled(node)) == sorted([(one, COURSE, "1"), (other, COURSE, "1")])


def test_the_own_record_says_that_one_was_asked_and_not_what_was_said(node: Node) -> None:
    node.store.write(publish)
    one, other = officer(node), officer(node)
    record(node, *(passed(node, person, course="seals") for person in (one, other)))
    assert my_record(node, one, "en").asked == ()

    satisfaction.answer(node, one, "seals", said())
    satisfaction.decline(node, other, "seals")

    assert my_record(node, one, "km").asked == my_record(node, other, "km").asked == (("ខ្មែរ Seals", "km"),)


def test_who_did_not_pass_is_not_asked_and_an_unknown_course_is_told(node: Node) -> None:
    node.store.write(publish)

    with pytest.raises(Refused) as refused:
        satisfaction.answer(node, node.ids.new(), "seals", said())
    assert refused.value.code == "satisfaction.not-passed"
    with pytest.raises(NotFound):
        satisfaction.form(node, node.ids.new(), "nothing", "en")


def test_a_form_that_is_not_whole_changes_nothing(node: Node) -> None:
    [person] = let_pass(node, 1)

    with pytest.raises(Invalid):
        satisfaction.answer(node, person, COURSE, said(easy=""))

    assert (in_the_box(node), settled(node), open_to(node, person)) == ([], [], {COURSE})


def test_a_node_that_does_not_teach_does_not_ask() -> None:
    hub = memory_node(kind=NodeKind.REGIONAL_HUB)

    with pytest.raises(Refused) as refused:
        satisfaction.answer(hub, hub.ids.new(), COURSE, said())

    assert refused.value.code == "node.power"


def test_who_came_from_another_post_is_asked_there_and_not_here(node: Node) -> None:
    person, other = node.ids.new(), memory_node(series=2)
    record(node, passed(other, person))

    assert own_id(other) != own_id(node)
    assert open_to(node, person) == frozenset()


def test_a_new_major_version_is_asked_about_anew_and_a_minor_one_is_not(node: Node) -> None:
    person = node.ids.new()

    def pass_version(version: str, day: str) -> None:
        statement = passed(node, person, day)
        statement.body["context"]["extensions"][verbs.EXTENSION + "version"] = version
        record(node, statement)

    pass_version("1.0.0", "2026-03-05")
    satisfaction.answer(node, person, COURSE, said())
    pass_version("1.4.2+3fa21b07", "2026-03-06")
    assert open_to(node, person) == frozenset()
    pass_version("2.0.0", "2026-03-07")
    assert open_to(node, person) == {COURSE}


def test_fewer_than_five_stay_in_the_box_and_five_are_recorded(node: Node) -> None:
    let_answer(node, LEAST - 1)
    assert (len(in_the_box(node)), responses(node)) == (LEAST - 1, [])

    let_answer(node, 1)

    assert in_the_box(node) == []
    assert len(responses(node)) == LEAST
    assert all(check(statement.body) for statement in responses(node))


def test_what_is_recorded_is_what_was_answered(node: Node) -> None:
    for number, person in enumerate(let_pass(node, LEAST)):
        satisfaction.answer(node, person, COURSE, different(number))

    with node.store.reading() as tx:
        rows = tx.tables.select(SATISFACTION, order=("useful",))
    assert [[row[item] for item in ITEMS] for row in rows] == [[number] * 5 for number in range(1, 6)]
    assert [row["helped"] for row in rows] == list(HELPED)


def test_all_of_a_box_say_the_same_of_themselves(node: Node) -> None:
    let_answer(node, LEAST)

    said_of = [
        (one.actor, one.timestamp, one.object_id, one.body["context"], one.verb, one.result.keys())
        for one in responses(node)
    ]

    assert all(one == said_of[0] for one in said_of)
    assert said_of[0][1] == "2026-11-23T17:00:00.000000Z"  # when that day began in Lao PDR
    assert responses(node)[0].particulars.country == ""


def test_who_alone_took_the_course_in_a_language_is_not_told_by_it(node: Node) -> None:
    let_answer(node, LEAST - 1, language="lo")
    let_answer(node, LEAST - 1, language="en")
    assert responses(node) == []

    let_answer(node, 1, language="lo")

    assert {one.language for one in responses(node)} == {"lo"}
    assert [ballot["language"] for ballot in in_the_box(node)] == ["en"] * (LEAST - 1)


def test_answers_of_another_course_do_not_fill_the_box(node: Node) -> None:
    let_answer(node, LEAST - 1)
    let_answer(node, LEAST - 1, course="finance")

    assert responses(node) == []
    assert len(in_the_box(node)) == 2 * (LEAST - 1)


def test_the_next_five_wait_for_each_other_again(node: Node) -> None:
    let_answer(node, LEAST + 1)

    assert (len(responses(node)), len(in_the_box(node))) == (LEAST, 1)


def test_a_doubted_clock_is_told_of_all_alike() -> None:
    node = memory_node()
    let_pass(node, 1)
    node.clock.shift(timedelta(days=-30))  # type: ignore[attr-defined]

    let_answer(node, LEAST)

    assert [one.extension("clock_uncertain") for one in responses(node)] == [True] * LEAST


def test_the_title_stands_in_the_language_asked_for(node: Node) -> None:
    node.store.write(lambda tx: publish(tx, structure()))
    [person] = let_pass(node, 1, course="seals")

    assert satisfaction.form(node, person, "seals", "th").language == "en"
    assert satisfaction.form(node, person, "seals", "km").language == "km"


def test_answers_go_up_to_the_hub_and_are_the_same_rows_there() -> None:
    post, hub, _ = pair()
    let_answer(post, LEAST)

    assert exchange_once(post).ok

    for table in FOLDED_TABLES:
        with post.store.reading() as here, hub.store.reading() as there:
            assert here.tables.select(table) == there.tables.select(table), table.name
    assert len(responses(hub)) == LEAST
    assert in_the_box(hub) == []


def test_a_hub_keeps_apart_an_answer_that_names_its_giver() -> None:
    post, hub, _ = pair()
    telling = responded(post.ids.new(), node=own_id(post))
    telling.body["context"]["extensions"][verbs.EXTENSION + "sex"] = "female"
    record(post, telling, *(responded(post.ids.new(), node=own_id(post)) for _ in range(LEAST)))

    exchange_once(post)

    assert len(responses(hub)) == LEAST
    assert telling.id not in {one.id for one in responses(hub)}


def test_two_officers_at_once_lose_no_answer(node: Node) -> None:
    people = let_pass(node, 2 * LEAST)
    threads = [Thread(target=satisfaction.answer, args=(node, person, COURSE, said())) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert (len(responses(node)), in_the_box(node)) == (2 * LEAST, [])
