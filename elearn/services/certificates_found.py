"""Finding certificates for those who may take them back: by number, officer, course, post, session and days."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from elearn.core.content.version import without_build
from elearn.core.credential.number import parse_number
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.roster.words import clean
from elearn.core.stats.measures import first_day, last_day, span_of
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import BROUGHT_PART, PAPER_SESSION, PAPER_SHEET, PEER, PERSON, REVOCATION, TRUSTED_KEY
from elearn.core.vocab.pins import fold_number
from elearn.core.vocab.revoking import REPLACED
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row, Span, Where
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, known
from elearn.services.packages import Package, current_package, package_if_held
from elearn.services.revocations import TakenBack, judged
from elearn.services.standing_above import has_a_word

MOST_SHOWN = 50


@dataclass(frozen=True)
class Sought:
    """What certificates are looked for by, as typed; "" = whatever. words: number, name, service number or post of the
    officer; course, node: ids; version: as printed; session: id of a session in a classroom; since, until: days of
    issue, both included."""

    words: str = ""
    course: str = ""
    version: str = ""
    node: str = ""
    session: str = ""
    since: str = ""
    until: str = ""

    def said(self) -> dict[str, str]:
        """Return what is asked for, by name of the field."""
        return {name: value for name, value in asdict(self).items() if value}


FIELDS = tuple(field.name for field in fields(Sought))


@dataclass(frozen=True)
class Line:
    """A certificate in a list. name, service_number: "" where the identity is not kept here; title, language: of the
    course; post: where it was issued; state: "valid" | "expired" | "revoked" | "replaced"."""

    number: str
    name: str
    service_number: str
    course: str
    title: str
    language: str
    version: str
    post: str
    issued_at: str
    expires_at: str
    state: str


@dataclass(frozen=True)
class Found:
    """lines: the newest first, at most MOST_SHOWN of total; good: how many of all found are not taken back yet, 0
    where nothing was asked for."""

    lines: tuple[Line, ...]
    total: int
    good: int


@dataclass(frozen=True)
class Choices:
    """What can be chosen from: (id, words) of courses, posts and sessions with certificates."""

    courses: tuple[tuple[str, str], ...]
    posts: tuple[tuple[str, str], ...]
    sessions: tuple[tuple[str, str], ...]


def find(node: Node, by: Session, sought: Sought, language: str) -> Found:
    """Return the certificates found. Raises Refused("permission"), Invalid("figures.date" | "figures.dates-turned")."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    now = node.now()
    with node.store.reading() as tx:
        where = conditions(tx, sought)
        rows = tx.tables.select(CERTIFICATE, where, ("-issued_at",), MOST_SHOWN)
        words = Words(tx, language)
        return Found(
            lines=tuple(words.line(row, now) for row in rows),
            total=tx.tables.count(CERTIFICATE, where),
            good=len(good_numbers(tx, sought)) if sought.said() else 0,
        )


def choices(node: Node, by: Session, language: str) -> Choices:
    """Return what certificates can be looked for by. Raises Refused("permission")."""
    demand(by, Permission.REVOKE_CERTIFICATE)
    with node.store.reading() as tx:
        words = Words(tx, language)
        courses = [row["course"] for row in tx.tables.group(CERTIFICATE, ("course",), {"issued_at": Span()})]
        nodes = [row["node"] for row in tx.tables.group(CERTIFICATE, ("node",), {"issued_at": Span()})]
        sessions = tx.tables.select(PAPER_SESSION, None, ("-held_on",))
        return Choices(
            courses=_by_words((str(one), words.title(str(one))[0]) for one in courses if one),
            posts=_by_words((str(one), words.post(str(one))) for one in nodes if one),
            sessions=tuple((str(row["id"]), f"{row['held_on']} · {row['place'] or ''}") for row in sessions),
        )


def _by_words(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0])))


def good_numbers(tx: Transaction, sought: Sought) -> list[str]:
    """Return the numbers found that are not taken back yet and may be from here, in order of number."""
    mine, word = known(tx).id, dict[str, bool]()

    def may_be(issuer: str) -> bool:
        if issuer not in word:
            word[issuer] = has_a_word(tx, mine, issuer)
        return word[issuer]

    columns = ("number", "node", "revoked_at", "withdrawn_at", "revoked_kind", "replaced_by")
    rows = tx.tables.group(CERTIFICATE, columns, conditions(tx, sought))
    listed = {row["number"]: row for row in tx.tables.select(REVOCATION)}
    good = [row for row in rows if judged(row, listed.get(row["number"])) is None]
    return sorted(str(row["number"]) for row in good if may_be(str(row["node"] or "")))


