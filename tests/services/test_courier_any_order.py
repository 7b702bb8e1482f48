"""Sticks in any order: whatever is made, lost, doubled, read late or over a line in between, both end with the same."""

from typing import Any

from courier_scenes import id_of, made, read, there_and_back
from exchange_scenes import Line, hub_node, let_pass, pair, post_on, put_back, rows
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from elearn.adapters.age_box import KEPT
from elearn.core.ledger.entry import Head, check_chain
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.kept import PERSON
from elearn.services.chains import whole_chain
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once, light
from elearn.services.key_renewal import renew
from elearn.services.node import Node
from elearn.services.operator import operator
from elearn.services.posts import give_code

MOST_FILES = 12


class Sticks(RuleBasedStateMachine):
    """A post and its hub, a drawer full of sticks, and sometimes a line."""

    @initialize()
    def begin(self) -> None:
        self.post, self.hub, self.line = pair()
        assert exchange_once(self.post).ok
        self.up: list[bytes] = []
        self.down: list[bytes] = []
        self.recorded: set[str] = set()
        self.renewed = {False: 0, True: 0}

    @rule(count=st.integers(1, 4))
    def work(self, count: int) -> None:
        """Let officers pass exams at the post."""
        before = ids(self.post)
        let_pass(self.post, count)
        self.recorded |= ids(self.post) - before

    @rule()
    @precondition(lambda self: len(self.up) < MOST_FILES)
    def make_up(self) -> None:
        """Make a file at the post; nobody says that it arrives."""
        self.up += made(self.post)

    @rule()
    @precondition(lambda self: len(self.down) < MOST_FILES)
    def make_down(self) -> None:
        """Make an answer at the hub."""
        self.down += made(self.hub, self.post)

    @rule(data=st.data())
    @precondition(lambda self: self.up)
    def arrive_up(self, data: st.DataObject) -> None:
        """Read any file of the post, perhaps again, perhaps torn."""
        self._read(self.hub, data.draw(st.sampled_from(self.up)), torn=data.draw(st.booleans()))

    @rule(data=st.data())
    @precondition(lambda self: self.down)
    def arrive_down(self, data: st.DataObject) -> None:
        """Read any file of the hub."""
        self._read(self.post, data.draw(st.sampled_from(self.down)), torn=data.draw(st.booleans()))

    def _read(self, node: Node, content: bytes, *, torn: bool) -> None:
        before = light(self.post)
        if torn:
            try:
                read(node, content[: len(content) // 2])
            except ElearnError:
                assert light(self.post) == before
                return
            raise AssertionError("a torn file was read")
        try:
            read(node, content)
        except ElearnError as error:
            # Made before a key was renewed that the other side has heard of since.
            if error.code not in {"peer.key-renewed", "courier.other-key"}:
                raise

    @rule()
    def over_the_line(self) -> None:
        """Exchange over a line."""
        exchange_once(self.post)

    @rule(at_the_hub=st.booleans())
    def renew_key(self, at_the_hub: bool) -> None:
        """Renew a key."""
        self.renewed[at_the_hub] += 1
        if self.renewed[at_the_hub] >= KEPT:
            return  # so often without a word to the other side, the other side has to hear of it first
        node = self.hub if at_the_hub else self.post
        renew(node, operator(node))

    def teardown(self) -> None:
        """End with sticks alone: two rounds, for one side may first have to learn something."""
        if not hasattr(self, "post"):
            return
        there_and_back(self.post, self.hub)
        there_and_back(self.post, self.hub)
        assert light(self.post).colour == "good"
        assert_same(self.post, self.hub)
        assert ids(self.post) >= self.recorded
        assert exchange_once(self.post).ok


def ids(node: Node) -> set[str]:
    """Return the ids of all statements a node's own chain holds."""
    with node.store.reading() as tx:
        return {entry.statement.id for entry in tx.ledger.entries(id_of(node))}


def assert_same(post: Node, hub: Node) -> None:
    """Both hold the same unbroken chain, figures and identities."""
    mine = id_of(post)
    chains: list[Any] = []
    for node in (post, hub):
        with node.store.reading() as tx:
            chain = whole_chain(tx, mine)
        assert check_chain(Head(mine), chain).number == len(chain)
        chains.append([entry.digest for entry in chain])
    assert chains[0] == chains[1]
    for table in (*FOLDED_TABLES, PERSON):
        assert rows(post, table) == rows(hub, table), table.name


TestSticks = Sticks.TestCase
TestSticks.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)


def test_put_back_in_the_middle_of_a_life_by_stick_nothing_delivered_is_lost() -> None:
    hub = hub_node()
    post = post_on(Line(hub))
    enrol(post, "http://hub.example", give_code(hub, "Huay Xai"))
    exchange_once(post)
    delivered: set[str] = set()
    for round_ in range(4):
        let_pass(post, 3)
        restored = put_back(post, 100 + round_)
        let_pass(post, 5)
        there_and_back(post, hub)
        delivered |= ids(post)
        post = restored()
        let_pass(post, 2)
        since = ids(post)
        [up] = made(post)
        read(hub, up)
        for content in made(hub, post):
            read(post, content)
        there_and_back(post, hub)
        assert ids(post) >= delivered | since
        assert light(post).colour == "good"
