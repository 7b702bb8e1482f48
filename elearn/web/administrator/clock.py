"""The administrator's page about the clock of this machine: what it says, what speaks against it, "it is right"."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.roles import Permission
from elearn.services import clock_asked
from elearn.web.context import current_node, current_session, needs


def add_clock_page(room: Blueprint) -> None:
    """Put this page into the administrator's room."""
    room.add_url_rule("/this-post/clock", "node_clock", clock_page, methods=["GET", "POST"])


@needs(Permission.MANAGE_NODE)
def clock_page() -> str | Response:
    """Show how it stands with the clock; take the word of a person that it is right."""
    if request.method == "POST":
        clock_asked.say_right(current_node(), current_session(), request.form.get("seen", ""))
        flash(_("Noted. The clock is believed again."), "good")
        return redirect(url_for("administrator.node_clock"))
    shown = clock_asked.clock_shown(current_node(), current_session())
    return render_template("administrator/clock.html", clock=shown)
