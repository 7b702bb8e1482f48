"""The bench of the exchange: what was measured at each size as lines of the report."""

import argparse
from pathlib import Path

from elearn.cli.measuring.exchange import Size, Step, measured
from elearn.cli.measuring.report import Measure, report, say
from elearn.cli.workbench import Workbench


def measure_exchange(arguments: argparse.Namespace, workbench: Workbench, folder: Path, load_before: float) -> int:
    """Measure and print; return the exit code."""
    found: list[Measure] = []
    first: Size | None = None
    for size in measured(workbench, folder, arguments.entries, lambda what: say(arguments, what)):
        first = first or size
        found += _of_size(size, first)
    return report(arguments, found, load_before, "smallest")


def _of_size(size: Size, first: Size) -> list[Measure]:
    """Return the lines of one size. Beside each rate stands that of the first size: below 1, it grows with size."""
    up, down, rebuilt = size.up, size.down, size.rebuilt
    held = f"{size.entries:,} held"
    return [
        Measure(f"up, {held}", "/s", up.rate, first.up.rate, ">= 3,000", _processor(up)),
        Measure("  an entry on the wire, both ways", "B", up.wire_bytes / up.entries, None, "<= 60"),
        Measure("  memory of the hub, after it", "MB", up.hub_mb, first.up.hub_mb, "flat"),
        Measure("  memory of the post, at most", "MB", up.post_mb, first.up.post_mb, "flat"),
        Measure(f"down, {held}", "/s", down.rate, first.down.rate, "", _processor(down)),
        Measure("  an entry on the wire, both ways", "B", down.wire_bytes / down.entries),
        Measure("  memory of the hub, after it", "MB", down.hub_mb, first.down.hub_mb),
        Measure("  memory of the post, at most", "MB", down.post_mb, first.down.post_mb),
        Measure(f"nothing to do, {held}", "ms", size.empty_ms, first.empty_ms, "< 100"),
        Measure("  on the wire, both ways", "B", size.empty_bytes, None, "< 1,024"),
        Measure(f"folded anew, {held}", "/s", rebuilt.rate, first.rebuilt.rate, ">= 5,556", _processor(rebuilt)),
        Measure("  in all", "s", rebuilt.seconds, None, "1M: < 180"),
    ]


def _processor(step: Step) -> str:
    """Return what the processor had to do for it: on a machine others use, the truer number."""
    both = step.post_cpu_s + step.hub_cpu_s
    each = f"{1e6 * both / step.entries:.0f} us each"
    return f"{step.seconds:.1f} s; processor: post {step.post_cpu_s:.1f} s, hub {step.hub_cpu_s:.1f} s, {each}"
