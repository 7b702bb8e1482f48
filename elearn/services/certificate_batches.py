"""Certificates in batches: ordering one, going on with it, stopping it, and the finished file, for those who may."""

from collections.abc import Callable
from typing import BinaryIO

from elearn.core.credential.certificate_batch import PDF, ZIP, BatchPlan, BatchStands, Part, file_name
from elearn.core.credential.page import CertificatePage
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.roles import Permission
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.canonical import digest_of
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import EXPORTED
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.certificate_choice import (
    NO_PERSON,
    REVOKED,
    SIGNS,
    TOO_LONG,
    Choice,
    course_title,
    found_in,
    may_choose,
)
from elearn.services.certify import certificate_page
from elearn.services.clock_guard import clock_uncertain
from elearn.services.node import Node, known
from elearn.services.record import record_in

CERTIFICATES = "https://elearn.invalid/report/certificates"
OPERATOR = ""
"""Who makes a batch at the command line."""
_WHY = {"name.characters": SIGNS, "page.too-long": TOO_LONG, "certificate.no-person": NO_PERSON}
_OF_ONE_PAGE = {"press.crashed", "press.failed"}


def order(node: Node, by: Session, choice: Choice, language: str) -> str:
    """Have a batch made and return its id; the same again, while it is being made, is the same batch.

    language: of the page, for the order of names. Raises as `certificate_choice.found`, Refused("printing.nothing"),
    Unavailable("press.missing" | "disk.full" | "disk.failing").
    """
    if reason := node.press.missing():
        raise Unavailable("press.missing", reason=reason)
    with node.store.reading() as tx:
        may_choose(tx, node, by, choice)
        plan = plan_of(tx, node, by.person, choice, language)
    for stands in node.batches.every():
        if stands.moves and _same(stands.plan, plan):
            return stands.plan.id
    node.batches.begin(plan, maker(node, plan))
    node.store.write(lambda tx: record_in(tx, node, _exported(tx, node, by.person, plan)))
    return plan.id


def order_as_operator(node: Node, choice: Choice, language: str) -> str:
    """Have a batch made for who works at the machine itself, or go on with the same that was left; return its id.

    Raises as `order`, but for permissions.
    """
    if reason := node.press.missing():
        raise Unavailable("press.missing", reason=reason)
    for stands in node.batches.every():
        if stands.plan.made_by == OPERATOR and stands.plan.asked == choice.asked:
            node.batches.go_on(stands.plan.id, maker(node, stands.plan))
            return stands.plan.id
    with node.store.reading() as tx:
        plan, machine = plan_of(tx, node, OPERATOR, choice, language), known(tx).id
    node.batches.begin(plan, maker(node, plan))
    node.store.write(lambda tx: record_in(tx, node, _exported(tx, node, machine, plan)))
    return plan.id


def plan_of(tx: Transaction, node: Node, made_by: str, choice: Choice, language: str) -> BatchPlan:
    """Return the plan of a batch. Raises Refused("printing.nothing"), and as `certificate_choice.found_in`."""
    good = found_in(tx, node, choice, language).good
    if not good:
        raise Refused("printing.nothing")
    mine, now = known(tx), node.now()
    courses = {one.row["course"] for one in good}
    of = choice.language or language
    title = course_title(tx, good[0].row, of) if len(courses) == 1 else node.phrases.say(of, "Certificates")
    return BatchPlan(
        id=node.ids.new(),
        made_by=made_by,
        made_at=now,
        form=choice.form,
        language=choice.language,
        asked=choice.asked,
        title=f"{title}, {local_date(now, mine.country).isoformat()}",
        numbers=tuple(one.number for one in good),
    )


def batches(node: Node, by: Session) -> list[BatchStands]:
    """Return the batches this account may look at, the newest first. Raises Refused("permission")."""
    demand(by, Permission.PRINT_CERTIFICATES)
    return [stands for stands in node.batches.every() if _may(by, stands)]


def batch(node: Node, by: Session, batch_id: str) -> BatchStands:
    """Return how one stands. Raises Refused("permission"), NotFound("printing.gone")."""
    demand(by, Permission.PRINT_CERTIFICATES)
    stands = node.batches.look(batch_id)
    if stands is None or not _may(by, stands):
        raise NotFound("printing.gone", batch=batch_id)
    return stands


