"""The administrator's page about other systems that get this node's records as pseudonyms."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import ElearnError, Invalid
from elearn.core.vocab.roles import Permission
from elearn.services import forwarding
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import field_sentence, sentence_for

Page = str | Response | tuple[str, int]


def add_forwarding_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/exchange/systems", "exchange_systems", systems_page)
    room.add_url_rule("/exchange/systems/new", "exchange_system_new", add, methods=["POST"])
    room.add_url_rule("/exchange/systems/<system>/now", "exchange_system_now", forward_now, methods=["POST"])
    room.add_url_rule("/exchange/systems/<system>/remove", "exchange_system_remove", remove, methods=["POST"])


@needs(Permission.MANAGE_NODE)
def systems_page(sentence: str = "", errors: dict[str, str] | None = None) -> str:
    """Show the systems, how far each is, what they refused, and the form for another."""
    shown = forwarding.systems(current_node(), current_session())
    return render_template(
        "administrator/systems.html",
        systems=shown,
        sentence_for=sentence_for,
        reason=field_sentence,
        sentence=sentence,
        errors=errors or {},
        given=request.form if errors or sentence else {},
    )


@needs(Permission.MANAGE_NODE)
def add() -> Page:
    """Put a system on the list, once it let us in."""
    form = request.form
    said = forwarding.LrsForm(
        name=form.get("name", ""),
        url=form.get("url", ""),
        key=form.get("key", ""),
        secret=form.get("secret", ""),
        finer="finer" in form,
    )
    try:
        forwarding.add_system(current_node(), current_session(), said)
    except Invalid as error:
        errors = {name: field_sentence(code) for name, code in choices.field_codes(error).items()}
        return systems_page(errors=errors), 400
    except ElearnError as error:
        return systems_page(sentence=sentence_for(error)), 400
    flash(_("The system let us in. Records go to it from now on whenever there is a line."), "good")
    return redirect(url_for("administrator.exchange_systems"))


@needs(Permission.MANAGE_NODE)
def forward_now(system: str) -> Response:
    """Forward at once."""
    error = forwarding.forward_now(current_node(), current_session(), system)
    if error is None:
        flash(_("The system has what could be given to it now."), "good")
    else:
        flash(sentence_for(error), "bad")
    return redirect(url_for("administrator.exchange_systems"))


@needs(Permission.MANAGE_NODE)
def remove(system: str) -> Response:
    """Take a system off the list."""
    forwarding.remove_system(current_node(), current_session(), system)
    flash(_("The system is off the list. What it has it keeps; it gets nothing more."), "good")
    return redirect(url_for("administrator.exchange_systems"))
