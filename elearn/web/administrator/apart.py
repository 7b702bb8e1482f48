"""The administrator's form for what is kept apart: looked at, with a note."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.roles import Permission
from elearn.services import apart_noted
from elearn.web.administrator.exchange import exchange_page
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import sentence_for


def add_apart_form(room: Blueprint) -> None:
    """Put this form into the administrator's room."""
    room.add_url_rule("/exchange/apart", "exchange_apart", note_apart, methods=["POST"])


@needs(Permission.MANAGE_NODE)
def note_apart() -> str | Response | tuple[str, int]:
    """Mark something kept apart as looked at: it stays, with a note."""
    form = request.form
    key = form.get("id", ""), form.get("node", ""), form.get("digest", "")
    try:
        apart_noted.note_apart(current_node(), current_session(), key, form.get("note", ""))
    except Invalid as error:
        return exchange_page(sentence=sentence_for(error)), 400
    flash(_("The note is kept. What is kept apart stays where it is."), "good")
    return redirect(url_for("administrator.exchange_page"))