def try_again(node: Node, by: Session, batch_id: str) -> None:
    """Go on with one that failed or was interrupted. Raises as `batch`, Unavailable("press.missing")."""
    stands = batch(node, by, batch_id)
    if reason := node.press.missing():
        raise Unavailable("press.missing", reason=reason)
    node.batches.go_on(batch_id, maker(node, stands.plan))


def cancel(node: Node, by: Session, batch_id: str) -> None:
    """Stop one and remove all that was made of it. Raises as `batch`."""
    batch(node, by, batch_id)
    node.batches.cancel(batch_id)


def opened(node: Node, by: Session, batch_id: str) -> tuple[str, BinaryIO]:
    """Return (name of the file, the file), to be closed. Raises as `batch`, NotFound("printing.gone") if not ready."""
    stands = batch(node, by, batch_id)
    file = node.batches.open(batch_id)
    if file is None:
        raise NotFound("printing.gone", batch=batch_id)
    return result_name(stands.plan), file


def result_name(plan: BatchPlan) -> str:
    """Return the name of a batch's file, in plain letters."""
    return f"certificates-{plan.asked.get('course', 'all')}-{plan.made_at[:10]}.{plan.form}"


def go_on(node: Node) -> None:
    """Go on with every batch that was left unfinished, an operator's apart; nothing happens to those being made."""
    if not (left := [one for one in node.batches.every() if one.moves and one.plan.made_by != OPERATOR]):
        return
    if node.press.missing() is None:
        for stands in reversed(left):
            node.batches.go_on(stands.plan.id, maker(node, stands.plan))


def maker(node: Node, plan: BatchPlan) -> Callable[[tuple[str, ...]], Part]:
    """Return what makes a part: certificates in words as they are at that moment, and what became unprintable left out.

    It raises Unavailable where the press or the store is to blame, and not a certificate.
    """
    makers = {ZIP: _one_file, PDF: _many_in_one}
    return lambda numbers: makers[plan.form](node, plan, numbers)


def _one_file(node: Node, plan: BatchPlan, numbers: tuple[str, ...]) -> Part:
    number = numbers[0]
    try:
        page = certificate_page(node, number, plan.language)
        return Part(node.press.certificate(page, gentle=True), file_name(number, page.person_name))
    except (NotFound, Refused, Invalid) as error:
        return Part(b"", left_out={number: _why(error)})
    except Unavailable as error:
        if error.code not in _OF_ONE_PAGE:
            raise
        return Part(b"", left_out={number: error.code})


def _many_in_one(node: Node, plan: BatchPlan, numbers: tuple[str, ...]) -> Part:
    pages, left_out = list[CertificatePage](), dict[str, str]()
    for number in numbers:
        try:
            pages.append(certificate_page(node, number, plan.language))
        except (NotFound, Refused, Invalid) as error:
            left_out[number] = _why(error)
    together = node.press.certificates(pages)
    left_out |= {pages[place].number: _why(error) for place, error in together.refused.items()}
    return Part(together.pdf, left_out=left_out)


def _same(one: BatchPlan, other: BatchPlan) -> bool:
    """Tell whether the same account wants the same file. The numbers tell what was chosen, and their order."""
    return all(getattr(one, name) == getattr(other, name) for name in ("made_by", "numbers", "form", "language"))


def _why(error: ElearnError) -> str:
    return REVOKED if isinstance(error, Refused) else _WHY.get(error.code, error.code)


def _may(by: Session, stands: BatchStands) -> bool:
    return by.may(Permission.CHOOSE_CERTIFICATES) or stands.plan.made_by == by.person


def _exported(tx: Transaction, node: Node, person: str, plan: BatchPlan) -> Statement:
    """Return: this account had these certificates made. Which ones stands in there as a digest, no name."""
    now = node.now()
    saying = Saying(person, Particulars("", "", "", "", ""), now, known(tx).id, clock_uncertain(tx, now))
    # The session goes without saying what it was; a post's name or a day points at nobody.
    extensions = {"format": plan.form, "filters": plan.asked, "digest": digest_of(list(plan.numbers))}
    return build(saying, node.ids.new(), EXPORTED, CERTIFICATES, extensions=extensions)
