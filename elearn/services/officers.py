"""What an administrator does for officers: adding one, correcting, resetting PINs, roles, closing accounts.

Nobody is ever deleted here: what somebody learned belongs to the ledger, and an account can only be closed.
"""

from dataclasses import dataclass

from elearn.core.roster.form import OfficerForm, filled, tidied
from elearn.core.roster.words import clean
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.pins import fold_number
from elearn.core.vocab.roles import Permission, Role
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import not_before
from elearn.ports import Transaction
from elearn.services.accounts import Notice, Session, demand, tell
from elearn.services.audit import deactivated, pin_reset, role_given
from elearn.services.delays import forget_tries
from elearn.services.node import About, Node, fact, keep_fact, known
from elearn.services.pin_keeping import ONE_TIME_PIN_DIGITS, account_of, end_sessions, keep_pin, random_pin
from elearn.services.record import record_in

PARTICULARS = ("name", "service_number", "country", "agency", "post", "sex", "rank_band")


@dataclass(frozen=True)
class Officer:
    """One line of the administrator's list. must_change_pin: signed in never, or not since the last reset."""

    person: str
    name: str
    service_number: str
    country: str
    agency: str
    post: str
    sex: str
    rank_band: str
    role: Role
    language: str
    active: bool
    must_change_pin: bool
    created_at: str


@dataclass(frozen=True)
class Added:
    """pin: to be given to the officer once, shown nowhere again; "" where the form brought one."""

    person: str
    pin: str


def officers(node: Node, by: Session, words: str = "") -> list[Officer]:
    """Return officers with an account, by name; only those with ``words`` in name, service number or post."""
    demand(by, Permission.MANAGE_OFFICERS)
    wanted, number = clean(words).casefold(), fold_number(words)
    with node.store.reading() as tx:
        accounts = {account["person"]: account for account in tx.tables.select(ACCOUNT)}
        people = tx.tables.select(PERSON, order=("name",))
    found = []
    for person in people:
        text = f"{person['name']}\n{person['post'] or ''}".casefold()
        if person["id"] in accounts and (wanted in text or (number and number in person["service_number"])):
            found.append(_officer(person, accounts[person["id"]]))
    return found


def officer(node: Node, by: Session, person: str) -> Officer:
    """Return one officer. Raises NotFound("officer.unknown")."""
    demand(by, Permission.MANAGE_OFFICERS)
    with node.store.reading() as tx:
        return _officer(*_both(tx, person))


def add_officer(node: Node, by: Session, form: OfficerForm) -> Added:
    """Open an account. What is left blank is taken from the post; without a PIN, a one-time PIN is made.

    Raises Invalid("form.fields", fields={field: code}): codes of `tidied`, "service-number.taken",
    "language.not-offered", "name.unprintable", "name.too-wide". The PIN has to be changed at the first sign-in,
    whoever chose it.
    """
    demand(by, Permission.MANAGE_OFFICERS)
    tidy, problems = tidied(form)
    problems = {**unprintable(node, tidy.name), **problems}
    with node.store.reading() as tx:
        mine = known(tx)
    tidy = filled(tidy, defaults(mine))
    if tidy.language not in mine.languages:
        problems.setdefault("language", "language.not-offered")
    if problems:
        raise Invalid("form.fields", fields=problems)
    if tidy.role == Role.OFFICER.value:
        node.must(Power.HOLD_IDENTITIES)
    pin = tidy.pin or random_pin(node.ids, ONE_TIME_PIN_DIGITS, tidy.service_number)
    pin_hash, person = node.passwords.hash(pin), node.ids.new()

    def work(tx: Transaction) -> None:
        if tx.tables.select(PERSON, {"agency": tidy.agency, "service_number": tidy.service_number}):
            raise Invalid("form.fields", fields={"service_number": "service-number.taken"})
        open_account(tx, node, person, tidy, pin_hash)
        count_sharers(tx, tidy.service_number)
        record_in(tx, node, role_given(tx, node, by.person, person, Role(tidy.role)))

    node.store.write(work)
    return Added(person, "" if tidy.pin else pin)


def change_officer(node: Node, by: Session, person: str, form: OfficerForm) -> None:
    """Correct the particulars of an officer; blanks leave what is there. Role and PIN have their own errands.

    What the ledger says about earlier days keeps the particulars of those days.
    Raises Invalid("form.fields", fields=), NotFound("officer.unknown").
    """
    demand(by, Permission.MANAGE_OFFICERS)
    tidy, problems = tidied(form)
    problems = {**unprintable(node, tidy.name), **problems}
    if problems:
        raise Invalid("form.fields", fields=problems)

    def work(tx: Transaction) -> None:
        row, _ = _both(tx, person)
        said = {column: getattr(tidy, column) for column in PARTICULARS if getattr(tidy, column)}
        changed = {**row, **said, "changed_at": not_before(node.now(), row["changed_at"])}
        others = tx.tables.select(PERSON, {name: changed[name] for name in ("agency", "service_number")})
        if any(other["id"] != person for other in others):
            raise Invalid("form.fields", fields={"service_number": "service-number.taken"})
        tx.tables.put(PERSON, changed)
        count_sharers(tx, changed["service_number"])

    node.store.write(work)


