"""How much goes over the line each day, and that it stays within what the post may use of it.

Many lines are paid by the megabyte. A day's budget is kept by the program itself: records first, and what is heavy
(course packages, pictures) never takes the last quarter, so that there is room for the records of the evening. Whoever
asks by hand for an exchange at once gets it whatever was used.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from elearn.core.sync.files import LARGEST_CHUNK
from elearn.core.sync.talk import HEAVY, Answer
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.errors import Invalid, Unavailable
from elearn.core.vocab.kept import LINE_DAY
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Span
from elearn.ports import Peer, Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, fact, keep_fact, known

BUDGET_MB = "line_budget_mb"
"""Node fact: how many megabytes may go over the line in a day, both ways together; 0 or none = as many as it takes."""

MOST_BUDGET_MB = 100_000
LONGEST_DAYS = 400
SHOWN_DAYS = 30
_MB = 1024 * 1024
_HEAVY_SHARE = 0.75
_HEAD_BYTES = 60  # the request line and the status line, with what the transport adds to each message


class Metered:
    """A peer whose messages are counted. left: bytes that may still be used today, None = no budget."""

    def __init__(self, peer: Peer, budget: int | None, used: int) -> None:
        self._peer = peer
        self._budget = budget
        self._used_before = used
        self.up = 0
        self.down = 0

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Pass on one request. Raises Unavailable("exchange.budget", budget_mb=) where it does not fit any more."""
        size = len(body) + _size_of(headers) + len(path) + _HEAD_BYTES
        if self._budget is not None:
            heavy = path.startswith(HEAVY)
            coming = size + (LARGEST_CHUNK if heavy else 0)
            if self._used_before + self.up + self.down + coming > self._budget * (_HEAVY_SHARE if heavy else 1.0):
                raise Unavailable("exchange.budget", budget_mb=self._budget // _MB)
        self.up += size
        answer = self._peer.call(url, method, path, body, headers)
        self.down += len(answer.body) + _size_of(answer.headers) + _HEAD_BYTES
        return answer


def _size_of(headers: dict[str, str]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


@dataclass(frozen=True)
class Day:
    """What went over the line on a day. tries: exchanges begun, came: those that came through; sent: records, people:
    identities, confirmed by the other side; up, down: bytes; code: what hindered the last that did not come through."""

    day: str
    tries: int = 0
    came: int = 0
    sent: int = 0
    people: int = 0
    up: int = 0
    down: int = 0
    code: str = ""


def on_the_meter(node: Node, *, by_hand: bool = False) -> tuple[Node, Metered]:
    """Return the node with a line that is counted, and the counter."""
    with node.store.reading() as tx:
        budget_mb = 0 if by_hand else int(fact(tx, BUDGET_MB, 0) or 0)
        used = sum(
            (row["up"] or 0) + (row["down"] or 0) for row in tx.tables.select(LINE_DAY, {"day": _today(tx, node)})
        )
    meter = Metered(node.peer, budget_mb * _MB if budget_mb else None, used)
    return replace(node, peer=meter), meter


def note_use(
    tx: Transaction, node: Node, peer: str, meter: Metered, *, sent: int = 0, people: int = 0, code: str = ""
) -> None:
    """Add an exchange to its day, inside a write. code: of what hindered it, "" = it came through."""
    today = _today(tx, node)
    row = tx.tables.get(LINE_DAY, today, peer) or {"day": today, "peer": peer}
    more = {"tries": 1, "came": int(not code), "sent": sent, "people": people, "up": meter.up, "down": meter.down}
    tx.tables.put(
        LINE_DAY, {**row, **{name: (row.get(name) or 0) + count for name, count in more.items()}, "code": code}
    )
    oldest = date.fromisoformat(today) - timedelta(days=LONGEST_DAYS)
    tx.tables.delete(LINE_DAY, {"day": Span(before=oldest.isoformat())})


def days(node: Node, by: Session) -> list[Day]:
    """Return the last SHOWN_DAYS days with an exchange, the newest first. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        rows = tx.tables.select(LINE_DAY, order=("-day",), limit=SHOWN_DAYS * 8)
    by_day: dict[str, Day] = {}
    for row in rows:
        one = by_day.get(row["day"]) or Day(row["day"])
        summed = {
            name: getattr(one, name) + (row[name] or 0) for name in ("tries", "came", "sent", "people", "up", "down")
        }
        by_day[row["day"]] = replace(one, **summed, code=one.code or str(row["code"] or ""))
    return list(by_day.values())[:SHOWN_DAYS]


def budget_mb(node: Node) -> int:
    """Return the day's budget in megabytes, 0 = none."""
    with node.store.reading() as tx:
        return int(fact(tx, BUDGET_MB, 0) or 0)


def set_budget(node: Node, by: Session, typed: str) -> None:
    """Keep another budget. typed: whole megabytes a day, "" or 0 = as many as it takes.

    Raises Refused("permission"), Invalid("exchange.budget-number", most=).
    """
    demand(by, Permission.MANAGE_NODE)
    text = typed.strip() or "0"
    if not text.isdecimal() or int(text[:9]) > MOST_BUDGET_MB or len(text) > 9:
        raise Invalid("exchange.budget-number", most=MOST_BUDGET_MB)
    node.store.write(lambda tx: keep_fact(tx, BUDGET_MB, int(text)))


def _today(tx: Transaction, node: Node) -> str:
    return local_date(node.now(), known(tx).country).isoformat()
