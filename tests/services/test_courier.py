"""A post that never has a line: it enrols, sends and is answered by files alone, whatever becomes of the sticks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import memory_node, officer
from courier_scenes import carried, enrolled_by_file, id_of, made, read, stick_pair, stick_pair_on_disk, there_and_back
from exchange_scenes import Line, hub_node, let_pass, pair, put_back, rows, with_peer

from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.sync.courier import cover_of
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import CONFIRMED, COURIER, NODE_FACT, PEER, PERSON, PERSON_SENT, REVOCATION
from elearn.services.chains import whole_chain
from elearn.services.courier_files import STICK, content_of, courier_files, receivers
from elearn.services.courier_writing import write_files
from elearn.services.exchange import exchange_once, light, tick
from elearn.services.key_renewal import renew
from elearn.services.node import Node
from elearn.services.operator import operator
from elearn.services.posts import posts

TAKEN_BACK = {
    "number": "K7QD-4M2X-9PTB-1",
    "revoked_at": "2026-11-24T07:30:00.000000Z",
    "listed_at": "2026-11-24T07:30:00.000000Z",
    "kind": "key",
}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten entries a batch, so that a few entries already need several."""
    monkeypatch.setattr("elearn.services.chains.MOST_ENTRIES", 10)


@pytest.fixture(params=["memory", "disk"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    post, hub = stick_pair() if request.param == "memory" else stick_pair_on_disk(tmp_path)
    yield post, hub
    post.store.close()
    hub.store.close()


def assert_same(post: Node, hub: Node, *, people: bool = True) -> None:
    """Both hold the same chain, figures and identities."""
    mine = id_of(post)
    chains = []
    for node in (post, hub):
        with node.store.reading() as tx:
            chains.append([entry.digest for entry in whole_chain(tx, mine)])
    assert chains[0] == chains[1]
    for table in (*FOLDED_TABLES, *((PERSON,) if people else ())):
        assert rows(post, table) == rows(hub, table), table.name


def test_a_whole_life_without_a_line(both: tuple[Node, Node]) -> None:
    post, hub = both
    let_pass(post, 25)
    assert light(post).waiting == 25

    [first] = carried(post, hub)
    on_the_way = light(post)
    [answer] = carried(hub, post, down=True)

    assert (first.enrolled, first.problems, first.carries["entries"], first.carries["people"]) == (True, [], 25, 1)
    assert (on_the_way.colour, on_the_way.waiting, on_the_way.courier, on_the_way.carried) == ("waiting", 25, 1, 25)
    assert answer.problems == []
    assert (light(post).colour, light(post).waiting, light(post).courier) == ("good", 0, 0)
    assert_same(post, hub)
    let_pass(post, 4)
    there_and_back(post, hub)
    assert light(post).colour == "good"
    assert_same(post, hub)
    assert [one.held for one in posts(hub)] == [29]


def test_a_revocation_comes_down_by_stick(both: tuple[Node, Node]) -> None:
    post, hub = both
    there_and_back(post, hub)
    there = rows(post, REVOCATION)
    hub.store.write(lambda tx: tx.tables.put(REVOCATION, {**TAKEN_BACK, "listed_by": id_of(hub)}))

    carried(hub, post, down=True)

    assert there == []
    assert [row["number"] for row in rows(post, REVOCATION)] == [TAKEN_BACK["number"]]


def test_nothing_counts_as_delivered_before_the_answer_is_read() -> None:
    post, hub = stick_pair()
    let_pass(post, 3)
    carried(post, hub)

    assert rows(post, CONFIRMED) == []
    assert [one.state for one in courier_files(post, operator(post))] == ["written"]
    carried(hub, post, down=True)
    assert [row["number"] for row in rows(post, CONFIRMED)] == [3]
    assert {one.number: one.state for one in courier_files(post, operator(post)) if one.way == "written"} == {
        1: "acknowledged"
    }
    assert len(rows(post, PERSON_SENT)) == 1


def test_a_lost_stick_is_made_up_by_the_next() -> None:
    post, hub = stick_pair()
    let_pass(post, 12)
    made(post)
    let_pass(post, 5)

    [second] = carried(post, hub)

    assert second.carries["entries"] == 17
    assert_same(post, hub)


def test_two_sticks_may_come_in_any_order_and_twice() -> None:
    post, hub = stick_pair()
    let_pass(post, 12)
    [first] = made(post)
    let_pass(post, 5)
    [second] = made(post)

    told = [read(hub, content) for content in (second, first, second, first)]

    assert [(one.number, one.late, one.again) for one in told] == [
        (2, False, False),
        (1, True, False),
        (2, False, True),
        (1, False, True),
    ]
    assert all(one.problems == [] for one in told)
    assert_same(post, hub)


def test_reading_twice_changes_nothing() -> None:
    post, hub = stick_pair()
    let_pass(post, 12)
    [content] = made(post)
    read(hub, content)
    before = {table.name: rows(hub, table) for table in (*FOLDED_TABLES, PERSON, PEER, COURIER)}

    assert read(hub, content).again

    assert {table.name: rows(hub, table) for table in (*FOLDED_TABLES, PERSON, PEER, COURIER)} == before


def test_a_late_stick_after_the_line_takes_nothing_back() -> None:
    post, hub, _ = pair()
    exchange_once(post)
    let_pass(post, 8)
    [up] = made(post)
    [down] = made(hub, post)
    let_pass(post, 4)
    exchange_once(post)
    before = rows(post, CONFIRMED)

    assert read(hub, up).problems == []
    told = read(post, down)

    assert told.late
    assert rows(post, CONFIRMED)[0]["number"] == before[0]["number"] == 12
    assert light(post).colour == "good"
    assert_same(post, hub)
    assert exchange_once(post).sent == 0


def test_what_does_not_fit_one_file_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.services.courier_writing.FULL_BYTES", 2000)
    post, hub = stick_pair()
    let_pass(post, 60)
    contents = made(post)

    told = [read(hub, content) for content in contents]

    assert len(contents) > 2
    assert [one.number for one in told] == list(range(1, len(contents) + 1))
    assert not any(one.late for one in told)
    assert_same(post, hub)


def test_one_file_holds_no_more_than_a_page_takes_in_while_somebody_waits() -> None:
    post, hub = stick_pair()
    let_pass(post, 410)

    told = [read(hub, content) for content in made(post)]

    assert [one.carries["entries"] for one in told] == [400, 10]
    assert_same(post, hub)


def test_a_file_of_a_set_read_too_early_is_named_and_read_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.services.courier_writing.FULL_BYTES", 2000)
    post, hub = stick_pair()
    let_pass(post, 60)
    first, second, *rest = made(post)

    early = read(hub, second)
    for content in (first, second, *rest):
        assert read(hub, content).problems == []

    assert [error.code for _, error in early.problems] == ["chain.gap"]
    assert_same(post, hub)


def test_more_than_is_made_in_one_go_follows_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.services.courier_writing.FULL_BYTES", 2000)
    monkeypatch.setattr("elearn.services.courier_writing.MOST_FILES", 2)
    post, hub = stick_pair()
    let_pass(post, 60)

    rounds = []
    for _ in range(9):
        told = carried(post, hub)
        carried(hub, post, down=True)
        rounds.append(told[0].carries["more"])
        if light(post).colour == "good":
            break

    assert rounds == [*[True] * (len(rounds) - 1), False]
    assert len(rounds) > 1
    assert_same(post, hub)


def test_a_restored_backup_heals_by_stick() -> None:
    post, hub = stick_pair()
    let_pass(post, 3)
    there_and_back(post, hub)
    restored = put_back(post, 70)
    let_pass(post, 25)
    there_and_back(post, hub)

    older = restored()
    let_pass(older, 5)
    up = carried(older, hub)
    [down] = carried(hub, older, down=True)
    there_and_back(older, hub)

    assert [error.code for one in up for _, error in one.problems] == ["chain.fork"]
    assert (down.problems, down.healed.fetched, down.healed.moved) == ([], 25, 5)
    assert_same(older, hub, people=False)
    assert light(older).colour == "good"
    assert posts(hub)[0].problem == ""


def test_a_restored_backup_with_nothing_new_heals_by_stick() -> None:
    post, hub = stick_pair()
    let_pass(post, 3)
    there_and_back(post, hub)
    restored = put_back(post, 70)
    let_pass(post, 25)
    there_and_back(post, hub)

    older = restored()
    carried(older, hub)
    [down] = carried(hub, older, down=True)

    assert (down.problems, down.healed.fetched, down.healed.moved) == ([], 25, 0)
    assert light(older).colour == "good"
    assert_same(older, hub, people=False)


def test_a_hub_put_back_gets_again_what_it_lost_people_too() -> None:
    post, hub = stick_pair()
    let_pass(post, 3)
    there_and_back(post, hub)
    restored = put_back(hub, 90)
    let_pass(post, 9)
    there_and_back(post, hub)

    older = restored()
    carried(post, older)
    carried(older, post, down=True)
    there_and_back(post, older)

    assert_same(post, older)
    assert light(post).colour == "good"


def test_numbers_never_come_twice_also_after_a_backup() -> None:
    post, hub = stick_pair()
    there_and_back(post, hub)
    restored = put_back(post, 70)
    there_and_back(post, hub)
    older = restored()

    carried(older, hub)
    carried(hub, older, down=True)
    [content] = made(older)

    assert cover_of(content).number == 3


def test_a_renewed_key_is_followed_by_stick_both_ways(both: tuple[Node, Node]) -> None:
    post, hub = both
    there_and_back(post, hub)
    let_pass(post, 3)
    [under_way] = made(hub, post)
    for node in (post, hub):
        renew(node, operator(node))

    assert read(post, under_way).problems == []
    there_and_back(post, hub)

    assert_same(post, hub)
    assert light(post).colour == "good"


def test_a_post_whose_key_was_renewed_before_the_hub_heard_of_it_is_enrolled() -> None:
    post, hub = stick_pair()
    renew(post, operator(post))
    let_pass(post, 3)

    there_and_back(post, hub)

    assert rows(hub, PEER)[0]["public_key"] == post.keys.public_key
    assert_same(post, hub)


def test_from_a_line_to_a_stick_and_back() -> None:
    post, hub, line = pair()
    assert exchange_once(post).ok
    let_pass(post, 5)
    line.calls_left = 0
    there_and_back(post, hub)
    assert light(post).colour == "good"
    line.calls_left = None
    let_pass(post, 2)

    outcome = exchange_once(post)

    assert (outcome.ok, outcome.sent) == (True, 2)
    assert_same(post, hub)


def test_a_post_enrolled_by_file_never_tries_a_line() -> None:
    post, hub = stick_pair()
    line = Line(hub)
    post = with_peer(post, line)

    tick(post)
    outcome = exchange_once(post)

    assert line.calls == []
    assert outcome.error.code == "exchange.by-stick"
    assert rows(post, PEER)[0]["url"] == STICK


def test_a_file_for_a_post_that_never_said_how_to_seal_to_it_is_refused() -> None:
    _, hub, _ = pair()

    with pytest.raises(Refused) as refused:
        write_files(hub, operator(hub), "Huay Xai")

    assert refused.value.code == "courier.no-box"


def test_only_the_newest_files_are_kept_to_be_fetched_again() -> None:
    post, _ = stick_pair()
    [first] = write_files(post, operator(post))
    [second] = write_files(post, operator(post))

    assert content_of(post, operator(post), second.file)[0] == "elearn-huay-xai-to-vientiane-0002.courier"
    with pytest.raises(NotFound):
        content_of(post, operator(post), first.file)


def test_the_hub_sees_which_post_waits_for_an_answer() -> None:
    post, hub = stick_pair()
    carried(post, hub)
    waiting = receivers(hub, operator(hub))
    carried(hub, post, down=True)

    assert [(one.name, one.above, one.ready, one.waits) for one in waiting] == [("Huay Xai", False, True, True)]
    assert [one.waits for one in receivers(hub, operator(hub))] == [False]


def test_identities_go_only_to_a_hub_of_the_same_country() -> None:
    post, hub = memory_node(series=1), hub_node()
    hub.store.write(lambda tx: tx.tables.put(NODE_FACT, {"name": "country", "value": "TH"}))
    enrolled_by_file(post, hub)
    let_pass(post, 3)

    [told] = carried(post, hub)

    assert (told.problems, told.carries["entries"], told.carries["people"]) == ([], 3, 0)
    assert rows(hub, PERSON) == []


def test_nothing_of_people_stands_outside_the_seal() -> None:
    post, _ = stick_pair()
    officer(post, "Somsanith Unmistakable")
    [content] = made(post)
    line, _, sealed = content.partition(b"\n")

    assert b"Unmistakable" not in content
    assert id_of(post).encode() in line
    assert sealed.startswith(b"age-encryption.org/v1")
