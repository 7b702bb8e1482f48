"""A fleet of posts, their hub and the hub above it, and all that goes wrong with lines, disks, clocks and power.

What was recorded is kept beside, so that at the end nothing may be missing and nothing may be there twice.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from cast import NumberedIds, TickingClock, memory_node, sqlite_node
from courier_scenes import made, read
from exchange_scenes import exam_passed, numbered_officer
from small_course import certificate_of, publish

from elearn.adapters.memory import MemoryStore
from elearn.adapters.sqlite.store import SqliteStore
from elearn.core.ledger.entry import Entry, Head, check_chain
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.sync.talk import Answer, Asked
from elearn.core.vocab.errors import ElearnError, Unavailable
from elearn.core.vocab.kept import CONFIRMED, QUARANTINE
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.revoking import KINDS
from elearn.core.xapi.build import Saying, build_void
from elearn.core.xapi.canonical import digest_of
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.answer import answer
from elearn.services.chains import held_head, whole_chain
from elearn.services.enrolment import enrol
from elearn.services.exchange import Outcome, exchange_once
from elearn.services.key_renewal import renew
from elearn.services.node import Node, fact, keep_fact
from elearn.services.operator import operator
from elearn.services.posts import give_code
from elearn.services.record import receive_in, record
from elearn.services.revoking import revoke

T = TypeVar("T")
FAULTS = (
    "lost before",
    "torn at the first byte",
    "torn in the head",
    "torn in the middle",
    "torn before the last byte",
    "answer lost",
    "answer torn at the first byte",
    "answer torn in the middle",
    "answer torn before the last byte",
    "twice",
    "late",
    "hub killed before it kept",
    "hub killed after it kept",
)
"""What can become of one call. The parts of a real byte stream are cut in test_post_and_hub.py and test_put_back.py."""

Power = tuple[int, bool]
"""At which write from now the power goes, and whether that write is on disk by then."""

_TORN = {"first byte": 0.0, "head": 0.1, "middle": 0.5, "last byte": 1.0}
_series = count(1000)


class Killed(BaseException):
    """The power went, or somebody ended the process: nobody catches it."""


class FragileStore:
    """A store in front of another, at which the power can go. left: writes until then, None = it stays.

    kept: it goes after the write is on disk, not before.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.left: int | None = None
        self.kept = False

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Write, if the power lasts."""
        if self.left is None:
            return self.inner.write(work)  # type: ignore[no-any-return]
        self.left -= 1
        if self.left >= 0:
            return self.inner.write(work)  # type: ignore[no-any-return]
        self.left = None
        if self.kept:
            self.inner.write(work)
            raise Killed
        return self.inner.write(lambda tx: _killed(work(tx)))  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def _killed(_: Any) -> Any:
    raise Killed


class WildLine:
    """A line to a place. fault: (at which call from now, what becomes of it); late: requests that still come."""

    def __init__(self, to: "Place") -> None:
        self.to = to
        self.fault: tuple[int, str] | None = None
        self.late: list[Asked] = []

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request, whatever becomes of it."""
        asked, what = Asked(method, path, headers, body), self._what()
        if what in {"lost before", "late"}:
            self.late += [asked] if what == "late" else []
            raise Unavailable("peer.no-line", reason=what)
        if what.startswith("hub killed"):
            return self._killed(asked, kept="after" in what)
        if what.startswith("torn"):
            return self._answer(replace(asked, body=_torn(body, what)))
        given = self._answer(asked)
        if what == "twice":
            return self._answer(asked)
        if what == "answer lost":
            raise Unavailable("peer.no-line", reason=what)
        return replace(given, body=_torn(given.body, what)) if what.startswith("answer torn") else given

    def deliver_late(self) -> None:
        """Let what was held up come now, the newest first; nobody waits for the answer."""
        while self.late:
            self._answer(self.late.pop())

    def _what(self) -> str:
        if self.fault is None:
            return ""
        at, what = self.fault
        self.fault = None if at == 0 else (at - 1, what)
        return what if at == 0 else ""

    def _answer(self, asked: Asked) -> Answer:
        return answer(self.to.node, asked)

    def _killed(self, asked: Asked, *, kept: bool) -> Answer:
        store = self.to.store
        store.left, store.kept = 0, kept
        try:
            return self._answer(asked)
        except Killed:
            raise Unavailable("peer.no-line", reason="the hub was killed") from None
        finally:
            store.left = None


def _torn(body: bytes, what: str) -> bytes:
    part = next(part for name, part in _TORN.items() if what.endswith(name))
    return body[: min(int(len(body) * part), len(body) - 1)]


