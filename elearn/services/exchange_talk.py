"""One exchange with the hub: what is asked, sent and taken, in which order, and what is noted after each step.

Each step leaves things in order whatever becomes of the next, so that it can be cut off anywhere.
"""

from typing import Any

from elearn.core.ledger.entry import Head
from elearn.core.sync.batch import Batch, SignedHead, cut, head_message, pack
from elearn.core.sync.talk import DOWN, ENTRIES, VECTOR, hex_part, number_part, part, text_part
from elearn.core.sync.vector import first_missing
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.kept import CONFIRMED, PEER, PERSON_SENT, QUARANTINE, TRUSTED_KEY
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.enrolment import clock_offset_ms
from elearn.services.hub_line import ask
from elearn.services.node import Node, fact, known
from elearn.services.revocation_list import keep_list, list_held
from elearn.services.sending_people import apart_row, send_people
from elearn.services.trusted_keys import keep_keys

_READ_AT_ONCE = 500


class Talk:
    """One exchange, step by step. sent, people: what was confirmed so far, also if a later step fails."""

    def __init__(self, node: Node, hub: Row) -> None:
        self._node = node
        self._hub = hub
        self.sent = 0
        self.people = 0

    def run(self) -> None:
        """Vector, entries, people, down. Each step leaves things in order, whatever becomes of the next."""
        head = self._own_head()
        after = self._ask_vector(head)
        while after < head.head.number:
            after = self._send_batch(head, after)
        self.people = send_people(self._node, self._hub)
        self._take_down()

    def _own_head(self) -> SignedHead:
        with self._node.store.reading() as tx:
            head = tx.ledger.head(known(tx).id)
        return SignedHead(head, self._node.keys.sign(head_message(head)))

    def _ask_vector(self, head: SignedHead) -> int:
        """Return after which number the hub lacks entries. Write: what it confirmed, its name, its clock."""
        node, mine = self._node, head.head.node
        with node.store.reading() as tx:
            name = known(tx).name
        said = ask(node, self._hub, VECTOR, {"origins": [mine], "head": head.said(), "name": name, "time": node.now()})
        held = _held_in(said, mine)
        with node.store.reading() as tx:
            at_held = tx.ledger.entries(mine, held.number - 1, 1) if held.number else []
        after = first_missing(head.head, held, at_held[0] if at_held else None)
        seen = {"name": text_part(said, "name"), "country": text_part(said, "country", 2)}
        seen_ms = clock_offset_ms(said, node)
        holds = part(said, "holds_identities", bool)

        def work(tx: Transaction) -> None:
            if after < confirmed_of(tx, self._hub, mine)["number"]:
                # The hub was put back to an older state: what it had of people may be gone as well.
                tx.tables.delete(PERSON_SENT, {"peer": self._hub["node"]})
            _confirm(tx, node, self._hub, held)
            row = tx.tables.get(PEER, self._hub["node"]) or self._hub
            past = {**(row["state"] or {}), "holds_identities": holds}
            self._hub = {**row, **seen, "clock_offset_ms": seen_ms, "last_contact_at": node.now(), "state": past}
            tx.tables.put(PEER, self._hub)

        node.store.write(work)
        return after

    def _send_batch(self, head: SignedHead, after: int) -> int:
        """Send one batch; return the number the hub named. Write: that it is confirmed, what was kept apart."""
        node, mine = self._node, head.head.node
        with node.store.reading() as tx:
            limit = min(_READ_AT_ONCE, head.head.number - after)
            entries = cut(tx.ledger.entries(mine, after, limit))
        said = ask(node, self._hub, ENTRIES, pack(Batch(after, head, entries)))
        held, last = _held_in(said, mine), entries[-1]
        if held.number < last.number or (held.number == last.number and held.digest != last.digest):
            raise Unavailable("peer.strange-answer", reason=f"sent up to {last.number}, held up to {held.number}")
        apart = part(said, "apart", list)

        def work(tx: Transaction) -> None:
            # Never more than what was sent and compared here, even if the hub has heard of more.
            _confirm(tx, node, self._hub, Head(mine, last.number, last.digest))
            for one in apart:
                tx.tables.put(QUARANTINE, apart_row(node, mine, "entry", one))

        node.store.write(work)
        self.sent += len(entries)
        return last.number

    def _take_down(self) -> None:
        node = self._node
        with node.store.reading() as tx:
            have = sorted(row["key_id"] for row in tx.tables.select(TRUSTED_KEY))
            said = {"have_keys": have, **list_held(tx)}
        given = ask(node, self._hub, DOWN, said)

        def work(tx: Transaction) -> None:
            keep_keys(tx, node, self._hub["node"], part(given, "keys", list))
            keep_list(tx, node, self._hub["node"], given)

        node.store.write(work)


def hub_of(tx: Transaction) -> Row | None:
    hub = str(fact(tx, "hub", "") or "")
    return tx.tables.get(PEER, hub) if hub else None


def confirmed_of(tx: Transaction, hub: Row, mine: str) -> Row:
    return tx.tables.get(CONFIRMED, hub["node"], mine) or {"number": 0, "confirmed_at": None}


def _confirm(tx: Transaction, node: Node, hub: Row, held: Head) -> None:
    before = confirmed_of(tx, hub, held.node)
    if before["number"] != held.number:
        row = {"peer": hub["node"], "node": held.node, "number": held.number, "confirmed_at": node.now()}
        tx.tables.put(CONFIRMED, row)


def _held_in(said: dict[str, Any], mine: str) -> Head:
    held = part(part(said, "held", dict), mine, dict)
    return Head(mine, number_part(held, "number"), hex_part(held, "digest", 32).hex())
