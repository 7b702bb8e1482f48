"""What is said about records that officers take along to another post: a sentence for each code."""

from flask_babel import lazy_gettext as _l

_DAMAGED = _l(
    "This file is damaged, or only a part of it was copied. Copy it again, or make a new one at the other post."
)

SENTENCES = {
    "asks.nothing": _l("Nothing came of this officer yet. Exchange with the hub, then look again."),
    "asks.too-many": _l("The hub is asked for %(most)s officers already. Ask no more for some of them first."),
    "carried.code": _l(
        "This code has a mistake in it. It has 16 signs, and never 0, 1, I, L or O. Look at each again."
    ),
    "carried.wrong-code": _l("This is not the code of this file. Each file has its own code."),
    "carried.not-a-record": _l("This is not the file of a record. Choose the file that was made on My record."),
    "carried.torn": _DAMAGED,
    "carried.form": _l(
        "This file is signed, but cannot be read here. Bring both posts to the same version of elearn, then make a new "
        "file."
    ),
    "carried.signature": _l(
        "This file was changed after “%(name)s” had signed it. Nothing was taken. Make a new one at the other post."
    ),
    "carried.too-large": _l("This file is too large for the record of an officer. Tell your administrator."),
    "carried.unknown-key": _l(
        "Nobody vouches here for the key of “%(name)s”. Exchange with the hub and look at the file again, or compare "
        "the signs of the key with the other post by telephone."
    ),
    "carried.demo": _l("A demonstration and a real post cannot be mixed. Nothing was taken."),
    "carried.other-country": _l(
        "This officer belongs to another country (%(country)s). Names do not leave their country, so nothing was "
        "taken. Certificates can be checked here by their number or QR code."
    ),
    "carried.number-taken": _l(
        "%(name)s has the service number %(number)s here already, and nothing was taken. Is it somebody else? Correct "
        "the wrong number, then take the file again. Is it the same officer? Give the account here another number, "
        "close it, then take the file again."
    ),
}
