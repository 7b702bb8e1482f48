"""The administrator's pages about keys: this node's own, renewing it, and on a hub a post whose machine was lost."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.roles import Permission
from elearn.services import key_loss, key_renewal
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import sentence_for


def add_key_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/this-post/key", "node_key", key_page)
    room.add_url_rule("/this-post/key/renew", "node_key_renew", renew, methods=["GET", "POST"])
    room.add_url_rule("/exchange/posts/<post>/key", "post_key", post_key, methods=["GET", "POST"])


@needs(Permission.MANAGE_NODE)
def key_page() -> str:
    """Show the key of this node, and those it had before."""
    return render_template("administrator/key.html", key=key_renewal.own_key(current_node()))


@needs(Permission.MANAGE_NODE)
def renew() -> str | Response:
    """Say what renewing the key does, and do it."""
    if request.method == "GET":
        return render_template("administrator/key_renew.html", key=key_renewal.own_key(current_node()))
    key_renewal.renew(current_node(), current_session())
    flash(_("The new key is in use from now on."), "good")
    return redirect(url_for("administrator.node_key"))


@needs(Permission.MANAGE_NODE)
def post_key(post: str) -> str | Response | tuple[str, int]:
    """Show the key of a post of this hub; take the report that its machine was lost."""
    node, sentence = current_node(), ""
    if request.method == "POST":
        day, reason = request.form.get("day", ""), request.form.get("reason", "")
        try:
            key_loss.report_lost(node, current_session(), post, day, reason)
        except Invalid as error:
            sentence = sentence_for(error)
        else:
            flash(_("Noted. Every post learns of it with its next exchange."), "good")
            return redirect(url_for("administrator.post_key", post=post))
    page = render_template(
        "administrator/post_key.html", key=key_loss.post_key(node, post), sentence=sentence, given=request.form
    )
    return page, 400 if sentence else 200
