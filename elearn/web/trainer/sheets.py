"""Keying in answer sheets: the code, the boxes as on the paper, what two readings differ in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.roles import Permission
from elearn.services import paper_keying
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

Page = str | Response | tuple[str, int]


def add_sheet_pages(room: Blueprint) -> None:
    """Add the pages to the trainer's room."""
    room.add_url_rule("/sheets", "sheets", sheets)
    room.add_url_rule("/sheets/<code>", "sheet", sheet, methods=["GET", "POST"])
    room.add_url_rule("/sheets/<code>/settle", "sheet_settle", settle, methods=["POST"])


@needs(Permission.HOLD_SESSION)
def sheets() -> Page:
    """Ask for the code of a sheet, typed or read by a scanner."""
    typed, sentence = request.args.get("code", ""), ""
    if typed:
        try:
            found = paper_keying.sheet(current_node(), current_session(), typed, chosen_language())
        except ElearnError as error:
            sentence = sentence_for(error)
        else:
            return redirect(url_for(".sheet", code=found.code))
    page = render_template("trainer/sheets.html", typed=typed[:40], sentence=sentence)
    return page, 400 if sentence else 200


@needs(Permission.HOLD_SESSION)
def sheet(code: str) -> Page:
    """Show the boxes of a sheet, and keep what was read on it."""
    if request.method == "POST":
        due = paper_keying.key_in(current_node(), current_session(), code, _marks())
        return _kept(code, due)
    return _page(code)


@needs(Permission.HOLD_SESSION)
def settle(code: str) -> Page:
    """Settle what two readings differ in."""
    chosen = {name.removeprefix("take-"): value for name, value in request.form.items() if name.startswith("take-")}
    try:
        paper_keying.settle(current_node(), current_session(), code, chosen, _marks())
    except ElearnError as error:
        if error.code != "sheet.unsettled":
            raise
        return _page(code, sentence_for(error)), 400
    return _kept(code, paper_keying.DONE)


def _page(code: str, sentence: str = "") -> str:
    view = paper_keying.sheet(current_node(), current_session(), code, chosen_language())
    return render_template("trainer/sheet.html", view=view, sentence=sentence, given=request.form)


def _kept(code: str, due: str) -> Response:
    if due == paper_keying.SECOND:
        flash(_("Kept. Another person now keys in the same sheet."), "good")
        return redirect(url_for(".sheets"))
    if due == paper_keying.THIRD:
        return redirect(url_for(".sheet", code=code))
    flash(_("Both readings agree. The exam is handed in."), "good")
    return redirect(url_for(".sheets"))


def _marks() -> dict[str, list[str]]:
    """Return number -> letters, of fields such as ``q-3``."""
    form = request.form
    return {name.removeprefix("q-"): form.getlist(name) for name in form if name.startswith("q-")}
