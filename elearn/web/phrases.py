"""What a person reads when something cannot be done: one sentence for each error code, in one place.

A sentence says what is wrong and what to do. `tests/web/test_phrases.py` keeps every code of the house in here.
"""

import logging
import math

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from elearn.core.vocab.errors import ElearnError
from elearn.services.accounts import Notice
from elearn.services.exchange import Light
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
    "recovery.wrong": _l("The service number or the recovery code is not right, or the code was used before."),
    "idle-lock.range": _l("Choose between 2 and 240 minutes."),
    "set-up.link": _l("This link is not valid any more. Start the program again; it prints a new one."),
    "set-up.done": _l("This post is set up already. Sign in."),
    "officer.unknown": _l("This officer is not here."),
    "officer.own-pin": _l("Change your own PIN on the page Change PIN."),
    "officer.last-administrator": _l("This is the last administrator. Give the role to somebody else first."),
    "role.unknown": _l("Choose a role from the list."),
    # fields of officers and nodes
    "service-number.missing": _l("Type a service number."),
    "service-number.too-long": _l("The service number is too long. Take at most 32 signs."),
    "service-number.characters": _l("A service number has only letters, digits and the signs - / and full stop."),
    "service-number.scientific": _l("A spreadsheet turned this number into another form. Format the column as text."),
    "service-number.taken": _l("This service number is used by somebody else in the same service."),
    "name.missing": _l("Type a name."),
    "name.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "name.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "name.too-long": _l("The name is too long. Take at most 100 characters."),
    "post.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "post.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "post.too-long": _l("The name of the post is too long. Take at most 80 characters."),
    "node-name.missing": _l("Type a name."),
    "node-name.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "node-name.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "node-name.too-long": _l("The name of the post is too long. Take at most 80 characters."),
    "node-name.not-neutral": _l("A post does not speak for an international body. Take the name of your own office."),
    "issuer.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "issuer.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "issuer.too-long": _l("The issuer is too long. Take at most 120 characters."),
    "issuer.not-neutral": _l("A post does not speak for an international body. Take the name of your own office."),
    "languages.none": _l("Choose at least one language."),
    "language.not-offered": _l("This language is not offered here."),
    "country.missing": _l("Choose a country."),
    "agency.missing": _l("Choose a service."),
    "country.unknown": _l("Choose a country from the list."),
    "agency.unknown": _l("Choose a service from the list."),
    "sex.unknown": _l("Choose from the list."),
    "rank-band.unknown": _l("Choose from the list."),
    # sheets of officers
    "import.too-large": _l("The sheet is larger than 5 MB. Split it."),
    "import.encoding": _l("The sheet is not saved as UTF-8. In the spreadsheet, save it as CSV UTF-8."),
    "import.empty": _l("The sheet is empty. Choose a file with a line of column names and one line for each officer."),
    "import.broken": _l("This line cannot be read as a table. Look for a quotation mark that is not closed."),
    "import.column-missing": _l("This column is needed and is not there."),
    "import.column-double": _l("This column is there twice."),
    "import.column-unknown": _l("This column is not known and was left out."),
    "import.too-many-cells": _l("This line has more cells than there are columns."),
    "import.too-many-rows": _l("The sheet has more than 20,000 lines. Split it."),
    "import.double": _l("This officer is in the sheet twice; the first time on the line shown."),
    "import.other-name": _l("This number is here under another name. If the name was only corrected, tick the box and try again."),
    "import.too-many-pins": _l("At most 500 PINs can be given in one sheet. Leave the column empty; PINs are then made here."),
    "import.pin-ignored": _l("This officer is here already; the PIN in the sheet was left out."),
    "import.inactive": _l("This account is closed and stays closed."),
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


def light_sentence(light: Light) -> str:
    """Return what the sync light says, for everybody at the post."""
    if light.colour == "alone":
        return _("Everything is kept on this machine.")
    if light.colour == "good":
        return _("%(hub)s has confirmed all records.", hub=light.hub)
    if light.colour == "bad":
        return _light_bad(light)
    return ngettext(
        "%(num)s record is kept here and waits for a line to %(hub)s.",
        "%(num)s records are kept here and wait for a line to %(hub)s.",
        light.waiting,
        hub=light.hub,
    )


def _light_bad(light: Light) -> str:
    if not light.waiting:
        return _("%(hub)s has refused the last exchange. All records are kept here; tell your administrator.", hub=light.hub)
    return ngettext(
        "%(num)s record is kept here, but %(hub)s does not take it. Tell your administrator.",
        "%(num)s records are kept here, but %(hub)s does not take them. Tell your administrator.",
        light.waiting,
        hub=light.hub,
    )


def notice_sentence(notice: Notice) -> str:
    """Return what an officer is told about a change somebody else made to the account."""
    told = {
        "notice.pin-reset": _l("Your PIN was reset by an administrator. If you did not ask for it, tell them."),
        "notice.role-given": _l("You were given another role on this post."),
        "notice.activated": _l("Your account was opened again by an administrator."),
        "notice.recovery-code-used": _l("Your PIN was changed with one of your recovery codes. If it was not you, tell your administrator."),
    }
    return str(told.get(notice.code, _l("Your account was changed by an administrator.")))


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
