"""The closing lines of `run.py check`: what is counted, and what a missing tool means."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

import run


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """The module .ci/check.py, which no import path leads to."""
    spec = importlib.util.spec_from_file_location("elearn_check", Path(run.__file__).parent / ".ci" / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclass looks its module up there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("closing", "count"),
    [
        ("120 passed in 12.31s", "120 passed, 0 failed"),
        ("3 failed, 117 passed, 2 skipped in 9s", "117 passed, 3 failed, 2 skipped"),
        ("\x1b[31m\x1b[1m1 failed\x1b[0m, \x1b[32m5 passed\x1b[0m, 2 errors in 1s", "5 passed, 3 failed"),
        ("1 error in 0.11s", "0 passed, 1 failed"),
        ("no tests ran in 0.01s", "0 passed, 0 failed"),
        ("4 passed, 7 deselected, 1 warning in 0.2s", "4 passed, 0 failed"),
    ],
)
def test_the_count_is_pytests(check: ModuleType, closing: str, count: str) -> None:
    assert check.count_line(closing) == count


def test_a_tool_that_cannot_be_had_is_told_with_what_brings_it(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check.os, "geteuid", lambda: 1000)
    tool = check.Tool("Abacus, to count", lambda: False, ("abacus-utils",), "abacus")

    assert not check.provide(tool)
    assert capsys.readouterr().out == (
        "Missing: Abacus, to count (only root can install it here). Later: apt-get install abacus-utils\n"
    )


def test_a_tool_that_is_there_is_taken_as_it_is(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.provide(check.Tool("a shell", lambda: check.works(["sh", "-c", "true"]), ("dash",), "shell"))
    assert capsys.readouterr().out == ""


def test_every_marker_of_a_tool_is_registered(check: ModuleType, pytestconfig: pytest.Config) -> None:
    registered = [line.split(":")[0] for line in pytestconfig.getini("markers")]

    assert [tool.marker for tool in check.TOOLS if tool.marker not in registered] == []
