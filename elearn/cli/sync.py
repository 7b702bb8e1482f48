"""`sync`: how the exchange with the hub stands."""

import argparse

from elearn.cli.workbench import Workbench
from elearn.services import exchange

NAME = "sync"
HELP = "exchange with the hub now, show how it stands, or enrol with a hub"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("errand", choices=("status",))


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Show how it stands."""
    with workbench.node() as node:
        print(exchange.light(node))
    return 0
