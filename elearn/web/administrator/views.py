"""The administrator's pages: officers, sheets of officers, this node."""

from dataclasses import fields

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.roster.form import OfficerForm
from elearn.core.roster.sheet import sheet_text
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.roles import Permission, Role
from elearn.services import about_node, officers
from elearn.services.officers_import import import_officers
from elearn.services.tries import used_up
from elearn.web import choices
from elearn.web.administrator.apart import add_apart_form
from elearn.web.administrator.arriving import add_arriving_pages
from elearn.web.administrator.certificate_look import add_look_pages
from elearn.web.administrator.certificates import add_certificate_pages
from elearn.web.administrator.clock import add_clock_page
from elearn.web.administrator.courier import add_courier_pages
from elearn.web.administrator.exchange import add_exchange_pages
from elearn.web.administrator.forwarding import add_forwarding_pages
from elearn.web.administrator.keys import add_key_pages
from elearn.web.administrator.line import add_line_pages
from elearn.web.administrator.revocations import add_revocation_pages
from elearn.web.context import current_about, current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import field_sentence

room = Blueprint("administrator", __name__)
add_exchange_pages(room)
add_courier_pages(room)
add_apart_form(room)
add_forwarding_pages(room)
add_line_pages(room)
add_arriving_pages(room)
add_certificate_pages(room)
add_revocation_pages(room)
add_look_pages(room)
add_clock_page(room)
add_key_pages(room)

Page = str | Response | tuple[str, int]
FORM_FIELDS = tuple(field.name for field in fields(OfficerForm))
MOST_ON_A_PAGE = 500


@room.get("/officers")
@needs(Permission.MANAGE_OFFICERS)
def officers_page() -> Page:
    """List officers, all or those searched for."""
    words = request.args.get("q", "")
    found = officers.officers(current_node(), current_session(), words)
    return render_template(
        "administrator/officers.html", found=found[:MOST_ON_A_PAGE], total=len(found), words=words, choices=choices
    )


@room.route("/officers/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_OFFICERS)
def officers_new() -> Page:
    """Add one officer; the one-time PIN is shown once."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            added = officers.add_officer(current_node(), current_session(), _form_given())
        except Invalid as error:
            errors = _sentences(error)
        else:
            person = officers.officer(current_node(), current_session(), added.person)
            return render_template("administrator/officer_pin.html", officer=person, pin=added.pin, new=True)
    page = render_template(
        "administrator/officer_form.html", errors=errors, given=request.form, choices=choices, officer=None
    )
    return page, 400 if errors else 200


@room.route("/officers/<person>", methods=["GET", "POST"])
@needs(Permission.MANAGE_OFFICERS)
def officers_one(person: str) -> Page:
    """Show and correct one officer."""
    node, by = current_node(), current_session()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            officers.change_officer(node, by, person, _form_given())
        except Invalid as error:
            errors = _sentences(error)
        else:
            flash(_("The changes were saved."), "good")
            return redirect(url_for(".officers_one", person=person))
    officer = officers.officer(node, by, person)
    waiting = used_up(node, by, chosen_language(), person)
    page = render_template(
        "administrator/officer_form.html",
        errors=errors,
        given=request.form if errors else _as_given(officer),
        choices=choices,
        officer=officer,
        tries=waiting,
    )
    return page, 400 if errors else 200


@room.post("/officers/<person>/pin")
@needs(Permission.MANAGE_OFFICERS)
def officers_reset_pin(person: str) -> Page:
    """Give the officer a one-time PIN; they are told at the next sign-in."""
    pin = officers.reset_pin(current_node(), current_session(), person)
    officer = officers.officer(current_node(), current_session(), person)
    return render_template("administrator/officer_pin.html", officer=officer, pin=pin, new=False)


@room.post("/officers/<person>/role")
@needs(Permission.MANAGE_OFFICERS)
def officers_role(person: str) -> Response:
    """Give the officer another role."""
    wanted = request.form.get("role", "")
    if wanted not in {role.value for role in Role}:
        raise Invalid("role.unknown", role=wanted)
    officers.set_role(current_node(), current_session(), person, Role(wanted))
    flash(_("The changes were saved."), "good")
    return redirect(url_for(".officers_one", person=person))


@room.post("/officers/<person>/<any(close, open):errand>")
@needs(Permission.MANAGE_OFFICERS)
def officers_close(person: str, errand: str) -> Response:
    """Close the account, or open it again. Nothing the officer learned is lost."""
    act = officers.deactivate if errand == "close" else officers.activate
    act(current_node(), current_session(), person)
    flash(_("The account was closed.") if errand == "close" else _("The account is open again."), "good")
    return redirect(url_for(".officers_one", person=person))


@room.route("/officers/import", methods=["GET", "POST"])
@needs(Permission.MANAGE_OFFICERS)
def officers_import() -> Page:
    """Take a sheet of officers: first shown what it would do, then done."""
    report = None
    if request.method == "POST":
        sheet = request.files.get("sheet")
        data = sheet.read() if sheet else request.form.get("data", "").encode()
        if not data:
            raise Invalid("import.empty")
        report = import_officers(
            current_node(),
            current_session(),
            data,
            check_only="take" not in request.form,
            names_may_change="names" in request.form,
        )
        if not report.done:
            text = sheet_text(data, "replace")
            return render_template("administrator/officers_import.html", report=report, data=text, choices=choices)
    return render_template("administrator/officers_import.html", report=report, data="", choices=choices)


@room.route("/this-post", methods=["GET", "POST"])
@needs(Permission.MANAGE_NODE)
def node_page() -> Page:
    """Show and change what the node says of itself."""
    errors: dict[str, str] = {}
    mine = current_about()
    if request.method == "POST":
        try:
            about_node.change_about(current_node(), current_session(), _about_given())
        except Invalid as error:
            errors = _sentences(error)
        else:
            flash(_("The changes were saved."), "good")
            return redirect(url_for(".node_page"))
    page = render_template(
        "administrator/node.html",
        mine=mine,
        errors=errors,
        given=request.form,
        given_languages=request.form.getlist("languages") if errors else (mine.languages if mine else ()),
        press_missing=current_node().press.missing(),
        settings=current_node().settings,
    )
    return page, 400 if errors else 200


def _about_given() -> about_node.AboutForm:
    form = request.form
    return about_node.AboutForm(
        node_name=form.get("node_name", ""),
        languages=tuple(form.getlist("languages")),
    )


def _form_given() -> OfficerForm:
    return OfficerForm(**{name: request.form.get(name, "") for name in FORM_FIELDS})


def _as_given(officer: officers.Officer) -> dict[str, str]:
    return {name: str(getattr(officer, name, "") or "") for name in FORM_FIELDS if name not in ("role", "pin")}


def _sentences(error: Invalid) -> dict[str, str]:
    return {name: field_sentence(code) for name, code in choices.field_codes(error).items()}
