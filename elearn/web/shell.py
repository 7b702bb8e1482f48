"""What surrounds every page: who is signed in, CSRF, errors to pages, headers, compression."""

import gzip
import hmac
import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from elearn.core.vocab.action_plan import outcome_words
from elearn.core.vocab.errors import STATUS, ElearnError, Refused
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission, may
from elearn.services import accounts, exchange
from elearn.web.context import current_about, current_node
from elearn.web.display import display_attributes
from elearn.web.locale import chosen_language, current_language, draft_interface, offered
from elearn.web.phrases import field_sentence, light_sentence, notice_sentence, sentence_for

log = logging.getLogger("elearn.web")

NOTHING_TO_ASK = ("store.away", "store.damaged", "disk.failing")
SESSION_COOKIE = "elearn_session"
PRE_COOKIE = "elearn_form"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
ROOMS_WITHOUT_FORMS = ("peer", "xapi")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


def use_shell(app: Flask) -> None:
    """Wire the shell: before, after, errors, what templates see."""
    app.before_request(_know_who)
    app.before_request(_check_form_token)
    app.after_request(_finish)
    app.register_error_handler(ElearnError, _say_error)
    app.register_error_handler(HTTPException, _say_http_error)
    app.register_error_handler(Exception, _say_unexpected)
    app.context_processor(_for_templates)


def _know_who() -> Response | None:
    g.session = None
    if request.endpoint == "asset" or request.blueprint in ROOMS_WITHOUT_FORMS:
        return None
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        g.session = accounts.session(current_node(), token)
    if current_about() is None and request.blueprint != "set_up":
        return make_response(redirect(url_for("set_up.waiting")))
    return None


def form_token() -> str:
    """Return the token every form of this page must send back."""
    if g.session is not None:
        return str(g.session.csrf)
    if "pre_token" not in g:
        g.pre_token = request.cookies.get(PRE_COOKIE) or secrets.token_urlsafe(18)
    token: str = g.pre_token
    return token


def _check_form_token() -> None:
    if request.method in SAFE_METHODS or request.blueprint in ROOMS_WITHOUT_FORMS:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Refused("form.foreign")
    expected = g.session.csrf if g.session is not None else request.cookies.get(PRE_COOKIE, "")
    if not expected or not hmac.compare_digest(expected.encode(), request.form.get("csrf", "").encode()):
        raise Refused("form.expired")


def _finish(response: Response) -> Response:
    if request.blueprint == "peer":
        # No browser reads it, and every byte is paid for at a metered line, at each exchange.
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "pre_token" in g and request.cookies.get(PRE_COOKIE) != g.pre_token:
        response.set_cookie(PRE_COOKIE, g.pre_token, httponly=True, samesite="Strict", max_age=86_400)
    response.headers.setdefault("Cache-Control", "no-store")
    return _compressed(response)


def _compressed(response: Response) -> Response:
    if (
        response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or not response.content_type.startswith(COMPRESSIBLE)
    ):
        return response
    data = response.get_data()
    if len(data) > 1000:
        response.set_data(gzip.compress(data, 4, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def _say_error(error: ElearnError) -> Response | tuple[str, int]:
    if error.code == "sign-in.needed":
        return make_response(redirect(url_for("account.sign_in", next=request.full_path.rstrip("?"))))
    status = next(number for kind, number in STATUS if isinstance(error, kind))
    log.warning("%s %s: %s", request.method, request.path, error)
    if error.code in NOTHING_TO_ASK:  # the page that says so must not ask the database who is signed in and where
        g.about, g.session = None, None
    return render_template("error.html", status=status, sentence=sentence_for(error)), status


def _say_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    sentences = {
        404: _("This page does not exist here. Go to the start page and try from there."),
        405: _("This page cannot be used in this way. Go to the start page and try from there."),
        413: _("This file is too large for this page."),
    }
    sentence = sentences.get(error.code, _("The page did not understand what was sent. Go back and try again."))
    return render_template("error.html", status=error.code, sentence=sentence), error.code


def _say_unexpected(error: Exception) -> tuple[str, int]:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    sentence = _("Something went wrong inside the program. What you had saved before is safe. Go back and try again.")
    return render_template("error.html", status=500, sentence=sentence), 500


def _for_templates() -> dict[str, Any]:
    session = g.get("session")
    return {
        "session": session,
        "about": current_about() if request.endpoint != "asset" else None,
        "csrf": form_token,
        "language": current_language(),
        "languages": LANGUAGES,
        "display_attributes": display_attributes(),
        "offered": offered,
        "tag": chosen_language(),
        "allowed": lambda name: session is not None and may(session.role, Permission[name]),
        "sync_light": lambda: exchange.light(current_node()),
        "light_sentence": light_sentence,
        "notice_sentence": notice_sentence,
        "field_sentence": field_sentence,
        "draft_interface": draft_interface,
        "outcome_words": outcome_words,
        "open_rooms": current_app.blueprints,
        "own_names": lambda: [(one.tag, one.own_name) for one in offered()],
    }
