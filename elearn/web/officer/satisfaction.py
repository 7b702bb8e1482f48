"""The satisfaction form after a course: the offer, the form, declining, and how it stays anonymous."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.learning.satisfaction import CHOICE
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.satisfaction import HELPED, ITEMS, SCALE
from elearn.services import satisfaction
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

room = Blueprint("satisfaction", __name__)

Page = str | AnyResponse | tuple[str, int]


@room.app_context_processor
def _offer() -> dict[str, Callable[[], frozenset[str]]]:
    return {"open_forms": _open_forms}


def _open_forms() -> frozenset[str]:
    """Return the courses whose form is open to who is signed in, read once a page."""
    if "open_forms" not in g:
        with current_node().store.reading() as tx:
            g.open_forms = satisfaction.open_forms(tx, current_session().person)
    forms: frozenset[str] = g.open_forms
    return forms


@room.get("/courses/<course>/satisfaction")
@needs(Permission.LEARN)
def form(course: str) -> Page:
    """Show the form."""
    try:
        return _form(course, {})
    except Refused as error:
        return _settled(error, course)


@room.post("/courses/<course>/satisfaction")
@needs(Permission.LEARN)
def answer(course: str) -> Page:
    """Put the answer into the box, or show the form again with what was chosen and what is missing."""
    said = request.form.to_dict()
    try:
        satisfaction.answer(current_node(), current_session().person, course, said)
    except Invalid as error:
        if error.code != "satisfaction.incomplete":
            raise
        return _form(course, said, error), 400
    except Refused as error:
        return _settled(error, course)
    flash(_("Thank you. Your answer is in the box; nothing on it says that it is yours."), "good")
    return redirect(url_for("officer.course", course=course))


@room.post("/courses/<course>/satisfaction/decline")
@needs(Permission.LEARN)
def decline(course: str) -> Page:
    """Keep that the officer does not want to be asked."""
    try:
        satisfaction.decline(current_node(), current_session().person, course)
    except Refused as error:
        return _settled(error, course)
    flash(_("You will not be asked about this course again."), "good")
    return redirect(url_for("officer.course", course=course))


@room.get("/satisfaction/anonymous")
@needs(Permission.LEARN)
def anonymity() -> Page:
    """Say how answers stay anonymous, and what cannot be promised."""
    return render_template("officer/anonymity.html")


def _form(course: str, chosen: Mapping[str, str], error: Invalid | None = None) -> str:
    view = satisfaction.form(current_node(), current_session().person, course, chosen_language())
    fields = error.details["fields"] if error else {}
    return render_template(
        "officer/satisfaction.html",
        view=view,
        chosen=chosen,
        sentence=sentence_for(error) if error else "",
        wrong=fields,
        items=ITEMS,
        scale=SCALE,
        helped=HELPED,
        choice=CHOICE,
    )


def _settled(error: Refused, course: str) -> AnyResponse:
    """Go back to the course when the form was answered before: from another tab, or by pressing twice."""
    if error.code != "satisfaction.settled":
        raise error
    flash(sentence_for(error), "note")
    return redirect(url_for("officer.course", course=course))
