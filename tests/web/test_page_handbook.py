"""Pictures of lessons over the wire, and the pages of a course that is only read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import MemoryCourses, officer, settings, sqlite_node
from good_course import Files
from illustrated_course import DESK, DESK_KM, EN, MAP, illustrated, name_of
from raster_files import raster
from small_course import pass_pretest, publish, reading
from small_course import structure as small
from web_scenes import NOT_ALLOWED, Site, Visitor

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.roles import Role
from elearn.services import author, learn, sit

FRESH = raster("png", 300, 200, "white")


@pytest.fixture(scope="module")
def folder() -> dict[str, Files]:
    return {"seals": illustrated()}


def made(path: Path, folder: dict[str, Files], kind: NodeKind = NodeKind.POST) -> Site:
    phrases = GettextPhrases(settings(path).translations, path / "cache" / "translations")
    node = sqlite_node(path, kind=kind, course_files=MemoryCourses(folder), phrases=phrases)
    author.publish_all(node)
    node.store.write(lambda tx: publish(tx, reading()))
    people = {role.value: officer(node, f"Person of {role.value}", role=role.value) for role in Role}
    return Site(node, create_app(node), people)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, folder: dict[str, Files]) -> Iterator[Site]:
    found = made(tmp_path_factory.mktemp("handbook"), folder)
    folder["seals"] = {**folder["seals"], EN: FRESH}  # changed, not published
    yield found
    found.node.store.close()


@pytest.mark.parametrize("role", list(Role))
def test_whoever_is_signed_in_is_given_pictures_to_keep_for_good(here: Site, role: Role) -> None:
    visitor = here.signed_in(role.value)
    for data, kind, content_type in (
        (DESK, "png", "image/png"),
        (DESK_KM, "webp", "image/webp"),
        (MAP, "jpg", "image/jpeg"),
    ):
        answer = visitor.get(f"/media/{name_of(data, kind)}", headers={"Accept-Encoding": "gzip"})

        assert (answer.status_code, answer.content_type, answer.data) == (200, content_type, data)
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_nobody_else_is_given_one(here: Site) -> None:
    answer = here.visitor().get(f"/media/{name_of(DESK, 'png')}")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_what_is_no_picture_of_a_published_course_is_not_found(here: Site) -> None:
    visitor = here.signed_in("officer")
    right = name_of(DESK, "png")
    for name in (name_of(FRESH, "png"), right.replace("png", "jpg"), right[:64], "course.yaml", "..%2Fcourse.yaml"):
        answer = visitor.get(f"/media/{name}")

        assert answer.status_code == 404, name
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_hub_gives_the_pictures_of_the_lessons_it_lets_people_read(tmp_path: Path) -> None:
    hub = made(tmp_path, {"seals": illustrated()}, NodeKind.HUB)
    visitor = hub.signed_in("coordinator")
    page = visitor.get("/read/seals/looking/en").text
    addresses = re.findall(r'<img src="([^"]+)"', page)

    assert len(addresses) == 2
    assert [visitor.get(address).status_code for address in addresses] == [200, 200]
    hub.node.store.close()


def test_a_lesson_loads_its_pictures_late_and_keeps_their_places(here: Site) -> None:
    pass_pretest_of_seals(here)
    page = here.signed_in("officer").get("/courses/seals/lessons/looking").text
    pictures = re.findall(r"<img [^>]+>", page)

    assert len(pictures) == 2
    for picture in pictures:
        assert 'loading="lazy"' in picture
        assert re.search(r' alt="[^"]+" width="\d+" height="\d+"', picture)
        assert "style=" not in picture


def pass_pretest_of_seals(here: Site) -> None:
    person = here.people["officer"]
    sit.submit(here.node, person, sit.start(here.node, person, "seals", "pretest", "en"), anyway=True)


def test_the_preview_shows_pictures_that_are_not_published_yet(here: Site) -> None:
    trainer = here.signed_in("trainer")
    page = trainer.get("/workshop/seals/preview/looking/en").text
    address = f"/workshop/seals/pictures/{name_of(FRESH, 'png')}"

    assert f'src="{address}"' in page
    assert (trainer.get(address).status_code, trainer.get(address).data) == (200, FRESH)
    assert trainer.get("/workshop/seals/pictures/course.yaml").status_code == 404
    assert trainer.get(address.replace("seals", "none")).status_code == 404
    refused = here.signed_in("officer").get(address)
    assert refused.status_code == 403
    assert NOT_ALLOWED in refused.text


def read_handbook(here: Site, person: str, *lessons: str) -> None:
    learn.check_answer(here.node, person, "handbook", "looking", "c-one", ["a"], "en")
    for lesson in lessons:
        learn.finish_lesson(here.node, person, "handbook", lesson, "en")


def visitor_of(here: Site, person: str) -> Visitor:
    visitor = here.visitor()
    visitor.sign_in(here.number(person))
    return visitor


def test_the_page_of_a_course_that_is_only_read_has_no_exam_and_says_whom_lessons_are_for(here: Site) -> None:
    page = visitor_of(here, officer(here.node)).get("/courses/handbook").text

    assert "Final exam" not in page
    assert "Questions before the course" not in page
    assert page.count("/courses/handbook/lessons/") == 4
    assert [
        page.count(words) for words in ("For officers", "For trainers", "For coordinators", "For administrators")
    ] == [
        0,
        1,
        1,
        1,
    ]
    assert "You have read everything in this course." not in page


def test_who_has_read_everything_is_told_so_and_by_no_certificate(here: Site) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person)
    read_handbook(here, person, "looking", "writing")
    page, courses = visitor.get("/courses/handbook").text, visitor.get("/courses").text

    assert "You have read everything in this course." in page
    assert "certificate" not in page.lower().partition("<main")[2].partition("</main>")[0]
    assert "Everything read" in courses
    assert "2 of 2 lessons read" in courses


def test_no_page_offers_an_exam_that_is_not_there(here: Site) -> None:
    person = officer(here.node)
    visitor = visitor_of(here, person)
    page = visitor.get("/courses/handbook/lessons/looking").text
    for kind in ("pretest", "exam"):
        answer = visitor.post(f"/courses/handbook/{kind}")
        assert answer.status_code == 403
        assert "This course has no exam: it is only read." in answer.text

    assert "exam" not in page.partition("<main")[2].partition("</main>")[0]
    assert "You can try again as often as you like." in page


def test_a_course_under_way_stands_before_the_handbook(here: Site) -> None:
    here.node.store.write(lambda tx: publish(tx, small(id="boats")))
    person = officer(here.node)
    visitor = visitor_of(here, person)
    codes = re.compile(r'<p class="small soft code">([^<]+)</p>')
    assert codes.findall(visitor.get("/courses").text)[0] == "C0"
    pass_pretest(here.node, person, "boats")

    assert codes.findall(visitor.get("/courses").text)[:2] == ["T1", "C0"]
