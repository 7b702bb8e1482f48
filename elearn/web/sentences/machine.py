"""What is said about the machine: disk, database, keys, and faults of the program itself."""

from flask_babel import lazy_gettext as _l

_KEY = _l(
    "The key of this post cannot be read, so nothing can be signed. Nothing stored is lost. "
    "Tell your administrator at once."
)

SENTENCES = {
    "disk.full": _l("The disk of this post is full. What was saved before is safe; tell your administrator."),
    "disk.read-only": _l(
        "The disk of this post cannot be written to. What was saved before is safe; tell your administrator."
    ),
    "disk.failing": _l("The disk of this post is failing. Tell your administrator at once."),
    "store.busy": _l("The post is busy. Try again in a moment."),
    "store.damaged": _l("The database of this post is damaged. Tell your administrator at once."),
    "store.away": _l("The database cannot be reached. What was saved before is safe. Try again in a moment."),
    "store.newer": _l(
        "The data of this post was made by a newer elearn. Nothing is lost; your administrator has to install that one."
    ),
    "key.unreadable": _KEY,
    "key.damaged": _KEY,
    "key.unwritable": _l("The new key could not be written. The old key is still in use; nothing has changed."),
    "catalog.damaged": _l(
        "The sentences of this language cannot be read. Choose another language; tell your administrator."
    ),
    "search.building": _l("Search is being prepared. Try again in a minute."),
    "search.language": _l("There is nothing to search in this language. Choose another language."),
    "node.power": _l("This node is not meant for that."),
    "clock.moved": _l("The clock moved since this page was shown. Look at it again."),
    "node.not-set-up": _l("This post is not set up yet."),
}

INSIDE = _l("Something went wrong inside the program. What you had saved before is safe. Go back and try again.")

FAULTS = (
    *("row.", "time.", "json.", "statement.id", "entry.", "question.kind", "claims.", "certificate.id", "unit."),
    *("badge.", "credential.form", "credential.proof", "credential.key", "credential.multibase"),
)
"""Beginnings of codes that tell of a fault of the program, not of what a person did: all read `INSIDE`."""
