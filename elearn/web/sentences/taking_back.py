"""What is said where certificates are taken back or issued anew: a sentence for each code."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "apart.unknown": _l("This is not kept apart here any more."),
    "revoking.kind": _l("Choose a reason."),
    "revoking.nothing": _l("No certificate that is still good was found."),
    "revoking.too-many": _l(
        "These are %(n)s certificates. At most %(most)s can be taken back together: choose fewer days, or one course."
    ),
    "revoking.list-changed": _l(
        "The list is not the one you saw: certificates were issued or taken back meanwhile. Look at it again."
    ),
    "revoking.unknown": _l("This proposal is not on this post."),
    "revoking.own": _l("You made this proposal. Another administrator has to approve it."),
    "revoking.expired": _l("This proposal has waited too long. Make a new one."),
    "revoking.decided": _l("This proposal was decided already."),
    "revoking.maker-gone": _l(
        "The person who made this proposal is no longer an administrator here. Make a new proposal."
    ),
    "certificate.elsewhere": _l(
        "%(number)s was issued at another post. Only that post or its hub can take it back; it can be issued anew here."
    ),
    "certificate.replaced": _l("A newer certificate stands in place of %(number)s. Open the newer one."),
    "reissue.replaced": _l("A newer certificate stands in its place. Open the newer one."),
    "reissue.pass-in-doubt": _l("The exam or the person is in doubt, so the exam has to be sat again."),
    "reissue.reason-unknown": _l("It was taken back elsewhere, and the reason is not known here. Ask the hub."),
    "reissue.clock": _l("The clock of this machine is in doubt. Set it first, then issue the certificate anew."),
    "reissue.expired": _l("Its time is over. It is renewed by sitting the exam again."),
}