def conditions(tx: Transaction, sought: Sought) -> Where:
    """Return the conditions on CERTIFICATE. Raises Invalid("figures.date" | "figures.dates-turned")."""
    where: Where = {"issued_at": _days(tx, sought), **_who(tx, clean(sought.words))}
    where |= {name: value for name in ("course", "node") if (value := getattr(sought, name))}
    if sought.version:
        rows = tx.tables.group(CERTIFICATE, ("version",))
        where["version"] = tuple(
            row["version"] for row in rows if without_build(row["version"] or "") == sought.version
        )
    if sought.session:
        sheets = tx.tables.select(PAPER_SHEET, {"session": sought.session})
        where["attempt"] = tuple(row["attempt"] for row in sheets if row["done_at"])
    return where


def _days(tx: Transaction, sought: Sought) -> Span:
    since, until = first_day(sought.since), last_day(sought.until)
    if since and until and since > until:
        raise Invalid("figures.dates-turned", since=since, until=until)
    return span_of(since, until, known(tx).country)


def _who(tx: Transaction, words: str) -> Where:
    if not words:
        return {}
    try:
        return {"number": parse_number(words)}
    except Invalid:
        pass
    wanted, number = words.casefold(), fold_number(words)
    people = [
        str(row["id"])
        for row in tx.tables.select(PERSON)
        if wanted in f"{row['name']}\n{row['post'] or ''}".casefold() or (number and number in row["service_number"])
    ]
    return {"person": tuple(people)}


class Words:
    """Rows of CERTIFICATE put into words, each name looked up once."""

    def __init__(self, tx: Transaction, language: str) -> None:
        self._tx = tx
        self._language = language
        self._packages: dict[str, Package | None] = {}
        self._posts = {row["node"]: str(row["name"] or "") for row in tx.tables.select(BROUGHT_PART)}
        self._posts |= {row["node"]: str(row["node_name"] or "") for row in tx.tables.select(TRUSTED_KEY)}
        self._posts |= {row["node"]: str(row["name"] or "") for row in tx.tables.select(PEER)}
        mine = known(tx)
        self._posts[mine.id] = mine.name

    def line(self, row: Row, now: str) -> Line:
        """Return a line of a list."""
        person = self._tx.tables.get(PERSON, row["person"]) or {}
        title, language = self.title(str(row["course"] or ""), row["digest"])
        back = judged(row, self._tx.tables.get(REVOCATION, row["number"]))
        return Line(
            number=row["number"],
            name=str(person.get("name") or ""),
            service_number=str(person.get("service_number") or ""),
            course=str(row["course"] or ""),
            title=title,
            language=language,
            version=without_build(row["version"] or ""),
            post=self.post(str(row["node"] or "")),
            issued_at=row["issued_at"],
            expires_at=row["expires_at"] or "",
            state=state_of(row, back, now),
        )

    def title(self, course: str, digest: str | None = None) -> tuple[str, str]:
        """Return (title of a course, its language); the course's id where no version of it is held."""
        key = f"{course} {digest or ''}"
        if key not in self._packages:
            held = package_if_held(self._tx, digest) if digest else None
            self._packages[key] = held or _taught(self._tx, course)
        package = self._packages[key]
        if package is None:
            return course, self._language
        return str(package.words(self._language).get("title", course)), package.language(self._language)

    def post(self, node: str) -> str:
        """Return the name of a node, the beginning of its id where none is known."""
        return self._posts.get(node) or node[:8]

    def name(self, person: str) -> str:
        """Return somebody's name, "" where it is not kept here."""
        row = self._tx.tables.get(PERSON, person)
        return str(row["name"]) if row else ""


def state_of(row: Row, back: TakenBack | None, now: str) -> str:
    """Return "valid" | "expired" | "revoked" | "replaced"."""
    if back:
        return "replaced" if back.kind == REPLACED else "revoked"
    return "expired" if row["expires_at"] and row["expires_at"] < now else "valid"


def _taught(tx: Transaction, course: str) -> Package | None:
    try:
        return current_package(tx, course)
    except NotFound:
        return None
