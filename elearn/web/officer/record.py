"""The pages of the own record: all that is held, as a page, as a copy for machines, and as a transcript."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.roles import Permission
from elearn.services import carrying, my_record, transcript
from elearn.services.record_copy import record_copy
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language

PRINT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
"""For a page that carries its own style and fonts: nothing else may run or load in it."""

Page = str | AnyResponse | tuple[str, int]


def add_record_pages(room: Blueprint) -> None:
    """Add the pages to the officer's room."""
    room.add_url_rule("/record", view_func=record)
    room.add_url_rule("/record/copy.json", view_func=record_json)
    room.add_url_rule("/record/transcript.pdf", view_func=transcript_pdf)
    room.add_url_rule("/record/transcript", view_func=transcript_page)
    room.add_url_rule("/record/take-along", view_func=take_along, methods=["GET", "POST"])


@needs(Permission.LEARN)
def record() -> Page:
    """Show everything this post holds about the officer."""
    view = my_record.my_record(current_node(), current_session().person, chosen_language())
    return render_template("officer/record.html", view=view, choices=choices)


@needs(Permission.LEARN)
def record_json() -> AnyResponse:
    """Give a copy of all of it for machines."""
    session = current_session()
    data = record_copy(current_node(), session.person, chosen_language())
    headers = {"Content-Disposition": 'attachment; filename="my-record.json"'}
    return Response(data, content_type="application/json", headers=headers)


@needs(Permission.LEARN)
def transcript_pdf() -> Page:
    """Give the transcript as PDF; without a press, as a page to print."""
    try:
        content = transcript.transcript_pdf(current_node(), current_session().person, chosen_language())
    except Unavailable as error:
        if error.code != "press.missing":
            raise
        return redirect(url_for(".transcript_page"))
    headers = {"Content-Disposition": 'inline; filename="transcript.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


@needs(Permission.LEARN)
def transcript_page() -> AnyResponse:
    """Give the transcript as one page a browser can print."""
    html = transcript.transcript_printable(current_node(), current_session().person, chosen_language())
    headers = {"Content-Security-Policy": PRINT_POLICY}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)


@needs(Permission.LEARN)
def take_along() -> Page:
    """Show a code, then give the file that is sealed with it; neither is kept here."""
    node = current_node()
    if request.method == "GET":
        signs = carrying.key_signs(node.keys.key_id)
        return render_template("officer/take_along.html", code=carrying.new_code(node), key=signs)
    file = carrying.record_file(node, current_session(), request.form.get("code", ""))
    headers = {"Content-Disposition": 'attachment; filename="my-record.elearn"'}
    return Response(file, content_type="application/octet-stream", headers=headers)
