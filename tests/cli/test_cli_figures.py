"""`figures` at the terminal: the files of the page, a summary that hides what the page hides, faults in words."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cast import sqlite_node
from figures_scenes import coordinator, passed, train
from followup_scenes import followed_up
from satisfaction_scenes import let_answer

from elearn.adapters.system import RandomIds
from elearn.cli import figures
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import Invalid, Unavailable
from elearn.core.xapi.verbs import EXPORTED
from elearn.services import coordinate
from elearn.services.node import Node
from elearn.services.record import record
from elearn.settings import Settings
from elearn.wiring import open_store

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    node = sqlite_node(tmp_path, ids=RandomIds())
    train(node, 12, sex="female", outcome="TA2-O4")
    train(node, 15, "2026-04-05", agency="police")
    train(node, 3, "2026-04-06", agency="narcotics")
    node.store.close()

    def open_again(settings: Settings) -> Node:
        return sqlite_node(settings.data, ids=RandomIds())

    bench = Workbench(tmp_path, {"ELEARN_DATA": str(tmp_path)}, open_again, lambda _: None, lambda _: None, open_store)

    def command(*words: str) -> int:
        parser = argparse.ArgumentParser()
        figures.add_arguments(parser)
        return figures.run(parser.parse_args(words), bench)

    return command


def test_files_are_written_and_recorded(run: Run, tmp_path: Path) -> None:
    csv, xlsx, document = (tmp_path / f"out.{kind}" for kind in ("csv", "xlsx", "json"))

    assert run("--csv", str(csv), "--xlsx", str(xlsx), "--json", str(document), "--words", "km", "--by", "year") == 0

    node = sqlite_node(tmp_path, ids=RandomIds())
    with node.store.reading() as tx:
        said = [entry.statement for entry in tx.ledger.every() if entry.statement.verb == EXPORTED]
    asked = coordinate.question(node, {"by": "year"})
    assert csv.read_bytes() == coordinate.export(node, coordinator(node), asked, "csv", "km").data
    assert xlsx.read_bytes()[:2] == b"PK"
    assert json.loads(document.read_bytes())["language"] == "km"
    assert [statement.extension("format") for statement in said] == ["csv", "xlsx", "json"]
    assert not list(tmp_path.glob("*.part"))
    node.store.close()


def test_the_summary_hides_what_the_page_hides(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0

    printed = capsys.readouterr().out
    assert "Officers trained: 30" in printed
    assert "   not shown  Narcotics control" in printed
    assert "Provisional: this post has no hub yet" in printed
    assert "Not shown: fewer than 5 officers" in printed


def test_filters_are_those_of_the_page(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--from", "2026-04", "--agency", "police") == 0

    assert "Officers trained: not shown" in capsys.readouterr().out


def test_outcomes_are_a_table_and_a_filter(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--outcome", "TA2-O4", "--area", "TA2", "--sex", "female", "--rows", "outcome") == 0

    printed = capsys.readouterr().out
    assert "Outcome of the action plan" in printed
    assert "          12  TA2-O4 Officers on the main routes are better able to find and stop drugs" in printed


def test_satisfaction_is_printed_as_the_page_has_it(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    assert "There are no five answers yet" in capsys.readouterr().out
    node = sqlite_node(tmp_path, ids=RandomIds())
    let_answer(node, 5)
    node.store.close()

    assert run() == 0

    printed = capsys.readouterr().out
    assert "           5  Answers" in printed
    assert "        3.00  The questions were fair. 40.0%" in printed
    assert "       20.0%  More time" in printed


def test_follow_ups_are_printed_as_the_page_has_them(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = sqlite_node(tmp_path, ids=RandomIds())
    taken = [passed(node, node.ids.new(), "2026-03-06") for _ in range(6)]
    record(node, *taken, *(followed_up(one, node.ids.new(), "once", "time") for one in taken))
    node.store.close()

    assert run("--from", "2026-03-06", "--to", "2026-03-06", "--on", "2026-11-24") == 0

    printed = capsys.readouterr().out
    assert "What officers use at work after the course" in printed
    assert "  Total: Officers asked: 6; Answers: 6; Officers a colleague spoke of: 0" in printed
    assert "      100.0%  Used it at work" in printed
    assert "      100.0%  There was no time" in printed


def test_a_place_that_cannot_be_written_to_is_said_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        run("--csv", str(tmp_path / "nowhere" / "out.csv"))

    assert "Cannot write" in explain(refused.value)
    assert "No such file" in explain(refused.value)


@pytest.mark.parametrize(
    "words", [("--from", "May"), ("--sex", "f"), ("--rows", "sex"), ("--from", "2027", "--to", "2026")]
)
def test_a_question_that_makes_no_sense_is_explained(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        run(*words)

    assert explain(refused.value) != str(refused.value)
