"""The administrator's pages about certificates: finding them, the history of one, taking one back, issuing it anew."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.revoking import EXAM, IDENTITY, KEY, MISTAKE, NAME, OTHER
from elearn.core.vocab.roles import Permission
from elearn.services import certificate_history, certificates_found, reissue, revoking, revoking_shown
from elearn.services.certificates_found import FIELDS, Sought
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import field_sentence, sentence_for

Page = str | Response | tuple[str, int]

KINDS = {
    MISTAKE: _l("Issued by mistake"),
    NAME: _l("The name is wrong"),
    EXAM: _l("The exam was not in order"),
    IDENTITY: _l("Another person sat the exam"),
    KEY: _l("The key of the post was lost"),
    OTHER: _l("Another reason"),
}


def add_certificate_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/issued", "revoke_find", find)
    room.add_url_rule("/issued/<number>", "revoke_one", one)
    room.add_url_rule("/issued/<number>/revoke", "revoke_now", revoke_now, methods=["POST"])
    room.add_url_rule("/issued/<number>/reissue", "revoke_reissue", issue_anew, methods=["POST"])


@needs(Permission.REVOKE_CERTIFICATE)
def find() -> Page:
    """List certificates, all or those looked for."""
    node, by, language = current_node(), current_session(), chosen_language()
    sought, sentence = sought_in(request.args), ""
    try:
        found = certificates_found.find(node, by, sought, language)
    except Invalid as error:
        found, sentence = certificates_found.Found((), 0, 0), sentence_for(error)
    page = render_template(
        "administrator/certificates.html",
        found=found,
        sought=sought,
        choices=certificates_found.choices(node, by, language),
        waiting=revoking_shown.waiting_for(node, by),
        sentence=sentence,
    )
    return page, 400 if sentence else 200


@needs(Permission.REVOKE_CERTIFICATE)
def one(number: str) -> Page:
    """Show one certificate: what it says, what happened to it, what can be done."""
    return _one(number)


@needs(Permission.REVOKE_CERTIFICATE)
def revoke_now(number: str) -> Page:
    """Take one certificate back."""
    form = request.form
    try:
        revoking.revoke(current_node(), current_session(), number, form.get("kind", ""), form.get("reason", ""))
    except Invalid as error:
        place = "kind" if error.code == "revoking.kind" else "reason"
        return _one(number, {place: field_sentence(error.code) if not error.details else sentence_for(error)}), 400
    flash(_("The certificate was taken back."), "good")
    return redirect(url_for(".revoke_one", number=number))


@needs(Permission.REVOKE_CERTIFICATE)
def issue_anew(number: str) -> Response:
    """Issue one certificate anew."""
    new = reissue.reissue(current_node(), current_session(), number)
    flash(_("The certificate was issued anew."), "good")
    return redirect(url_for(".revoke_one", number=new))


def sought_in(given: Mapping[str, str]) -> Sought:
    """Return what is looked for, as an address or a form says it."""
    return Sought(**{name: given.get(name, "").strip() for name in FIELDS})


def _one(number: str, errors: dict[str, str] | None = None) -> str:
    page = certificate_history.history(current_node(), current_session(), number, chosen_language())
    return render_template(
        "administrator/certificate.html",
        page=page,
        kinds=KINDS,
        errors=errors or {},
        given=request.form,
        why_not=field_sentence(page.reissue) if page.reissue else "",
    )
