"""Tries at a secret, counted before the secret is looked at and kept over a restart.

Counting first is what makes a hundred guesses sent at once no better than a hundred sent one by one.
"""

from datetime import datetime, timedelta
from math import ceil

from elearn.core.vocab.delays import DEVICE_LIMIT, NUMBER_LIMIT, Limit, delay_s
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import SIGN_IN_DELAY
from elearn.core.vocab.tables import Row, Span
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import sha256_hex
from elearn.ports import Transaction
from elearn.services.node import Node


def take_try(node: Node, number: str, device: str) -> int:
    """Count one try for this folded service number on this device; return the wait in seconds if it fails.

    Raises Refused("sign-in.wait", wait_s=) while there is still a wait from before; that try is not counted.
    """
    wait_s, if_it_fails_s = node.store.write(lambda tx: _take(tx, node.clock.now(), number, device))
    if wait_s:
        raise Refused("sign-in.wait", wait_s=wait_s)
    return if_it_fails_s


def give_back(tx: Transaction, number: str, device: str) -> None:
    """Forget the failures of the number, which was proven, and the one try of the device.

    The device's other failures stay: one's own right PIN must not buy tries at other people's.
    """
    forget_tries(tx, number)
    row = tx.tables.get(SIGN_IN_DELAY, _device(device))
    if row and row["failures"] > 1:
        tried_at = instant_of(row["not_before"]) - timedelta(seconds=delay_s(DEVICE_LIMIT, row["failures"]))
        tx.tables.put(SIGN_IN_DELAY, {**row, "failures": row["failures"] - 1, "not_before": text_of(tried_at)})
    elif row:
        tx.tables.delete(SIGN_IN_DELAY, {"subject": row["subject"]})


def forget_tries(tx: Transaction, number: str) -> None:
    """Forget all failures of a folded service number."""
    tx.tables.delete(SIGN_IN_DELAY, {"subject": _number(number)})


def _take(tx: Transaction, now: datetime, number: str, device: str) -> tuple[int, int]:
    day_ago = text_of(now - timedelta(seconds=NUMBER_LIMIT.forget_s))
    tx.tables.delete(SIGN_IN_DELAY, {"not_before": Span(before=day_ago)})
    subjects = ((_number(number), NUMBER_LIMIT), (_device(device), DEVICE_LIMIT))
    rows = [(_row(tx, now, subject, limit), limit) for subject, limit in subjects]
    wait_s = max(_wait_s(row, now) for row, _ in rows)
    if wait_s <= 0:
        rows = [({**row, "failures": row["failures"] + 1}, limit) for row, limit in rows]
        for row, limit in rows:
            not_before = now + timedelta(seconds=delay_s(limit, row["failures"]))
            tx.tables.put(SIGN_IN_DELAY, {**row, "not_before": text_of(not_before)})
    return max(wait_s, 0), max(delay_s(limit, row["failures"]) for row, limit in rows)


def _row(tx: Transaction, now: datetime, subject: str, limit: Limit) -> Row:
    row = tx.tables.get(SIGN_IN_DELAY, subject)
    if row is None or instant_of(row["not_before"]) < now - timedelta(seconds=limit.forget_s):
        return {"subject": subject, "failures": 0, "not_before": text_of(now)}
    allowed_s = delay_s(limit, row["failures"])
    if _wait_s(row, now) > allowed_s:
        # The clock went back (no battery, a power cut): nobody shall wait for decades, nor be let off.
        row = {**row, "not_before": text_of(now + timedelta(seconds=allowed_s))}
        tx.tables.put(SIGN_IN_DELAY, row)
    return row


def _wait_s(row: Row, now: datetime) -> int:
    return ceil((instant_of(row["not_before"]) - now).total_seconds())


def _number(number: str) -> str:
    # A digest, because people type PINs into the wrong field, and this table is no place for them.
    return f"number:{sha256_hex(number.encode())[:32]}"


def _device(device: str) -> str:
    return f"device:{device[:100]}"
