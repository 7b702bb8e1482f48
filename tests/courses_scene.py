"""One course folder and a workbench around it, for the tests of the command `courses`."""

import argparse
from pathlib import Path

from cast import sqlite_node
from good_course import Files

from elearn.adapters.files import FolderCourses
from elearn.cli import courses
from elearn.cli.workbench import Workbench
from elearn.services.node import Node
from elearn.settings import Settings
from elearn.wiring import open_store

COURSE = "seals"


def put(folder: Path, files: Files) -> None:
    """Write files of the course into the folder of courses beneath ``folder``."""
    for name, data in files.items():
        path = folder / "courses" / COURSE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def run(folder: Path, *words: str) -> int:
    """Run `courses` with these words; the data folder is ``folder``/data."""

    def node(settings: Settings) -> Node:
        return sqlite_node(settings.data, course_files=FolderCourses(settings.courses, settings.translations))

    environment = {"ELEARN_COURSES": str(folder / "courses"), "ELEARN_DATA": str(folder / "data")}
    workbench = Workbench(folder, environment, node, lambda _: None, FolderCourses, open_store)
    parser = argparse.ArgumentParser()
    courses.add_arguments(parser)
    return courses.run(parser.parse_args(words), workbench)
