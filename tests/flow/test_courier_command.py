"""`courier` at a terminal, with real files on a disk: written whole, read by number, torn ones refused."""

import argparse
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node
from exchange_scenes import hub_node, let_pass

from elearn.cli import courier
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.nodes import NodeKind
from elearn.services.exchange import light
from elearn.services.node import Node
from elearn.services.posts import give_code, posts

Say = Callable[..., int]


@pytest.fixture
def hub() -> Node:
    return hub_node()


@pytest.fixture
def post() -> Node:
    return memory_node(series=1)


@pytest.fixture
def say(post: Node, hub: Node) -> Say:
    """Run the command with these words; return the exit code."""

    class Bench(Workbench):
        @contextmanager
        def node(self, kind: NodeKind = NodeKind.POST, demo: bool = False) -> Iterator[Node]:
            yield hub if kind is NodeKind.HUB else post

    bench = Bench(Path(), {}, lambda _: post, lambda _: None, lambda *_: post.course_files, lambda _: post.store)
    parser = argparse.ArgumentParser()
    courier.add_arguments(parser)
    return lambda *words: courier.run(parser.parse_args([str(word) for word in words]), bench)


@pytest.fixture
def enrolled(say: Say, hub: Node, tmp_path: Path) -> Say:
    """Enrol the post by the file on a stick."""
    code = give_code(hub, "Huay Xai")
    assert say("--hub", "enrolment", code[:4], tmp_path) == 0
    assert say("enrol", tmp_path / f"elearn-enrolment-{code[:4]}.json", code) == 0
    return say


def test_there_and_back_on_one_stick(
    enrolled: Say, post: Node, hub: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    let_pass(post, 4)

    assert enrolled("write", stick) == 0
    assert enrolled("--hub", "read", stick) == 0
    assert enrolled("--hub", "write", stick) == 0
    capsys.readouterr()
    assert enrolled("read", stick) == 0
    told = capsys.readouterr().out
    enrolled("list")
    listed = capsys.readouterr().out

    names = ["elearn-huay-xai-to-vientiane-0001.courier", "elearn-vientiane-to-huay-xai-0001.courier"]
    assert sorted(one.name for one in stick.iterdir()) == names
    assert f"{names[0]}: for Vientiane. Carry it on." in told
    assert f"{names[1]}: file 1 of Vientiane, made 2026-11-24" in told
    assert light(post).colour == "good"
    assert posts(hub)[0].held == 4
    assert "no. 1 to Vientiane: acknowledged; 4 entries, 1 identities" in listed


def test_a_torn_and_a_strange_file_are_named_and_the_others_read(
    enrolled: Say, post: Node, hub: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    let_pass(post, 4)
    enrolled("write", tmp_path)
    [whole] = tmp_path.glob("*.courier")
    (tmp_path / "torn.courier").write_bytes(whole.read_bytes()[:-1])
    (tmp_path / "strange.courier").write_bytes(os.urandom(3000))
    capsys.readouterr()

    assert enrolled("--hub", "read", tmp_path) == 1

    told = capsys.readouterr().out
    assert "torn.courier: It is not whole" in told
    assert "strange.courier: This is not a courier file of elearn." in told
    assert posts(hub)[0].held == 4


def test_a_huge_file_is_not_read_into_memory(
    enrolled: Say, post: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled("write", tmp_path)
    [whole] = tmp_path.glob("*.courier")
    with whole.open("r+b") as file:
        file.truncate(40_000_000_000)

    assert enrolled("--hub", "read", whole) == 1
    assert "larger than a courier file can be" in capsys.readouterr().out


def test_a_stick_without_room_is_told_before_anything_is_written(
    enrolled: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 1000

    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(courier.shutil, "disk_usage", lambda _: Full)

    with pytest.raises(Unavailable) as refused:
        enrolled("write", stick)

    assert refused.value.code == "disk.full"
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("fails_at", ["write", "sync"])
def test_a_write_that_fails_leaves_nothing_that_looks_like_a_file(
    enrolled: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if fails_at == "sync":
        monkeypatch.setattr(courier.os, "fsync", full)
    else:
        stick.chmod(0o700)
        monkeypatch.setattr(Path, "open", full)
    with pytest.raises(Unavailable) as refused:
        enrolled("write", stick)
    monkeypatch.undo()

    assert refused.value.code == "file.unwritable"
    assert list(stick.iterdir()) == []
    assert enrolled("write", stick) == 0
    assert len(list(stick.iterdir())) == 1
