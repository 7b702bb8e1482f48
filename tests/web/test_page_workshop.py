"""The trainer's workshop: facts to read again by file and line, and where a meaning changed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cast import MemoryCourses, officer, settings, sqlite_node
from good_course import TODAY, Files, edit, good_course
from web_scenes import Site

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.content.package import read_course
from elearn.core.content.stamps import stamped, stamps_text
from elearn.services import author


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    files = edit("facts.yaml", "review_by: 2028-11-24", "review_by: 2026-12-24")(good_course())
    node = sqlite_node(
        tmp_path,
        course_files=MemoryCourses({"seals": files, "locks": good_course()}),
        phrases=GettextPhrases(settings(tmp_path).translations, tmp_path / "cache" / "translations"),
    )
    author.publish(node, "seals")
    yield Site(node, create_app(node), {"trainer": officer(node, "Malee", role="trainer")})
    node.store.close()


def test_facts_to_review_are_counted_for_each_course_and_listed_by_file_and_line(here: Site) -> None:
    malee = here.signed_in("trainer")

    workshop, seals, locks = (malee.get(f"/workshop{page}").text for page in ("", "/seals", "/locks"))

    assert workshop.count("1 fact to review") == 1
    assert "<h2>Facts to review</h2>" in seals
    [row] = re.findall(r'facts\.yaml:1</td><td>(.*?)</td><td lang="en">Somebody signed something\.</td>', seals)
    assert "2026" in row
    assert "due soon" in row
    assert "Facts to review" not in locks


def test_a_translator_sees_which_units_behind_changed_in_meaning(here: Site) -> None:
    files = {"seals": stamped_course()}
    node = replace(here.node, course_files=MemoryCourses(files))
    site = Site(node, create_app(node), here.people)
    author.publish(node, "seals")
    looking = edit("en/looking.md", "then touch", "then call")(files["seals"])
    files["seals"] = edit("course.yaml", "version: 1.0.0", "version: 2.0.0")(looking)

    page = site.signed_in("trainer").get("/workshop/seals").text

    assert len(re.findall(r"<li>lesson/looking/p\d+ \(meaning changed\)</li>", page)) == 1
    assert "1 changed in meaning" in page


def stamped_course() -> Files:
    """Return the course with every Khmer unit translated from the English as it is."""
    files = good_course()
    course = read_course("seals", files, TODAY).course
    assert course is not None
    stamps, _ = stamped(course, "km", TODAY.isoformat())
    return {**files, "km/translation.yaml": stamps_text(stamps).encode()}
