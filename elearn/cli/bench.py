"""`bench`: how fast and how large a post is on this machine, beside what the same machine does with nothing in between.

Everything on loopback, in a temporary folder, bounded in time; other programs on the machine make the numbers noisy,
so the load before and after stands in the report.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

from elearn.cli.measuring import bare, certificates, scene
from elearn.cli.measuring.load import Connection, Seen, put_under_load
from elearn.cli.measuring.process import Running, first_visit_bytes, running
from elearn.cli.workbench import Workbench
from elearn.core.credential.certificate_batch import FORMS
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import NodeKind

NAME = "bench"
HELP = "measure start, memory, answers, pages, search, certificate and first visit on this machine"
START_PAGE = "/sign-in"
SMALLEST_MB = 20
"""Processes smaller than this are there for a moment, to start another."""
_NO_PRESS = "no press here (python3 run.py doctor says why)"


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = "; certificates: one beside bare WeasyPrint, and a batch"
    parser.add_argument("what", nargs="?", default="post", choices=("post", "certificates"), help=f"a post{what}")
    parser.add_argument("--count", type=int, default=1000, help="certificates in the batch (1000)")
    parser.add_argument("--workers", type=int, default=2, choices=(1, 2), help="that draw the batch at once (2)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load lasts (10)")
    parser.add_argument("--officers", type=int, default=32, help="how many officers at once (32)")
    parser.add_argument("--starts", type=int, default=5, help="how often the start is measured (5)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Measure and print; 1 if an answer was wrong under load."""
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder:
        _say(arguments, "setting up a post")
        begun = perf_counter()
        if arguments.what == "certificates":
            return _measure_certificates(arguments, workbench, Path(folder), before)
        shown = _prepared(workbench, Path(folder), arguments.officers)
        _say(arguments, f"  {arguments.officers} officers at the exam after {perf_counter() - begun:.1f} s")
        plain = _measure_bare(arguments, workbench, Path(folder))
        found = _measure_post(arguments, workbench, Path(folder), shown, plain)
    return _report(arguments, found, before)


def _report(arguments: argparse.Namespace, found: list[Measure], before: float) -> int:
    machine: dict[str, object] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(before, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }
    if arguments.json:
        print(json.dumps({"machine": machine, "measures": [asdict(one) for one in found]}, indent=2))
    else:
        _print(found, machine)
    return 1 if any(one.note.startswith("wrong") for one in found) else 0


def _measure_certificates(arguments: argparse.Namespace, workbench: Workbench, folder: Path, load_before: float) -> int:
    node = workbench.build_node(replace(workbench.settings(NodeKind.POST), data=folder))
    try:
        scene.set_up(node)
        holders = certificates.fill(node, max(arguments.count, len(LANGUAGES)))
        _say(arguments, "measuring one certificate, warm")
        one = certificates.one(node, holders, workbench.root)
    finally:
        node.store.close()
    if one is None:
        return _report(arguments, [Measure("certificate, warm", "ms", None, note=_NO_PRESS)], load_before)
    found = [
        Measure(
            "certificate, warm, of the processor",
            "ms",
            one.ours_ms,
            one.bare_ms,
            "<= 75, 1.15",
            f"pairs {one.ratio:.2f}",
        ),
        Measure("  of it put into words and signed", "ms", one.words_ms),
        Measure("  of it set as HTML", "ms", one.sheet_ms),
        Measure("certificate, first of a worker", "ms", one.first_ms),
        Measure("certificate", "kB", one.size_bytes / 1000),
    ]
    environment = {**workbench.environment, "ELEARN_DATA": str(folder), "ELEARN_PRESS_WORKERS": str(arguments.workers)}
    for form in FORMS:
        _say(arguments, f"measuring a batch of {len(holders.numbers)} as {form}, {arguments.workers} at once")
        with running(["-m", "elearn", "serve", "--quiet"], environment, workbench.root, START_PAGE) as server:
            found += _of_batch(form, certificates.batch(server, holders, form), len(holders.numbers))
    return _report(arguments, found, load_before)


def _of_batch(form: str, seen: certificates.Batch, count: int) -> list[Measure]:
    peaks = ", ".join(f"{value:.0f}" for value in seen.peaks.values() if value >= SMALLEST_MB)
    quiet = sorted(seen.quiet_ms)[int(len(seen.quiet_ms) * 0.95) - 1]
    waits = sorted(seen.waits_ms)[max(0, int(len(seen.waits_ms) * 0.95) - 1)]
    return [
        Measure(f"batch as {form}", "/s", count / seen.seconds, None, "", f"{count} in {seen.seconds:.0f} s"),
        Measure(
            f"batch as {form}, memory it adds", "MB", seen.most_mb, None, "< 250", f"resident: server, others {peaks}"
        ),
        Measure(f"batch as {form}, file", "MB", seen.size_bytes / 1e6),
        Measure(
            "  page meanwhile p50", "ms", median(seen.waits_ms), median(seen.quiet_ms), "", "bare: without a batch"
        ),
        Measure("  page meanwhile p95", "ms", waits, quiet),
    ]


def _prepared(workbench: Workbench, folder: Path, officers: int) -> scene.Scene:
    settings = replace(workbench.settings(NodeKind.POST), data=folder)
    node = workbench.build_node(settings)
    try:
        scene.set_up(node)
        return scene.fill(node, officers)
    finally:
        node.store.close()


