"""Renew the locks of this folder from pyproject.toml: `python requirements/renew.py [--upgrade]`.

run.txt is what a post needs, postgres.txt that and what a hub on PostgreSQL needs, check.txt that and what the checks
need; all name every file by its hash and hold for CPython 3.11 to 3.13 on x86-64 and aarch64 Linux, which is asked of
the index at the end. The pip that installs them travels as a wheel beside them. Needs uv (pip install uv) and a line.
Without --upgrade only what has to change does.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
PYTHONS = ("3.11", "3.12", "3.13")
# The C library of Debian 12, the oldest system in the README.
PLATFORMS = ("x86_64-manylinux_2_36", "aarch64-manylinux_2_36")


def main(arguments: list[str]) -> int:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        print("renew.py needs uv: pip install uv", file=sys.stderr)
        return 1
    compile_lock(uv, "run.txt", arguments)
    # --upgrade only once: the packages of run.txt are to be the same in all.
    compile_lock(uv, "postgres.txt", [*arguments, "-c", "requirements/run.txt", "--extra", "postgres"])
    compile_lock(uv, "check.txt", [*arguments, "-c", "requirements/postgres.txt", "--group", "check"])
    fetch_pip()
    answers = [every_file_is_there(uv, platform, python) for platform in PLATFORMS for python in PYTHONS]
    return 0 if all(answers) else 1


def compile_lock(uv: str, lock: str, more: list[str]) -> None:
    """Write one lock. Only wheels count: nothing is built on a post."""
    command = [uv, "--no-config", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-build"]
    command += ["--python-version", PYTHONS[0], "--custom-compile-command", "python requirements/renew.py"]
    subprocess.run([*command, *more, "pyproject.toml", "-o", f"requirements/{lock}"], cwd=TOP, check=True)


def fetch_pip() -> None:
    """Put the locked pip's wheel beside the locks, if it is not there."""
    found = re.search(r"^pip==(\S+)", (HERE / "run.txt").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit("run.txt holds no pip: add it to the dependencies in pyproject.toml")
    wheel = HERE / f"pip-{found[1]}-py3-none-any.whl"
    if wheel.exists():
        return
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(HERE), f"pip=={found[1]}"], check=True)
    for old in HERE.glob("pip-*.whl"):
        if old != wheel:
            old.unlink()


def every_file_is_there(uv: str, platform: str, python: str) -> bool:
    """Tell if the index has a wheel of every locked package for one kind of machine; say which is missing."""
    with tempfile.TemporaryDirectory() as nowhere:
        command = [uv, "--no-config", "pip", "install", "--quiet", "--dry-run", "--target", nowhere, "--no-deps"]
        command += ["--require-hashes", "--only-binary", ":all:", "-r", "requirements/check.txt"]
        done = subprocess.run(
            [*command, "--python-platform", platform, "--python-version", python], cwd=TOP, check=False
        )
    print(f"{'ok     ' if done.returncode == 0 else 'MISSING'} {platform}, Python {python}")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
