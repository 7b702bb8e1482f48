"""`hub`: run a national hub: the same program with other powers."""

import argparse

from elearn.cli.serving import add_serving_arguments, serve_node
from elearn.cli.workbench import Workbench
from elearn.core.vocab.nodes import NodeKind

NAME = "hub"
HELP = "run a hub that receives the records of posts"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_serving_arguments(parser)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Serve until stopped."""
    return serve_node(workbench, NodeKind.HUB, arguments)
