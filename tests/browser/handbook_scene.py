"""An invented post with its hub, made ready for the pictures of the handbook, on a clock that stands at one morning.

Everything is a demonstration: invented officers who really learn, in folders that are thrown away afterwards.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from uuid import UUID

from answers import stages
from waitress.server import create_server

from elearn.adapters.files import FolderCourses
from elearn.app import create_app
from elearn.cli.course_folder import start_course
from elearn.cli.demo import AppPeer, fill
from elearn.cli.workbench import Workbench
from elearn.core.learning.course import EXAM, PRETEST, Course
from elearn.core.roster.form import OfficerForm
from elearn.core.vocab.nodes import NodeKind
from elearn.services import exchange, learn, my_record, officers, sit
from elearn.services.demonstration import TurnedClock
from elearn.services.node import Node
from elearn.services.operator import operator
from elearn.services.packages import current_package
from elearn.settings import Settings
from elearn.wiring import build_node, open_store

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
"""20 to 11 at the post. One fixed morning: pictures made again differ only in what changed on the pages."""

LEARNER = "DEMO-OFFICER"
PASSED, HALF_READ, TO_SIT = "precursor-control", "drug-identification", "interdiction"
DAMAGED, TRANSLATED = "river-patrol", "drug-identification"
NOT_KNOWN = ("o5-combination", "o7-search-dangers")
"""Of TO_SIT: what the learner answers wrongly, so that the result names lessons to read again."""


DRAW = 28
"""What every exam is drawn with: the same questions stand in the pictures of all languages."""


class SteadyIds:
    """Ids by chance, but the same at each run. series: tells nodes apart."""

    def __init__(self, series: int) -> None:
        self._chance = random.Random(series)

    def new(self) -> str:
        """Return the next uuid4."""
        return str(UUID(int=self._chance.getrandbits(128), version=4))

    def secret(self, size_bytes: int) -> str:
        """Return the next text of so many bytes."""
        return self._chance.randbytes(size_bytes).hex()

    def seed(self) -> int:
        """Return the one number all draws begin with."""
        return DRAW


@dataclass(frozen=True)
class Scene:
    """base: address of the post; person: the learner's id; certificate: its number."""

    base: str
    post: Node
    person: str
    certificate: str

    def exam(self, language: str) -> tuple[str, str]:
        """Start an exam and answer a third of it; return the attempt's id and a question that gives little away."""
        attempt = sit.start(self.post, self.person, TO_SIT, EXAM, language)
        marks = sit.sitting(self.post, self.person, attempt).marks
        for mark in marks[: len(marks) // 3]:
            self._answer(attempt, mark.id)
        asked = [_course(self.post, TO_SIT).questions[mark.id] for mark in marks[len(marks) // 3 :]]
        return attempt, next(one.id for one in asked if one.kind == "choice" and not one.critical)

    def hand_in(self, attempt: str) -> None:
        """Answer the rest, hand in, and do not pass."""
        for mark in sit.sitting(self.post, self.person, attempt).marks:
            if not mark.answered:
                self._answer(attempt, mark.id)
        sit.submit(self.post, self.person, attempt)

    def _answer(self, attempt: str, question: str) -> None:
        course = _course(self.post, TO_SIT)
        right = course.questions[question].objective not in NOT_KNOWN
        for response in stages(course, question, right):
            sit.answer(self.post, self.person, attempt, question, response)


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Make the post and its hub in ``folder``, serve the post on loopback, and stop it afterwards."""
    courses = folder / "courses"
    # Without the handbook itself: its pictures show how other courses are learned.
    shutil.copytree(ROOT / "courses", courses, ignore=shutil.ignore_patterns("handbook"))
    start_course(courses, DAMAGED, "C9", "River patrol", ("2026-11-24", "2028-11-24"))
    _edit(courses / DAMAGED / "course.yaml", r"draft: true.*\n", "")
    clock = TurnedClock(NOW, timedelta(milliseconds=20))
    builder = _builder(clock)
    post, hub = (builder(_settings(folder, courses, kind)) for kind in (NodeKind.POST, NodeKind.HUB))
    try:
        fill(Workbench(ROOT, {}, builder, create_app, FolderCourses, open_store), post, hub, quiet=True)
        clock.at = NOW
        person, certificate = _learned(post)
        _exchanged(post, hub)
        _damage(courses / DAMAGED)
        _fall_behind(courses, courses / TRANSLATED)
        server = create_server(create_app(post), host="127.0.0.1", port=0, threads=4)
        Thread(target=server.run, daemon=True).start()
        yield Scene(f"http://127.0.0.1:{server.effective_port}", post, person, certificate)
        server.close()
    finally:
        post.store.close()
        hub.store.close()


def _builder(clock: TurnedClock) -> Callable[[Settings], Node]:
    series = count(1)
    return lambda settings: replace(build_node(settings), clock=clock, ids=SteadyIds(next(series)))


def _settings(folder: Path, courses: Path, kind: NodeKind) -> Settings:
    return Settings(folder / kind.value, courses, ROOT / "translations", kind, "127.0.0.1", 0, demo=True)


def _learned(post: Node) -> tuple[str, str]:
    """Let the learner pass one course, read half of another, and get ready for a third exam."""
    by = operator(post)
    person = officers.officers(post, by, LEARNER)[0].person
    officers.change_officer(post, by, person, OfficerForm(LEARNER, "Sokha", sex="female", rank_band="junior"))
    _read(post, person, PASSED)
    attempt = sit.start(post, person, PASSED, EXAM, "en")
    for mark in sit.sitting(post, person, attempt).marks:
        for response in stages(_course(post, PASSED), mark.id):
            sit.answer(post, person, attempt, mark.id, response)
    sit.submit(post, person, attempt)
    _read(post, person, HALF_READ, 2)
    _read(post, person, TO_SIT)
    return person, my_record.my_record(post, person, "en").certificates[0].number


def _read(post: Node, person: str, course_id: str, lessons: int | None = None) -> None:
    course = _course(post, course_id)
    attempt = sit.start(post, person, course_id, PRETEST, "en")
    for place, mark in enumerate(sit.sitting(post, person, attempt).marks):
        asked = course.questions[mark.id]
        known = asked.objective not in NOT_KNOWN and place % 3 == 0
        for response in stages(course, mark.id, known):
            sit.answer(post, person, attempt, mark.id, response)
    sit.submit(post, person, attempt)
    for lesson in course.lessons[:lessons]:
        for question in lesson.checks:
            for response in stages(course, question):
                learn.check_answer(post, person, course_id, lesson.id, question, response, "en")
        learn.finish_lesson(post, person, course_id, lesson.id, "en")


def _course(post: Node, course: str) -> Course:
    with post.store.reading() as tx:
        return current_package(tx, course).course


def _exchanged(post: Node, hub: Node) -> None:
    outcome = exchange.exchange_now(replace(post, peer=AppPeer(create_app(hub))), operator(post))
    if outcome.error:
        raise outcome.error


def _damage(course: Path) -> None:
    """Make a few mistakes in the files of the course just begun, as an author does."""
    _edit(course / "questions.yaml", r"correct: \[\w\]", "correct: [z]")
    _edit(course / "facts.yaml", r"year: 2026", "year: 2062")
    (course / "en" / "notes.txt").write_text("Ask the laboratory about lesson 2.\n", encoding="utf-8")


def _fall_behind(courses: Path, course: Path) -> None:
    """Change the meaning of a course after its translations were made; bring one language up to date and sign it."""
    _edit(course / "course.yaml", r"version: [\d.]+", "version: 9.0.0")
    _edit(course / "en" / "questions.yaml", r"stem: \"", 'stem: "Today at Bridge Two: ')
    _edit(course / "en" / "glossary.yaml", r"meaning: \"?", r"\g<0>In this course, ")
    for language, more in (("km", ("--all", "--reviewer", "Sokha")), ("th", ("--unit", "texts/title"))):
        command = [sys.executable, "-m", "elearn", "courses", "stamp", course.name, language, *more]
        environment = {**os.environ, "ELEARN_COURSES": str(courses)}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    _edit(course / "lo" / "translation.yaml", r"(?s)^(#[^\n]*\n)(?:\S+:\n(?:  [^\n]*\n)+){3}", r"\1")
    (course / "my" / "glossary.yaml").unlink()


def _edit(path: Path, pattern: str, by: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(pattern, by, text, count=1)
    if not count:
        raise SystemExit(f"{path}: nothing like {pattern}; mend tests/browser/handbook_scene.py")
    path.write_text(changed, encoding="utf-8", newline="\n")
