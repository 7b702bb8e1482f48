"""run.py before it becomes elearn: what it says of this machine, when it sets up again, where packages come from."""

import ast
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import run

TOP = Path(run.__file__).parent


def make_environment_that_repeats(venv: Path, *kinds: str) -> Path:
    """Make what looks like a finished set-up; its python prints its words and what it was given, and ends with 7."""
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\necho "$PYTHONPATH"\necho "pango=$ELEARN_PANGO"\nexit 7\n')
    python.chmod(0o755)
    (venv / "elearn-stamp").write_text("".join(run.wanted_stamp(kind) + "\n" for kind in kinds))
    return venv


def start(venv: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run run.py as a person would, with the environment set up in ``venv``."""
    # Not what run.py itself told the process that runs these tests.
    inherited = {name: value for name, value in os.environ.items() if name not in ("ELEARN_PANGO", "PYTHONPATH")}
    environ = {**inherited, "ELEARN_VENV": str(venv), **more}
    command = [sys.executable, str(TOP / "run.py"), *words]
    return subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True, check=False, timeout=60)


# --- the machine


def test_run_py_can_be_read_by_python_3_6() -> None:
    ast.parse((TOP / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 9, 2), (3, 10, 12)])
def test_an_old_python_is_told_what_it_is_and_what_is_needed(version: tuple[int, int, int]) -> None:
    with pytest.raises(run.SetupError) as refused:
        run.check_machine(version, 64, "x86_64")

    assert f"this is Python {version[0]}.{version[1]}, and elearn needs 3.11 or newer" in str(refused.value)


@pytest.mark.parametrize(("bits", "machine"), [(32, "armv7l"), (32, "aarch64"), (32, "i686"), (64, "riscv64")])
def test_a_machine_without_packages_is_told_which_and_what_to_install(bits: int, machine: str) -> None:
    with pytest.raises(run.SetupError) as refused:
        run.check_machine((3, 11, 2), bits, machine)

    assert f"{bits}-bit {machine}" in str(refused.value)
    assert "icu4py" in str(refused.value)
    assert "64-bit Raspberry Pi OS" in str(refused.value)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 3), (3, 13, 5)])
def test_the_machines_of_the_readme_are_taken(version: tuple[int, int, int], machine: str) -> None:
    assert run.check_machine(version, 64, machine) is None


def test_windows_is_told_where_elearn_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with monkeypatch.context() as windows:
        windows.setattr(run.os, "name", "nt")
        code = run.main([])

    assert code == 1
    assert "elearn runs on Linux" in capsys.readouterr().err


# --- where to set up, and when again


def test_set_up_lies_in_the_checkout_unless_a_folder_is_named(tmp_path: Path) -> None:
    assert run.venv_folder({}, tmp_path) == tmp_path / ".venv"
    assert run.venv_folder({"ELEARN_VENV": ""}, tmp_path) == tmp_path / ".venv"
    assert run.venv_folder({"ELEARN_VENV": str(tmp_path / "else")}, tmp_path) == tmp_path / "else"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with locks of one line."""
    here = tmp_path / "checkout"
    (here / "requirements").mkdir(parents=True)
    (here / "requirements" / "run.txt").write_text("flask==3.1.3\n")
    (here / "requirements" / "check.txt").write_text("flask==3.1.3\npytest==9.2.0\n")
    return here


@pytest.fixture
def set_up(checkout: Path) -> Path:
    """That checkout's finished set-up, for running it."""
    venv = checkout / ".venv"
    make_environment_that_repeats(venv)
    (venv / "elearn-stamp").write_text(run.wanted_stamp("run", checkout) + "\n")
    return venv


def test_a_finished_set_up_is_not_done_again(checkout: Path, set_up: Path) -> None:
    assert run.is_ready(set_up, "run", checkout)


def test_a_set_up_for_running_does_not_do_for_checking(checkout: Path, set_up: Path) -> None:
    assert not run.is_ready(set_up, "check", checkout)


def test_packages_for_postgresql_are_only_for_a_hub_that_is_given_an_address() -> None:
    assert run.running_kind({}) == "run"
    assert run.running_kind({"ELEARN_DATABASE": ""}) == "run"
    assert run.running_kind({"ELEARN_DATABASE": "sqlite"}) == "run"
    assert run.running_kind({"ELEARN_DATABASE": "postgresql://hub@/training"}) == "postgres"
    assert run.running_kind({"ELEARN_DATABASE": "postgres://hub@/training"}) == "postgres"


def test_a_post_never_installs_the_driver_and_a_hub_on_postgresql_has_all_a_post_has() -> None:
    locks = {kind: set(run.locked_names(TOP / "requirements" / f"{kind}.txt")) for kind in run.KINDS}

    assert locks["postgres"] - locks["run"] == {"psycopg", "psycopg-binary"}
    assert locks["run"] < locks["postgres"] < locks["check"]


def test_a_set_up_for_a_post_does_not_do_for_a_hub_on_postgresql_nor_the_other_way_harm_it(tmp_path: Path) -> None:
    for_post = make_environment_that_repeats(tmp_path / "post", *run.KINDS["run"])
    for_hub = make_environment_that_repeats(tmp_path / "hub", *run.KINDS["postgres"])

    assert not run.is_ready(for_post, "postgres")
    assert start(for_hub, "hub", ELEARN_DATABASE="postgresql://hub@/training").stdout.startswith("-P -m elearn hub")
    assert start(for_hub).stdout.startswith("-P -m elearn serve")


def test_another_lock_asks_for_another_set_up(checkout: Path, set_up: Path) -> None:
    (checkout / "requirements" / "run.txt").write_text("flask==3.1.4\n")

    assert not run.is_ready(set_up, "run", checkout)


def test_another_python_asks_for_another_set_up(checkout: Path, set_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 19, 0))

    assert not run.is_ready(set_up, "run", checkout)


