"""`courses book` at the terminal: the file, pages counted on the way, faults in words."""

import argparse
from pathlib import Path
from typing import Any

import pytest
from book_scenes import READ_ONLY, PaperPress, post_with

from elearn.cli import course_book
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import NotFound, Unavailable
from elearn.wiring import open_store


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    post_with(folder, READ_ONLY).store.close()
    return folder


def run(data: Path, *words: str) -> int:
    def opened(settings: Any) -> Any:
        return post_with(settings.data, press=PaperPress())

    bench = Workbench(data, {"ELEARN_DATA": str(data)}, opened, lambda _: None, lambda *_: None, open_store)  # type: ignore[arg-type,return-value]
    parser = argparse.ArgumentParser()
    course_book.add_arguments(parser)
    return course_book.run(parser.parse_args(words), bench)


def test_the_file_is_written_where_it_is_wanted_and_pages_are_counted(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "book.pdf"

    assert run(data, READ_ONLY, "lo", "--out", str(path)) == 0
    assert path.read_bytes().startswith(b"%PDF book\nlo\n")
    told = capsys.readouterr()
    assert "page 3 of about 3" in told.err
    assert str(path) in told.out


def test_by_default_it_is_written_here_under_its_name(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(data, READ_ONLY, "en", "--job-aids")
    [path] = tmp_path.iterdir()

    assert path.name.endswith("-job-aids-en.pdf")
    assert path.read_bytes().startswith(b"%PDF job-aids\nen\n")


def test_a_course_that_is_not_published_is_said_to_and_no_data_folder_is_made(data: Path, tmp_path: Path) -> None:
    for folder in (data, tmp_path / "none"):
        with pytest.raises(NotFound) as caught:
            run(folder, "river-patrol", "en")
        assert "river-patrol is not published here yet" in explain(caught.value)
    assert not (tmp_path / "none").exists()


def test_a_place_that_cannot_be_written_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        run(data, READ_ONLY, "en", "--out", str(tmp_path))
    assert str(tmp_path) in explain(caught.value)
