"""An officer from another post: an administrator looks at the file the officer brought, and takes it in.

Nobody lets themselves in: the administrator sees who it is and whose signature it is, and hands over a one-time PIN.
The file is believed where the hub vouches for the key that signed it; otherwise only when the administrator says that
the signs of the key were compared with the other post. Taken in twice, it changes nothing.
"""

from dataclasses import dataclass

from elearn.core.projections.base import certificate_of, place_of
from elearn.core.roster.form import OfficerForm, tidied
from elearn.core.sync.carried import Carried, Part, unpack
from elearn.core.sync.sealed import parse_code, unseal
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import ACCOUNT, BROUGHT_PART, PERSON, QUARANTINE, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.pins import fold_number
from elearn.core.vocab.roles import Permission, Role
from elearn.core.vocab.tables import Row
from elearn.core.xapi.verbs import CERTIFIED, COMPLETED
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.audit import role_given
from elearn.services.brought import brought_find
from elearn.services.carrying import key_signs
from elearn.services.node import About, Node, known
from elearn.services.officers import PARTICULARS, count_sharers, open_account
from elearn.services.pin_keeping import ONE_TIME_PIN_DIGITS, random_pin
from elearn.services.receiving import OTHER_CONTENT
from elearn.services.receiving_people import checked_person, keep_newer_person
from elearn.services.record import bring_in, record_in

OWN, VOUCHED, PASSED_ON, COMPARED, UNKNOWN, LOST = "own", "vouched", "passed-on", "compared", "unknown", "lost"
BROUGHT = "brought"
"""Kind of what lies in quarantine."""
_COMPARE = {UNKNOWN, LOST}
"""What an administrator has to compare with the other post before it is taken."""


@dataclass(frozen=True)
class ArrivingPart:
    """What one post says of the officer. trust: "own" | "vouched" | "passed-on" by a post that is vouched for |
    "unknown" | "lost" (its key was reported lost: to be compared as an unknown one is); key: the signs of the key that
    signed, to be compared; fresh: how many records are not here yet."""

    name: str
    country: str
    trust: str
    key: str
    records: int
    fresh: int


@dataclass(frozen=True)
class Arriving:
    """What is in a file, before anything is taken. role and PIN are not in it.

    post: the officer's own; made_by, made_at: which node made the file, when by its clock; here: an account is here
    already; trusted: nothing needs to be compared; key: the signs of the key that signed the whole.
    """

    person: str
    name: str
    service_number: str
    agency: str
    post: str
    rank_band: str
    made_by: str
    made_at: str
    parts: tuple[ArrivingPart, ...]
    courses: int
    lessons: int
    certificates: tuple[str, ...]
    here: bool
    trusted: bool
    key: str


@dataclass(frozen=True)
class Arrived:
    """What was taken. pin: one-time, to be given once; "" where the officer had an account here, which stays as it is.

    fresh: records that are new here; apart: records that say otherwise than what is known here, and were not taken.
    """

    person: str
    name: str
    service_number: str
    pin: str
    fresh: int
    known: int
    apart: int
    active: bool


def look_at(node: Node, by: Session, file: bytes, code: str) -> Arriving:
    """Return what is in a file; nothing is stored.

    Raises Refused("permission" | "node.power"), Invalid("carried.*") as `sealed` and `carried` do, and as `_must_fit`.
    """
    return look_at_carried(node, by, _opened(node, by, file, code))


def look_at_carried(node: Node, by: Session, carried: Carried) -> Arriving:
    """Return what is in a record, however it came; nothing is stored. Raises as `look_at`."""
    _must_manage(node, by)
    with node.store.reading() as tx:
        person = _must_fit(tx, carried)
        return _arriving(tx, node, carried, person)


def take_in(node: Node, by: Session, file: bytes, code: str, compared: bool = False) -> Arrived:
    """Take in a file: the person, an account with a one-time PIN unless there is one, and what was learned elsewhere.

    compared: the administrator has compared the signs of the keys with the posts they are said to be of.
    Raises as `look_at`, and Refused("carried.unknown-key") where something needs to be compared and was not.
    """
    return take_in_carried(node, by, _opened(node, by, file, code), compared)


def take_in_carried(node: Node, by: Session, carried: Carried, compared: bool = False) -> Arrived:
    """Take in a record, however it came. Raises as `take_in`."""
    _must_manage(node, by)
    number = str(carried.person.get("service_number") or "")
    pin = random_pin(node.ids, ONE_TIME_PIN_DIGITS, number)
    pin_hash = node.passwords.hash(pin)  # slow, so not inside the write

    def work(tx: Transaction) -> Arrived:
        person = _must_fit(tx, carried)
        return _Taking(tx, node, by.person, carried).take(person, pin, pin_hash, compared)

    return node.store.write(work)


