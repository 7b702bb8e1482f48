"""The pages of printed courses: how far one is, without JavaScript too; the file; the way out without a press."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from book_scenes import READ_ONLY, PaperPress
from cast import NoPress, officer
from web_scenes import COURSE, Site, Visitor, links, read_everything, site

from elearn.adapters.book_shelf import FolderShelf
from elearn.app import create_app
from elearn.core.vocab.errors import Unavailable

URL = f"/courses/{READ_ONLY}/print/book"


class SlowPress(PaperPress):
    """A press that goes on when it is let, and fails when it is told to."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.at_work = threading.Event()
        self.fails = False

    def book(self, book: Any, told: Any) -> bytes:
        told(4, 20)
        self.at_work.set()
        assert self.let.wait(30)
        if self.fails:
            raise Unavailable("press.crashed", reason="in this test")
        return super().book(book, told)


@pytest.fixture(scope="module")
def press() -> SlowPress:
    return SlowPress()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, press: SlowPress) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("books"), press=press)
    yield found
    press.let.set()
    found.node.store.close()


@pytest.fixture
def visitor(here: Site) -> Visitor:
    return here.signed_in("officer")


def wait(here: Site) -> None:
    shelf = here.node.shelf
    assert isinstance(shelf, FolderShelf)
    shelf.wait()


def test_the_page_says_how_far_it_is_and_looks_again_by_itself_until_it_is_there(
    here: Site, press: SlowPress, visitor: Visitor
) -> None:
    visitor.get(URL)
    assert press.at_work.wait(30)
    making = visitor.get(URL)

    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in making.text
    assert "data-follow" in making.text
    assert '<progress value="4" max="20"' in making.text
    assert "Page 4 of about 20" in making.text
    assert f"{URL}.pdf" not in making.text
    assert visitor.get(f"{URL}.pdf").headers["Location"].startswith(URL)
    other = visitor.get(f"/courses/{READ_ONLY}/print/job-aids").text
    assert "Others are made first." in other

    press.let.set()
    wait(here)
    ready = visitor.get(URL)
    assert "http-equiv" not in ready.text
    assert "data-follow" not in ready.text
    [pdf] = [link for link in links(ready) if ".pdf" in link]
    file = visitor.get(pdf)
    assert (file.status_code, file.content_type) == (200, "application/pdf")
    assert file.data.startswith(b"%PDF book\nen\n")
    assert re.fullmatch(r'inline; filename="handbook-[\d.]+-book-en\.pdf"', file.headers["Content-Disposition"])
    assert file.headers["Cache-Control"] == "no-store"


def test_the_course_page_offers_what_can_be_printed_with_its_size(
    here: Site, press: SlowPress, visitor: Visitor
) -> None:
    press.let.set()
    visitor.get(URL)
    wait(here)
    page = visitor.get(f"/courses/{READ_ONLY}")

    assert {URL, f"/courses/{READ_ONLY}/print/job-aids"} <= set(links(page))
    assert re.search(r"PDF, [\d,]+ kB", page.text)


def test_before_the_questions_of_the_course_nothing_is_offered_and_all_is_refused(here: Site) -> None:
    visitor = here.visitor()
    visitor.sign_in(here.number(officer(here.node)))

    assert "/print/" not in visitor.get(f"/courses/{COURSE}").text
    for url in ("book", "job-aids", "book.pdf", "book/page"):
        answer = visitor.get(f"/courses/{COURSE}/print/{url}")
        assert answer.status_code == 403
        assert "Answer the questions before the course first." in answer.text


def test_each_job_aid_of_a_lesson_leads_to_all_of_them(here: Site, visitor: Visitor) -> None:
    person = here.people["officer"]
    read_everything(here, person)
    page = visitor.get(f"/courses/{COURSE}/lessons/controlled-delivery").text
    aids = re.findall(r'<aside[^>]*class="job-aid".*?</aside>', page, re.DOTALL)

    assert aids
    assert all(f'href="/courses/{COURSE}/print/job-aids"' in aid for aid in aids)
    assert page.count("/print/job-aids") == len(aids)


def test_what_could_not_be_made_is_said_and_made_again_only_when_asked_for(
    here: Site, press: SlowPress, visitor: Visitor
) -> None:
    press.let.set()
    press.fails = True
    url = f"{URL}?language=th"
    visitor.get(url)
    wait(here)
    failed = visitor.get(url)
    press.fails = False

    assert "It could not be made." in failed.text
    assert "http-equiv" not in failed.text
    assert "It could not be made." in visitor.get(url).text
    [again] = [link for link in links(failed) if "again=1" in link]
    assert visitor.get(again).headers["Location"] == url
    wait(here)
    assert "It is ready." in visitor.get(url).text


def test_without_a_press_the_same_is_there_for_the_browser_to_print(here: Site, tmp_path: Path) -> None:
    node = replace(here.node, press=NoPress(), shelf=FolderShelf(tmp_path))
    visitor = Site(node, create_app(node), here.people).signed_in("officer", "km")
    page = visitor.get(URL)
    [way_out] = [link for link in links(page) if "/page" in link]
    printable = visitor.get(way_out)

    assert "http-equiv" not in page.text
    assert printable.status_code == 200
    assert "default-src 'none'" in printable.headers["Content-Security-Policy"]
    assert "script-src" not in printable.headers["Content-Security-Policy"]


def test_what_is_not_there_to_print_is_answered_with_a_sentence(visitor: Visitor) -> None:
    answer = visitor.get(f"/courses/{READ_ONLY}/print/exam")

    assert answer.status_code == 404
    assert "This course has nothing like that to print." in answer.text
    assert visitor.get("/courses/nowhere/print/book").status_code == 404
