"""The coordinator's pages: the figures, and the same figures as a file."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from elearn.core.exports.all import FORMATS
from elearn.core.stats.measures import DIMENSIONS, MONTHS_IN, Filters
from elearn.core.stats.report import Report
from elearn.core.stats.words import Words
from elearn.core.vocab.action_plan import AREAS
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.followup import STOPPED
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.satisfaction import SCALE
from elearn.services import coordinate
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.coordinator.charts import Chart, chart, measured
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

room = Blueprint("coordinator", __name__)

MOST_LINES = 40
"""Lines of a table on the page; the files have all of them."""

ORDER = ("period", "agency", "sex", "course", "outcome", "area", "post", "rank_band", "language", "country")


@room.get("/figures")
@needs(Permission.SEE_FIGURES)
def figures() -> str | tuple[str, int]:
    """Show the report the form asks for."""
    said = request.args.to_dict()
    try:
        return _page(coordinate.question(current_node(), said), said)
    except Invalid as error:
        if not error.code.startswith("figures."):
            raise
        return _page(coordinate.question(current_node(), {}), said, _wrong(error)), 400


@room.get("/figures.<kind>")
@needs(Permission.EXPORT_FIGURES)
def export(kind: str) -> Response:
    """Hand out the same report as a file."""
    node = current_node()
    asked = coordinate.question(node, request.args)
    found = coordinate.export(node, current_session(), asked, kind, chosen_language())
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.data, content_type=found.content_type, headers=headers)


def _page(asked: Filters, said: dict[str, str], wrong: str = "") -> str:
    node, language = current_node(), chosen_language()
    report = coordinate.figures(node, current_session(), asked)
    words = coordinate.words(node, language)
    return render_template(
        "coordinator/figures.html",
        report=report,
        words=words,
        wrong=wrong,
        said=said,
        address=_address(asked),
        options=_options(words),
        order=ORDER,
        charts={table.dimension: chart(table, words) for table in (*report.tables, report.certificates)},
        **_satisfaction_charts(report, words),
        stopped=STOPPED,
        most_lines=MOST_LINES,
        formats=FORMATS,
        narrowed=bool(asked.chosen or asked.since or asked.until),
    )


def _satisfaction_charts(report: Report, words: Words) -> dict[str, Chart]:
    found = report.satisfaction
    if found is None or found.total is None:
        return {"means": measured((), 1), "helped": measured((), 1)}
    means = [(words.of("item", item), mean, words.mean(mean)) for item, mean in found.total.means.items()]
    helped = [(words.of("helped", one.value), one.share, words.share(one.share)) for one in found.helped]
    return {"means": measured(means, max(SCALE)), "helped": measured(helped, 1)}


def _address(asked: Filters) -> dict[str, str]:
    """Return the arguments that ask this question again, on whatever day."""
    said = {name: value for name, value in asdict(asked).items() if value and name != "calendar"}
    return {{"since": "from", "until": "to"}.get(name, name): value for name, value in said.items()}


def _options(words: Words) -> dict[str, list[tuple[str, str]]]:
    posts, courses = coordinate.posts_and_courses(current_node(), chosen_language())
    plan = {"outcome": coordinate.outcomes(current_node()), "area": AREAS}
    return {
        "country": choices.countries(),
        "agency": choices.agencies(),
        "post": [(post, post) for post in posts],
        "sex": choices.sexes(),
        "rank_band": choices.rank_bands(),
        "course": courses,
        "language": [(tag, language.own_name) for tag, language in LANGUAGES.items()],
        **{name: [(code, words.of(name, code)) for code in codes] for name, codes in plan.items()},
        "by": [(name, words.name(name)) for name in MONTHS_IN],
        "dimensions": [(name, words.name(name)) for name in DIMENSIONS],
    }


def _wrong(error: Invalid) -> str:
    return _("%(problem)s Everything is shown instead.", problem=sentence_for(error))
