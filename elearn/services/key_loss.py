"""On a hub: a post's machine was lost or stolen, so its key is not believed from a day on; and how the posts' keys are.

What the key signed before that day stays valid where this hub knows it; its posts learn of it with the next exchange
(`key_list`). The post itself is enrolled again with a code, on another machine or with another key.
"""

from dataclasses import dataclass
from datetime import date

from elearn.core.sync.signatures import key_id_of
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import PEER, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.audit import key_lost
from elearn.services.carrying import key_signs
from elearn.services.node import Node, known
from elearn.services.record import record_in

REASON_LIMIT = 500


@dataclass(frozen=True)
class PostKey:
    """The key a post calls with. signs: its id as people read it; since: when it, or the one before, was first known;
    renewed_at: when it followed another one, "" if it did not; lost_from: the day from which it is not believed, "" if
    it is; name: of the post."""

    node: str
    name: str
    signs: str
    since: str
    renewed_at: str
    lost_from: str


def post_key(node: Node, post: str) -> PostKey:
    """Return the key of a post enrolled here. Raises NotFound("post.unknown")."""
    with node.store.reading() as tx:
        return _post_key(tx, _post_row(tx, post))


def post_keys(node: Node) -> dict[str, PostKey]:
    """Return node -> its key, of all posts enrolled here."""
    with node.store.reading() as tx:
        return {row["node"]: _post_key(tx, row) for row in tx.tables.select(PEER, {"url": None})}


def _post_row(tx: Transaction, post: str) -> Row:
    row = tx.tables.get(PEER, post)
    if row is None or row["url"]:
        raise NotFound("post.unknown", node=post)
    return row


def _post_key(tx: Transaction, peer: Row) -> PostKey:
    key_id = key_id_of(peer["public_key"])
    row = tx.tables.get(TRUSTED_KEY, key_id) or {}
    before = tx.tables.select(TRUSTED_KEY, {"node": peer["node"], "succeeded_by": key_id}, limit=1)
    return PostKey(
        node=peer["node"],
        name=peer["name"],
        signs=key_signs(key_id),
        since=str(row.get("valid_from") or peer["enrolled_at"]),
        renewed_at=str(before[0]["valid_until"] or "") if before else "",
        lost_from=str(row.get("lost_from") or ""),
    )


def report_lost(node: Node, by: Session, post: str, day: str, reason: str) -> int:
    """Believe no key of a post from a day on, as far as it was in use that day or later; return how many keys.

    day: ISO, as typed. Reported again with another day, the last report counts. Raises Refused("permission" |
    "node.power"), NotFound("post.unknown"), Invalid("day.unreadable" | "day.future" | "reason.empty" |
    "reason.too-long").
    """
    demand(by, Permission.MANAGE_NODE)
    node.must(Power.ANSWER_POSTS)
    lost_from, reason = _day(day), reason.strip()
    if not reason:
        raise Invalid("reason.empty")
    if len(reason) > REASON_LIMIT:
        raise Invalid("reason.too-long", limit=REASON_LIMIT)

    def work(tx: Transaction) -> int:
        mine, now = known(tx), node.now()
        if lost_from > local_date(now, mine.country):
            raise Invalid("day.future", day=day)
        peer = _post_row(tx, post)
        rows = [row for row in tx.tables.select(TRUSTED_KEY, {"node": peer["node"]}) if _used_on(row, lost_from)]
        for row in rows:
            ended = {"valid_until": row["valid_until"] or now, "lost_from": lost_from.isoformat()}
            tx.tables.put(TRUSTED_KEY, {**row, **ended})
            record_in(
                tx, node, key_lost(tx, node, by.person, row["key_id"], lost_from=ended["lost_from"], reason=reason)
            )
        return len(rows)

    return node.store.write(work)


def _used_on(row: Row, day: date) -> bool:
    """Tell whether a key was in use on a day or later, so that whoever has the machine since may have it."""
    return not row["valid_until"] or local_date(row["valid_until"], row["country"] or "") >= day


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("day.unreadable", day=text[:40]) from None
