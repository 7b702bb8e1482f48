"""`officers`: list them, take a sheet, reset a PIN: also the way back in when every administrator is locked out."""

import argparse
from pathlib import Path

from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.nodes import NodeKind
from elearn.services import officers
from elearn.services.node import Node
from elearn.services.officers_import import import_officers
from elearn.services.operator import operator

NAME = "officers"
HELP = "list officers, add many from a CSV sheet, reset a PIN"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("errand", choices=("list", "import", "reset-pin"))
    parser.add_argument(
        "what",
        nargs="?",
        default="",
        help="list: words to look for; import: the CSV file; reset-pin: the service number",
    )
    parser.add_argument("--check-only", action="store_true", help="import: tell what the sheet would do")
    parser.add_argument("--names-may-change", action="store_true", help="import: a known number may get another name")
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Carry out the errand."""
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        if arguments.errand == "list":
            return _list(node, arguments.what)
        if arguments.errand == "import":
            return _import(node, arguments)
        return _reset(node, arguments.what)


def _list(node: Node, words: str) -> int:
    for one in officers.officers(node, operator(node), words):
        state = "" if one.active else "  (closed)"
        print(f"{one.service_number:14} {one.role.value:14} {one.agency:14} {one.name}{state}")
    return 0


def _import(node: Node, arguments: argparse.Namespace) -> int:
    path = Path(arguments.what)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Invalid("file.unreadable", path=str(path), reason=error.strerror) from None
    report = import_officers(
        node,
        operator(node),
        data,
        check_only=arguments.check_only,
        names_may_change=arguments.names_may_change,
    )
    for finding in report.findings:
        weight = "error" if finding.stops else "note"
        print(f"{path}:{finding.line}: {weight}: {finding.code} {finding.field} {finding.value}".rstrip())
    for change in report.changes:
        print(f"{path}:{change.line}: change: {change.field}: {change.old!r} becomes {change.new!r}")
    verb = "taken" if report.done else "not taken"
    print(f"{report.added} new, {report.changed} changed, {report.unchanged} unchanged: {verb}")
    for one in report.start_pins:
        print(f"one-time PIN  {one.service_number:14} {one.pin}  {one.name}")
    return 0 if report.done or arguments.check_only else 1


def _reset(node: Node, number: str) -> int:
    by = operator(node)
    wanted = [one for one in officers.officers(node, by, number) if one.service_number == number.upper()]
    if len(wanted) != 1:
        raise NotFound("officer.number-unknown", number=number, found=len(wanted))
    pin = officers.reset_pin(node, by, wanted[0].person)
    print(f"one-time PIN of {wanted[0].name}: {pin}  (must be changed at the next sign-in)")
    return 0
