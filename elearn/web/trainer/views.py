"""The trainer's workshop: courses, versions, translation state, findings, previews, publishing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.content.finding import Finding, sentence_of
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.services import author, tries
from elearn.services.offering import keep_back
from elearn.web.context import current_node, current_session, needs
from elearn.web.lessons import kept_picture
from elearn.web.locale import chosen_language
from elearn.web.trainer.sessions import add_session_pages
from elearn.web.trainer.sheets import add_sheet_pages
from elearn.web.trainer.tries import add_try_pages

room = Blueprint("trainer", __name__)
add_try_pages(room)
add_session_pages(room)
add_sheet_pages(room)

Page = str | Response


@room.get("/workshop")
@needs(Permission.SEE_COURSE_WORKSHOP)
def workshop() -> Page:
    """Show every course with its versions and the state of its translations."""
    waiting = tries.used_up(current_node(), current_session(), chosen_language())
    return render_template("trainer/workshop.html", courses=author.workshop(current_node()), tries=len(waiting))


@room.get("/workshop/<course>")
@needs(Permission.SEE_COURSE_WORKSHOP)
def course(course: str) -> Page:
    """Show one course: findings by file and line, versions, what is behind, previews."""
    state = author.course_state(current_node(), course)
    hands_down = current_node().can(Power.ANSWER_POSTS)
    return render_template("trainer/course.html", state=state, finding_sentence=finding_sentence, hands_down=hands_down)


@room.post("/workshop/<course>/hand-down")
@needs(Permission.PUBLISH_COURSE)
def hand_down(course: str) -> Response:
    """Hand a course down to the posts of this hub, or keep it back."""
    keep_back(current_node(), current_session(), course, "hand_down" not in request.form)
    flash(_("The changes were saved."), "good")
    return redirect(url_for(".course", course=course))


@room.post("/workshop/<course>/publish")
@needs(Permission.PUBLISH_COURSE)
def publish(course: str) -> Response:
    """Publish the course from its files."""
    author.publish(current_node(), course, current_session().person)
    flash(_("The course is published. Officers see the new version from now on."), "good")
    return redirect(url_for(".course", course=course))


@room.get("/workshop/<course>/preview/<lesson>/<language>")
@needs(Permission.SEE_COURSE_WORKSHOP)
def preview(course: str, lesson: str, language: str) -> Page:
    """Show a lesson as it would be published."""
    if language not in LANGUAGES:
        raise NotFound("language.unknown", language=language)
    pictures = url_for(".picture", course=course, name="-").removesuffix("-")
    view = author.preview(current_node(), course, lesson, language, pictures)
    state = author.course_state(current_node(), course)
    return render_template("trainer/preview.html", view=view, state=state, finding_sentence=finding_sentence)


@room.get("/workshop/<course>/pictures/<name>")
@needs(Permission.SEE_COURSE_WORKSHOP)
def picture(course: str, name: str) -> Response:
    """Give a picture out of the course's files, for the preview: it may not be published yet."""
    return kept_picture(author.picture_file(current_node(), course, name))


def finding_sentence(finding: Finding) -> str:
    """Return what a finding says, in the reader's language."""
    return sentence_of(finding, lambda message, **values: gettext(message) % values)
