"""Which certificates a batch or a list is made of: a course, a unit, a period, a session; and which of them cannot be
printed here, and why, before anything is begun.

Who prints for others is told names this post keeps anyway. Administrators and coordinators choose among all; a trainer
among those of an own session.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from elearn.core.credential.certificate_batch import BY_NAME, FORMS, ORDERS, PDF
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.dates import start_of_day
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import PAPER_SESSION, PAPER_SHEET, PERSON
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.people import Agency
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row, Span, Where
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, known
from elearn.services.packages import current_packages, package_if_held
from elearn.services.paper_sessions import session_row
from elearn.services.revocations import revoked_at

MOST_IN_BATCH = 5000
REVOKED, EXPIRED, NO_PERSON, SIGNS, TOO_LONG = "revoked", "expired", "no-person", "signs", "too-long"
WHY_NOT = (REVOKED, EXPIRED, NO_PERSON, SIGNS, TOO_LONG)
"""Why a certificate cannot be printed here, as `found` tells before and `Part.left_out` afterwards."""


@dataclass(frozen=True)
class Choice:
    """What shall be printed. Each "" = all; since, until: days (ISO) of issue; session: id of one in a classroom;
    language: of the certificates, "" = each as it was taken; order: one of ORDERS; form: one of FORMS."""

    course: str = ""
    agency: str = ""
    post: str = ""
    since: str = ""
    until: str = ""
    session: str = ""
    language: str = ""
    order: str = BY_NAME
    form: str = PDF

    @property
    def asked(self) -> dict[str, str]:
        """Return what was chosen, without what was left open."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Chosen:
    """A certificate that was found, with its holder's row, None where the identity is not kept here."""

    row: Row
    person: Row | None

    @property
    def number(self) -> str:
        """Return its number."""
        return str(self.row["number"])

    @property
    def name(self) -> str:
        """Return its holder's name, "" where it is not kept here."""
        return str(self.person["name"]) if self.person else ""


