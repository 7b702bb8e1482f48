"""The follow-up 90 days after an exam: the offer, the officer's form, and what colleagues say they have seen."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.learning.followup import STOP, USE
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.followup import SEEN, STOPPED, USED
from elearn.core.vocab.roles import Permission
from elearn.services import followup, skills_seen
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

room = Blueprint("followups", __name__)

Page = str | AnyResponse | tuple[str, int]


@room.app_context_processor
def _offer() -> dict[str, Callable[..., object]]:
    return {"open_follow_ups": _open_follow_ups, "skills_to_confirm": _skills_to_confirm, "follow_up_words": _words}


def _open_follow_ups() -> dict[str, bool]:
    """Return the courses whose follow-up is open to who is signed in, read once a page."""
    if "open_follow_ups" not in g:
        node = current_node()
        with node.store.reading() as tx:
            g.open_follow_ups = followup.open_follow_ups(tx, node, current_session().person)
    found: dict[str, bool] = g.open_follow_ups
    return found


def _skills_to_confirm() -> int:
    return skills_seen.how_many_wait(current_node(), current_session())


def _words(code: str) -> str:
    """Return the words of a choice, as the form and the own record say it."""
    return _({**USED, **STOPPED, **SEEN}[code])


@room.get("/courses/<course>/follow-up")
@needs(Permission.LEARN)
def form(course: str) -> Page:
    """Show the form."""
    try:
        return _form(course, {})
    except Refused as error:
        return _answered(error, course)


@room.post("/courses/<course>/follow-up")
@needs(Permission.LEARN)
def answer(course: str) -> Page:
    """Keep the answer, or show the form again with what was chosen and what is missing."""
    said = request.form.to_dict(flat=False)
    try:
        followup.answer(current_node(), current_session().person, course, said)
    except Invalid as error:
        if error.code != "followup.incomplete":
            raise
        return _form(course, said, error), 400
    except Refused as error:
        return _answered(error, course)
    flash(_("Thank you. Your answer is kept; you find it in My record."), "good")
    return redirect(url_for("officer.course", course=course))


@room.get("/follow-ups")
@needs(Permission.CONFIRM_SKILL)
def colleagues() -> Page:
    """Show of whom a word is due."""
    waiting = skills_seen.to_confirm(current_node(), current_session(), chosen_language())
    return render_template("officer/colleagues.html", waiting=waiting, seen=SEEN)


@room.post("/follow-ups/<person>/<course>")
@needs(Permission.CONFIRM_SKILL)
def colleague_seen(person: str, course: str) -> Page:
    """Keep what was seen."""
    try:
        skills_seen.confirm(current_node(), current_session(), person, course, request.form.get("seen", ""))
    except Refused as error:
        if error.code != "followup.confirmed":
            raise
        flash(sentence_for(error), "note")
    else:
        flash(_("Kept."), "good")
    return redirect(url_for(".colleagues"))


def _form(course: str, chosen: Mapping[str, Sequence[str]], error: Invalid | None = None) -> str:
    return render_template(
        "officer/followup.html",
        view=followup.form(current_node(), current_session().person, course, chosen_language()),
        sentence=sentence_for(error) if error else "",
        wrong=error.details["fields"] if error else {},
        fields=(
            (USE, "radio", _("Have you used what you learned in this course at work?"), USED),
            (STOP, "checkbox", _("What stopped you? You may choose several."), STOPPED),
        ),
        chosen=chosen,
    )


def _answered(error: Refused, course: str) -> AnyResponse:
    """Go back to the course when the form was answered before: from another tab, or by pressing twice."""
    if error.code != "followup.answered":
        raise error
    flash(sentence_for(error), "note")
    return redirect(url_for("officer.course", course=course))
