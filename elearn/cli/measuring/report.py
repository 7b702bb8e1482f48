"""What was measured, as a table to read or as JSON."""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Measure:
    """One line of the report. value: of elearn, None = could not be measured; bare: the same with nothing in it;
    aim: what is wanted, in words."""

    name: str
    unit: str
    value: float | None
    bare: float | None = None
    aim: str = ""
    note: str = ""


def report(arguments: argparse.Namespace, found: list[Measure], before: float, beside: str = "bare") -> int:
    """Print as asked for; return 1 if an answer was wrong. before: load at the start; beside: second column."""
    machine: dict[str, object] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(before, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }
    if arguments.json:
        print(json.dumps({"machine": machine, "measures": [asdict(one) for one in found]}, indent=2))
    else:
        print_table(found, machine, beside)
    return 1 if any(one.note.startswith("wrong") for one in found) else 0


def say(arguments: argparse.Namespace, what: str) -> None:
    """Tell what is being done: not on standard output where JSON is wanted there."""
    print(what, file=sys.stderr if arguments.json else sys.stdout, flush=True)


def print_table(found: list[Measure], machine: dict[str, object], beside: str = "bare") -> None:
    """Print one line for each measure."""
    print("\n" + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items()))
    print(f"{'':34} {'elearn':>9} {beside:>9} {'ratio':>7}      {'aim':<12} note")
    for one in found:
        value = "-" if one.value is None else _number(one.value)
        bare_value = "" if one.bare is None else _number(one.bare)
        ratio = f"{one.value / one.bare:.2f}" if one.value is not None and one.bare else ""
        print(f"{one.name:34} {value:>9} {bare_value:>9} {ratio:>7} {one.unit:<4} {one.aim:<12} {one.note}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
