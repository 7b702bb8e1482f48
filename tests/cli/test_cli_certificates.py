"""`certificates make` at the terminal: counted, kept private, gone on with after a stop, faults in words."""

import argparse
import stat
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from batch_scenes import COURSE, batch_node, certificates
from cast import NoPress

from elearn.cli import certificates as command
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.credential.page import CertificatePage
from elearn.core.vocab.errors import ElearnError, NotFound, Refused, Unavailable
from elearn.services import certificate_batches
from elearn.services.node import Node
from elearn.wiring import open_store


class Paper(NoPress):
    """A press that writes the number down; it fails once at each number in ``fails``."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.fails: set[str] = set()
        self.unprintable_number = ""

    def missing(self) -> str | None:
        """Return that nothing is."""
        return None

    def certificate(self, page: CertificatePage, gentle: bool = False) -> bytes:
        """Return the number as a PDF of sorts, drawn by a worker that gives way."""
        assert gentle
        if page.number in self.fails:
            self.fails.remove(page.number)
            raise Unavailable("store.busy", path="here")
        if page.number == self.unprintable_number:
            raise Unavailable("press.crashed", reason="it always does")
        self.drawn.append(page.number)
        return f"%PDF {page.number}".encode()


@pytest.fixture
def press() -> Paper:
    return Paper()


@pytest.fixture
def numbers(tmp_path: Path) -> list[str]:
    node = batch_node(tmp_path, disk=True)
    found = certificates(node, 6)
    node.store.close()
    return found


def run(data: Path, press: Any, *words: str) -> int:
    def opened(settings: Any) -> Node:
        return batch_node(settings.data, workers=1, disk=True, press=press, series=7)

    bench = Workbench(data, {"ELEARN_DATA": str(data)}, opened, lambda _: None, lambda *_: None, open_store)  # type: ignore[arg-type,return-value]
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["make", *words]), bench)


def names(path: Path) -> list[str]:
    with ZipFile(path) as bundle:
        return [name[:19] for name in bundle.namelist()]


def test_the_file_is_written_for_this_user_alone_and_the_room_is_left_tidy(
    tmp_path: Path, press: Paper, numbers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "all.zip"
    code = run(tmp_path, press, "--course", COURSE, "--form", "zip", "--order", "number", "--out", str(path))
    told = capsys.readouterr()

    assert code == 0
    assert names(path) == sorted(numbers)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"{path}: " in told.out
    assert "6 certificates" in told.out
    assert list((tmp_path / "cache" / "certificates").iterdir()) == []


def test_after_a_stop_the_same_command_goes_on_where_it_was(tmp_path: Path, press: Paper, numbers: list[str]) -> None:
    press.fails = {sorted(numbers)[4]}
    out = tmp_path / "all.zip"
    words = ("--form", "zip", "--order", "number", "--out", str(out))
    with pytest.raises(Unavailable) as caught:
        run(tmp_path, press, *words)
    first = list(press.drawn)

    assert caught.value.code == "store.busy"
    assert not out.exists()
    assert run(tmp_path, press, *words) == 0
    assert first == sorted(numbers)[:4]
    assert press.drawn == sorted(numbers)
    assert names(out) == sorted(numbers)


def test_what_an_operator_left_is_not_gone_on_with_by_the_post(
    tmp_path: Path, press: Paper, numbers: list[str]
) -> None:
    press.fails = {sorted(numbers)[2]}
    with pytest.raises(Unavailable):
        run(tmp_path, press, "--form", "zip", "--order", "number")
    node = batch_node(tmp_path, disk=True, press=press, series=8)
    [left] = node.batches.every()
    (tmp_path / "cache" / "certificates" / left.plan.id / "failed").unlink()
    certificate_batches.go_on(node)
    node.batches.wait()  # type: ignore[attr-defined]
    node.store.close()

    assert len(press.drawn) == 2


def test_one_that_cannot_be_drawn_is_named_and_the_code_says_so(
    tmp_path: Path, press: Paper, numbers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    press.unprintable_number = numbers[3]
    out = tmp_path / "all.zip"

    assert run(tmp_path, press, "--form", "zip", "--out", str(out)) == 1
    assert sorted(names(out)) == sorted(set(numbers) - {numbers[3]})
    assert f"not in it: {numbers[3]}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "press_there", "kind", "code", "said"),
    [
        (("--unit", "Nowhere"), True, Refused, "printing.nothing", "no certificate like that"),
        (("--from", "soon"), True, ElearnError, "figures.date", "not a date"),
        ((), False, Unavailable, "press.missing", "doctor"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    tmp_path: Path,
    press: Paper,
    numbers: list[str],
    words: tuple[str, ...],
    press_there: bool,
    kind: type[ElearnError],
    code: str,
    said: str,
) -> None:
    with pytest.raises(kind) as caught:
        run(tmp_path, press if press_there else NoPress(), *words)

    assert caught.value.code == code
    assert said in explain(caught.value)
    assert numbers
    assert press.drawn == []


def test_where_there_is_no_post_nothing_is_made(tmp_path: Path, press: Paper) -> None:
    with pytest.raises(NotFound):
        run(tmp_path / "none", press)

    assert not (tmp_path / "none").exists()


def test_a_place_that_cannot_be_written_to_loses_nothing(tmp_path: Path, press: Paper, numbers: list[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable) as caught:
        run(tmp_path, press, "--form", "zip", "--out", str(tmp_path / "file" / "all.zip"))
    drawn = len(press.drawn)

    assert caught.value.code == "file.unwritable"
    assert run(tmp_path, press, "--form", "zip", "--out", str(tmp_path / "all.zip")) == 0
    assert len(press.drawn) == drawn == len(numbers)
