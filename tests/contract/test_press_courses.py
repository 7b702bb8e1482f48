"""Every course's certificate in seven languages, with the shortest and the longest names of each script.

`python tests/contract/test_press_courses.py folder` writes them all as PDF, to be looked at as pictures.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from cast import memory_node
from press_cast import LONG, SHORT, page_for
from press_decked import astray, decked
from press_eyes import text_of, unsaid, words_of

from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.page import CertificatePage
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.services import author
from elearn.services.certificate_look import Look
from elearn.services.certificate_words import Told, unit_in, words_in
from elearn.services.node import Node
from elearn.services.packages import Package, current_packages

pytestmark = [pytest.mark.pango, pytest.mark.poppler]
ROOT = Path(__file__).resolve().parents[2]
NAMES = {"short": SHORT, "long": LONG}
LOOK = Look("", {}, (), both_eras=True)
COURSES = ("drug-identification", "financial-investigation", "harm-reduction")
COURSES += ("interdiction", "mutual-legal-assistance", "precursor-control")


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = published(tmp_path_factory.mktemp("courses"))
    yield node
    node.store.close()


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def published(folder: Path) -> Node:
    """Return a post with the real courses, saying everything in the real translations."""
    phrases = GettextPhrases(ROOT / "translations", folder)
    node = replace(memory_node(), course_files=FolderCourses(ROOT / "courses"), phrases=phrases)
    author.publish_all(node)
    return node


def examined(node: Node) -> dict[str, Package]:
    with node.store.reading() as tx:
        return {one.course.id: one for one in current_packages(tx) if one.course.examined}


def certificate(node: Node, package: Package, language: str, kind: str) -> CertificatePage:
    """Return the certificate of a course. kind: of `NAMES`; with long names come a seal and three signatures."""
    told = Told(package, package.course.id, package.course.version, 0.925, "2026-11-24", "2028-11-24", "LA")
    local, english = (words_in(node, told, LOOK, tag) for tag in (language, SOURCE))
    holder = {"agency": "narcotics" if kind == "long" else "", "post": "Huay Xai"}
    page = decked(language) if kind == "long" else page_for(language, SHORT[language], signatories=())
    units = {"unit": unit_in(node, holder, language), "unit_english": unit_in(node, holder, SOURCE)}
    return replace(page, local=local, english=english, person_name=NAMES[kind][language], **units)


def test_all_courses_with_an_exam_are_looked_at(post: Node) -> None:
    assert set(examined(post)) == set(COURSES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("course", COURSES)
def test_it_is_one_page_with_everything_in_its_place_and_every_letter_said(
    post: Node, press: WeasyPress, course: str, language: str
) -> None:
    for kind in NAMES:
        page = certificate(post, examined(post)[course], language, kind)
        pdf = press.certificate(page)
        said = text_of(pdf)

        assert astray(words_of(pdf)) == []
        assert unsaid(pdf, page.texts()) == []
        assert said.count("\f") == 1
        assert "\u200b" not in said


def write_all(folder: Path) -> None:
    """Write every certificate as PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    node, press = published(folder / "translations"), WeasyPress()
    for course, package in examined(node).items():
        for language in LANGUAGES:
            for kind in NAMES:
                pdf = press.certificate(certificate(node, package, language, kind))
                (folder / f"{course}-{language}-{kind}.pdf").write_bytes(pdf)
    press.close()


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
