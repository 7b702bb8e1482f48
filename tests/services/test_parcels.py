"""The exchange carried by hand: the same figures as over a line, in any repetition, delivered only once answered."""

import random

import pytest
from exchange_scenes import let_pass, pair, rows

from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.errors import Conflict, NotFound
from elearn.core.vocab.kept import CONFIRMED, PEER, PERSON, TRUSTED_KEY
from elearn.services.exchange import exchange_once, light
from elearn.services.parcels import Parcel, down_parcels, take_answer, take_parcel, up_parcels


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten entries a batch, so that a few entries already need several."""
    monkeypatch.setattr("elearn.services.chains.MOST_ENTRIES", 10)


def test_what_is_carried_there_and_answered_back_is_delivered() -> None:
    post, hub, line = pair()
    let_pass(post, 25)
    [above], [below] = rows(post, PEER), rows(hub, PEER)
    line.calls_left = 0

    parcels = list(up_parcels(post, above))
    answers = [take_parcel(hub, below, one) for one in parcels]
    before = light(post).waiting
    for one, answer in zip(parcels, answers, strict=True):
        take_answer(post, above, one, answer)

    assert [one.kind for one in parcels] == ["batch", "batch", "batch", "up"]
    assert (before, light(post).waiting) == (25, 0)
    for table in (*FOLDED_TABLES, PERSON):
        assert rows(hub, table) == rows(post, table), table.name
    assert list(up_parcels(post, above)) == []


def test_after_a_stick_the_line_finds_nothing_to_do() -> None:
    post, hub, line = pair()
    let_pass(post, 25)
    [above], [below] = rows(post, PEER), rows(hub, PEER)
    for one in up_parcels(post, above):
        take_parcel(hub, below, one)

    outcome = exchange_once(post)

    assert (outcome.ok, outcome.sent, light(post).waiting) == (True, 0, 0)
    line.calls.clear()
    assert exchange_once(post).ok
    assert len(line.calls) == 1


def test_taken_in_again_and_late_it_changes_nothing() -> None:
    post, hub, _ = pair()
    let_pass(post, 25)
    [above], [below] = rows(post, PEER), rows(hub, PEER)
    parcels = list(up_parcels(post, above))
    exchange_once(post)
    before = [rows(hub, table) for table in (*FOLDED_TABLES, PERSON)]

    for one in random.Random(4).choices(parcels, k=12):
        take_answer(post, above, one, take_parcel(hub, below, one))

    assert [rows(hub, table) for table in (*FOLDED_TABLES, PERSON)] == before
    assert light(post).colour == "good"


def test_what_comes_too_early_is_refused_and_taken_later() -> None:
    post, hub, _ = pair()
    let_pass(post, 25)
    [above], [below] = rows(post, PEER), rows(hub, PEER)
    parcels = [one for one in up_parcels(post, above) if one.kind == "batch"]

    with pytest.raises(Conflict) as refused:
        take_parcel(hub, below, parcels[1])
    for one in parcels:
        take_parcel(hub, below, one)

    assert refused.value.code == "chain.gap"
    assert len(rows(hub, COMPLETION)) == 25


def test_an_old_answer_takes_nothing_back_and_one_about_another_chain_says_nothing() -> None:
    post, hub, _ = pair()
    let_pass(post, 25)
    [above], [below] = rows(post, PEER), rows(hub, PEER)
    parcels = [one for one in up_parcels(post, above) if one.kind == "batch"]
    answers = [take_parcel(hub, below, one) for one in parcels]

    take_answer(post, above, parcels[0], {"held": {"number": 5, "digest": "f" * 64}, "apart": []})
    assert rows(post, CONFIRMED) == []
    for one, answer in reversed(list(zip(parcels, answers, strict=True))):
        take_answer(post, above, one, answer)

    assert [row["number"] for row in rows(post, CONFIRMED)] == [25]


def test_a_hub_hands_down_whole_what_a_post_should_hold() -> None:
    post, hub, _ = pair()
    other, _, _ = pair(series=2)
    [mine], [above] = rows(other, TRUSTED_KEY)[:1], rows(post, PEER)
    hub.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**mine, "node": "another", "vouched_by": above["node"]}))
    [below] = rows(hub, PEER)

    for one in down_parcels(hub, below):
        assert take_parcel(post, above, one) == {}

    assert mine["key_id"] in {row["key_id"] for row in rows(post, TRUSTED_KEY)}
    assert exchange_once(post).ok


def test_a_part_nobody_knows_is_refused() -> None:
    post, _, _ = pair()
    [above] = rows(post, PEER)

    with pytest.raises(NotFound) as refused:
        take_parcel(post, above, Parcel("down", "anything", b'{"digest":"x","given":1}'))

    assert refused.value.code == "peer.unknown-part"
