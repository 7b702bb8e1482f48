"""Forwarding statements to other systems that keep learning records, as pseudonyms, beside the exchange with the hub.

What was forwarded is a number for each chain, so it goes on anywhere, and a system that was away for a year is caught
up. A statement that is refused is kept by name and never holds up the others.
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from elearn.core.ledger.entry import Entry
from elearn.core.roster.words import clean
from elearn.core.sync.pace import is_due, pause_s
from elearn.core.sync.talk import tellable
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.kept import LRS, LRS_REFUSED, LRS_SENT
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.outward import outward, pseudonym_of
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.delivering import Access, deliver, knock
from elearn.services.line_use import note_use, on_the_meter
from elearn.services.node import Node, known

AT_ONCE = 50
MOST_IN_A_TURN = 2000
"""Entries looked at for one system before the hub has its turn: the line may be there for an hour a week only."""

LONGEST_NAME = 80
LONGEST_URL = 300
LONGEST_ACCESS = 200
MOST_SHOWN = 100


@dataclass(frozen=True)
class LrsForm:
    """As typed. finer: with post and rank."""

    name: str
    url: str
    key: str
    secret: str
    finer: bool


@dataclass(frozen=True)
class NotTakenShown:
    """A statement a system refused. reason: a code; said: the system's own words."""

    id: str
    reason: str
    said: str
    seen_at: str


@dataclass(frozen=True)
class LrsShown:
    """A system on the list. done, waiting: entries looked at, and not yet; refused: how many it would not take, the
    newest first in not_taken; tried_at, ok_at: None if never; error: what the last try ended with."""

    id: str
    name: str
    url: str
    finer: bool
    done: int
    waiting: int
    refused: int
    not_taken: tuple[NotTakenShown, ...]
    tried_at: str | None
    ok_at: str | None
    error: ElearnError | None


def systems(node: Node, by: Session) -> list[LrsShown]:
    """Return the systems on the list, by name. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        vector = tx.ledger.vector()
        return [_shown(tx, row, vector) for row in tx.tables.select(LRS, {"active": 1}, order=("name",))]


def add_system(node: Node, by: Session, form: LrsForm) -> str:
    """Put a system on the list, after it let us in; return its id. One that was on it before goes on where it was.

    Raises Refused("permission"), Invalid("form.fields", fields={field: code}), and as `delivering.knock`.
    """
    demand(by, Permission.MANAGE_NODE)
    url = _address(form.url)
    problems = {
        "name": "" if 0 < len(clean(form.name)) <= LONGEST_NAME else "lrs.name",
        "url": "" if url else "lrs.url",
        "key": "" if _is_access(form.key) and ":" not in form.key else "lrs.key",
        "secret": "" if _is_access(form.secret) else "lrs.secret",
    }
    problems = {field: code for field, code in problems.items() if code}
    if problems:
        raise Invalid("form.fields", fields=problems)
    try:
        knock(node.peer, Access(url, form.key, form.secret))
    except Unavailable as error:
        if "reason" in error.details:  # nobody there at all: nothing is tried again, for it is not on the list
            raise Refused("lrs.not-one", status=0) from error
        raise

    def work(tx: Transaction) -> str:
        known(tx)
        before = next(iter(tx.tables.select(LRS, {"url": url}, limit=1)), None)
        fresh = {"id": node.ids.new(), "pseudonym_secret": node.ids.secret(32), "added_at": node.now()}
        said = {"name": clean(form.name), "url": url, "key": form.key, "secret": form.secret, "finer": int(form.finer)}
        row = {**(before or fresh), **said, "active": 1, "state": {}}
        tx.tables.put(LRS, row)
        return str(row["id"])

    return node.store.write(work)


def remove_system(node: Node, by: Session, system: str) -> None:
    """Take a system off the list and forget its access. Raises Refused("permission"), NotFound("lrs.unknown")."""
    demand(by, Permission.MANAGE_NODE)

    def work(tx: Transaction) -> None:
        row = _active(tx, system)
        tx.tables.put(LRS, {**row, "active": 0, "key": "", "secret": "", "state": {}})

    node.store.write(work)


def forward_now(node: Node, by: Session, system: str) -> ElearnError | None:
    """Forward at once; return what stopped it. Raises Refused("permission"), NotFound("lrs.unknown")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        row = _active(tx, system)
    return _turn(node, row, by_hand=True)


def tick(node: Node) -> None:
    """Forward to each system that is due; called once a minute. That there is no line is no error."""
    with node.store.reading() as tx:
        rows = tx.tables.select(LRS, {"active": 1})
    for row in rows:
        next_try = (row["state"] or {}).get("next_try_at")
        if not next_try or is_due(node.clock.now(), instant_of(next_try)):
            _turn(node, row)


