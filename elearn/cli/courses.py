"""`courses`: check course folders, stamp translations, publish, and see how far everything is.

check, status, stats, xapi, stamp and new need only the folders; publish and diff need a node's data, and check compares
with it where there is one.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from elearn.cli import course_book
from elearn.cli.course_difference import difference_lines
from elearn.cli.course_folder import start_course
from elearn.cli.course_status import status_lines, status_of
from elearn.cli.judging import add_fail_on, fails, term_lists
from elearn.cli.published import add_which_node, published
from elearn.cli.workbench import Workbench
from elearn.core.content.activities import activities
from elearn.core.content.finding import Finding, by_place, sentence_of
from elearn.core.content.measure import lesson_sizes, questions_by_kind, questions_by_use
from elearn.core.content.model import Course
from elearn.core.content.package import ReadCourse, read_course
from elearn.core.content.parse import TRANSLATION
from elearn.core.content.rules_path import requires_of, shelf_findings
from elearn.core.content.stamps import stamped, stamps_text
from elearn.core.content.terms import TermList
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import NodeKind
from elearn.services import author
from elearn.services.comparing import compare

NAME = "courses"
HELP = "check, stamp and publish courses, and see how far translations are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the errands and their options."""
    errands = parser.add_subparsers(dest="errand", required=True, metavar="<errand>")
    check = errands.add_parser("check", help="find everything that is wrong, by file and line")
    check.add_argument("--json", action="store_true", help="one list of findings as JSON, for machines")
    check.add_argument("--errors", action="store_true", help="errors only, no warnings")
    add_which_node(check, "compare with")
    add_fail_on(check)
    status = errands.add_parser("status", help="how far each language is, and which facts are to be reviewed")
    status.add_argument("--json", action="store_true", help="as JSON, for machines")
    add_which_node(status, "compare with")
    stats = errands.add_parser("stats", help="words, minutes and questions")
    xapi = errands.add_parser("xapi", help="the questions as xAPI activities, for another record store; with all keys")
    xapi.add_argument("course")
    publish = errands.add_parser("publish", help="put what changed into this node's store")
    for errand in (check, status, stats, publish):
        errand.add_argument("course", nargs="?", help="one course; all where none is named")
    publish.add_argument("--hub", action="store_true", help="into the hub on this machine, not the post")
    publish.add_argument("--demo", action="store_true", help="into the demonstration")
    diff = errands.add_parser("diff", help="what would change for officers if it were published now")
    diff.add_argument("course")
    add_which_node(diff, "compare with")
    diff.add_argument("--units", action="store_true", help="units only, not their words")
    diff.add_argument("--json", action="store_true", help="as JSON, for machines")
    course_book.add_arguments(errands.add_parser("book", help="write a published course as a PDF to print"))
    new = errands.add_parser("new", help="write the first files of a new course")
    new.add_argument("course", help="its id, such as river-patrol: the name of the folder")
    new.add_argument("--code", default="X1", help="short code on certificates")
    new.add_argument("--title", default="A new course")
    stamp = errands.add_parser("stamp", help="note which source a translation was made from")
    stamp.add_argument("course")
    stamp.add_argument("language", choices=tuple(LANGUAGES))
    stamp.add_argument("--reviewer", default="", help="name of the person who reviewed the units; makes them reviewed")
    stamp.add_argument("--unit", action="append", default=[], help="stamp this unit again, such as question/q-seal")
    stamp.add_argument("--all", action="store_true", help="stamp every unit again, not only new ones")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Do the errand; 1 if a check finds errors or a course could not be published."""
    return _ERRANDS[arguments.errand](arguments, workbench)


def _check(arguments: argparse.Namespace, workbench: Workbench) -> int:
    terms, wrong = term_lists(workbench)
    found = [("", finding) for finding in wrong]
    with published(arguments, workbench) as (node, compared):
        for course in _chosen(arguments, workbench):
            findings = author.findings_of(node, course) if node else _findings(course, workbench, terms)
            found += [(course, finding) for finding in findings]
    if arguments.errors:
        found = [(course, finding) for course, finding in found if finding.severity == "error"]
    errors = sum(finding.severity == "error" for _, finding in found)
    settings = workbench.settings()
    if arguments.json:
        rows = [{"course": course, **asdict(finding), "sentence": sentence_of(finding)} for course, finding in found]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for course, finding in found:
            place = (settings.courses / course if course else settings.translations) / finding.file
            print(f"{_shown(place)}:{finding.line}: {finding.severity}: {sentence_of(finding)}")
        print(f"{errors} errors, {len(found) - errors} warnings", file=sys.stderr)
    print(compared, file=sys.stderr)
    return 1 if any(fails(finding, arguments.fail_on) for _, finding in found) else 0


def _status(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = []
    with published(arguments, workbench) as (node, compared):
        for course in _chosen(arguments, workbench):
            meaning = author.meaning_changed(node, course) if node else {}
            found.append(status_of(course, _read(course, workbench), _today(), meaning))
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print(*(line for one in found for line in status_lines(one)), sep="\n")
    print(compared, file=sys.stderr)
    return 0


def _stats(arguments: argparse.Namespace, workbench: Workbench) -> int:
    for course_id in _chosen(arguments, workbench):
        course = _readable(course_id, _read(course_id, workbench))
        minutes = sum(lesson.minutes for lesson in course.structure.lessons)
        questions = ", ".join(f"{n} {use}" for use, n in questions_by_use(course).items())
        kinds = ", ".join(f"{n} {kind}" for kind, n in questions_by_kind(course).items())
        print(f"{course_id}: {minutes} minutes of lessons; questions: {questions}; {len(course.facts)} facts")
        print(f"  kinds of questions: {kinds}")
        for size in lesson_sizes(course):
            print(f"  {size.lesson}: {size.minutes} minutes, {size.blocks} blocks, {size.checks} checks")
            for tag, n in size.sizes.items():
                print(f"    {tag:8} {n} {'words' if LANGUAGES[tag].spaced else 'characters'}")
    return 0


def _xapi(arguments: argparse.Namespace, workbench: Workbench) -> int:
    read = _read(arguments.course, workbench)
    if read.package is None:
        raise Invalid("course.damaged", course=arguments.course, errors=len(read.findings))
    print(json.dumps(activities(read.package), ensure_ascii=False, indent=1))
    return 0


def _stamp(arguments: argparse.Namespace, workbench: Workbench) -> int:
    course = _readable(arguments.course, _read(arguments.course, workbench))
    stamps, anew = stamped(
        course,
        arguments.language,
        _today().isoformat(),
        reviewer=arguments.reviewer.strip(),
        named=arguments.unit,
        every=arguments.all,
    )
    path = workbench.settings().courses / arguments.course / arguments.language / TRANSLATION
    _write(path, stamps_text(stamps))
    print(f"{_shown(path)}: {len(anew)} units stamped, {len(stamps)} in all")
    return 0


def _publish(arguments: argparse.Namespace, workbench: Workbench) -> int:
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        if arguments.course:
            print(f"{arguments.course}: {author.publish(node, arguments.course)}")
            return 0
        outcomes = author.publish_all(node)
    for outcome in outcomes:
        done = "not published" if outcome.errors else "published" if outcome.published else "unchanged"
        done = "being written, not published" if outcome.draft else done
        print(f"{outcome.course}: {done}, {outcome.errors} errors, {outcome.warnings} warnings")
    return 1 if any(outcome.errors for outcome in outcomes) else 0


def _diff(arguments: argparse.Namespace, workbench: Workbench) -> int:
    with published(arguments, workbench) as (node, compared):
        if node is None:
            print(compared, file=sys.stderr)
            return 1
        found = compare(node, arguments.course)
    if arguments.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return 0
    print(*difference_lines(found, words=not arguments.units), sep="\n")
    return 0


def _new(arguments: argparse.Namespace, workbench: Workbench) -> int:
    today = _today()
    review_by = today.replace(year=today.year + 2, day=min(today.day, 28))
    folder = workbench.settings().courses
    dates = (today.isoformat(), review_by.isoformat())
    for path in start_course(folder, arguments.course, arguments.code, arguments.title, dates):
        print(f"  {_shown(path)}")
    print(f"Write the words, then: python3 run.py courses check {arguments.course}")
    return 0


_ERRANDS: dict[str, Callable[[argparse.Namespace, Workbench], int]] = {
    "check": _check,
    "status": _status,
    "stats": _stats,
    "xapi": _xapi,
    "stamp": _stamp,
    "publish": _publish,
    "diff": _diff,
    "book": course_book.run,
    "new": _new,
}


def _chosen(arguments: argparse.Namespace, workbench: Workbench) -> list[str]:
    return [arguments.course] if arguments.course else workbench.course_files().courses()


def _read(course: str, workbench: Workbench, terms: Mapping[str, TermList] | None = None) -> ReadCourse:
    return read_course(course, workbench.course_files().read(course), _today(), terms)


def _findings(course: str, workbench: Workbench, terms: Mapping[str, TermList]) -> tuple[Finding, ...]:
    """Return what is wrong with a course, also with the courses it requires."""
    read, files = _read(course, workbench, terms), workbench.course_files()
    if read.course is None or not read.course.structure.requires:
        return read.findings
    shelf = {one: requires_of(files.read(one)) for one in files.courses()}
    return by_place((*read.findings, *shelf_findings(read.course, shelf)))


def _readable(course: str, read: ReadCourse) -> Course:
    if read.course is None:
        raise Invalid("course.damaged", course=course, errors=len(read.findings))
    return read.course


def _today() -> date:
    return datetime.now(UTC).date()


def _shown(path: Path) -> Path:
    """Return the path as a person at this terminal would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _write(path: Path, text: str) -> None:
    # Beside, then in place of: a full disk must not leave half a file where the reviews of years are noted.
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
