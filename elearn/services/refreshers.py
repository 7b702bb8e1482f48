"""Five questions a shift: what is offered, one set of it, its answers with feedback.

A set is fixed by the statement that starts it, and belongs to its shift: what is not answered in five minutes or eight
hours comes again in another set. Each answer is on disk before the reply; the first to each question counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from elearn.core.learning.blueprint import shown_order
from elearn.core.learning.refresher import Asked, spent
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import QUESTION_TYPE
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.times import not_before, seconds_between
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED, INITIALIZED, REFRESHER, question_iri
from elearn.ports import Transaction
from elearn.services.answers_given import Answer, Given, answer_given
from elearn.services.learning_pages import CheckView
from elearn.services.node import Node
from elearn.services.packages import Package
from elearn.services.questions_shown import check_view
from elearn.services.record import record_in, saying_for
from elearn.services.refresher_pages import RefresherOffer, RefresherView
from elearn.services.refresher_sets import (
    Card,
    RefresherSet,
    believed_now,
    latest_set,
    learned,
    passed_at,
    set_of,
)
from elearn.services.sit import SITTING_TYPE
from elearn.services.standing import pinned


def offer(node: Node, person: str, language: str) -> RefresherOffer:
    """Return what the officer is offered now."""
    with node.store.reading() as tx:
        now = believed_now(tx, node, person)
        latest = latest_set(tx, person, now)
        if latest is not None and latest.is_open(now):
            return RefresherOffer("open", latest.attempt, len(latest.waiting))
        found = learned(tx, person, language, now)
    open_at = latest.open_at(now, node.now()) if latest else ""
    if not found.pool:
        return RefresherOffer("none")
    if not found.plan.cards:
        return RefresherOffer("rest", next_at=found.plan.next_at)
    return RefresherOffer("wait" if open_at else "due", questions=len(found.plan.cards), open_at=open_at)


def start(node: Node, person: str, language: str) -> str:
    """Start the set of this shift, or go on with the one that runs; return its id.

    Raises Refused("refresher.wait", open_at=), Refused("refresher.nothing-due").
    """
    node.must(Power.TEACH)
    return node.store.write(lambda tx: _start_in(tx, node, person, language))


def question(node: Node, person: str, attempt: str, number: int, language: str) -> RefresherView:
    """Return one question of a set, with feedback once it was answered. number: from 1.

    Raises NotFound("refresher.unknown" | "refresher.not-asked"), Refused("refresher.held-back" | "refresher.over") for
    one that was not answered and cannot be now.
    """
    with node.store.reading() as tx:
        found = set_of(tx, person, attempt)
        card = _card(found, number)
        if card.asked not in found.answers:
            _must_wait_for_answer(found, number)
        return _view(tx, found, number, language, believed_now(tx, node, person))


def answer(  # noqa: PLR0917 - who, where, what and in which language: an address this long
    node: Node, person: str, attempt: str, number: int, given: Given, language: str
) -> RefresherView:
    """Keep the answer to one question, and return it with its feedback. A second answer changes nothing.

    given: the fields of the form, or a response. Raises as `question`, and Invalid as `answer_given`.
    """
    node.must(Power.TEACH)
    at = _Answering(person, attempt, number, language)
    return node.store.write(lambda tx: _answer_in(tx, node, at, given))


@dataclass(frozen=True)
class _Answering:
    """Who answers which question of which set, in which language."""

    person: str
    attempt: str
    number: int
    language: str


def _start_in(tx: Transaction, node: Node, person: str, language: str) -> str:
    now = believed_now(tx, node, person)
    latest = latest_set(tx, person, now)
    if latest is not None and latest.is_open(now):
        return latest.attempt
    if latest is not None and (open_at := latest.open_at(now, node.now())):
        raise Refused("refresher.wait", open_at=open_at)
    found = learned(tx, person, language, now)
    if not found.plan.cards:
        raise Refused("refresher.nothing-due")
    attempt, seed = node.ids.new(), node.ids.seed()
    started = build(
        _said_at(saying_for(tx, node, person), now, latest),
        node.ids.new(),
        INITIALIZED,
        REFRESHER,
        activity_type=SITTING_TYPE,
        result_extensions={"cards": [_kept(found.packages, one, seed) for one in found.plan.cards], "seed": seed},
        attempt=attempt,
        extensions={"language": language, "place": "refresher"},
    )
    record_in(tx, node, started)
    return attempt


def _kept(packages: Mapping[str, Package], asked: Asked, seed: int) -> dict[str, object]:
    """Return a question as the statement of the set keeps it: with the version it pins."""
    package = packages[asked.course]
    options = shown_order(package.course.question(asked.question), seed)
    return {"course": asked.course, "digest": package.digest, "id": asked.question, "options": list(options)}


def _answer_in(tx: Transaction, node: Node, at: _Answering, given: Given) -> RefresherView:
    found = set_of(tx, at.person, at.attempt)
    now = believed_now(tx, node, at.person)
    if _card(found, at.number).asked not in found.answers:  # feedback was seen: the first answer stands
        package = _must_wait_for_answer(found, at.number)
        drawn = _card(found, at.number).drawn
        said = answer_given(package.course.question(drawn.id), given, drawn)
        record_in(tx, node, _answered(tx, node, _Given(found, package, said, at.language), now))
        found = set_of(tx, at.person, at.attempt)
    return _view(tx, found, at.number, at.language, now)


@dataclass(frozen=True)
class _Given:
    """What was answered, in which set."""

    of: RefresherSet
    package: Package
    said: Answer
    language: str


def _answered(tx: Transaction, node: Node, given: _Given, now: str) -> Statement:
    found, package, course = given.of, given.package, given.package.course
    person = str(found.row["person"])
    saying = _said_at(saying_for(tx, node, person), now, found)
    gap_s = seconds_between(found.last_at, saying.timestamp)
    passed = passed_at(tx, person, course.id, now)
    days = max(0, int(seconds_between(passed, saying.timestamp) // 86_400)) if passed else None
    how = {"used_s": round(spent(found.used_s, gap_s), 3), "passed_days": days}
    return build(
        saying,
        node.ids.new(),
        ANSWERED,
        question_iri(course.id, given.said.question.id),
        activity_type=QUESTION_TYPE,
        result=given.said.result,
        result_extensions={**given.said.extensions, **how},
        attempt=found.attempt,
        extensions={**pinned(package, package.language(given.language)), "place": "refresher"},
        parent=REFRESHER,
    )


def _with_right(view: CheckView, right: CheckView) -> CheckView:
    """Return a wrong answer with what is said of the right options too: it is not tried again, as in a lesson."""
    said = {one.key for one in view.feedback}
    options = {option.key for option in view.question.options}
    more = tuple(one for one in right.feedback if one.key in options - said)
    return replace(view, feedback=(*view.feedback, *more))


def _said_at(saying: Saying, now: str, latest: RefresherSet | None) -> Saying:
    """Return the saying, never before what was said before it: folds and plan go by the timestamp."""
    return replace(saying, timestamp=not_before(max(saying.timestamp, now), latest.last_at if latest else None))


def _card(found: RefresherSet, number: int) -> Card:
    if not 1 <= number <= len(found.cards):
        raise NotFound("refresher.not-asked", attempt=found.attempt, number=number)
    return found.cards[number - 1]


def _must_wait_for_answer(found: RefresherSet, number: int) -> Package:
    """Return the package of a question that waits for its answer. Also of an earlier shift: what is given is kept."""
    package = _card(found, number).package
    if found.time_over:
        raise Refused("refresher.over", attempt=found.attempt)
    if package is None or number - 1 not in found.waiting:
        raise Refused("refresher.held-back", attempt=found.attempt, number=number)
    return package


def _view(tx: Transaction, found: RefresherSet, number: int, language: str, now: str) -> RefresherView:
    card = _card(found, number)
    package = card.package
    if package is None:
        raise Refused("refresher.held-back", attempt=found.attempt, number=number)
    row = found.answers.get(card.asked)
    asked = package.course.question(card.asked.question)
    response, sure = (row["response"], row["confidence"] or "") if row else (None, "")
    view = check_view(tx, package, asked, response, language, sure=sure, drawn=card.drawn)
    if view.answered and not view.right:
        view = _with_right(view, check_view(tx, package, asked, kind_of(asked).right(asked), language))
    others = [place + 1 for place in found.waiting if place + 1 != number] if found.is_open(now) else []
    return RefresherView(
        attempt=found.attempt,
        number=number,
        total=len(found.cards),
        course=card.asked.course,
        course_title=str(package.words(language).get("title", card.asked.course)),
        language=package.language(language),
        check=view,
        next=next((one for one in others if one > number), others[0] if others else 0),
        answered=len(found.answers),
    )
