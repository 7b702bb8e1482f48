"""The post that is measured: set up, with officers in the middle of an exam and one who holds a certificate."""

from dataclasses import dataclass
from urllib.parse import urlencode

from elearn.cli.measuring.load import request
from elearn.core.learning.course import EXAM, PRETEST
from elearn.core.questions.all import kind_of
from elearn.core.roster.form import OfficerForm, filled, tidied
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.ports import Transaction
from elearn.services import accounts, author, find, learn, results, setting_up, sit
from elearn.services.node import Node, known
from elearn.services.officers import defaults, open_account
from elearn.services.packages import Package, current_packages

PIN = "739164"
QUERIES_PER_LANGUAGE = 12
LISTS = ("choice", "multiple")
"""Kinds that are answered with a key of a list, by which the load is made."""


@dataclass(frozen=True)
class Officer:
    """Somebody signed in. attempt: the exam under way; questions: id -> two options of it."""

    person: str
    cookies: str
    csrf: str
    attempt: str
    questions: dict[str, list[str]]


@dataclass(frozen=True)
class Scene:
    """officers: at the exam; holder: has passed; certificate: the number; queries: (language, word of a glossary)."""

    officers: tuple[Officer, ...]
    holder: Officer
    certificate: str
    queries: tuple[tuple[str, str], ...]


def set_up(node: Node) -> None:
    """Name the post and its administrator, publish the courses, build the index."""
    secret = setting_up.one_time_link_secret(node)
    form = setting_up.SetUpForm(
        node_name="Measured Post",
        country="KH",
        agency="customs",
        languages=tuple(LANGUAGES),
        name="Measured Administrator",
        service_number="BENCH-0",
        pin=PIN,
    )
    setting_up.set_up(node, form, secret or "")
    author.publish_all(node)
    find.refresh(node)


def fill(node: Node, officers: int) -> Scene:
    """Bring ``officers`` officers into the exam. Raises NotFound("course.unknown") where no course is published."""
    with node.store.reading() as tx:
        package = next(one for one in current_packages(tx) if one.course.examined)
    pin_hash = node.passwords.hash(PIN)
    everyone = tuple(_at_exam(node, package, number, pin_hash) for number in range(1, officers + 2))
    return Scene(everyone[:-1], everyone[-1], _passed(node, package, everyone[-1]), _queries(package))


def answers(officer: Officer, host: str) -> list[str]:
    """Return requests that answer every question of the exam twice, each time otherwise: all have to be stored."""
    found = []
    for turn in (0, 1):
        for question, keys in officer.questions.items():
            form = urlencode({"csrf": officer.csrf, "answer": keys[turn]})
            path = f"/sittings/{officer.attempt}/answers/{question}"
            found.append(request("POST", path, host, officer.cookies, form))
    return found


def page(officer: Officer, host: str, path: str) -> list[str]:
    """Return the request for one page as this officer."""
    return [request("GET", path, host, officer.cookies)]


def searches(scene: Scene, host: str) -> list[tuple[str, str]]:
    """Return (language, request) of searches for words of the glossary, in all languages that have some."""
    return [
        (tag, request("GET", "/search?" + urlencode({"q": words}), host, f"{_cookies(scene.holder, tag)}"))
        for tag, words in scene.queries
    ]


def _at_exam(node: Node, package: Package, number: int, pin_hash: str) -> Officer:
    person = node.store.write(lambda tx: _open_account(tx, node, number, pin_hash))
    token = accounts.sign_in(node, f"BENCH-{number}", PIN, device=f"bench {number}").token
    session = accounts.session(node, token)
    csrf = session.csrf if session else ""
    _read(node, package, person)
    attempt = sit.start(node, person, package.course.id, EXAM, SOURCE)
    marks = sit.sitting(node, person, attempt).marks
    asked = (package.course.questions[mark.id] for mark in marks)
    questions = {one.id: list(one.options[:2]) for one in asked if one.kind in LISTS}
    return Officer(person, f"elearn_session={token}; elearn_language={SOURCE}", csrf, attempt, questions)


def _open_account(tx: Transaction, node: Node, number: int, pin_hash: str) -> str:
    form, _ = tidied(OfficerForm(service_number=f"BENCH-{number}", name=f"Measured Officer {number}"))
    person = node.ids.new()
    open_account(tx, node, person, filled(form, defaults(known(tx))), pin_hash, must_change=False)
    return person


def _read(node: Node, package: Package, person: str) -> None:
    course = package.course
    if course.pretest:
        sit.submit(node, person, sit.start(node, person, course.id, PRETEST, SOURCE), anyway=True)
    for lesson in course.lessons:
        for question in lesson.checks:
            for response in _right(package, question):
                learn.check_answer(node, person, course.id, lesson.id, question, response, SOURCE)
        learn.finish_lesson(node, person, course.id, lesson.id, SOURCE)


def _passed(node: Node, package: Package, officer: Officer) -> str:
    for mark in sit.sitting(node, officer.person, officer.attempt).marks:
        for response in _right(package, mark.id):
            sit.answer(node, officer.person, officer.attempt, mark.id, response)
    sit.submit(node, officer.person, officer.attempt)
    return results.result(node, officer.person, officer.attempt, SOURCE).certificate


def _right(package: Package, question: str) -> list[list[str]]:
    asked = package.course.questions[question]
    return kind_of(asked).stages(kind_of(asked).right(asked))


def _cookies(officer: Officer, language: str) -> str:
    return officer.cookies.replace(f"elearn_language={SOURCE}", f"elearn_language={language}")


def _queries(package: Package) -> tuple[tuple[str, str], ...]:
    found = []
    for tag in LANGUAGES:
        terms = [term["name"] for term in package.words(tag).get("glossary", {}).values()]
        found += [(tag, name) for name in terms[:QUERIES_PER_LANGUAGE]]
    return tuple(found)
