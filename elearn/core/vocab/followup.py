"""The follow-up 90 days after an exam: what the officer is asked, what a colleague says, and when it is open.

No free text and no case: only which of a few words were chosen. A change of what is asked is another FORM: numbers of
two forms are never added up. Each sentence is a msgid of the translation catalogs.
"""


def _(message: str) -> str:
    """Mark a sentence for the catalogs; it is translated where it is shown."""
    return message


FORM = 1

FIRST_DAY, LAST_DAY = 80, 150
"""Whole days after the exam between which the home page asks. From the first day on the form is open, until answered or
until the exam is passed again: who comes late loses nothing."""

NEVER = "never"
USED: dict[str, str] = {NEVER: _("Never"), "once": _("Once"), "more": _("More than once")}
"""How often the officer used what was learned -> words."""

NOTHING = "nothing"
STOPPED: dict[str, str] = {
    "equipment": _("Equipment was missing"),
    "authority": _("I had no authority for it"),
    "time": _("There was no time"),
    "occasion": _("There was no occasion"),
    NOTHING: _("Nothing stopped me"),
}
"""What stopped the officer -> words; several may be chosen, "nothing" only alone."""

SEEN_RIGHT = "yes"
SEEN: dict[str, str] = {SEEN_RIGHT: _("Yes"), "no": _("No"), "not-observed": _("Not observed")}
"""What a colleague has seen of it, done correctly -> words."""
