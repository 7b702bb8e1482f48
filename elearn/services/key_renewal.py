"""This node's own key: which it is, renewing it, and putting right a renewal that was cut off.

The order is what makes it safe: the new key is written beside the old one; the step from one to the other, signed by
both, is kept in the store; only then does the new key take the old one's place. Cut off before the step is kept,
nothing has happened; cut off after it, the next start goes on.
"""

from dataclasses import dataclass

from elearn.core.sync.signatures import key_id_of
from elearn.core.sync.succession import (
    MOST_STEPS,
    Succession,
    read_succession,
    steps_to,
    succession_message,
    succession_words,
)
from elearn.core.vocab.kept import KEY_SUCCESSION, TRUSTED_KEY
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Keys, Transaction
from elearn.services.accounts import Session, demand
from elearn.services.audit import key_renewed
from elearn.services.carrying import key_signs
from elearn.services.node import About, Node, about, known
from elearn.services.record import record_in


@dataclass(frozen=True)
class EarlierKey:
    """A key this node signed with before. signs: its id as people read it; ended_at: when it went out of use;
    lost_from: the day from which the hub does not believe it, "" = none."""

    signs: str
    ended_at: str
    lost_from: str


@dataclass(frozen=True)
class OwnKey:
    """The key this node signs with. since: when it came into force; ended: another was in force already, so an old file
    was put back; earlier: newest first."""

    signs: str
    since: str
    ended: bool
    earlier: tuple[EarlierKey, ...]


def own_key(node: Node) -> OwnKey:
    """Return the key this node signs with, and those before. Raises Refused("node.not-set-up")."""
    present = node.keys.key_id
    with node.store.reading() as tx:
        mine = known(tx)
        rows = {row["key_id"]: row for row in tx.tables.select(TRUSTED_KEY, {"node": mine.id})}
        step = tx.tables.get(KEY_SUCCESSION, present)
    others = sorted((row for row in rows.values() if row["key_id"] != present), key=_ended_at, reverse=True)
    earlier = tuple(EarlierKey(key_signs(row["key_id"]), _ended_at(row), row["lost_from"] or "") for row in others)
    since = step["at"] if step else mine.set_up_at
    return OwnKey(key_signs(present), since, bool(_ended_at(rows.get(present, {}))), earlier)


def _ended_at(row: Row) -> str:
    return str(row.get("valid_until") or "")


def renew(node: Node, by: Session) -> str:
    """Give this node a new key; return its signs. Raises Refused("permission"), as `ports.Keys.renew` and `settle`.

    Write: the step from the old key to the new one, signed by both; how long the old one was good; who did it.
    """
    demand(by, Permission.MANAGE_NODE)
    settle(node)
    old = node.keys.present()
    node.keys.renew(lambda new: node.store.write(lambda tx: _adopt(tx, node, by.person, old, new)))
    # Whoever may have had the one may have had the other. Files under way can still be opened with the older ones.
    node.box.renew()
    return key_signs(node.keys.key_id)


def settle(node: Node) -> bool:
    """At start: put right a renewal that was cut off; tell whether there was one.

    A key nobody made by renewing (its file was lost, and made anew at this start) becomes known as this node's own.
    """

    def adopted(key: Keys) -> bool:
        with node.store.reading() as tx:
            return tx.tables.get(KEY_SUCCESSION, key.key_id) is not None

    was_cut_off = node.keys.settle(adopted)
    with node.store.reading() as tx:
        mine = about(tx)
        unknown = mine is not None and tx.tables.get(TRUSTED_KEY, node.keys.key_id) is None
    if unknown:
        node.store.write(lambda tx: _adopt_unknown(tx, node))
    return was_cut_off


def _adopt_unknown(tx: Transaction, node: Node) -> None:
    mine = known(tx)
    own = tx.tables.select(TRUSTED_KEY, {"node": mine.id, "vouched_by": mine.id})
    for row in own:
        if not row["valid_until"]:
            tx.tables.put(TRUSTED_KEY, {**row, "valid_until": max(node.now(), tx.ledger.last_stored())})
    since = min([mine.set_up_at, *(str(row["valid_from"]) for row in own if row["valid_from"])])
    tx.tables.put(TRUSTED_KEY, own_key_row(mine, node.keys.present(), since))


def _adopt(tx: Transaction, node: Node, actor: str, old: Keys, new: Keys) -> None:
    mine = known(tx)
    # Not before anything signed with the old key, even if the clock went back since.
    at = max(node.now(), tx.ledger.last_stored())
    words = succession_words(mine.id, old.public_key, new.public_key, at)
    message = succession_message(words)
    step = Succession(mine.id, old.public_key, new.public_key, at, words, old.sign(message), new.sign(message))
    keep_step(tx, step)
    before = tx.tables.get(TRUSTED_KEY, old.key_id) or own_key_row(mine, old, mine.set_up_at)
    tx.tables.put(TRUSTED_KEY, {**before, "valid_until": at, "succeeded_by": new.key_id})
    # What was issued before is printed again with the new key, so it may sign for all of the node's time.
    tx.tables.put(TRUSTED_KEY, own_key_row(mine, new, before["valid_from"] or mine.set_up_at))
    record_in(tx, node, key_renewed(tx, node, actor, new.key_id, old.key_id))


def own_key_row(mine: About, key: Keys, valid_from: str) -> Row:
    """Return the row of a key of this node's own, in use."""
    return {
        "key_id": key.key_id,
        "node": mine.id,
        "node_name": mine.name,
        "country": mine.country,
        "public_key": key.public_key,
        "valid_from": valid_from,
        "valid_until": None,
        "vouched_by": mine.id,
        "succeeded_by": None,
        "lost_from": None,
    }


def keep_step(tx: Transaction, step: Succession) -> None:
    """Keep a step from one key to the next, as both signed it."""
    row = {"new_key_id": step.new_id, "old_key_id": step.old_id, "node": step.node, "at": step.at}
    signed = {"words": step.words, "old_signature": step.old_signature, "new_signature": step.new_signature}
    tx.tables.put(KEY_SUCCESSION, {**row, **signed})


def steps_of(tx: Transaction, node: Node, origin: str, end: bytes) -> tuple[Succession, ...]:
    """Return the steps known here that lead to the key ``end`` of a node, the newest MOST_STEPS of them, in order."""
    rows = tx.tables.select(KEY_SUCCESSION, {"node": origin})
    return steps_to((_step(row, node) for row in rows), origin, end)[-MOST_STEPS:]


def _step(row: Row, node: Node) -> Succession:
    said = {"words": row["words"], "old": row["old_signature"].hex(), "new": row["new_signature"].hex()}
    return read_succession(said, node.keys.check)


def public_of(steps: tuple[Succession, ...], known_key: bytes) -> dict[str, bytes]:
    """Return key id -> public key of the known key and all that follow it in these steps."""
    return {key_id_of(known_key): known_key} | {one.new_id: one.new_key for one in steps}
