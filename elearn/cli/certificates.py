"""`certificates make`: many certificates as one PDF or a ZIP, counted on the way; it goes on after a stop."""

import argparse
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

from elearn.cli.published import add_which_node
from elearn.cli.workbench import Workbench
from elearn.core.credential.certificate_batch import FORMS, ORDERS, BatchStands
from elearn.core.vocab.errors import NotFound, Unavailable
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.people import Agency
from elearn.services import certificate_batches
from elearn.services.certificate_choice import choice_of
from elearn.services.node import Node

NAME = "certificates"
HELP = "make certificates for printing, many at once"
LOOK_EVERY_S = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the errands of the command."""
    errands = parser.add_subparsers(dest="errand", required=True, metavar="<errand>")
    make = errands.add_parser("make", help="one PDF to print, or a ZIP with a PDF for each officer")
    make.add_argument("--course", default="", help="only of this course")
    make.add_argument("--agency", default="", choices=[one.value for one in Agency], help="only of this service")
    make.add_argument("--unit", default="", metavar="POST", help="only of officers of this post")
    make.add_argument("--from", dest="since", default="", metavar="DAY", help="issued on 2026-03-05 or later")
    make.add_argument("--to", dest="until", default="", metavar="DAY", help="issued on this day or earlier")
    make.add_argument("--language", default="", choices=tuple(LANGUAGES), help="by default each as it was taken")
    make.add_argument("--order", default=ORDERS[0], choices=ORDERS)
    make.add_argument("--form", default=FORMS[0], choices=FORMS)
    make.add_argument("--out", type=Path, metavar="FILE", help="where to write it; by default here, under its name")
    add_which_node(make, "take the certificates from")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Make them, or go on with what was begun; 1 if some could not be printed."""
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    if not workbench.settings(kind, arguments.demo).data.is_dir():
        raise NotFound("printing.nothing")
    said = {name: getattr(arguments, name) for name in ("course", "agency", "language", "order", "form")}
    choice = choice_of({**said, "post": arguments.unit, "from": arguments.since, "to": arguments.until})
    with workbench.node(kind, arguments.demo) as node:
        batch = certificate_batches.order_as_operator(node, choice, arguments.language or SOURCE)
        stands = _watched(node, batch)
        path = arguments.out or Path(certificate_batches.result_name(stands.plan))
        _take(node, batch, path)
    print(f"{path}: {stands.size:,} bytes, {len(stands.plan.numbers) - len(stands.left_out):,} certificates")
    for number, why in stands.left_out.items():
        print(f"  not in it: {number} ({why})")
    return 1 if stands.left_out else 0


def _watched(node: Node, batch: str) -> BatchStands:
    """Return how it ended. Raises Unavailable with what stopped it; what is made is kept."""
    stands = None
    try:
        while (stands := node.batches.look(batch)) is not None and stands.moves:
            print(f"\r{_progress(stands):60}", end="", file=sys.stderr, flush=True)
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where it was.", file=sys.stderr, end="")
        raise
    finally:
        print(file=sys.stderr)
    if stands is None:
        raise NotFound("printing.gone")
    if stands.state == "failed":
        raise Unavailable(stands.error, path=str(node.settings.data))
    return stands


def _progress(stands: BatchStands) -> str:
    told = f"{stands.done:,} of {len(stands.plan.numbers):,}"
    if stands.state == "joining":
        return f"{told}, being put into one file"
    left = stands.seconds_left
    return told if left is None else f"{told}, about {max(1, round(left / 60))} min left"


def _take(node: Node, batch: str, path: Path) -> None:
    """Put the file where it is wanted, readable by this user alone, and forget the batch."""
    content = node.batches.open(batch)
    if content is None:
        raise NotFound("printing.gone")
    half = path.with_name(f"{path.name}.part")
    try:
        with content:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.touch(mode=0o600)
            with half.open("wb") as out:
                shutil.copyfileobj(content, out)
            half.replace(path)
    except OSError as error:
        with suppress(OSError):
            half.unlink()
        raise Unavailable("file.unwritable", path=str(path), reason=error.strerror or str(error)) from error
    node.batches.cancel(batch)
