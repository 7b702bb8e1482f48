"""Everything that must hold before a change is good: linters, the program's own checks, all tests.

Started by `python3 run.py check`, which has set up the environment this runs in. What a tool is missing for is left
out with one line that says so; with CI=true nothing may be left out. The count is the last line.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from elearn.adapters.pango import find_pango  # noqa: E402 - the checkout's, one folder up
from run import PANGO_PACKAGES, apt_install, say, works  # noqa: E402


@dataclass(frozen=True)
class Tool:
    """A tool of the system that tests need: how to see that it is there, what brings it, their marker in pytest."""

    purpose: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]
    marker: str


TOOLS = (
    # Asked for its version, not only for its name: Ubuntu has a chromium-browser that only says where to get one.
    Tool(
        "Chromium, for tests in a browser",
        lambda: works(["chromium", "--version"]) or works(["chromium-browser", "--version"]),
        ("chromium",),
        "browser",
    ),
    Tool(
        "poppler-utils, to read certificates back",
        lambda: shutil.which("pdftotext") is not None,
        ("poppler-utils",),
        "poppler",
    ),
    Tool("Pango, to draw certificates", lambda: find_pango() is None, tuple(PANGO_PACKAGES), "pango"),
    # Its programs, which Debian keeps out of PATH; tests start a server of their own with them.
    Tool(
        "PostgreSQL, for a hub that keeps its data there",
        lambda: shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        ("postgresql",),
        "postgres",
    ),
)


def main(arguments: list[str]) -> int:
    """Run it all; arguments go to pytest. Return 0 only if everything holds."""
    nothing_may_be_left_out = os.environ.get("CI") == "true"
    missing = [tool for tool in TOOLS if not provide(tool)]
    failed = [tool.purpose for tool in missing] if nothing_may_be_left_out else []
    for name, command in checks_before_tests():
        say(f"--- {name}")
        if subprocess.run(command, cwd=HERE, check=False).returncode:
            failed.append(name)
    say("--- tests")
    code, count = run_tests([tool.marker for tool in missing if not nothing_may_be_left_out], arguments)
    if failed:
        say("Not in order: " + "; ".join(failed))
    say(count)
    return code or (1 if failed else 0)


def provide(tool: Tool) -> bool:
    """Tell if a tool is there, after installing it where that is possible."""
    if tool.is_there():
        return True
    why = "only root can install it here"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {tool.purpose}: {' '.join(tool.packages)}")
        if apt_install(list(tool.packages)) and tool.is_there():
            return True
        why = "apt-get could not install it"
    say(f"Missing: {tool.purpose} ({why}). Later: apt-get install {' '.join(tool.packages)}")
    return False


def checks_before_tests() -> list[tuple[str, list[str]]]:
    """Return (name, command) of each check; those of the program itself only where it has the command."""
    found = [("ruff", [sys.executable, "-m", "ruff", "check", "."]), ("mypy", [sys.executable, "-m", "mypy"])]
    for words in (["courses", "check", "--fail-on", "term"], ["translations", "check", "--fail-on", "term"]):
        command = [sys.executable, "-P", "-m", "elearn", *words]
        if works([*command, "--help"]):
            found.append((" ".join(["elearn", *words]), command))
    return found


def run_tests(without: list[str], arguments: list[str]) -> tuple[int, str]:
    """Run pytest without the tests of some markers; return its exit code and its count as one plain line."""
    command = [sys.executable, "-m", "pytest", "-q", f"--color={'yes' if sys.stdout.isatty() else 'no'}"]
    if without:
        command += ["-m", " and ".join(f"not {marker}" for marker in without)]
    closing = ""
    with subprocess.Popen([*command, *arguments], cwd=HERE, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line if line.strip() else closing
    return process.returncode, count_line(closing)


def count_line(closing: str) -> str:
    """Return pytest's closing line as `N passed, N failed[, N skipped]`; an error counts as failed."""
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|error)", closing)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    skipped = f", {counts['skipped']} skipped" if "skipped" in counts else ""
    return f"{counts.get('passed', 0)} passed, {failed} failed{skipped}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
