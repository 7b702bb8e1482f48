"""The own record holds everything about the officer, and its copy tells no answer of an exam."""

import json

from cast import memory_node, officer
from small_course import RIGHT, answer_exam, certificate_of, publish, ready_for_exam

from elearn.core.roster.form import OfficerForm
from elearn.core.vocab.roles import Role
from elearn.services import accounts, officers, sit
from elearn.services.accounts import Session
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.record_copy import record_copy


def post() -> Node:
    node = memory_node()
    node.store.write(publish)
    return node


def chief_of(node: Node) -> Session:
    person = officer(node, "Chan Vanna", role="administrator")
    number = my_record(node, person, "en").service_number
    found = accounts.session(node, accounts.sign_in(node, number, "739164", "here").token)
    assert found is not None
    return found


def test_particulars_account_and_what_was_done_to_it_are_in_the_record() -> None:
    node = post()
    chief = chief_of(node)
    noy = officers.add_officer(node, chief, OfficerForm("LA-77", "Noy Vong", sex="female", rank_band="middle")).person
    officers.reset_pin(node, chief, noy)
    officers.set_role(node, chief, noy, Role.TRAINER)

    found = my_record(node, noy, "en")

    assert found.account is not None
    assert (found.person["rank_band"], found.person["country"], found.person["agency"]) == ("middle", "LA", "customs")
    assert (found.account.role, found.account.active, found.account.sessions) == ("trainer", True, 0)
    assert [(one.what, one.role, one.by) for one in found.account.changes] == [
        ("role", "trainer", "Chan Vanna"),
        ("pin", "", "Chan Vanna"),
        ("role", "officer", "Chan Vanna"),
    ]


def test_a_sitting_under_way_is_in_the_record_with_how_many_answers_it_has() -> None:
    node = post()
    noy = officer(node)
    ready_for_exam(node, noy)
    attempt = sit.start(node, noy, "seals", "exam", "en")
    first = sit.sitting(node, noy, attempt).marks[0].id
    sit.answer(node, noy, attempt, first, RIGHT[first])

    found = my_record(node, noy, "en")

    assert [(one.kind, one.answers, one.held, one.submitted_at) for one in found.running] == [("exam", 1, True, "")]
    assert [one.kind for one in found.sittings] == ["pretest"]
    assert [(one.checks, one.lessons_done) for one in found.courses] == [(2, 2)]


def test_the_copy_holds_every_statement_and_the_officers_own_answers() -> None:
    node = post()
    noy, other = officer(node), officer(node)
    certificate_of(node, noy)
    certificate_of(node, other)

    copy = json.loads(record_copy(node, noy, "en"))

    with node.store.reading() as tx:
        said = [one.id for one in tx.ledger.about(noy)]
    assert [one["statement"]["id"] for one in copy["statements"]] == said
    assert copy["person"]["id"] == noy
    assert other not in json.dumps(copy)
    responses = [
        one["statement"]["result"].get("response") for one in copy["statements"] if "result" in one["statement"]
    ]
    assert sum(one is not None for one in responses) == 8  # two before the course, two in lessons, four in the exam


def test_the_copy_tells_no_answer_of_an_exam() -> None:
    node = post()
    noy = officer(node)
    ready_for_exam(node, noy)
    attempt = sit.start(node, noy, "seals", "exam", "en")
    answer_exam(node, noy, attempt, wrong=("e-one", "e-two", "e-three"))
    sit.submit(node, noy, attempt)

    copy = json.loads(record_copy(node, noy, "en"))

    of_sittings = [one["statement"] for one in copy["statements"] if "registration" in one["statement"]["context"]]
    answered = [one for one in of_sittings if one["verb"]["id"].endswith("answered")]
    assert len(answered) == 6
    assert {name for one in answered for name in one["result"]} == {"response"}
    assert not any("extensions" in one.get("result", {}) for one in of_sittings)
    assert "missed" not in json.dumps(of_sittings)
    assert "seed" not in json.dumps(of_sittings)


def test_neither_page_nor_copy_holds_a_pin_or_its_digest() -> None:
    node = post()
    noy = officer(node)

    said = record_copy(node, noy, "en").decode() + repr(my_record(node, noy, "en"))

    assert "argon2" not in said
    assert "pin_hash" not in said
