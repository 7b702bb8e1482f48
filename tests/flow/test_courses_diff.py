"""`courses diff` says by unit what would change for officers, in which words, and which version that wants."""

import json
from pathlib import Path
from typing import Any

import pytest
from courses_scene import put, run
from good_course import KM, Files, edit, good_course


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The course, published as 1.0.0."""
    put(tmp_path, good_course())
    run(tmp_path, "publish", "seals")
    capsys.readouterr()
    return tmp_path


def changed(folder: Path, *edits: tuple[str, str, str]) -> None:
    files: Files = good_course()
    for name, old, new in edits:
        files = edit(name, old, new)(files)
    put(folder, files)


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(folder, "diff", "seals", "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("name", "old", "new", "unit", "step"),
    [
        ("questions.yaml", "correct: [a]", "correct: [b]", ("", "questions/c-1"), "meaning"),
        ("course.yaml", "pass_mark: 0.8", "pass_mark: 0.7", ("", "pass_mark"), "meaning"),
        ("course.yaml", "    o-look: 10\n", "    o-look: 9\n", ("", "exam"), "meaning"),
        (
            "course.yaml",
            "number: 1\n    minutes: 10",
            "number: 1\n    minutes: 12",
            ("", "lessons/looking"),
            "clarification",
        ),
        ("course.yaml", "validity_months: 24", "validity_months: 12", ("", "validity_months"), "clarification"),
        ("facts.yaml", "claim: Somebody signed", "claim: Everybody signed", ("", "facts/mou-1993"), "same"),
        ("en/texts.yaml", "title: Stopping", "title: When to stop", ("en", "lesson/stopping"), "typo"),
        ("en/stopping.md", "stops and calls", "waits and calls", ("en", "lesson/stopping"), "typo"),
        ("en/questions.yaml", "option a of c-1", "first of c-1", ("en", "question/c-1"), "typo"),
        ("en/glossary.yaml", "A numbered lock", "A lock", ("en", "glossary/seal"), "typo"),
        ("km/stopping.md", "stops and calls", "waits and calls", ("km", "lesson/stopping"), "same"),
    ],
)
def test_every_unit_has_the_least_class_its_edit_must_call_itself(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, unit: tuple[str, str], step: str
) -> None:
    changed(folder, (name, old, new))

    found = told(folder, capsys)

    assert [(one["language"], one["unit"], one["change"], one["step"]) for one in found["differences"]] == [
        (*unit, "changed", step)
    ]
    wanted = {"meaning": "2.0.0", "clarification": "1.1.0", "typo": "1.0.1", "same": ""}[step]
    assert (found["said"], found["needed"], found["wanted"]) == ("same", step, wanted)


def test_the_words_taken_out_and_put_in_stand_below_their_unit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(folder, ("en/stopping.md", "stops and calls", "waits and calls"), ("km/texts.yaml", "Stopping", "ឈប់"))

    assert run(folder, "diff", "seals") == 0

    assert capsys.readouterr().out.splitlines() == [
        "  changed  typo           en         lesson/stopping",
        "    - Malee stops and calls.",
        "    + Malee waits and calls.",
        "  changed  -              km         lesson/stopping",
        f"    - title: {KM} Stopping",
        f"    + title: {KM} ឈប់",
        "seals: served 1.0.0, files 1.0.0: 2 units differ",
        "This is an edit of class typo at least: write version 1.0.1 into course.yaml.",
    ]


def test_units_alone_are_told_where_that_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(folder, ("en/stopping.md", "stops and calls", "waits and calls"))

    run(folder, "diff", "seals", "--units")

    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_version_that_says_enough_is_not_argued_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(
        folder, ("questions.yaml", "correct: [a]", "correct: [b]"), ("course.yaml", "version: 1.0.0", "version: 2.0.0")
    )

    found = told(folder, capsys)
    run(folder, "diff", "seals")

    assert (found["said"], found["needed"], found["wanted"]) == ("meaning", "meaning", "")
    assert capsys.readouterr().out.splitlines()[-1] == "seals: served 1.0.0, files 2.0.0 (meaning): 1 units differ"


def test_units_that_came_and_went_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calling = "  - {id: calling, number: 3, minutes: 5, objectives: [o-stop]}\n"
    files = edit("course.yaml", "  - id: stopping\n", f"{calling}  - id: stopping\n")(good_course())
    for tag, mark in (("en", ""), ("km", f"{KM} ")):
        words = f"  calling: {{title: {mark}Calling, summary: {mark}How to call.}}\n"
        files = edit(f"{tag}/texts.yaml", "lessons:\n", f"lessons:\n{words}")(files)
        files[f"{tag}/calling.md"] = f"## {mark}Call\n\n> {mark}Malee calls.\n".encode()
    put(folder, files)

    there = told(folder, capsys)["differences"]
    run(folder, "publish", "seals")
    put(folder, good_course())
    for tag in ("en", "km"):
        (folder / "courses" / "seals" / tag / "calling.md").unlink()
    capsys.readouterr()
    back = told(folder, capsys)["differences"]

    units = [("", "lessons/calling", "meaning"), ("en", "lesson/calling", "typo"), ("km", "lesson/calling", "same")]
    assert [(one["language"], one["unit"], one["step"]) for one in there] == units
    assert {one["change"] for one in there} == {"added"}
    assert {one["change"] for one in back} == {"gone"}
    assert "title: Calling" in there[1]["added"]
    assert back[1]["removed"] == there[1]["added"]


def test_a_difference_without_a_data_folder_is_refused_and_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, good_course())

    assert run(tmp_path, "diff", "seals") == 1

    assert "there is no data folder" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
