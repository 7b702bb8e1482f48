"""A small course with every kind of question in all seven languages: as a check, in the pre-test and in the exam."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from elearn.adapters.files import FolderCourses
from elearn.core.content.finding import Findings
from elearn.core.content.package import compile_course
from elearn.core.content.parse import parse_course
from elearn.core.content.stamps import stamped, stamps_text
from elearn.core.learning.course import Course, course_of
from elearn.core.questions.all import KINDS
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import author
from elearn.services.node import Node

COURSE = "kinds"
TODAY = date(2026, 11, 25)
Files = dict[str, bytes]

_NAMES = ("seal", "car", "lorry", "look", "why", "which", "kg")
_ROWS = {
    "en": ("seal", "car", "lorry", "Look", "Because", "Which", "kg"),
    "km": ("ត្រា", "រថយន្ត", "ឡានដឹកទំនិញ", "មើល", "ព្រោះ", "មួយណា", "គ.ក."),
    "lo": ("ກາປະທັບ", "ລົດ", "ລົດບັນທຸກ", "ເບິ່ງ", "ເພາະວ່າ", "ອັນໃດ", "ກິໂລ"),
    "my": ("တံဆိပ်", "ကား", "ကုန်တင်ကား", "ကြည့်ပါ", "ဘာကြောင့်", "ဘယ်ဟာ", "ကီလို"),
    "th": ("ตราผนึก", "รถยนต์", "รถบรรทุก", "ดู", "เพราะ", "อันไหน", "กก."),
    "vi": ("niêm phong", "ô tô", "xe tải", "Nhìn", "Bởi vì", "Cái nào", "kg"),
    "zh_Hans": ("封条", "汽车", "卡车", "看", "因为", "哪个", "公斤"),
}
WORDS = {tag: dict(zip(_NAMES, row, strict=True)) for tag, row in _ROWS.items()}
"""A few words of each language; sentences are put together from them."""

NODES = {
    "start": {
        "options": {
            "a": {"next": "near"},
            "b": {"next": "near", "unsafe": "true"},
            "c": {"end": "true", "critical": "true"},
        }
    },
    "near": {"options": {"a": {"end": "true"}, "b": {"end": "true", "unsafe": "true"}}},
}
SPOTS = {
    "a": {"x": "10", "y": "20", "width": "80", "height": "60"},
    "b": {"x": "120", "y": "20", "width": "80", "height": "60"},
    "c": {"x": "230", "y": "20", "width": "80", "height": "60.5"},
}
STRUCTURES: dict[str, dict[str, Any]] = {
    "choice": {"options": ["a", "b", "c"], "correct": ["b"], "confidence": "true"},
    "multiple": {"options": ["a", "b", "c", "d"], "correct": ["a", "c"]},
    "truefalse": {"correct": "true"},
    "number": {"answer": {"value": "12.5", "tolerance": "0.5"}, "confidence": "true"},
    "order": {"options": ["a", "b", "c", "d"]},
    "match": {"options": ["a", "b"], "targets": ["x", "y", "z"], "pairs": {"a": "x", "b": "z"}},
    "text": {},
    "fillin": {"gaps": ["gap-1", "gap-2"]},
    "hotspot": {"picture": "car", "spots": SPOTS, "correct": ["a", "c"]},
    "scenario": {"nodes": NODES},
}
USES = {"c": "check", "p": "pretest", "e": "exam"}
CAR = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">
<rect x="10" y="20" width="300" height="120" fill="#e2f0ee" stroke="#16232f"/>
<text x="160" y="170" font-size="16">{front}</text>
</svg>
"""


def kinds_course() -> Files:
    """Return the files of the course, every translation stamped."""
    files: dict[str, str] = {
        "course.yaml": _course(),
        "questions.yaml": "".join(_structure(use, kind) for use in USES for kind in STRUCTURES),
        "facts.yaml": _fact(),
        "pictures/car.svg": CAR,
    }
    for tag, words in WORDS.items():
        files[f"{tag}/texts.yaml"] = _texts(words)
        files[f"{tag}/questions.yaml"] = "".join(_words(use, kind, words) for use in USES for kind in STRUCTURES)
        files[f"{tag}/glossary.yaml"] = _lines(
            {"seal": {"name": words["seal"], "meaning": f"{words['which']} {words['lorry']}."}}
        )
        files[f"{tag}/looking.md"] = f"## {words['look']}\n\n{words['look']} {words['seal']}.[^book]\n"
    return _stamped({name: text.encode() for name, text in files.items()})


def the_course() -> Course:
    """Return the course as learning sees it."""
    package, findings = compile_course(COURSE, kinds_course(), TODAY)
    assert package is not None, findings
    return course_of(package.structure)


def right_answer(course: Course, question: str) -> list[str]:
    """Return a right response."""
    asked = course.question(question)
    return KINDS[asked.kind].right(asked)


def write_course(folder: Path) -> Path:
    """Write the files of the course into a folder of courses; return that folder."""
    for name, data in kinds_course().items():
        path = folder / COURSE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def with_kinds(node: Node, folder: Path) -> Node:
    """Return the node with the course published in it. folder: an empty one."""
    taught = replace(node, course_files=FolderCourses(write_course(folder)))
    author.publish_all(taught)
    return taught


