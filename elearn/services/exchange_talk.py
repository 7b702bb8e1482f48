"""One exchange with the hub: what is asked, sent and taken, in which order, and what is noted after each step.

It begins with one hello. Where both sides agree on everything, that is all. Each step leaves things in order whatever
becomes of the next, so that it can be cut off anywhere.
"""

from functools import partial
from typing import Any

from elearn.core.ledger.entry import Head
from elearn.core.sync.batch import pack
from elearn.core.sync.talk import DOWN, ENTRIES, HELLO, TALK, UP, VECTOR, hex_part, number_part, part, text_part
from elearn.core.sync.vector import SHORT, digest_of_heads, is_held_here
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.kept import PEER, QUARANTINE, TRUSTED_KEY
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services import exchange_parts as parts
from elearn.services.chains import confirm, confirmed_heads, confirmed_of, held_head, next_batch, place_of, sent_to
from elearn.services.enrolment import clock_offset_ms
from elearn.services.fetching import fetch
from elearn.services.healing import Healed, heal
from elearn.services.hub_line import ask
from elearn.services.node import Node, fact, known
from elearn.services.sending_people import apart_row


class Talk:
    """One exchange, step by step. sent, people: what was confirmed so far, also if a later step fails; healed: what was
    fetched back, None if nothing had to be; more: files of courses are left for the next one, soon."""

    def __init__(self, node: Node, hub: Row) -> None:
        self._node = node
        self._hub = hub
        self._hindered: ElearnError | None = None
        self._up: dict[str, str] | None = None
        self._down: dict[str, str] | None = None
        self._hub_time = ""
        self._put_back = False
        self._size = 0
        self.sent = 0
        self.people = 0
        self.healed: Healed | None = None
        self.more = False

    def run(self) -> None:
        """Hello, keys up, chains, people, parts down, files. A chain of another node that is hindered stops no other.

        Raises what hindered it, once all else is done.
        """
        self._hello()
        self._send_up("keys")
        with self._node.store.reading() as tx:
            self._size = tx.ledger.size()
            origins = sent_to(tx, self._hub)
            heads = [(held_head(tx, origin), confirmed_heads(tx, self._hub).get(origin)) for origin in origins[1:]]
        self._send_own(origins[0])
        for head, held in heads:
            if head.number > (held.number if held else 0):
                self._send_other(head.node, held or Head(head.node))
        for one in parts.UP:
            if one.name != "keys":
                self._send_up(one.name)
        self._take_down()
        self.more = fetch(self._node, self._hub)
        if self._hindered is not None:
            raise self._hindered

    def _hello(self) -> None:
        """Ask whether anything differs; write what the hub says it holds, its name, its clock."""
        node, hub = self._node, self._hub
        with node.store.reading() as tx:
            mine = known(tx)
            said: dict[str, Any] = {"talk": TALK, "time": node.now(), "state": state_digest(tx, node, hub)}
            if (hub["state"] or {}).get("told_name") != mine.name:
                said["name"] = mine.name
            head = held_head(tx, mine.id).number
            if head != confirmed_of(tx, hub, mine.id)["number"]:
                said["head"] = head
        try:
            given = ask(node, hub, HELLO, said)
        except NotFound:
            raise Refused("peer.version-hub", here=TALK, there=1) from None
        self._hub_time = text_part(given, "time", 40)
        held = None
        if "chains" in given:
            held = _held_rows(part(given, "chains", dict))
            held |= self._rest_of_vector(given)
            self._up, self._down = _digests(given, "up"), _digests(given, "down")
        node.store.write(lambda tx: self._keep_hello(tx, given, held, mine.name))

    def _rest_of_vector(self, given: dict[str, Any]) -> dict[str, Head]:
        found: dict[str, Head] = {}
        page = part(given, "chains", dict)
        while page.get("more"):
            after = str(page["more"])
            page = ask(self._node, self._hub, VECTOR, {"talk": TALK, "after": after})
            found |= _held_rows(page)
            if page.get("more") and str(page["more"]) <= after:
                raise Invalid("peer.part", part="more", wanted="a later chain")
        return found

    def _keep_hello(self, tx: Transaction, given: dict[str, Any], held: dict[str, Head] | None, name: str) -> None:
        node = self._node
        row = tx.tables.get(PEER, self._hub["node"]) or self._hub
        seen: dict[str, Any] = {"clock_offset_ms": clock_offset_ms(given, node), "last_contact_at": node.now()}
        state = {**(row["state"] or {}), "told_name": name}
        if held is not None:
            seen |= {"name": text_part(given, "name"), "country": text_part(given, "country", 2)}
            state["holds_identities"] = part(given, "holds_identities", bool)
            before = confirmed_heads(tx, self._hub)
            for origin in {*sent_to(tx, self._hub), *before}:
                there = held.get(origin, Head(origin))
                # Less than it has confirmed: it was put back to an older state, and lost other things as well.
                self._put_back |= origin in before and there.number < before[origin].number
                confirm(tx, node, self._hub, there)
        self._hub = {**row, **seen, "state": state}
        tx.tables.put(PEER, self._hub)

    def _send_own(self, mine: str) -> None:
        """Send this node's own chain; fetch back first what the hub holds of it and this node does not."""
        node = self._node
        with node.store.reading() as tx:
            held = confirmed_heads(tx, self._hub).get(mine, Head(mine))
            fits = is_held_here(held, place_of(tx, mine, held.number))
        if not fits:
            self.healed = heal(node, self._hub, mine, held)
            self._size += self.healed.fetched  # which the hub has, for they came from there
        self._send(held)

    def _send_other(self, origin: str, held: Head) -> None:
        """Send the chain of a node below. What hinders it is kept for the end: the others are not to wait for it."""
        with self._node.store.reading() as tx:
            fits = is_held_here(held, place_of(tx, origin, held.number))
        try:
            if not fits:
                raise Conflict("chain.fork", node=origin, number=held.number)
            self._send(held)
        except Unavailable:
            raise
        except ElearnError as error:
            with self._node.store.reading() as tx:
                name = name_of(tx, origin)
            found = Conflict("chain.below", name=name, node=origin, why=error.code, number=error.details.get("number"))
            self._hindered = self._hindered or found

    def _send(self, held: Head) -> None:
        """Send all that follows ``held``, batch by batch. Write: that it is confirmed, what was kept apart."""
        while True:
            with self._node.store.reading() as tx:
                batch = next_batch(tx, self._node, held)
            if batch is None:
                return
            said, last = ask(self._node, self._hub, ENTRIES, pack(batch)), batch.last
            there = _head_in(part(part(said, "held", dict), held.node, dict), held.node)
            if there.number < last.number or (there.number == last.number and there.digest != last.digest):
                raise Unavailable("peer.strange-answer", reason=f"sent up to {last.number}, held up to {there.number}")
            self._confirm_sent(last, part(said, "apart", list))
            self.sent += len(batch.statements)
            held = last

    def _confirm_sent(self, last: Head, apart: list[Any]) -> None:
        node = self._node

        def work(tx: Transaction) -> None:
            # Never more than what was sent and compared here, even if the hub has heard of more.
            confirm(tx, node, self._hub, last)
            if last.node == fact(tx, "id"):
                for one in apart:
                    tx.tables.put(QUARANTINE, apart_row(node, last.node, "entry", one))

        node.store.write(work)

    def _note_size(self, tx: Transaction) -> None:
        """Note how many entries there were when this exchange began, all of which the hub has now."""
        row = tx.tables.get(PEER, self._hub["node"])
        if row is not None and self._hindered is None:
            tx.tables.put(PEER, {**row, "state": {**(row["state"] or {}), "size": self._size}})

    def _send_up(self, name: str) -> None:
        """Tell the hub a part, page by page; note each page it has taken."""
        node, hub = self._node, self._hub
        one = next(one for one in parts.UP if one.name == name)
        with node.store.reading() as tx:
            digest = parts.here(tx, node, hub).get(name, "")
            again = bool(digest) and (self._put_back or (self._up is not None and self._up.get(name) != digest))
            pages = one.pages(tx, node, hub, again)
        for value, whole in pages:
            answer = ask(node, hub, UP, {"part": name, "value": value, "digest": whole})
            count = node.store.write(partial(_confirmed, one=one, node=node, hub=hub, value=value, answer=answer))
            if name == "people":
                self.people += count

    def _take_down(self) -> None:
        """Take the parts that differ, all in one question; note those that are the same."""
        node, hub = self._node, self._hub
        there = self._down if self._down is not None else parts.kept(hub, "down")
        kept = parts.kept(hub, "down")
        differing = [one for one in parts.DOWN if there.get(one.name) and there[one.name] != kept.get(one.name)]
        given: dict[str, Any] = {}
        if differing:
            with node.store.reading() as tx:
                wanted = {one.name: one.wanted(tx, node, hub) for one in differing}
            given = part(ask(node, hub, DOWN, {"parts": wanted}), "parts", dict)

        def work(tx: Transaction) -> None:
            self._note_size(tx)
            for name in kept.keys() - there.keys():
                parts.keep(tx, hub["node"], "down", name, "")
            for one in parts.DOWN:
                if one not in differing:
                    if there.get(one.name):
                        one.same(tx, node, hub, self._hub_time)
                elif one.name in given and one.take(tx, node, hub, given[one.name]):
                    parts.keep(tx, hub["node"], "down", one.name, there[one.name])
            row = tx.tables.get(PEER, hub["node"]) or hub
            # A file the hub made before that, and that comes by hand later, has nothing newer (`courier_reading`).
            time = text_of(instant_of(self._hub_time))
            tx.tables.put(PEER, {**row, "state": {**(row["state"] or {}), "hub_time": time}})

        node.store.write(work)


