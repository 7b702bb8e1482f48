"""The coordinator's errands: a report over all this node may see, its files, and the audit entry of each export."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from elearn import __version__
from elearn.core.exports.all import FORMATS
from elearn.core.projections.completions import COMPLETION
from elearn.core.projections.doubtful import DOUBTFUL
from elearn.core.stats.measures import Filters, filters_from
from elearn.core.stats.report import SILENT_DAYS, Report, Silent, Standing, make_report
from elearn.core.stats.words import Words
from elearn.core.vocab.dates import end_of_day, local_date
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import CONFIRMED, PEER
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Where
from elearn.core.vocab.times import instant_of
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.canonical import digest_of
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import EXPORTED
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.clock_guard import clock_uncertain
from elearn.services.counting import count
from elearn.services.followed import with_follow_ups
from elearn.services.node import About, Node, known
from elearn.services.outcomes import outcomes_to_ask_for
from elearn.services.packages import current_packages
from elearn.services.recall import with_recalls
from elearn.services.record import record_in

FIGURES = "https://elearn.invalid/report/figures"
_STEP = 50


@dataclass(frozen=True)
class Export:
    """A file to hand out."""

    name: str
    content_type: str
    data: bytes


def question(node: Node, said: Mapping[str, str]) -> Filters:
    """Return the question a form or a command line asks. Raises Invalid("figures.*")."""
    with node.store.reading() as tx:
        country = known(tx).country
    return filters_from(said, local_date(node.now(), country), country)


def figures(node: Node, by: Session, filters: Filters) -> Report:
    """Return the report. Raises Refused("permission")."""
    demand(by, Permission.SEE_FIGURES)
    with node.store.reading() as tx:
        return _report(tx, node, filters)


def export(node: Node, by: Session, filters: Filters, kind: str, language: str) -> Export:
    """Return the report as a file, and record that it was taken out. kind: a name in `core.exports.all.FORMATS`.

    The same question over the same ledger gives the same bytes. Raises Refused("permission"),
    NotFound("figures.format", format=).
    """
    demand(by, Permission.EXPORT_FIGURES)
    if kind not in FORMATS:
        raise NotFound("figures.format", format=kind)
    with node.store.reading() as tx:
        report = _report(tx, node, filters)
        words = _words(tx, node, language)
    data = FORMATS[kind].write(report, words)
    node.store.write(lambda tx: record_in(tx, node, _exported(tx, node, by, report, kind)))
    return Export(f"figures-{filters.on}-{report.sha256[:8]}.{kind}", FORMATS[kind].content_type, data)


def words(node: Node, language: str) -> Words:
    """Return the words for reports in a language."""
    with node.store.reading() as tx:
        return _words(tx, node, language)


def posts_and_courses(node: Node, language: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what can be filtered by here: names of posts, (id, title) of courses."""
    with node.store.reading() as tx:
        scope = _scope(tx, node)
        posts = {str(row["post"] or "") for row in tx.tables.group(COMPLETION, ("post",), scope)}
        courses = {str(row["course"] or "") for row in tx.tables.group(COMPLETION, ("course",), scope)}
        titles = _titles(tx, language)
        examined = {one.course.id for one in current_packages(tx) if one.course.examined}
    named = [(course, titles.get(course, course)) for course in courses | examined if course]
    return sorted(posts - {""}), sorted(named, key=lambda pair: (pair[1], pair[0]))


def outcomes(node: Node) -> list[str]:
    """Return the outcomes of the action plan that can be filtered by here."""
    with node.store.reading() as tx:
        return outcomes_to_ask_for(tx, _scope(tx, node))


def _report(tx: Transaction, node: Node, filters: Filters) -> Report:
    scope = _scope(tx, node)
    counted = with_recalls(tx, scope, filters, count(tx, filters, scope))
    counted = with_follow_ups(tx, scope, filters, counted)
    return make_report(filters, counted, _standing(tx, node, filters))


def _scope(tx: Transaction, node: Node) -> Where:
    """A post counts what happened at the post, also where it holds transcripts of officers who came from others."""
    return {} if node.can(Power.SEE_ALL_UNITS) else {"node": known(tx).id}


def _titles(tx: Transaction, language: str) -> dict[str, str]:
    packages = current_packages(tx)
    return {one.course.id: str(one.words(language).get("title") or one.course.id) for one in packages}


def _words(tx: Transaction, node: Node, language: str) -> Words:
    return Words(language, node.phrases.say, _titles(tx, language))


def _standing(tx: Transaction, node: Node, filters: Filters) -> Standing:
    mine = known(tx)
    vector = {**tx.ledger.vector(), mine.id: _last_but_exports(tx, mine.id)}
    collects = node.can(Power.ANSWER_POSTS)
    posts = [row for row in tx.tables.select(PEER) if row["node"] != mine.hub] if collects else []
    return Standing(
        node=mine.id,
        name=mine.name,
        position=digest_of(vector),
        entries=sum(vector.values()),
        version=__version__,
        collects=collects,
        waiting=_waiting(tx, mine, vector[mine.id]),
        alone=not mine.hub and not posts,
        doubtful=tx.tables.count(DOUBTFUL, _scope(tx, node)),
        refused=sum(bool((row["state"] or {}).get("problem")) for row in posts),
        silent=_silent([Silent(row["node"], row["name"] or "", _heard_of(row)) for row in posts], filters),
    )


def _last_but_exports(tx: Transaction, mine: str) -> int:
    """Return the number of the last entry of this node that is no export: see `Standing`."""
    number = tx.ledger.head(mine).number
    while number:
        after = max(0, number - _STEP)
        for entry in reversed(tx.ledger.entries(mine, after, number - after)):
            if entry.statement.verb != EXPORTED:
                return entry.number
        number = after
    return 0


def _waiting(tx: Transaction, mine: About, last: int) -> int:
    if not mine.hub:
        return 0
    confirmed = tx.tables.get(CONFIRMED, mine.hub, mine.id)
    return max(0, last - int(confirmed["number"] or 0)) if confirmed else last


def _heard_of(peer: Mapping[str, str | None]) -> str:
    return str(peer["last_contact_at"] or peer["enrolled_at"] or "")


def _silent(posts: list[Silent], filters: Filters) -> tuple[Silent, ...]:
    """Return those not heard of for too long at the end of the report's day, the longest silent first."""
    day = max(date.fromisoformat(filters.on), date(2, 1, 1)) - timedelta(days=SILENT_DAYS)
    limit = instant_of(end_of_day(day, filters.calendar))
    silent = [post for post in posts if not post.since or instant_of(post.since) < limit]
    return tuple(sorted(silent, key=lambda post: (post.since, post.name, post.node)))


def _exported(tx: Transaction, node: Node, by: Session, report: Report, kind: str) -> Statement:
    now = node.now()
    nobody = Particulars("", "", "", "", "")
    saying = Saying(by.person, nobody, now, known(tx).id, clock_uncertain(tx, now))
    asked = {name: value for name, value in asdict(report.filters).items() if value}
    extensions = {"format": kind, "filters": asked, "digest": report.sha256, "language": by.language or None}
    return build(saying, node.ids.new(), EXPORTED, FIGURES, extensions=extensions)
