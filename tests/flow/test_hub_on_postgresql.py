"""A hub whose data lies in PostgreSQL, over real HTTP: one program, two behind one address, cut, killed, restarted.

Two programs share a database and a data folder (the key); a third in this process looks into the same database.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import requests
from cast import officer
from exchange_scenes import let_pass, rows
from postgres_server import DURABLE, running_server
from real_line import Proxy, node_in, served

from elearn.cli.measuring.process import free_port
from elearn.core.ledger.entry import Head, check_chain
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.kept import PACKAGE, PERSON, SESSION
from elearn.core.vocab.nodes import NodeKind
from elearn.services import accounts, author, setting_up
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once, light
from elearn.services.node import Node, keep_fact
from elearn.services.posts import give_code
from elearn.services.record import projections_behind
from elearn.settings import Settings
from elearn.wiring import build_node

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parent.parent.parent
COURSE = "drug-identification"
PIN = "739164"
PASSES = 600
LIMIT_S = 60


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def assert_same(post: Node, hub: Node) -> None:
    for table in (*FOLDED_TABLES, PERSON):
        mine = [row for row in rows(post, table) if table is not PERSON or row["agency"]]
        assert [row for row in rows(hub, table) if row in mine] == mine, table.name


class InTurn(Proxy):
    """One address before several programs: each line goes to the next that answers."""

    def __init__(self, *ports: int) -> None:
        self._turn = cycle(ports)
        super().__init__(0)

    @property
    def to_port(self) -> int:
        """Return the port of the next that answers."""
        while True:
            port = next(self._turn)
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
            except OSError:
                continue
            return port

    @to_port.setter
    def to_port(self, _: int) -> None:
        """Is in turn, and not to be set."""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Node]:
    with node_in(tmp_path / "post", series=1) as node:
        yield node


# --- one program


@pytest.fixture
def hub(tmp_path: Path, database: str) -> Iterator[Node]:
    with node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9, database=database) as node:
        yield node


@pytest.mark.parametrize("up_left", [None, 400, 2500])
def test_the_hub_shows_the_same_figures_as_the_post_wherever_the_line_was_cut(
    post: Node, hub: Node, up_left: int | None
) -> None:
    let_pass(post, PASSES)
    with served(hub) as port, Proxy(port).running() as proxy:
        enrol(post, address(proxy.port), give_code(hub, "Huay Xai"))
        proxy.up_left = up_left
        first = exchange_once(post)
        proxy.up_left = None
        second = exchange_once(post)

    assert (first.ok, second.ok) == (up_left is None, True), len(proxy.up)
    assert len(rows(hub, COMPLETION)) == PASSES
    assert_same(post, hub)
    assert light(post).colour == "good"


def test_a_server_that_is_restarted_in_the_middle_costs_a_try_and_no_entry(tmp_path: Path, post: Node) -> None:
    with (
        running_server(DURABLE) as server,
        node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9, database=server.new_database()) as hub,
        served(hub) as port,
    ):
        enrol(post, address(port), give_code(hub, "Huay Xai"))
        let_pass(post, 20)
        assert exchange_once(post).ok
        let_pass(post, 20)
        server.stop(signal.SIGQUIT)
        meanwhile = exchange_once(post)
        page = requests.get(f"{address(port)}/sign-in", timeout=20)
        server.start()
        after = exchange_once(post)

        assert not meanwhile.ok
        assert page.status_code == 503
        assert "cannot be reached" in page.text
        assert (after.ok, after.sent) == (True, 20)
        assert len(rows(hub, COMPLETION)) == 40
        assert_same(post, hub)


def test_a_batch_that_comes_to_two_programs_at_once_is_taken_once(
    tmp_path: Path, database: str, post: Node, hub: Node
) -> None:
    let_pass(post, 120)
    with (
        node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9, database=database) as second,
        served(hub) as port,
        served(second) as other,
        InTurn(port, other).running() as proxy,
    ):
        enrol(post, address(proxy.port), give_code(hub, "Huay Xai"))
        outcomes: list[Any] = []
        calls = [threading.Thread(target=lambda: outcomes.append(exchange_once(post))) for _ in range(4)]
        for call in calls:
            call.start()
        for call in calls:
            call.join(LIMIT_S)
        last = exchange_once(post)

    assert (len(outcomes), last.ok, last.sent) == (4, True, 0)
    assert len(rows(hub, COMPLETION)) == 120
    assert_same(post, hub)
    with hub.store.reading() as tx:
        assert tx.ledger.size() == 120


# --- two programs behind one address


class Programs:
    """Real `hub` processes on one database and one folder."""

    def __init__(self, folder: Path, database: str) -> None:
        courses = folder.parent / "courses"
        courses.mkdir()
        self.settings = Settings(
            folder, courses, ROOT / "translations", NodeKind.HUB, "127.0.0.1", 0, database=database
        )
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, count: int = 1) -> list[int]:
        """Start so many at the same moment; return their ports once all answer."""
        ports = [free_port() for _ in range(count)]
        for port in ports:
            environment = {
                **os.environ,
                "ELEARN_DATA": str(self.settings.data),
                "ELEARN_COURSES": str(self.settings.courses),
                "ELEARN_DATABASE": self.settings.database,
                "ELEARN_PORT": str(port),
            }
            command = [sys.executable, "-m", "elearn", "hub", "--quiet"]
            self._running[port] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        end_at = time.monotonic() + LIMIT_S
        for port in ports:
            while not _answers(port):
                assert self._running[port].poll() is None, "the hub ended at its start"
                assert time.monotonic() < end_at, "the hub does not answer"
                time.sleep(0.05)
        return ports

    def kill(self, port: int) -> None:
        """End one as a power cut does."""
        self._end(port, signal.SIGKILL)

    def stop(self) -> None:
        """End all as an operator does."""
        for port in list(self._running):
            self._end(port, signal.SIGTERM)

    def _end(self, port: int, how: signal.Signals) -> None:
        process = self._running.pop(port)
        process.send_signal(how)
        process.wait(LIMIT_S)


def _answers(port: int) -> bool:
    try:
        return requests.get(f"{address(port)}/sign-in", timeout=5).status_code < 500
    except requests.RequestException:
        return False


@pytest.fixture
def programs(tmp_path: Path, database: str) -> Iterator[Programs]:
    found = Programs(tmp_path / "hub", database)
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def own(programs: Programs) -> Iterator[Node]:
    """The hub as a third program sees it: set up, with a chief."""
    node = build_node(programs.settings)
    place = setting_up.SetUpForm("Vientiane", "LA", "customs", ("en", "lo"), "Kham La", "A-1", PIN)
    setting_up.set_up(node, place, setting_up.one_time_link_secret(node) or "")
    yield node
    node.store.close()


def sign_in_at_once(ports: list[int], numbers: list[str]) -> list[int]:
    """Let officers sign in at the same moment, at one program after the other; return the answers' statuses."""
    answers: list[int] = []

    def sign_in(port: int, number: str) -> None:
        with requests.Session() as browser:
            form = browser.get(f"{address(port)}/sign-in", timeout=20).text
            csrf = form.split('name="csrf" value="')[1].split('"')[0]
            fields = {"csrf": csrf, "service_number": number, "pin": PIN}
            answers.append(
                browser.post(f"{address(port)}/sign-in", fields, allow_redirects=False, timeout=30).status_code
            )

    threads = [threading.Thread(target=sign_in, args=pair) for pair in zip(cycle(ports), numbers, strict=False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_S)
    return answers


def page(port: int, path: str, token: str) -> requests.Response:
    return requests.get(address(port) + path, cookies={"elearn_session": token}, allow_redirects=False, timeout=20)


def test_two_programs_started_at_once_publish_each_course_once_and_share_what_one_changes(
    programs: Programs, own: Node
) -> None:
    shutil.copytree(ROOT / "courses" / COURSE, programs.settings.courses / COURSE)
    one, other = programs.start(2)
    token = accounts.sign_in(own, "A-1", PIN, "test").token
    session = accounts.session(own, token)
    assert session is not None

    assert len(rows(own, PACKAGE)) == 1
    assert [page(port, "/courses", token).status_code for port in (one, other)] == [200, 200]
    own.store.write(lambda tx: keep_fact(tx, "name", "Another name"))
    assert ["Another name" in page(port, "/courses", token).text for port in (one, other)] == [True, True]
    people = [officer(own, f"Officer {number}", service_number=f"N-{number}") for number in range(6)]
    assert sign_in_at_once([one, other], [f"N-{number}" for number in range(6)]) == [302] * 6
    assert {row["person"] for row in rows(own, SESSION)} == {session.person, *people}
    words = programs.settings.courses / COURSE / "en" / "texts.yaml"
    text = words.read_text("utf-8")
    title = text.split("title: ", 1)[1].split("\n", 1)[0]
    words.write_text(text.replace(f"title: {title}", "title: Another title", 1), "utf-8")
    assert {outcome.errors for outcome in author.publish_all(own)} == {0}
    assert ["Another title" in page(port, "/courses", token).text for port in (one, other)] == [True, True]
    wanted = "/search?q=reagent"
    assert [page(port, wanted, token).status_code for port in (one, other)] == [200, 200]

    cookies = {"elearn_session": token}
    form = {"csrf": session.csrf}
    out = requests.post(f"{address(one)}/sign-out", form, cookies=cookies, allow_redirects=False, timeout=20)

    assert out.status_code == 302
    assert {row["person"] for row in rows(own, SESSION)} == set(people)
    assert [page(port, "/courses", token).status_code for port in (one, other)] == [302, 302]


def test_one_of_two_programs_is_killed_in_the_middle_and_the_other_goes_on(
    programs: Programs, own: Node, post: Node
) -> None:
    ports = programs.start(2)
    let_pass(post, PASSES)
    with ExitStack() as stack:
        proxy = stack.enter_context(InTurn(*ports).running())
        enrol(post, address(proxy.port), give_code(own, "Huay Xai"))
        before = len(proxy.up)
        first: list[Any] = []
        sending = threading.Thread(target=lambda: first.append(exchange_once(post)))
        sending.start()
        while len(proxy.up) < before + 2_000 and sending.is_alive():
            pass
        programs.kill(ports[0])
        sending.join(LIMIT_S)
        outcome = first[0] if first[0].ok else exchange_once(post)
        [fresh] = programs.start()
        again = exchange_once(post)

    assert (outcome.ok, again.ok, again.sent) == (True, True, 0)
    assert len(rows(own, COMPLETION)) == PASSES
    assert_same(post, own)
    with own.store.reading() as tx:
        assert not projections_behind(tx)
        for node, number in tx.ledger.vector().items():
            assert check_chain(Head(node), tx.ledger.entries(node)).number == number
        assert len(list(tx.ledger.every())) == tx.ledger.size()
    assert _answers(fresh)