@dataclass(frozen=True)
class Found:
    """What was found. good: can be printed, in order; cannot: one of WHY_NOT -> those."""

    good: tuple[Chosen, ...] = ()
    cannot: dict[str, tuple[Chosen, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class HeldSession:
    """A session in a classroom. title: of its course."""

    id: str
    title: str
    held_on: str
    place: str


@dataclass(frozen=True)
class Options:
    """What can be chosen from here: (value, words). may_all: among all officers, else those of own sessions only."""

    may_all: bool
    courses: tuple[tuple[str, str], ...]
    posts: tuple[str, ...]
    sessions: tuple[HeldSession, ...]


def choice_of(said: Mapping[str, str]) -> Choice:
    """Return what a form says. said: `from` and `to` are days. Raises Invalid("figures.date" | "figures.dates-turned" |
    "figures.value-unknown", value=)."""
    given = {"since": said.get("from", ""), "until": said.get("to", "")}
    given |= {name: said.get(name, "").strip() for name in ("course", "agency", "post", "session", "language")}
    choice = Choice(order=said.get("order") or BY_NAME, form=said.get("form") or PDF, **given)
    days = [_day(text) for text in (choice.since, choice.until) if text]
    if len(days) == 2 and days[1] < days[0]:
        raise Invalid("figures.dates-turned", since=choice.since, until=choice.until)
    known_values: tuple[tuple[str, Any], ...] = (
        (choice.order, ORDERS),
        (choice.form, FORMS),
        (choice.language, ("", *LANGUAGES)),
        (choice.agency, ("", *(one.value for one in Agency))),
    )
    for value, allowed in known_values:
        if value not in allowed:
            raise Invalid("figures.value-unknown", value=value)
    return choice


def may_choose(tx: Transaction, node: Node, by: Session, choice: Choice) -> None:
    """Let who prints for others through, and a trainer for an own session.

    Raises Refused("permission" | "printing.own-session" | "node.power"), NotFound("session.unknown").
    """
    node.must(Power.HOLD_IDENTITIES)
    demand(by, Permission.PRINT_CERTIFICATES)
    if by.may(Permission.CHOOSE_CERTIFICATES):
        return
    if not choice.session or session_row(tx, choice.session)["trainer"] != by.person:
        raise Refused("printing.own-session")


def options(node: Node, by: Session, language: str) -> Options:
    """Return what this account can choose from. Raises Refused("permission")."""
    demand(by, Permission.PRINT_CERTIFICATES)
    may_all = by.may(Permission.CHOOSE_CERTIFICATES)
    with node.store.reading() as tx:
        titles = {one.course.id: str(one.words(language).get("title") or one.course.id) for one in current_packages(tx)}
        held = tx.tables.select(PAPER_SESSION, {} if may_all else {"trainer": by.person}, ("-held_on",))
        issued = {str(row["course"] or "") for row in tx.tables.group(CERTIFICATE, ("course",))} - {""}
        posts = {str(row["post"] or "") for row in tx.tables.group(PERSON, ("post",))} - {""}
    named = sorted((titles.get(one, one), one) for one in issued)
    sessions = [
        HeldSession(row["id"], titles.get(str(row["course"]), str(row["course"])), row["held_on"], row["place"])
        for row in held
    ]
    if not may_all:
        return Options(False, (), (), tuple(sessions))
    return Options(True, tuple((course, title) for title, course in named), tuple(sorted(posts)), tuple(sessions))


def found(node: Node, by: Session, choice: Choice, language: str) -> Found:
    """Return what a choice comes to. language: whose order of names is taken. Raises as `may_choose`."""
    with node.store.reading() as tx:
        may_choose(tx, node, by, choice)
        return found_in(tx, node, choice, language)


def found_in(tx: Transaction, node: Node, choice: Choice, language: str) -> Found:
    """Return what a choice comes to, for whom it may concern. Raises Refused("printing.too-many", limit=)."""
    rows = [row for row in tx.tables.select(CERTIFICATE, _where(tx, choice), ("number",)) if row["issued_at"]]
    if len(rows) > 4 * MOST_IN_BATCH:
        raise Refused("printing.too-many", limit=MOST_IN_BATCH)
    of_unit = [one for row in rows if _is_of_unit((one := Chosen(row, tx.tables.get(PERSON, row["person"]))), choice)]
    now, good, cannot = node.now(), list[Chosen](), dict[str, list[Chosen]]()
    for one in of_unit:
        why = _why_not(tx, node, one, now)
        if why:
            cannot.setdefault(why, []).append(one)
        else:
            good.append(one)
    if len(good) > MOST_IN_BATCH:
        raise Refused("printing.too-many", limit=MOST_IN_BATCH)
    sort = sorting(node, choice, language)
    return Found(tuple(sorted(good, key=sort)), {why: tuple(sorted(cannot[why], key=sort)) for why in cannot})


def sorting(node: Node, choice: Choice, language: str) -> Any:
    """Return what certificates are sorted by: name in the order of the language, or number."""
    of = choice.language or (language if language in LANGUAGES else SOURCE)
    if choice.order == BY_NAME:
        return lambda one: (node.collation.key(of, one.name), one.number)
    return lambda one: one.number


def course_title(tx: Transaction, row: Row, language: str) -> str:
    """Return the title of a certificate's course as it was taken, its id where the package is not held here."""
    package = package_if_held(tx, row["digest"])
    return str(package.words(language).get("title", row["course"])) if package else str(row["course"])


def _where(tx: Transaction, choice: Choice) -> Where:
    where: Where = {"course": choice.course} if choice.course else {}
    country = known(tx).country
    if choice.since or choice.until:
        where["issued_at"] = Span(
            at_least=start_of_day(_day(choice.since), country) if choice.since else None,
            before=start_of_day(_day(choice.until) + timedelta(days=1), country) if choice.until else None,
        )
    if choice.session:
        sheets = tx.tables.select(PAPER_SHEET, {"session": session_row(tx, choice.session)["id"]})
        where["attempt"] = tuple(str(one["attempt"]) for one in sheets if one["done_at"])
    return where


def _is_of_unit(one: Chosen, choice: Choice) -> bool:
    if not choice.agency and not choice.post:
        return True
    person = one.person or {"agency": None, "post": None}
    return (not choice.agency or person["agency"] == choice.agency) and (
        not choice.post or person["post"] == choice.post
    )


def _why_not(tx: Transaction, node: Node, one: Chosen, now: str) -> str:
    if revoked_at(tx, one.number):
        return REVOKED
    if one.row["expires_at"] and one.row["expires_at"] < now:
        return EXPIRED
    if one.person is None:
        return NO_PERSON
    if node.press.unprintable(one.name):
        return SIGNS
    return TOO_LONG if node.press.too_wide(one.name) else ""


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("figures.date", value=text) from None
    if day.isoformat() != text or not 1900 <= day.year <= 9000:
        raise Invalid("figures.date", value=text)
    return day
