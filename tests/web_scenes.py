"""A post with the real courses behind Flask's test client, and visitors who fill in its forms as a browser does."""

import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from answers import stages
from cast import PIN, officer, settings, sqlite_node
from flask import Flask
from werkzeug.test import Client, TestResponse

from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.vocab.kept import PERSON
from elearn.core.vocab.roles import Role
from elearn.services import author, learn, results, sit
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages

COURSE = "interdiction"
NOT_ALLOWED = "Your account may not do this."
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


@dataclass
class Site:
    """node and app; people: role -> person id, PIN `cast.PIN`."""

    node: Node
    app: Flask
    people: dict[str, str]

    def visitor(self, language: str = "en", address: str = "192.0.2.10") -> "Visitor":
        """Return somebody who has not signed in."""
        client = Client(self.app, TestResponse)
        client.set_cookie("elearn_language", language)
        return Visitor(self, client, address)

    def signed_in(self, role: str, language: str = "en") -> "Visitor":
        """Return a visitor signed in as the person with this role."""
        visitor = self.visitor(language)
        visitor.sign_in(self.number(self.people[role]))
        return visitor

    def number(self, person: str) -> str:
        """Return somebody's service number."""
        with self.node.store.reading() as tx:
            row = tx.tables.get(PERSON, person)
        assert row is not None
        return str(row["service_number"])

    def package(self) -> Package:
        """Return the package of the course as published."""
        with self.node.store.reading() as tx:
            return next(one for one in current_packages(tx) if one.course.id == COURSE)


@dataclass
class Visitor:
    """A browser without JavaScript. token: of the form on the last page with one."""

    site: Site
    client: Client
    address: str
    token: str = ""
    seen: dict[str, TestResponse] = field(default_factory=dict)

    def get(self, url: str, **more: Any) -> TestResponse:
        """Ask for a page; redirects are not followed."""
        response = self.client.get(url, environ_base={"REMOTE_ADDR": self.address}, **more)
        self._keep_token(response)
        return response

    def post(self, url: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with the token of the last page that had one."""
        form = {"csrf": self.token, **(data or {})}
        response = self.client.post(url, data=form, environ_base={"REMOTE_ADDR": self.address}, **more)
        self._keep_token(response)
        return response

    def sign_in(self, number: str, pin: str = PIN, url: str = "/sign-in") -> TestResponse:
        """Sign in; afterwards the token is that of the session."""
        self.get(url)
        response = self.post(url, {"service_number": number, "pin": pin})
        if response.status_code == 302:
            self.get("/pin")
        return response

    def _keep_token(self, response: TestResponse) -> None:
        zipped = "Content-Encoding" in response.headers
        if response.mimetype == "text/html" and not zipped and (found := _TOKEN.search(response.text)):
            self.token = unescape(found[1])


def site(folder: Path, **changes: Any) -> Site:
    """Return a post on disk with the real courses published and one person of each role; close node.store after."""
    chosen = settings(folder)
    node = sqlite_node(
        folder,
        course_files=FolderCourses(chosen.courses),
        phrases=GettextPhrases(chosen.translations, folder / "cache" / "translations"),
        **changes,
    )
    author.publish_all(node)
    people = {role.value: officer(node, f"Person of {role.value}", role=role.value) for role in Role}
    return Site(node, create_app(node), people)


def read_everything(here: Site, person: str) -> None:
    """Hand in the pre-test, answer every check and finish every lesson, so that the exam is open."""
    package = here.package()
    attempt = sit.start(here.node, person, COURSE, "pretest", "en")
    sit.submit(here.node, person, attempt, anyway=True)
    for lesson in package.course.lessons:
        for question in lesson.checks:
            for response in stages(package.course, question):
                learn.check_answer(here.node, person, COURSE, lesson.id, question, response, "en")
        learn.finish_lesson(here.node, person, COURSE, lesson.id, "en")


def start_exam(here: Site, person: str) -> str:
    """Start the exam; return the attempt."""
    return sit.start(here.node, person, COURSE, "exam", "en")


def pass_exam(here: Site, person: str, right: bool = True) -> tuple[str, str]:
    """Sit the exam, everything right or nothing; return (attempt, number of the certificate or "")."""
    attempt = start_exam(here, person)
    course = here.package().course
    for mark in sit.sitting(here.node, person, attempt).marks:
        for response in stages(course, mark.id, right):
            sit.answer(here.node, person, attempt, mark.id, response)
    sit.submit(here.node, person, attempt)
    return attempt, results.result(here.node, person, attempt, "en").certificate


def links(response: TestResponse) -> list[str]:
    """Return the addresses inside the site that a page links to, without fragments, each once."""
    found = [urldefrag(unescape(one)).url for one in _LINK.findall(response.text)]
    return [one for one in dict.fromkeys(found) if one and not urlsplit(one).netloc]


def crawl(visitor: Visitor, *starts: str, language: str = "") -> dict[str, TestResponse]:
    """Return every page reached by links from ``starts``: address -> final answer. Redirects count as links.

    language: pages that show a lesson in another language than this are left out, "" = none is.
    """
    waiting, seen = list(starts), {}
    while waiting:
        url = waiting.pop()
        if url in seen or _of_other_language(url, language):
            continue
        response = visitor.get(url)
        seen[url] = response
        if response.status_code in (301, 302, 303):
            waiting.append(urldefrag(response.headers["Location"]).url)
        elif response.mimetype == "text/html":
            waiting += links(response)
    return seen


def _of_other_language(url: str, language: str) -> bool:
    parts = urlsplit(url).path.strip("/").split("/")
    shows_a_lesson = "preview" in parts or parts[0] == "read"
    return bool(language) and shows_a_lesson and parts[-1] != language
