"""The pages of the own record: all that is held, as a page, as a copy for machines, and as a transcript."""

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.vocab.roles import Permission
from elearn.services import my_record
from elearn.services.record_copy import record_copy
from elearn.web import choices
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language

Page = str | AnyResponse | tuple[str, int]


def add_record_pages(room: Blueprint) -> None:
    """Add the pages to the officer's room."""
    room.add_url_rule("/record", view_func=record)
    room.add_url_rule("/record/copy.json", view_func=record_json)


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
