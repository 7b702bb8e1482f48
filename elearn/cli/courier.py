"""`courier`: exchange by files that are carried by hand: write them to a stick, read those that lie on one."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.sync.courier import LARGEST_FILE_BYTES, SUFFIX, cover_of
from elearn.core.vocab.errors import ElearnError, Invalid, Unavailable
from elearn.core.vocab.nodes import NodeKind
from elearn.services.courier_enrolment import enrol_by_file, make_enrolment_file
from elearn.services.courier_files import content_of, courier_files, receivers
from elearn.services.courier_reading import CourierRead, addressed, read_file
from elearn.services.courier_writing import write_files
from elearn.services.node import Node
from elearn.services.operator import operator

NAME = "courier"
HELP = "exchange by stick: write files, read files, list them, enrol without a line"
_FIRST_BYTES = 1000
_SPARE_BYTES = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    errands = parser.add_subparsers(dest="errand", metavar="<errand>", required=True)
    write = errands.add_parser("write", help="write files for the hub, or for a post, into a folder")
    write.add_argument(
        "--to", default="", metavar="POST", help="name or id of a post; without it: the hub, or all posts on a hub"
    )
    write.add_argument("--courses", action="store_true", help="on a hub: with the courses the post lacks")
    write.add_argument("folder", type=Path)
    read = errands.add_parser("read", help="read files, or all that lie in a folder and are for here")
    read.add_argument("paths", type=Path, nargs="+", metavar="file-or-folder")
    errands.add_parser("list", help="show what was written and read, and how it stands")
    enrol = errands.add_parser("enrol", help="enrol this post with a hub by the file and the code its hub gave")
    enrol.add_argument("file", type=Path)
    enrol.add_argument("code")
    give = errands.add_parser("enrolment", help="on a hub: write the file that goes with a one-time code")
    give.add_argument("code_id", help="the first four signs of the code")
    give.add_argument("folder", type=Path)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Do the errand; 1 if anything could not be read or written."""
    with workbench.node(NodeKind.HUB if arguments.hub else NodeKind.POST, arguments.demo) as node:
        return _ERRANDS[arguments.errand](node, arguments)


def _write(node: Node, arguments: argparse.Namespace) -> int:
    by = operator(node)
    known = receivers(node, by)
    has_hub = any(one.above for one in known)
    wanted = [arguments.to] if arguments.to or has_hub else [one.node for one in known if one.ready]
    for to in wanted:
        made = write_files(node, by, to, courses=arguments.courses, told=_put_together)
        for one in made:
            name, content = content_of(node, by, one.file)
            path = arguments.folder / name
            write_whole(path, content)
            _progress("")
            print(f"{path}  {len(content)} bytes: {_carries(one.carries)}")
    if not wanted:
        print("There is nobody to write to yet: no post has said how to seal a file to it.")
    return 0 if wanted else 1


def _put_together(count: int) -> None:
    _progress(f"{count} pieces put together")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is whole, or not there. Raises Unavailable("disk.full" | "file.unwritable", path=)."""
    half = path.with_name(f"{path.name}.part")
    try:
        if shutil.disk_usage(path.parent).free < len(content) + _SPARE_BYTES:
            raise Unavailable("disk.full", path=str(path.parent))
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Unavailable("file.unwritable", path=str(path), reason=error.strerror or str(error)) from error
    finally:
        half.unlink(missing_ok=True)


def _read(node: Node, arguments: argparse.Namespace) -> int:
    """Read what is for here, each sender's files by number; name the others."""
    mine, failed = [], 0
    for path in _found(arguments.paths):
        try:
            start = _start(path)
            found = addressed(node, start)
        except ElearnError as error:
            failed += 1
            print(f"{path.name}: {explain(error)}")
            continue
        if found.here:
            mine.append((cover_of(start).sender, found.number, path))
        else:
            print(f"{path.name}: for {found.receiver or 'a place not known here'}. Carry it on.")
    for _, _, path in sorted(mine):
        failed += _read_one(node, path)
    if not mine and not failed:
        print("There is no file for here.")
    return 1 if failed else 0


def _read_one(node: Node, path: Path) -> int:
    try:
        done = read_file(node, operator(node), _content(path), lambda at, of: _progress(f"{at} of {of} pieces taken"))
    except ElearnError as error:
        _progress("")
        print(f"{path.name}: {explain(error)}")
        return 1
    _progress("")
    print(f"{path.name}: {_said(done)}")
    for name, problem in done.problems:
        print(f"  not taken ({name}): {explain(problem)}")
    return 1 if done.problems else 0


def _said(done: CourierRead) -> str:
    if done.again:
        return "read before; nothing was changed."
    words = f"file {done.number} of {done.sender}, made {done.made_at[:10]}: {_carries(done.carries)}"
    if done.enrolled:
        words += f"; {done.sender} is enrolled now"
    if done.healed:
        words += f"; {done.healed.fetched} entries fetched back, {done.healed.moved} put behind them"
    return f"{words}; older than one read before, so only entries were taken" if done.late else words


def _carries(carries: dict[str, object]) -> str:
    more = ", more to follow" if carries.get("more") else ""
    parts = carries.get("parts")
    names = f", {', '.join(parts)}" if isinstance(parts, list) and parts else ""
    names += f", {carries['files']} files of courses" if carries.get("files") else ""
    back = f", {carries['back']} handed back" if carries.get("back") else ""
    return f"{carries.get('entries', 0)} entries, {carries.get('people', 0)} identities{names}{back}{more}"


def _list(node: Node, _: argparse.Namespace) -> int:
    by = operator(node)
    for one in receivers(node, by):
        waits = ", waits for an answer" if one.waits else ""
        print(f"{'hub' if one.above else 'post'}  {one.name}  {one.node}{'' if one.ready else ', not ready'}{waits}")
    for file in courier_files(node, by):
        way = "to" if file.way == "written" else "from"
        print(f"{file.noted_at[:16]}  no. {file.number} {way} {file.peer_name}: {file.state}; {_carries(file.carries)}")
    return 0


def _enrol(node: Node, arguments: argparse.Namespace) -> int:
    print(f"Enrolled with {enrol_by_file(node, operator(node), _content(arguments.file), arguments.code)}.")
    print("Now write a file for it: courier write FOLDER")
    return 0


def _give_enrolment(node: Node, arguments: argparse.Namespace) -> int:
    name, content = make_enrolment_file(node, operator(node), arguments.code_id.upper())
    write_whole(arguments.folder / name, content)
    print(arguments.folder / name)
    return 0


def _found(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    return found


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FIRST_BYTES)
    except OSError as error:
        raise Unavailable("file.unreadable", path=str(path), reason=error.strerror or str(error)) from error


def _content(path: Path) -> bytes:
    """Return a file, but never more than a courier file can be: what lies on a stick may be anything."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise Invalid("courier.too-large", size_bytes=size, most_bytes=LARGEST_FILE_BYTES)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise Unavailable("file.unreadable", path=str(path), reason=error.strerror or str(error)) from error


def _progress(words: str) -> None:
    """Show how far it is, where somebody is looking."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


_ERRANDS: dict[str, Callable[[Node, argparse.Namespace], int]] = {
    "write": _write,
    "read": _read,
    "list": _list,
    "enrol": _enrol,
    "enrolment": _give_enrolment,
}
