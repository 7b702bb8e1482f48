"""The pages of refreshers: five questions a shift, one at a time, each with its feedback at once."""

from flask import Blueprint, redirect, render_template, url_for

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.roles import Permission
from elearn.services import refresher_results, refreshers
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.officer.views import Page, form_sent
from elearn.web.phrases import sentence_for

room = Blueprint("refreshers", __name__)


@room.post("/refreshers")
@needs(Permission.LEARN)
def start() -> Page:
    """Start the set of this shift, or go on with the one that runs."""
    attempt = refreshers.start(current_node(), current_session().person, chosen_language())
    return redirect(url_for(".one_set", attempt=attempt))


@room.get("/refreshers/<attempt>")
@needs(Permission.LEARN)
def one_set(attempt: str) -> Page:
    """Go on with a set where it was left; show how it went once it is over."""
    end = refresher_results.end(current_node(), current_session().person, attempt, chosen_language())
    if end.open:
        return redirect(url_for(".question", attempt=attempt, place=end.open))
    return render_template("officer/refresher_end.html", end=end)


@room.get("/refreshers/<attempt>/<int:place>")
@needs(Permission.LEARN)
def question(attempt: str, place: int) -> Page:
    """Show one question, with feedback once it was answered."""
    view = refreshers.question(current_node(), current_session().person, attempt, place, chosen_language())
    return render_template("officer/refresher.html", view=view, sentence="")


@room.post("/refreshers/<attempt>/<int:place>")
@needs(Permission.LEARN)
def answer(attempt: str, place: int) -> Page:
    """Store the answer the moment it is given, then show what is said of it."""
    node, person, language = current_node(), current_session().person, chosen_language()
    try:
        refreshers.answer(node, person, attempt, place, form_sent(), language)
    except Invalid as error:
        view = refreshers.question(node, person, attempt, place, language)
        return render_template("officer/refresher.html", view=view, sentence=sentence_for(error), sent=form_sent()), 400
    return redirect(url_for(".question", attempt=attempt, place=place))