@dataclass
class Place:
    """A node that can be put back. folder: None in memory; settled: it and the hub know what each has, since either
    was put back; copies: what puts it back to an older state."""

    name: str
    node: Node
    folder: Path | None = None
    line: WildLine | None = None
    settled: bool = True
    copies: list[Callable[[], None]] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the id of the node."""
        with self.node.store.reading() as tx:
            return str(fact(tx, "id"))

    @property
    def store(self) -> FragileStore:
        """Return its store."""
        assert isinstance(self.node.store, FragileStore)
        return self.node.store

    def copy(self) -> None:
        """Make a backup."""
        if self.folder is None:
            state = self.store.inner._state

            def restore() -> None:
                store = MemoryStore()
                store._state = state
                self._go_on(store)

        else:
            kept = self.folder.with_name(f"{self.folder.name}-{next(_series)}")
            self.store.inner.close()
            shutil.copytree(self.folder, kept)
            self._go_on(SqliteStore(self.folder))

            def restore() -> None:
                assert self.folder is not None
                self.store.inner.close()
                shutil.rmtree(self.folder)
                shutil.copytree(kept, self.folder)
                self._go_on(SqliteStore(self.folder))

        self.copies.append(restore)

    def _go_on(self, store: Any) -> None:
        """Go on with what a store holds; a machine that was put back does not know which ids it gave before."""
        self.node = replace(self.node, store=FragileStore(store), ids=NumberedIds(next(_series)))

    def entries(self) -> list[Entry]:
        """Return all entries held."""
        with self.node.store.reading() as tx:
            return list(tx.ledger.every())

    def tables(self) -> dict[str, str]:
        """Return the digest of what is folded, by table."""
        with self.node.store.reading() as tx:
            return {table.name: digest_of(tx.tables.select(table)) for table in FOLDED_TABLES}


@dataclass
class Stick:
    """Files on their way. ids: of the statements the sender held; day: on which they arrive."""

    sender: Place
    receiver: Place
    contents: list[bytes]
    ids: set[str]
    day: int


class Fleet:
    """posts -> hub -> region. must: ids of statements that may not be lost; may: those that can still turn up."""

    def __init__(self, folder: Path | None, posts: int, on_disk: int = 0, hub: Node | None = None) -> None:
        self.region = _place("Region", NodeKind.REGIONAL_HUB, 900, folder)
        self.hub = _place("Vientiane", NodeKind.HUB, 901, folder, hub)
        self.posts = [_place(f"Post {one}", NodeKind.POST, one, folder if one <= on_disk else None)
                      for one in range(1, posts + 1)]  # fmt: skip
        self.must: set[str] = set()
        self.may: set[str] = set()
        self.sticks: list[Stick] = []
        _join(self.hub, self.region)
        for post in self.posts:
            _join(post, self.hub)
            post.copy()

    @property
    def places(self) -> list[Place]:
        """Return all, from the top."""
        return [self.region, self.hub, *self.posts]

    def close(self) -> None:
        """Let go of the disks."""
        for place in self.places:
            place.store.inner.close()

    def note(self, place: Place) -> None:
        """Note what a place has said by now: it may not be lost."""
        with place.node.store.reading() as tx:
            ids = {entry.statement.id for entry in tx.ledger.entries(str(fact(tx, "id")))}
        self.must |= ids
        self.may |= ids

    def learn(self, post: Place, passes: int, power: Power | None = None) -> None:
        """Let an officer pass exams; the power may go in the middle, then nothing or all of it is kept."""
        with switched_off(post, power):
            person = numbered_officer(post.node)
            said = [exam_passed(post.node, person) for _ in range(passes)]
            record(post.node, *said)
            post.said += said
        self.note(post)

    def certify(self, post: Place) -> None:
        """Let an officer take a course to its certificate."""
        post.node.store.write(publish)
        post.numbers.append(certificate_of(post.node, numbered_officer(post.node)))
        self.note(post)

    def revoke(self, post: Place) -> None:
        """Take the last certificate back, if there is one still."""
        while post.numbers:
            try:
                revoke(post.node, operator(post.node), post.numbers.pop(), KINDS[0])
            except ElearnError:  # it went when the post was put back
                continue
            self.note(post)
            return

    def void(self, post: Place) -> None:
        """Void what was said last."""
        if post.said:
            said = post.said.pop()
            saying = Saying(post.id, Particulars("", "", "", "", ""), post.node.now(), post.id)
            record(post.node, build_void(saying, post.node.ids.new(), said.id, said.subject))
            self.note(post)

    def renew(self, post: Place) -> None:
        """Give a post a new key. Copies of before go: with the old key they could not come back without a code."""
        renew(post.node, operator(post.node))
        post.copies.clear()
        post.copy()
        self.note(post)

    def exchange(
        self, place: Place, fault: tuple[int, str] | None = None, power: Power | None = None
    ) -> Outcome | None:
        """Let a place exchange; None where it was killed on the way."""
        assert place.line is not None
        place.line.fault = fault
        outcome = None
        with switched_off(place, power):
            outcome = exchange_once(place.node)
        place.line.fault = None
        place.settled |= outcome is not None and outcome.ok
        self.note(place)
        return outcome

    def put_back(self, place: Place, which: int) -> bool:
        """Put a place back to one of its copies, if that loses nothing that nobody could give back; tell whether.

        What only this machine had is lost with its disk, and no program can bring it back: it is counted out.
        """
        others_settled = all(post.settled for post in self.posts)
        if not place.copies or not place.settled or (place is self.hub and not others_settled):
            return False
        place.copies[which % len(place.copies)]()
        if place.line is not None:
            place.line.late.clear()
        for one in self.posts if place is self.hub else [place]:
            one.settled = False
        held = {entry.statement.id for one in self.places for entry in one.entries()}
        self.must &= held
        place.said = [said for said in place.said if said.id in held]
        return True

    def write_stick(self, sender: Place, receiver: Place, day: int) -> None:
        """Write files that arrive on another day."""
        down = sender is self.hub
        ids = {entry.statement.id for entry in sender.entries()}
        contents = made(sender.node, receiver.node if down else None)
        self.sticks.append(Stick(sender, receiver, contents, ids, day))

    def read_sticks(self, day: int) -> None:
        """Let sticks arrive. One of before a machine was put back may be refused: what is on it, is there already."""
        for stick in [one for one in self.sticks if one.day <= day]:
            self.sticks.remove(stick)
            for content in stick.contents:
                try:
                    read(stick.receiver.node, content)
                except ElearnError as error:
                    if not error.code.startswith(("courier.", "chain.", "batch.", "peer.")):
                        raise
            self.note(stick.receiver)

    def settle(self) -> None:
        """Let all be well: sticks and late requests come, every line holds, as often as it takes."""
        self.read_sticks(10**6)
        for place in (*self.posts, self.hub):
            assert place.line is not None
            place.line.deliver_late()
        for _ in range(2):
            for place in (*self.posts, self.hub):
                outcome = self.exchange(place)
        for place in (*self.posts, self.hub):
            outcome = self.exchange(place)
            assert outcome is not None
            assert outcome.ok, (place.name, outcome.error)
            assert outcome.sent == 0, place.name

    def check(self, chance: random.Random) -> None:
        """See that everything is everywhere it should be, once, and counted as if it had come in any other order."""
        union = self.hub.entries()
        ids = [entry.statement.id for entry in union]
        assert len(set(ids)) == len(ids)
        assert self.must <= set(ids), self.must - set(ids)
        assert set(ids) <= self.may | {entry.statement.id for entry in self.hub.entries() if entry.node == self.hub.id}
        chance.shuffle(union)
        folded = fold(union)
        assert self.hub.tables() == folded
        assert self.region.tables() == fold(self.region.entries()) == folded
        for post in self.posts:
            self._check_post(post)

    def _check_post(self, post: Place) -> None:
        mine = post.id
        with post.node.store.reading() as tx:
            chain = tx.ledger.entries(mine)
            assert tx.ledger.size() == len(chain)
        assert check_chain(Head(mine), chain).number == len(chain)
        for above in (self.hub, self.region):
            with above.node.store.reading() as tx:
                there = whole_chain(tx, mine)
                assert tx.tables.count(QUARANTINE, {"kind": "entry"}) == 0
            assert [one.digest for one in there] == [one.digest for one in chain], (post.name, above.name)
        assert post.tables() == fold(chain), post.name

    def check_confirmed(self, place: Place, above: Place) -> None:
        """See that nothing counts as delivered which the node above does not hold."""
        with place.node.store.reading() as tx:
            rows = tx.tables.select(CONFIRMED, {"peer": above.id})
        with above.node.store.reading() as there:
            for row in rows:
                assert held_head(there, row["node"]).number >= row["number"], (place.name, row)


def fold(entries: list[Entry]) -> dict[str, str]:
    """Return the digests of the tables of a node that gets these entries, in this order."""
    place = Place("fold", memory_node(kind=NodeKind.HUB, series=999))
    place.node.store.write(lambda tx: receive_in(tx, place.node, entries))
    return place.tables()


@contextmanager
def switched_off(place: Place, power: Power | None) -> Iterator[None]:
    """Let the power of a place go at a write, if so many come; it is there again afterwards."""
    if power is not None:
        place.store.left, place.store.kept = power
    try:
        yield
    except Killed:
        place.node = replace(place.node, ids=NumberedIds(next(_series)))
    finally:
        place.store.left = None


def seed_of(*parts: object) -> int:
    """Return a number from anything."""
    return int.from_bytes(sha256(repr(parts).encode()).digest()[:6], "big")


def set_clock(place: Place, at: datetime) -> None:
    """Set a clock to a time."""
    assert isinstance(place.node.clock, TickingClock)
    place.node.clock.shift(at - place.node.clock.now())


def shift(place: Place, by: timedelta) -> None:
    """Move a clock."""
    assert isinstance(place.node.clock, TickingClock)
    place.node.clock.shift(by)


def _place(name: str, kind: NodeKind, series: int, folder: Path | None, given: Node | None = None) -> Place:
    own = None if folder is None or given else folder / f"node-{series}"
    node = given or (sqlite_node(own, kind=kind, series=series) if own else memory_node(kind=kind, series=series))
    node.store.write(lambda tx: keep_fact(tx, "name", name))
    return Place(name, replace(node, store=FragileStore(node.store)), own)


def _join(place: Place, above: Place) -> None:
    place.line = WildLine(above)
    place.node = replace(place.node, peer=place.line)
    enrol(place.node, f"http://node-{seed_of(above.name)}.example", give_code(above.node, place.name))
    assert exchange_once(place.node).ok
