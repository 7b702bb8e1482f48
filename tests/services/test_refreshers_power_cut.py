"""The power is cut in the middle of a set of refreshers: a real process on a real file, killed with no warning."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cast import sqlite_node

from elearn.services import refresher_results, refreshers
from elearn.services.record import projections_behind

ROOT = Path(__file__).resolve().parents[2]
OFFICER_AT_WORK = """
import sys
from datetime import timedelta
from pathlib import Path
from cast import officer, sqlite_node
from refresher_scenes import answer, later, passed, shift
from small_course import publish
from elearn.services import refreshers

node = sqlite_node(Path(sys.argv[1]))
node.store.write(publish)
noy = officer(node)
passed(node, noy)
later(node, timedelta(days=30))
attempt = refreshers.start(node, noy, "en")
print("started", noy, attempt, flush=True)
for place in range(1, 6):
    view = answer(node, noy, attempt, place, right=place != 2)
    print("saved", place, view.check.question.id, flush=True)
print("done", flush=True)
sys.stdin.read()
"""


def cut_after(folder: Path, saves: int) -> tuple[str, str, list[str]]:
    """Run an officer at work, kill it after so many answers; return (officer, set, questions told to be saved)."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", OFFICER_AT_WORK, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment) as worker:
        assert worker.stdout is not None
        _, noy, attempt = worker.stdout.readline().split()
        lines = [worker.stdout.readline() for _ in range(saves)]
        worker.send_signal(signal.SIGKILL)
        lines += worker.stdout.readlines()
    assert worker.returncode == -signal.SIGKILL
    # A line may itself be torn: what was not told whole was not promised.
    told = [line.split() for line in lines if line.endswith("\n") and line.startswith("saved ")]
    return noy, attempt, [question for _, _, question in told]


@pytest.mark.parametrize("saves", [0, 2, 5])
def test_a_power_cut_loses_no_answer_and_the_set_goes_on_at_its_question(tmp_path: Path, saves: int) -> None:
    noy, attempt, promised = cut_after(tmp_path, saves)
    node = sqlite_node(tmp_path)
    # The machine comes back with the clock where it was at the cut, or before: `cast` starts it anew.
    try:
        with node.store.reading() as tx:
            assert not projections_behind(tx)
        end = refresher_results.end(node, noy, attempt, "en")
        kept = [refreshers.question(node, noy, attempt, place, "en") for place in range(1, end.answered + 1)]

        assert len(promised) >= saves
        assert [view.check.question.id for view in kept][: len(promised)] == promised
        assert all(view.check.answered for view in kept)
        assert end.open == (end.answered + 1 if end.answered < 5 else 0)
        if end.open:
            assert refreshers.start(node, noy, "en") == attempt
    finally:
        node.store.close()
