"""What `courses check` compares files with: the courses published in a data folder of this machine, if there is one."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import NodeKind
from elearn.services.node import Node


def add_which_node(parser: argparse.ArgumentParser, to_do: str) -> None:
    """Declare --hub and --demo. to_do: what is done with the node, as "compare with"."""
    parser.add_argument("--hub", action="store_true", help=f"{to_do} the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help=f"{to_do} the demonstration")


@contextmanager
def published(arguments: argparse.Namespace, workbench: Workbench) -> Iterator[tuple[Node | None, str]]:
    """Give the node files can be compared with, or None, and a sentence about it. Nothing is made where nothing is.

    A data folder that cannot be read stops nobody from checking files: the sentence says so.
    """
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    folder = workbench.settings(kind, arguments.demo).data
    with ExitStack() as opened:
        node, told = None, f"Compared with what is published in {folder}."
        try:
            if folder.is_dir():
                node = opened.enter_context(workbench.node(kind, arguments.demo))
            else:
                told = f"Not compared with a published version: there is no data folder {folder}. {_LATER}"
        except ElearnError as error:
            told = f"Not compared with a published version: {folder} cannot be read ({error.code}). {_LATER}"
        yield node, told


_LATER = "So it is not told which languages officers would lose, nor where the meaning changed."