def _measure_bare(arguments: argparse.Namespace, workbench: Workbench, folder: Path) -> dict[str, float]:
    _say(arguments, "measuring bare Flask, waitress and SQLite")
    command = ["-m", bare.__name__]
    starts = []
    for _ in range(arguments.starts):
        with running(command, workbench.environment, workbench.root, "/") as server:
            starts.append(server.started_s)
    with running(command, workbench.environment, workbench.root, "/") as server:
        idle = server.memory_mb()
        wanted = [[f"GET / HTTP/1.1\r\nHost: {server.host}\r\n\r\n"]] * arguments.officers
        seen = put_under_load(server.address, wanted, 200, arguments.seconds / 2)
        after = server.memory_mb()
    return {
        "start": median(starts),
        "idle": idle,
        "after": after,
        "page": seen.per_second,
        "page_p95": seen.percentile_ms(95),
        "commit": bare.commits_per_second(folder, min(3.0, arguments.seconds)),
    }


def _measure_post(
    arguments: argparse.Namespace, workbench: Workbench, folder: Path, shown: scene.Scene, plain: dict[str, float]
) -> list[Measure]:
    command = ["-m", "elearn", "serve", "--quiet"]
    environment = {**workbench.environment, "ELEARN_DATA": str(folder)}

    _say(arguments, "measuring elearn: start")
    starts = []
    for _ in range(arguments.starts):
        with running(command, environment, workbench.root, START_PAGE) as server:
            starts.append(server.started_s)
    with running(command, environment, workbench.root, START_PAGE) as server:
        found = [
            Measure("start to first page, set up", "s", median(starts), plain["start"], "< 1"),
            Measure("memory at rest", "MB", server.memory_mb(), plain["idle"]),
        ]
        for title, errand in (
            ("first visit", lambda: _first_visit(server)),
            ("home page", lambda: _home(arguments, server, shown, plain)),
            ("answers", lambda: _answers(arguments, server, shown, plain)),
            ("search", lambda: _search(server, shown)),
            ("certificate", lambda: _certificate(server, shown)),
        ):
            _say(arguments, f"measuring elearn: {title}")
            found += errand()
        found.append(Measure("memory after all that", "MB", server.memory_mb(), plain["after"], "< 150"))
    return found


def _first_visit(server: Running) -> list[Measure]:
    size, answers = first_visit_bytes(server, START_PAGE)
    return [Measure("first visit on the wire, no fonts", "kB", size / 1000, None, "< 60", f"{answers} answers")]


def _home(arguments: argparse.Namespace, server: Running, shown: scene.Scene, plain: dict[str, float]) -> list[Measure]:
    pages = [scene.page(one, server.host, "/courses") for one in shown.officers]
    seen = put_under_load(server.address, pages, 200, arguments.seconds / 2)
    return [
        Measure("home page, signed in", "/s", seen.per_second, plain["page"], ">= 200-300", _wrong(seen)),
        Measure("home page p95", "ms", seen.percentile_ms(95), plain["page_p95"]),
    ]


def _answers(
    arguments: argparse.Namespace, server: Running, shown: scene.Scene, plain: dict[str, float]
) -> list[Measure]:
    forms = [scene.answers(one, server.host) for one in shown.officers]
    seen = put_under_load(server.address, forms, 302, arguments.seconds)
    together = f"{arguments.officers} officers at once"
    return [
        Measure("answers saved", "/s", seen.per_second, plain["commit"], ">= 700-900", _wrong(seen) or together),
        Measure("answer saved p50", "ms", seen.percentile_ms(50), 1000 / plain["commit"]),
        Measure("answer saved p95", "ms", seen.percentile_ms(95), None, "< 200"),
    ]


def _search(server: Running, shown: scene.Scene) -> list[Measure]:
    seen, empty = Seen(), 0
    connection = Connection(server.address)
    for _, wanted in scene.searches(shown, server.host):
        begun = perf_counter()
        status, _, body = connection.ask(wanted.encode())
        seen.waits_ms.append((perf_counter() - begun) * 1000)
        seen.wrong |= {} if status == 200 else {str(status): 1}
        empty += not body
    connection.close()
    asked = f"{len(seen.waits_ms)} searches, {len({tag for tag, _ in shown.queries})} languages"
    return [
        Measure("search p50", "ms", seen.percentile_ms(50), None, "", _wrong(seen) or asked),
        Measure("search p95", "ms", seen.percentile_ms(95)),
    ]


def _certificate(server: Running, shown: scene.Scene) -> list[Measure]:
    wanted = scene.page(shown.holder, server.host, f"/certificates/{shown.certificate}.pdf")[0].encode()
    connection = Connection(server.address)
    waits = []
    for _ in range(6):
        begun = perf_counter()
        _, _, body = connection.ask(wanted)
        waits.append((perf_counter() - begun) * 1000)
        if not body.startswith(b"%PDF"):
            connection.close()
            return [Measure("certificate as PDF", "ms", None, note=_NO_PRESS)]
    connection.close()
    return [
        Measure("certificate as PDF, first", "ms", waits[0]),
        Measure("certificate as PDF, warm", "ms", median(waits[1:])),
    ]


def _wrong(seen: Seen) -> str:
    return "wrong answers: " + ", ".join(f"{what} x{n}" for what, n in sorted(seen.wrong.items())) if seen.wrong else ""


def _say(arguments: argparse.Namespace, what: str) -> None:
    print(what, file=sys.stderr if arguments.json else sys.stdout, flush=True)


def _print(found: list[Measure], machine: dict[str, object]) -> None:
    print("\n" + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items()))
    print(f"{'':34} {'elearn':>9} {'bare':>9} {'ratio':>7}      {'aim':<12} note")
    for one in found:
        value = "-" if one.value is None else _number(one.value)
        beside = "" if one.bare is None else _number(one.bare)
        ratio = f"{one.value / one.bare:.2f}" if one.value is not None and one.bare else ""
        print(f"{one.name:34} {value:>9} {beside:>9} {ratio:>7} {one.unit:<4} {one.aim:<12} {one.note}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
