"""What a person reads when something cannot be done: one sentence for each error code.

A sentence says what is wrong and what to do; the sentences stand in `sentences/`.
`tests/web/test_phrases.py` keeps every code of the house in there.
"""

import logging
import math
import re
from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from elearn.core.vocab.errors import ElearnError, Invalid
from elearn.services.accounts import Notice
from elearn.services.exchange import KEPT_APART, Light
from elearn.web.locale import day, moment, number
from elearn.web.sentences import SENTENCES
from elearn.web.sentences.machine import FAULTS, INSIDE

log = logging.getLogger("elearn.web")

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def sentence_for(error: ElearnError) -> str:
    """Return the sentence for an error, in the reader's language; a general one (and a log line) if there is none."""
    worded = WORDED.get(error.code)
    if worded is not None:
        return worded(error)
    if error.code.startswith(FAULTS):
        log.error("a fault of the program: %s", error)
        return str(INSIDE)
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
    if light.colour == "bad":
        return _light_bad(light)
    if light.colour == "good" and light.reason == KEPT_APART:
        return _("%(hub)s holds all records, but could not count some. Your administrator sees which.", hub=light.hub)
    if light.colour == "good":
        return _("%(hub)s has confirmed all records.", hub=light.hub)
    return _light_waiting(light)


def _light_waiting(light: Light) -> str:
    if light.carried == light.waiting:
        return ngettext(
            "%(num)s record is kept here and is on file %(courier)s of %(date)s for %(hub)s.",
            "%(num)s records are kept here and are on file %(courier)s of %(date)s for %(hub)s.",
            light.waiting,
            courier=light.courier,
            date=day(light.courier_at),
            hub=light.hub,
        )
    if light.stick:
        return ngettext(
            "%(num)s record is kept here and waits for a stick to %(hub)s.",
            "%(num)s records are kept here and wait for a stick to %(hub)s.",
            light.waiting,
            hub=light.hub,
        )
    return ngettext(
        "%(num)s record is kept here and waits for a line to %(hub)s.",
        "%(num)s records are kept here and wait for a line to %(hub)s.",
        light.waiting,
        hub=light.hub,
    )


def _light_bad(light: Light) -> str:
    if not light.waiting:
        return _(
            "%(hub)s refused the last exchange. All records are kept here; tell your administrator.", hub=light.hub
        )
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
        "notice.try-given": _l("You were given one more try for an exam. Read the lessons again before you sit it."),
        "notice.certificate-revoked": _l(
            "A certificate of yours was taken back. My record says which one. Ask your administrator why."
        ),
        "notice.certificate-reissued": _l(
            "A certificate of yours was issued anew. You find it on My record; the old one is no longer good."
        ),
        "notice.revocation-proposed": _l(
            "An administrator proposes to take many certificates back. Look at it under Certificates, and decide."
        ),
        "notice.activated": _l("Your account was opened again by an administrator."),
        "notice.recovery-code-used": _l(
            "Your PIN was changed with one of your recovery codes. If it was not you, tell your administrator."
        ),
    }
    return str(told.get(notice.code, _l("Your account was changed by an administrator.")))


def reason_sentence(reason: str) -> str:
    """Return why the hub keeps something apart. reason: a code, perhaps followed by details for the log."""
    return sentence_for(ElearnError(reason.split(":", 1)[0]))


def field_sentence(code: str) -> str:
    """Return the sentence below a field of a form."""
    return sentence_for(ElearnError(code))


def _readable(value: object) -> object:
    """Return a value as people write it: numbers, days and moments of the place; everything else as it is."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return moment(value)
        if isinstance(value, str) and _DAY.fullmatch(value):
            return day(value)
    except (ValueError, Invalid):  # It looks like a day and is none, such as 2026-02-31: the sentence says so.
        return value
    return number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _waiting(error: ElearnError) -> str:
    """Return what is wrong and how long to wait before the next try."""
    wait_s = error.details.get("wait_s")
    seconds = float(wait_s) if isinstance(wait_s, (int, float)) else 0.0
    if error.code == "sign-in.wait":
        return _wait_words(seconds)
    wrong = {
        "sign-in.wrong": _("The service number or the PIN is not right."),
        "pin.wrong": _("The PIN is not right."),
        "recovery.wrong": _("The service number or the recovery code is not right, or the code was used before."),
    }[error.code]
    return f"{wrong} {_wait_words(seconds)}" if seconds >= 1 else wrong


def _wait_words(wait_s: float) -> str:
    if wait_s < 90:
        seconds = max(1, math.ceil(wait_s))
        return ngettext("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds)
    return ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", math.ceil(wait_s / 60))


def _unanswered(error: ElearnError) -> str:
    return ngettext(
        "%(num)s question has no answer yet. Answer it, or hand in without it.",
        "%(num)s questions have no answer yet. Answer them, or hand in without them.",
        _count(error),
    )


def _checks_open(error: ElearnError) -> str:
    return ngettext(
        "%(num)s question in this lesson has no answer yet. Answer it, then you can finish the lesson.",
        "%(num)s questions in this lesson have no answer yet. Answer them, then you can finish the lesson.",
        _count(error),
    )


def _count(error: ElearnError) -> int:
    n = error.details.get("n")
    return n if isinstance(n, int) else 1


def _characters(error: ElearnError) -> str:
    """Return what is said of signs that cannot be printed: at the press they are known, below a field they are not."""
    found = error.details.get("characters")
    if not isinstance(found, (str, list, tuple)):
        return _("There is a sign in it that cannot be printed. Type it again.")
    return _(
        "“%(text)s” has signs that cannot be printed on a certificate: %(characters)s. "
        "Ask your administrator to write the name with other signs.",
        text=error.details.get("text", ""),
        characters=" ".join(f"{sign} (U+{ord(sign):04X})" for sign in found),
    )


WORDED: dict[str, Callable[[ElearnError], str]] = {
    "sign-in.wait": _waiting,
    "sign-in.wrong": _waiting,
    "pin.wrong": _waiting,
    "recovery.wrong": _waiting,
    "attempt.unanswered": _unanswered,
    "lesson.checks-open": _checks_open,
    "name.characters": _characters,
}
"""Codes whose sentence depends on a count, a wait or on signs."""
