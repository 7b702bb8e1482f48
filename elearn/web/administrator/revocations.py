"""The administrator's pages about taking many certificates back: one proposes, another one approves or declines."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import ElearnError, Invalid, Refused
from elearn.core.vocab.roles import Permission
from elearn.services import certificates_found, revoking_many, revoking_shown
from elearn.web.administrator.certificates import KINDS, sought_in
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

Page = str | Response | tuple[str, int]


def add_revocation_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/revocations", "revoke_proposals", proposals)
    room.add_url_rule("/revocations/new", "revoke_propose", propose, methods=["GET", "POST"])
    room.add_url_rule("/revocations/<proposal>", "revoke_proposal", one)
    room.add_url_rule("/revocations/<proposal>/approve", "revoke_approve", approve, methods=["POST"])
    room.add_url_rule("/revocations/<proposal>/decline", "revoke_decline", decline, methods=["POST"])


@needs(Permission.REVOKE_CERTIFICATE)
def proposals() -> Page:
    """List proposals, the newest first."""
    found = revoking_shown.proposals(current_node(), current_session())
    return render_template("administrator/revocations.html", found=found, kinds=KINDS)


@needs(Permission.REVOKE_CERTIFICATE)
def propose() -> Page:
    """Show what would be taken back, and propose it."""
    node, by, language = current_node(), current_session(), chosen_language()
    sought, errors, sentence = sought_in(request.values), dict[str, str](), ""
    if request.method == "POST":
        form = request.form
        try:
            why = form.get("kind", ""), form.get("reason", "")
            made = revoking_many.propose(node, by, sought, why, form.get("digest", ""))
        except Refused as error:
            sentence = sentence_for(error)
        except Invalid as error:
            errors["kind" if error.code == "revoking.kind" else "reason"] = sentence_for(error)
        else:
            return redirect(url_for(".revoke_proposal", proposal=made))
    page = render_template(
        "administrator/revocation_form.html",
        preview=revoking_shown.preview(node, by, sought, language),
        sought=sought,
        choices=certificates_found.choices(node, by, language),
        kinds=KINDS,
        errors=errors,
        sentence=sentence,
        given=request.form,
        most=revoking_many.MOST_AT_ONCE,
        days=revoking_many.OPEN_DAYS,
    )
    return page, 400 if errors or sentence else 200


@needs(Permission.REVOKE_CERTIFICATE)
def one(proposal: str) -> Page:
    """Show one proposal: the list, the reason, how it stands."""
    return _one(proposal)


@needs(Permission.REVOKE_CERTIFICATE)
def approve(proposal: str) -> Page:
    """Approve what another administrator proposed."""
    form = request.form
    try:
        revoking_many.approve(
            current_node(),
            current_session(),
            proposal,
            form.get("digest", ""),
            form.get("pin", ""),
            request.remote_addr or "",
        )
    except Refused as error:
        if error.code == "permission":
            raise
        return _one(proposal, error), 403
    flash(_("You have approved it. The certificates are being taken back."), "good")
    return redirect(url_for(".revoke_proposal", proposal=proposal))


@needs(Permission.REVOKE_CERTIFICATE)
def decline(proposal: str) -> Response:
    """Decline a proposal, or withdraw one's own."""
    revoking_many.decline(current_node(), current_session(), proposal)
    flash(_("Nothing is taken back."), "good")
    return redirect(url_for(".revoke_proposal", proposal=proposal))


def _one(proposal: str, error: ElearnError | None = None) -> str:
    node, by, language = current_node(), current_session(), chosen_language()
    return render_template(
        "administrator/revocation.html",
        page=revoking_shown.proposal_page(node, by, proposal, language),
        choices=certificates_found.choices(node, by, language),
        kinds=KINDS,
        seconds=revoking_shown.seconds(node, by),
        sentence=sentence_for(error) if error else "",
    )
