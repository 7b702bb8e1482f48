"""`bench`: how fast and how large a post is on this machine, beside what the same machine does with nothing in between.

Everything on loopback, in a temporary folder, bounded in time; other programs on the machine make the numbers noisy,
so the load before and after stands in the report.
"""

import argparse
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from elearn.cli.measuring import bare, certificates, scene
from elearn.cli.measuring.exchange_lines import measure_exchange
from elearn.cli.measuring.load import Connection, Seen, put_under_load
from elearn.cli.measuring.process import Running, first_visit_bytes, running
from elearn.cli.measuring.report import Measure, report, say
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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = "a post; certificates: one beside bare WeasyPrint, and a batch; exchange: a post and its hub"
    parser.add_argument("what", nargs="?", default="post", choices=("post", "certificates", "exchange"), help=what)
    parser.add_argument("--entries", type=int, default=100_000, help="exchange: held at the last measurement (100000)")
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
        if arguments.what == "exchange":
            return measure_exchange(arguments, workbench, Path(folder), before)
        say(arguments, "setting up a post")
        begun = perf_counter()
        if arguments.what == "certificates":
            return _measure_certificates(arguments, workbench, Path(folder), before)
        shown = _prepared(workbench, Path(folder), arguments.officers)
        say(arguments, f"  {arguments.officers} officers at the exam after {perf_counter() - begun:.1f} s")
        plain = _measure_bare(arguments, workbench, Path(folder))
        found = _measure_post(arguments, workbench, Path(folder), shown, plain)
    return report(arguments, found, before)


def _measure_certificates(arguments: argparse.Namespace, workbench: Workbench, folder: Path, load_before: float) -> int:
    node = workbench.build_node(replace(workbench.settings(NodeKind.POST), data=folder))
    try:
        scene.set_up(node)
        holders = certificates.fill(node, max(arguments.count, len(LANGUAGES)))
        say(arguments, "measuring one certificate, warm")
        one = certificates.one(node, holders, workbench.root)
    finally:
        node.store.close()
    if one is None:
        return report(arguments, [Measure("certificate, warm", "ms", None, note=_NO_PRESS)], load_before)
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
        say(arguments, f"measuring a batch of {len(holders.numbers)} as {form}, {arguments.workers} at once")
        with running(["-m", "elearn", "serve", "--quiet"], environment, workbench.root, START_PAGE) as server:
            found += _of_batch(form, certificates.batch(server, holders, form), len(holders.numbers))
    return report(arguments, found, load_before)


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
    say(arguments, "measuring bare Flask, waitress and SQLite")
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

    say(arguments, "measuring elearn: start")
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
            say(arguments, f"measuring elearn: {title}")
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
