"""Printing many certificates: which ones, the file that is made in the background, the list for the ceremony."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.credential.certificate_batch import BatchStands
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission
from elearn.services import certificate_batches, certificate_choice, certificate_list
from elearn.services.certificate_choice import Choice, Found, Options
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

room = Blueprint("certificates", __name__)

Page = str | AnyResponse | tuple[str, int]
REFRESH_S = 3
MOST_NAMED = 30
"""Names shown of those that cannot be printed, for each reason."""
_PRINTABLE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
)


@room.app_context_processor
def _prints_certificates() -> dict[str, Any]:
    return {"prints_certificates": True}


@room.get("/print/certificates")
@needs(Permission.PRINT_CERTIFICATES)
def choose() -> Page:
    """Ask which certificates, and say what that comes to before anything is begun."""
    return _choosing(request.args.to_dict())


@room.post("/print/certificates")
@needs(Permission.PRINT_CERTIFICATES)
def make() -> Page:
    """Have them made in the background."""
    said = {name: value for name, value in request.form.to_dict().items() if name != "csrf"}
    try:
        choice = certificate_choice.choice_of(said)
        made = certificate_batches.order(current_node(), current_session(), choice, chosen_language())
    except ElearnError as error:
        if error.code not in _SAID_ON_THE_PAGE:
            raise
        return _choosing(said, sentence_for(error))
    return redirect(url_for(".batch", batch=made))


@room.get("/print/certificates/files/<batch>")
@needs(Permission.PRINT_CERTIFICATES)
def batch(batch: str) -> Page:
    """Say how far one is, until it is ready."""
    stands = certificate_batches.batch(current_node(), current_session(), batch)
    return render_template(
        "certificates/batch.html", stands=stands, refresh_s=REFRESH_S, problem=_problem(stands), why=_why_words()
    )


@room.get("/print/certificates/files/<batch>/file")
@needs(Permission.PRINT_CERTIFICATES)
def file(batch: str) -> AnyResponse:
    """Hand out the finished file."""
    name, content = certificate_batches.opened(current_node(), current_session(), batch)
    response = send_file(content, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@room.post("/print/certificates/files/<batch>/again")
@needs(Permission.PRINT_CERTIFICATES)
def again(batch: str) -> AnyResponse:
    """Go on with one that stopped."""
    certificate_batches.try_again(current_node(), current_session(), batch)
    return redirect(url_for(".batch", batch=batch))


@room.post("/print/certificates/files/<batch>/delete")
@needs(Permission.PRINT_CERTIFICATES)
def delete(batch: str) -> AnyResponse:
    """Stop one, and remove all that was made of it."""
    certificate_batches.cancel(current_node(), current_session(), batch)
    flash(_("The file was deleted. The certificates are as they were."), "good")
    return redirect(url_for(".choose"))


@room.get("/print/certificates/list.pdf")
@needs(Permission.PRINT_CERTIFICATES)
def list_pdf() -> Page:
    """Give the list for the ceremony as PDF; without a press, as a page to print."""
    choice = certificate_choice.choice_of(request.args)
    try:
        content = certificate_list.ceremony_pdf(current_node(), current_session(), choice, chosen_language())
    except Unavailable as error:
        if error.code != "press.missing":
            raise
        return redirect(f"{url_for('.list_printable')}?{urlencode(_address(choice))}")
    headers = {"Content-Disposition": 'inline; filename="certificates-list.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


@room.get("/print/certificates/list/page")
@needs(Permission.PRINT_CERTIFICATES)
def list_printable() -> AnyResponse:
    """Give the same list as one page a browser can print."""
    choice = certificate_choice.choice_of(request.args)
    html = certificate_list.ceremony_printable(current_node(), current_session(), choice, chosen_language())
    headers = {"Content-Security-Policy": _PRINTABLE_POLICY}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)


_SAID_ON_THE_PAGE = {
    "figures.date",
    "figures.dates-turned",
    "figures.value-unknown",
    "printing.nothing",
    "printing.own-session",
    "printing.too-many",
    "press.missing",
    "disk.full",
    "disk.failing",
}


def _choosing(said: dict[str, str], wrong: str = "") -> Page:
    node, by, language = current_node(), current_session(), chosen_language()
    options = certificate_choice.options(node, by, language)
    choice, found = Choice(), Found()
    try:
        choice = _own(certificate_choice.choice_of(said), options)
        if options.may_all or choice.session:
            found = certificate_choice.found(node, by, choice, language)
    except (Invalid, Refused, NotFound) as error:
        if error.code not in _SAID_ON_THE_PAGE:
            raise
        wrong = wrong or sentence_for(error)
    page = render_template(
        "certificates/choose.html",
        choice=choice,
        address=_address(choice),
        found=found,
        options=options,
        agencies=choices.agencies(),
        languages_in_list=[(tag, one.own_name) for tag, one in LANGUAGES.items()],
        why=_why_words(),
        wrong=wrong,
        press=node.press.missing() is None,
        batches=certificate_batches.batches(node, by),
        most_named=MOST_NAMED,
    )
    return page, 400 if wrong else 200


def _own(choice: Choice, options: Options) -> Choice:
    """Return the choice; who may only print for own sessions begins with the last of them."""
    if options.may_all or choice.session or not options.sessions:
        return choice
    return replace(choice, session=options.sessions[0].id)


def _address(choice: Choice) -> dict[str, str]:
    """Return the fields of a form, or the arguments of an address, that choose the same again."""
    return {{"since": "from", "until": "to"}.get(name, name): value for name, value in choice.asked.items()}


def _why_words() -> dict[str, str]:
    return {
        certificate_choice.REVOKED: _("revoked"),
        certificate_choice.EXPIRED: _("expired"),
        certificate_choice.NO_PERSON: _("the name is not kept on this post"),
        certificate_choice.SIGNS: _("the name has signs that cannot be printed"),
        certificate_choice.TOO_LONG: _("the name is too long"),
    }


def _problem(stands: BatchStands) -> str:
    if stands.state != "failed":
        return ""
    if stands.error == "press.missing":
        return _("This post cannot make PDF files.")
    if stands.error.startswith("press."):
        return _("A certificate could not be drawn. Try again; if it fails again, tell your administrator.")
    return sentence_for(Unavailable(stands.error))
