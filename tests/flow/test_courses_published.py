"""`courses check` compares with what is published in a data folder, and says so; without one it says that, too."""

import json
from pathlib import Path

import pytest
from courses_scene import put, run
from good_course import edit, good_course


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, good_course())
    return tmp_path


def lose_khmer(folder: Path) -> None:
    for path in (folder / "courses" / "seals" / "km").iterdir():
        path.unlink()
    put(
        folder,
        {"course.yaml": edit("course.yaml", "languages: [en, km]", "languages: [en]")(good_course())["course.yaml"]},
    )


def test_a_language_that_officers_have_now_and_would_lose_is_found_before_publishing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "publish", "seals")
    lose_khmer(folder)
    capsys.readouterr()

    assert run(folder, "check", "--errors") == 1

    said = capsys.readouterr()
    assert "course.yaml:4: error: Khmer is in the version that is served, but not complete here." in said.out
    assert f"Compared with what is published in {folder / 'data'}." in said.err


def test_a_check_without_a_data_folder_says_that_it_compared_with_nothing_and_makes_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_khmer(folder)

    assert run(folder, "check", "--json") == 0

    said = capsys.readouterr()
    assert isinstance(json.loads(said.out), list)
    assert f"Not compared with a published version: there is no data folder {folder / 'data'}." in said.err
    assert not (folder / "data").exists()


def test_a_data_folder_that_cannot_be_read_stops_no_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "elearn.db").write_bytes(b"no database")

    assert run(folder, "check") == 0
    assert "cannot be read (store.damaged)" in capsys.readouterr().err


def test_a_hub_is_compared_with_where_it_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "check", "--hub", "--demo") == 0
    assert "data-hub" in capsys.readouterr().err
