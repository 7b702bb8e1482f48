"""`courses book`: a published course on paper, as one PDF, made here and now while the pages are counted."""

import argparse
import sys
from pathlib import Path

from elearn.cli.published import add_which_node
from elearn.cli.workbench import Workbench
from elearn.core.book.book import BOOK, JOB_AIDS
from elearn.core.vocab.errors import NotFound, Unavailable
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import NodeKind
from elearn.services import books
from elearn.services.node import Node


def add_arguments(errand: argparse.ArgumentParser) -> None:
    """Declare the options."""
    errand.add_argument("course")
    errand.add_argument("language", choices=tuple(LANGUAGES))
    errand.add_argument("--out", type=Path, metavar="FILE", help="where to write it; by default here, under its name")
    errand.add_argument("--job-aids", action="store_true", help="the job aids only, each on its own sheet")
    add_which_node(errand, "take the course from")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Write the file.

    Raises NotFound("course.not-published" | "book.unknown" | "book.language"), Unavailable("press.missing" |
    "file.unwritable").
    """
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    if not workbench.settings(kind, arguments.demo).data.is_dir():
        raise NotFound("course.not-published", course=arguments.course)
    with workbench.node(kind, arguments.demo) as node:
        name, content = _made(node, arguments)
    path = arguments.out or Path(name)
    _write(path, content)
    print(f"{path}: {len(content):,} bytes")
    return 0


def _made(node: Node, arguments: argparse.Namespace) -> tuple[str, bytes]:
    kind = JOB_AIDS if arguments.job_aids else BOOK
    try:
        return books.make(node, arguments.course, kind, arguments.language, _count)
    except NotFound as error:
        if error.code != "course.unknown":
            raise
        raise NotFound("course.not-published", course=arguments.course) from error
    finally:
        print(file=sys.stderr)


def _count(done: int, pages: int) -> None:
    print(f"\rpage {done} of about {pages}", end="", file=sys.stderr, flush=True)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Unavailable("file.unwritable", path=str(path), reason=error.strerror or str(error)) from error
