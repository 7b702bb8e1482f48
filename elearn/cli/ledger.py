"""`ledger`: rebuild the projections, verify the chains."""

import argparse

from elearn.cli.workbench import Workbench
from elearn.core.ledger.entry import Head, check_chain
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import NodeKind
from elearn.services.node import Node
from elearn.services.chains import whole_chain
from elearn.services.record import rebuild_projections

NAME = "ledger"
HELP = "rebuild what is folded from the ledger, or verify its chains"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("errand", choices=("rebuild", "verify"))
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Rebuild or verify; 1 if a chain is broken."""
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        return _rebuild(node) if arguments.errand == "rebuild" else _verify(node)


def _rebuild(node: Node) -> int:
    folded = rebuild_projections(node, progress=lambda done, total: print(f"\r  {done}/{total}", end="", flush=True))
    print(f"\nRebuilt from {folded} entries.")
    return 0


def _verify(node: Node) -> int:
    broken = 0
    with node.store.reading() as tx:
        for origin, number in sorted(tx.ledger.vector().items()):
            try:
                check_chain(Head(origin), whole_chain(tx, origin))
                print(f"  {origin}: {number} entries, whole")
            except ElearnError as error:
                broken += 1
                print(f"  {origin}: BROKEN at {error}")
    return 1 if broken else 0
