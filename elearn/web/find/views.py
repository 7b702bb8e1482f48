"""Search and glossary, for everyone who is signed in."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn.core.search.passage import Hit
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.roles import Permission
from elearn.services import find as finding
from elearn.services.media import published_picture
from elearn.services.reading import lesson_to_read
from elearn.web.context import current_node, needs
from elearn.web.lessons import beside, kept_picture
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

room = Blueprint("find", __name__)

Page = str | Response
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Line:
    """A hit as shown: with the address of its very paragraph."""

    hit: Hit
    course_title: str
    url: str


@room.get("/search")
@needs(Permission.LEARN)
def find() -> Page:
    """Show the places that fit the words, each a link to its paragraph."""
    words = request.args.get("q", "")[:LONGEST_QUERY]
    lines: list[Line] = []
    sentence = ""
    try:
        found = finding.find(current_node(), chosen_language(), words) if words else []
        lines = [Line(one.hit, one.course_title, _address(one.hit)) for one in found]
    except Unavailable as error:
        sentence = sentence_for(error)
    return render_template("find/find.html", words=words, hits=lines, sentence=sentence)


@room.get("/glossary")
@needs(Permission.LEARN)
def glossary() -> Page:
    """Show the terms of every course taught here."""
    return render_template("find/glossary.html", parts=finding.glossary(current_node(), chosen_language()))


def _address(hit: Hit) -> str:
    passage = hit.passage
    if passage.kind == "glossary":
        return url_for("find.glossary", _anchor=f"term-{passage.course}-{passage.place}")
    return url_for(
        "find.read", course=passage.course, lesson=passage.place, language=passage.language, _anchor=passage.anchor
    )


@room.get("/media/<name>")
@needs(Permission.LEARN)
def media(name: str) -> Page:
    """Give a picture of a published course: also to hubs' readers, who have no lessons of their own."""
    return kept_picture(published_picture(current_node(), name))


@room.get("/read/<course>/<lesson>/<language>")
@needs(Permission.LEARN)
def read(course: str, lesson: str, language: str) -> Page:
    """Show a lesson to look something up in: for everyone, in the language of the hit, without checks."""
    view = lesson_to_read(current_node(), course, lesson, language)
    return render_template("find/read.html", view=view, second=beside(view))
