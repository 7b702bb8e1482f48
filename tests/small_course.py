"""A small published course, as rows, for the tests of learning: two objectives, two lessons, an exam of four.

Invented, in English and Khmer; the Thai words are missing on purpose.
"""

from typing import Any

from elearn.core.vocab.kept import LESSON_PAGE, PACKAGE, QUESTION_TEXT
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services import learn, results, sit
from elearn.services.node import Node

RIGHT = {
    "c-one": ["a"],
    "c-two": ["b", "c"],
    "p-one": ["a"],
    "p-two": ["b"],
    "e-one": ["a"],
    "e-two": ["b"],
    "e-three": ["c"],
    "e-four": ["a", "c"],
    "e-five": ["b"],
    "e-six": ["a"],
}
"""Question -> keys of the right options."""


def structure(**changes: Any) -> dict[str, Any]:
    """Return the structure of the course, with other values for the keys named."""
    return {
        "id": "seals",
        "code": "T1",
        "version": "1.0.0",
        "sap": ["TA2-O4"],
        "pass_mark": 0.75,
        "validity_months": 24,
        "attempts": {"limit": 0, "wait_minutes": 0},
        "glossary": ["seal"],
        "objectives": ["o-look", "o-stop"],
        "lessons": [
            {"id": "looking", "number": 1, "minutes": 10, "objectives": ["o-look"], "checks": ["c-one", "c-two"]},
            {"id": "stopping", "number": 2, "minutes": 10, "objectives": ["o-stop"], "checks": []},
        ],
        "pretest": ["p-one", "p-two"],
        "exam": {"minutes": 30, "draw": {"o-look": 2, "o-stop": 2}},
        "questions": {
            "c-one": question("o-look", "check"),
            "c-two": question("o-look", "check", kind="multiple", correct=["b", "c"]),
            "p-one": question("o-look", "pretest"),
            "p-two": question("o-stop", "pretest", correct=["b"]),
            "e-one": question("o-look", "exam", linked="p-one"),
            "e-two": question("o-look", "exam", correct=["b"]),
            "e-three": question("o-look", "exam", correct=["c"]),
            "e-four": question("o-stop", "exam", kind="multiple", correct=["a", "c"]),
            "e-five": question("o-stop", "exam", correct=["b"], linked="p-two"),
            "e-six": question("o-stop", "exam", critical=True),
        },
        "facts": {},
        **changes,
    }


def reading(**changes: Any) -> dict[str, Any]:
    """Return the structure of a course that is only read: a lesson for all, one for trainers, one for two roles."""
    plan = structure(
        id="handbook",
        code="C0",
        lessons=[
            {"id": "looking", "number": 1, "minutes": 10, "objectives": ["o-look"], "checks": ["c-one"]},
            {**_lesson("stopping", 2), "audience": ["trainer"]},
            {**_lesson("calling", 3), "audience": ["coordinator", "administrator"]},
            _lesson("writing", 4),
        ],
        pretest=[],
        questions={"c-one": question("o-look", "check")},
    )
    rules = {"pass_mark", "validity_months", "attempts", "exam"}
    return {**{name: value for name, value in plan.items() if name not in rules}, **changes}


def _lesson(name: str, number: int) -> dict[str, Any]:
    return {"id": name, "number": number, "minutes": 10, "objectives": ["o-stop"], "checks": []}


def question(objective: str, use: str, **changes: Any) -> dict[str, Any]:
    """Return one question of three options, ``a`` right unless said otherwise."""
    row = {"kind": "choice", "objective": objective, "use": use, "options": ["a", "b", "c"], "correct": ["a"]}
    return {**row, "critical": False, "linked": "", "facts": [], **changes}


