"""Printed recovery codes: a new PIN at night, with no supervisor and no e-mail.

A code is 50 random bits, so it is kept as SHA-256; using one is counted like a sign-in, answered like a wrong one
for unknown officers, recorded in the ledger, and told to the officer.
"""

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import RECOVERY_CODE
from elearn.core.vocab.pins import check_pin, fold_number, fold_pin
from elearn.core.xapi.canonical import sha256_hex
from elearn.ports import Ids, Transaction
from elearn.services.accounts import Notice, Session, prove, tell
from elearn.services.audit import pin_reset
from elearn.services.delays import give_back, take_try
from elearn.services.node import Node
from elearn.services.pin_keeping import candidates, keep_pin
from elearn.services.record import record_in

CODES = 8
CODE_LETTERS = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to mistake
_MISREAD = str.maketrans("ILO", "110")


def new_recovery_codes(node: Node, by: Session, pin: str, device: str) -> list[str]:
    """Return eight fresh codes ("7KQ2M-X9RPT") to be printed, shown once; earlier ones are void.

    The PIN is asked again: who finds an unlocked PC must not leave with a key to it. Raises Refused as `prove`.
    """
    prove(node, by, pin, device)
    codes = [_code(node.ids) for _ in range(CODES)]

    def work(tx: Transaction) -> None:
        tx.tables.delete(RECOVERY_CODE, {"person": by.person})
        for code in codes:
            row = {"person": by.person, "code_digest": _digest(by.person, code), "made_at": node.now()}
            tx.tables.put(RECOVERY_CODE, row)
        give_back(tx, fold_number(by.service_number), device)

    node.store.write(work)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(node: Node, by: Session) -> int:
    """Return how many unused recovery codes the officer has."""
    with node.store.reading() as tx:
        return tx.tables.count(RECOVERY_CODE, {"person": by.person})


def use_recovery_code(
    node: Node, service_number: str, code: str, new_pin: str, *, device: str, agency: str = ""
) -> None:
    """Set a new PIN with a printed code, which is then used up; all sessions of the officer end.

    Raises Invalid with a code of `pin_problem`; Refused("sign-in.wait", wait_s=); Refused("recovery.wrong", wait_s=)
    for an unknown number, a closed account and a wrong or used code alike.
    """
    number, pin = fold_number(service_number), fold_pin(new_pin)
    check_pin(pin, number)
    if_it_fails_s = take_try(node, number, device)
    folded = _fold_code(code)
    people = [person for person, account in candidates(node, number, agency) if account["active"]]
    with node.store.reading() as tx:
        owners = [row["id"] for row in people if tx.tables.get(RECOVERY_CODE, row["id"], _digest(row["id"], folded))]
    pin_hash = node.passwords.hash(pin)  # for a wrong code too: the time must not tell

    def work(tx: Transaction) -> bool:
        person = owners[0]
        used = {"person": person, "code_digest": _digest(person, folded)}
        if not tx.tables.delete(RECOVERY_CODE, used):
            return False
        keep_pin(tx, person, pin_hash, must_change=False)
        give_back(tx, number, device)
        tell(tx, person, Notice("notice.recovery-code-used", node.now(), ""))
        record_in(tx, node, pin_reset(tx, node, person, person, "recovery-code"))
        return True

    if not owners or not node.store.write(work):
        raise Refused("recovery.wrong", wait_s=if_it_fails_s)


def _code(ids: Ids) -> str:
    number = int(sha256_hex(ids.secret(32).encode()), 16)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LETTERS))


def _fold_code(code: str) -> str:
    letters = fold_number(code).replace("-", "").translate(_MISREAD)
    return letters[: CODE_LETTERS + 1]


def _digest(person: str, code: str) -> str:
    return sha256_hex(f"{person} {code}".encode())
