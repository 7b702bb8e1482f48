"""The first files of a new course: small, complete, and passing the checker as far as a course without words can."""

from pathlib import Path

from elearn.core.questions.all import KINDS
from elearn.core.vocab.errors import Conflict, Invalid
from elearn.core.vocab.languages import SOURCE

_ID = "abcdefghijklmnopqrstuvwxyz0123456789-"

COURSE = """format: 1
id: {id}
code: {code}
version: 0.1.0
draft: true            # take this line out when officers may see the course
source_language: en
languages: [en]
sap: []                # outcomes of the action plan, the main one first: TA2-O4
pass_mark: 0.8
validity_months: 24
attempts: {{limit: 0, wait_minutes: 0}}
glossary: [example-term]
objectives: [o1-example]
lessons:
  - id: first-lesson
    number: 1
    minutes: 15
    objectives: [o1-example]
    checks: [c-one, c-two, c-three]
pretest: [p-one]
exam:
  minutes: 20
  draw: {{o1-example: 1}}
"""
_KINDS = f"""# Kinds: {", ".join(KINDS)}.
# CONTRIBUTING.md says what each of them needs.
"""
_CHOICE = """  options: [a, b, c]
  correct: [a]
"""
_CHOICE_WORDS = """  options:
    a: The first
    b: The second
    c: The third
  feedback:
    a: Right. Say why.
    b: No. Say why.
    c: No. Say why.
"""
_ORDER_WORDS = """  options:
    a: What comes first
    b: What comes next
    c: What comes last
  feedback:
    right: Right. Say why this order.
    wrong: Not yet. Say what to think of.
"""
SAMPLES = {
    "choice": (_CHOICE, "Which one is right?", _CHOICE_WORDS),
    "truefalse": (
        '  correct: "true"\n  confidence: true     # asks how sure the officer is; any question may\n',
        "This is so.",
        '  feedback:\n    "true": Right. Say why.\n    "false": No. Say why.\n',
    ),
    "order": (
        "  options: [a, b, c]   # in the right order\n",
        "Put these in order.",
        _ORDER_WORDS,
    ),
}
"""Kind -> its own fields of questions.yaml, its stem, its other words: three of the kinds there are."""
FACTS = """- id: example-fact
  claim: One plain sentence of what is claimed.
  source: {title: Title of the source, body: Who published it, year: 2026, section: page or article, url: ""}
  read: {today}
  review_by: {review_by}
  mark: V              # V = read in the source, K = widely known
"""
TEXTS = """title: {title}
summary: Two sentences about the course. Say what it is for.
outcomes:
  - The officer can do one thing.
objectives:
  o1-example: What to read again about this objective
lessons:
  first-lesson: {{title: The first lesson, summary: One sentence about the lesson.}}
"""
GLOSSARY = """example-term: {name: example term, meaning: One plain sentence that says what it means.}
"""
LESSON = """## The first section

Write in short paragraphs. A claim has its source.[^example-fact]

> **A scenario.** A few sentences about officers who have to decide something.

## Remember

- One thing to remember.
"""
QUESTIONS = (
    ("c-one", "check", "choice"),
    ("c-two", "check", "truefalse"),
    ("c-three", "check", "order"),
    ("p-one", "pretest", "choice"),
    ("e-one", "exam", "choice"),
)


def start_course(folder: Path, course: str, code: str, title: str, dates: tuple[str, str]) -> list[Path]:
    """Write the first files of a course; return them.

    folder: of all courses; dates: read on and review by, ISO, of the example fact. Raises Invalid("id.malformed"),
    Conflict("course.folder-exists", path=): nothing is written over.
    """
    if not course or not course[0].isalpha() or set(course) - set(_ID) or course.endswith("-"):
        raise Invalid("id.malformed", id=course)
    home = folder / course
    if home.exists():
        raise Conflict("course.folder-exists", path=str(home))
    facts = FACTS.replace("{today}", dates[0]).replace("{review_by}", dates[1])
    files = {
        "course.yaml": COURSE.format(id=course, code=code),
        "questions.yaml": _KINDS + "".join(_question(*one) for one in QUESTIONS),
        "facts.yaml": facts,
        f"{SOURCE}/texts.yaml": TEXTS.format(title=title),
        f"{SOURCE}/questions.yaml": "".join(_words(name, kind) for name, _, kind in QUESTIONS),
        f"{SOURCE}/glossary.yaml": GLOSSARY,
        f"{SOURCE}/first-lesson.md": LESSON,
    }
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return [home / name for name in files]


def _question(name: str, use: str, kind: str) -> str:
    linked = "  linked: p-one\n" if use == "exam" else ""
    head = f"- id: {name}\n  kind: {kind}\n  objective: o1-example\n  use: {use}\n"
    return f"{head}{SAMPLES[kind][0]}{linked}"


def _words(name: str, kind: str) -> str:
    _, stem, words = SAMPLES[kind]
    return f"{name}:\n  stem: {stem}\n{words}"
