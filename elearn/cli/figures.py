"""`figures`: the coordinator's report at the terminal, or into files: the same bytes as the page gives out."""

import argparse
from pathlib import Path

from elearn.cli.workbench import Workbench
from elearn.core.exports.all import FORMATS
from elearn.core.stats.followup import FollowUp
from elearn.core.stats.measures import DIMENSIONS, MONTHS_IN, NARROWING, Filters
from elearn.core.stats.retention import TOTAL, Retention
from elearn.core.stats.satisfaction import Satisfaction
from elearn.core.stats.words import Words
from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.followup import STOPPED
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.nodes import NodeKind
from elearn.services import coordinate
from elearn.services.node import Node
from elearn.services.operator import operator

NAME = "figures"
HELP = "count the officers trained; write the figures as CSV, XLSX or JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options: a file for each format, a filter for each dimension."""
    for kind in FORMATS:
        parser.add_argument(f"--{kind}", metavar="FILE", type=Path, help=f"write them there as {kind.upper()}")
    for name in NARROWING:
        parser.add_argument(f"--{name.replace('_', '-')}", dest=name, default="", help="only these")
    parser.add_argument("--from", dest="since", default="", metavar="DAY", help="2026, 2026-03 or 2026-03-05")
    parser.add_argument("--to", dest="until", default="", metavar="DAY", help="last day, month or year")
    parser.add_argument("--on", default="", metavar="DAY", help="day certificates are looked at; today if left out")
    parser.add_argument("--by", default="", choices=tuple(MONTHS_IN), help="kind of period")
    parser.add_argument("--rows", default="", choices=DIMENSIONS, help="rows of the table of two dimensions")
    parser.add_argument("--columns", default="", choices=DIMENSIONS, help="its columns")
    parser.add_argument("--words", default=SOURCE, choices=tuple(LANGUAGES), help="language of the words in the files")
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Write the files asked for, or print the summary."""
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        said = {name: getattr(arguments, name) for name in (*NARROWING, "on", "by", "rows", "columns")}
        asked = coordinate.question(node, {**said, "from": arguments.since, "to": arguments.until})
        files = [(name, getattr(arguments, name)) for name in FORMATS if getattr(arguments, name)]
        for name, path in files:
            _write(path, coordinate.export(node, operator(node), asked, name, arguments.words).data)
        if not files:
            _print(node, asked, arguments.words)
    return 0


def _write(path: Path, data: bytes) -> None:
    """Write beside and swap, so that a full disk leaves the old file whole."""
    fresh = path.with_name(f"{path.name}.part")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Unavailable("file.unwritable", path=str(path), reason=error.strerror) from None
    print(f"  {path}: {len(data):,} bytes")


def _print(node: Node, asked: Filters, language: str) -> None:
    report = coordinate.figures(node, operator(node), asked)
    words = coordinate.words(node, language)
    persons = words.few if report.state == "few" else _said(report.persons, words)
    print(f"{words.name('officers')}: {persons}   {words.name('completions')}: {_said(report.completions, words)}")
    for table in (*report.tables, report.certificates):
        print(f"\n{words.name(table.dimension)}" + (f": {words.not_shown}" if table.withheld else ""))
        for line in table.lines:
            print(f"  {_said(line.persons, words):>12}  {words.of(table.dimension, line.value)}")
    if report.satisfaction is not None:
        _print_satisfaction(report.satisfaction, words)
    if report.retention is not None:
        _print_retention(report.retention, words)
    if report.follow_up is not None:
        _print_follow_up(report.follow_up, words)
    print()
    for sentence in (*words.standing(report.standing), words.protection(report)):
        if sentence:
            print(sentence)
    print(f"SHA-256 {report.sha256}")


def _print_satisfaction(found: Satisfaction, words: Words) -> None:
    print(f"\n{words.name('satisfaction')}")
    for sentence in words.satisfaction(found):
        print(f"  {sentence}")
    if found.total is None:
        return
    print(f"  {words.number(found.total.answers):>12}  {words.name('answers')}")
    if found.total.rate is not None:
        print(f"  {words.share(found.total.rate):>12}  {words.name('response_rate')}")
    for item, mean in found.total.means.items():
        print(f"  {words.mean(mean):>12}  {words.of('item', item)} {words.share(found.total.high[item])}")
    print(f"  {words.name('helped')}")
    for choice in found.helped:
        print(f"  {words.share(choice.share):>12}  {words.of('helped', choice.value)}")


def _print_retention(found: Retention, words: Words) -> None:
    print(f"\n{words.name('retention')}")
    for sentence in words.retention(found):
        print(f"  {sentence}")
    for dimension in (TOTAL, "course", "language"):
        for line in found.lines(dimension):
            label = words.name(TOTAL) if dimension == TOTAL else words.of(dimension, line.value)
            share = words.not_shown if line.share is None else words.share(line.share) + ("*" if line.flagged else "")
            asked = f"{words.name('officers_asked')}: {_said(line.persons, words)}"
            print(f"  {share:>12}  {label}, {words.after_days(line.window)}; {asked}")


def _print_follow_up(found: FollowUp, words: Words) -> None:
    print(f"\n{words.name('follow_up')}")
    for sentence in words.follow_up(found):
        print(f"  {sentence}")
    dimensions = ["total", *["course"] * len(found.courses), *["language"] * len(found.languages)]
    for dimension, line in zip(dimensions, found.every, strict=False):
        label = words.name(TOTAL) if dimension == TOTAL else words.of(dimension, line.value)
        persons = (("officers_asked", line.due), ("answers", line.answered), ("observed", line.observed))
        print(f"  {label}: " + "; ".join(f"{words.name(name)}: {_said(count, words)}" for name, count in persons))
        shares = {"response_rate": line.rate, "used": line.shares.get("used"), "seen": line.shares.get("seen")}
        told = [(words.name(name), share) for name, share in shares.items()]
        told += [(words.of("stopped", one), line.shares.get(one)) for one in STOPPED] if dimension == TOTAL else []
        for name, share in told:
            if share is not None:
                print(f"  {words.share(share):>12}  {name}")


def _said(count: int | None, words: Words) -> str:
    return words.not_shown if count is None else words.number(count)
