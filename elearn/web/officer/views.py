"""The officer's pages: courses, lessons, pre-test and exam, results, certificates; the own record is in `record`."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.learning.course import EXAM, PRETEST
from elearn.core.vocab.errors import Invalid, Refused, Unavailable
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission
from elearn.services import books, certify, learn, look_back, refreshers, results, sit
from elearn.web.choices import readers
from elearn.web.context import current_node, current_session, needs
from elearn.web.lessons import beside
from elearn.web.locale import chosen_language
from elearn.web.officer.record import add_record_pages
from elearn.web.phrases import sentence_for

room = Blueprint("officer", __name__)
add_record_pages(room)

Page = str | AnyResponse | tuple[str, int]


@room.get("/courses")
@needs(Permission.LEARN)
def courses() -> Page:
    """Show the own courses, the one to go on with first."""
    node, person, language = current_node(), current_session().person, chosen_language()
    cards = learn.my_courses(node, person, language)
    offered = refreshers.offer(node, person, language)
    return render_template("officer/courses.html", cards=cards, refresher=offered)


@room.get("/courses/<course>")
@needs(Permission.LEARN)
def course(course: str) -> Page:
    """Show one course as a path of steps."""
    node, person, language = current_node(), current_session().person, chosen_language()
    page = learn.course_page(node, person, course, language)
    printed = books.offers(node, person, course, language)
    return render_template("officer/course.html", page=page, readers=readers, printed=printed)


@room.get("/courses/<course>/lessons/<lesson>")
@needs(Permission.LEARN)
def lesson(course: str, lesson: str) -> Page:
    """Show a lesson with its checks."""
    again = request.args.get("again", "")
    view = learn.lesson(current_node(), current_session().person, course, lesson, chosen_language(), again)
    return render_template("officer/lesson.html", view=view, second=beside(view), sentence="", asked="")


@room.post("/courses/<course>/lessons/<lesson>/checks/<question>")
@needs(Permission.LEARN)
def answer_check(course: str, lesson: str, question: str) -> Page:
    """Take the answer to a check and show what is said of it."""
    node, person, language = current_node(), current_session().person, chosen_language()
    try:
        learn.check_answer(node, person, course, lesson, question, form_sent(), language)
    except Invalid as error:
        view = learn.lesson(node, person, course, lesson, language)
        told = {"sentence": sentence_for(error), "asked": question, "sent": form_sent()}
        return render_template("officer/lesson.html", view=view, second=beside(view), **told), 400
    second = request.args.get("beside")
    return redirect(url_for(".lesson", course=course, lesson=lesson, beside=second, _anchor=f"check-{question}"))


@room.post("/courses/<course>/lessons/<lesson>/finish")
@needs(Permission.LEARN)
def finish_lesson(course: str, lesson: str) -> AnyResponse:
    """Keep that the lesson was read."""
    learn.finish_lesson(current_node(), current_session().person, course, lesson, chosen_language())
    flash(_("Lesson completed and saved on this post."), "good")
    return redirect(url_for(".course", course=course))


@room.post("/courses/<course>/<any(pretest, exam):kind>")
@needs(Permission.LEARN)
def start(course: str, kind: str) -> AnyResponse:
    """Start a pre-test or exam, or go on with the one that runs."""
    kind = PRETEST if kind == "pretest" else EXAM
    attempt = sit.start(current_node(), current_session().person, course, kind, chosen_language())
    return redirect(url_for(".sitting", attempt=attempt))


@room.get("/sittings/<attempt>")
@needs(Permission.LEARN)
def sitting(attempt: str) -> Page:
    """Show the question to answer next, or the one asked for."""
    view = sit.sitting(
        current_node(), current_session().person, attempt, chosen_language(), request.args.get("question", "")
    )
    if view.submitted:
        return redirect(url_for(".result", attempt=attempt))
    return render_template("officer/sitting.html", view=view, sentence="")


@room.post("/sittings/<attempt>/answers/<question>")
@needs(Permission.LEARN)
def answer(attempt: str, question: str) -> Page:
    """Store the answer the moment it is given, then show the next question."""
    node, person = current_node(), current_session().person
    try:
        saved = sit.answer(node, person, attempt, question, form_sent())
    except Invalid as error:
        view = sit.sitting(node, person, attempt, chosen_language(), question)
        return render_template("officer/sitting.html", view=view, sentence=sentence_for(error), sent=form_sent()), 400
    except Refused as error:
        if error.code != "attempt.time-up":
            raise
        flash(sentence_for(error), "note")
        return redirect(url_for(".hand_in", attempt=attempt))
    if saved.stay:
        return redirect(url_for(".sitting", attempt=attempt, question=question))
    if not saved.next:
        return redirect(url_for(".hand_in", attempt=attempt))
    return redirect(url_for(".sitting", attempt=attempt, question=saved.next))


@room.route("/sittings/<attempt>/hand-in", methods=["GET", "POST"])
@needs(Permission.LEARN)
def hand_in(attempt: str) -> Page:
    """Ask once more, then hand in. Handing in twice gives the same result."""
    node, person = current_node(), current_session().person
    if request.method == "POST":
        # The page before this said how many have no answer.
        sit.submit(node, person, attempt, anyway=True)
        return redirect(url_for(".result", attempt=attempt))
    view = sit.sitting(node, person, attempt, chosen_language())
    if view.submitted:
        return redirect(url_for(".result", attempt=attempt))
    return render_template("officer/hand_in.html", view=view)


@room.get("/results/<attempt>")
@needs(Permission.LEARN)
def result(attempt: str) -> Page:
    """Show how it went and what to do next."""
    view = results.result(current_node(), current_session().person, attempt, chosen_language())
    return render_template("officer/result.html", view=view)


@room.get("/results/<attempt>/answers")
@needs(Permission.LEARN)
def answers(attempt: str) -> Page:
    """Show the own answers of a passed exam, one at a time, where the course allows it."""
    question = request.args.get("question", "")
    view = look_back.look_back(current_node(), current_session().person, attempt, chosen_language(), question)
    return render_template("officer/answers.html", view=view)


@room.get("/certificates/<number>.pdf")
@needs(Permission.LEARN)
def certificate_pdf(number: str) -> Page:
    """Give the certificate as PDF; without a press, as a page to print."""
    try:
        content = certify.certificate_pdf(current_node(), current_session().person, number, _wanted_language())
    except Unavailable as error:
        if error.code != "press.missing":
            raise
        return redirect(url_for(".certificate_page", number=number, language=_wanted_language()))
    name = f"certificate-{number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, content_type="application/pdf", headers=headers)


@room.get("/certificates/<number>")
@needs(Permission.LEARN)
def certificate_page(number: str) -> Page:
    """Give the certificate as one page a browser can print."""
    html = certify.certificate_printable(current_node(), current_session().person, number, _wanted_language())
    response = Response(html, content_type="text/html; charset=utf-8")
    # The page carries its own style and pictures, nothing else may run or load in it.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
    )
    return response


def form_sent() -> dict[str, list[str]]:
    """Return the fields of the form: name -> values."""
    return request.form.to_dict(flat=False)


def _wanted_language() -> str:
    wanted = request.args.get("language", "")
    return wanted if wanted in LANGUAGES else chosen_language()