def _confirmed(tx: Transaction, *, one: parts.Up, node: Node, hub: Row, value: Any, answer: dict[str, Any]) -> int:
    return one.confirmed(tx, node, hub, value, answer)


def state_digest(tx: Transaction, node: Node, hub: Row) -> str:
    """Return what a node says in its hello: all that both sides should agree on, as this side has it."""
    state = hub["state"] or {}
    about_hub = [hub["name"], hub["country"], bool(state.get("holds_identities"))]
    chains = digest_of_heads(confirmed_heads(tx, hub).values())
    return whole_digest(about_hub, chains, parts.kept(hub, "down"), parts.here(tx, node, hub))


def whole_digest(about_hub: list[Any], chains: str, down: dict[str, str], up: dict[str, str]) -> str:
    """Return the one digest two sides compare. down, up: of the parts, without those there is nothing of."""
    return digest_of([about_hub, chains, down, up])[:SHORT]


def name_of(tx: Transaction, node: str) -> str:
    """Return what a node below is called, its id if that is not known."""
    keys = tx.tables.select(TRUSTED_KEY, {"node": node}, limit=1)
    return str(keys[0]["node_name"] or node) if keys else node


def hub_of(tx: Transaction) -> Row | None:
    """Return the row of PEER of the hub this node is enrolled with, None if there is none."""
    hub = str(fact(tx, "hub", "") or "")
    return tx.tables.get(PEER, hub) if hub else None


def _held_rows(page: dict[str, Any]) -> dict[str, Head]:
    found = {}
    for row in part(page, "held", list):
        if not isinstance(row, list) or len(row) != 3:
            raise Invalid("peer.part", part="held", wanted="triples of node, number, digest")
        value = dict(zip(("node", "number", "digest"), row, strict=True))
        origin = text_part(value, "node", 64)
        found[origin] = _head_in(value, origin)
    return found


def _head_in(value: dict[str, Any], origin: str) -> Head:
    return Head(origin, number_part(value, "number"), hex_part(value, "digest", 32).hex())


def _digests(given: dict[str, Any], way: str) -> dict[str, str]:
    return {str(name): str(digest) for name, digest in part(given, way, dict).items()}
