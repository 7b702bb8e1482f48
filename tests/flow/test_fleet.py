"""Fifty posts, a hub and a hub above it, thirty days in which everything goes wrong: all ends up everywhere, once."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import postgres_node
from fleet_scenes import FAULTS, Fleet, Place, set_clock, shift

POSTS, ON_DISK, DAYS = 50, 2, 30
WRONG_CLOCKS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2036, 11, 24, tzinfo=UTC))
REAL = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few entries a batch, so that a day's records already need several."""
    monkeypatch.setattr("elearn.services.chains.MOST_ENTRIES", 5)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_thirty_days_of_everything_each_node_counts_what_a_fold_of_the_union_counts(
    seed: int, tmp_path: Path
) -> None:
    fleet = Fleet(tmp_path, POSTS, ON_DISK)
    happened = _lived(fleet, DAYS, seed)

    assert len(fleet.must) > POSTS * 5
    assert {"put back", "hub put back", "killed", "stick", "key", "void", "revoked", "clock", *FAULTS} <= set(happened)


@pytest.mark.postgres
def test_the_same_holds_where_the_hub_keeps_its_data_in_postgresql(database: str, tmp_path: Path) -> None:
    hub = postgres_node(database, tmp_path / "hub", series=901)
    fleet = Fleet(tmp_path, 8, 1, hub)
    happened = _lived(fleet, 10, seed=3)

    assert len(fleet.must) > 40
    assert {"put back", "killed", "stick", "void"} <= set(happened)


def _lived(fleet: Fleet, days: int, seed: int) -> dict[str, int]:
    """Let days go by, then let all be well, and check; return how often what happened."""
    print(f"seed {seed}")  # shown where it fails
    chance = random.Random(seed)
    happened: dict[str, int] = {}
    try:
        for day in range(days):
            for place in fleet.places:
                shift(place, timedelta(days=1, seconds=chance.randrange(-90, 90)))
            fleet.read_sticks(day)
            for post in chance.sample(fleet.posts, len(fleet.posts) // 2):
                _a_day_at(fleet, post, day, chance, happened)
            _a_day_at_the_hub(fleet, day, chance, happened)
        for place in fleet.places:
            set_clock(place, REAL + timedelta(days=days))
        fleet.settle()
        fleet.check(chance)
    finally:
        fleet.close()
    return happened


def _a_day_at(fleet: Fleet, post: Place, day: int, chance: random.Random, happened: dict[str, int]) -> None:
    def maybe(name: str, likely: float, errand: Callable[[], object]) -> None:
        if chance.random() < likely and errand() is not False:
            happened[name] = happened.get(name, 0) + 1

    maybe("clock", 0.03, lambda: set_clock(post, chance.choice((*WRONG_CLOCKS, REAL + timedelta(days=day)))))
    maybe("killed", 0.05, lambda: fleet.learn(post, 3, (chance.randrange(2), chance.random() < 0.5)))
    maybe("learned", 0.7, lambda: fleet.learn(post, chance.randrange(1, 4)))
    maybe("certified", 0.03, lambda: fleet.certify(post))
    maybe("void", 0.1, lambda: fleet.void(post))
    maybe("revoked", 0.04, lambda: bool(post.numbers) and fleet.revoke(post))
    maybe("key", 0.01, lambda: fleet.renew(post))
    maybe("copied", 0.1, post.copy)
    maybe("put back", 0.06, lambda: fleet.put_back(post, chance.randrange(8)))
    maybe("stick", 0.06, lambda: fleet.write_stick(post, fleet.hub, day + chance.randrange(1, 9)))
    if chance.random() < 0.7:
        fault = chance.choice(FAULTS) if chance.random() < 0.4 else ""
        power = (chance.randrange(6), chance.random() < 0.5) if chance.random() < 0.1 else None
        fleet.exchange(post, (chance.randrange(4), fault) if fault else None, power)
        happened[fault] = happened.get(fault, 0) + 1
    if chance.random() < 0.3 and post.line is not None:
        post.line.deliver_late()
    if post.settled:
        fleet.check_confirmed(post, fleet.hub)


def _a_day_at_the_hub(fleet: Fleet, day: int, chance: random.Random, happened: dict[str, int]) -> None:
    hub = fleet.hub
    if hub.folder is not None and day % 3 == 0:
        hub.copy()
    if hub.folder is not None and day % 5 == 4:
        for post in fleet.posts:
            if not post.settled:
                fleet.exchange(post)
        happened["hub put back"] = happened.get("hub put back", 0) + fleet.put_back(hub, len(hub.copies) - 1)
    fault = chance.choice(FAULTS) if chance.random() < 0.3 else ""
    fleet.exchange(hub, (chance.randrange(6), fault) if fault else None)
    if chance.random() < 0.3:
        fleet.write_stick(hub, chance.choice(fleet.posts), day + chance.randrange(1, 5))