def reset_pin(node: Node, by: Session, person: str) -> str:
    """Return a one-time PIN for an officer who forgot the own one, to be handed over by the supervisor.

    The officer's sessions end, waits are forgotten, the officer is told who did it, the ledger keeps it.
    Raises Refused("officer.own-pin") for one's own account, NotFound("officer.unknown").
    """
    demand(by, Permission.MANAGE_OFFICERS)
    if person == by.person:
        raise Refused("officer.own-pin")
    number = officer(node, by, person).service_number
    pin = random_pin(node.ids, ONE_TIME_PIN_DIGITS, number)
    pin_hash = node.passwords.hash(pin)

    def work(tx: Transaction) -> None:
        _both(tx, person)
        keep_pin(tx, person, pin_hash, must_change=True)
        forget_tries(tx, number)
        tell(tx, person, Notice("notice.pin-reset", node.now(), by.name))
        record_in(tx, node, pin_reset(tx, node, by.person, person, "supervisor"))

    node.store.write(work)
    return pin


def set_role(node: Node, by: Session, person: str, role: Role) -> None:
    """Give an officer another role. Raises Refused("officer.last-administrator"), NotFound("officer.unknown")."""
    demand(by, Permission.MANAGE_OFFICERS)

    def work(tx: Transaction) -> None:
        _, account = _both(tx, person)
        if account["role"] == role.value:
            return
        if role is not Role.ADMINISTRATOR:
            _keep_an_administrator(tx, account)
        change_role(tx, node, by, person, role)

    node.store.write(work)


def deactivate(node: Node, by: Session, person: str) -> None:
    """Close an account; sessions end, nothing is deleted. Raises as `set_role`."""
    demand(by, Permission.MANAGE_OFFICERS)

    def work(tx: Transaction) -> None:
        _, account = _both(tx, person)
        if not account["active"]:
            return
        _keep_an_administrator(tx, account)
        tx.tables.put(ACCOUNT, {**account, "active": 0})
        end_sessions(tx, person)
        record_in(tx, node, deactivated(tx, node, by.person, person))

    node.store.write(work)


def activate(node: Node, by: Session, person: str) -> None:
    """Open a closed account again, with role and PIN as they were. Raises NotFound("officer.unknown")."""
    demand(by, Permission.MANAGE_OFFICERS)

    def work(tx: Transaction) -> None:
        _, account = _both(tx, person)
        if account["active"]:
            return
        tx.tables.put(ACCOUNT, {**account, "active": 1})
        tell(tx, person, Notice("notice.activated", node.now(), by.name))
        record_in(tx, node, role_given(tx, node, by.person, person, Role(account["role"])))

    node.store.write(work)


def defaults(mine: About) -> dict[str, str]:
    """Return what a new officer of this node has where nothing was said."""
    return {
        "country": mine.country,
        "agency": mine.agency,
        "post": mine.name,
        "sex": "undisclosed",
        "role": Role.OFFICER.value,
        "language": mine.languages[0],
    }


def open_account(
    tx: Transaction, node: Node, person: str, form: OfficerForm, pin_hash: str, *, must_change: bool = True
) -> None:
    """Write person and account of a tidied and filled form; what is recorded of it is the caller's part."""
    now = node.now()
    said = {column: getattr(form, column) for column in PARTICULARS}
    tx.tables.put(PERSON, {"id": person, **said, "changed_at": now})
    account = {"person": person, "role": form.role, "pin_hash": pin_hash, "language": form.language}
    flags = {"active": 1, "must_change_pin": int(must_change), "notice": [], "created_at": now}
    tx.tables.put(ACCOUNT, {**account, **flags})


def unprintable(node: Node, name: str) -> dict[str, str]:
    """Return {"name": code} for a name no certificate can carry: better told now than after the exam, else {}."""
    if node.press.unprintable(name):
        return {"name": "name.unprintable"}
    return {"name": "name.too-wide"} if node.press.too_wide(name) else {}


def change_role(tx: Transaction, node: Node, by: Session, person: str, role: Role) -> None:
    """Store and record another role, and have the officer told; who may is the caller's part."""
    tx.tables.put(ACCOUNT, {**account_of(tx, person), "role": role.value})
    if person != by.person:
        tell(tx, person, Notice("notice.role-given", node.now(), by.name, role.value))
    record_in(tx, node, role_given(tx, node, by.person, person, role))


def count_sharers(tx: Transaction, number: str) -> None:
    """Keep how many officers share one service number at most: sign-in does as much work for every number."""
    sharing = tx.tables.count(PERSON, {"service_number": number})
    if sharing > int(fact(tx, "number_shared_by", 1)):
        keep_fact(tx, "number_shared_by", sharing)


def _keep_an_administrator(tx: Transaction, account: Row) -> None:
    if account["role"] != Role.ADMINISTRATOR.value or not account["active"]:
        return
    if tx.tables.count(ACCOUNT, {"role": Role.ADMINISTRATOR.value, "active": 1}) < 2:
        raise Refused("officer.last-administrator")


def _both(tx: Transaction, person: str) -> tuple[Row, Row]:
    row, account = tx.tables.get(PERSON, person), tx.tables.get(ACCOUNT, person)
    if row is None or account is None:
        raise NotFound("officer.unknown", person=person)
    return row, account


def _officer(person: Row, account: Row) -> Officer:
    return Officer(
        person=person["id"],
        **{column: person[column] or "" for column in PARTICULARS},
        role=Role(account["role"]),
        language=account["language"] or "",
        active=bool(account["active"]),
        must_change_pin=bool(account["must_change_pin"]),
        created_at=account["created_at"],
    )
