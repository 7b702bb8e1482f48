"""Rules over course.yaml: ids that name each other, languages, lessons, pre-test and the blueprint of the exam."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Lesson, Structure, Text
from elearn.core.content.parse import (
    COURSE,
    FACTS,
    GLOSSARY,
    PASSING,
    PICTURES,
    QUESTIONS,
    TEXTS,
    TRANSLATION,
    is_raster,
)
from elearn.core.content.version import numbers_of
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role

PRETEST_QUESTIONS = 10
EXAM_QUESTIONS = 20
SHORT_LESSONS = 4
SHORT_EXAM_QUESTIONS = 10
"""Of a course with at most SHORT_LESSONS lessons."""
MINUTES = 20
CHECKS = 3
_SAP = re.compile(r"TA[1-4]-O([1-9]|1\d)", re.ASCII)


def check_files(course: Course, findings: Findings) -> None:
    """Note files that nothing reads."""
    lessons = {f"{lesson.id}.md" for lesson in course.structure.lessons}
    known = {TEXTS, GLOSSARY, QUESTIONS, TRANSLATION} | lessons
    for name in course.files:
        folder, _, rest = name.partition("/")
        picture = is_raster(name) or (folder == PICTURES and rest.removesuffix(".svg") in course.pictures)
        if name in {COURSE, QUESTIONS, FACTS, "README.md"} or picture or (folder in LANGUAGES and rest in known):
            continue
        findings.add("file.unknown", At(name, 1))


def check_structure(course: Course, folder: str, findings: Findings) -> None:
    """Note what is wrong in course.yaml by itself and against questions.yaml."""
    structure = course.structure
    if structure.id and structure.id != folder:
        findings.add("course.id-differs", structure.at("id"), id=structure.id, folder=folder)
    if (structure.version and numbers_of(structure.version) is None) or "+" in structure.version:
        findings.add("version.malformed", structure.at("version"), version=structure.version)
    _sap(structure, findings)
    _languages(course, findings)
    once(structure.objectives, "objective.twice", findings)
    once(structure.glossary, "glossary.twice", findings)
    _lessons(structure, findings)
    _objectives(course, findings)
    if structure.examined:
        _pretest(structure, findings)
        _exam(course, findings)
    else:
        _nothing_to_pass(structure, findings)


def once(texts: Iterable[Text], code: str, findings: Findings) -> None:
    """Note every text that was there before."""
    seen: set[str] = set()
    for text in texts:
        if text.text in seen:
            findings.add(code, text.at, id=text.text)
        seen.add(text.text)


def _sap(structure: Structure, findings: Findings) -> None:
    if not structure.sap:
        findings.add("sap.none", structure.at("sap"))
    for text in structure.sap:
        if not _SAP.fullmatch(text.text):
            findings.add("sap.malformed", text.at, sap=text.text)


def _languages(course: Course, findings: Findings) -> None:
    structure, seen = course.structure, set()
    for text in structure.languages:
        if text.text not in LANGUAGES:
            findings.add("language.unknown", text.at, language=text.text, known=", ".join(LANGUAGES))
        elif text.text in seen:
            findings.add("language.twice", text.at, language=text.text)
        elif text.text not in course.words and text.text != structure.source_language:
            findings.add("language.not-begun", text.at, language=LANGUAGES[text.text].english_name)
        seen.add(text.text)
    if structure.source_language and structure.source_language not in seen:
        findings.add("language.no-source", structure.at("source_language"), language=structure.source_language)
    elif structure.source_language in LANGUAGES and structure.source_language not in course.words:
        findings.add("file.missing", At(f"{structure.source_language}/{TEXTS}", 1))
    for tag in course.words:
        if tag not in seen:
            findings.add("language.not-listed", structure.at("languages"), language=LANGUAGES[tag].english_name)


def _lessons(structure: Structure, findings: Findings) -> None:
    if not structure.lessons:
        findings.add("lesson.none", structure.at("lessons"))
    once((Text(lesson.id, lesson.at) for lesson in structure.lessons), "lesson.twice", findings)
    numbers: list[int] = []
    for lesson in structure.lessons:
        if lesson.number in numbers:
            findings.add("lesson.number-twice", lesson.at, number=lesson.number)
        elif numbers and lesson.number < numbers[-1]:
            findings.add("lesson.order", lesson.at, number=lesson.number, before=numbers[-1])
        numbers.append(lesson.number)
        _lesson(lesson, structure, findings)


def _lesson(lesson: Lesson, structure: Structure, findings: Findings) -> None:
    known = {text.text for text in structure.objectives}
    if lesson.minutes > MINUTES:
        findings.add("lesson.too-long", lesson.at, minutes=lesson.minutes)
    if not lesson.objectives:
        findings.add("lesson.no-objectives", lesson.at)
    for text in lesson.objectives:
        if text.text not in known:
            findings.add("objective.unknown", text.at, id=text.text)
    once(lesson.audience, "audience.twice", findings)
    roles = [role.value for role in Role]
    for text in lesson.audience:
        if text.text not in roles:
            findings.add("audience.unknown", text.at, role=text.text, known=", ".join(roles))


def _objectives(course: Course, findings: Findings) -> None:
    taught = {text.text for lesson in course.structure.lessons for text in lesson.objectives}
    tested = {question.objective for question in course.questions}
    for text in course.structure.objectives:
        if text.text not in taught:
            findings.add("objective.untaught", text.at, id=text.text)
        if text.text not in tested and course.questions and course.structure.examined:
            findings.add("objective.untested", text.at, id=text.text)


def _pretest(structure: Structure, findings: Findings) -> None:
    once(structure.pretest, "pretest.twice", findings)
    if not structure.pretest:
        findings.add("pretest.none", structure.at("pretest"))
    elif len(structure.pretest) != PRETEST_QUESTIONS:
        findings.add("pretest.count", structure.at("pretest"), n=len(structure.pretest), wanted=PRETEST_QUESTIONS)


def _nothing_to_pass(structure: Structure, findings: Findings) -> None:
    """Look at a course that is only read: a pre-test or a pass mark without an exam is one half of a course."""
    if structure.pretest:
        findings.add("exam.missing", structure.at("pretest"))
        return
    for field in PASSING:
        if field in structure.places:
            findings.add("exam.leftover", structure.at(field), field=field)


def _exam(course: Course, findings: Findings) -> None:
    structure = course.structure
    drawn = sum(structure.draw.values())
    if not drawn:
        findings.add("exam.empty", structure.at("exam"))
    wanted = EXAM_QUESTIONS if len(structure.lessons) > SHORT_LESSONS else SHORT_EXAM_QUESTIONS
    if 0 < drawn < wanted:
        findings.add("exam.sum", structure.at("exam"), n=drawn, wanted=wanted)
    known = {text.text for text in structure.objectives}
    pool = Counter(question.objective for question in course.questions if question.use == "exam")
    critical = Counter(question.objective for question in course.questions if question.critical)
    for objective, n in structure.draw.items():
        at = structure.at(f"draw/{objective}")
        if objective not in known:
            findings.add("objective.unknown", at, id=objective)
        else:
            _drawn(objective, n, (pool[objective], critical[objective]), at, findings.add)
    for text in structure.objectives:
        if drawn and not structure.draw.get(text.text):
            findings.add("exam.not-drawn", structure.at("exam"), objective=text.text)


def _drawn(objective: str, n: int, pool: tuple[int, int], at: At, add: Callable[..., None]) -> None:
    written, critical = pool
    if written < n:
        add("exam.too-few", at, wanted=n, objective=objective, have=written)
    elif critical > n:
        # An exam takes the critical questions of an objective first, so they are missed only if they do not fit.
        add("exam.critical-crowded", at, objective=objective, critical=critical, drawn=n)
    elif written == n and n:
        add("exam.no-choice", at, objective=objective, n=n)
