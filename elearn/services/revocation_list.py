"""The list of certificates taken back, as a hub hands it down to its posts: numbers, dates, and one word for why.

The kinds travel beside the list, not in it: a post of an older version goes on reading the pairs it knows.
"""

from typing import Any

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.sync.talk import part, text_part
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import PEER, REVOCATION
from elearn.core.vocab.revoking import KINDS, REPLACED
from elearn.core.vocab.tables import Span
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.accounts import Notice
from elearn.services.node import Node, keep_fact
from elearn.services.revocations import LISTED_AT, judged
from elearn.services.revoking import NOTICE_REISSUED, NOTICE_REVOKED, tell_holders

_MAY_BE_SAID = frozenset((*KINDS, REPLACED))


def list_said(tx: Transaction, revocations: str, kinds: str) -> dict[str, Any]:
    """Return what the other side lacks of the list. revocations, kinds: digests of what it holds; kinds "" = it is of a
    version that knows none. None in the answer = it has the same.
    """
    rows = _taken_back(tx)
    pairs = [[number, at] for number, at, _ in rows]
    said: dict[str, Any] = {"revocations": None if digest_of(pairs) == revocations else pairs}
    if kinds:
        of_kind = [[number, kind] for number, _, kind in rows if kind]
        said["kinds"] = None if digest_of(of_kind) == kinds else of_kind
    return said


def _taken_back(tx: Transaction) -> list[tuple[str, str, str]]:
    """Return (number, at, kind) of every certificate taken back that this node knows of, by number."""
    listed = {row["number"]: row for row in tx.tables.select(REVOCATION)}
    own = {row["number"]: row for row in tx.tables.select(CERTIFICATE, {"revoked_at": Span(at_least="")})}
    rows = []
    for number in sorted(listed.keys() | own.keys()):
        found = judged(own.get(number), listed.get(number))
        if found:
            rows.append((number, found.at, found.kind))
    return rows


def list_held(tx: Transaction) -> dict[str, str]:
    """Return the digests of what this node holds of the hub's list: the hub sends only what differs."""
    rows = tx.tables.select(REVOCATION, order=("number",))
    return {
        "revocations": digest_of([[row["number"], row["revoked_at"]] for row in rows]),
        "kinds": digest_of([[row["number"], row["kind"]] for row in rows if row["kind"]]),
    }


def keep_list(tx: Transaction, node: Node, hub: str, given: dict[str, Any]) -> None:
    """Take in the hub's list, whole, or that it is still the same; tell the officers here whom it concerns.

    given: {revocations: list | None, kinds: list | None, nothing from an older hub, time}. The list is as of the hub's
    time, not of this node's, whose clock may be wrong. Raises Invalid("peer.part").
    """
    keep_fact(tx, LISTED_AT, text_of(instant_of(text_part(given, "time", 40))))
    before = {number: kind for number, _, kind in _taken_back(tx)}
    if given.get("revocations") is not None:
        kept = {row["number"]: row["kind"] for row in tx.tables.select(REVOCATION)}
        pairs = [_pair(one) for one in part(given, "revocations", list)]
        tx.tables.delete(REVOCATION, {})
        for number, at in pairs:
            row = {"number": number, "revoked_at": at, "listed_at": node.now(), "listed_by": hub}
            tx.tables.put(REVOCATION, {**row, "kind": kept.get(number)})
    if given.get("kinds") is not None:
        _keep_kinds(tx, dict(_pair(one) for one in part(given, "kinds", list)))
    _tell(tx, node, hub, before)


def _keep_kinds(tx: Transaction, kinds: dict[str, str]) -> None:
    for row in tx.tables.select(REVOCATION):
        kind = kinds.get(row["number"])
        # A word of a later version is as good as none.
        kind = kind if kind in _MAY_BE_SAID else None
        if kind != row["kind"]:
            tx.tables.put(REVOCATION, {**row, "kind": kind})


def _tell(tx: Transaction, node: Node, hub: str, before: dict[str, str]) -> None:
    """Tell officers of this node what is new in the list; what was replaced and is now taken back is new too."""
    fresh = [(number, kind) for number, _, kind in _taken_back(tx) if before.get(number, REPLACED) == REPLACED]
    peer = tx.tables.get(PEER, hub)
    by, now = str(peer["name"] or "") if peer else "", node.now()
    replaced = {number for number, kind in fresh if kind == REPLACED and number not in before}
    tell_holders(tx, replaced, Notice(NOTICE_REISSUED, now, by))
    tell_holders(tx, {number for number, kind in fresh if kind != REPLACED}, Notice(NOTICE_REVOKED, now, by))


def _pair(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, str) and one for one in value):
        raise Invalid("peer.part", part="revocations", wanted="pairs of number and word")
    return value[0], value[1]
