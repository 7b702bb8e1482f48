"""Exams with no tries left: who waits for another one, and giving it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.roles import Permission, may
from elearn.services import tries
from elearn.web.context import current_node, current_session, needs
from elearn.web.locale import chosen_language


def add_try_pages(room: Blueprint) -> None:
    """Add the pages to the trainer's room; an administrator gives a try from the officer's page as well."""
    room.add_url_rule("/tries", "tries", tries_page)
    room.add_url_rule("/tries/<person>/<course>", "give_try", give_try, methods=["POST"])


@needs(Permission.GIVE_TRY)
def tries_page() -> str:
    """List officers who may sit an exam no more."""
    found = tries.used_up(current_node(), current_session(), chosen_language())
    return render_template("trainer/tries.html", found=found)


@needs(Permission.GIVE_TRY)
def give_try(person: str, course: str) -> Response:
    """Let an officer sit an exam once more."""
    by = current_session()
    tries.give_try(current_node(), by, person, course, request.form.get("reason", ""))
    flash(_("One more try is given. The officer is told."), "good")
    if request.form.get("next") == "officer" and may(by.role, Permission.MANAGE_OFFICERS):
        return redirect(url_for("administrator.officers_one", person=person))
    return redirect(url_for(".tries"))
