"""Sessions in a classroom: making one, its list of officers, the papers to print, who was there."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.paper.form import SessionForm
from elearn.core.vocab.errors import Invalid, Unavailable
from elearn.core.vocab.roles import Permission
from elearn.services import paper_lists, paper_printing, paper_sessions
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import field_sentence

Page = str | AnyResponse | tuple[str, int]
_PRINTABLE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
)
FIELDS = ("course", "held_on", "place", "minutes")


def add_session_pages(room: Blueprint) -> None:
    """Add the pages to the trainer's room."""
    room.add_url_rule("/sessions", "sessions", sessions, methods=["GET", "POST"])
    room.add_url_rule("/sessions/<session>", "session_one", one)
    room.add_url_rule("/sessions/<session>/officers", "session_add", add, methods=["POST"])
    room.add_url_rule("/sessions/<session>/list", "session_list", save_list, methods=["POST"])
    room.add_url_rule("/sessions/<session>/sheets", "session_sheets", make_sheets, methods=["POST"])
    room.add_url_rule("/sessions/<session>/<papers>.pdf", "session_papers", papers_pdf)
    room.add_url_rule("/sessions/<session>/<papers>/print", "session_printable", papers_page)


@needs(Permission.HOLD_SESSION)
def sessions() -> Page:
    """List sessions, and make one."""
    node, by, errors = current_node(), current_session(), dict[str, str]()
    if request.method == "POST":
        form = SessionForm(**{name: request.form.get(name, "") for name in FIELDS})
        try:
            session = paper_sessions.make_session(node, by, form)
        except Invalid as error:
            errors = {name: field_sentence(code) for name, code in choices.field_codes(error).items()}
        else:
            return redirect(url_for(".session_one", session=session))
    page = render_template(
        "trainer/sessions.html",
        found=paper_lists.sessions(node, by, chosen_language()),
        courses=paper_lists.courses_on_paper(node, by, chosen_language()),
        errors=errors,
        given=request.form,
    )
    return page, 400 if errors else 200


@needs(Permission.HOLD_SESSION)
def one(session: str) -> Page:
    """Show one session: what to print, its officers, who can be put on the list."""
    words = request.args.get("q", "")
    page = paper_lists.session_page(current_node(), current_session(), session, chosen_language(), words)
    return render_template("trainer/session.html", page=page, words=words)


@needs(Permission.HOLD_SESSION)
def add(session: str) -> AnyResponse:
    """Put officers on the list."""
    paper_sessions.put_on_list(current_node(), current_session(), session, request.form.getlist("who"))
    return _back(session)


@needs(Permission.HOLD_SESSION)
def save_list(session: str) -> AnyResponse:
    """Keep what the form of the list says: languages, who was there, who is taken off."""
    node, by = current_node(), current_session()
    paper_sessions.change_list(node, by, session, _by_person("language"), request.form.getlist("off"))
    paper_sessions.say_attendance(node, by, session, _newly_said())
    flash(_("The changes were saved."), "good")
    return _back(session)


@needs(Permission.HOLD_SESSION)
def make_sheets(session: str) -> AnyResponse:
    """Draw the exams of all who have none yet."""
    made = paper_sessions.make_sheets(current_node(), current_session(), session)
    flash(ngettext("%(num)s answer sheet was made.", "%(num)s answer sheets were made.", made), "good")
    return _back(session)


@needs(Permission.HOLD_SESSION)
def papers_pdf(session: str, papers: str) -> Page:
    """Give papers as PDF; without a press, as a page to print."""
    node, by, language = current_node(), current_session(), chosen_language()
    try:
        content = paper_printing.papers_pdf(node, by, session, papers, language)
    except Unavailable as error:
        if error.code != "press.missing":
            raise
        return redirect(url_for(".session_printable", session=session, papers=papers))
    headers = {"Content-Disposition": f'inline; filename="{papers}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


@needs(Permission.HOLD_SESSION)
def papers_page(session: str, papers: str) -> AnyResponse:
    """Give papers as one page a browser can print."""
    html = paper_printing.papers_printable(current_node(), current_session(), session, papers, chosen_language())
    headers = {"Content-Security-Policy": _PRINTABLE_POLICY}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)


def _by_person(field: str) -> dict[str, str]:
    start = f"{field}-"
    return {name.removeprefix(start): value for name, value in request.form.items() if name.startswith(start)}


def _newly_said() -> dict[str, str]:
    """Return what was changed in this form: what another trainer has said meanwhile stays."""
    before = _by_person("was")
    return {person: word for person, word in _by_person("said").items() if word != before.get(person, "")}


def _back(session: str) -> AnyResponse:
    return redirect(url_for(".session_one", session=session))
