"""A post and a hub that talk without a line between them, and what can go wrong on that line."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cast import NumberedIds, memory_node, officer

from elearn.adapters.memory import MemoryStore
from elearn.core.sync.talk import Answer, Asked
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.answer import answer
from elearn.services.enrolment import enrol
from elearn.services.node import Node, keep_fact
from elearn.services.posts import give_code
from elearn.services.record import record, saying_for

HUB_URL = "http://hub.example"
Change = Callable[[Asked], Asked]
ChangeAnswer = Callable[[Asked, Answer], Answer]


@dataclass
class Line:
    """A peer that hands requests to a hub in the same process. calls: all that went over it, with the answers.

    calls_left: how many calls until it is cut, None = never; lost: cut after the hub did its work, not before.
    """

    hub: Node
    calls_left: int | None = None
    lost: bool = False
    change: Change = lambda asked: asked
    change_answer: ChangeAnswer = lambda _, given: given

    def __post_init__(self) -> None:
        self.calls: list[tuple[Asked, Answer]] = []

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request."""
        cut = self.calls_left == 0
        if self.calls_left is not None:
            self.calls_left -= 1
        if cut and not self.lost:
            raise Unavailable("peer.no-line", reason="cut")
        asked = self.change(Asked(method, path, headers, body))
        given = answer(self.hub, asked)
        self.calls.append((asked, given))
        if cut:
            raise Unavailable("peer.no-line", reason="cut")
        return self.change_answer(asked, given)


def hub_node(**changes: Any) -> Node:
    """Return a hub of Lao PDR in memory."""
    node = memory_node(kind=NodeKind.HUB, series=9, **changes)
    node.store.write(lambda tx: keep_fact(tx, "name", "Vientiane"))
    return node


def post_on(line: Line, series: int = 1, **changes: Any) -> Node:
    """Return a post at the end of the line."""
    return memory_node(series=series, peer=line, **changes)


def pair(series: int = 1) -> tuple[Node, Node, Line]:
    """Return (post, hub, line), enrolled."""
    hub = hub_node()
    line = Line(hub)
    post = post_on(line, series)
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    return post, hub, line


def exam_passed(node: Node, person: str, attempt: str = "") -> Statement:
    """Return the statement of an exam passed, not yet recorded."""
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    return build(
        saying,
        node.ids.new(),
        verbs.PASSED,
        verbs.sitting_iri("interdiction", "exam"),
        result={"score": {"scaled": 0.85}, "success": True, "completion": True},
        attempt=attempt or node.ids.new(),
        extensions={"version": "1.0.0", "language": "lo", "digest": "a" * 64},
    )


def numbered_officer(node: Node, **changes: Any) -> str:
    """Add an officer whose service number no other post gives."""
    return officer(node, service_number=f"N-{node.ids.new()[:8]}-{node.ids.seed()}", **changes)


def let_pass(node: Node, times: int) -> str:
    """Let one officer pass so many exams; return the person."""
    person = numbered_officer(node)
    record(node, *(exam_passed(node, person) for _ in range(times)))
    return person


def rows(node: Node, table: Any, **where: Any) -> list[dict[str, Any]]:
    """Return the rows of a table."""

    def read(tx: Transaction) -> list[dict[str, Any]]:
        return tx.tables.select(table, where)

    with node.store.reading() as tx:
        return read(tx)


def with_peer(node: Node, peer: Any) -> Node:
    """Return the same node at another line."""
    return replace(node, peer=peer)


def put_back(node: Node, series: int) -> Callable[[], Node]:
    """Keep a copy of a node as it is now; return what puts it back on another disk, as often as asked.

    series: of the ids it gives from then on, for a restored machine does not know which it gave before.
    """
    kept = node.store._state  # type: ignore[attr-defined]

    def restored() -> Node:
        store = MemoryStore()
        store._state = kept
        return replace(node, store=store, ids=NumberedIds(series))

    return restored
