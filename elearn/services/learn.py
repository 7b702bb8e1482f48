"""Courses and lessons, as an officer meets them: the list, one course, one lesson, its checks, "I have read this"."""

from dataclasses import dataclass, replace

from elearn.core.learning.blueprint import in_lesson
from elearn.core.learning.course import CHECK, EXAM, PRETEST, Lesson, Question
from elearn.core.learning.path import Gate, Path, SittingStep, Standing, next_step, path
from elearn.core.learning.renewal import days_left, stage
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.projections.checks import CHECK_ANSWER
from elearn.core.questions.base import QUESTION_TYPE
from elearn.core.vocab.dates import local_date
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.core.vocab.languages import SOURCE
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import build
from elearn.core.xapi.verbs import ANSWERED, COMPLETED, lesson_iri, question_iri
from elearn.ports import Transaction
from elearn.services.answers_given import Given, answer_given, still_fits
from elearn.services.learning_pages import (
    CheckView,
    CourseCard,
    CoursePage,
    LessonLine,
    LessonView,
    PastSitting,
    SittingLine,
)
from elearn.services.lesson_terms import with_terms
from elearn.services.node import Node, known
from elearn.services.packages import Package, current_package, current_packages
from elearn.services.questions_shown import check_view
from elearn.services.record import record_in, saying_for
from elearn.services.requirements import in_words, missing_courses
from elearn.services.standing import pinned, registering, role_of, standing, standings

LESSON_TYPE = "http://adlnet.gov/expapi/activities/lesson"


def my_courses(node: Node, person: str, language: str) -> list[CourseCard]:
    """Return a card for every course taught here: first what the officer is in the middle of, then by course code.

    A course that is only read, such as the handbook, is never what somebody is in the middle of: it can wait.
    """
    now = node.now()
    with node.store.reading() as tx:
        found = standings(tx, person)
        packages = current_packages(tx)
        role, country = role_of(tx, person), known(tx).country
        missing = missing_courses(tx, person, role, packages)
    cards = []
    for package in packages:
        course = package.course.id
        one = found.get(course) or Standing({}, [], role=role, missing=missing.get(course, ()))
        card = _card(package, path(package.course, one, now), course in found, language)
        cards.append(_with_days(card, now, country))
    return sorted(cards, key=lambda card: not (card.state == "started" and card.examined))


def course_page(node: Node, person: str, course: str, language: str) -> CoursePage:
    """Return one course. Raises NotFound("course.unknown")."""
    with node.store.reading() as tx:
        package = current_package(tx, course)
        one = standing(tx, person, course)
        rows = tx.tables.select(ATTEMPT, {"subject": person, "course": course}, order=("-submitted_at",))
        found = path(package.course, one, node.now())
        required = in_words({one.course.id: one for one in current_packages(tx)}, found.missing, language)
        country = known(tx).country
    return CoursePage(
        card=_with_days(_card(package, found, one.begun, language), node.now(), country),
        outcomes=tuple(package.words(language).get("outcomes", ())),
        sap=package.course.sap,
        pretest=sitting_line(package, PRETEST, found.pretest) if package.course.pretest else None,
        lessons=_lesson_lines(package, found, language),
        exam=sitting_line(package, EXAM, found.exam) if found.exam.gate is not Gate.NONE else None,
        pass_mark=package.course.pass_mark,
        validity_months=package.course.validity_months,
        history=tuple(past_sitting(row) for row in rows if row["submitted_at"]),
        path=found,
        required=required,
    )