def take_late(tx: Transaction, node: Node, carried: Carried) -> int:
    """Take in what other nodes have said since of an officer who has an account here, inside a write; return how much.

    Raises as `_must_fit`, Refused("carried.unknown-key") for what the hub does not vouch for.
    """
    person = _must_fit(tx, carried)
    taking = _Taking(tx, node, "", carried)
    taking.must_be_known(compared=False)
    keep_newer_person(tx, person)
    return taking.take_parts()


def _must_manage(node: Node, by: Session) -> None:
    demand(by, Permission.MANAGE_OFFICERS)
    node.must(Power.HOLD_IDENTITIES)


def _opened(node: Node, by: Session, file: bytes, code: str) -> Carried:
    _must_manage(node, by)
    return unpack(unseal(file, parse_code(code)), node.keys.check)


def _must_fit(tx: Transaction, carried: Carried) -> Row:
    """Return the identity in the file.

    Raises Invalid("carried.form"), Refused: "carried.demo" (a demonstration and a real post are not mixed),
    "carried.other-country" (country=; identities stay in their country), "carried.number-taken" (name=, number=).
    """
    mine = known(tx)
    person = _sound(carried)
    if carried.demo != mine.demo:
        raise Refused("carried.demo")
    if person["country"] != mine.country:
        raise Refused("carried.other-country", country=person["country"])
    same = tx.tables.select(PERSON, {"agency": person["agency"], "service_number": person["service_number"]})
    other = next((row for row in same if row["id"] != person["id"]), None)
    if other is not None:
        raise Refused("carried.number-taken", name=other["name"], number=other["service_number"])
    return person


def _sound(carried: Carried) -> Row:
    """Return the identity, held to the rules of the form officers are added by."""
    try:
        person = checked_person(carried.person)
    except Invalid as error:
        raise Invalid("carried.form", reason=str(error)[:300]) from None
    said = {name: str(person[name] or "") for name in PARTICULARS}
    _, problems = tidied(OfficerForm(**said))
    if problems or fold_number(said["service_number"]) != said["service_number"]:
        raise Invalid("carried.form", reason=f"particulars: {sorted(problems)}")
    return person


def _arriving(tx: Transaction, node: Node, carried: Carried, person: Row) -> Arriving:
    parts = tuple(_arriving_part(tx, node, carried, one) for one in carried.parts)
    said = [entry.statement for part in carried.parts for entry in part.entries]
    read = {(one.course, place_of(one)) for one in said if one.verb == COMPLETED and place_of(one)[:1] == ("lesson",)}
    signer = _signer(tx, node, carried)
    return Arriving(
        person=person["id"],
        name=person["name"],
        service_number=person["service_number"],
        agency=person["agency"],
        post=person["post"] or "",
        rank_band=person["rank_band"] or "",
        made_by=carried.name,
        made_at=carried.made_at,
        parts=parts,
        courses=len({one.course for one in said if one.course}),
        lessons=len(read),
        certificates=tuple(sorted({certificate_of(one) or "" for one in said if one.verb == CERTIFIED})),
        here=tx.tables.get(ACCOUNT, person["id"]) is not None,
        trusted=not {signer, *(one.trust for one in parts)} & _COMPARE,
        key=key_signs(carried.key_id),
    )


def _arriving_part(tx: Transaction, node: Node, carried: Carried, part: Part) -> ArrivingPart:
    def held(statement_id: str) -> bool:
        return tx.ledger.find(statement_id) is not None or brought_find(tx, statement_id) is not None

    fresh = sum(not held(entry.statement.id) for entry in part.entries)
    trust = _trust(tx, node, carried, part)
    return ArrivingPart(part.name, part.country, trust, key_signs(part.key_id), len(part.entries), fresh)


def _signer(tx: Transaction, node: Node, carried: Carried) -> str:
    """Return how far the key that signed the whole is known."""
    return _standing_of(tx, node, known(tx), carried.node, carried.key_id)


def _trust(tx: Transaction, node: Node, carried: Carried, part: Part) -> str:
    """Return how far the key that signed a part is known. A post that is vouched for may pass on parts of posts this
    node knows no key of; what claims to be of a known post must be signed by that post, or by the hub."""
    found = _standing_of(tx, node, known(tx), part.node, part.key_id)
    if found != UNKNOWN or _signer(tx, node, carried) in _COMPARE:
        return found
    return UNKNOWN if tx.tables.count(TRUSTED_KEY, {"node": part.node}) else PASSED_ON


