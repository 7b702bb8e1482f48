"""Put back from an older copy: what the hub holds is fetched back, what is new goes behind it, nothing is lost."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from exchange_scenes import exam_passed, let_pass, numbered_officer, pair, put_back, rows

from elearn.core.ledger.entry import Entry, Head, check_chain, follow
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.sync.batch import SignedHead, batch_of, head_message, pack, unpack
from elearn.core.sync.signatures import claimed_nonce, sign_answer
from elearn.core.sync.talk import OWN, Answer, Asked, body_of, said
from elearn.core.vocab.kept import CHAIN_HEAD, CONFIRMED, PERSON
from elearn.core.xapi.statement import Statement
from elearn.services.chains import whole_chain
from elearn.services.exchange import exchange_once, light, state
from elearn.services.node import Node, fact
from elearn.services.posts import posts

_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten entries a batch, so that a few entries already need several."""
    monkeypatch.setattr("elearn.services.chains.MOST_ENTRIES", 10)


def own(node: Node) -> list[Entry]:
    with node.store.reading() as tx:
        return tx.ledger.entries(str(fact(tx, "id")))


def ids_of(node: Node) -> list[str]:
    return [entry.statement.id for entry in own(node)]


def assert_whole(post: Node, hub: Node) -> None:
    """Both hold the same chain, it is unbroken, and the figures are those of all its statements."""
    mine = own(post)
    with hub.store.reading() as tx:
        there = whole_chain(tx, mine[0].node)
    assert check_chain(Head(mine[0].node), mine).number == len(mine)
    assert [entry.digest for entry in there] == [entry.digest for entry in mine]
    for table in FOLDED_TABLES:
        assert rows(post, table) == rows(hub, table), table.name


def test_what_was_delivered_after_the_copy_was_made_is_fetched_back() -> None:
    post, hub, _ = pair()
    let_pass(post, 3)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 70)
    exchange_once(post)
    before = ids_of(post)

    older = restored()
    outcome = exchange_once(older)

    assert (outcome.ok, outcome.sent, outcome.healed.fetched, outcome.healed.moved) == (True, 0, 70, 0)
    assert ids_of(older) == before
    assert light(older).colour == "good"
    assert_whole(older, hub)


def test_what_was_recorded_since_goes_behind_with_its_ids_and_nothing_is_lost() -> None:
    post, hub, _ = pair()
    let_pass(post, 3)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 25)
    exchange_once(post)
    delivered = ids_of(post)

    older = restored()
    let_pass(older, 5)
    since = ids_of(older)[3:]
    outcome = exchange_once(older)

    assert (outcome.ok, outcome.sent, outcome.healed.fetched, outcome.healed.moved) == (True, 5, 25, 5)
    assert ids_of(older) == [*delivered, *since]
    assert_whole(older, hub)
    assert exchange_once(older).healed is None


def test_what_was_never_delivered_before_the_disk_broke_leaves_no_trace_in_the_way() -> None:
    post, hub, _ = pair()
    let_pass(post, 3)
    restored = put_back(post, 70)
    exchange_once(post)
    let_pass(post, 4)

    older = restored()
    let_pass(older, 2)
    outcome = exchange_once(older)

    assert (outcome.ok, outcome.healed, outcome.sent) == (True, None, 2)
    assert_whole(older, hub)


@pytest.mark.parametrize("lost", [False, True], ids=["request-lost", "answer-lost"])
@pytest.mark.parametrize("calls_left", range(8))
def test_cut_at_any_call_it_goes_on_and_ends_the_same(calls_left: int, lost: bool) -> None:
    post, hub, line = pair()
    let_pass(post, 3)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 25)
    exchange_once(post)
    delivered = ids_of(post)
    older = restored()
    let_pass(older, 2)
    since = ids_of(older)[3:]
    line.calls_left, line.lost = calls_left, lost

    cut = exchange_once(older)
    held = ids_of(older)
    line.calls_left = None
    again = exchange_once(older)

    assert cut.error.code == "peer.no-line"
    assert held[-2:] == since
    assert again.ok
    assert ids_of(older) == [*delivered, *since]
    assert_whole(older, hub)


def test_a_copy_that_runs_beside_the_original_is_named_on_both_sides() -> None:
    post, hub, _ = pair()
    let_pass(post, 3)
    exchange_once(post)
    copy = put_back(post, 70)()
    once = [(state(copy).twice, [one.problem for one in posts(hub)])]
    for machine in (post, copy, post, copy):
        let_pass(machine, 2)
        assert exchange_once(machine).ok
        hub.clock.shift(_HOUR)
        machine.clock.shift(_HOUR)

    assert once == [(False, [""])]
    assert state(copy).twice
    assert [one.problem for one in posts(hub)] == ["chain.two-machines"]
    assert len(rows(hub, COMPLETION)) == 11
    exchange_once(post)
    assert_whole(post, hub)


