"""A renewal that is killed at any line of it: the next start puts it right, and one key is in force, never none."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import NumberedIds, sqlite_node
from exchange_scenes import rows

from elearn.adapters.system import KEY_FILE, NEXT_KEY_FILE, FileKeys
from elearn.core.vocab.kept import KEY_SUCCESSION, TRUSTED_KEY
from elearn.core.xapi.verbs import KEY_RENEWED
from elearn.services.key_renewal import own_key, renew, settle
from elearn.services.node import Node
from elearn.services.operator import operator

PROGRAM = """
import os, shutil, signal, sys, threading
from pathlib import Path
from cast import sqlite_node
from elearn.adapters import system
from elearn.services import key_renewal
from elearn.services.operator import operator

base, out = Path(sys.argv[1]), Path(sys.argv[2])
WATCHED = {module.__file__ for module in (system, key_renewal)}
left = 0

def cut(frame, event, _):
    global left
    if frame.f_code.co_filename not in WATCHED:
        return None
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return cut

def child(folder, at):
    global left
    threading.settrace(cut)  # before the writer's thread begins
    node = sqlite_node(folder, keys=system.FileKeys(folder))
    by = operator(node)
    left = at
    sys.settrace(cut)
    key_renewal.renew(node, by)
    os._exit(0)

at = 0
while True:
    at += 1
    folder = out / f"{at:04}"
    shutil.copytree(base, folder)
    pid = os.fork()
    if pid == 0:
        child(folder, at)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
        break
print(at)
"""


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of data folders: the first cut at the first line of a renewal, and so on; the last not cut."""
    base, out = tmp_path_factory.mktemp("base") / "data", tmp_path_factory.mktemp("cut")
    node = sqlite_node(base, keys=FileKeys(base))
    settle(node)
    node.store.close()
    here = Path(__file__).parents[1]
    environment = {"PYTHONPATH": f"{here}:{here.parent}", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(base), str(out)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return out


def started(folder: Path) -> Node:
    """Start in a folder as it was left."""
    node = sqlite_node(folder, keys=FileKeys(folder))
    settle(node)
    return node


def states(cut_off: Path) -> Iterator[tuple[Path, bool, bool]]:
    """Yield each folder, with whether the next key lies there, and whether the step to it was kept."""
    for folder in sorted(cut_off.iterdir()):
        node = sqlite_node(folder, keys=FileKeys(folder))
        kept = bool(rows(node, KEY_SUCCESSION))
        node.store.close()
        yield folder, (folder / NEXT_KEY_FILE).exists(), kept


def test_killed_at_any_line_one_key_is_in_force_after_the_next_start(cut_off: Path) -> None:
    seen = set()
    for folder, next_there, kept in states(cut_off):
        before = (folder / KEY_FILE).read_text()
        seen.add((next_there, kept))
        node = started(folder)
        present = node.keys.key_id
        keys = {row["key_id"]: row for row in rows(node, TRUSTED_KEY)}
        steps = rows(node, KEY_SUCCESSION)

        assert not (folder / NEXT_KEY_FILE).exists(), folder
        assert [key for key, row in keys.items() if not row["valid_until"]] == [present], folder
        assert [step["new_key_id"] for step in steps] == ([present] if kept else []), folder
        assert ((folder / KEY_FILE).read_text() == before) == (not next_there or not kept), folder
        assert not own_key(node).ended
        with node.store.reading() as tx:
            said = [one for one in tx.ledger.every() if one.statement.verb == KEY_RENEWED]
        assert len(said) == len(steps), folder
        node.store.close()

    assert seen == {(False, False), (True, False), (True, True), (False, True)}


def test_after_a_cut_the_key_can_be_renewed_again_without_a_start_between(cut_off: Path, tmp_path: Path) -> None:
    waiting = next(folder for folder, next_there, kept in list(states(cut_off))[::-1] if kept)
    folder = tmp_path / "data"
    shutil.copytree(waiting, folder)
    node = sqlite_node(folder, keys=FileKeys(folder), ids=NumberedIds(7))
    renew(node, operator(node))

    steps = {step["old_key_id"]: step["new_key_id"] for step in rows(node, KEY_SUCCESSION)}
    assert len(steps) == 2
    assert steps[next(new for new in steps.values() if new in steps)] == node.keys.key_id
    node.store.close()


def test_a_program_that_runs_signs_with_the_key_another_program_has_made(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    running, other = (sqlite_node(folder, keys=FileKeys(folder)) for _ in range(2))
    settle(running)
    held = running.keys.present()
    renew(other, operator(other))

    assert running.keys.key_id == other.keys.key_id != held.key_id
    assert held.check(held.public_key, b"m", held.sign(b"m"))  # what was begun with the old key is ended with it
    assert not settle(running)
    for node in (running, other):
        node.store.close()


def test_the_old_key_is_overwritten_and_only_the_owner_may_read_the_new(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    node = sqlite_node(folder, keys=FileKeys(folder))
    settle(node)
    secret = (folder / KEY_FILE).read_text()
    old = (folder / KEY_FILE).open("rb")  # what the disk held under the old name
    renew(node, operator(node))

    assert set(old.read()) == {ord("0")}
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert all(secret.strip().encode() not in file.read_bytes() for file in folder.iterdir() if file.is_file())
    old.close()
    node.store.close()
