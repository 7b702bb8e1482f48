"""Courses on paper: the page that says how far a book is, the book itself, and the same for a browser to print."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission
from elearn.services import books
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language

room = Blueprint("books", __name__)

Page = str | AnyResponse
REFRESH_S = 3
_PRINTABLE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
)


@room.get("/courses/<course>/print/<kind>")
@needs(Permission.LEARN)
def book(course: str, kind: str) -> Page:
    """Have a book made, and say how far it is until it is there. kind: book or job-aids."""
    again, language = bool(request.args.get("again")), _wanted_language()
    found = books.order(current_node(), current_session().person, course, kind, language, again=again)
    if again:
        # Or a page that looks again by itself would order again each time.
        return redirect(url_for(".book", course=course, kind=kind, language=language))
    return render_template("officer/book.html", found=found, refresh_s=REFRESH_S)


@room.get("/courses/<course>/print/<kind>.pdf")
@needs(Permission.LEARN)
def pdf(course: str, kind: str) -> Page:
    """Give the PDF; where it is not there (any more), the page on which it is made."""
    language = _wanted_language()
    found = books.pdf(current_node(), current_session().person, course, kind, language)
    if found is None:
        return redirect(url_for(".book", course=course, kind=kind, language=language))
    name, content = found
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, content_type="application/pdf", headers=headers)


@room.get("/courses/<course>/print/<kind>/page")
@needs(Permission.LEARN)
def page(course: str, kind: str) -> Page:
    """Give the book as one page a browser can print."""
    html = books.printable(current_node(), current_session().person, course, kind, _wanted_language())
    response = Response(html, content_type="text/html; charset=utf-8")
    # The page carries its own style and pictures, nothing else may run or load in it.
    response.headers["Content-Security-Policy"] = _PRINTABLE_POLICY
    return response


def _wanted_language() -> str:
    wanted = request.args.get("language", "")
    return wanted if wanted in LANGUAGES else chosen_language()