def _turn(node: Node, row: Row, *, by_hand: bool = False) -> ElearnError | None:
    """Forward some; keep how it went."""
    error = None
    metered, meter = on_the_meter(node, by_hand=by_hand)
    try:
        if by_hand:  # also where nothing waits: who asks wants to know whether the system is there
            knock(metered.peer, Access(row["url"], row["key"], row["secret"]))
        more = _forward(metered, row)
    except ElearnError as problem:
        error, more = problem, False
    past, now, asked = row["state"] or {}, node.clock.now(), bool(meter.up) or error is not None
    failures = 0 if error is None else int(past.get("failures", 0)) + 1
    pause = pause_s(failures, waiting=more, seed=node.ids.seed())
    state = {
        "failures": failures,
        "code": error.code if error else "",
        "details": tellable(error.details) if error else {},
        # Where there was nothing to give nobody was asked, and nothing is known.
        "tried_at": text_of(now) if asked else past.get("tried_at"),
        "ok_at": text_of(now) if asked and error is None else past.get("ok_at"),
        "next_try_at": text_of(now + timedelta(seconds=pause)),
    }

    def keep(tx: Transaction) -> None:
        still = tx.tables.get(LRS, row["id"])
        if still is not None and still["active"]:
            tx.tables.put(LRS, {**still, "state": state})
        if asked:
            note_use(tx, node, row["id"], meter, code=error.code if error else "")

    node.store.write(keep)
    return error


def _forward(node: Node, row: Row) -> bool:
    """Forward up to MOST_IN_A_TURN entries; return whether there are more."""
    access = Access(row["url"], row["key"], row["secret"])
    hidden = _pseudonyms(row)
    seen = 0
    for entries in _waiting(node, row["id"]):
        told = [one for entry in entries if (one := outward(entry.statement, hidden, bool(row["finer"]))) is not None]
        not_taken = {one.id: one for one in deliver(node.peer, access, told)}
        last, now = entries[-1], node.now()
        refused = [
            {
                "lrs": row["id"],
                "id": entry.statement.id,
                "node": entry.node,
                "number": entry.number,
                "reason": not_taken[entry.statement.id].reason,
                "said": not_taken[entry.statement.id].said,
                "seen_at": now,
            }
            for entry in entries
            if entry.statement.id in not_taken
        ]

        def keep(tx: Transaction, last: Entry = last, refused: list[Row] = refused) -> None:
            for one in refused:
                tx.tables.put(LRS_REFUSED, one)
            tx.tables.put(LRS_SENT, {"lrs": row["id"], "node": last.node, "number": last.number})

        node.store.write(keep)
        seen += len(entries)
        if seen >= MOST_IN_A_TURN:
            return True
    return False


def _waiting(node: Node, system: str) -> Iterator[list[Entry]]:
    """Yield what a system was not given yet, chain by chain, AT_ONCE entries at a time."""
    with node.store.reading() as tx:
        ahead = {origin: number for origin, number in tx.ledger.vector().items() if number > _sent(tx, system, origin)}
    for origin, number in sorted(ahead.items()):
        while True:
            with node.store.reading() as tx:
                after = _sent(tx, system, origin)
                entries = tx.ledger.entries(origin, after, AT_ONCE) if after < number else []
            if not entries:
                break
            yield entries


def _sent(tx: Transaction, system: str, origin: str) -> int:
    row = tx.tables.get(LRS_SENT, system, origin)
    return int(row["number"]) if row else 0


def _pseudonyms(row: Row) -> Callable[[str], str]:
    secret = str(row["pseudonym_secret"]).encode()
    return lambda name: pseudonym_of(hmac.digest(secret, name.encode(), "sha256"))


def _shown(tx: Transaction, row: Row, vector: dict[str, int]) -> LrsShown:
    state = row["state"] or {}
    done = sum(min(number, _sent(tx, row["id"], origin)) for origin, number in vector.items())
    newest = tx.tables.select(LRS_REFUSED, {"lrs": row["id"]}, order=("-seen_at",), limit=MOST_SHOWN)
    return LrsShown(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        finer=bool(row["finer"]),
        done=done,
        waiting=sum(vector.values()) - done,
        refused=tx.tables.count(LRS_REFUSED, {"lrs": row["id"]}),
        not_taken=tuple(NotTakenShown(one["id"], one["reason"], one["said"], one["seen_at"]) for one in newest),
        tried_at=state.get("tried_at"),
        ok_at=state.get("ok_at"),
        error=ElearnError(state["code"], **state.get("details", {})) if state.get("code") else None,
    )


def _active(tx: Transaction, system: str) -> Row:
    row = tx.tables.get(LRS, system)
    if row is None or not row["active"]:
        raise NotFound("lrs.unknown")
    return row


def _address(url: str) -> str:
    """Return the endpoint's address without a slash at the end, "" for what is none."""
    text = url.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        fine = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    plain = not (parts.username or parts.password or parts.query or parts.fragment) and text.isascii()
    sound = fine and plain and parts.scheme in {"http", "https"} and text.isprintable() and " " not in text
    return text if sound and len(text) <= LONGEST_URL else ""


def _is_access(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ACCESS and text.isprintable()