def test_another_post_is_never_given_these_entries() -> None:
    post, _, line = pair()
    let_pass(post, 3)
    exchange_once(post)
    line.calls.clear()
    older = put_back(post, 70)()
    older.store.write(lambda tx: tx.tables.delete(CONFIRMED, {}))
    exchange_once(older)

    assert all(said(given.body).get("batch") is None for asked, given in line.calls if asked.path == OWN)


def answering_own(hub: Node, change: Callable[[bytes], bytes]) -> Callable[[Asked, Answer], Answer]:
    """Let the hub, with its own key, hand back another batch than the one it holds."""

    def changed(asked: Asked, given: Answer) -> Answer:
        value = said(given.body)
        if asked.path != OWN or not value.get("batch"):
            return given
        body = body_of({**value, "batch": base64.b64encode(change(base64.b64decode(value["batch"]))).decode()})
        nonce = claimed_nonce(asked.headers)
        return Answer(200, sign_answer(200, body, key_id=hub.keys.key_id, nonce=nonce, sign=hub.keys.sign), body)

    return changed


def test_a_hub_cannot_put_words_into_the_mouth_of_a_post() -> None:
    post, hub, line = pair()
    let_pass(post, 3)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 2)
    exchange_once(post)
    older = restored()
    before = ids_of(older)

    def forge(data: bytes) -> bytes:
        """Sign invented entries with the hub's key, for it has no other."""
        batch = unpack(data)
        entry = follow(batch.start, Statement(exam_passed(post, numbered_officer(post)).body))
        head = Head(entry.node, entry.number, entry.digest)
        return pack(batch_of(batch.start, (entry,), SignedHead(head, hub.keys.sign(head_message(head)))))

    line.change_answer = answering_own(hub, forge)
    outcome = exchange_once(older)

    assert outcome.error.code == "chain.not-mine"
    assert ids_of(older) == before
    assert light(older).colour == "bad"


def test_a_hub_that_lost_the_signatures_changes_nothing_here() -> None:
    post, hub, _ = pair()
    let_pass(post, 3)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 2)
    exchange_once(post)
    hub.store.write(lambda tx: tx.tables.delete(CHAIN_HEAD, {}))
    older = restored()
    let_pass(older, 1)
    before = ids_of(older)

    outcome = exchange_once(older)

    assert outcome.error.code == "chain.not-mine"
    assert ids_of(older) == before


def test_what_another_hub_confirmed_is_not_numbered_anew() -> None:
    post, _, _ = pair()
    let_pass(post, 3)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 2)
    exchange_once(post)
    older = restored()
    let_pass(older, 2)
    before = own(older)
    row = {"peer": "another hub", "node": before[0].node, "number": 5, "digest": before[4].digest, "confirmed_at": "x"}
    older.store.write(lambda tx: tx.tables.put(CONFIRMED, row))

    outcome = exchange_once(older)

    assert outcome.error.code == "chain.confirmed-elsewhere"
    assert own(older) == before


def test_post_and_hub_both_put_back_end_with_all_that_either_holds() -> None:
    post, hub, line = pair()
    let_pass(post, 3)
    exchange_once(post)
    older_post, older_hub = put_back(post, 70), put_back(hub, 71)
    let_pass(post, 4)
    exchange_once(post)

    line.hub = older_hub()
    first = older_post()
    let_pass(first, 2)
    assert exchange_once(first).ok
    assert exchange_once(post).ok

    assert len(rows(line.hub, COMPLETION)) == 9
    assert_whole(post, line.hub)


def test_a_hub_put_back_gets_again_what_it_lost_people_too() -> None:
    post, hub, line = pair()
    let_pass(post, 3)
    exchange_once(post)
    older_hub = put_back(hub, 71)
    let_pass(post, 4)
    exchange_once(post)

    line.hub = older_hub()
    outcome = exchange_once(post)

    assert (outcome.ok, outcome.sent, outcome.healed) == (True, 4, None)
    assert rows(line.hub, PERSON) == rows(post, PERSON)
    assert_whole(post, line.hub)


def test_a_replay_of_old_requests_takes_nothing_back() -> None:
    post, hub, line = pair()
    let_pass(post, 26)
    exchange_once(post)
    let_pass(post, 3)
    exchange_once(post)
    before = [rows(hub, table) for table in (*FOLDED_TABLES, PERSON, CHAIN_HEAD)]
    recorded = [asked for asked, _ in line.calls]

    for asked in recorded:
        post.peer.call("", asked.method, asked.path, asked.body, asked.headers)

    assert [rows(hub, table) for table in (*FOLDED_TABLES, PERSON, CHAIN_HEAD)] == before
    assert exchange_once(post).sent == 0
