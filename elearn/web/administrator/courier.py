"""The administrator's page about exchange by stick: making and reading files, what each carries and how it stands."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from elearn.core.sync.courier import cover_of
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.services import posts
from elearn.services.courier_enrolment import enrol_by_file, make_enrolment_file
from elearn.services.courier_files import CourierFile, content_of, courier_files, receivers
from elearn.services.courier_reading import CourierRead, read_file
from elearn.services.courier_writing import write_files
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import reason_sentence, sentence_for

Page = str | AnyResponse | tuple[str, int]


@dataclass(frozen=True)
class Shown:
    """What became of a file that was sent. done: None where it was refused, and sentence says why."""

    name: str
    done: CourierRead | None
    sentence: str = ""


def add_courier_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/exchange/stick", "exchange_stick", stick_page)
    room.add_url_rule("/exchange/stick/make", "exchange_stick_make", make, methods=["POST"])
    room.add_url_rule("/exchange/stick/files/<file>", "exchange_stick_file", fetch)
    room.add_url_rule("/exchange/stick/read", "exchange_stick_read", read, methods=["POST"])
    room.add_url_rule("/exchange/stick/enrol", "exchange_stick_enrol", enrol, methods=["POST"])
    room.add_url_rule("/exchange/stick/enrolment", "exchange_stick_enrolment", enrolment, methods=["POST"])


@needs(Permission.MANAGE_NODE)
def stick_page(sentence: str = "", shown: list[Shown] | None = None) -> str:
    """Show for whom files can be made, what was made and read, and the forms."""
    node, by = current_node(), current_session()
    open_codes = [one for one in posts.codes(node) if one.state == "open"] if node.can(Power.ANSWER_POSTS) else []
    return render_template(
        "administrator/stick.html",
        receivers=receivers(node, by),
        files=courier_files(node, by),
        calls_hub=node.can(Power.CALL_HUB),
        answers_posts=node.can(Power.ANSWER_POSTS),
        codes=open_codes,
        carries=carries_words,
        reason_sentence=reason_sentence,
        sentence=sentence,
        shown=shown or [],
        given=request.form,
    )


@needs(Permission.MANAGE_NODE)
def make() -> Page:
    """Make the files for the hub, or for a post."""
    try:
        made = write_files(
            current_node(), current_session(), request.form.get("to", ""), courses="courses" in request.form
        )
    except ElearnError as error:
        return stick_page(sentence=sentence_for(error)), 400
    flash(
        ngettext(
            "The file is made. Download it onto the stick.",
            "%(num)s files are made. Download all of them onto the stick.",
            len(made),
        ),
        "good",
    )
    return redirect(url_for("administrator.exchange_stick") + "#files-list")


@needs(Permission.MANAGE_NODE)
def fetch(file: str) -> Response:
    """Give a file that was made here."""
    name, content = content_of(current_node(), current_session(), file)
    return _attached(name, content)


def _attached(name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type="application/octet-stream", headers=headers)


@needs(Permission.MANAGE_NODE)
def read() -> Page:
    """Read the files that were sent, the oldest first, and say what became of each."""
    sent = [(one.filename or "", one.read()) for one in request.files.getlist("files") if one.filename]
    if not sent:
        return stick_page(sentence=_("Choose a file first.")), 400
    shown = [_read_one(name, content) for name, content in sorted(sent, key=lambda one: _number(one[1]))]
    wrong = any(one.done is None for one in shown)
    page = stick_page(shown=shown)
    return (page, 400) if wrong else page


def _number(content: bytes) -> int:
    try:
        return cover_of(content).number
    except ElearnError:
        return 0


def _read_one(name: str, content: bytes) -> Shown:
    try:
        return Shown(name, read_file(current_node(), current_session(), content))
    except ElearnError as error:
        return Shown(name, None, sentence_for(error))


@needs(Permission.MANAGE_NODE)
def enrol() -> Page:
    """Enrol this post with a hub by the file and the code its administrator gave."""
    sent = request.files.get("file")
    try:
        enrol_by_file(
            current_node(), current_session(), sent.read() if sent is not None else b"", request.form.get("code", "")
        )
    except ElearnError as error:
        return stick_page(sentence=sentence_for(error)), 400
    flash(_("This post is enrolled. Now make a file for the hub: it tells the hub so."), "good")
    return redirect(url_for("administrator.exchange_stick"))


@needs(Permission.MANAGE_NODE)
def enrolment() -> Page:
    """On a hub: give the file that goes with a one-time code."""
    try:
        name, content = make_enrolment_file(current_node(), current_session(), request.form.get("code_id", ""))
    except ElearnError as error:
        return stick_page(sentence=sentence_for(error)), 400
    return _attached(name, content)


def carries_words(file: CourierFile | CourierRead) -> list[str]:
    """Return what a file carries, in words, a line each."""
    said = file.carries
    words = []
    if said.get("entries"):
        words.append(_records_words(said))
    if said.get("people"):
        words.append(ngettext("Name of %(num)s officer", "Names of %(num)s officers", said["people"]))
    if said.get("back"):
        words.append(
            ngettext(
                "%(num)s record the post had lost, handed back",
                "%(num)s records the post had lost, handed back",
                said["back"],
            )
        )
    if said.get("files"):
        words.append(ngettext("%(num)s file of courses", "%(num)s files of courses", said["files"]))
    words += [_part_words(name) for name in said.get("parts", []) if name != "box"]
    if not words:
        words.append(_("Only what was received and confirmed"))
    if said.get("of", 1) > 1:
        words.append(_("One of %(count)s files made together", count=said["of"]))
    if said.get("more"):
        words.append(_("There is more: make files again when these were answered."))
    return words


def _records_words(said: dict[str, Any]) -> str:
    spans = list(said["chains"].values())
    if len(spans) != 1:
        return ngettext("%(num)s record", "%(num)s records", said["entries"])
    first, last = spans[0]
    return ngettext(
        "%(num)s record (number %(first)s)",
        "%(num)s records (numbers %(first)s to %(last)s)",
        said["entries"],
        first=first,
        last=last,
    )


def _part_words(name: str) -> str:
    words = {
        "keys": _("Keys of posts"),
        "revocations": _("List of certificates that were taken back"),
        "packages": _("List of courses"),
        "transfers": _("Records of officers who moved"),
    }
    return words.get(name, name)
