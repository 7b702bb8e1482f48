"""A post that teaches the course of all kinds, behind Flask's test client."""

from pathlib import Path
from typing import Any

from answers import form_of
from cast import officer, sqlite_node
from kinds_course import COURSE, STRUCTURES, with_kinds
from web_scenes import Site

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.learning.course import Question
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import PAIR
from elearn.core.vocab.roles import Role
from elearn.services import learn, sit
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages

ROOT = Path(__file__).resolve().parent.parent


def kinds_site(folder: Path) -> Site:
    """Return a post on disk with the course; close node.store after."""
    phrases = GettextPhrases(ROOT / "translations", folder / "cache" / "translations")
    node = with_kinds(sqlite_node(folder, phrases=phrases), folder / "courses")
    people = {role.value: officer(node, f"Person of {role.value}", role=role.value) for role in Role}
    return Site(node, create_app(node), people)


def kinds_package(node: Node) -> Package:
    """Return the package of the course."""
    with node.store.reading() as tx:
        return next(one for one in current_packages(tx) if one.course.id == COURSE)


def wrong_answer(question: Question) -> list[str]:
    """Return a response that is not right."""
    return {
        "choice": ["a"],
        "multiple": ["a", "b"],
        "truefalse": ["false"],
        "number": ["99"],
        "order": ["b", "a", "c", "d"],
        "match": [f"a{PAIR}y", f"b{PAIR}z"],
        "text": ["no such word"],
        "fillin": ["no", "lorry"],
        "hotspot": ["a"],
        "scenario": [f"start{PAIR}b", f"near{PAIR}a"],
    }[question.kind]


def answer(node: Node, person: str, attempt: str, question: Question, response: list[str]) -> None:
    """Answer a question of a sitting, a scenario step by step."""
    for stage in kind_of(question).stages(response):
        sit.answer(node, person, attempt, question.id, stage)


def ready_for_exam(node: Node, person: str, language: str = "en") -> None:
    """Hand in the pre-test, answer every check right and finish the lesson."""
    course = kinds_package(node).course
    attempt = sit.start(node, person, COURSE, "pretest", language)
    sit.submit(node, person, attempt, anyway=True)
    for kind in STRUCTURES:
        check(node, person, course.question(f"c-{kind}"), language=language)
    learn.finish_lesson(node, person, COURSE, "looking", language)


def check(node: Node, person: str, question: Question, response: list[str] | None = None, language: str = "en") -> Any:
    """Answer a check, right if no response is given; return the last view."""
    kind, view = kind_of(question), None
    for stage in kind.stages(kind.right(question) if response is None else response):
        view = learn.check_answer(node, person, COURSE, "looking", question.id, stage, language)
    return view


__all__ = ["answer", "check", "form_of", "kinds_package", "kinds_site", "ready_for_exam", "wrong_answer"]
