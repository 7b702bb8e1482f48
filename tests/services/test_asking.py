"""An officer who moved is followed by the record, through the hub, once a post names the officer exactly."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from cast import memory_node, officer
from exchange_scenes import HUB_URL, Line, exam_passed, hub_node, rows

from elearn.core.projections.completions import COMPLETION
from elearn.core.sync.moved import Asked, Found, asks_in, found_in, found_said
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, ASK, PEER, PERSON
from elearn.core.vocab.roles import Role
from elearn.services import answering_asks, asking, parcels
from elearn.services.accounts import Session
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node, keep_fact, known
from elearn.services.officers import deactivate
from elearn.services.posts import give_code
from elearn.services.record import record


class Region:
    """A hub and posts A and B of it; Noy learns at A."""

    def __init__(self) -> None:
        self.hub = hub_node()
        self.line = Line(self.hub)
        self.a, self.b = (self._post(name, series) for name, series in (("Huay Xai", 1), ("Boten", 2)))
        self.noy = _officer(self.a, "Noy Vong", "LA-77")
        self.passed(self.a, 3)
        self.go(self.a)

    def _post(self, name: str, series: int) -> Node:
        post = memory_node(series=series, peer=self.line)
        post.store.write(lambda tx: keep_fact(tx, "name", name))
        enrol(post, HUB_URL, give_code(self.hub, name))
        return post

    def passed(self, post: Node, times: int) -> None:
        record(post, *(exam_passed(post, self.noy) for _ in range(times)))

    def go(self, *posts: Node) -> None:
        for post in posts:
            outcome = exchange_once(post)
            assert outcome.ok, outcome.error

    def ask(self, number: str = "la-77", agency: str = "customs") -> None:
        asking.ask_for(self.b, administrator(self.b), agency, number)
        self.go(self.b, self.b)

    def state(self) -> str:
        return asking.asks(self.b, administrator(self.b))[0].state

    def completions(self, node: Node) -> int:
        return len(rows(node, COMPLETION, person=self.noy))


def _officer(node: Node, name: str, number: str) -> str:
    return officer(node, name, service_number=number)


def administrator(node: Node, role: Role = Role.ADMINISTRATOR) -> Session:
    chief = next((row["id"] for row in rows(node, PERSON) if row["name"] == "Chief"), None)
    person = chief or _officer(node, "Chief", f"ADM-{node.ids.seed()}")
    return Session("s", person, "Chief", "ADM", role, "en", "csrf", False, (), node.now())


@pytest.fixture
def region() -> Region:
    return Region()


def test_the_record_comes_by_the_number_and_the_officer_goes_on(region: Region) -> None:
    assert rows(region.b, PERSON, id=region.noy) == []
    region.ask()
    assert region.state() == asking.FOUND
    assert rows(region.b, PERSON, id=region.noy) == []  # nobody is let in before somebody has looked

    seen = asking.look_at(region.b, administrator(region.b), "customs", "LA-77")
    arrived = asking.take_in(region.b, administrator(region.b), "customs", "LA-77")

    assert (seen.name, seen.trusted) == ("Noy Vong", True)
    assert (arrived.person, arrived.fresh > 0, len(arrived.pin) >= 6) == (region.noy, True, True)
    assert region.completions(region.b) == region.completions(region.a) > 0
    assert region.state() == asking.HERE


def test_what_arrives_at_the_hub_later_comes_down_by_itself(region: Region) -> None:
    region.ask()
    asking.take_in(region.b, administrator(region.b), "customs", "LA-77")
    region.passed(region.a, 2)

    region.go(region.a, region.b)

    assert region.completions(region.b) == region.completions(region.a)
    before = rows(region.b, ASK)
    region.go(region.b, region.b)
    assert rows(region.b, ASK) == before


def test_the_officers_own_work_at_the_new_post_does_not_fetch_the_record_again(region: Region) -> None:
    region.ask()
    asking.take_in(region.b, administrator(region.b), "customs", "LA-77")
    region.go(region.b)
    region.passed(region.b, 2)
    region.go(region.b)
    with region.hub.store.reading() as tx:
        caller = {"node": _id(region.b), "country": "LA"}
        with region.b.store.reading() as of_b:
            wanted = asking.wanted(of_b, region.b, {})
        assert answering_asks.given(tx, region.hub, caller, wanted)["found"] == []


def _id(node: Node) -> str:
    with node.store.reading() as tx:
        return known(tx).id


def test_who_moves_back_goes_on_with_all_of_it(region: Region) -> None:
    region.ask()
    asking.take_in(region.b, administrator(region.b), "customs", "LA-77")
    region.passed(region.b, 2)
    region.go(region.b)

    asking.ask_for(region.a, administrator(region.a), "customs", "LA-77")
    region.go(region.a, region.a)

    assert asking.asks(region.a, administrator(region.a))[0].state == asking.HERE
    assert region.completions(region.a) == region.completions(region.b) == region.completions(region.hub)


def test_who_is_not_known_to_the_hub_is_said_so_and_found_once_the_hub_knows(region: Region) -> None:
    region.ask("LA-99")
    assert region.state() == asking.UNKNOWN
    with pytest.raises(NotFound):
        asking.look_at(region.b, administrator(region.b), "customs", "LA-99")
    late = _officer(region.a, "Late One", "LA-99")
    record(region.a, exam_passed(region.a, late))

    region.go(region.a, region.b)

    assert region.state() == asking.FOUND


def test_nobody_is_found_by_a_number_of_another_service(region: Region) -> None:
    region.ask("LA-77", "police")
    assert region.state() == asking.UNKNOWN


def test_the_hub_shows_who_asked_for_whom_and_forgets_what_is_asked_no_more(region: Region) -> None:
    region.ask()
    (shown,) = asking.asks(region.hub, administrator(region.hub))
    assert (shown.service_number, shown.by) == ("LA-77", "Boten")

    asking.forget(region.b, administrator(region.b), "customs", "LA-77")
    region.go(region.b)

    assert asking.asks(region.hub, administrator(region.hub)) == []


def test_a_hub_without_identities_and_one_of_another_country_answer_nothing(region: Region) -> None:
    region.ask()
    abroad = {"node": _id(region.b), "country": "TH"}
    with region.hub.store.reading() as tx:
        assert answering_asks.there(tx, region.hub, abroad) == ""
        assert answering_asks.given(tx, region.hub, abroad, {"digests": {}})["found"] == []
    with pytest.raises(Refused, match=r"people\.not-here"):
        asking.take_asks(region.hub, {"node": _id(region.b), "country": "TH"}, [])


def test_a_record_the_hub_did_not_sign_is_refused_by_name_and_stops_nothing(region: Region) -> None:
    region.ask()
    with region.hub.store.reading() as tx:
        given = answering_asks.given(tx, region.hub, {"node": _id(region.b), "country": "LA"}, {"digests": {}})
    found = found_in(given["found"][0])
    altered = replace(found, content=found.content.replace(b"Noy Vong", b"Noy Wong"), digest="0" * 64)
    forged = {**given, "found": [found_said(altered)]}

    done = region.b.store.write(lambda tx: asking.take(tx, region.b, {"node": _id(region.hub)}, forged))

    assert done is True
    (shown,) = asking.asks(region.b, administrator(region.b))
    assert (shown.state, shown.error) == (asking.REFUSED, "carried.signature")
    assert rows(region.b, PERSON, id=region.noy) == []


def test_it_travels_by_stick_too(region: Region) -> None:
    asking.ask_for(region.b, administrator(region.b), "customs", "LA-77")
    hub_row = rows(region.b, PEER)[0]
    post_row = next(row for row in rows(region.hub, PEER) if row["node"] == _id(region.b))
    for parcel in parcels.up_parcels(region.b, hub_row):
        answer = parcels.take_parcel(region.hub, post_row, parcel)
        parcels.take_answer(region.b, hub_row, parcel, answer)
    for parcel in parcels.down_parcels(region.hub, post_row):
        if parcel.name != "packages":
            parcels.take_parcel(region.b, hub_row, parcel)
    assert region.state() == asking.FOUND


def test_a_closed_account_stays_closed_and_still_learns_what_came_late(region: Region) -> None:
    region.ask()
    by = administrator(region.b)
    asking.take_in(region.b, by, "customs", "LA-77")
    deactivate(region.b, by, region.noy)
    region.passed(region.a, 1)
    region.go(region.a, region.b)
    assert rows(region.b, ACCOUNT, person=region.noy)[0]["active"] == 0
    assert region.completions(region.b) == region.completions(region.a)


@pytest.mark.parametrize(
    ("agency", "number", "field"), [("army", "LA-1", "agency"), ("police", "  ", "service_number")]
)
def test_what_is_typed_wrong_is_named(region: Region, agency: str, number: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        asking.ask_for(region.b, administrator(region.b), agency, number)
    assert set(refused.value.details["fields"]) == {field}  # type: ignore[call-overload]


def test_only_who_manages_officers_may_ask_and_only_with_a_hub(region: Region) -> None:
    with pytest.raises(Refused):
        asking.ask_for(region.b, administrator(region.b, Role.TRAINER), "customs", "LA-77")
    alone = memory_node(series=7)
    with pytest.raises(Refused, match=r"exchange\.alone"):
        asking.ask_for(alone, administrator(alone), "customs", "LA-77")


@pytest.mark.parametrize(
    "value", [None, {}, ["x"], [{"agency": "police"}], [{"agency": "police", "service_number": ""}], [{}] * 301]
)
def test_questions_of_a_strange_shape_are_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"peer\.part"):
        asks_in(value)


def test_a_bomb_in_the_place_of_a_record_is_refused_before_it_is_unpacked() -> None:
    bomb = zstandard.ZstdCompressor(write_content_size=True).compress(b"\0" * (64 * 1024 * 1024))
    said = {"agency": "police", "service_number": "1", "digest": "0" * 64, "record": b64encode(bomb).decode()}
    with pytest.raises(ElearnError, match="peer"):
        found_in(said)
    whole = Found(Asked("police", "1"), "0" * 64, b"x")
    assert found_in(found_said(whole)) == whole
