"""Real courses on a post, for the tests of books: published from the checkout, set by whatever press is given."""

from pathlib import Path
from typing import Any

from cast import NoPress, sqlite_node

from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.core.book.book import Book
from elearn.services import author, sit
from elearn.services.node import Node

ROOT = Path(__file__).parent.parent
COURSE = "precursor-control"
READ_ONLY = "handbook"


class PaperPress(NoPress):
    """A press whose "PDF" is the text of the book: all there is to tell one book from another, at once."""

    def missing(self) -> str | None:
        """Return that nothing is."""
        return None

    def book(self, book: Book, told: Any) -> bytes:
        """Return the parts of the book, after telling of three pages."""
        for page in (1, 2, 3):
            told(page, 3)
        parts = (book.kind, book.language, book.title, book.issuer, *book.bodies())
        return b"%PDF " + "\n".join(parts).encode()


def post_with(folder: Path, *courses: str, **changes: Any) -> Node:
    """Return a post on which these courses are published; close node.store after."""
    phrases = GettextPhrases(ROOT / "translations", folder / "cache" / "translations")
    node = sqlite_node(folder, course_files=FolderCourses(ROOT / "courses"), phrases=phrases, **changes)
    for course in courses:
        author.publish(node, course)
    return node


def answer_before(node: Node, person: str, course: str = COURSE) -> None:
    """Hand in the questions before the course, so that its lessons open."""
    sit.submit(node, person, sit.start(node, person, course, "pretest", "en"), anyway=True)
