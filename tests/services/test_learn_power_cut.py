"""The power is cut in the middle of an exam: a real process on a real file, killed with no warning."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cast import sqlite_node

from elearn.core.projections.attempts import ATTEMPT
from elearn.services import sit
from elearn.services.node import Node
from elearn.services.record import projections_behind

ROOT = Path(__file__).resolve().parents[2]
OFFICER_AT_WORK = """
import sys
from pathlib import Path
from cast import officer, sqlite_node
from small_course import RIGHT, publish, ready_for_exam, structure
from elearn.services import sit

node = sqlite_node(Path(sys.argv[1]))
node.store.write(publish)
noy = officer(node)
ready_for_exam(node, noy)
attempt = sit.start(node, noy, "seals", "exam", "en")
print("started", noy, attempt, flush=True)
turn = 0
while True:
    for mark in sit.sitting(node, noy, attempt).marks:
        # Every turn another option, so that there is always something new to save.
        key = "abc"[turn % 3]
        sit.answer(node, noy, attempt, mark.id, [key])
        print("saved", mark.id, key, flush=True)
    turn += 1
"""


def cut_after(folder: Path, saves: int) -> tuple[str, str, dict[str, str]]:
    """Run an officer at work, kill it after so many answers; return (officer, attempt, answers confirmed as saved)."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", OFFICER_AT_WORK, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as worker:
        assert worker.stdout is not None
        _, noy, attempt = worker.stdout.readline().split()
        lines = [worker.stdout.readline() for _ in range(saves)]
        worker.send_signal(signal.SIGKILL)
        lines += worker.stdout.readlines()
    assert worker.returncode == -signal.SIGKILL
    # A line may itself be torn: what was not told whole was not promised.
    told = [line.split() for line in lines if line.endswith("\n") and line.startswith("saved ")]
    return noy, attempt, {question: key for _, question, key in told}


@pytest.mark.parametrize("saves", [1, 3, 11])
def test_a_power_cut_loses_no_answer_that_was_told_to_be_saved(tmp_path: Path, saves: int) -> None:
    noy, attempt, promised = cut_after(tmp_path, saves)
    node = sqlite_node(tmp_path, series=1)
    try:
        kept = {one: sit.sitting(node, noy, attempt, question=one).question.chosen for one in promised}
        lost = [one for one, key in promised.items() if kept[one] not in {(key,), (_after(key),)}]
        view = sit.sitting(node, noy, attempt)

        assert lost == []
        assert view.answered >= min(saves, 4)
        assert view.question.id == _first_open(view.marks)
        with node.store.reading() as tx:
            assert projections_behind(tx) is False
        _goes_on_to_the_end(node, noy, attempt)
    finally:
        node.store.close()


def _after(key: str) -> str:
    """Return the option of the next turn: an answer saved but not yet told when the power went."""
    return {"a": "b", "b": "c", "c": "a"}[key]


def _first_open(marks: tuple[sit.QuestionMark, ...]) -> str:
    return next((mark.id for mark in marks if not mark.answered), marks[-1].id)


def _goes_on_to_the_end(node: Node, noy: str, attempt: str) -> None:
    for mark in sit.sitting(node, noy, attempt).marks:
        sit.answer(node, noy, attempt, mark.id, ["a"])
    sit.submit(node, noy, attempt)
    with node.store.reading() as tx:
        row = tx.tables.get(ATTEMPT, attempt)
    assert row is not None
    assert row["submitted_at"]
