"""The same course folder gives the same package, byte for byte: in another process, with another hash seed, in any
order of its files. Two posts that publish the same folder can tell that from the digest alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BUILD = """
import hashlib, json, sys
from dataclasses import replace
from pathlib import Path

from cast import memory_node

from elearn.adapters.files import FolderCourses
from elearn.core.vocab import kept
from elearn.core.xapi.canonical import canonical_json
from elearn.services import author


class InThisOrder(FolderCourses):
    def read(self, course):
        files = super().read(course)
        return files if sys.argv[2] == "forwards" else dict(reversed(files.items()))


def plain(row):
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}


def digest_of_rows(tx, tables, **where):
    rows = [canonical_json([table.name, plain(row)]) for table in tables for row in tx.tables.select(table, where)]
    return [len(rows), hashlib.sha256(b"".join(sorted(rows))).hexdigest()]


node = replace(memory_node(), course_files=InThisOrder(Path(sys.argv[1])))
author.publish_all(node)
built = {}
with node.store.reading() as tx:
    for package in tx.tables.select(kept.PACKAGE):
        signature = tx.tables.get(kept.PACKAGE_SIGNATURE, package["digest"], node.keys.key_id)["signature"]
        words = digest_of_rows(tx, (kept.PACKAGE, kept.LESSON_PAGE, kept.QUESTION_TEXT), digest=package["digest"])
        built[package["course"]] = [package["digest"], signature.hex(), *words]
    built["media"] = digest_of_rows(tx, (kept.MEDIA,))
print(json.dumps(built))
"""


def start(script: Path, seed: str, order: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, str(script), str(ROOT / "courses"), order]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[object]]]:
    """Return what two processes made of the courses: course -> [digest, signature, number of rows, their digest]."""
    script = tmp_path_factory.mktemp("build") / "build.py"
    script.write_text(BUILD, encoding="utf-8")
    running = [start(script, "1", "forwards"), start(script, "4242", "backwards")]
    told = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    return [json.loads(one) for one in told]


def test_courses_published_twice_are_the_same_to_the_byte(builds: list[dict[str, list[object]]]) -> None:
    """Same digests, so the same signed words and signatures; same rows of structure, words, pages and pictures."""
    first, second = builds
    courses = set(first) - {"media"}

    assert first == second
    assert len(courses) >= 6
    assert len({str(first[course][0]) for course in courses}) == len(courses)
    assert all(int(str(first[course][2])) > 200 for course in courses if course != "handbook")
