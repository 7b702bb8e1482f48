"""`sync` at a terminal: a code made on the hub, typed on the post, an exchange, and how it stands."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cast import memory_node
from exchange_scenes import HUB_URL, Line, hub_node, let_pass

from elearn.cli import sync
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import NodeKind
from elearn.services.node import Node

Say = Callable[..., int]


@pytest.fixture
def line() -> Line:
    return Line(hub_node())


@pytest.fixture
def post(line: Line) -> Node:
    return memory_node(series=1, peer=line)


@pytest.fixture
def say(post: Node, line: Line) -> Say:
    """Run the command with these words; return the exit code."""

    class Bench(Workbench):
        @contextmanager
        def node(self, kind: NodeKind = NodeKind.POST, demo: bool = False) -> Iterator[Node]:
            yield line.hub if kind is NodeKind.HUB else post

    bench = Bench(Path(), {}, lambda _: post, lambda _: None, lambda *_: post.course_files, lambda _: post.store)
    parser = argparse.ArgumentParser()
    sync.add_arguments(parser)
    return lambda *words: sync.run(parser.parse_args(words), bench)


def test_a_post_is_enrolled_and_exchanges(say: Say, post: Node, capsys: pytest.CaptureFixture[str]) -> None:
    let_pass(post, 4)
    say("status")
    alone = capsys.readouterr().out
    say("--hub", "code", "Huay Xai")
    code = capsys.readouterr().out.strip()

    done = say("enrol", HUB_URL, code)
    enrolled = capsys.readouterr().out
    say("status")
    standing = capsys.readouterr().out
    say("--hub", "status")
    fresh = capsys.readouterr().out

    assert alone == "Not enrolled with a hub: everything is kept on this machine.\n"
    assert done == 0
    assert enrolled == "Enrolled with Vientiane.\n4 entries and 1 identities confirmed by the hub.\n"
    assert "Entries: 4, confirmed up to 4" in standing
    assert "Waiting: 0 entries, 0 identities" in standing
    assert "Post Huay Xai: 4 entries held, 0 to come, silent for 0 days" in fresh


def test_without_a_line_it_says_why_and_fails(
    say: Say, post: Node, line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    say("--hub", "code", "Huay Xai")
    say("enrol", HUB_URL, capsys.readouterr().out.strip())
    let_pass(post, 1)
    line.calls_left = 0
    capsys.readouterr()

    failed = say("now")

    told = capsys.readouterr().out
    assert failed == 1
    assert told.splitlines()[0] == "0 entries and 0 identities confirmed by the hub."
    assert "No line to the hub" in told


def test_a_wrong_code_is_a_refusal(say: Say) -> None:
    with pytest.raises(ElearnError) as refused:
        say("enrol", HUB_URL, "K7QD-0123-4567-89AB-CDEF")

    assert refused.value.code == "enrol.code-wrong"
