"""The administrator's page for an officer from another post: look at the file, then take it in."""

import binascii
from base64 import b64decode, b64encode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import STATUS, ElearnError, Invalid
from elearn.core.vocab.roles import Permission
from elearn.services import arriving
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import sentence_for

PAGE = "administrator/officers_arriving.html"
Page = str | Response | tuple[str, int]


def add_arriving_pages(room: Blueprint) -> None:
    """Put this page into the administrator's room."""
    room.add_url_rule("/officers/arriving", "officers_arriving", officers_arriving, methods=["GET", "POST"])


@needs(Permission.MANAGE_OFFICERS)
def officers_arriving() -> Page:
    """Take a file and its code: first shown who it is, then taken in."""
    shown: dict[str, object] = {"arriving": None, "arrived": None, "sentence": "", "choices": choices}
    if request.method == "GET":
        return render_template(PAGE, **shown)
    node, by, code = current_node(), current_session(), request.form.get("code", "")
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


def _file_sent() -> bytes:
    sent = request.files.get("record")
    if sent is not None:
        return sent.read()
    try:
        return b64decode(request.form.get("file", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("carried.not-a-record") from None
