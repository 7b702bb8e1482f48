"""Officers from a sheet: the whole of it checked first, then taken in one transaction, or not at all.

Who is not in the sheet stays as before: a list is never a reason to delete anybody. And a service number that
belongs to another name is a question, not a change: records must not slide from one person to the next.
"""

from dataclasses import dataclass

from elearn.core.roster.form import OfficerForm, filled
from elearn.core.roster.sheet import RosterFinding, Sheet, SheetRow, lines_said_twice, read_sheet
from elearn.core.vocab.kept import ACCOUNT, PERSON
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission, Role
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import not_before
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.audit import role_given
from elearn.services.node import Node, keep_fact, known
from elearn.services.officers import change_role, defaults, open_account
from elearn.services.pin_keeping import START_PIN_DIGITS, digest_of_start_pin, random_pin
from elearn.services.record import record_in

MOST_PINS = 500  # each costs a slow hash; five hundred are half a minute on a small machine


@dataclass(frozen=True)
class StartPin:
    """To be printed and handed over once; kept nowhere in this form."""

    service_number: str
    agency: str
    name: str
    pin: str


@dataclass(frozen=True)
class Change:
    """One field of an officer that was here already. line: of the sheet."""

    line: int
    person: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class ImportReport:
    """What a sheet does, or did. done: it was taken; findings: by line, those that stop and those that only tell."""

    added: int
    changed: int
    unchanged: int
    findings: tuple[RosterFinding, ...]
    changes: tuple[Change, ...]
    start_pins: tuple[StartPin, ...]
    done: bool


@dataclass(frozen=True)
class _Plan:
    new: list[tuple[SheetRow, str]]
    changes: list[Change]
    unchanged: int
    findings: list[RosterFinding]

    @property
    def stops(self) -> bool:
        return any(finding.stops for finding in self.findings)


def import_officers(
    node: Node, by: Session, data: bytes, *, check_only: bool = False, names_may_change: bool = False
) -> ImportReport:
    """Take a CSV sheet of officers, whole or not at all; what is wrong stands in the report, by line.

    data: the file's bytes, see `read_sheet`. check_only: tell what it would do. names_may_change: a number that is
    here under another name is a correction of the name; otherwise finding "import.other-name" stops the sheet.
    Further codes: import.double (value: the first line), import.too-many-pins, language.not-offered,
    officer.last-administrator; and those that only tell: import.pin-ignored, import.inactive.
    """
    demand(by, Permission.MANAGE_OFFICERS)
    node.must(Power.HOLD_IDENTITIES)
    sheet = read_sheet(data)
    sheet = _printable(node, sheet)
    with node.store.reading() as tx:
        plan = _plan(tx, sheet, names_may_change)
    if check_only or plan.stops:
        return _report(plan, (), done=False)
    pin_hashes = {row.line: node.passwords.hash(row.form.pin) for row, _ in plan.new if row.form.pin}

    def work(tx: Transaction) -> ImportReport:
        # Planned again on what is here now: another administrator may have been at it.
        final = _plan(tx, sheet, names_may_change)
        if final.stops:
            return _report(final, (), done=False)
        return _report(final, _take(tx, node, by, final, pin_hashes), done=True)

    return node.store.write(work)


def _printable(node: Node, sheet: Sheet) -> Sheet:
    """Note the names no certificate can carry, now and not after the exam."""
    found = [
        RosterFinding(row.line, "name", "name.unprintable", signs)
        for row in sheet.rows
        if (signs := node.press.unprintable(row.form.name))
    ]
    found += [
        RosterFinding(row.line, "name", "name.too-wide", row.form.name)
        for row in sheet.rows
        if node.press.too_wide(row.form.name)
    ]
    return Sheet(sheet.rows, tuple(sorted((*sheet.findings, *found), key=lambda one: one.line)))