def texts(language: str) -> dict[str, Any]:
    """Return the words of the course in English or Khmer."""
    mark = {"en": "", "km": "ខ្មែរ "}[language]
    return {
        "title": f"{mark}Seals",
        "summary": f"{mark}Looking at seals.",
        "outcomes": [f"{mark}The officer can read a seal."],
        "objectives": {"o-look": f"{mark}How to look", "o-stop": f"{mark}When to stop"},
        "lessons": {
            "looking": {"title": f"{mark}Looking", "summary": f"{mark}How to look at a seal."},
            "stopping": {"title": f"{mark}Stopping", "summary": f"{mark}When to call."},
        },
        "glossary": {"seal": {"name": f"{mark}seal", "meaning": f"{mark}A numbered lock."}},
    }


def publish(tx: Transaction, plan: dict[str, Any] | None = None, translation: dict[str, Any] | None = None) -> str:
    """Put the course into the store as the current package, in English and Khmer; return its digest."""
    plan = plan or structure()
    languages = ("en", "km")
    words = {language: texts(language) for language in languages}
    digest = digest_of({"structure": plan, "texts": words, "translation": translation or {}})
    for row in tx.tables.select(PACKAGE, {"course": plan["id"]}):
        tx.tables.put(PACKAGE, {**row, "current": 0})
    tx.tables.put(
        PACKAGE,
        {
            "digest": digest,
            "course": plan["id"],
            "version": plan["version"],
            "structure": plan,
            "texts": words,
            "translation": translation or {},
            "published_at": "2026-11-01T00:00:00.000000Z",
            "current": 1,
        },
    )
    for language in languages:
        _publish_words(tx, digest, plan, language)
    return digest


def _publish_words(tx: Transaction, digest: str, plan: dict[str, Any], language: str) -> None:
    mark = texts(language)["title"].removesuffix("Seals")
    for lesson in plan["lessons"]:
        title = texts(language)["lessons"].get(lesson["id"], {"title": lesson["id"]})["title"]
        text = f"{mark}A broken seal is reported."
        tx.tables.put(
            LESSON_PAGE,
            {
                "digest": digest,
                "lesson": lesson["id"],
                "language": language,
                "html": f'<p id="p1">{text}</p>',
                "passages": [{"anchor": "p1", "title": title, "text": text}],
                "sources": [],
            },
        )
    for name, one in plan["questions"].items():
        words = {
            "stem": f"{mark}What about {name}?",
            "options": {key: f"{mark}option {key} of {name}" for key in one["options"]},
            "feedback": {key: f"{mark}feedback {key} of {name}" for key in one["options"]},
        }
        tx.tables.put(QUESTION_TEXT, {"digest": digest, "question": name, "language": language, "words": words})


def pass_pretest(node: Node, person: str, course: str = "seals") -> str:
    """Answer the whole pre-test and hand it in; return the attempt."""
    attempt = sit.start(node, person, course, "pretest", "en")
    for question in ("p-one", "p-two"):
        sit.answer(node, person, attempt, question, ["a"])
    sit.submit(node, person, attempt)
    return attempt


def read_lessons(node: Node, person: str) -> None:
    """Answer the checks and finish both lessons; the pre-test must be done."""
    for question in ("c-one", "c-two"):
        learn.check_answer(node, person, "seals", "looking", question, ["b"], "en")
    for lesson in ("looking", "stopping"):
        learn.finish_lesson(node, person, "seals", lesson, "en")


def ready_for_exam(node: Node, person: str) -> None:
    """Bring the officer to the open exam."""
    pass_pretest(node, person)
    read_lessons(node, person)


def answer_exam(node: Node, person: str, attempt: str, wrong: tuple[str, ...] = ()) -> None:
    """Answer every question of the exam, right but for those named."""
    for mark in sit.sitting(node, person, attempt).marks:
        right = RIGHT[mark.id]
        keys = right if mark.id not in wrong else (["b"] if right == ["a"] else ["a"])
        sit.answer(node, person, attempt, mark.id, keys)


def certificate_of(node: Node, person: str, language: str = "en") -> str:
    """Take the officer all the way; return the number of the certificate."""
    ready_for_exam(node, person)
    attempt = sit.start(node, person, "seals", "exam", language)
    answer_exam(node, person, attempt)
    sit.submit(node, person, attempt)
    return results.result(node, person, attempt, language).certificate
