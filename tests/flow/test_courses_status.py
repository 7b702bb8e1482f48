"""`courses status` says how far languages are and which facts are to be reviewed, to people and to machines."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from courses_scene import put, run
from good_course import edit, good_course

SOON = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = edit(
        "facts.yaml", "read: 2026-11-24\n  review_by: 2028-11-24", "read: 2020-01-01\n  review_by: 2021-01-01"
    )(good_course())
    put(tmp_path, edit("facts.yaml", "review_by: 2028-11-24", f"review_by: {SOON}")(files))
    return tmp_path


def test_facts_to_review_are_listed_by_file_and_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "status") == 0

    lines = capsys.readouterr().out.splitlines()
    at = lines.index("  facts    1 overdue for review, 1 due within 90 days")
    assert lines[at + 1 :] == [
        "    facts.yaml:1: overdue since 2021-01-01: mou-1993",
        f"    facts.yaml:7: to review by {SOON}: mou-1995",
    ]


def test_the_same_is_told_to_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "status", "seals", "--json") == 0

    [found] = json.loads(capsys.readouterr().out)
    assert (found["course"], found["version"], found["errors"]) == ("seals", "1.0.0", 0)
    assert [(one["language"], one["units"]) for one in found["languages"]] == [("en", 46), ("km", 46)]
    assert [(one["id"], one["overdue"], one["file"], one["line"]) for one in found["reviews"]] == [
        ("mou-1993", True, "facts.yaml", 1),
        ("mou-1995", False, "facts.yaml", 7),
    ]


def test_a_course_that_cannot_be_read_still_has_a_status(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"course.yaml": b"- no mapping"})

    run(folder, "status", "--json")
    [found] = json.loads(capsys.readouterr().out)
    run(folder, "status")

    assert (found["version"], found["reviews"]) == ("", [])
    assert "seals ?: " in capsys.readouterr().out


def test_units_behind_that_changed_in_meaning_are_told_where_the_version_translated_from_was_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, good_course())
    run(tmp_path, "stamp", "seals", "km")
    run(tmp_path, "publish", "seals")
    text = edit("en/texts.yaml", "title: Stopping", "title: When to stop")(good_course())
    put(tmp_path, {**text, **edit("course.yaml", "version: 1.0.0", "version: 2.0.0")(text)})
    capsys.readouterr()

    run(tmp_path, "status")
    lines = capsys.readouterr()
    run(tmp_path, "status", "--json")
    [found] = json.loads(capsys.readouterr().out)
    put(tmp_path, edit("course.yaml", "version: 1.0.0", "version: 1.0.1")(text))
    run(tmp_path, "status")

    assert "45/46 current, 1 behind (1 changed in meaning), 0 missing" in lines.out
    assert f"Compared with what is published in {tmp_path / 'data'}." in lines.err
    assert [one["meaning"] for one in found["languages"]] == [[], ["lesson/stopping"]]
    assert "digests" not in found["languages"][0]
    assert "45/46 current, 1 behind, 0 missing" in capsys.readouterr().out
