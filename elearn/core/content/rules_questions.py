"""Rules over questions.yaml: the key fits the options, every question is asked where its use says."""

from elearn.core.content.finding import Findings
from elearn.core.content.model import Course, Lesson, Question, Text
from elearn.core.questions.all import KINDS

USES = ("check", "pretest", "exam")


def check_questions(course: Course, findings: Findings) -> None:
    """Note what is wrong with the questions and with who asks them."""
    known = _by_id(course, findings)
    for question in course.questions:
        _question(question, course, known, findings)
    asked: dict[str, str] = {}
    for lesson in course.structure.lessons:
        for text in lesson.checks:
            _asked(text, "checks", "check", known, findings)
            _check_of(lesson, text, known, asked, findings)
    for text in course.structure.pretest:
        _asked(text, "pretest", "pretest", known, findings)
    _unused(course, findings)


def _by_id(course: Course, findings: Findings) -> dict[str, Question]:
    known: dict[str, Question] = {}
    for question in course.questions:
        if question.id in known:
            findings.add("question.twice", question.at, id=question.id, first=known[question.id].at.line)
        elif question.id:
            known[question.id] = question
    return known


def _question(question: Question, course: Course, known: dict[str, Question], findings: Findings) -> None:
    objectives = {text.text for text in course.structure.objectives}
    if question.objective and question.objective not in objectives:
        findings.add("objective.unknown", question.at, id=question.objective)
    if question.use and question.use not in USES:
        findings.add("question.use-unknown", question.at, use=question.use)
    if question.kind in KINDS:
        for fault in KINDS[question.kind].check(question):
            findings.add(fault.code, question.places.get(fault.place, question.at), **fault.details)
    elif question.kind:
        findings.add("question.kind-unknown", question.at, kind=question.kind, known=", ".join(KINDS))
    if question.critical and question.use != "exam":
        findings.add("question.critical-elsewhere", question.at)
    if question.linked:
        _linked(question, course, known, findings)


def _linked(question: Question, course: Course, known: dict[str, Question], findings: Findings) -> None:
    other = known.get(question.linked)
    if question.use != "exam":
        findings.add("question.linked-elsewhere", question.at)
    elif other is None or question.linked not in {text.text for text in course.structure.pretest}:
        findings.add("question.linked-unknown", question.at, id=question.linked)
    elif other.objective != question.objective:
        findings.add("question.linked-differs", question.at, id=question.linked)


def _asked(text: Text, place: str, use: str, known: dict[str, Question], findings: Findings) -> None:
    question = known.get(text.text)
    if question is None:
        findings.add("question.unknown", text.at, id=text.text)
    elif question.use in USES and question.use != use:
        findings.add("question.wrong-use", text.at, id=text.text, use=question.use, place=place)


def _check_of(
    lesson: Lesson, text: Text, known: dict[str, Question], asked: dict[str, str], findings: Findings
) -> None:
    if text.text in asked:
        findings.add("question.asked-twice", text.at, id=text.text)
    asked[text.text] = lesson.id
    question = known.get(text.text)
    if question and question.objective not in {one.text for one in lesson.objectives}:
        findings.add("question.check-elsewhere", text.at, id=text.text, objective=question.objective)


def _unused(course: Course, findings: Findings) -> None:
    asked = {text.text for lesson in course.structure.lessons for text in lesson.checks}
    pretest = {text.text: text.at for text in course.structure.pretest}
    linked = {question.linked for question in course.questions}
    for question in course.questions:
        if not question.id:
            continue  # an id that is wrong is told already
        if question.use in {"check", "pretest"} and question.id not in asked and question.id not in pretest:
            findings.add("question.unused", question.at, id=question.id)
        if question.use == "exam" and not course.structure.draw.get(question.objective):
            findings.add("question.unused", question.at, id=question.id)
    for question_id, at in pretest.items():
        if question_id not in linked:
            findings.add("question.linked-none", at, id=question_id)
