"""The administrator's page about the exchange: what waits, what went, what was refused; enrolling; a hub's posts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.services import exchange, posts
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import sentence_for


def add_exchange_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/exchange", "exchange_page", exchange_page)
    room.add_url_rule("/exchange/enrol", "exchange_enrol", enrol, methods=["POST"])
    room.add_url_rule("/exchange/now", "exchange_now", exchange_now, methods=["POST"])
    room.add_url_rule("/exchange/codes", "exchange_code", make_code, methods=["POST"])


@needs(Permission.MANAGE_NODE)
def exchange_page(sentence: str = "", code: str = "") -> str:
    """Show both sides: what this node sends up, and the posts it answers."""
    node = current_node()
    return render_template(
        "administrator/exchange.html",
        state=exchange.state(node) if node.can(Power.CALL_HUB) else None,
        posts=posts.posts(node) if node.can(Power.ANSWER_POSTS) else None,
        codes=posts.codes(node) if node.can(Power.ANSWER_POSTS) else [],
        apart=posts.kept_apart(node, current_session()) if node.can(Power.ANSWER_POSTS) else [],
        sentence=sentence,
        code=code,
        given=request.form,
    )


@needs(Permission.MANAGE_NODE)
def enrol() -> str | Response | tuple[str, int]:
    """Enrol this node with a hub by the one-time code its administrator gave."""
    try:
        exchange.enrol_with(
            current_node(), current_session(), request.form.get("url", ""), request.form.get("code", "")
        )
    except ElearnError as error:
        return exchange_page(sentence=sentence_for(error)), 400
    flash(_("This post is enrolled. Its records are sent from now on whenever there is a line."), "good")
    return redirect(url_for("administrator.exchange_page"))


@needs(Permission.MANAGE_NODE)
def exchange_now() -> Response:
    """Try an exchange at once."""
    outcome = exchange.exchange_now(current_node(), current_session())
    flash(outcome_sentence(outcome), "good" if outcome.ok else "bad")
    return redirect(url_for("administrator.exchange_page"))


def outcome_sentence(outcome: exchange.Outcome) -> str:
    """Return what an exchange did, in one sentence."""
    if outcome.error is not None:
        return sentence_for(outcome.error)
    return _("The hub has confirmed everything that was waiting.")


@needs(Permission.MANAGE_NODE)
def make_code() -> str:
    """Make a one-time code for a post; shown once."""
    code = posts.make_code(current_node(), current_session(), request.form.get("post_name", ""))
    return exchange_page(code=code)
