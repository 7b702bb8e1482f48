"""Signing in and staying signed in: sessions, notices, language, and changing one's own PIN.

Slow hashing happens between transactions, never inside one. An unknown service number and a wrong PIN get the same
answer after the same work, so that nobody can find out who serves here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from elearn.core.vocab.display import Display, display_of
from elearn.core.vocab.errors import Invalid, Refused, Unavailable
from elearn.core.vocab.kept import ACCOUNT, DISPLAY, PERSON, SESSION
from elearn.core.vocab.pins import check_pin, fold_number, fold_pin
from elearn.core.vocab.roles import Permission, Role, may
from elearn.core.vocab.tables import Row, Span
from elearn.core.vocab.times import instant_of, text_of
from elearn.core.xapi.canonical import sha256_hex
from elearn.ports import Transaction
from elearn.services.delays import give_back, take_try
from elearn.services.node import Node, fact, keep_fact, known
from elearn.services.pin_keeping import account_of, candidates, keep_pin, pin_matches

IDLE_LOCK_S = 20 * 60
LONGEST_SESSION_S = 12 * 3600
SEEN_EVERY_S = 60
SECRET_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """token: for the cookie, shown nowhere else; person: whose session it is."""

    token: str
    person: str


@dataclass(frozen=True)
class Notice:
    """Something done to one's account by somebody else. code: "notice.pin-reset" | "notice.role-given" |
    "notice.recovery-code-used" | "notice.activated" | "notice.try-given" | "notice.certificate-revoked" |
    "notice.certificate-reissued" | "notice.revocation-proposed"; at: when; by: the person's name; role:
    given, if one was."""

    code: str
    at: str
    by: str
    role: str = ""


@dataclass(frozen=True)
class Session:
    """Who is signed in. id: digest of the token; language: of the account; notices: not yet put away, oldest first;
    display: how the officer wants pages to look, None = never said."""

    id: str
    person: str
    name: str
    service_number: str
    role: Role
    language: str
    csrf: str
    must_change_pin: bool
    notices: tuple[Notice, ...]
    started_at: str
    display: Display | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether the account may do this; not before a PIN given by others was changed."""
        return not self.must_change_pin and may(self.role, permission)


def demand(by: Session, permission: Permission) -> None:
    """Raise Refused("pin.must-change") or Refused("permission", permission=) unless the session may do this."""
    if by.must_change_pin:
        raise Refused("pin.must-change")
    if not may(by.role, permission):
        raise Refused("permission", permission=permission.value)


def sign_in(node: Node, service_number: str, pin: str, device: str, agency: str = "") -> SignedIn:
    """Open a session for an officer. device: what tells devices apart, for example the address; agency: "" if unsaid.

    Raises Refused: "sign-in.wait" (wait_s) before anything is looked at; "sign-in.wrong" (wait_s until the next try)
    for an unknown number and a wrong PIN alike; and only after a right PIN "sign-in.which-agency" (agencies) where
    several officers share number and PIN, "sign-in.inactive" where the account is closed.
    """
    number = fold_number(service_number)
    if_it_fails_s = take_try(node, number, device)
    right = _right(node, number, fold_pin(pin), agency)
    if not right:
        raise Refused("sign-in.wrong", wait_s=if_it_fails_s)
    if len(right) > 1:
        node.store.write(lambda tx: give_back(tx, number, device))
        raise Refused("sign-in.which-agency", agencies=sorted(person["agency"] for person, _ in right))
    person, account = right[0]
    token = node.ids.secret(SECRET_BYTES)
    fresh = {"token_digest": digest_of_token(token), "person": person["id"], "csrf": node.ids.secret(SECRET_BYTES)}

    def work(tx: Transaction) -> bool:
        give_back(tx, number, device)
        return _open(tx, node.clock.now(), account, fresh)

    if not node.store.write(work):
        raise Refused("sign-in.inactive")
    return SignedIn(token, str(person["id"]))


def session(node: Node, token: str) -> Session | None:
    """Return the session of a cookie's token, None if there is none, it lay idle too long, or lasted too long."""
    if not token or len(token) > 200:
        return None
    token_digest = digest_of_token(token)
    now = node.clock.now()
    with node.store.reading() as tx:
        row = tx.tables.get(SESSION, token_digest)
        found = row and _live(row, now, int(fact(tx, "idle_lock_s", IDLE_LOCK_S))) and _session(tx, row)
    if not row or not found:
        return None
    if now - instant_of(row["seen_at"]) >= timedelta(seconds=SEEN_EVERY_S):
        _keep_seen(node, token_digest, now)
    return found


def sign_out(node: Node, token: str) -> None:
    """End the session. Nothing happens if there is none."""
    token_digest = digest_of_token(token)
    node.store.write(lambda tx: tx.tables.delete(SESSION, {"token_digest": token_digest}))


def change_pin(node: Node, by: Session, old_pin: str, new_pin: str, device: str) -> None:
    """Change one's own PIN; all other sessions of the officer end, this one goes on.

    Raises Invalid with a code of `core.vocab.pins.pin_problem` or "pin.same"; Refused as `prove` does.
    """
    pin = fold_pin(new_pin)
    check_pin(pin, by.service_number)
    if pin == fold_pin(old_pin):
        raise Invalid("pin.same")
    prove(node, by, old_pin, device)
    pin_hash = node.passwords.hash(pin)

    def work(tx: Transaction) -> None:
        keep_pin(tx, by.person, pin_hash, must_change=False, keep_session=by.id)
        give_back(tx, fold_number(by.service_number), device)

    node.store.write(work)


