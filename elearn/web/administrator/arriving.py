"""The administrator's page for an officer from another post: look at the file, then take it in."""

import binascii
from base64 import b64decode, b64encode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import STATUS, ElearnError, Invalid
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.services import arriving, asking
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import field_sentence, sentence_for

PAGE = "administrator/officers_arriving.html"
Page = str | Response | tuple[str, int]


def add_arriving_pages(room: Blueprint) -> None:
    """Put this page into the administrator's room."""
    room.add_url_rule("/officers/arriving", "officers_arriving", officers_arriving, methods=["GET", "POST"])
    room.add_url_rule("/officers/asked", "officers_asked", officers_asked, methods=["POST"])


@needs(Permission.MANAGE_OFFICERS)
def officers_arriving() -> Page:
    """Take a file and its code: first shown who it is, then taken in."""
    node, by, code = current_node(), current_session(), request.form.get("code", "")
    shown = _nothing_yet()
    if request.method == "GET":
        return render_template(PAGE, **shown)
    try:
        file = _file_sent()
        if "take" in request.form:
            compared = "compared" in request.form
            shown["arrived"] = arriving.take_in(node, by, file, code, compared)
        else:
            # The page hands the file back with the answer: nothing of a stranger is stored before it is taken.
            shown |= {
                "arriving": arriving.look_at(node, by, file, code),
                "file": b64encode(file).decode(),
                "code": code,
            }
    except ElearnError as error:
        if not error.code.startswith("carried."):
            raise
        status = next(number for kind, number in STATUS if isinstance(error, kind))
        return render_template(PAGE, **{**shown, "sentence": sentence_for(error)}), status
    return render_template(PAGE, **shown)


@needs(Permission.MANAGE_OFFICERS)
def officers_asked() -> Page:
    """Ask the hub for an officer, look at what came, take it in, or ask no more."""
    node, by, form = current_node(), current_session(), request.form
    whom = (form.get("agency", ""), form.get("service_number", ""))
    shown: dict[str, object] = {}
    try:
        if "take" in form:
            shown = {"arrived": asking.take_in(node, by, *whom)}
        elif "look" in form:
            shown = {"arriving": asking.look_at(node, by, *whom), "asked": whom}
        elif "forget" in form:
            asking.forget(node, by, *whom)
        else:
            asking.ask_for(node, by, *whom)
            flash(_("The question goes to the hub with the next exchange."), "good")
            return redirect(url_for("administrator.officers_arriving"))
    except Invalid as error:
        errors = {name: field_sentence(code) for name, code in choices.field_codes(error).items()}
        return render_template(PAGE, **{**_nothing_yet(), "errors": errors, "given": form}), 400
    except ElearnError as error:
        if not error.code.startswith(("carried.", "asks.", "exchange.alone")):
            raise
        status = next(number for kind, number in STATUS if isinstance(error, kind))
        return render_template(PAGE, **{**_nothing_yet(), "sentence": sentence_for(error)}), status
    return render_template(PAGE, **{**_nothing_yet(), **shown})


def _nothing_yet() -> dict[str, object]:
    node, by = current_node(), current_session()
    return {
        "arriving": None,
        "arrived": None,
        "asked": None,
        "sentence": "",
        "choices": choices,
        "asks": asking.asks(node, by),
        "may_ask": node.can(Power.CALL_HUB),
        "errors": {},
        "given": {},
        "reason": field_sentence,
    }


def _file_sent() -> bytes:
    sent = request.files.get("record")
    if sent is not None:
        return sent.read()
    try:
        return b64decode(request.form.get("file", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("carried.not-a-record") from None