def _course() -> str:
    return _lines(
        {
            "format": 1,
            "id": COURSE,
            "code": "T9",
            "version": "1.0.0",
            "source_language": "en",
            "languages": list(LANGUAGES),
            "sap": ["TA2-O4"],
            "pass_mark": 0.8,
            "validity_months": 24,
            "attempts": {"limit": 0, "wait_minutes": 0},
            "glossary": ["seal"],
            "objectives": ["o-kinds"],
            "lessons": [
                {
                    "id": "looking",
                    "number": 1,
                    "minutes": 10,
                    "objectives": ["o-kinds"],
                    "checks": [f"c-{kind}" for kind in STRUCTURES],
                }
            ],
            "pretest": [f"p-{kind}" for kind in STRUCTURES],
            "exam": {"minutes": 30, "draw": {"o-kinds": len(STRUCTURES)}},
        }
    )


def _structure(use: str, kind: str) -> str:
    fields: dict[str, Any] = {"id": f"{use}-{kind}", "kind": kind, "objective": "o-kinds", "use": USES[use]}
    fields |= STRUCTURES[kind]
    if use == "e":
        fields |= {"linked": f"p-{kind}", **({"critical": "true"} if kind == "choice" else {})}
    lines = _lines(fields).splitlines()
    return "\n".join(f"{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines)) + "\n"


def _words(use: str, kind: str, words: dict[str, str]) -> str:
    fields: dict[str, Any] = {"stem": f"{words['which']} {words['seal']} ({use}-{kind})?", **_parts(kind, words)}
    if kind == "fillin":
        fields["stem"] = f"{words['look']} {{gap-1}}, {words['why']} {{gap-2}} ({use})."
    indented = "".join(f"  {line}\n" for line in _lines(fields).splitlines())
    return f"{use}-{kind}:\n{indented}"


def _parts(kind: str, words: dict[str, str]) -> dict[str, Any]:
    options = {key: f"{words['look']} {number}" for number, key in enumerate("abcd", start=1)}
    told = {key: f"{words['why']} {number}" for number, key in enumerate("abcd", start=1)}
    verdict = {"right": f"{words['why']} {words['seal']}", "wrong": f"{words['look']} {words['lorry']}"}
    if kind in {"choice", "multiple"}:
        keys = STRUCTURES[kind]["options"]
        return {"options": {key: options[key] for key in keys}, "feedback": {key: told[key] for key in keys}}
    return {
        "truefalse": {"feedback": {"true": told["a"], "false": told["b"]}},
        "number": {"unit": words["kg"], "feedback": verdict},
        "order": {"options": options, "feedback": verdict},
        "match": {
            "options": {"a": words["car"], "b": words["lorry"]},
            "targets": {"x": f"{words['seal']} 1", "y": f"{words['seal']} 2", "z": f"{words['seal']} 3"},
            "feedback": {"a": told["a"], "b": told["b"]},
        },
        "text": {"accepted": [words["seal"], f"{words['seal']} {words['car']}"], "feedback": verdict},
        "fillin": {"accepted": {"gap-1": [words["car"]], "gap-2": [words["lorry"]]}, "feedback": verdict},
        "hotspot": {"options": {key: options[key] for key in "abc"}, "feedback": {key: told[key] for key in "abc"}},
        "scenario": {
            "nodes": {"start": f"{words['look']} {words['car']}", "near": f"{words['look']} {words['lorry']}"},
            "options": {"start": {key: options[key] for key in "abc"}, "near": {key: options[key] for key in "ab"}},
            "feedback": {"start": {key: told[key] for key in "abc"}, "near": {key: told[key] for key in "ab"}},
        },
    }[kind]


def _texts(words: dict[str, str]) -> str:
    return _lines(
        {
            "title": f"{words['which']} {words['seal']}",
            "summary": f"{words['look']} {words['seal']}.",
            "outcomes": [f"{words['look']} {words['car']}."],
            "objectives": {"o-kinds": f"{words['look']} {words['seal']}"},
            "lessons": {"looking": {"title": words["look"], "summary": f"{words['look']} {words['car']}."}},
            "pictures": {"car": {"alt": f"{words['car']} 3", "labels": {"front": words["car"]}}},
        }
    )


def _fact() -> str:
    source = {"title": "A book", "body": "A body", "year": 2017, "section": "Page 1", "url": "https://example.org/"}
    fields = {
        "id": "book",
        "claim": "Seals are numbered.",
        "source": source,
        "read": "2026-11-24",
        "review_by": "2028-11-24",
    }
    return f"- {json.dumps({**fields, 'mark': 'V'})}\n"


def _lines(fields: dict[str, Any]) -> str:
    """Return fields as YAML, one on each line: JSON is YAML too."""
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


def _stamped(files: Files) -> Files:
    course = parse_course(files, Findings())
    assert course is not None
    made = {tag: stamped(course, tag, "2026-11-25")[0] for tag in WORDS if tag != "en"}
    return {**files, **{f"{tag}/translation.yaml": stamps_text(one).encode() for tag, one in made.items()}}
