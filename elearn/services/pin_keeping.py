"""How PINs are kept and compared, and the sessions that end when one is replaced.

A PIN somebody chose is kept as argon2id. The start PINs of an import are random 16 digits and kept as SHA-256: more
work to guess than argon2id makes of six digits, and five thousand of them are written in a second, not in minutes.
"""

from hmac import compare_digest

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON, SESSION
from elearn.core.vocab.pins import LONGEST, pin_problem
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import sha256_hex
from elearn.ports import Ids, Transaction
from elearn.services.node import Node

START_PIN = "start:"
START_PIN_DIGITS = 16
ONE_TIME_PIN_DIGITS = 8


def account_of(tx: Transaction, person: str) -> Row:
    """Return the account. Raises Refused("account.gone") where there is none any more."""
    account = tx.tables.get(ACCOUNT, person)
    if account is None:
        raise Refused("account.gone", person=person)
    return account


def keep_pin(tx: Transaction, person: str, pin_hash: str, *, must_change: bool, keep_session: str = "") -> None:
    """Store a new PIN and end the officer's sessions, but for the one whose id is given."""
    account = account_of(tx, person)
    tx.tables.put(ACCOUNT, {**account, "pin_hash": pin_hash, "must_change_pin": int(must_change)})
    end_sessions(tx, person, keep_session)


def end_sessions(tx: Transaction, person: str, keep_session: str = "") -> None:
    """End all sessions of an officer, but for the one whose id is given."""
    for row in tx.tables.select(SESSION, {"person": person}):
        if row["token_digest"] != keep_session:
            tx.tables.delete(SESSION, {"token_digest": row["token_digest"]})


def digest_of_start_pin(person: str, pin: str) -> str:
    """Return what is stored of the start PIN of an imported officer, see the head of this file."""
    return START_PIN + sha256_hex(f"{person} {pin}".encode())


def pin_matches(node: Node, account: Row | None, pin: str) -> bool:
    """Tell whether this is the account's PIN; the work is the same for no account and for a start PIN."""
    pin_hash = str(account["pin_hash"]) if account else ""
    if account and pin_hash.startswith(START_PIN):
        node.passwords.matches(pin[: LONGEST + 1], "")
        return compare_digest(pin_hash, digest_of_start_pin(str(account["person"]), pin))
    return node.passwords.matches(pin[: LONGEST + 1], pin_hash) and bool(pin_hash)


def candidates(node: Node, number: str, agency: str) -> list[tuple[Row, Row]]:
    """Return (person, account) of everybody with this folded number, of one agency if one is given."""
    where = {"service_number": number, "agency": agency} if agency else {"service_number": number}
    with node.store.reading() as tx:
        people = tx.tables.select(PERSON, where)
        pairs = [(person, tx.tables.get(ACCOUNT, person["id"])) for person in people]
    return [(person, account) for person, account in pairs if account is not None]


def random_pin(ids: Ids, digits: int, service_number: str) -> str:
    """Return a random PIN that would also pass as a chosen one."""
    secret, tries = ids.secret(32), 0
    while True:
        # The remainder of 256 bits is even to one part in 2**200.
        pin = str(int(sha256_hex(f"{secret}{tries}".encode()), 16) % 10**digits).zfill(digits)
        if pin_problem(pin, service_number) is None:
            return pin
        tries += 1