def set_language(node: Node, by: Session, language: str) -> None:
    """Keep the language an officer chose. Raises Invalid("language.unknown") for one that is not offered here."""

    def work(tx: Transaction) -> None:
        if language not in known(tx).languages:
            raise Invalid("language.unknown", language=language)
        tx.tables.put(ACCOUNT, {**account_of(tx, by.person), "language": language})

    node.store.write(work)


def set_display(node: Node, by: Session, display: Display) -> None:
    """Keep how an officer wants pages to look: they look so wherever the officer signs in on this node."""
    node.store.write(lambda tx: tx.tables.put(DISPLAY, {"person": by.person, **vars(display)}))


def put_notices_away(node: Node, by: Session) -> None:
    """Forget the notices this session has shown; one that came since stays."""

    def work(tx: Transaction) -> None:
        account = account_of(tx, by.person)
        shown = [vars(notice) for notice in by.notices]
        left = [notice for notice in account["notice"] or [] if notice not in shown]
        tx.tables.put(ACCOUNT, {**account, "notice": left})

    node.store.write(work)


def keep_idle_lock(node: Node, by: Session, minutes: int) -> None:
    """Set after how many idle minutes sessions end, 2 to 240. Raises Invalid("idle-lock.range")."""
    demand(by, Permission.MANAGE_NODE)
    if not 2 <= minutes <= 240:
        raise Invalid("idle-lock.range", minutes=minutes)
    node.store.write(lambda tx: keep_fact(tx, "idle_lock_s", minutes * 60))


def prove(node: Node, by: Session, pin: str, device: str) -> None:
    """Check the PIN of who is signed in already, counted like a sign-in; the caller gives the try back.

    An unlocked PC must not give its finder a free run at the PIN.
    Raises Refused("sign-in.wait", wait_s=) or Refused("pin.wrong", wait_s=).
    """
    if_it_fails_s = take_try(node, fold_number(by.service_number), device)
    with node.store.reading() as tx:
        account = account_of(tx, by.person)
    if not pin_matches(node, account, fold_pin(pin)):
        raise Refused("pin.wrong", wait_s=if_it_fails_s)


def tell(tx: Transaction, person: str, notice: Notice) -> None:
    """Have the officer told at the next page after signing in."""
    account = account_of(tx, person)
    tx.tables.put(ACCOUNT, {**account, "notice": [*(account["notice"] or []), vars(notice)]})


def digest_of_token(token: str) -> str:
    """Return what is stored of a random token: no salt, no slowness, for there is nothing to guess."""
    return sha256_hex(token.encode(errors="surrogatepass"))


def _right(node: Node, number: str, pin: str, agency: str) -> list[tuple[Row, Row]]:
    """Everybody whose number and PIN these are. As many hashes for every number, shared or not, known or not."""
    found = candidates(node, number, agency)
    with node.store.reading() as tx:
        checks = 1 if agency else int(fact(tx, "number_shared_by", 1))
    matching = [pair for pair in found if pin_matches(node, pair[1], pin)]
    for _ in range(checks - len(found)):
        pin_matches(node, None, pin)
    return matching


def _open(tx: Transaction, now: datetime, account: Row, fresh: Row) -> bool:
    current = tx.tables.get(ACCOUNT, account["person"])
    # Looked at again: the PIN may have been reset, or the account closed, while its hash was computed.
    if not current or not current["active"] or current["pin_hash"] != account["pin_hash"]:
        return False
    tx.tables.delete(SESSION, {"started_at": Span(before=text_of(now - timedelta(seconds=LONGEST_SESSION_S)))})
    tx.tables.put(SESSION, {**fresh, "started_at": text_of(now), "seen_at": text_of(now)})
    return True


def _live(row: Row, now: datetime, idle_lock_s: int) -> bool:
    idle_s = (now - instant_of(row["seen_at"])).total_seconds()
    age_s = (now - instant_of(row["started_at"])).total_seconds()
    # A clock that went back by more than a trifle ends sessions: it could keep a forgotten one open for years.
    return -SEEN_EVERY_S <= idle_s < idle_lock_s and age_s < LONGEST_SESSION_S


def _session(tx: Transaction, row: Row) -> Session | None:
    account = tx.tables.get(ACCOUNT, row["person"])
    person = tx.tables.get(PERSON, row["person"])
    display = tx.tables.get(DISPLAY, row["person"])
    if not account or not person or not account["active"]:
        return None
    return Session(
        id=row["token_digest"],
        person=row["person"],
        name=person["name"],
        service_number=person["service_number"],
        role=Role(account["role"]),
        language=account["language"] or "",
        csrf=row["csrf"],
        must_change_pin=bool(account["must_change_pin"]),
        notices=tuple(Notice(**notice) for notice in account["notice"] or []),
        started_at=row["started_at"],
        display=_display(display),
    )


def _display(row: Row | None) -> Display | None:
    # Names of a later version are no reason to refuse pages.
    return display_of(f"{row['size']}.{row['lines']}.{row['colours']}") if row else None


def _keep_seen(node: Node, token_digest: str, now: datetime) -> None:
    def work(tx: Transaction) -> None:
        # Read again: the officer may have signed out meanwhile, and must stay so.
        row = tx.tables.get(SESSION, token_digest)
        if row:
            tx.tables.put(SESSION, {**row, "seen_at": text_of(now)})

    try:
        node.store.write(work)
    except Unavailable:
        # A full or read-only disk: pages can still be read, and the lock merely comes early.
        return
