"""What is said about files that are carried by hand between a post and its hub."""

from flask_babel import lazy_gettext as _l

_FORM = _l("This file cannot be understood, so nothing was taken from it. Have it made and copied again.")
_STRANGER = _l(
    "This file was not signed by the one it says it comes from, so nothing was taken from it. Tell the administrator "
    "of the other side."
)

SENTENCES = {
    "courier.not-one": _l("This is not a courier file of elearn. Choose a file whose name ends in .courier."),
    "courier.newer": _l("This file was made by a newer elearn. Bring this machine up to date, then read it again."),
    "courier.version": _l(
        "Post and hub have different versions of elearn. Bring the older one up to date, then make the file again."
    ),
    "courier.too-large": _l("This file is larger than a courier file can be, so it was not read."),
    "courier.torn": _l(
        "This file is not whole: it was cut off while it was copied. Nothing was taken from it. Copy it again, and "
        "take the stick out only when the copying is done."
    ),
    "courier.damaged": _l("This file was changed or damaged on its way. Nothing was taken from it. Copy it again."),
    "courier.other-key": _l(
        "This file was sealed to a key this machine does not have any more. Make a file here for the other side first; "
        "its next file can be read."
    ),
    "courier.form": _FORM,
    "courier.signature": _STRANGER,
    "courier.other-signer": _STRANGER,
    "courier.not-here": _l("This file is for %(name)s, not for here. Carry it on; only they can open it."),
    "courier.unknown-sender": _l(
        "%(name)s is not enrolled here, so nothing was taken. Make a one-time code and its file for it first."
    ),
    "courier.other-hub": _l("This file comes from %(name)s, which is not the hub of this post any more."),
    "courier.no-box": _l(
        "%(name)s has not said yet how to seal a file to it. It says so with its next exchange, or with its first file."
    ),
    "courier.receiver": _l("No post or hub here is called %(to)s."),
    "courier.too-early": _l("The first of the files made together was not read yet. Read it, then this one again."),
    "courier.gone": _l("This file is not kept here any more. Make a new one: it holds all that is not confirmed."),
    "box.recipient": _FORM,
    "enrolment-file.not-one": _l("This is not an enrolment file. Ask the administrator of the hub for one."),
    "enrolment-file.other-code": _l(
        "The code and the file do not belong together. Look at each sign of the code, and whether it is the right "
        "file. Nothing was changed."
    ),
    "enrol.code-gone": _l("This code is used, too old or blocked. Make a new one."),
    "exchange.by-stick": _l("There is no line to this hub: it was enrolled by file. Exchange by stick."),
}
