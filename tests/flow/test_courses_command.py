"""`courses` at a terminal: findings by file and line, exit codes, stamps on disk, no data folder needed to check."""

import argparse
import json
from pathlib import Path

import pytest
from cast import sqlite_node
from good_course import KM, edit, good_course

from elearn.adapters.files import FolderCourses
from elearn.cli import courses
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError
from elearn.services.node import Node
from elearn.settings import Settings
from elearn.wiring import open_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "courses" / "seals", good_course())
    return tmp_path


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def run(folder: Path, *words: str) -> int:
    def node(settings: Settings) -> Node:
        return sqlite_node(settings.data, course_files=FolderCourses(settings.courses))

    environment = {"ELEARN_COURSES": str(folder / "courses"), "ELEARN_DATA": str(folder / "data")}
    workbench = Workbench(folder, environment, node, lambda _: None, FolderCourses, open_store)
    parser = argparse.ArgumentParser()
    courses.add_arguments(parser)
    return courses.run(parser.parse_args(words), workbench)


def break_it(folder: Path, name: str, old: str, new: str) -> None:
    write(folder / "courses" / "seals", edit(name, old, new)(good_course()))


def test_a_mistake_is_printed_by_file_and_line_and_ends_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_it(folder, "km/questions.yaml", f"    b: {KM} option b of c-1\n", "")
    monkeypatch.chdir(folder)

    assert run(folder, "check", "--errors") == 1
    assert capsys.readouterr().out == (
        "courses/seals/km/questions.yaml:4: error: The option b of c-1 has no text. Write it.\n"
    )
    assert not (folder / "data").exists()


def test_a_course_without_errors_ends_with_zero(folder: Path) -> None:
    assert run(folder, "check", "seals") == 0


def test_findings_are_also_told_to_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_it(folder, "course.yaml", "pass_mark: 0.8", "pass_mark: 8")

    run(folder, "check", "--json", "--errors")

    found = json.loads(capsys.readouterr().out)
    assert [(one["course"], one["file"], one["line"], one["code"]) for one in found] == [
        ("seals", "course.yaml", 8, "field.range")
    ]


def test_a_term_that_is_not_held_is_a_warning_and_fails_the_check_where_that_is_asked(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "translations" / "km", {"terms.yaml": "terms:\n  - {term: numbered lock, use: [សោ]}\n".encode()})
    monkeypatch.chdir(folder)

    assert run(folder, "check") == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "courses/seals/km/glossary.yaml:3: warning: "
        "The source says numbered lock, but សោ is not here. Use it, or add your word to terms.yaml."
    )
    assert [run(folder, "check", "--fail-on", code) for code in ("term", "term.not-held")] == [1, 1]
    assert [run(folder, "check", "--fail-on", code) for code in ("ter", "lesson")] == [0, 0]


def test_a_broken_term_list_is_told_once_with_its_own_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "courses" / "locks", edit("course.yaml", "id: seals", "id: locks")(good_course()))
    write(folder / "translations" / "km", {"terms.yaml": b"terms:\n  - {term: lock}\n"})
    monkeypatch.chdir(folder)

    assert run(folder, "check", "--errors") == 1
    assert capsys.readouterr().out == (
        "translations/km/terms.yaml:2: error: lock has no word to use. Add one under use, or write checked: false.\n"
    )


def test_stamping_writes_what_status_then_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "stamp", "seals", "km", "--reviewer", "Sok Dara") == 0
    assert run(folder, "check") == 0
    capsys.readouterr()

    run(folder, "status")

    assert "km       reviewed  46/46 current, 0 behind, 0 missing, 0 not stamped" in capsys.readouterr().out
    assert sorted(path.name for path in (folder / "courses" / "seals" / "km").iterdir()) == [
        "glossary.yaml", "looking.md", "questions.yaml", "stopping.md", "texts.yaml", "translation.yaml"
    ]  # fmt: skip


def test_publishing_says_what_became_of_each_course(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [run(folder, "publish"), run(folder, "publish")] == [0, 0]
    break_it(folder, "course.yaml", "pass_mark: 0.8", "pass_mark: 8")
    assert run(folder, "publish") == 1

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["seals: published", "seals: unchanged", "seals: not published"]


def test_lessons_are_measured_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "stats", "seals") == 0
    assert "seals: 20 minutes of lessons; questions: 3 check, 10 pretest, 24 exam; 2 facts" in capsys.readouterr().out


def test_an_unknown_course_is_an_error_with_a_code(folder: Path) -> None:
    with pytest.raises(ElearnError) as unknown:
        run(folder, "check", "nothing")

    assert unknown.value.code == "course.unknown"


def test_a_new_course_passes_the_checker_and_says_what_is_still_thin(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "new", "river-patrol", "--title", "River patrol") == 0
    assert run(folder, "check", "river-patrol") == 0

    said = capsys.readouterr()
    assert "0 errors" in said.err
    assert "river-patrol/course.yaml" in said.out


def test_a_new_course_writes_over_nothing(folder: Path) -> None:
    before = (folder / "courses" / "seals" / "course.yaml").read_bytes()

    with pytest.raises(ElearnError, match=r"course\.folder-exists"):
        run(folder, "new", "seals")
    for bad in ("River", "../x", "a--", "9a", ""):
        with pytest.raises(ElearnError, match=r"id\.malformed"):
            run(folder, "new", bad)

    assert (folder / "courses" / "seals" / "course.yaml").read_bytes() == before


def test_a_difference_is_told_by_language_and_unit_with_the_version_it_wants(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "publish", "seals")
    capsys.readouterr()
    assert run(folder, "diff", "seals") == 0
    assert "0 units differ" in capsys.readouterr().out

    break_it(folder, "en/texts.yaml", "title: Looking", "title: Looking twice")
    run(folder, "diff", "seals", "--json")

    found = json.loads(capsys.readouterr().out)
    assert [(one["language"], one["unit"], one["change"]) for one in found["differences"]] == [
        ("en", "lesson/looking", "changed")
    ]
    assert (found["needed"], found["wanted"]) == ("typo", "1.0.1")


def test_a_change_of_a_right_answer_is_a_change_of_meaning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "publish", "seals")
    break_it(folder, "questions.yaml", "correct: [a]", "correct: [b]")
    capsys.readouterr()

    run(folder, "diff", "seals", "--json")

    found = json.loads(capsys.readouterr().out)
    assert (found["needed"], found["wanted"]) == ("meaning", "2.0.0")
    assert {one["language"] for one in found["differences"]} == {""}
