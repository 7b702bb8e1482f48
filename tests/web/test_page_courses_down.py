"""Courses handed down, on the pages: what is still to come at a post, what a hub keeps back, where it came from."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from cast import MemoryCourses, officer
from exchange_scenes import HUB_URL, Line, hub_node, post_on, rows
from illustrated_course import DESK, illustrated, name_of
from web_scenes import Site, Visitor

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.vocab.kept import PACKAGE, PACKAGE_OFFERED
from elearn.core.vocab.roles import Permission, Role, may
from elearn.services import author
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node
from elearn.services.posts import give_code


@pytest.fixture
def hub(tmp_path: Path) -> Node:
    node = hub_node(course_files=MemoryCourses({"seals": illustrated()}))
    author.publish_all(node)
    return replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "hub"))


@pytest.fixture
def post(hub: Node, tmp_path: Path) -> Node:
    node = post_on(Line(hub), course_files=MemoryCourses({}))
    enrol(node, HUB_URL, give_code(hub, "Huay Xai"))
    return replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "post"))


def at(node: Node, role: str, language: str = "en") -> Visitor:
    person = officer(node, "Chief", role=role, service_number=f"N-{node.ids.seed()}")
    return Site(node, create_app(node), {role: person}).signed_in(role, language)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_trainer_of_a_post_sees_which_hub_a_version_came_from(post: Node) -> None:
    assert exchange_once(post).ok

    page = text_of(at(post, "trainer").get("/workshop/seals").text)

    assert "1.0.0 from Vientiane" in page
    assert "signed by: Vientiane" in page
    assert "Posts of this hub get this course" not in page


def test_the_administrator_sees_how_much_of_the_courses_is_still_to_come_and_what_hinders_it(post: Node) -> None:
    post.peer.calls_left = 4  # type: ignore[attr-defined]
    exchange_once(post)
    post.peer.calls_left = None  # type: ignore[attr-defined]
    here = at(post, "administrator")

    waiting = text_of(here.get("/exchange").text)
    [row] = rows(post, PACKAGE_OFFERED)
    post.store.write(lambda tx: tx.tables.put(PACKAGE_OFFERED, {**row, "code": "exchange.budget"}))
    hindered = text_of(here.get("/exchange").text)
    post.store.write(
        lambda tx: tx.tables.put(PACKAGE_OFFERED, {**row, "state": "refused", "code": "package.signature"})
    )
    refused = text_of(here.get("/exchange").text)
    [_] = rows(post, PACKAGE_OFFERED)

    assert re.search(r"Waiting: courses 1: 0(\.\d)? of 0(\.\d)? MB are here", waiting)
    assert "What may go over the line in a day is used up." in hindered
    assert "Course not taken seals 1.0.0 This course was not signed by the hub." in refused
    assert "Waiting: courses" not in refused


def test_a_course_is_kept_back_by_taking_the_tick_away_and_handed_down_by_setting_it(hub: Node, post: Node) -> None:
    trainer = at(hub, "trainer")
    tick = re.compile(r'name="hand_down" value="1"( checked)?>')
    first = tick.search(trainer.get("/workshop/seals").text)

    kept = trainer.post("/workshop/seals/hand-down", {})
    second = tick.search(trainer.get("/workshop/seals").text)
    assert exchange_once(post).ok
    nothing = rows(post, PACKAGE)
    trainer.post("/workshop/seals/hand-down", {"hand_down": "1"})
    third = tick.search(trainer.get("/workshop/seals").text)
    assert exchange_once(post).ok

    assert kept.status_code == 302
    assert [bool(one and one[1]) for one in (first, second, third)] == [True, False, True]
    assert nothing == []
    assert [row["course"] for row in rows(post, PACKAGE)] == ["seals"]


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_publish_keeps_a_course_back(hub: Node, role: Role) -> None:
    answered = at(hub, role.value).post("/workshop/seals/hand-down", {})

    assert answered.status_code == (302 if may(role, Permission.PUBLISH_COURSE) else 403)


def test_a_course_that_is_not_there_is_answered_with_a_sentence(hub: Node) -> None:
    assert at(hub, "trainer").post("/workshop/nothing/hand-down", {}).status_code == 404


def test_a_picture_that_came_down_is_served(post: Node) -> None:
    visitor = at(post, "trainer")
    before = visitor.get(f"/media/{name_of(DESK, 'png')}").status_code

    assert exchange_once(post).ok
    answered = visitor.get(f"/media/{name_of(DESK, 'png')}")

    assert (before, answered.status_code, answered.data) == (404, 200, DESK)
