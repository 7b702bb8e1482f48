"""Laws of courses on paper: not before the pre-test, never stale, made once, and printable where there is no press."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from book_scenes import COURSE, READ_ONLY, PaperPress, answer_before, post_with
from cast import NoPress, officer

from elearn.adapters.book_shelf import FolderShelf
from elearn.core.book.book import BOOK, JOB_AIDS
from elearn.core.vocab.errors import NotFound, Refused, Unavailable
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import books
from elearn.services.node import Node, keep_fact
from elearn.services.packages import current_package


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = post_with(tmp_path_factory.mktemp("books"), COURSE, READ_ONLY)
    yield node
    node.store.close()


@pytest.fixture
def node(post: Node, tmp_path: Path) -> Node:
    """The post with an empty shelf."""
    return replace(post, press=PaperPress(), shelf=FolderShelf(tmp_path / "books"))


@pytest.fixture
def reader(node: Node) -> str:
    person = officer(node)
    answer_before(node, person)
    return person


def made(node: Node, person: str, language: str = "en", kind: str = BOOK, course: str = COURSE) -> str:
    """Order a book, wait for it and return it."""
    books.order(node, person, course, kind, language)
    node.shelf.wait()  # type: ignore[attr-defined]
    found = books.pdf(node, person, course, kind, language)
    assert found is not None
    return found[1].decode()


@pytest.mark.parametrize("ask", [books.order, books.pdf, books.printable])
def test_the_book_does_not_get_around_the_questions_before_the_course(node: Node, ask: Any) -> None:
    person = officer(node)
    made_by_another = officer(node)
    answer_before(node, made_by_another)
    made(node, made_by_another)

    with pytest.raises(Refused) as caught:
        ask(node, person, COURSE, BOOK, "en")
    assert caught.value.code == "lesson.pretest-first"
    assert books.offers(node, person, COURSE, "en") == ()


def test_a_course_that_is_only_read_can_be_printed_at_once(node: Node) -> None:
    offered = books.offers(node, officer(node), READ_ONLY, "en")

    assert [(one.kind, one.size) for one in offered] == [(BOOK, 0), (JOB_AIDS, 0)]


def test_it_is_ordered_once_and_offered_with_its_size(node: Node, reader: str) -> None:
    assert books.pdf(node, reader, COURSE, BOOK, "km") is None
    text = made(node, reader, "km")
    again = books.order(node, reader, COURSE, BOOK, "km")

    assert again.shelved.state == "ready"
    assert again.shelved.size == len(text.encode())
    assert (again.language, again.draft) == ("km", True)
    assert books.offers(node, reader, COURSE, "km")[0].size == len(text.encode())
    assert books.offers(node, reader, COURSE, "lo")[0].size == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_book_is_in_the_language_asked_for(node: Node, reader: str, language: str) -> None:
    with node.store.reading() as tx:
        package = current_package(tx, COURSE)
    text = made(node, reader, language)

    assert f"\n{language}\n{package.words(language)['title']}\n" in text
    name, _ = books.pdf(node, reader, COURSE, BOOK, language) or ("", b"")
    assert name == f"{COURSE}-{package.course.version}-book-{language}.pdf"


def test_a_book_with_another_issuer_is_another_book(node: Node, reader: str) -> None:
    before = made(node, reader)
    node.store.write(lambda tx: keep_fact(tx, "issuer", "River Training School"))
    try:
        assert books.pdf(node, reader, COURSE, BOOK, "en") is None
        assert "River Training School" in made(node, reader)
        assert "River Training School" not in before
    finally:
        node.store.write(lambda tx: keep_fact(tx, "issuer", "Border Training Service"))
    assert made(node, reader) == before


def test_without_a_press_nothing_is_ordered_and_a_page_is_there_to_print(node: Node, reader: str) -> None:
    node = replace(node, press=NoPress())
    found = books.order(node, reader, COURSE, BOOK, "th")

    assert (found.press, found.shelved.state) == (False, "none")
    with node.store.reading() as tx:
        title = str(current_package(tx, COURSE).words("th")["title"])
    assert title in books.printable(node, reader, COURSE, BOOK, "th")


def test_what_failed_is_not_made_again_until_it_is_asked_for(node: Node, reader: str) -> None:
    class Crashing(PaperPress):
        asked = 0

        def book(self, book: Any, told: Any) -> bytes:
            Crashing.asked += 1
            raise Unavailable("press.crashed", reason="in this test")

    failing = replace(node, press=Crashing())
    for again in (False, False, True):
        books.order(failing, reader, COURSE, BOOK, "en", again=again)
        failing.shelf.wait()  # type: ignore[attr-defined]

    assert Crashing.asked == 2
    assert books.order(failing, reader, COURSE, BOOK, "en").shelved.state == "failed"
    books.order(node, reader, COURSE, BOOK, "en", again=True)
    node.shelf.wait()  # type: ignore[attr-defined]
    assert books.order(node, reader, COURSE, BOOK, "en").shelved.state == "ready"


@pytest.mark.parametrize("kind", ["exam", "", "../book", "BOOK"])
def test_there_is_nothing_else_to_print(node: Node, reader: str, kind: str) -> None:
    with pytest.raises(NotFound) as caught:
        books.order(node, reader, COURSE, kind, "en")
    assert caught.value.code == "book.unknown"


def test_an_operator_makes_it_here_and_now_and_is_told_how_far_it_is(node: Node) -> None:
    told: list[tuple[int, int]] = []
    name, content = books.make(node, READ_ONLY, JOB_AIDS, "my", lambda done, pages: told.append((done, pages)))

    assert name.endswith("-job-aids-my.pdf")
    assert content.startswith(b"%PDF job-aids\nmy\n")
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(NotFound) as caught:
        books.make(node, READ_ONLY, BOOK, "fr", lambda _done, _pages: None)
    assert caught.value.code == "book.language"
