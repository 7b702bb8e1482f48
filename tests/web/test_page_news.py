"""The officer is told what is new in a course, and reads again what changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import MemoryCourses, officer, settings, sqlite_node
from good_course import Files, edit, good_course
from web_scenes import Site

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.services import author, learn, sit

COURSE = "seals"


@pytest.fixture
def files() -> dict[str, Files]:
    return {COURSE: good_course()}


@pytest.fixture
def here(tmp_path: Path, files: dict[str, Files]) -> Iterator[Site]:
    """A post with an officer who has read both lessons of version 1.0.0."""
    phrases = GettextPhrases(settings(tmp_path).translations, tmp_path / "cache" / "translations")
    node = sqlite_node(tmp_path, course_files=MemoryCourses(files), phrases=phrases)
    author.publish(node, COURSE)
    noy = officer(node, "Noy")
    sit.submit(node, noy, sit.start(node, noy, COURSE, "pretest", "en"), anyway=True)
    for lesson in ("looking", "stopping"):
        for check in learn.lesson(node, noy, COURSE, lesson, "en").checks:
            learn.check_answer(node, noy, COURSE, lesson, check.question.id, ["a"], "en")
        learn.finish_lesson(node, noy, COURSE, lesson, "en")
    yield Site(node, create_app(node), {"officer": noy})
    node.store.close()


def publish(here: Site, files: dict[str, Files], version: str) -> None:
    changed = edit("en/stopping.md", "stops and calls", "waits and calls")(files[COURSE])
    files[COURSE] = edit("course.yaml", "version: 1.0.0", f"version: {version}")(changed)
    author.publish(here.node, COURSE)


def test_nothing_is_told_where_nothing_changed(here: Site) -> None:
    noy = here.signed_in("officer")

    assert "What is new in this course" not in noy.get(f"/courses/{COURSE}").text
    assert "changed or new" not in noy.get("/courses").text


def test_a_clarified_lesson_is_told_until_it_is_read_again(here: Site, files: dict[str, Files]) -> None:
    publish(here, files, "1.1.0")
    noy = here.signed_in("officer")

    course, lesson = noy.get(f"/courses/{COURSE}").text, noy.get(f"/courses/{COURSE}/lessons/stopping").text

    assert "What is new in this course" in course
    assert "made clearer" in course
    assert "read it again" not in course
    assert "1 lesson changed or new" in noy.get("/courses").text
    assert "This lesson was made clearer since you read it." in lesson
    assert "I have read it again" in lesson
    noy.post(f"/courses/{COURSE}/lessons/stopping/finish")
    assert "What is new in this course" not in noy.get(f"/courses/{COURSE}").text
    assert "You have completed this lesson." in noy.get(f"/courses/{COURSE}/lessons/stopping").text


def test_a_lesson_changed_in_meaning_is_to_be_read_again_before_the_exam(here: Site, files: dict[str, Files]) -> None:
    publish(here, files, "2.0.0")
    noy = here.signed_in("officer")

    course = noy.get(f"/courses/{COURSE}").text

    assert "changed: read it again" in course
    assert "Opens when every lesson is read." in course
    assert (
        "The meaning of this lesson changed since you read it." in noy.get(f"/courses/{COURSE}/lessons/stopping").text
    )
    noy.post(f"/courses/{COURSE}/lessons/stopping/finish")
    assert "Opens when every lesson is read." not in noy.get(f"/courses/{COURSE}").text
