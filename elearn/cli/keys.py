"""`keys`: show the key this node signs with, and give it a new one."""

import argparse

from elearn.cli.workbench import Workbench
from elearn.core.vocab.nodes import NodeKind
from elearn.services.key_renewal import own_key, renew
from elearn.services.node import Node
from elearn.services.operator import operator

NAME = "keys"
HELP = "show the key this node signs with, or give it a new one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    errands = parser.add_subparsers(dest="errand", metavar="<errand>", required=True)
    errands.add_parser("show", help="show the key, and those before it")
    errands.add_parser("renew", help="make a new key; what was signed with the old one stays valid")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Do the errand."""
    with workbench.node(NodeKind.HUB if arguments.hub else NodeKind.POST, arguments.demo) as node:
        if arguments.errand == "renew":
            print(f"New key: {renew(node, operator(node))}")
            print("The other side learns of it with the next exchange. A program that is running uses it at once.")
        else:
            _show(node)
    return 0


def _show(node: Node) -> None:
    key = own_key(node)
    print(f"{key.signs}  in use since {key.since[:10]}{', but it was replaced: enrol again' if key.ended else ''}")
    for one in key.earlier:
        lost = f", reported lost as of {one.lost_from}" if one.lost_from else ""
        print(f"{one.signs}  in use until {one.ended_at[:10]}{lost}")