def _plan(tx: Transaction, sheet: Sheet, names_may_change: bool) -> _Plan:
    mine = known(tx)
    findings = [*sheet.findings, *lines_said_twice(sheet.rows, mine.agency)]
    rows = [SheetRow(row.line, filled(row.form, {"agency": mine.agency})) for row in sheet.rows]
    here = {
        (person["agency"], person["service_number"]): person
        for agency in {row.form.agency for row in rows}
        for person in tx.tables.select(PERSON, {"agency": agency})
    }
    accounts = {account["person"]: account for account in tx.tables.select(ACCOUNT)}
    new: list[tuple[SheetRow, str]] = []
    changes: list[Change] = []
    unchanged = 0
    for row in rows:
        person = here.get((row.form.agency, row.form.service_number))
        account = accounts.get(person["id"]) if person else None
        findings += _row_findings(row, person, account, mine.languages, names_may_change)
        if person is None or account is None:
            so_far = {name: person[name] or "" for name in _CORRECTED} if person else {}
            form = filled(filled(row.form, so_far), defaults(mine))
            new.append((SheetRow(row.line, form), person["id"] if person else ""))
            continue
        differing = _changes(row, person, account)
        changes += differing
        unchanged += not differing
    if sum(bool(row.form.pin) for row, _ in new) > MOST_PINS:
        findings.append(RosterFinding(1, "pin", "import.too-many-pins", str(MOST_PINS)))
    findings += _administrators_gone(changes, accounts)
    return _Plan(new, changes, unchanged, sorted(findings, key=lambda found: found.line))


def _row_findings(
    row: SheetRow, person: Row | None, account: Row | None, languages: tuple[str, ...], names_may_change: bool
) -> list[RosterFinding]:
    form, found = row.form, []
    if person and person["name"] != form.name and not names_may_change:
        found.append(RosterFinding(row.line, "name", "import.other-name", person["name"]))
    if form.language and form.language not in languages:
        found.append(RosterFinding(row.line, "language", "language.not-offered", form.language))
    if account and form.pin:
        found.append(RosterFinding(row.line, "pin", "import.pin-ignored", stops=False))
    if account and not account["active"]:
        found.append(RosterFinding(row.line, "", "import.inactive", form.service_number, stops=False))
    return found


def _changes(row: SheetRow, person: Row, account: Row) -> list[Change]:
    """What the sheet says otherwise; a blank cell says nothing. The language is the officer's own choice by now."""
    known_as = {**{name: person[name] or "" for name in _CORRECTED}, "role": account["role"]}
    said = {name: getattr(row.form, name) for name in known_as}
    return [
        Change(row.line, person["id"], name, old, said[name])
        for name, old in known_as.items()
        if said[name] and said[name] != old
    ]


_CORRECTED = ("name", "sex", "country", "post", "rank_band")


def _administrators_gone(changes: list[Change], accounts: dict[str, Row]) -> list[RosterFinding]:
    administrator = Role.ADMINISTRATOR.value
    now = {who for who, account in accounts.items() if account["role"] == administrator and account["active"]}
    demoted = [change for change in changes if change.field == "role" and change.person in now]
    if now - {change.person for change in demoted}:
        return []
    return [RosterFinding(change.line, "role", "officer.last-administrator", change.new) for change in demoted]


def _take(tx: Transaction, node: Node, by: Session, plan: _Plan, pin_hashes: dict[int, str]) -> tuple[StartPin, ...]:
    pins, statements = [], []
    for row, known_person in plan.new:
        person = known_person or node.ids.new()
        pin_hash, pin = pin_hashes.get(row.line, ""), ""
        if not pin_hash:
            pin = random_pin(node.ids, START_PIN_DIGITS, row.form.service_number)
            pin_hash = digest_of_start_pin(person, pin)
            pins.append(_start_pin(row.form, pin))
        open_account(tx, node, person, row.form, pin_hash)
        statements.append(role_given(tx, node, by.person, person, Role(row.form.role)))
    for change in plan.changes:
        if change.field != "role":
            row_now = tx.tables.get(PERSON, change.person) or {}
            changed_at = not_before(node.now(), row_now.get("changed_at"))
            tx.tables.put(PERSON, {**row_now, change.field: change.new, "changed_at": changed_at})
    record_in(tx, node, *statements)
    for change in plan.changes:
        if change.field == "role":
            change_role(tx, node, by, change.person, Role(change.new))
    shared = max((row["n"] for row in tx.tables.group(PERSON, ("service_number",))), default=1)
    keep_fact(tx, "number_shared_by", shared)
    return tuple(pins)


def _start_pin(form: OfficerForm, pin: str) -> StartPin:
    return StartPin(form.service_number, form.agency, form.name, pin)


def _report(plan: _Plan, pins: tuple[StartPin, ...], *, done: bool) -> ImportReport:
    changed = len({change.person for change in plan.changes})
    findings = tuple(plan.findings)
    return ImportReport(len(plan.new), changed, plan.unchanged, findings, tuple(plan.changes), pins, done)
