"""The set-up page behind the one-time link, and what others see until it was used."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import setting_up
from elearn.web import choices
from elearn.web.context import current_about, current_node
from elearn.web.locale import chosen_language
from elearn.web.phrases import field_sentence

room = Blueprint("set_up", __name__)

TEXT_FIELDS = ("node_name", "country", "agency", "issuer", "name", "service_number", "pin", "sex", "rank_band")


@room.get("/set-up")
def waiting() -> str | Response:
    """Say that the post waits for its administrator; nothing else works before."""
    if current_about() is not None:
        return redirect(url_for("account.start"))
    return render_template("set_up/waiting.html")


@room.route("/set-up/<secret>", methods=["GET", "POST"])
def form(secret: str) -> str | Response | tuple[str, int]:
    """Show the form and set the node up. The link works once."""
    node = current_node()
    if current_about() is not None:
        return redirect(url_for("account.start"))
    if not setting_up.check_secret(node, secret):
        raise Refused("set-up.link")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if request.form.get("pin", "") != request.form.get("pin_again", ""):
                raise Invalid("form.fields", fields={"pin_again": "pin.not-the-same-twice"})
            setting_up.set_up(node, _form_given(), secret)
        except Invalid as error:
            errors = {name: field_sentence(code) for name, code in choices.field_codes(error).items()}
        else:
            flash(_("The post is ready. Sign in with the service number and PIN you just chose."), "good")
            return redirect(url_for("account.sign_in"))
    page = render_template(
        "set_up/form.html",
        errors=errors,
        given=request.form,
        given_languages=request.form.getlist("languages") or list(LANGUAGES),
        choices=choices,
        kind=node.settings.kind,
        secret=secret,
    )
    return page, 400 if errors else 200


def _form_given() -> setting_up.SetUpForm:
    given = {name: request.form.get(name, "") for name in TEXT_FIELDS}
    return setting_up.SetUpForm(**given, languages=tuple(request.form.getlist("languages")), language=chosen_language())
