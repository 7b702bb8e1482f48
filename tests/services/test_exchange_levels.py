"""Post, hub, regional hub: chains go all the way up and are checked there; names stop at the country's hub."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from cast import memory_node
from exchange_scenes import HUB_URL, Line, exam_passed, hub_node, let_pass, numbered_officer, post_on, put_back, rows

from elearn.core.ledger.entry import Head, check_chain, follow
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.sync.batch import SignedHead, batch_of, head_message, pack
from elearn.core.sync.talk import ENTRIES, HELLO, VECTOR, said
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import CHAIN_HEAD, PEER, PERSON, QUARANTINE, REVOCATION, TRUSTED_KEY, VOUCHED
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.chains import next_batch, whole_chain
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once, light, tick
from elearn.services.hub_line import ask
from elearn.services.node import Node, fact, keep_fact
from elearn.services.posts import give_code, posts
from elearn.services.record import record

ABOVE_URL = "http://region.example"
Row = dict[str, Any]


@dataclass
class Levels:
    """posts -> hub -> region, each at its line."""

    posts: list[Node]
    hub: Node
    region: Node
    to_hub: Line
    to_region: Line

    def up(self, *posts: Node) -> None:
        """Let these posts exchange, all without any named, then the hub."""
        for post in posts or self.posts:
            assert exchange_once(post).ok
        assert exchange_once(self.hub).ok


@pytest.fixture
def levels() -> Levels:
    region = memory_node(kind=NodeKind.REGIONAL_HUB, series=20)
    region.store.write(lambda tx: keep_fact(tx, "name", "Region"))
    to_region = Line(region)
    hub = hub_node(peer=to_region)
    enrol(hub, ABOVE_URL, give_code(region, "Vientiane"))
    to_hub = Line(hub)
    made = []
    for series, name in ((1, "Huay Xai"), (2, "Boten")):
        post = post_on(to_hub, series)
        enrol(post, HUB_URL, give_code(hub, name))
        made.append(post)
    return Levels(made, hub, region, to_hub, to_region)


def id_of(node: Node) -> str:
    with node.store.reading() as tx:
        return str(fact(tx, "id"))


def test_every_chain_arrives_at_the_region_as_its_post_made_it(levels: Levels) -> None:
    for number, post in enumerate(levels.posts, 3):
        let_pass(post, number)
    let_pass(levels.hub, 2)

    levels.up()

    with levels.region.store.reading() as tx:
        for node in (*levels.posts, levels.hub):
            origin = id_of(node)
            with node.store.reading() as own:
                mine = own.ledger.entries(origin)
            there = whole_chain(tx, origin)
            assert [entry.digest for entry in there] == [entry.digest for entry in mine]
            assert check_chain(Head(origin), there).number == len(mine)
    assert len(rows(levels.region, COMPLETION)) == 9
    for table in FOLDED_TABLES:
        assert rows(levels.region, table) == rows(levels.hub, table), table.name
    assert light(levels.hub).colour == "good"


def test_names_stop_at_the_hub_of_the_country(levels: Levels) -> None:
    for post in levels.posts:
        let_pass(post, 1)
    levels.up()

    assert len(rows(levels.hub, PERSON)) == 2
    assert rows(levels.region, PERSON) == []
    assert all(b"Noy Vong" not in asked.body for asked, _ in levels.to_region.calls)


def test_an_exchange_with_nothing_to_do_is_one_question_at_each_level(levels: Levels) -> None:
    for post in levels.posts:
        let_pass(post, 1)
    levels.up()
    levels.up()
    levels.to_hub.calls.clear()
    levels.to_region.calls.clear()

    levels.up()

    assert [asked.path for asked, _ in levels.to_hub.calls] == [HELLO, HELLO]
    assert [asked.path for asked, _ in levels.to_region.calls] == [HELLO]
    assert said(levels.to_region.calls[0][1].body).keys() == {"time"}


def test_only_what_is_new_of_one_post_goes_up(levels: Levels) -> None:
    for post in levels.posts:
        let_pass(post, 2)
    levels.up()
    levels.up()
    let_pass(levels.posts[1], 3)
    levels.to_region.calls.clear()

    assert exchange_once(levels.posts[1]).sent == 3
    assert exchange_once(levels.hub).sent == 3

    assert [asked.path for asked, _ in levels.to_region.calls] == [HELLO, ENTRIES]
    assert len(rows(levels.region, COMPLETION)) == 7


def test_what_came_from_a_post_waits_at_the_hub_and_goes_on_at_the_next_minute(levels: Levels) -> None:
    let_pass(levels.posts[0], 2)
    levels.up()
    let_pass(levels.posts[1], 3)
    exchange_once(levels.posts[1])
    waiting = light(levels.hub)

    tick(levels.hub)

    assert (waiting.colour, waiting.waiting) == ("waiting", 3)
    assert (light(levels.hub).colour, light(levels.hub).waiting) == ("good", 0)
    assert len(rows(levels.region, COMPLETION)) == 5


def test_what_lies_in_quarantine_goes_up_in_its_place(levels: Levels) -> None:
    post = levels.posts[0]
    let_pass(post, 2)
    person = let_pass(post, 1)
    statement = exam_passed(post, person)
    record(post, replace(statement, body={**statement.body, "version": "9"}))
    let_pass(post, 2)

    levels.up()

    with levels.region.store.reading() as tx:
        there = whole_chain(tx, id_of(post))
        assert check_chain(Head(id_of(post)), there).number == 6
    assert [(row["number"], row["node"]) for row in rows(levels.region, QUARANTINE)] == [(4, id_of(post))]
    assert len(rows(levels.region, COMPLETION)) == len(rows(levels.hub, COMPLETION)) == 5


def test_a_chain_can_be_checked_at_the_region_without_trusting_the_hub(levels: Levels) -> None:
    """The hub signs invented entries of a post with its own key: it has no other."""
    post = levels.posts[0]
    let_pass(post, 2)
    levels.up()
    [above] = [row for row in rows(levels.hub, PEER) if row["url"]]
    with levels.hub.store.reading() as tx:
        last = tx.ledger.head(id_of(post))
    entry = follow(last, Statement(exam_passed(post, let_pass(post, 1)).body))
    head = Head(entry.node, entry.number, entry.digest)
    forged = batch_of(last, (entry,), SignedHead(head, levels.hub.keys.sign(head_message(head))))

    with pytest.raises(Refused) as refused:
        ask(levels.hub, above, ENTRIES, pack(forged))

    assert refused.value.code == "batch.head-signature"
    assert len(rows(levels.region, COMPLETION)) == 2


def second_hub(levels: Levels, country: str = "LA") -> tuple[Node, Row]:
    """Return another hub at the region, and its row of the region."""
    other = memory_node(kind=NodeKind.HUB, series=30, peer=levels.to_region)
    other.store.write(lambda tx: keep_fact(tx, "country", country))
    enrol(other, ABOVE_URL, give_code(levels.region, "Another"))
    return other, next(row for row in rows(other, PEER) if row["url"])


def test_a_hub_cannot_send_the_chain_of_a_node_it_does_not_answer_for(levels: Levels) -> None:
    post = levels.posts[0]
    let_pass(post, 2)
    levels.up()
    other, above = second_hub(levels)
    let_pass(post, 1)
    exchange_once(post)
    with levels.hub.store.reading() as tx:
        batch = next_batch(tx, levels.hub, tx.ledger.head(id_of(levels.posts[1])))
        assert batch is None
        start = Head(id_of(post))
        stolen = next_batch(tx, levels.hub, start)
    assert stolen is not None

    with pytest.raises(Refused) as refused:
        ask(other, above, ENTRIES, pack(stolen))

    assert refused.value.code == "batch.foreign"


@pytest.mark.parametrize("country", ["LA", "TH"])
def test_a_hub_cannot_put_a_key_of_its_own_beside_that_of_anothers_post(levels: Levels, country: str) -> None:
    let_pass(levels.posts[0], 1)
    levels.up()
    other, above = second_hub(levels, country)
    victim = id_of(levels.posts[0])
    before = rows(levels.region, TRUSTED_KEY)
    [key] = [row for row in rows(levels.hub, TRUSTED_KEY) if row["node"] == victim]
    forged = {**key, "country": country, "key_id": other.keys.key_id, "public_key": other.keys.public_key.hex()}
    ask(other, above, "/peer/up", {"part": "keys", "value": [forged], "digest": "x"})

    assert rows(levels.region, TRUSTED_KEY) == before
    assert [row["peer"] for row in rows(levels.region, VOUCHED) if row["node"] == victim] == [id_of(levels.hub)]


def test_a_fork_of_one_post_stops_no_other(levels: Levels) -> None:
    """Post and hub are both put back: what the region holds of the post is another chain now."""
    first, second = levels.posts
    let_pass(first, 2)
    levels.up()
    older_post, older_hub = put_back(first, 70), put_back(levels.hub, 71)
    let_pass(first, 2)
    levels.up()

    hub, post = older_hub(), older_post()
    levels.to_hub.hub = hub
    let_pass(post, 3)
    let_pass(second, 2)
    assert exchange_once(post).ok
    assert exchange_once(second).ok
    outcome = exchange_once(hub)

    assert (outcome.ok, outcome.error.code, outcome.sent) == (False, "chain.below", 2)
    assert (outcome.error.details["name"], outcome.error.details["why"]) == ("Huay Xai", "chain.fork")
    assert len(rows(levels.region, COMPLETION)) == 6
    assert light(hub).colour == "bad"


def test_a_region_put_back_gets_again_what_it_lost(levels: Levels) -> None:
    for post in levels.posts:
        let_pass(post, 2)
    older = put_back(levels.region, 72)
    levels.up()
    let_pass(levels.posts[0], 1)
    levels.up()

    levels.to_region.hub = older()
    assert exchange_once(levels.hub).ok

    assert len(rows(levels.to_region.hub, COMPLETION)) == 5
    assert rows(levels.to_region.hub, CHAIN_HEAD) != []


def test_a_post_healed_below_is_the_same_chain_above(levels: Levels) -> None:
    post = levels.posts[0]
    let_pass(post, 2)
    levels.up()
    restored = put_back(post, 70)
    let_pass(post, 3)
    levels.up()

    older = restored()
    let_pass(older, 2)
    assert exchange_once(older).ok
    assert exchange_once(levels.hub).ok

    assert len(rows(levels.region, COMPLETION)) == 7
    assert rows(levels.region, COMPLETION) == rows(older, COMPLETION)


def test_many_chains_are_named_page_by_page(levels: Levels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.services.answer.MOST_CHAINS", 1)
    for post in levels.posts:
        let_pass(post, 2)
    let_pass(levels.hub, 1)
    levels.up()
    levels.up()
    levels.hub.store.write(lambda tx: keep_fact(tx, "name", "Vientiane 2"))
    [above] = [row for row in rows(levels.hub, PEER) if row["url"]]
    levels.hub.store.write(lambda tx: tx.tables.put(PEER, {**above, "name": "an older name"}))
    levels.to_region.calls.clear()

    outcome = exchange_once(levels.hub)

    assert (outcome.ok, outcome.sent) == (True, 0)
    assert [asked.path for asked, _ in levels.to_region.calls] == [HELLO, VECTOR, VECTOR]
    assert [one.name for one in posts(levels.region)] == ["Vientiane 2"]


def test_keys_and_revocations_of_the_region_come_down_to_the_posts_and_no_name_does(levels: Levels) -> None:
    revoked = {"number": "AB12-CD34-EF56-GH78", "revoked_at": "2026-11-20T00:00:00.000000Z", "kind": "exam"}
    other = memory_node(series=77).keys
    far = {"key_id": other.key_id, "public_key": other.public_key, "node": "far", "country": "TH", "node_name": "Far"}
    far |= {"vouched_by": id_of(levels.region), "valid_from": "2026-01-01T00:00:00.000000Z"}

    def on_region(tx: Transaction) -> None:
        tx.tables.put(
            REVOCATION, {**revoked, "listed_at": "2026-11-21T00:00:00.000000Z", "listed_by": id_of(levels.region)}
        )
        tx.tables.put(TRUSTED_KEY, far)

    levels.region.store.write(on_region)
    named = numbered_officer(levels.posts[0])

    levels.up()
    levels.up()

    for node in (levels.hub, *levels.posts):
        assert [row["number"] for row in rows(node, REVOCATION)] == [revoked["number"]]
        assert other.key_id in {row["key_id"] for row in rows(node, TRUSTED_KEY)}
    assert rows(levels.region, PERSON) == rows(levels.posts[1], PERSON) == []
    assert [row["id"] for row in rows(levels.hub, PERSON)] == [named]
