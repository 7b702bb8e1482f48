"""What is said about the exchange between a post and its hub: a sentence for each code, also of the hub's refusals.

All but those of enrolment are also shown without values, as the reason why one record was kept apart.
"""

from flask_babel import lazy_gettext as _l

_TRY_AGAIN = _l("The hub's answer could not be understood. Nothing is lost; it will be tried again.")
_PART = _l(
    "One side did not understand the other. Nothing is lost. Perhaps post and hub have different versions of "
    "elearn: tell both administrators."
)
_TORN = _l("Records arrived damaged and were not taken. Nothing is lost; they will be sent again.")
_CHAIN = _l(
    "The records of this post and the hub's copy do not fit together. Nothing is deleted. "
    "Tell the administrator of the hub."
)
_GAP = _l(
    "Records between what the hub holds and what was sent are missing, so nothing was taken. Exchange again; "
    "if it comes back, tell the administrator of the hub."
)
_ALTERED = _l(
    "A record was changed after it was made, so nothing was taken. Put this machine back from its last good copy: "
    "what the hub holds is fetched back by itself."
)
_SIGNATURE = _l("The signature is not right, so nothing was taken. Tell the administrator of the hub.")
_KEY_GONE = _l(
    "The hub knows another key of this post than this machine has. Was an old copy put back, or does a second machine "
    "send as this post? Ask the hub for a code to enrol again."
)
_USED = _l("This code was used before. Ask the hub for a new one.")
_PRINTABLE = _l("There is a sign in it that cannot be printed. Type it again.")
_FORMULA = _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out.")

_COURSE_DAMAGED = _l(
    "What came of this course is not what the hub signed. It was not taken. Bring the program of this post up to date; "
    "if that does not help, tell the administrator of the hub."
)