def lesson(  # noqa: PLR0917 - who, where and in which language: an address this long
    node: Node, person: str, course: str, lesson_id: str, language: str, again: str = ""
) -> LessonView:
    """Return a lesson to read. again: a check to show as if it had no answer yet.

    Raises NotFound("course.unknown" | "lesson.unknown"), Refused("lesson.requires-first" | "lesson.pretest-first").
    """
    with node.store.reading() as tx:
        package = current_package(tx, course)
        one = package.course.lesson(lesson_id)
        found = _open_lesson(tx, node, package, person, one)
        checks = _checks(tx, package, person, one, language, again=again)
        page = _lesson_row(tx, package, lesson_id, package.language(language))
        anchors = package.stale_paragraphs(language, lesson_id)
        source = _lesson_row(tx, package, lesson_id, SOURCE)["html"] if anchors else ""
    in_order = [step.id for step in found.lessons]
    place = in_order.index(lesson_id)
    words = package.lesson_words(language, lesson_id)
    html, terms = with_terms(package, language, page["html"])
    return LessonView(
        course=course,
        course_title=str(package.words(language).get("title", course)),
        id=lesson_id,
        number=one.number,
        title=words["title"],
        summary=words["summary"],
        minutes=one.minutes,
        html=html,
        sources=tuple(page["sources"] or ()),
        language=package.language(language),
        draft=package.draft(language),
        behind=anchors,
        source_html=source,
        examined=package.course.examined,
        checks=checks,
        checks_open=sum(not check.answered for check in checks),
        done=found.lessons[place].done,
        before=in_order[place - 1] if place else "",
        after=in_order[place + 1] if place + 1 < len(in_order) else "",
        changed=found.lessons[place].changed,
        terms=terms,
    )


def check_answer(  # noqa: PLR0917 - who, where, what and in which language: an address this long
    node: Node, person: str, course: str, lesson_id: str, question: str, given: Given, language: str
) -> CheckView:
    """Keep an answer to a check of a lesson, and return it with its feedback. It may be tried again; a scenario only
    when it has ended. given: the fields of the form, or a response.

    Raises NotFound("course.unknown" | "lesson.unknown" | "question.unknown"), Refused("lesson.requires-first" |
    "lesson.pretest-first"), Invalid as `answer_given`.
    """
    node.must(Power.TEACH)
    at = _Reading(person, course, lesson_id, language)
    return node.store.write(lambda tx: _check_in(tx, node, at, question, given))


def finish_lesson(node: Node, person: str, course: str, lesson_id: str, language: str) -> None:
    """Keep that the officer has read the lesson. Said twice, it is kept once.

    Raises as `lesson`, and Refused("lesson.checks-open", n=) while a check has no answer.
    """
    node.must(Power.TEACH)
    node.store.write(lambda tx: _finish_in(tx, node, _Reading(person, course, lesson_id, language)))


def sitting_line(package: Package, kind: str, step: SittingStep) -> SittingLine:
    """Return a pre-test or exam as one line of a page."""
    course = package.course
    asked = len(course.pretest) if kind == PRETEST else sum(course.blueprint(step.short).values())
    minutes = course.minutes(kind)
    return SittingLine(kind, step.gate, step.attempt, asked, minutes, step.open_at, step.tries_left, step.short)


def past_sitting(row: Row) -> PastSitting:
    """Return a row of a sitting that was handed in."""
    score = float(row["score"] or 0.0)
    return PastSitting(row["attempt"], row["kind"] or "", row["submitted_at"], score, bool(row["success"]))


@dataclass(frozen=True)
class _Reading:
    """Who reads which lesson in which language."""

    person: str
    course: str
    lesson: str
    language: str


def _check_in(tx: Transaction, node: Node, at: _Reading, question: str, given: Given) -> CheckView:
    package = current_package(tx, at.course)
    one = package.course.lesson(at.lesson)
    _open_lesson(tx, node, package, at.person, one)
    asked = _check_of(package, one, question)
    row = tx.tables.get(CHECK_ANSWER, at.person, at.course, question)
    before = still_fits(asked, row["response"]) if row else []
    said = answer_given(asked, given, in_lesson(asked), before, again=True)
    if row is None or (row["response"], row["confidence"] or "") != (said.response, said.sure):
        # pressed twice is said once
        saying = saying_for(tx, node, at.person)
        answered = build(
            saying,
            node.ids.new(),
            ANSWERED,
            question_iri(at.course, question),
            activity_type=QUESTION_TYPE,
            result=said.result,
            result_extensions=said.extensions,
            extensions={**pinned(package, at.language), "place": CHECK},
            parent=lesson_iri(at.course, at.lesson),
        )
        record_in(tx, node, *registering(tx, node, saying, package, at.language), answered)
    return check_view(tx, package, asked, said.response, at.language, sure=said.sure)