def test_a_patch_release_of_python_does_not(checkout: Path, set_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (*sys.version_info[:2], 99))

    assert run.is_ready(set_up, "run", checkout)


@pytest.mark.parametrize("harm", ["no stamp", "torn stamp", "no python", "dangling python"])
def test_a_damaged_set_up_is_seen(checkout: Path, set_up: Path, harm: str) -> None:
    python = set_up / "bin" / "python"
    if harm == "no stamp":
        (set_up / "elearn-stamp").unlink()
    elif harm == "torn stamp":
        (set_up / "elearn-stamp").write_bytes(b"run \xff\xfe")
    else:
        python.unlink()
    if harm == "dangling python":
        python.symlink_to("/nowhere/python3")

    assert not run.is_ready(set_up, "run", checkout)


def test_a_folder_with_other_things_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear friend")

    answer = start(tmp_path, "setup")

    assert answer.returncode == 1
    assert "holds files that are no Python environment (letters.txt ...)" in answer.stderr
    assert "ELEARN_VENV" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_place_that_cannot_be_written_is_answered_with_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    answer = start(tmp_path / "file" / "venv")

    assert answer.returncode == 1
    assert f"cannot write in {tmp_path / 'file' / 'venv'}" in answer.stderr
    assert "ELEARN_VENV=$HOME/elearn-venv python3 run.py" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.ROOM_MB, "run", 10**9)

    with pytest.raises(run.SetupError, match=r"MB free where .*, and setting up needs 1000000000 MB"):
        run.check_room(tmp_path, "run")


# --- what is run


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], ["serve"]),
        (["--demo"], ["serve", "--demo"]),
        (["--port", "9000"], ["serve", "--port", "9000"]),
        (["--version"], ["--version"]),
        (["hub"], ["hub"]),
        (["serve", "--help"], ["serve", "--help"]),
        (["ledger", "rebuild", "--node", "x y"], ["ledger", "rebuild", "--node", "x y"]),
    ],
)
def test_every_command_of_elearn_is_reached(words: list[str], command: list[str]) -> None:
    assert run.elearn_command(words) == command


def test_a_later_start_becomes_the_program_at_once(tmp_path: Path) -> None:
    venv = make_environment_that_repeats(tmp_path / "venv", "run")

    answer = start(venv, "--demo", PYTHONPATH="/elsewhere")

    assert answer.stdout.splitlines() == ["-P -m elearn serve --demo", f"{TOP}:/elsewhere", "pango="]
    assert answer.returncode == 7


def test_unpacked_pango_is_named_to_the_program(tmp_path: Path) -> None:
    venv = make_environment_that_repeats(tmp_path / "venv", "run")
    (venv / "pango").mkdir()

    assert start(venv, "hub").stdout.splitlines()[2] == f"pango={venv / 'pango'}"


def test_check_is_run_with_what_follows(tmp_path: Path) -> None:
    venv = make_environment_that_repeats(tmp_path / "venv", "run", "check")

    answer = start(venv, "check", "-k", "folds")

    assert shlex.split(answer.stdout.splitlines()[0]) == [str(TOP / ".ci" / "check.py"), "-k", "folds"]


def test_help_needs_no_set_up(tmp_path: Path) -> None:
    answer = start(tmp_path / "venv", "--help")

    assert answer.returncode == 0
    assert "python3 run.py check" in answer.stdout
    assert not (tmp_path / "venv").exists()


# --- Pango


def words_of(plan: list[tuple[str, object]]) -> list[str]:
    return [words for words, _do in plan]


def test_root_installs_pango_and_a_plain_user_unpacks_it(tmp_path: Path) -> None:
    as_root = run.pango_plan(True, "/usr/bin/apt-get", "/usr/bin/dpkg", tmp_path, tmp_path / "wheels")
    as_user = run.pango_plan(False, "/usr/bin/apt-get", "/usr/bin/dpkg", tmp_path, tmp_path / "wheels")

    assert words_of(as_root) == ["Installing it with apt-get."]
    assert words_of(as_user) == [f"Unpacking it into {tmp_path / 'pango'}, as only root may install it."]


def test_pango_carried_in_wheels_comes_first(tmp_path: Path) -> None:
    carried = run.carried_pango(tmp_path / "wheels")
    carried.mkdir(parents=True)

    plan = run.pango_plan(True, "/usr/bin/apt-get", "/usr/bin/dpkg", tmp_path, tmp_path / "wheels")

    assert words_of(plan) == [f"Unpacking it from {carried}.", "Installing it with apt-get."]


def test_a_system_without_apt_goes_on_without_pango(tmp_path: Path) -> None:
    assert run.pango_plan(True, None, None, tmp_path, tmp_path / "wheels") == []
    assert run.pango_plan(False, "/usr/bin/apt-get", None, tmp_path, tmp_path / "wheels") == []
