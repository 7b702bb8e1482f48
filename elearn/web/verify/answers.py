"""The answer about a certificate in words: a sign, a word, what it means, what to do next, what was looked at.

Every state `services.verify` can give has its row in LOOKS; a test keeps the table whole.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from elearn.core.vocab.dates import local_date
from elearn.services.node import Node
from elearn.services.verify import CertificateCheck
from elearn.web.context import current_about
from elearn.web.locale import day

OLD_LIST_DAYS = 7
DEPEND_ON_TODAY = ("valid", "expired")


@dataclass(frozen=True)
class Look:
    """How a state is shown. kind: of the colours; icon: of parts/icons.html; word: large; sentence: below it."""

    kind: str
    icon: str
    word: object
    sentence: object


@dataclass(frozen=True)
class Answer:
    """What the page shows. notes: what it means and what to do; looked_at: what the answer rests on."""

    check: CertificateCheck
    look: Look
    notes: list[str]
    looked_at: list[str]


LOOKS = {
    "valid": Look("valid", "done", _l("Valid"), _l("This certificate is good.")),
    "expired": Look("expired", "clock", _l("Expired"), _l("This certificate was good, but its time is over.")),
    "revoked": Look("revoked", "wrong", _l("Revoked"), _l("This certificate was revoked.")),
    "altered": Look(
        "altered", "wrong", _l("Altered"), _l("This is not the certificate that was issued: it was altered.")
    ),
    "key_lost": Look(
        "altered", "wrong", _l("Not valid"), _l("Do not accept this certificate: its key was reported lost.")
    ),
    "key_ended": Look(
        "altered", "wrong", _l("Not valid"), _l("Do not accept this certificate: its key was no longer in use.")
    ),
    "doubtful": Look("unknown", "refused", _l("In doubt"), _l("This certificate cannot be confirmed.")),
    "unknown_issuer": Look(
        "unknown", "refused", _l("Unknown issuer"), _l("This post does not know who issued this certificate.")
    ),
    "unknown": Look("unknown", "refused", _l("Unknown number"), _l("This post knows no certificate with this number.")),
}


def answer_to(node: Node, check: CertificateCheck) -> Answer:
    """Return the answer in the reader's language."""
    notes = [*_meaning(check), *_doubts(check), *_age(node, check)]
    return Answer(check, LOOKS[check.state], notes, _looked_at(check))


def _meaning(check: CertificateCheck) -> list[str]:
    """Return what the state means and what to do next."""
    key_lost = day(check.key_lost) if check.key_lost else ""
    said = {
        "valid": [_compare(check)],
        "expired": [_("The officer renews it by passing the course again.")],
        "revoked": [_revoked(check)],
        "altered": [_altered(check)],
        "key_lost": [
            _(
                "It was signed with a key that was reported lost as of %(date)s. "
                "What is dated from that day on is not believed.",
                date=key_lost,
            )
        ],
        "key_ended": [
            _(
                "It was signed with a key that was in use until %(date)s, and is dated later.",
                date=day(check.key_ended) if check.key_ended else "",
            )
        ],
        "doubtful": [
            _(
                "Its key was reported lost as of %(date)s, and it is not on the list of certificates that the hub knew "
                "before. It may be forged, or its post may not have sent it in time. Ask the hub.",
                date=key_lost,
            )
        ],
        "unknown_issuer": _unheard_of(check),
        "unknown": [
            _(
                "That does not mean it is false: its post may not have exchanged with this one yet. "
                "Check the QR code or the PDF, or ask the hub."
            )
        ],
    }
    return said[check.state]


def _compare(check: CertificateCheck) -> str:
    if not check.signed:
        return _(
            "Only the number was looked up. Compare the first letters of the name, the course and the days with the "
            "paper, or check its QR code: that holds the whole name."
        )
    if check.page == "agrees":
        return _("The file is as it was issued. Compare the name with the officer's service card.")
    return _(
        "Compare the name and the number here with those that are printed, "
        "and the name with the officer's service card."
    )


def _revoked(check: CertificateCheck) -> str:
    if check.replaced:
        return _("A newer certificate stands in its place.")
    return _("Do not accept it. The post that issued it can tell why.")


def _altered(check: CertificateCheck) -> str:
    if check.page == "differs":
        return _("Do not accept it. What is printed in the file is not what was signed; below is what was signed.")
    return _("Do not accept it. Tell the post that is named as its issuer.")


def _unheard_of(check: CertificateCheck) -> list[str]:
    if check.list_date:
        why = _(
            "That does not mean it is false: this post has not yet heard of the post that issued it "
            "(last list of keys: %(date)s). Exchange with the hub, then check it again.",
            date=day(check.list_date),
        )
    else:
        why = _(
            "That does not mean it is false: this post has never received a list of keys. "
            "Exchange with the hub, then check it again."
        )
    return [why, _("Below is what it says; nobody here can confirm it.")] if check.number else [why]


def _doubts(check: CertificateCheck) -> list[str]:
    """Return what else weighs on the answer."""
    found = []
    if check.key_lost and check.state not in ("key_lost", "doubtful"):
        found.append(
            _(
                "Its key was reported lost as of %(date)s. The hub knew a certificate with this number and these dates "
                "before; it does not vouch for the name.",
                date=day(check.key_lost),
            )
        )
    if check.issue_doubtful:
        found.append(_("The day of issue cannot be right: the clock of the issuing post was wrong."))
    about = current_about()
    if check.clock_doubtful:
        found.append(_("It is dated later than today on this machine. The clock here may be wrong; look at the dates."))
    elif about and about.clock_doubt and check.state in DEPEND_ON_TODAY:
        found.append(_("The clock of this machine may be wrong: compare the last day with today's date yourself."))
    return found


def _age(node: Node, check: CertificateCheck) -> list[str]:
    """Return how old the list of revoked certificates is, where that matters and it is old."""
    if not check.list_date or check.state not in DEPEND_ON_TODAY:
        return []
    about = current_about()
    today = local_date(node.now(), about.country if about else "")
    age_days = (today - date.fromisoformat(check.list_date)).days
    if age_days <= OLD_LIST_DAYS:
        return []
    return [
        ngettext(
            "The list of revoked certificates here is %(num)s day old. What was revoked since is not known here.",
            "The list of revoked certificates here is %(num)s days old. What was revoked since is not known here.",
            age_days,
        )
    ]


def _looked_at(check: CertificateCheck) -> list[str]:
    how = _("Its signature was checked.") if check.signed else _("Only its number was looked up.")
    if check.list_date:
        where = _("Checked on this machine, without a line, against the list of %(date)s.", date=day(check.list_date))
    else:
        where = _("Checked on this machine, without a line.")
    # Without the issuer's key there is nothing to check a signature against.
    return [where] if check.state == "unknown_issuer" else [how, where]
