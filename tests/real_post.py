"""A post as it really runs: a process of its own on loopback, which can be killed and started again in its folder."""

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from answers import stages

from elearn.cli.measuring.process import free_port
from elearn.core.learning.course import PRETEST
from elearn.core.roster.form import OfficerForm
from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.nodes import NodeKind
from elearn.services import accounts, author, learn, officers, setting_up, sit
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages
from elearn.settings import Settings
from elearn.wiring import build_node

ROOT = Path(__file__).resolve().parent.parent
CHIEF_PIN = "739164"
FIRST_PIN = "482915"
START_LIMIT_S = 30


AllWords = dict[tuple[str, str], dict[str, Any]]
"""(question, language) -> its words."""


class RealPost:
    """A post set up in ``folder`` with officers of the service numbers named; their first PIN is FIRST_PIN.

    ready: numbers of officers who have read everything and may sit the exam.
    """

    def __init__(self, folder: Path, numbers: tuple[str, ...], ready: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.package, self.words = _prepared(folder, numbers, ready)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the process and wait for its first page."""
        environment = {**os.environ, "ELEARN_DATA": str(self.folder), "ELEARN_PORT": str(self.port)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "elearn", "serve", "--quiet"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        end_at = time.monotonic() + START_LIMIT_S
        while not self._answers():
            assert self._process.poll() is None, "the post ended at its start"
            assert time.monotonic() < end_at, "the post does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """End the process as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(20)

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/sign-in")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


def _prepared(folder: Path, numbers: tuple[str, ...], ready: tuple[str, ...]) -> tuple[Package, AllWords]:
    node = build_node(Settings(folder, ROOT / "courses", ROOT / "translations", NodeKind.POST, "127.0.0.1", 0))
    try:
        secret = setting_up.one_time_link_secret(node) or ""
        place = setting_up.SetUpForm(
            "Poipet Border Post", "KH", "customs", tuple(LANGUAGES), "Chan Vanna", "A-1", CHIEF_PIN
        )
        setting_up.set_up(node, place, secret)
        author.publish_all(node)
        chief = accounts.session(node, accounts.sign_in(node, "A-1", CHIEF_PIN, "test").token)
        assert chief is not None
        with node.store.reading() as tx:
            package = next(one for one in current_packages(tx) if one.course.examined)
        for number in (*numbers, *ready):
            form = OfficerForm(number, f"Sok Dara {number}", pin=FIRST_PIN, language="en")
            person = officers.add_officer(node, chief, form).person
            if number in ready:
                _read_everything(node, person, package)
        with node.store.reading() as tx:
            rows = tx.tables.select(QUESTION_TEXT, {"digest": package.digest})
        return package, {(row["question"], row["language"]): row["words"] for row in rows}
    finally:
        node.store.close()


def _read_everything(node: Node, person: str, package: Package) -> None:
    course = package.course
    sit.submit(node, person, sit.start(node, person, course.id, PRETEST, "en"), anyway=True)
    for lesson in course.lessons:
        for question in lesson.checks:
            for response in stages(course, question):
                learn.check_answer(node, person, course.id, lesson.id, question, response, "en")
        learn.finish_lesson(node, person, course.id, lesson.id, "en")
