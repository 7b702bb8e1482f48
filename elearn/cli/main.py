"""The command line: one table of commands; each command is one module with NAME, HELP, add_arguments and run."""

import argparse
import os
import sys
from types import ModuleType

from elearn import __version__
from elearn.cli import (
    bench,
    certificates,
    courier,
    courses,
    demo,
    doctor,
    figures,
    hub,
    keys,
    ledger,
    officers,
    serve,
    sync,
    translations,
)
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError

COMMANDS: tuple[ModuleType, ...] = (
    serve,
    hub,
    demo,
    courses,
    translations,
    officers,
    figures,
    certificates,
    sync,
    courier,
    keys,
    ledger,
    doctor,
    bench,
)
FAILED = 1
STOPPED = 130
OF_NO_COMMAND = ("-h", "--help", "--version")
"""Options that stand alone; all others without a command belong to serving."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="python3 run.py", description="elearn: courses for officers, with or without a line."
    )
    top.add_argument("--version", action="version", version=f"elearn {__version__}")
    commands = top.add_subparsers(dest="command", metavar="<command>")
    for module in COMMANDS:
        command = commands.add_parser(module.NAME, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return top


def main(argv: list[str], workbench: Workbench) -> int:
    """Run one command; without one, serve. Return the exit code."""
    words = argv or [serve.NAME]
    if words[0].startswith("-") and words[0] not in OF_NO_COMMAND:
        words = [serve.NAME, *words]
    arguments = parser().parse_args(words)
    try:
        code: int = arguments.run(arguments, workbench)
        return code
    except ElearnError as error:
        print(explain(error), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # Who reads along has seen enough (`| head`). What is still to be written when the program ends goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
