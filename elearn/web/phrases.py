"""What a person reads when something cannot be done: one sentence for each error code, in one place.

A sentence says what is wrong and what to do. `tests/web/test_phrases.py` keeps every code of the house in here.
"""

import logging
import math

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from elearn.core.vocab.errors import ElearnError
from elearn.web.locale import number

log = logging.getLogger("elearn.web")

SENTENCES = {
    # forms and pages
    "form.expired": _l("This page was open for too long or in two windows. Go back, load the page again and repeat."),
    "form.foreign": _l("This request came from another website and was not carried out."),
    "form.fields": _l("Some fields need another look. Nothing was saved."),
    "permission": _l("Your account may not do this. Ask your administrator if you need it."),
    "sign-in.needed": _l("Sign in first."),
    "language.unknown": _l("This language is not offered here."),
    # accounts
    "sign-in.which-agency": _l("This number is used in more than one service. Choose yours."),
    "sign-in.inactive": _l("This account was closed. Ask your administrator."),
    "account.gone": _l("This account is no longer here. Sign in again."),
    "pin.must-change": _l("Choose a PIN of your own first."),
    "pin.missing": _l("Type a PIN."),
    "pin.too-short": _l("The PIN is too short. Take at least 6 digits, or a phrase of at least 10 characters."),
    "pin.too-long": _l("The PIN is too long. Take at most 128 characters."),
    "pin.too-common": _l("Many people choose this PIN, so it is easy to guess. Take another one."),
    "pin.date": _l("This PIN looks like a date, which is easy to guess. Take another one."),
    "pin.own-number": _l("The PIN must not be your service number."),
    "pin.same": _l("The new PIN is the same as the old one. Take another one."),
    "pin.not-the-same-twice": _l("The new PIN was not typed the same way twice."),
    "idle-lock.range": _l("Choose between 2 and 240 minutes."),
    # courses and learning
    "course.unknown": _l("This course is not here."),
    "lesson.unknown": _l("This lesson is not in the course."),
    "question.unknown": _l("This question is not in the course."),
    "answer.empty": _l("Choose an answer first."),
    "answer.one-only": _l("Only one answer can be chosen here."),
    "answer.option": _l("This answer is not among those offered. Load the page again."),
    # certificates
    "number.sign": _l("A certificate number has only letters and digits. Look at it again."),
    "number.length": _l("This certificate number is too short or too long. Look at it again."),
    "number.check": _l("This certificate number has a mistake in it. Look at each sign again."),
    "press.missing": _l("This post cannot make PDF files. Print the certificate from the browser instead."),
    # the machine
    "disk.full": _l("The disk of this post is full. What was saved before is safe; tell your administrator."),
    "disk.read-only": _l("The disk of this post cannot be written to. What was saved before is safe; tell your administrator."),
    "store.busy": _l("The post is busy. Try again in a moment."),
    "store.damaged": _l("The database of this post is damaged. Tell your administrator at once."),
    "search.building": _l("Search is being prepared. Try again in a minute."),
    "node.power": _l("This node is not meant for that."),
    "node.not-set-up": _l("This post is not set up yet."),
    "peer.no-line": _l("There is no line to the hub at the moment. Nothing is lost; it will be tried again."),
}


def sentence_for(error: ElearnError) -> str:
    """Return the sentence for an error, in the reader's language; a general one (and a log line) if there is none."""
    wait_s = error.details.get("wait_s")
    if error.code in ("sign-in.wait", "sign-in.wrong", "pin.wrong") and isinstance(wait_s, (int, float)):
        return _waiting(error.code, wait_s)
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        log.error("no sentence for the code %s", error.code)
        return _("This cannot be done (%(code)s). What was saved before is safe.", code=error.code)
    try:
        return str(sentence) % {name: _readable(value) for name, value in error.details.items()}
    except (KeyError, TypeError, ValueError):
        log.exception("sentence for %s cannot be filled with %r", error.code, error.details)
        return _("This cannot be done (%(code)s). What was saved before is safe.", code=error.code)


def field_sentence(code: str) -> str:
    """Return the sentence below a field of a form."""
    return sentence_for(ElearnError(code))


def _readable(value: object) -> object:
    return number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _waiting(code: str, wait_s: float) -> str:
    if code == "sign-in.wait":
        return _wait_words(wait_s)
    wrong = _("The PIN is not right.") if code == "pin.wrong" else _("The service number or the PIN is not right.")
    return f"{wrong} {_wait_words(wait_s)}" if wait_s >= 1 else wrong


def _wait_words(wait_s: float) -> str:
    if wait_s < 90:
        seconds = max(1, math.ceil(wait_s))
        return ngettext("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds)
    return ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", math.ceil(wait_s / 60))
