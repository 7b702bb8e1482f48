"""The satisfaction form after a course: its statements, its one choice, and when answers may leave the box.

One form for all courses, so that their numbers can be compared. A change of what is asked is another FORM: numbers of
two forms are never added up. There is no free text: handwriting and the choice of words give people away.

Each sentence is a msgid of the translation catalogs.
"""


def _(message: str) -> str:
    """Mark a sentence for the catalogs; it is translated where it is shown."""
    return message


FORM = 1

LEAST = 5
"""Answers of one box (a course, its major version, a language) that are recorded together; fewer stay in the box."""

ITEMS: dict[str, str] = {
    "useful": _("What I learned is useful for my work."),
    "understood": _("I understood the language of the course."),
    "fair": _("The questions were fair."),
    "fitting": _("The examples fit my post."),
    "easy": _("The platform was easy to use."),
}
"""Item -> statement, in the order they are asked."""

SCALE: dict[int, str] = {
    1: _("I do not agree at all"),
    2: _("I mostly do not agree"),
    3: _("I partly agree"),
    4: _("I mostly agree"),
    5: _("I fully agree"),
}
HIGH = 4
"""From here on an answer counts as satisfied."""

HELPED: dict[str, str] = {
    "time": _("More time"),
    "translation": _("A better translation"),
    "practice": _("More practice"),
    "equipment": _("Better equipment or a better line"),
    "nothing": _("Nothing, it was good as it is"),
}
"""What would have helped most: choice -> words."""
