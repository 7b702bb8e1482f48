"""Two posts and their hub over real sockets, and an officer who goes from one to the other: nothing counts twice."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from carried_scenes import PIN
from cast import officer
from exchange_scenes import rows
from real_line import node_in, served
from small_course import RIGHT, pass_pretest, publish, read_lessons

from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.kept import BROUGHT, PERSON, QUARANTINE, TRUSTED_KEY
from elearn.core.vocab.nodes import NodeKind
from elearn.services import sit
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node, keep_fact
from elearn.services.posts import give_code
from elearn.services.record import rebuild_projections

NEW_PIN = "582047"
_TOKEN = re.compile(r'name="csrf" value="([^"]*)"')


class Browser:
    """A browser without JavaScript, over a socket."""

    def __init__(self, port: int) -> None:
        self._address, self._line, self.text = f"http://127.0.0.1:{port}", requests.Session(), ""

    def get(self, path: str) -> requests.Response:
        """Ask for a page."""
        return self._seen(self._line.get(self._address + path, timeout=30))

    def post(self, path: str, fields: dict[str, str] | None = None, files: Any = None) -> requests.Response:
        """Send the form of the page that is open."""
        token = _TOKEN.search(self.text)
        assert token is not None
        data = {"csrf": token[1], **(fields or {})}
        return self._seen(self._line.post(self._address + path, data=data, files=files, timeout=30))

    def sign_in(self, number: str, pin: str) -> None:
        """Sign in."""
        self.get("/sign-in")
        self.post("/sign-in", {"service_number": number, "pin": pin})

    def found(self, pattern: str) -> str:
        """Return what a pattern catches in the page that is open."""
        caught = re.search(pattern, self.text)
        assert caught is not None, pattern
        return caught[1]

    def _seen(self, answer: requests.Response) -> requests.Response:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            self.text = answer.text
        return answer


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node, Node]]:
    """Give (hub, Huay Xai, Boten), on disk, the posts with the small course."""
    with (
        node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9) as hub,
        node_in(tmp_path / "one", series=1) as one,
        node_in(tmp_path / "two", series=2) as two,
    ):
        two.store.write(lambda tx: keep_fact(tx, "name", "Boten"))
        for node in (hub, one, two):
            node.store.write(publish)
        yield hub, one, two


def take_along(port: int, number: str) -> tuple[bytes, str]:
    browser = Browser(port)
    browser.sign_in(number, PIN)
    browser.get("/record/take-along")
    code = browser.found(r'id="file-code"><b class="code">([^<]+)</b>')
    return browser.post("/record/take-along", {"code": code}).content, code


def let_in(port: int, chief: str, file: bytes, code: str) -> str:
    """Take the file in as an administrator does; return the one-time PIN."""
    browser = Browser(port)
    browser.sign_in(chief, PIN)
    browser.get("/officers/arriving")
    browser.post("/officers/arriving", {"code": code}, {"record": ("my-record.elearn", file)})
    assert "the hub vouches for it" in browser.text
    kept = browser.found(r'<input type="hidden" name="file" value="([^"]*)">')
    browser.post("/officers/arriving", {"file": kept, "code": code, "take": "yes"})
    return browser.found(r'id="one-time-pin"><b>(\d+)</b>')


def sit_the_exam(port: int, number: str, pin: str) -> None:
    """Sign in with the one-time PIN, choose a PIN, and answer the exam that runs, page by page."""
    browser = Browser(port)
    browser.sign_in(number, pin)
    browser.post("/pin", {"old": pin, "new": NEW_PIN, "again": NEW_PIN})
    browser.get("/courses/seals")
    browser.post("/courses/seals/exam")
    attempt = browser.found(r"/sittings/([0-9a-f-]{36})/answers/")
    for _ in range(4):
        asked = browser.found(rf"/sittings/{attempt}/answers/([a-z-]+)")
        browser.post(f"/sittings/{attempt}/answers/{asked}", {"answer": RIGHT[asked]})  # type: ignore[dict-item]
        if f"/sittings/{attempt}/hand-in" in browser.text and "/answers/" not in browser.text:
            break
    browser.post(f"/sittings/{attempt}/hand-in")


def test_an_exam_begun_at_one_post_is_passed_at_another_and_counted_once(nodes: tuple[Node, Node, Node]) -> None:
    hub, one, two = nodes
    noy, chief = officer(one, service_number="LA-700"), officer(two, role="administrator", service_number="CH-1")
    with served(hub) as at_hub, served(one) as at_one, served(two) as at_two:
        for node, name in ((one, "Huay Xai"), (two, "Boten")):
            enrol(node, f"http://127.0.0.1:{at_hub}", give_code(hub, name))
        pass_pretest(one, noy)
        read_lessons(one, noy)
        attempt = sit.start(one, noy, "seals", "exam", "en")
        first = sit.sitting(one, noy, attempt).marks[0].id
        sit.answer(one, noy, attempt, first, RIGHT[first])
        assert exchange_once(one).ok
        assert exchange_once(two).ok  # from here on it holds the keys the hub vouches for

        file, code = take_along(at_one, "LA-700")
        pin = let_in(at_two, "CH-1", file, code)
        sit_the_exam(at_two, "LA-700", pin)
        assert exchange_once(two).ok
        assert exchange_once(one).ok

    assert chief != noy
    assert {row["node_name"] for row in rows(two, TRUSTED_KEY)} == {"Huay Xai", "Vientiane"}
    [passed] = rows(hub, COMPLETION)
    assert (passed["person"], passed["attempt"], passed["score"]) == (noy, attempt, 1.0)
    assert [row["id"] for row in rows(hub, PERSON, service_number="LA-700")] == [noy]
    assert rows(hub, QUARANTINE) == rows(two, QUARANTINE) == []
    with hub.store.reading() as tx:
        vector = tx.ledger.vector()
        assert len(tx.ledger.about(noy)) == len({said.id for said in tx.ledger.about(noy)})
    assert set(vector) >= {f"0000000{series}-0000-4000-9000-000000000000" for series in (1, 2)}
    same_of(noy, hub, two)


def same_of(person: str, hub: Node, post: Node) -> None:
    """What the hub folded from two chains is what the post folded from its own and from what was brought."""
    for _ in range(2):
        for table in FOLDED_TABLES:
            assert rows(hub, table, subject=person) == rows(post, table, subject=person), table.name
        rebuild_projections(post)
    assert rows(post, BROUGHT)
