"""`serve`: run a post at its address until it is stopped. The default command."""

import argparse

from elearn.cli.serving import add_serving_arguments, serve_node
from elearn.cli.workbench import Workbench
from elearn.core.vocab.nodes import NodeKind

NAME = "serve"
HELP = "run a post with its courses (this is what happens without a command)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_serving_arguments(parser)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Serve until stopped."""
    return serve_node(workbench, NodeKind.POST, arguments)
