"""The checker on questions of every kind: each mistake at its line, what may be typed is part of the key."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds_broken import ROWS, Row, broken
from kinds_course import COURSE, STRUCTURES, TODAY, WORDS, Files, kinds_course

from elearn.core.content.digest import units_of
from elearn.core.content.finding import Findings, sentence_of
from elearn.core.content.package import Package, compile_course, read_course
from elearn.core.content.parse import parse_course
from elearn.core.content.version import needed_class
from elearn.core.questions.all import KINDS

FILES = kinds_course()
OTHERS = tuple(f"{tag}/" for tag in WORDS if tag not in {"en", "km"})
TWO_LANGUAGES = {name: data for name, data in FILES.items() if not name.startswith(OTHERS)}
ENGLISH = {name: data for name, data in TWO_LANGUAGES.items() if not name.startswith("km/")}
"""Faster to read than seven, and enough for most laws."""


def package(files: Files) -> Package:
    found, findings = compile_course(COURSE, files, TODAY)
    assert found is not None, findings
    return found


def edited(name: str, old: str, new: str) -> Files:
    return broken(FILES, ("", name, old, new, ""))


def test_the_course_of_all_kinds_may_be_published() -> None:
    _, findings = compile_course(COURSE, FILES, TODAY)

    assert [one.code for one in findings] == ["exam.no-choice"]
    assert {one["kind"] for one in package(FILES).structure["questions"].values()} == set(KINDS)


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row[0]}" for number, row in enumerate(ROWS)])
def test_each_mistake_in_a_kind_is_found_at_its_line(row: Row) -> None:
    code, name, _, _, text = row
    files = broken(TWO_LANGUAGES, row)

    found, findings = compile_course(COURSE, files, TODAY)

    whole = files[name].decode()
    line = whole[: whole.index(text)].count("\n") + 1
    places = {(one.file, one.line) for one in findings if one.code == code}
    assert any(file == name and line <= at <= line + 1 for file, at in places), findings
    assert all(sentence_of(one) for one in findings)
    severity = next(one.severity for one in findings if one.code == code)
    assert (found is None) == (severity == "error")


WILD: Any = st.recursive(
    st.sampled_from(["", "a", "true", "start", "near", "gap-1", "12", "-1", "x", "car", "nan", "1e9"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["a", "b", "start", "near", "options", "next", "end", "unsafe", "critical", "value", "x", "y"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", list(STRUCTURES))
@settings(max_examples=30)
@given(
    fields=st.dictionaries(
        st.sampled_from(sorted({"correct", "options"}.union(*(one.fields for one in KINDS.values())))), WILD
    )
)
def test_no_structure_however_wild_breaks_the_checker(kind: str, fields: dict[str, Any]) -> None:
    row = {"id": f"c-{kind}", "kind": kind, "objective": "o-kinds", "use": "check", **fields}
    files = {**ENGLISH, "questions.yaml": f"- {json.dumps(row)}\n".encode()}

    read = read_course(COURSE, files, TODAY)

    assert read.course is not None
    assert all(sentence_of(one) for one in read.findings)


def test_what_may_be_typed_goes_to_the_keys_and_leaves_the_words() -> None:
    found = package(FILES)

    assert found.structure["questions"]["e-text"]["accepted"] == {
        "answer": {tag: [words["seal"], f"{words['seal']} {words['car']}"] for tag, words in WORDS.items()}
    }
    assert found.structure["questions"]["e-fillin"]["accepted"]["gap-2"]["th"] == ["รถบรรทุก"]
    assert not any("accepted" in json.dumps(words) for words in found.questions.values())
    assert "accepted" not in json.dumps(found.texts)


def test_what_may_be_typed_belongs_to_the_unit_that_is_translated() -> None:
    before, after = FILES, edited("en/questions.yaml", 'accepted: ["seal", "seal car"]', 'accepted: ["lock"]')
    units = [
        units_of(course.words["en"])
        for course in (parse_course(files, Findings()) for files in (before, after))
        if course
    ]

    assert {name for name in units[0] if units[0][name] != units[1][name]} == {"question/c-text"}
    assert "question/c-text" in package(after).translation["km"]["behind"]


@pytest.mark.parametrize(
    ("name", "old", "new", "needed"),
    [
        ("questions.yaml", '"tolerance": "0.5"', '"tolerance": "0.4"', "meaning"),
        (
            "questions.yaml",
            'kind: "order"\nobjective: "o-kinds"'.replace("\n", "\n  "),
            'kind: "order"\n  objective:   "o-kinds"',
            "same",
        ),
        ("questions.yaml", '"a": "x", "b": "z"', '"a": "z", "b": "x"', "meaning"),
        ("questions.yaml", '"b": {"next": "near", "unsafe": "true"}', '"b": {"next": "near"}', "meaning"),
        ("en/questions.yaml", 'accepted: ["seal", "seal car"]', 'accepted: ["lock"]', "meaning"),
        ("km/questions.yaml", 'accepted: ["ត្រា", "ត្រា រថយន្ត"]', 'accepted: ["ត្រា"]', "same"),
        ("questions.yaml", 'confidence: "true"', 'confidence: "false"', "clarification"),
    ],
)
def test_a_change_of_the_key_is_a_change_of_meaning(name: str, old: str, new: str, needed: str) -> None:
    assert needed_class(package(FILES).structure, package(edited(name, old, new)).structure) == needed


def test_the_right_order_is_part_of_the_meaning() -> None:
    structure = package(FILES).structure
    order = structure["questions"]["c-order"]
    turned = {
        **structure,
        "questions": {**structure["questions"], "c-order": {**order, "options": ["b", "a", "c", "d"]}},
    }

    assert needed_class(structure, turned) == "meaning"


def test_words_accepted_in_a_translation_do_not_make_another_course_for_readers_of_the_source() -> None:
    changed = package(edited("km/questions.yaml", 'accepted: ["ត្រា", "ត្រា រថយន្ត"]', 'accepted: ["ត្រា"]'))

    assert changed.source == package(FILES).source
    assert changed.digest != package(FILES).digest


def test_a_drawing_has_the_words_of_its_language() -> None:
    found = package(FILES)

    for tag, words in WORDS.items():
        assert words["car"] in found.questions["c-hotspot", tag]["picture"]
        assert "<figure" not in found.questions["c-hotspot", tag]["picture"]
