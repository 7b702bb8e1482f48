"""`ledger`: rebuild the projections, verify the chains, copy all data to another database."""

import argparse
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from elearn.cli.ledger_words import said_of
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import Invalid, Unavailable
from elearn.core.vocab.nodes import NodeKind
from elearn.services.copying import EMPTY, Copied, copy_store
from elearn.services.ledger_check import check_ledger, projections_differ
from elearn.services.node import Node
from elearn.services.record import rebuild_projections
from elearn.settings import DATABASE_FILE, POSTGRESQL, Settings

NAME = "ledger"
HELP = "rebuild what is folded from the ledger, verify its chains, or copy all data to another database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("errand", choices=("rebuild", "verify", "copy"))
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    parser.add_argument(
        "--projections", action="store_true", help="verify: also that the tables are what the ledger says"
    )
    parser.add_argument(
        "--from", dest="source", metavar="PLACE", help="copy: a hub's data folder (its usual one) or postgresql://..."
    )
    parser.add_argument(
        "--to", dest="target", metavar="PLACE", help="copy: postgresql://... (ELEARN_DATABASE) or a new folder"
    )


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Rebuild, verify or copy; 1 if a chain is broken."""
    if arguments.errand == "copy":
        return _copy(arguments, workbench)
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        return _rebuild(node) if arguments.errand == "rebuild" else _verify(node, arguments.projections)


def _rebuild(node: Node) -> int:
    folded = rebuild_projections(node, progress=lambda done, total: print(f"\r  {done}/{total}", end="", flush=True))
    print(f"\nRebuilt from {folded} entries.")
    return 0


def _verify(node: Node, projections: bool) -> int:
    broken = 0
    for chain in check_ledger(node, told=_say_verified):
        print("\r", end="")
        for line in said_of(node, chain):
            print(f"  {line}")
        broken += not chain.whole
    if projections:
        differing = projections_differ(node, _say_verified)
        print("\r", end="")
        broken += len(differing)
        for name in differing:
            print(f"  table {name} is not what the ledger says. Fold it anew: python3 run.py ledger rebuild")
        if not differing:
            print("  the tables are what a fold of the whole ledger gives")
    return 1 if broken else 0


def _say_verified(done: int, total: int) -> None:
    print(f"\r  {done}/{total} ", end="", flush=True)


def _copy(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Copy between a folder and a database, either way. Only a hub's data can lie in a database."""
    usual = workbench.settings(NodeKind.HUB)
    source = _place(usual, arguments.source or str(usual.data))
    if not (arguments.target or usual.database):
        raise Invalid("store.no-target")
    target = _place(usual, arguments.target or usual.database)
    if (source.data, source.database) == (target.data, target.database):
        raise Invalid("store.same")
    if not source.database and not (source.data / DATABASE_FILE).is_file():
        raise Unavailable("file.unreadable", path=str(source.data / DATABASE_FILE), reason="it is not there")
    with closing(workbench.open_store(source)) as old, closing(workbench.open_store(target)) as new:
        copied = copy_store(old, new, _say_how_far)
        _say_copied(copied, old.kind, new.kind)
    if not target.database:
        print(f"Put the key of this hub beside it: copy {usual.data / 'node.key'} into {target.data}.")
    return 0


def _place(usual: Settings, place: str) -> Settings:
    if place.startswith(POSTGRESQL):
        return replace(usual, database=place)
    return replace(usual, data=Path(place).absolute(), database="")


def _say_how_far(what: str, done: int, total: int) -> None:
    print(f"\r  {what}: {done}/{total}   ", end="\n" if done == total else "", flush=True)


def _say_copied(copied: Copied, old: str, new: str) -> None:
    print(f"Copied {copied.entries} entries and {copied.rows} rows from {old} to {new}; both hold the same:")
    filled = {name: digest for name, digest in copied.digests.items() if digest != EMPTY}
    for name, digest in filled.items():
        print(f"  {digest[:16]}  {name}")
    print(f"  {len(copied.digests) - len(filled)} tables are empty.")
    if not copied.folded:
        print("The screens are folded anew at the next start.")