SENTENCES = {
    # enrolment
    "hub-url.wrong": _l("This is not the address of a hub. Write it like https://hub.example.org."),
    "enrol.code-signs": _l("A code has only letters and digits. Look at it again."),
    "enrol.code-length": _l("This code is too short or too long. Look at it again."),
    "enrol.code-wrong": _l("This code is not right. Look at each sign again."),
    "enrol.code-blocked": _l("This code was typed wrong too often and is blocked. Ask the hub for a new one."),
    "enrol.code-expired": _l("This code is too old. Ask the hub for a new one."),
    "enrol.code-other-node": _l("This code was made for another post. Ask the hub for one for this post."),
    "enrol.code-used": _USED,
    "enrol.node-known": _l("The hub knows this post already, with another key. Tell the administrator of the hub."),
    "enrol.not-a-hub": _l("At this address there is an elearn, but it is not a hub. Look at the address again."),
    "enrol.not-a-post": _l("The hub takes only posts. This is not one."),
    "enrol.not-the-hub": _l(
        "Who answered does not know the code: it is not the hub that gave it. Look at the address again. "
        "Nothing was sent."
    ),
    "enrol.self": _l("This is the address of this post itself. Type the address of the hub."),
    "enrol.key-lost": _l(
        "The hub was told that the key of this machine was lost. Make a new key first, then enrol again with the code."
    ),
    "enrol.demo": _l("A demonstration cannot be mixed with a real hub, nor a real post with a demonstration."),
    "day.unreadable": _l("Type the day."),
    "day.future": _l("This day is still to come. Choose today or a day before."),
    "post.unknown": _l("This post is not enrolled here. Choose one from the list."),
    "post-name.missing": _l("Type the name of the post."),
    "post-name.characters": _PRINTABLE,
    "post-name.formula": _FORMULA,
    "post-name.too-long": _l("The name of the post is too long. Take at most 80 characters."),
    # talking
    "exchange.alone": _l("This post is not enrolled with a hub. Enrol it first."),
    "exchange.budget": _l(
        "What may go over the line in a day is used up. Nothing is lost; it goes on tomorrow, or at once if you ask "
        "for it."
    ),
    "exchange.budget-number": _l("Type whole megabytes from 0 to %(most)s."),
    "exchange.kept-apart": _l(
        "The hub has all records, but could not count some of them. They are listed below; tell its administrator."
    ),
    "peer.no-line": _l("There is no line to the hub at the moment. Nothing is lost; it will be tried again."),
    "peer.strange-answer": _TRY_AGAIN,
    "peer.unreadable": _TRY_AGAIN,
    "peer.failed": _l("Something went wrong inside the hub. Nothing is lost; it will be tried again."),
    "peer.part": _PART,
    "peer.unknown-path": _PART,
    "peer.unknown-part": _PART,
    "peer.version-post": _l("The hub has a newer elearn. Nothing is lost: bring this machine to the same version."),
    "peer.version-hub": _l("The hub has an older elearn. Nothing is lost: it has to be brought to the same version."),
    "peer.too-large": _l("What was sent was too large for the hub. Nothing is lost; tell its administrator."),
    "peer.signature": _l(
        "What was sent, or the answer to it, was changed on the way. Nothing is lost; it will be tried again. "
        "If it comes back, tell the administrator of the hub."
    ),
    "peer.unknown-key": _l("The hub does not know this post any more. Ask it for a new code and enrol again."),
    "peer.hub-key": _l(
        "Who answers at the address of the hub has another key than the hub. Nothing is lost. If the hub has a new "
        "machine, ask its administrator for a code and enrol again."
    ),
    "peer.key-lost": _l(
        "The hub was told that this machine was lost, and takes nothing from it any more. If that is not so, or the "
        "machine was found, make a new key and ask the hub for a code to enrol again."
    ),
    "peer.key-renewed": _KEY_GONE,
    "key.not-followed": _KEY_GONE,
    "key.succession": _SIGNATURE,
    "key.unknown": _KEY_GONE,
    "people.not-here": _l("This hub may not keep the names of officers of this post. Their records are not affected."),
    # other systems
    "lrs.name": _l("Type a name of at most 80 characters."),
    "lrs.url": _l("This is not the address of a system. Write it like https://lrs.example.org/xapi."),
    "lrs.key": _l("Type the key as the system shows it; it has no colon."),
    "lrs.secret": _l("Type the secret as the system shows it."),
    "lrs.credentials": _l("The system does not let us in: key or secret is wrong, or may not write there."),
    "lrs.not-one": _l("At this address there is no system that keeps xAPI records. Look at the address again."),
    "lrs.busy": _l("The system cannot take records at the moment. Nothing is lost; it will be tried again."),
    "lrs.unknown": _l("This system is not on the list."),
    "lrs.refused": _l("The system found a fault in it."),
    "lrs.other-content": _l("The system holds another record under the same number."),
    "lrs.too-large": _l("It is too large for the system."),
    # courses handed down
    "package.signature": _l(
        "This course was not signed by the hub. It was not taken; tell the administrator of the hub."
    ),
    "package.damaged": _COURSE_DAMAGED,
    "package.digest": _COURSE_DAMAGED,
    "package.file-unknown": _l("The hub does not hand this course down any more."),
    "package.too-large": _l("This course is too large."),
    "package.sitting": _l("Somebody sits an exam of this course. The new version is served after that."),
    # records
    "batch.count": _TORN,
    "batch.line": _TORN,
    "batch.torn": _TORN,
    "batch.too-large": _TORN,
    "batch.entry-too-large": _l("A record is too large to be sent. Nothing is lost; tell your administrator."),
    "batch.foreign": _l("The hub does not take records of another post from this one."),
    "batch.head-signature": _SIGNATURE,
    "chain.foreign": _CHAIN,
    "chain.gap": _GAP,
    "chain.altered": _ALTERED,
    "chain.fork": _CHAIN,
    "chain.below": _l(
        "The hub above did not take the records of %(name)s, for its copy is another one. All others were sent. "
        "Nothing is deleted; tell its administrator."
    ),
    "chain.not-mine": _l(
        "The hub holds records of this post that were not signed by it. Nothing was changed here. "
        "Tell the administrator of the hub."
    ),
    "chain.confirmed-elsewhere": _l(
        "This machine was put back from an older copy, and another hub holds records this hub does not know. "
        "Nothing was changed. Tell the administrators of both hubs."
    ),
    "chain.head": _CHAIN,
    "statement.other-content": _l("There is another record with the same id. Both are kept; tell the administrator."),
    "statement.other-place": _l(
        "This record is there twice, at different places. Both are kept; tell the administrator."
    ),
    "statement.malformed": _l("This record is not well formed. It is kept apart; tell the administrator."),
    "statement.other-node": _l("This record says that it was made at another post. Tell the administrator."),
    "statement.not-folded": _l("This record could not be counted. Bring post and hub to the same version of elearn."),
    # officers
    "person.number-taken": _l("Another officer has this service number already. One of the two needs correcting."),
    "person.local-account": _l("This person has an account on the hub itself, and is changed only there."),
    "person.other-country": _l("This officer belongs to another country than the hub, so the name is not kept there."),
    "person.malformed": _l("Name or number of this officer is not well formed. Correct it at the post."),
}
