"""Strangers get every record once, as pseudonyms, whatever their habits; nothing is held up by one they refuse."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from lrs_server import KEY, SECRET, Lrs, lrs
from small_course import certificate_of, publish

from elearn.adapters.http_peer import HttpPeer
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import LRS
from elearn.core.vocab.roles import Role
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build, build_void
from elearn.core.xapi.outward import pseudonym_of, says_the_same
from elearn.services import forwarding
from elearn.services.accounts import Session
from elearn.services.audit import pin_reset
from elearn.services.node import Node
from elearn.services.record import record, saying_for


@pytest.fixture(params=["memory", "sqlite"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    peer = HttpPeer()
    node = memory_node(peer=peer) if request.param == "memory" else sqlite_node(tmp_path, peer=peer)
    node.store.write(publish)
    yield node
    node.store.close()


def administrator(node: Node) -> Session:
    return Session("s", "chief", "Kham La", "LA-1", Role.ADMINISTRATOR, "en", "csrf", False, (), node.now())


def form(system: Lrs, **changes: object) -> forwarding.LrsForm:
    said = {"name": "Ministry", "url": system.url + "/", "key": KEY, "secret": SECRET, "finer": False, **changes}
    return forwarding.LrsForm(**said)  # type: ignore[arg-type]


def lessons(node: Node, person: str, count: int, verb: str = verbs.COMPLETED) -> list[str]:
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    made = [build(saying, node.ids.new(), verb, verbs.lesson_iri("seals", f"n{at}")) for at in range(count)]
    record(node, *made)
    return [one.id for one in made]


def only(node: Node) -> forwarding.LrsShown:
    (one,) = forwarding.systems(node, administrator(node))
    return one


def later(node: Node) -> None:
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(timedelta(hours=2))


@pytest.mark.parametrize("habit", ["plain", "all-or-nothing", "small"])
def test_every_record_arrives_once_whatever_the_systems_habit(node: Node, habit: str) -> None:
    made = lessons(node, officer(node), 120)
    with lrs(habit=habit) as system:
        forwarding.add_system(node, administrator(node), form(system))
        forwarding.tick(node)
        assert list(system.held) == made
        assert (only(node).waiting, only(node).refused, only(node).error) == (0, 0, None)

        # The answer to the last batch was lost, or the store was put back: given again, it is no fault.
        node.store.write(lambda tx: tx.tables.delete(forwarding.LRS_SENT, {}))
        made += lessons(node, officer(node, "Bopha", service_number="KH-2"), 7)
        later(node)
        forwarding.tick(node)

    assert sorted(system.held) == sorted(made)
    assert (only(node).waiting, only(node).refused) == (0, 0)


def test_no_name_no_id_and_no_certificate_number_leaves_and_each_system_has_its_own_pseudonyms(node: Node) -> None:
    noy = officer(node, "Noy Vong", service_number="LA-77")
    certificate_of(node, noy)
    with lrs() as one, lrs() as other:
        by = administrator(node)
        forwarding.add_system(node, by, form(one))
        forwarding.add_system(node, by, form(other, name="University", finer=True))
        forwarding.tick(node)

    told, told_other = (json.dumps(list(system.held.values())) for system in (one, other))
    with node.store.reading() as tx:
        entries = list(tx.ledger.every())
        numbers = {
            entry.statement.object_id.rsplit("/", 1)[1] for entry in entries if entry.statement.verb == verbs.CERTIFIED
        }
        attempts = {entry.statement.attempt for entry in entries if entry.statement.attempt}
    assert numbers
    for hidden in ("Noy", "LA-77", noy, *numbers, *attempts):
        assert hidden not in told
        assert hidden not in told_other
    names = [{held["actor"]["account"]["name"] for held in system.held.values()} for system in (one, other)]
    assert len(names[0]) == 1
    assert names[0].isdisjoint(names[1])
    assert "ext/post" not in told
    assert "ext/post" in told_other


def test_what_is_done_to_accounts_stays(node: Node) -> None:
    noy = officer(node)
    with node.store.reading() as tx:
        reset = pin_reset(tx, node, noy, noy, "supervisor")
    record(node, reset)
    with lrs() as system:
        forwarding.add_system(node, administrator(node), form(system))
        forwarding.tick(node)
    assert system.held == {}
    assert only(node).waiting == 0


def test_a_record_that_is_refused_is_named_and_holds_up_nothing(node: Node) -> None:
    noy = officer(node)
    before = lessons(node, noy, 60)
    (refused,) = lessons(node, noy, 1, verbs.RESPONDED)
    after = lessons(node, noy, 60)
    with lrs(refuses=verbs.RESPONDED) as system:
        forwarding.add_system(node, administrator(node), form(system))
        forwarding.tick(node)

    assert list(system.held) == [*before, *after]
    shown = only(node)
    assert (shown.waiting, shown.refused) == (0, 1)
    assert [(one.id, one.reason) for one in shown.not_taken] == [(refused, "lrs.refused")]
    assert "profile" in shown.not_taken[0].said


def test_another_record_under_the_same_id_is_a_conflict_and_kept(node: Node) -> None:
    ids = lessons(node, officer(node), 3)
    with lrs() as system:
        system.held[ids[1]] = {"id": ids[1], "actor": {"account": {"name": "somebody"}}, "verb": {"id": "x"}}
        forwarding.add_system(node, administrator(node), form(system))
        forwarding.tick(node)
    assert set(system.held) == set(ids)
    assert [one.reason for one in only(node).not_taken] == ["lrs.other-content"]


def test_a_void_is_forwarded_and_a_voided_one_given_again_is_no_conflict(node: Node) -> None:
    noy = officer(node)
    (wrong,) = lessons(node, noy, 1)
    with node.store.reading() as tx:
        saying = saying_for(tx, node, noy)
    void = build_void(saying, node.ids.new(), wrong, noy)
    record(node, void)
    with lrs(habit="all-or-nothing") as system:
        forwarding.add_system(node, administrator(node), form(system))
        forwarding.tick(node)
        node.store.write(lambda tx: tx.tables.delete(forwarding.LRS_SENT, {}))
        later(node)
        forwarding.tick(node)
    assert set(system.held) == {wrong, void.id}
    assert only(node).refused == 0


@pytest.mark.parametrize(
    ("habit", "code"), [("busy", "lrs.busy"), ("closed", "lrs.credentials"), ("web", "lrs.not-one")]
)
def test_a_system_that_does_not_let_us_in_is_not_put_on_the_list(node: Node, habit: str, code: str) -> None:
    with lrs(habit=habit) as system, pytest.raises(ElearnError) as refused:
        forwarding.add_system(node, administrator(node), form(system))
    assert refused.value.code == code
    assert forwarding.systems(node, administrator(node)) == []


@pytest.mark.parametrize(("habit", "code"), [("busy", "lrs.busy"), ("closed", "lrs.credentials")])
def test_a_system_that_shuts_later_loses_nothing_and_is_asked_less_and_less(node: Node, habit: str, code: str) -> None:
    made = lessons(node, officer(node), 5)
    with lrs() as system:
        forwarding.add_system(node, administrator(node), form(system))
        system.habit = habit
        for _ in range(40):
            forwarding.tick(node)
        asked = len(system.headers)
        shown = only(node)
        assert (shown.waiting, shown.error.code if shown.error else "") == (5, code)
        assert asked == 2
        system.habit = "plain"
        later(node)
        forwarding.tick(node)
    assert list(system.held) == made
    assert only(node).error is None


def test_a_system_that_is_gone_is_said_to_be_gone_also_where_nothing_waits(node: Node) -> None:
    lessons(node, officer(node), 1)
    by = administrator(node)
    with lrs() as system:
        one = forwarding.add_system(node, by, form(system))
        assert forwarding.forward_now(node, by, one) is None
        came = only(node).ok_at
        later(node)
        forwarding.tick(node)
        assert (only(node).ok_at, only(node).tried_at) == (came, came)
    later(node)

    gone = forwarding.forward_now(node, by, one)

    assert gone is not None
    assert (gone.code, only(node).ok_at) == ("lrs.busy", came)
    with pytest.raises(Refused, match=r"lrs\.not-one"):
        forwarding.add_system(node, by, form(system))


def test_a_system_taken_off_the_list_gets_nothing_and_its_access_is_forgotten(node: Node) -> None:
    lessons(node, officer(node), 2)
    by = administrator(node)
    with lrs() as system:
        forwarding.remove_system(node, by, forwarding.add_system(node, by, form(system)))
        forwarding.tick(node)
        assert system.held == {}
        with node.store.reading() as tx:
            (row,) = tx.tables.select(LRS)
        assert (row["key"], row["secret"]) == ("", "")
        with pytest.raises(NotFound):
            forwarding.forward_now(node, by, row["id"])
        # Put on again, its pseudonyms are the old ones: it would take everybody for somebody new otherwise.
        assert forwarding.add_system(node, by, form(system)) == row["id"]
        assert forwarding.forward_now(node, by, row["id"]) is None
    assert len(system.held) == 2


def test_what_is_typed_wrong_is_named_field_by_field_and_nobody_else_may(node: Node) -> None:
    wrong = forwarding.LrsForm("", "ftp://x", "a:b", "", False)
    with pytest.raises(Invalid) as refused:
        forwarding.add_system(node, administrator(node), wrong)
    assert set(refused.value.details["fields"]) == {"name", "url", "key", "secret"}  # type: ignore[call-overload]
    noy = officer(node)
    trainer = Session("s", noy, "Noy", "LA-2", Role.TRAINER, "en", "csrf", False, (), node.now())
    for errand in (lambda: forwarding.systems(node, trainer), lambda: forwarding.add_system(node, trainer, wrong)):
        with pytest.raises(Refused):
            errand()


def test_pseudonyms_are_uuids_an_application_made() -> None:
    assert pseudonym_of(bytes(range(32))) == "00010203-0405-8607-8809-0a0b0c0d0e0f"
    assert pseudonym_of(b"\xff" * 32) == "ffffffff-ffff-8fff-bfff-ffffffffffff"


def test_what_a_keeper_adds_or_rounds_is_no_difference_and_a_changed_score_is() -> None:
    mine = {"id": "a", "verb": {"id": "v"}, "timestamp": "2026-11-24T08:00:00.123456Z", "result": {"success": True}}
    theirs = {**mine, "stored": "now", "authority": {}, "timestamp": "2026-11-24T15:00:00.123+07:00"}
    assert says_the_same(mine, theirs)
    assert not says_the_same(mine, {**theirs, "result": {"success": False}})
    assert not says_the_same(mine, [theirs])