def _finish_in(tx: Transaction, node: Node, at: _Reading) -> None:
    package = current_package(tx, at.course)
    one = package.course.lesson(at.lesson)
    found = _open_lesson(tx, node, package, at.person, one)
    if any(step.id == at.lesson and step.done and not step.changed for step in found.lessons):
        return
    waiting = sum(not check.answered for check in _checks(tx, package, at.person, one, at.language))
    if waiting:
        raise Refused("lesson.checks-open", lesson=at.lesson, n=waiting)
    saying = saying_for(tx, node, at.person)
    read = build(
        saying,
        node.ids.new(),
        COMPLETED,
        lesson_iri(at.course, at.lesson),
        activity_type=LESSON_TYPE,
        result={"completion": True},
        extensions=pinned(package, at.language),
    )
    record_in(tx, node, *registering(tx, node, saying, package, at.language), read)


def _open_lesson(tx: Transaction, node: Node, package: Package, person: str, one: Lesson) -> Path:
    """Return the officer's path, on which the lesson is open.

    Raises Refused("lesson.requires-first" | "lesson.pretest-first").
    """
    found = path(package.course, standing(tx, person, package.course.id), node.now())
    if found.missing:
        raise Refused("lesson.requires-first", course=package.course.id, lesson=one.id)
    if not next(step.open for step in found.lessons if step.id == one.id):
        raise Refused("lesson.pretest-first", course=package.course.id, lesson=one.id)
    return found


def _checks(
    tx: Transaction, package: Package, person: str, one: Lesson, language: str, *, again: str = ""
) -> tuple[CheckView, ...]:
    views = []
    for question in one.checks:
        row = tx.tables.get(CHECK_ANSWER, person, package.course.id, question)
        asked, chosen, sure = package.course.question(question), None, ""
        if row and question != again:
            chosen, sure = row["response"], row["confidence"] or ""
        views.append(check_view(tx, package, asked, chosen, language, sure=sure))
    return tuple(views)


def _check_of(package: Package, one: Lesson, question: str) -> Question:
    if question not in one.checks:
        raise NotFound("question.unknown", course=package.course.id, question=question)
    return package.course.question(question)


def _lesson_row(tx: Transaction, package: Package, lesson_id: str, language: str) -> Row:
    row = tx.tables.get(LESSON_PAGE, package.digest, lesson_id, language)
    if row is None:
        raise NotFound("lesson.no-words", course=package.course.id, lesson=lesson_id, language=language)
    return row


def _card(package: Package, found: Path, traced: bool, language: str) -> CourseCard:
    course, words = package.course, package.words(language)
    offered, offered_id = next_step(found)
    return CourseCard(
        id=course.id,
        code=course.code,
        version=course.version,
        title=str(words.get("title", course.id)),
        summary=str(words.get("summary", "")),
        language=package.language(language),
        draft=package.draft(language),
        examined=course.examined,
        minutes=sum(course.lesson(one.id).minutes for one in found.lessons if one.needed),
        lessons_done=found.lessons_done,
        lessons=found.lessons_needed,
        state=_state(found, traced),
        next=offered,
        next_id=offered_id,
        certificate=found.valid.number if found.valid else "",
        expires_at=found.latest.expires_at if found.latest and not found.latest.revoked_at else "",
        news=sum(bool(step.changed) and step.needed for step in found.lessons),
        closed=bool(found.missing),
    )


def _with_days(card: CourseCard, now: str, country: str) -> CourseCard:
    """Return the card with how long its certificate still holds, by the calendar of the place."""
    if not card.certificate or not card.expires_at:
        return card
    days = days_left(local_date(now, country), local_date(card.expires_at, country))
    return replace(card, days_left=days, stage=stage(days))


def _state(found: Path, traced: bool) -> str:
    if found.valid:
        return "passed" if found.exam.gate in {Gate.DONE, Gate.NONE} else "renew"
    if found.latest:
        return "revoked" if found.latest.revoked_at else "expired"
    if found.read:
        return "read"
    return "started" if traced else "new"


def _lesson_lines(package: Package, found: Path, language: str) -> tuple[LessonLine, ...]:
    lines = []
    for step in found.lessons:
        one, words = package.course.lesson(step.id), package.lesson_words(language, step.id)
        lines.append(
            LessonLine(
                id=one.id,
                number=one.number,
                title=words["title"],
                summary=words["summary"],
                minutes=one.minutes,
                open=step.open,
                done=step.done,
                advised=step.advised,
                audience=one.audience,
                changed=step.changed,
                optional=one.optional,
            )
        )
    return tuple(lines)
