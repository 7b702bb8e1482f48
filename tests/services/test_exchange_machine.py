"""Any order of recording, exchanging, cutting, repeating, putting back, renewing and voiding ends with all in order."""

import random
from typing import Any

import pytest
from fleet_scenes import FAULTS, Fleet, Place
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from elearn.core.ledger.entry import Head, check_chain
from elearn.services.chains import whole_chain

POSTS = st.integers(0, 1)
CALLS = st.integers(0, 5)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three entries a batch, so that a few entries already need several."""
    monkeypatch.setattr("elearn.services.chains.MOST_ENTRIES", 3)


class ExchangeMachine(RuleBasedStateMachine):
    """Two posts, their hub and the hub above it."""

    def __init__(self) -> None:
        super().__init__()
        self.fleet = Fleet(None, posts=2)
        self.day = 0

    def _post(self, which: int) -> Place:
        return self.fleet.posts[which]

    @rule(post=POSTS, passes=st.integers(1, 7))
    def record(self, post: int, passes: int) -> None:
        """Let an officer pass."""
        self.fleet.learn(self._post(post), passes)

    @rule(post=POSTS, at=st.integers(0, 1), kept=st.booleans())
    def lose_power_while_recording(self, post: int, at: int, kept: bool) -> None:
        """Nothing or all of it is kept."""
        self.fleet.learn(self._post(post), 2, (at, kept))

    @rule(post=POSTS)
    def void(self, post: int) -> None:
        """Void what was said last."""
        self.fleet.void(self._post(post))

    @rule(post=POSTS)
    def renew_key(self, post: int) -> None:
        """Give a post a new key."""
        self.fleet.renew(self._post(post))

    @rule(post=POSTS)
    def exchange(self, post: int) -> None:
        """Exchange over a good line: afterwards the hub holds all the post has."""
        place = self._post(post)
        outcome = self.fleet.exchange(place)
        assert outcome is not None
        assert outcome.ok, outcome.error
        with place.node.store.reading() as tx, self.fleet.hub.node.store.reading() as there:
            mine = [entry.digest for entry in tx.ledger.entries(place.id)]
            assert [entry.digest for entry in whole_chain(there, place.id)] == mine

    @rule(post=POSTS, at=CALLS, fault=st.sampled_from(FAULTS))
    def exchange_over_a_bad_line(self, post: int, at: int, fault: str) -> None:
        """Something becomes of one call."""
        self.fleet.exchange(self._post(post), (at, fault))

    @rule(post=POSTS, at=CALLS, kept=st.booleans())
    def lose_power_while_exchanging(self, post: int, at: int, kept: bool) -> None:
        """The post is killed at a write."""
        self.fleet.exchange(self._post(post), None, (at, kept))

    @rule(at=CALLS, fault=st.sampled_from(("", *FAULTS)))
    def exchange_upwards(self, at: int, fault: str) -> None:
        """The hub exchanges with the hub above it."""
        self.fleet.exchange(self.fleet.hub, (at, fault) if fault else None)

    @rule(post=POSTS)
    def late_requests_arrive(self, post: int) -> None:
        """What was held up on the line comes after all."""
        line = self._post(post).line
        assert line is not None
        line.deliver_late()

    @rule(post=POSTS)
    def copy_post(self, post: int) -> None:
        """Make a backup of a post."""
        self._post(post).copy()

    @rule()
    def copy_hub(self) -> None:
        """Make a backup of the hub."""
        self.fleet.hub.copy()

    @rule(post=POSTS, which=st.integers(0, 3))
    def put_post_back(self, post: int, which: int) -> None:
        """Put a post back to a backup."""
        self.fleet.put_back(self._post(post), which)

    @rule(which=st.integers(0, 3))
    def put_hub_back(self, which: int) -> None:
        """Put the hub back to a backup."""
        self.fleet.put_back(self.fleet.hub, which)

    @rule(post=POSTS, down=st.booleans())
    def write_stick(self, post: int, down: bool) -> None:
        """Write files for the hub, or for the post."""
        ends = (self._post(post), self.fleet.hub)
        self.fleet.write_stick(*(reversed(ends) if down else ends), day=len(self.fleet.sticks) % 3)

    @rule(day=st.integers(0, 2))
    def read_sticks(self, day: int) -> None:
        """Let some files arrive."""
        self.fleet.read_sticks(day)

    @invariant()
    def chains_hold(self) -> None:
        """Every chain is whole on every node."""
        for place in self.fleet.places:
            with place.node.store.reading() as tx:
                for origin in tx.ledger.vector():
                    check_chain(Head(origin), whole_chain(tx, origin))

    @invariant()
    def nothing_counts_as_delivered_that_is_not(self) -> None:
        """What is confirmed is held by the hub, unless the hub was put back and the post has not heard of it."""
        for post in self.fleet.posts:
            if post.settled:
                self.fleet.check_confirmed(post, self.fleet.hub)

    def teardown(self) -> None:
        """At the end of every run all is well again, everywhere, counted as a fold of the union counts it."""
        self.fleet.settle()
        self.fleet.check(random.Random(1))


TestExchangeMachine: Any = ExchangeMachine.TestCase
TestExchangeMachine.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
