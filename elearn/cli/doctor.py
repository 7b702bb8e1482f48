"""`doctor`: looks a node over and says in plain lines what is well, what is not, and what to do."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from elearn.cli.ledger_words import said_of
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import NodeKind
from elearn.services import exchange
from elearn.services.ledger_check import check_ledger
from elearn.services.node import Node, about
from elearn.services.record import projections_behind

NAME = "doctor"
HELP = "look this node over and say what is well and what is not"

NEWEST = 2000
"""Entries of each chain that are looked at here; `ledger verify` looks at all."""

LITTLE_SPACE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """One thing looked at. ok: None = worth knowing, not wrong."""

    ok: bool | None
    words: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Print one line for each thing; 1 if something is wrong."""
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        lines = list(look_over(node))
    for line in lines:
        print(f"  [{ {True: 'ok', False: '!!', None: '--'}[line.ok] }] {line.words}")
    return 1 if any(line.ok is False for line in lines) else 0


def look_over(node: Node) -> Iterator[Line]:
    """Yield what was found."""
    yield Line(True, f"Python {sys.version.split()[0]}, data in {node.settings.data}, kept by {node.store.kind}")
    yield _space(node)
    yield from _stored(node)
    reason = node.press.missing()
    yield (
        Line(None, f"no PDF certificates: {reason}; they are printed from the browser")
        if reason
        else Line(True, "certificates can be made as PDF")
    )
    without = node.codes.missing()
    yield Line(
        not without, f"no pictures of certificates: {without}" if without else "pictures of certificates are read"
    )
    yield _courses(node)


def _space(node: Node) -> Line:
    free = shutil.disk_usage(node.settings.data).free
    words = f"{free // (1024 * 1024)} MB free on the disk"
    return Line(True, words) if free > LITTLE_SPACE_BYTES else Line(False, f"only {words}: free some space soon")


def _stored(node: Node) -> Iterator[Line]:
    with node.store.reading() as tx:
        mine = about(tx)
        if mine is None:
            yield Line(None, "not set up yet: start it and open the link it prints")
            return
        yield Line(True, f"{node.settings.kind.value} {mine.name!r}, node {mine.id}")
        behind = projections_behind(tx)
    for chain in check_ledger(node, newest=NEWEST):
        first, *others = said_of(node, chain)
        yield Line(chain.whole, first)
        yield from (Line(False, words) for words in others)
    yield Line(not behind, "tables are behind the ledger: run `ledger rebuild`" if behind else "tables are up to date")
    light = exchange.light(node)
    yield Line(None if light.colour != "bad" else False, f"exchange: {light.colour}, {light.waiting} entries waiting")


def _courses(node: Node) -> Line:
    try:
        names = node.course_files.courses()
    except ElearnError as error:
        return Line(False, explain(error))
    return Line(bool(names), f"courses: {', '.join(names) or 'none found'}")
