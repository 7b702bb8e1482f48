"""An officer takes the own record along to another post: what goes into the file, and who signs for it.

PIN, recovery codes, role and how pages look stay: the other post gives an account of its own.
"""

from elearn.core.ledger.entry import Entry
from elearn.core.projections.base import VOIDED_IDS
from elearn.core.sync.carried import STAYING, Carried, Part, pack, part_message, part_words
from elearn.core.sync.sealed import code_from, parse_code, seal
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import BROUGHT_PART, PERSON, TRUSTED_KEY
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Keys, Transaction
from elearn.services.accounts import Session, demand
from elearn.services.brought import brought_about
from elearn.services.node import About, Node, known
from elearn.services.receiving_people import person_said

SECRET_BYTES = 32


def new_code(node: Node) -> str:
    """Return a code for one file, to be shown once and kept nowhere."""
    return code_from(node.ids.new())


def record_file(node: Node, by: Session, code: str) -> bytes:
    """Return the sealed file of one's own record. code: as shown to the officer.

    Raises Refused("pin.must-change"), Invalid("carried.code" | "carried.too-large"), NotFound("person.unknown").
    """
    demand(by, Permission.LEARN)
    code = parse_code(code)
    with node.store.reading() as tx:
        keys = node.keys.present()
        content = pack(_carried(tx, node, by, keys), keys.sign)
    return seal(content, code, node.ids.secret(SECRET_BYTES))


def key_signs(key_id: str) -> str:
    """Return the id of a key as people read it to each other: ``3f2a 91c0 77de 0b14``."""
    return " ".join(key_id[at : at + 4] for at in range(0, len(key_id), 4))


def _carried(tx: Transaction, node: Node, by: Session, keys: Keys) -> Carried:
    person, mine = tx.tables.get(PERSON, by.person), known(tx)
    if person is None:
        raise NotFound("person.unknown", person=by.person)
    return Carried(
        person=person_said(person),
        language=by.language or mine.languages[0],
        node=mine.id,
        name=mine.name,
        country=mine.country,
        made_at=node.now(),
        demo=mine.demo,
        parts=parts_about(tx, keys, mine, by.person),
        public_key=keys.public_key,
    )


def parts_about(tx: Transaction, keys: Keys, mine: About, person: str) -> tuple[Part, ...]:
    """Return what this node says, what others said as they signed it, and what came of others by exchange."""
    said = _said_by_node(tx, person)
    brought = {row["node"]: row for row in tx.tables.select(BROUGHT_PART, {"person": person})}
    names = {row["node"]: (row["node_name"], row["country"]) for row in tx.tables.select(TRUSTED_KEY)}
    names[mine.id] = (mine.name, mine.country)
    parts = []
    for origin in sorted({*said, *brought, mine.id}):
        entries = said.get(origin, [])
        row = brought.get(origin)
        if row is not None and origin != mine.id and max((one.number for one in entries), default=0) <= row["last"]:
            parts.append(_as_brought(row))
        elif entries:
            name, country = names.get(origin, (origin, mine.country))
            parts.append(_signed_here(keys, person, origin, (name or origin, country or mine.country), entries))
    return tuple(parts)


def _said_by_node(tx: Transaction, person: str) -> dict[str, list[Entry]]:
    """Return origin -> its entries about the person's learning, by number; what was voided does not travel."""
    held = [entry for one in tx.ledger.about(person) if (entry := tx.ledger.find(one.id))]
    found: dict[str, list[Entry]] = {}
    for entry in (*held, *brought_about(tx, person)):
        voided = tx.tables.count(VOIDED_IDS, {"id": entry.statement.id})
        if entry.statement.verb not in STAYING and not voided:
            found.setdefault(entry.node, []).append(entry)
    return {origin: sorted(entries, key=lambda one: one.number) for origin, entries in found.items()}


def _signed_here(keys: Keys, person: str, origin: str, named: tuple[str, str], entries: list[Entry]) -> Part:
    name, country = named
    words = part_words(person, origin, name, country, entries)
    return Part(person, origin, name, country, tuple(entries), words, keys.public_key, keys.sign(part_message(words)))


def _as_brought(row: Row) -> Part:
    return Part(
        row["person"], row["node"], row["name"], row["country"], (), row["words"], row["public_key"], row["signature"]
    )
