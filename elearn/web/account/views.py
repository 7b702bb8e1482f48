"""Signing in and out, choosing a language and how pages look, changing the PIN, recovery by printed code."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.display import Display
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission, may
from elearn.services import accounts, recovery
from elearn.web import choices
from elearn.web import display as looks
from elearn.web.context import current_node, current_session
from elearn.web.locale import COOKIE, offered
from elearn.web.phrases import sentence_for
from elearn.web.shell import SESSION_COOKIE

room = Blueprint("account", __name__)

CHOICE_KEPT_S = 400 * 86_400
START_OF = (
    (Permission.MANAGE_NODE, "administrator.officers_page"),
    (Permission.SEE_FIGURES, "coordinator.figures"),
    (Permission.SEE_COURSE_WORKSHOP, "trainer.workshop"),
)


@room.get("/")
def start() -> Response:
    """Send everyone to where their work is."""
    session = g.session
    if session is None:
        return redirect(url_for("account.sign_in"))
    if session.must_change_pin:
        return redirect(url_for("account.change_pin"))
    for permission, endpoint in START_OF:
        if may(session.role, permission):
            return redirect(url_for(endpoint))
    return redirect(url_for("officer.courses" if current_node().can(Power.TEACH) else "find.glossary"))


@room.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Ask for service number and PIN; the language is chosen on the same page."""
    if g.session is not None:
        return redirect(url_for("account.start"))
    sentence, agencies = "", []
    if request.method == "POST":
        try:
            return _signed_in()
        except Refused as error:
            sentence = sentence_for(error)
            if error.code == "sign-in.which-agency":
                agencies = [(value, choices.words_of("agency", value)) for value in _agencies_in(error)]
    page = render_template("account/sign_in.html", sentence=sentence, given=request.form, agencies=agencies)
    return page, 403 if sentence else 200


def _agencies_in(error: Refused) -> list[str]:
    named = error.details.get("agencies")
    return [str(one) for one in named] if isinstance(named, (list, tuple)) else []


def _signed_in() -> Response:
    form = request.form
    signed_in = accounts.sign_in(
        current_node(),
        form.get("service_number", ""),
        form.get("pin", ""),
        device=request.remote_addr or "",
        agency=form.get("agency", ""),
    )
    response = redirect(_inside(request.args.get("next", "")))
    response.set_cookie(SESSION_COOKIE, signed_in.token, httponly=True, samesite="Lax")
    return response


def _inside(target: str) -> str:
    """Return ``target`` if it is a page of this site, else the start page: nobody is sent elsewhere."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return url_for("account.start")
    return target


@room.post("/sign-out")
def sign_out() -> Response:
    """End the session; the next officer gets the sign-in page."""
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        accounts.sign_out(current_node(), token)
    response = redirect(url_for("account.sign_in"))
    response.delete_cookie(SESSION_COOKIE)
    return response


@room.post("/language")
def choose_language() -> Response:
    """Keep the language for this browser and, when signed in, for the account."""
    tag = request.form.get("language", "")
    if tag not in LANGUAGES or LANGUAGES[tag] not in offered():
        raise Invalid("language.unknown", language=tag)
    if g.session is not None:
        accounts.set_language(current_node(), g.session, tag)
    response = make_response(redirect(_inside(request.form.get("next", ""))))
    response.set_cookie(COOKIE, tag, max_age=CHOICE_KEPT_S, httponly=True, samesite="Lax")
    return response


@room.get("/display")
def display() -> str:
    """Show what can be chosen of how pages look; for everyone, for the sign-in page must be read too."""
    chosen = looks.chosen_display()
    return render_template("account/display.html", chosen=chosen, wishes=looks.wishes())


@room.post("/display")
def choose_display() -> Response:
    """Keep it for the account, or for this browser where nobody is signed in."""
    form = request.form
    chosen = Display(form.get("size", ""), form.get("lines", ""), form.get("colours", ""))
    response = redirect(url_for(".display"))
    if g.session is not None:
        accounts.set_display(current_node(), g.session, chosen)
    else:
        response.set_cookie(looks.COOKIE, chosen.as_text, max_age=CHOICE_KEPT_S, httponly=True, samesite="Lax")
    flash(_("The changes were saved."), "good")
    return response


@room.route("/pin", methods=["GET", "POST"])
def change_pin() -> str | Response | tuple[str, int]:
    """Change the own PIN; forced after a reset."""
    session = current_session()
    sentence = ""
    if request.method == "POST":
        try:
            _change_pin(session)
        except (Invalid, Refused) as error:
            sentence = sentence_for(error)
        else:
            flash(_("Your PIN was changed."), "good")
            return redirect(url_for("account.start"))
    return render_template("account/change_pin.html", sentence=sentence), 400 if sentence else 200


def _change_pin(session: accounts.Session) -> None:
    form = request.form
    if form.get("new", "") != form.get("again", ""):
        raise Invalid("pin.not-the-same-twice")
    accounts.change_pin(current_node(), session, form.get("old", ""), form.get("new", ""), request.remote_addr or "")


@room.post("/notices")
def put_notices_away() -> Response:
    """Forget the notices the officer has read."""
    accounts.put_notices_away(current_node(), current_session())
    return redirect(_inside(request.form.get("next", "")))


@room.route("/recover", methods=["GET", "POST"])
def recover() -> str | Response | tuple[str, int]:
    """Set a new PIN with one of the recovery codes on paper."""
    sentence = ""
    form = request.form
    if request.method == "POST":
        try:
            recovery.use_recovery_code(
                current_node(),
                form.get("service_number", ""),
                form.get("code", ""),
                form.get("new", ""),
                device=request.remote_addr or "",
                agency=form.get("agency", ""),
            )
        except (Invalid, Refused) as error:
            sentence = sentence_for(error)
        else:
            flash(_("Your PIN was changed. Sign in with the new one."), "good")
            return redirect(url_for("account.sign_in"))
    page = render_template("account/recover.html", sentence=sentence, given=form)
    return page, 400 if sentence else 200


@room.route("/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> str | tuple[str, int]:
    """Make fresh recovery codes for oneself, shown once to be printed."""
    node, session = current_node(), current_session()
    codes: list[str] = []
    sentence = ""
    if request.method == "POST":
        try:
            codes = recovery.new_recovery_codes(node, session, request.form.get("pin", ""), request.remote_addr or "")
        except Refused as error:
            sentence = sentence_for(error)
    left = recovery.codes_left(node, session)
    page = render_template("account/recovery_codes.html", codes=codes, sentence=sentence, left=left)
    return page, 403 if sentence else 200