def _standing_of(tx: Transaction, node: Node, mine: About, origin: str, key_id: str) -> str:
    if key_id == node.keys.key_id:
        return OWN
    row = tx.tables.get(TRUSTED_KEY, key_id)
    if row is not None and row["lost_from"]:
        return LOST
    # A key that was renewed is gone for good, so what it signed was signed before; one that was only given up is not.
    if row is None or (row["valid_until"] and not row["succeeded_by"]):
        return UNKNOWN
    return VOUCHED if row["node"] in {origin, mine.hub} - {""} else UNKNOWN


class _Taking:
    """One file being taken in, inside one write."""

    def __init__(self, tx: Transaction, node: Node, by: str, carried: Carried) -> None:
        self._tx, self._node, self._by, self._carried = tx, node, by, carried
        self._trust = {one.node: _trust(tx, node, carried, one) for one in carried.parts}
        self._counts = {"new": 0, "known": 0, "apart": 0}

    def take(self, person: Row, pin: str, pin_hash: str, compared: bool) -> Arrived:
        """Take person, account and parts. Raises Refused("carried.unknown-key")."""
        self.must_be_known(compared)
        opened = self._let_in(person, pin_hash)
        self.take_parts()
        account = self._tx.tables.get(ACCOUNT, person["id"]) or {}
        return Arrived(
            person=person["id"],
            name=person["name"],
            service_number=person["service_number"],
            pin=pin if opened else "",
            fresh=self._counts["new"],
            known=self._counts["known"],
            apart=self._counts["apart"],
            active=bool(account.get("active")),
        )

    def must_be_known(self, compared: bool) -> None:
        """Raise Refused("carried.unknown-key") where something needs to be compared and was not."""
        signer = _signer(self._tx, self._node, self._carried)
        if {signer, *self._trust.values()} & _COMPARE and not compared:
            raise Refused("carried.unknown-key", name=self._carried.name)

    def take_parts(self) -> int:
        """Take what each node has said; return how many records were new."""
        for part in self._carried.parts:
            self._take_part(part)
            self._keep_words(part, self._trust[part.node])
        return self._counts["new"]

    def _let_in(self, person: Row, pin_hash: str) -> bool:
        """Keep the identity and open an account unless there is one; return whether one was opened."""
        tx, mine = self._tx, known(self._tx)
        if tx.tables.get(ACCOUNT, person["id"]) is not None:
            return False  # who has an account here is changed here only
        offered = self._carried.language in mine.languages
        said = {name: str(person[name] or "") for name in PARTICULARS}
        form = OfficerForm(
            **said, role=Role.OFFICER.value, language=self._carried.language if offered else mine.languages[0]
        )
        held = tx.tables.get(PERSON, person["id"])
        open_account(tx, self._node, person["id"], form, pin_hash)
        tx.tables.put(PERSON, held or person)  # as it was said there, and when: nothing of it was changed here
        keep_newer_person(tx, person)
        count_sharers(tx, person["service_number"])
        record_in(tx, self._node, role_given(tx, self._node, self._by, person["id"], Role.OFFICER))
        return True

    def _take_part(self, part: Part) -> None:
        for entry in part.entries:
            came_to = bring_in(self._tx, entry)
            self._counts[came_to] += 1
            if came_to == "apart":
                said = entry.statement
                place = {"id": said.id, "node": entry.node, "digest": entry.digest, "kind": BROUGHT, "number": None}
                told = {"reason": OTHER_CONTENT, "entry": said.body, "seen_at": self._node.now()}
                self._tx.tables.put(QUARANTINE, {**place, **told})

    def _keep_words(self, part: Part, trust: str) -> None:
        """Keep what was signed, to be handed on word for word; what this node said itself it says anew."""
        row = self._tx.tables.get(BROUGHT_PART, part.person, part.node)
        if part.node == known(self._tx).id or (row is not None and row["last"] >= part.last):
            return
        self._tx.tables.put(
            BROUGHT_PART,
            {
                "person": part.person,
                "node": part.node,
                "name": part.name,
                "country": part.country,
                "last": part.last,
                "words": part.words,
                "public_key": part.public_key,
                "signature": part.signature,
                "trust": COMPARED if trust in _COMPARE else trust,
                "taken_by": self._by,
                "taken_at": self._node.now(),
            },
        )
