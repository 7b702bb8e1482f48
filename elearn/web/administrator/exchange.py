"""The administrator's page about the exchange: what waits, what went, what was refused; enrolling; a hub's posts."""

from datetime import timedelta

from babel.dates import format_timedelta
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.ports import Neighbour
from elearn.services import exchange, key_loss, posts
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import reason_sentence, sentence_for

CLOCK_SLACK = timedelta(minutes=2)


def add_exchange_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/exchange", "exchange_page", exchange_page)
    room.add_url_rule("/exchange/enrol", "exchange_enrol", enrol, methods=["POST"])
    room.add_url_rule("/exchange/look", "exchange_look", look_around, methods=["POST"])
    room.add_url_rule("/exchange/now", "exchange_now", exchange_now, methods=["POST"])
    room.add_url_rule("/exchange/codes", "exchange_code", make_code, methods=["POST"])


@needs(Permission.MANAGE_NODE)
def exchange_page(sentence: str = "", code: str = "", near: list[Neighbour] | None = None) -> str:
    """Show both sides: what this node sends up, and the posts it answers."""
    node = current_node()
    state = exchange.state(node) if node.can(Power.CALL_HUB) else None
    return render_template(
        "administrator/exchange.html",
        state=state,
        last_error=sentence_for(state.error) if state and state.error else "",
        reason_sentence=reason_sentence,
        hindered=hindered,
        clock_off=span_of(state.clock_offset_ms) if state else "",
        posts=posts.posts(node) if node.can(Power.ANSWER_POSTS) else None,
        keys=key_loss.post_keys(node) if node.can(Power.ANSWER_POSTS) else {},
        codes=posts.codes(node) if node.can(Power.ANSWER_POSTS) else [],
        apart=posts.kept_apart(node, current_session()) if node.can(Power.ANSWER_POSTS) else [],
        sentence=sentence,
        code=code,
        given=request.form if request.method == "POST" else request.args,
        near=near,
        megabytes=megabytes,
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
def look_around() -> str:
    """Look for hubs on the local network, to save typing an address."""
    return exchange_page(near=exchange.hubs_near(current_node(), current_session()))


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
def make_code() -> str | tuple[str, int]:
    """Make a one-time code for a post, or for one that is to be enrolled again; shown once."""
    form = request.form
    try:
        code = posts.make_code(
            current_node(), current_session(), form.get("post_name", ""), for_node=form.get("for_node", "")
        )
    except ElearnError as error:
        return exchange_page(sentence=sentence_for(error)), 400
    return exchange_page(code=code)


def megabytes(size: int) -> float:
    """Return bytes as megabytes, to a tenth."""
    return round(size / 1_000_000, 1)


def span_of(offset_ms: int) -> str:
    """Return how far two clocks are apart, in words; "" where it is no more than messages take."""
    span = timedelta(milliseconds=abs(offset_ms))
    return format_timedelta(span, locale=chosen_language()) if span >= CLOCK_SLACK else ""


def hindered(post: posts.Post) -> str:
    """Return what stands in the way of a post's records, for the hub's administrator, "" if nothing does."""
    sentences = {
        "chain.shorter": _("This post was put back to an older state and holds fewer records than the hub."),
        "chain.fork": _("Two machines send as this post, or it was put back to an older state."),
        posts.TWO_MACHINES: _(
            "It fetched its records back twice within a month: perhaps two machines send as this post. Stop one of "
            "them; to go on with both, start it with an empty data folder and enrol it with a new code."
        ),
        "chain.altered": _("A record of this post was altered after it was made."),
        "chain.gap": _("A record of this post is missing."),
        "chain.head": _("The last records of this post are not those it signed for."),
    }
    return sentences.get(post.problem, "")
